/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where there is no /sys: a path is the device's own, and opening it tells who may. */
#include "hid-sysfs.h"

enum trustx_err hid_sysfs_list(
	struct hid_list *list, uint16_t vendor, uint16_t product_id, struct fail *f)
{
	(void)list;
	(void)vendor;
	(void)product_id;
	(void)f;
	return TRUSTX_OK;
}

void hid_sysfs_complete(struct hid_info *info)
{
	(void)info;
}

bool hid_sysfs_node(char *node, size_t cap, const char *path)
{
	(void)node;
	(void)cap;
	(void)path;
	return false;
}

bool hid_sysfs_adapter(char *node, size_t cap, const char *path)
{
	(void)node;
	(void)cap;
	(void)path;
	return false;
}

enum trustx_err hid_sysfs_may_open(const char *node, struct fail *f)
{
	(void)node;
	(void)f;
	return TRUSTX_OK;
}
