/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What an open application keeps in mind between commands, beside its session objects. */
#ifndef SIM_CONTEXT_H
#define SIM_CONTEXT_H

#include <stdbool.h>

#include "sha256.h"

/* The authentication of the chip: scheme set -> challenge set -> signed, and from the start. */
enum auth { AUTH_NONE, AUTH_SCHEME, AUTH_CHALLENGE };

struct context {
	bool is_hashing;
	struct sha256 hash;
	enum auth auth;
	uint16_t auth_key;
	uint8_t challenge[SHA256_LEN]; /* its digest */
};

#endif
