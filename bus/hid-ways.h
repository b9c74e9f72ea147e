/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The ways to HID that this system has, in a file for each system. */
#ifndef BUS_HID_WAYS_H
#define BUS_HID_WAYS_H

#include <stdbool.h>

#include "hid.h"

struct hid_way {
	const char *name; /* "hidapi-libusb" */
	const struct hid_ops *ops;
	/* Its version, or why it is not usable: false. NULL: it is built in. */
	bool (*version)(char *out, size_t cap, const struct hid_ops *ops);
};

/* In order of preference, but that those that take over come last. */
extern const struct hid_way hid_ways[];
extern const size_t hid_way_count;

#endif
