/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Bytes on the heap with a hard maximum, wiped when freed; text too: always NUL-terminated. */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "trustx_err.h"

struct blob {
	uint8_t *data; /* NULL while nothing was ever added; data[len] is 0 otherwise */
	size_t len, cap, max;
};

#define BLOB_PRINTF(f, a) PRINTF_LIKE(f, a)

/* max is the greatest len allowed; nothing is allocated yet. */
void blob_init(struct blob *b, size_t max);

/* TRUSTX_ERR_TOO_BIG past the maximum, TRUSTX_ERR_MEMORY; on error b is unchanged. */
TRUSTX_MUST_CHECK enum trustx_err blob_add(struct blob *b, const void *data, size_t len);
TRUSTX_MUST_CHECK enum trustx_err blob_addf(struct blob *b, const char *fmt, ...) BLOB_PRINTF(2, 3);

/* The text so far; "" when empty. Lent until the next change. */
const char *blob_text(const struct blob *b);

/* Editors of Windows begin a text with a byte order mark: drop it. */
void blob_drop_mark(struct blob *b);

/* Wipe and free; b is empty afterwards and keeps its maximum. NULL is fine. */
void blob_free(struct blob *b);

#endif
