/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "usb-words.h"

const char usb_words_missing[] =
	"plug it in; pnputil /enum-devices /connected /class HIDClass shows whether Windows sees "
	"VID_0403&PID_6030";
const char usb_words_reset[] = "unplug the adapter and plug it in again";
