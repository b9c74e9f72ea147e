/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The pseudo-random function of TLS 1.2 with SHA-256 (RFC 5246, section 5). */
#ifndef SIM_PRF_H
#define SIM_PRF_H

#include <stddef.h>
#include <stdint.h>

#define PRF_SECRET_MAX 64

/* The label is the beginning of the seed. */
void prf(uint8_t *out, size_t len, const uint8_t *secret, size_t secret_len, const uint8_t *seed,
	size_t seed_len);

#endif
