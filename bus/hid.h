/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The seam to HID: whatever can carry reports to an FT260 fills one table of seven functions.
 * A report is its id byte and what follows, at most 64 bytes.
 */
#ifndef BUS_HID_H
#define BUS_HID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

#define HID_REPORT_MAX 64
#define HID_TEXT_MAX   192

/* One HID interface that was found. */
struct hid_info {
	char path[HID_TEXT_MAX];   /* what open takes, and what ?path= says */
	char serial[HID_TEXT_MAX]; /* "": none, as FT260s leave the factory */
	char product[HID_TEXT_MAX];
	char driver[32]; /* of the kernel, "hid-generic"; "" not known */
	char usb[32]; /* where it is plugged in, "1-1.2", for all implementations; "" not known */
	uint16_t vendor, product_id;
	int interface; /* bInterfaceNumber; -1: not known */
};

/* Found interfaces; at is on the heap and belongs to the caller, freed by free(). */
struct hid_list {
	struct hid_info *at;
	size_t count;
};

struct hid;

struct hid_ops {
	const char *name; /* "hidraw": the value of via= */
	bool takes_over;  /* from the kernel's driver, for which it is asked last */
	/*
	 * Append the interfaces with this vendor and product id, 0: any. from: the value of ?path=,
	 * for implementations that find nothing by themselves; NULL: not given. A path of "": the
	 * kernel has it, but gives it to nobody. TRUSTX_ERR_NO_DEVICE: this implementation cannot
	 * work here (its library is missing), with the reason in f.
	 */
	enum trustx_err (*list)(struct hid_list *list, uint16_t vendor, uint16_t product_id,
		const char *from, struct fail *f);
	/* TRUSTX_ERR_NO_DEVICE, _PERMISSION, _IN_USE, _MEMORY, _BUS; *hid is NULL on errors. */
	enum trustx_err (*open)(struct hid **hid, const char *path, struct fail *f);
	void (*close)(struct hid *hid); /* NULL is fine */
	/* One output report. _BUS: refused, stalled; _NO_DEVICE: the device has gone; _TIMEOUT. */
	enum trustx_err (*write)(
		struct hid *hid, const uint8_t *report, size_t len, struct fail *f);
	/*
	 * The next input report, waiting timeout_ms at most, 0: not at all. *len: capacity, then
	 * the bytes that came, 0 when the time passed (that is TRUSTX_OK). Errors as write.
	 */
	enum trustx_err (*read)(
		struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f);
	/* report[0] is the id; *len: capacity, then length with the id. Errors as write. */
	enum trustx_err (*get_feature)(
		struct hid *hid, uint8_t *report, size_t *len, struct fail *f);
	enum trustx_err (*set_feature)(
		struct hid *hid, const uint8_t *report, size_t len, struct fail *f);
};

/* Time, where it is not the computer's. */
struct hid_clock {
	uint64_t (*now_us)(struct hid *hid);
	void (*sleep_us)(struct hid *hid, uint32_t us);
	uint64_t (*execution_ns)(const struct hid *hid); /* trustx_bus_execution_ns */
};

/* First member of what open returns. */
struct hid {
	const struct hid_ops *ops;
	const struct hid_clock *clock; /* NULL: the computer's monotonic clock */
};

/* One more in the list, zeroed; NULL: out of memory. */
struct hid_info *hid_list_add(struct hid_list *list);

extern const struct hid_ops hid_hidapi, hid_hidapi_hidraw, hid_hidapi_libusb, hid_hidraw,
	hid_windows, hid_sim;

#endif
