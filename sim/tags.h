/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The metadata of an object: a short list of tag, length, value under the constructed tag 0x20. */
#ifndef SIM_TAGS_H
#define SIM_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAGS_MAX 42 /* 44 with the constructed tag and its length */

enum {
	TAG_METADATA = 0x20,
	TAG_LCSO = 0xC0,
	TAG_VERSION = 0xC1,
	TAG_MAX_SIZE = 0xC4,
	TAG_USED_SIZE = 0xC5,
	TAG_CHANGE = 0xD0,
	TAG_READ = 0xD1,
	TAG_EXECUTE = 0xD3,
	TAG_ALGORITHM = 0xE0,
	TAG_KEY_USAGE = 0xE1,
	TAG_DATA_TYPE = 0xE8,
};

struct tags {
	uint8_t len;
	uint8_t bytes[TAGS_MAX];
};

/* Tags with lengths that add up, no tag twice? */
bool tags_valid(const struct tags *t);

/* The value of a tag, lent; NULL if there is none. */
const uint8_t *tags_find(const struct tags *t, size_t *len, uint8_t tag);

/* Give a tag a value: where it stands, else at the end. false: no room, t unchanged. */
bool tags_put(struct tags *t, uint8_t tag, const uint8_t *value, size_t len);

/* The same for a number, in one byte or two. */
bool tags_put_size(struct tags *t, uint8_t tag, size_t value);

#endif
