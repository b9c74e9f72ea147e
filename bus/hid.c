/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid.h"

#include "bus.h"
#include "hid-hidapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hid_info *hid_list_add(struct hid_list *list)
{
	struct hid_info *more = realloc(list->at, (list->count + 1) * sizeof(*list->at));

	if (more == NULL)
		return NULL;
	list->at = more;
	memset(&more[list->count], 0, sizeof(*more));
	return &more[list->count++];
}

static const struct {
	const char *name;
	const struct hid_ops *ops;
	bool is_library;
} known[] = {
	{ "hidapi-hidraw", &hid_hidapi_hidraw, true },
	{ "hidapi-libusb", &hid_hidapi_libusb, true },
	{ "hidraw", &hid_hidraw, false },
	{ "sim", &hid_sim, false },
};

size_t trustx_bus_hids(struct trustx_bus_hid list[static TRUSTX_BUS_HIDS])
{
	const size_t count = sizeof(known) / sizeof(known[0]);

	for (size_t i = 0; i < count; i++) {
		struct trustx_bus_hid *one = &list[i];

		one->name = known[i].name;
		one->via = known[i].ops->name;
		one->usable = true;
		snprintf(one->text, sizeof(one->text), "built in");
		if (known[i].is_library)
			one->usable =
				hid_hidapi_version(one->text, sizeof(one->text), known[i].ops);
	}
	return count;
}
