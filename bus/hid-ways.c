/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid-ways.h"

#include "hid-hidapi.h"

const struct hid_way hid_ways[] = {
	{ "hidapi-hidraw", &hid_hidapi_hidraw, hid_hidapi_version },
	{ "hidapi-libusb", &hid_hidapi_libusb, hid_hidapi_version },
	{ "hidraw", &hid_hidraw, NULL },
	{ "sim", &hid_sim, NULL },
};
const size_t hid_way_count = sizeof(hid_ways) / sizeof(hid_ways[0]);
