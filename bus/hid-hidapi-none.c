/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* No hidapi: a static program loads no libraries. */
#include "hid-hidapi.h"

#include <stdio.h>

static enum trustx_err none_list(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	(void)list;
	(void)vendor;
	(void)product_id;
	(void)from;
	fail_set(
		f, TRUSTX_ERR_NO_DEVICE, "this build is static and cannot load the library hidapi");
	return fail_next(f, "use via=hidraw, or a build that is not static");
}

static enum trustx_err none_open(struct hid **hid, const char *path, struct fail *f)
{
	*hid = NULL;
	return none_list(NULL, 0, 0, path, f);
}

bool hid_hidapi_version(char *out, size_t cap, const struct hid_ops *ops)
{
	(void)ops;
	snprintf(out, cap, "not in this build");
	return false;
}

/* What nobody can open is neither read, written nor closed. */
const struct hid_ops hid_hidapi_hidraw = {
	.name = "hidraw",
	.list = none_list,
	.open = none_open,
};
const struct hid_ops hid_hidapi_libusb = {
	.name = "libusb",
	.takes_over = true,
	.list = none_list,
	.open = none_open,
};
