/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What to do about a USB device, in the words of this system: usb-words-SYSTEM.c. */
#ifndef BUS_USB_WORDS_H
#define BUS_USB_WORDS_H

extern const char usb_words_missing[]; /* the adapter does not show up */
extern const char usb_words_reset[];   /* its port has to be reset */

#endif
