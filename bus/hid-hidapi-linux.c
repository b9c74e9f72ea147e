/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Linux has two libraries of hidapi, by the way they take to the device. */
#include "hid-hidapi.h"

static const char *const hidraw_files[] = { "libhidapi-hidraw.so.0", NULL };
static const char *const libusb_files[] = { "libhidapi-libusb.so.0", NULL };

#define INSTALL "in Debian and Ubuntu: sudo apt-get install"

static const struct hid_hidapi_library hidraw_library = { hidraw_files, "libhidapi-hidraw0",
	INSTALL };
static const struct hid_hidapi_library libusb_library = { libusb_files, "libhidapi-libusb0",
	INSTALL };

const struct hid_hidapi_library *hid_hidapi_library(const struct hid_ops *ops)
{
	return ops == &hid_hidapi_libusb ? &libusb_library : &hidraw_library;
}

static enum trustx_err list_hidraw(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	(void)from;
	return hid_hidapi_list(&hid_hidapi_hidraw, list, vendor, product_id, f);
}

static enum trustx_err list_libusb(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	(void)from;
	return hid_hidapi_list(&hid_hidapi_libusb, list, vendor, product_id, f);
}

static enum trustx_err open_hidraw(struct hid **hid, const char *path, struct fail *f)
{
	return hid_hidapi_open(&hid_hidapi_hidraw, hid, path, f);
}

static enum trustx_err open_libusb(struct hid **hid, const char *path, struct fail *f)
{
	return hid_hidapi_open(&hid_hidapi_libusb, hid, path, f);
}

const struct hid_ops hid_hidapi_hidraw = HID_HIDAPI_OPS("hidraw", false, list_hidraw, open_hidraw);
const struct hid_ops hid_hidapi_libusb = HID_HIDAPI_OPS("libusb", true, list_libusb, open_libusb);
