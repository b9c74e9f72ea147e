/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What hid-hidapi.c uses of the library hidapi, as it has been since version 0.8; what came later
 * follows these members. Its own header of this name may stand in place of this one
 * (TRUSTX_HIDAPI_HEADERS), and then has to fit.
 */
#ifndef BUS_HIDAPI_HIDAPI_H
#define BUS_HIDAPI_HIDAPI_H

#include <stddef.h>
#include <wchar.h>

struct hid_device_info {
	char *path;
	unsigned short vendor_id, product_id;
	wchar_t *serial_number;
	unsigned short release_number;
	wchar_t *manufacturer_string, *product_string;
	unsigned short usage_page, usage;
	int interface_number;
	struct hid_device_info *next;
};
typedef struct hid_device_ hid_device;

struct hid_device_info *hid_enumerate(unsigned short vendor_id, unsigned short product_id);
void hid_free_enumeration(struct hid_device_info *devs);
hid_device *hid_open_path(const char *path);
void hid_close(hid_device *dev);
int hid_write(hid_device *dev, const unsigned char *data, size_t length);
int hid_read_timeout(hid_device *dev, unsigned char *data, size_t length, int milliseconds);
int hid_get_feature_report(hid_device *dev, unsigned char *data, size_t length);
int hid_send_feature_report(hid_device *dev, const unsigned char *data, size_t length);
const wchar_t *hid_error(hid_device *dev);

#endif
