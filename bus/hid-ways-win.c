/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid-ways.h"

const struct hid_way hid_ways[] = {
	{ "hid.dll", &hid_windows, NULL },
	{ "sim", &hid_sim, NULL },
};
const size_t hid_way_count = sizeof(hid_ways) / sizeof(hid_ways[0]);
