/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* SHA-256 whose state can be looked at, because the chip gives it away and takes it back. */
#ifndef SIM_SHA256_H
#define SIM_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_LEN   32
#define SHA256_BLOCK 64

struct sha256 {
	uint32_t h[8];
	uint64_t len;		     /* bytes so far */
	uint8_t block[SHA256_BLOCK]; /* the last len % 64 of them, then anything */
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t len);

/* The digest of what came so far; more may come. */
void sha256_digest(const struct sha256 *s, uint8_t digest[static SHA256_LEN]);

#endif
