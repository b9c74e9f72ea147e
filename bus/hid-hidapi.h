/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* HID through the libraries of hidapi that this computer has. */
#ifndef BUS_HID_HIDAPI_H
#define BUS_HID_HIDAPI_H

#include <stdbool.h>
#include <stddef.h>

#include "hid.h"

/* The library's version, or why it cannot be loaded: false. out is always terminated. */
bool hid_hidapi_version(char *out, size_t cap, const struct hid_ops *ops);

/* Which library is meant differs from system to system: hid-hidapi-linux.c, hid-hidapi-mac.c. */
struct hid_hidapi_library {
	const char *const *files; /* one of these, for dlopen; NULL at the end */
	const char *package;
	const char *install; /* "in Debian and Ubuntu: sudo apt-get install" */
};
const struct hid_hidapi_library *hid_hidapi_library(const struct hid_ops *ops);

/* The members of struct hid_ops, for each library. */
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_list(const struct hid_ops *ops, struct hid_list *list,
	uint16_t vendor, uint16_t product_id, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_open(
	const struct hid_ops *ops, struct hid **hid, const char *path, struct fail *f);
void hid_hidapi_close(struct hid *hid);
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_write(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err hid_hidapi_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f);

#define HID_HIDAPI_OPS(via, takes_over_, list_, open_)                                         \
	{                                                                                      \
		.name = (via), .takes_over = (takes_over_), .list = (list_), .open = (open_),  \
		.close = hid_hidapi_close, .write = hid_hidapi_write, .read = hid_hidapi_read, \
		.get_feature = hid_hidapi_get_feature, .set_feature = hid_hidapi_set_feature,  \
	}

#endif
