/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void blob_init(struct blob *b, size_t max)
{
	*b = (struct blob){ .max = max };
}

/* realloc would leave a copy of a secret behind. */
static enum trustx_err blob_grow(struct blob *b, size_t need)
{
	size_t cap = b->cap > 0 ? b->cap : 256;
	uint8_t *data;

	while (cap < need)
		cap *= 2;
	if ((data = malloc(cap)) == NULL)
		return TRUSTX_ERR_MEMORY;
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	if (b->data != NULL)
		mem_wipe(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->cap = cap;
	return TRUSTX_OK;
}

enum trustx_err blob_add(struct blob *b, const void *data, size_t len)
{
	enum trustx_err err;

	if (len > b->max - b->len)
		return TRUSTX_ERR_TOO_BIG;
	if (b->len + len >= b->cap && (err = blob_grow(b, b->len + len + 1)) != TRUSTX_OK)
		return err;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = 0;
	return TRUSTX_OK;
}

enum trustx_err blob_addf(struct blob *b, const char *fmt, ...)
{
	char *text;
	enum trustx_err err;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (text = malloc((size_t)n + 1)) == NULL)
		return TRUSTX_ERR_MEMORY;
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	err = blob_add(b, text, (size_t)n);
	mem_wipe(text, (size_t)n);
	free(text);
	return err;
}

const char *blob_text(const struct blob *b)
{
	return b->data != NULL ? (const char *)b->data : "";
}

void blob_drop_mark(struct blob *b)
{
	static const uint8_t mark[] = { 0xEF, 0xBB, 0xBF };

	if (b->len < sizeof(mark) || memcmp(b->data, mark, sizeof(mark)) != 0)
		return;
	b->len -= sizeof(mark);
	memmove(b->data, b->data + sizeof(mark), b->len + 1);
}

void blob_free(struct blob *b)
{
	if (b == NULL)
		return;
	if (b->data != NULL)
		mem_wipe(b->data, b->cap);
	free(b->data);
	blob_init(b, b->max);
}
