/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* How long a kind of chip takes for what it does: const tables, times in microseconds. */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include <stddef.h>
#include <stdint.h>

struct cost {
	uint32_t base, per_byte;
};

enum model { MODEL_TRUST_X = 1, MODEL_TRUST_M1 = 2 };

struct profile {
	const char *name;
	enum model model;
	uint32_t startup, startup_pending; /* pending: programming was cut by the reset */
	uint32_t wake;			   /* from the access that wakes to the first ACK */
	uint32_t check;			   /* a received frame is checked: address NACKed */
	uint32_t guard;			   /* from STOP to the next START */
	uint32_t ack;			   /* acknowledge timer of the link layer */
	uint32_t resend;		   /* an answer is not acknowledged */
	uint32_t open, metadata, refuse;
	struct cost read, write, random, hash;
	uint32_t sign, verify, agree, generate; /* P-256 */
	uint32_t p384_percent;			/* the same for P-384 */
	uint32_t derive;
};

/* NULL: there is no such profile. */
const struct profile *profile_find(const char *name);

#endif
