/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The library of Homebrew, on Apple's processors and on Intel's, or of MacPorts. */
#include "hid-hidapi.h"

static const char *const files[] = { "/opt/homebrew/lib/libhidapi.dylib",
	"/usr/local/lib/libhidapi.dylib", "/opt/local/lib/libhidapi.dylib", "libhidapi.dylib",
	NULL };

static const struct hid_hidapi_library library = { files, "hidapi", "with Homebrew: brew install" };

const struct hid_hidapi_library *hid_hidapi_library(const struct hid_ops *ops)
{
	(void)ops;
	return &library;
}

static enum trustx_err list(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	(void)from;
	return hid_hidapi_list(&hid_hidapi, list, vendor, product_id, f);
}

static enum trustx_err open_path(struct hid **hid, const char *path, struct fail *f)
{
	return hid_hidapi_open(&hid_hidapi, hid, path, f);
}

const struct hid_ops hid_hidapi = HID_HIDAPI_OPS("hidapi", false, list, open_path);
