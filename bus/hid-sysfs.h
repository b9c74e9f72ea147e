/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What Linux tells of HID devices under /sys. */
#ifndef BUS_HID_SYSFS_H
#define BUS_HID_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "hid.h"

/*
 * Append the HID functions with this vendor and product id, 0: any. A path of "": the function has
 * no hidraw node. TRUSTX_ERR_MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err hid_sysfs_list(
	struct hid_list *list, uint16_t vendor, uint16_t product_id, struct fail *f);

/* Complete driver and usb of what hidapi found under info->path. */
void hid_sysfs_complete(struct hid_info *info);

/* The device node behind a path of hidapi: "/dev/hidraw3", "1-2:1.0". false: not known. */
bool hid_sysfs_node(char *node, size_t cap, const char *path);

/*
 * The I2C adapter that the kernel's driver has made of the USB interface at path, "1-2:1.0":
 * "/dev/i2c-1". false: of this one it has made none.
 */
bool hid_sysfs_adapter(char *node, size_t cap, const char *path);

/* TRUSTX_ERR_PERMISSION with what to do about it, unless this user may read and write node. */
TRUSTX_MUST_CHECK enum trustx_err hid_sysfs_may_open(const char *node, struct fail *f);

#endif
