/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "der.h"

#include <assert.h>
#include <string.h>

void der_init(struct der *d)
{
	d->at = DER_MAX;
}

const uint8_t *der_data(const struct der *d)
{
	return d->bytes + d->at;
}

size_t der_len(const struct der *d)
{
	return DER_MAX - d->at;
}

void der_bytes(struct der *d, const void *data, size_t len)
{
	assert(len <= d->at);
	d->at -= len;
	memcpy(d->bytes + d->at, data, len);
}

static void put(struct der *d, size_t byte)
{
	uint8_t v = (uint8_t)byte;

	der_bytes(d, &v, 1);
}

void der_wrap(struct der *d, uint8_t tag, size_t mark)
{
	size_t len = mark - d->at;

	put(d, len);
	if (len > 0xFF)
		put(d, len >> 8);
	if (len > 0x7F)
		put(d, len > 0xFF ? 0x82 : 0x81);
	put(d, tag);
}

void der_element(struct der *d, uint8_t tag, const void *data, size_t len)
{
	size_t mark = d->at;

	der_bytes(d, data, len);
	der_wrap(d, tag, mark);
}

void der_number(struct der *d, const uint8_t *data, size_t len)
{
	size_t mark = d->at;

	for (; len > 1 && data[0] == 0; len--)
		data++;
	der_bytes(d, data, len);
	if (data[0] & 0x80)
		put(d, 0);
	der_wrap(d, DER_INTEGER, mark);
}
