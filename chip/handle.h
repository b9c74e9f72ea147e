/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What struct trustx really is, and the frame around every public call. */
#ifndef CHIP_HANDLE_H
#define CHIP_HANDLE_H

#include "dlink.h"

#define ERROR_TEXT_MAX 160u

/* What is small comes first: a Cortex-M0+ reaches no further without loading an offset. */
struct handle {
	struct trustx_error error;
	bool open;
	uint8_t reset;	    /* enum trustx_reset, as asked for */
	uint16_t apdu_size; /* object 0xE0C6; 0: not asked for yet */
	uint32_t timeout_ms;
	struct dlink dlink;
	char text[ERROR_TEXT_MAX];
};

static inline struct handle *handle_of(struct trustx *se)
{
	return (struct handle *)(void *)se;
}

static inline const struct handle *handle_of_const(const struct trustx *se)
{
	return (const struct handle *)(const void *)se;
}

/* Forgets the last error, starts the deadline. */
void call_begin(struct handle *h);

/*
 * Keep the detail of err and return it. out has room for *len bytes, of which the first result are
 * the call's result; on an error out is zeroed and *len is 0.
 */
enum trustx_err call_end(
	struct handle *h, enum trustx_err err, uint8_t *out, size_t *len, size_t result);

/* The same for a call without output. */
enum trustx_err call_done(struct handle *h, enum trustx_err err);

#endif
