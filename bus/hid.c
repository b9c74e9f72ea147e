/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid.h"

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
