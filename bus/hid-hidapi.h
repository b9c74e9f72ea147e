/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Which libraries of hidapi this computer has. */
#ifndef BUS_HID_HIDAPI_H
#define BUS_HID_HIDAPI_H

#include <stdbool.h>
#include <stddef.h>

#include "hid.h"

/* The library's version, or why it cannot be loaded: false. out is always terminated. */
bool hid_hidapi_version(char *out, size_t cap, const struct hid_ops *ops);

#endif
