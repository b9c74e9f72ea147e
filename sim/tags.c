/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "tags.h"

#include <string.h>

#include "buf.h"

static size_t offset_of(const struct tags *t, uint8_t tag)
{
	size_t at = 0;

	while (at < t->len && t->bytes[at] != tag)
		at += 2u + t->bytes[at + 1];
	return at;
}

bool tags_valid(const struct tags *t)
{
	bool seen[256] = { false };
	struct reader r;

	reader_init(&r, t->bytes, t->len);
	while (reader_left(&r) > 0) {
		uint8_t tag = reader_u8(&r);

		reader_skip(&r, reader_u8(&r));
		if (seen[tag])
			return false;
		seen[tag] = true;
	}
	return reader_done(&r);
}

const uint8_t *tags_find(const struct tags *t, size_t *len, uint8_t tag)
{
	size_t at = offset_of(t, tag);

	if (at >= t->len)
		return NULL;
	*len = t->bytes[at + 1];
	return t->bytes + at + 2;
}

bool tags_put(struct tags *t, uint8_t tag, const uint8_t *value, size_t len)
{
	size_t at = offset_of(t, tag), old = at < t->len ? 2u + t->bytes[at + 1] : 0;
	size_t rest = t->len - at - old;

	if (t->len - old + 2 + len > TAGS_MAX)
		return false;
	memmove(t->bytes + at + 2 + len, t->bytes + at + old, rest);
	t->bytes[at] = tag;
	t->bytes[at + 1] = (uint8_t)len;
	memcpy(t->bytes + at + 2, value, len);
	t->len = (uint8_t)(at + 2 + len + rest);
	return true;
}

bool tags_put_size(struct tags *t, uint8_t tag, size_t value)
{
	uint8_t be[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	return value < 256 ? tags_put(t, tag, be + 1, 1) : tags_put(t, tag, be, 2);
}
