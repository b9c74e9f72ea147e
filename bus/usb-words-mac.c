/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "usb-words.h"

const char usb_words_missing[] = "plug it in; ioreg -p IOUSB shows whether the system sees it";
const char usb_words_reset[] = "unplug the adapter and plug it in again";
