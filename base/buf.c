/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "buf.h"

#include <string.h>

void reader_init(struct reader *r, const void *data, size_t len)
{
	r->at = data;
	r->end = len > 0 ? r->at + len : r->at;
	r->failed = false;
}

size_t reader_left(const struct reader *r)
{
	return r->failed ? 0 : (size_t)(r->end - r->at);
}

const uint8_t *reader_bytes(struct reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (r->failed || len > (size_t)(r->end - r->at)) {
		r->failed = true;
		return NULL;
	}
	if (len > 0)
		r->at += len;
	return at;
}

static uint64_t reader_int(struct reader *r, size_t len)
{
	const uint8_t *p = reader_bytes(r, len);
	uint64_t v = 0;

	for (size_t i = 0; p != NULL && i < len; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)reader_int(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
	return (uint16_t)reader_int(r, 2);
}

uint32_t reader_u24(struct reader *r)
{
	return (uint32_t)reader_int(r, 3);
}

uint32_t reader_u32(struct reader *r)
{
	return (uint32_t)reader_int(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
	return reader_int(r, 8);
}

void reader_skip(struct reader *r, size_t len)
{
	(void)reader_bytes(r, len);
}

bool reader_done(const struct reader *r)
{
	return !r->failed && r->at == r->end;
}

void writer_init(struct writer *w, void *data, size_t cap)
{
	w->start = w->at = data;
	w->end = cap > 0 ? w->at + cap : w->at;
	w->failed = false;
}

void writer_bytes(struct writer *w, const void *data, size_t len)
{
	if (w->failed || len > (size_t)(w->end - w->at)) {
		w->failed = true;
		return;
	}
	if (len == 0)
		return;
	memcpy(w->at, data, len);
	w->at += len;
}

static void writer_int(struct writer *w, uint64_t v, size_t len)
{
	uint8_t be[8];

	for (size_t i = 0; i < len; i++)
		be[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
	writer_bytes(w, be, len);
}

void writer_u8(struct writer *w, uint8_t v)
{
	writer_int(w, v, 1);
}

void writer_u16(struct writer *w, uint16_t v)
{
	writer_int(w, v, 2);
}

void writer_u24(struct writer *w, uint32_t v)
{
	writer_int(w, v, 3);
}

void writer_u32(struct writer *w, uint32_t v)
{
	writer_int(w, v, 4);
}

void writer_u64(struct writer *w, uint64_t v)
{
	writer_int(w, v, 8);
}

size_t writer_len(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}
