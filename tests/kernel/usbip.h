/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A device at a port of the kernel's vhci_hcd, which takes any stream socket for its USB/IP
 * connection: the other end of a pair is here.
 */
#ifndef TESTS_KERNEL_USBIP_H
#define TESTS_KERNEL_USBIP_H

#include "usb.h"

/* Where the kernel shows what is at a port: the folder of the device is this and port + 1. */
#define USBIP_DEVICES "/sys/devices/platform/vhci_hcd.0/usb1/1-"

struct usbip;

/* The device stays the caller's. NULL, with the reason on stderr. */
struct usbip *usbip_attach(unsigned port, struct usb_device *dev);

/* Unplug and free. NULL is fine. */
void usbip_detach(struct usbip *u);

int usbip_fd(const struct usbip *u);

/* Take one request from the socket. false: the kernel has let go of the device. */
bool usbip_take(struct usbip *u, uint64_t now);

/* Answer what is due by now. Returns when the next answer is; USB_NEVER: none is known. */
uint64_t usbip_answer(struct usbip *u, uint64_t now);

/* So many requests came since it was attached. */
unsigned long usbip_requests(const struct usbip *u);

#endif
