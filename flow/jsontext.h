/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* JSON as text, all of it or an error. */
#ifndef FLOW_JSONTEXT_H
#define FLOW_JSONTEXT_H

#include "blob.h"

#include <jansson.h>

/*
 * Append value to out, on one line. TRUSTX_ERR_MEMORY; TRUSTX_ERR_TOO_BIG: more than out may hold.
 * On failure out may have a part of it.
 */
TRUSTX_MUST_CHECK enum trustx_err jsontext_add(struct blob *out, const json_t *value);

/*
 * Words of the system's or the user's, such as a path, need not be UTF-8, JSON must: what is not
 * ASCII becomes '?' then. NULL: no memory.
 */
json_t *jsontext_words(const char *text);

#endif
