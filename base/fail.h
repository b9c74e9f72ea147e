/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What went wrong, in words for the user: what was being done, why it failed, what to do next.
 * Filled where it is understood; every layer above the chip hands one down. What is too long, by a
 * path most likely, loses its middle.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include <stdint.h>

#include "format.h"
#include "trustx_err.h"

struct fail {
	enum trustx_err err;
	char what[160];	   /* "write 0xE0E1" */
	char why[480];	   /* "the slot's life cycle is operational, ..." */
	char next[640];	   /* "use another slot: --slot 2" */
	const char *cause; /* its name in the table of flow/cause.c; static; NULL: none of it */
	uint8_t chip_code;
	uint16_t oid;
};

#define FAIL_PRINTF(f, a) PRINTF_LIKE(f, a)

void fail_clear(struct fail *f);

/* Start over with err and why. */
void fail_put(struct fail *f, enum trustx_err err, const char *fmt, ...) FAIL_PRINTF(3, 4);

/* The same, as an expression of value err that ends a function: compilers see that it is no OK. */
#define fail_set(f, err, ...) (fail_put((f), (err), __VA_ARGS__), fail_code(err))
static inline enum trustx_err fail_code(enum trustx_err err)
{
	return err;
}

/* As fail_set for a failed system call: ": " and the system's words are appended to why. ENOMEM is
 * TRUSTX_ERR_MEMORY; else the caller knows what the file meant, errno does not. errno stays. */
enum trustx_err fail_errno(struct fail *f, enum trustx_err err, const char *fmt, ...)
	FAIL_PRINTF(3, 4);

/* What the system says of it; lent until the next call in this thread. */
const char *fail_errno_text(int number);

/* Say what was being done, unless a lower layer already did. Returns f->err. */
enum trustx_err fail_what(struct fail *f, const char *fmt, ...) FAIL_PRINTF(2, 3);

/* Say what to do next, unless a lower layer already did. Returns f->err. */
enum trustx_err fail_next(struct fail *f, const char *fmt, ...) FAIL_PRINTF(2, 3);

/* Name the cause for trustx doctor, unless a lower layer already did. Returns f->err. */
enum trustx_err fail_cause(struct fail *f, const char *cause);

#endif
