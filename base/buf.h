/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Bounded cursors over bytes. An access past the end sets a sticky error: read on, ask once at
 * the end, use nothing before. Integers are big endian.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A reader borrows its bytes. After an error every get returns 0 or NULL. */
struct reader {
	const uint8_t *at, *end;
	bool failed;
};

void reader_init(struct reader *r, const void *data, size_t len);
size_t reader_left(const struct reader *r);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u24(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
const uint8_t *reader_bytes(struct reader *r, size_t len); /* lent; NULL on error */
void reader_skip(struct reader *r, size_t len);
bool reader_done(const struct reader *r); /* no error and nothing left */

/* A writer fills the caller's array. After an error nothing more is written. */
struct writer {
	uint8_t *start, *at, *end;
	bool failed;
};

void writer_init(struct writer *w, void *data, size_t cap);
void writer_u8(struct writer *w, uint8_t v);
void writer_u16(struct writer *w, uint16_t v);
void writer_u24(struct writer *w, uint32_t v);
void writer_u32(struct writer *w, uint32_t v);
void writer_u64(struct writer *w, uint64_t v);
void writer_bytes(struct writer *w, const void *data, size_t len);
size_t writer_len(const struct writer *w); /* bytes written */

#endif
