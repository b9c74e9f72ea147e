/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid-ways.h"

#include "hid-hidapi.h"

const struct hid_way hid_ways[] = {
	{ "hidapi", &hid_hidapi, hid_hidapi_version },
	{ "sim", &hid_sim, NULL },
};
const size_t hid_way_count = sizeof(hid_ways) / sizeof(hid_ways[0]);
