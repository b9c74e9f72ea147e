/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A USB device in software, as its host sees it. Times are nanoseconds of the board's clock, which
 * is also that of the simulated chip.
 */
#ifndef TESTS_KERNEL_USB_H
#define TESTS_KERNEL_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim.h"

#define USB_NEVER UINT64_MAX
#define USB_IN	  0x80 /* in an endpoint's address, and in the first byte of a control request */

struct usb_device;

/* Each answers false to STALL. done: when the host is told. */
struct usb_device_ops {
	const char *name;
	/*
	 * A control request, all but SET_ADDRESS. data: *len bytes for the device, or room for
	 * *len bytes, at least wLength; *len: how many came.
	 */
	bool (*control)(struct usb_device *dev, const uint8_t setup[static 8], uint8_t *data,
		size_t *len, uint64_t now, uint64_t *done);
	/* The rest only where there are interrupt endpoints. */
	bool (*out)(struct usb_device *dev, uint8_t endpoint, const uint8_t *data, size_t len,
		uint64_t now, uint64_t *done);
	/* When there will be data to read; USB_NEVER: not known yet. */
	uint64_t (*in_due)(const struct usb_device *dev, uint8_t endpoint);
	/* *len: capacity, then what came. */
	bool (*in)(
		struct usb_device *dev, uint8_t endpoint, uint8_t *data, size_t *len, uint64_t now);
	void (*free)(struct usb_device *dev);
	struct usb_device *(*new)(struct sim *chip);
};

/* First member of every device. */
struct usb_device {
	const struct usb_device_ops *ops;
};

/* An FT260; an i2c-tiny-usb; a CP2112 whose pin 3 is the chip's reset line, the same with the chip on
 * another adapter's bus. */
extern const struct usb_device_ops usb_ft260, usb_tiny, usb_cp2112, usb_cp2112_gpio;

/* The fields of a control request. */
struct usb_setup {
	uint8_t type, request;
	uint16_t value, index, length;
};

struct usb_setup usb_setup_parse(const uint8_t setup[static 8]);

/* What describes a device: its configuration holds all interfaces and endpoints. */
struct usb_description {
	const uint8_t *device, *configuration;
	const char *strings[3]; /* numbered from 1 */
};

/* Answer the standard requests that every device knows; false: STALL. data and len as in control. */
bool usb_standard(
	const struct usb_description *d, const struct usb_setup *s, uint8_t *data, size_t *len);

/* *len becomes at most what is there; false: there is nothing. */
bool usb_give(uint8_t *data, size_t *len, const void *from, size_t from_len);

#endif
