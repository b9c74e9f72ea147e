/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Random numbers of one chip: the system's, or a reproducible row of them. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trustx_err.h"

struct rng {
	bool seeded;
	uint64_t seed, drawn; /* blocks drawn so far */
};

TRUSTX_MUST_CHECK enum trustx_err rng_bytes(struct rng *r, uint8_t *out, size_t len);

#endif
