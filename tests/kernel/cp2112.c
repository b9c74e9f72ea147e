/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A CP2112 (AN495): eight GPIO pins behind HID reports, one of them on the chip's reset line.
 * Nothing is on its own I2C bus: no address is acknowledged.
 */
#include "usb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESET_PIN   3
#define REPORT_MAX  64
#define CONTROL_NS  200000u
#define ENDPOINT_IN 0x81

enum { GPIO_CONFIG = 0x02, GPIO_GET = 0x03, GPIO_SET = 0x04, VERSION = 0x05, SMBUS_CONFIG = 0x06 };
enum { STATUS_REQUEST = 0x15, STATUS = 0x16, CANCEL = 0x17, LOCK = 0x20 };
enum { STATUS_IDLE = 0x00, STATUS_ERROR = 0x03 };
enum { GET_REPORT = 0x01, SET_REPORT = 0x09, SET_IDLE = 0x0A };

struct cp2112 {
	struct usb_device base;
	struct sim *chip;
	uint8_t output, push_pull, value;
	uint8_t smbus[13];
	uint8_t status; /* of the last transfer */
	bool asked;	/* for it */
	bool released;	/* the reset line */
	uint64_t answer_at;
};

static const uint8_t reports[] = { 0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF,
	0x00, 0x75, 0x08, 0x85, GPIO_CONFIG, 0x09, 0x02, 0x95, 4, 0xB1, 0x02, 0x85, GPIO_GET, 0x09,
	0x03, 0x95, 1, 0xB1, 0x02, 0x85, GPIO_SET, 0x09, 0x04, 0x95, 2, 0xB1, 0x02, 0x85, VERSION,
	0x09, 0x05, 0x95, 2, 0xB1, 0x02, 0x85, SMBUS_CONFIG, 0x09, 0x06, 0x95, 13, 0xB1, 0x02, 0x85,
	0x13, 0x09, 0x07, 0x95, 63, 0x81, 0x02, 0x85, STATUS, 0x09, 0x08, 0x95, 63, 0x81, 0x02,
	0x85, 0x14, 0x09, 0x09, 0x95, 63, 0x91, 0x02, 0x85, LOCK, 0x09, 0x0A, 0x95, 1, 0xB1, 0x02,
	0xC0 };
static const uint8_t device[] = { 18, 1, 0x10, 0x01, 0, 0, 0, 64, 0xC4, 0x10, 0x90, 0xEA, 0, 0x01,
	1, 2, 0, 1 };
static const uint8_t configuration[] = { 9, 2, 41, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 2, 3, 0, 0, 0,
	9, 0x21, 0x11, 0x01, 0, 1, 0x22, sizeof(reports), 0, 7, 5, ENDPOINT_IN, 3, 64, 0, 1, 7, 5,
	0x01, 3, 64, 0, 1 };
static const struct usb_description description = { device, configuration,
	{ "trustx", "CP2112 HID USB-to-SMBus Bridge", NULL } };

/* The pin is pulled up while nobody drives it. Each reset is a line on stderr, for stories. */
static void drive(struct cp2112 *c, uint64_t now)
{
	uint8_t pin = 1u << RESET_PIN;
	bool released = !(c->output & pin) || (c->value & pin);

	sim_wait_until(c->chip, now);
	sim_set_reset(c->chip, released);
	if (c->released && !released)
		fprintf(stderr, "board: reset\n");
	c->released = released;
}

static bool get_report(const struct cp2112 *c, uint8_t id, uint8_t *data, size_t *len)
{
	const uint8_t config[] = { id, c->output, c->push_pull, 0, 0 };
	const uint8_t value[] = { id, c->value };
	static const uint8_t version[] = { VERSION, 0x0C, 0x02 }, lock[] = { LOCK, 0xFF };
	uint8_t smbus[1 + sizeof(c->smbus)] = { SMBUS_CONFIG };

	switch (id) {
	case GPIO_CONFIG:
		return usb_give(data, len, config, sizeof(config));
	case GPIO_GET:
		return usb_give(data, len, value, sizeof(value));
	case VERSION:
		return usb_give(data, len, version, sizeof(version));
	case LOCK:
		return usb_give(data, len, lock, sizeof(lock));
	case SMBUS_CONFIG:
		memcpy(smbus + 1, c->smbus, sizeof(c->smbus));
		return usb_give(data, len, smbus, sizeof(smbus));
	default:
		return false;
	}
}

static bool set_report(struct cp2112 *c, const uint8_t *data, size_t len, uint64_t now)
{
	if (len < 3)
		return false;
	switch (data[0]) {
	case GPIO_CONFIG:
		c->output = data[1];
		c->push_pull = data[2];
		break;
	case GPIO_SET:
		c->value = (uint8_t)((c->value & ~data[2]) | (data[1] & data[2]));
		break;
	case SMBUS_CONFIG:
		memcpy(c->smbus, data + 1, len < 14 ? len - 1 : sizeof(c->smbus));
		return true;
	default:
		return false;
	}
	drive(c, now);
	return true;
}

static bool cp2112_control(struct usb_device *dev, const uint8_t setup[static 8], uint8_t *data,
	size_t *len, uint64_t now, uint64_t *done)
{
	struct cp2112 *c = (struct cp2112 *)dev;
	struct usb_setup s = usb_setup_parse(setup);

	*done = now + CONTROL_NS;
	if ((s.type & 0x60) == 0x20) {
		if (s.request == GET_REPORT)
			return get_report(c, (uint8_t)s.value, data, len);
		return s.request == SET_REPORT ? set_report(c, data, *len, now)
					       : s.request == SET_IDLE;
	}
	if (s.type == (USB_IN | 0x01) && s.value >> 8 == 0x22)
		return usb_give(data, len, reports, sizeof(reports));
	return usb_standard(&description, &s, data, len);
}

static bool cp2112_out(struct usb_device *dev, uint8_t endpoint, const uint8_t *data, size_t len,
	uint64_t now, uint64_t *done)
{
	struct cp2112 *c = (struct cp2112 *)dev;

	(void)endpoint;
	*done = now + 1000000;
	if (len == 0)
		return true;
	switch (data[0]) {
	case STATUS_REQUEST:
		c->asked = true;
		c->answer_at = *done + 1000000;
		return true;
	case CANCEL:
		c->status = STATUS_IDLE;
		return true;
	default:
		c->status = STATUS_ERROR;
		return true;
	}
}

static uint64_t cp2112_in_due(const struct usb_device *dev, uint8_t endpoint)
{
	const struct cp2112 *c = (const struct cp2112 *)dev;

	return c->asked && endpoint == ENDPOINT_IN ? c->answer_at : USB_NEVER;
}

/* Status 3, reason 0: the address was not acknowledged. */
static bool cp2112_in(
	struct usb_device *dev, uint8_t endpoint, uint8_t *data, size_t *len, uint64_t now)
{
	struct cp2112 *c = (struct cp2112 *)dev;
	uint8_t report[REPORT_MAX] = { STATUS, c->status };

	(void)endpoint;
	(void)now;
	c->asked = false;
	return usb_give(data, len, report, sizeof(report));
}

static void cp2112_free(struct usb_device *dev)
{
	free((struct cp2112 *)dev);
}

static struct usb_device *cp2112_new(struct sim *chip)
{
	/* 100 kHz, address 0x02, and the time-outs after a reset of the adapter */
	static const uint8_t smbus[] = { 0x00, 0x01, 0x86, 0xA0, 0x02, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct cp2112 *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->base.ops = &usb_cp2112;
	c->chip = chip;
	c->value = 0xFF;
	c->released = true;
	memcpy(c->smbus, smbus, sizeof(smbus));
	return &c->base;
}

const struct usb_device_ops usb_cp2112 = {
	.name = "cp2112",
	.control = cp2112_control,
	.out = cp2112_out,
	.in_due = cp2112_in_due,
	.in = cp2112_in,
	.free = cp2112_free,
	.new = cp2112_new,
};
