/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The files ~/.aws/config and ~/.aws/credentials: sections, "key = value", # and ; comments. */
#ifndef CLOUD_INI_H
#define CLOUD_INI_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

struct ini_entry {
	const char *section, *key; /* key NULL: the section begins */
	const char *parent;	   /* of an indented entry: the key that it belongs to; else NULL */
	const char *value;
};

struct ini {
	struct blob text; /* that the entries point into; wiped when freed */
	struct ini_entry *at;
	size_t count;
};

/*
 * Parse the file at path. A file that is not there has no entries. TRUSTX_ERR_INPUT: a line that
 * is neither, by number; TRUSTX_ERR_FILE, _TOO_BIG, _MEMORY. Free in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err ini_read(struct ini *ini, const char *path, struct fail *f);
void ini_free(struct ini *ini); /* fine on a zeroed struct */

bool ini_has(const struct ini *ini, const char *section);

/* NULL: not there. parent NULL: not indented. */
const char *ini_get(
	const struct ini *ini, const char *section, const char *parent, const char *key);

#endif
