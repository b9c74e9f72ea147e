/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What every fuzz target shares: libFuzzer's entry, checks, and an input taken in pieces. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that holds for every input. */
#define PROPERTY(cond) ((cond) ? (void)0 : fuzz_die(__FILE__, __LINE__, #cond))

static inline void fuzz_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* The next bytes behind a 16-bit length, as many as are left at most. */
static inline const uint8_t *fuzz_piece(struct reader *r, size_t *len)
{
	size_t want = reader_left(r) >= 2 ? reader_u16(r) : 0;

	*len = want < reader_left(r) ? want : reader_left(r);
	return reader_bytes(r, *len);
}

/* The input as text on the heap, where a read behind its end is seen. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	PROPERTY(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
