/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Elliptic curve keys and ECDSA on libcrypto, numbers of fixed size as the chip shows them. */
#ifndef SIM_CURVE_H
#define SIM_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"

#define CURVE_MAX 48 /* bytes of a coordinate or scalar */

enum curve_id { CURVE_P256 = 3, CURVE_P384 = 4 }; /* the chip's algorithm identifiers */

struct private_key {
	uint8_t alg;
	uint8_t d[CURVE_MAX];
};

struct public_key {
	uint8_t alg;
	uint8_t xy[2 * CURVE_MAX]; /* X then Y, each curve_size(alg) long */
};

struct signature {
	uint8_t r[CURVE_MAX], s[CURVE_MAX];
};

struct digest {
	const uint8_t *data;
	size_t len; /* shorter than the curve: a number with leading zeros */
};

/* Bytes of a coordinate; 0: no such curve. */
size_t curve_size(uint8_t alg);

/* Groups and scratch numbers, kept because making them costs more than using them. */
struct curves;
struct curves *curves_new(void); /* NULL: out of memory */
void curves_free(struct curves *c);

/* The functions below: TRUSTX_ERR_CRYPTO, TRUSTX_ERR_INPUT for a key that is none. */
TRUSTX_MUST_CHECK enum trustx_err curve_generate(
	struct curves *c, struct private_key *key, uint8_t alg, struct rng *rng);
TRUSTX_MUST_CHECK enum trustx_err curve_public(
	struct curves *c, struct public_key *pub, const struct private_key *key);

/* The x coordinate that key and pub have in common, curve_size(key->alg) bytes. */
TRUSTX_MUST_CHECK enum trustx_err curve_agree(struct curves *c, uint8_t secret[static CURVE_MAX],
	const struct private_key *key, const struct public_key *pub);

/* The nonce comes from rng, the key and the digest; without rng from those two alone. */
TRUSTX_MUST_CHECK enum trustx_err curve_sign(struct curves *c, struct signature *sig,
	const struct private_key *key, struct digest digest, struct rng *rng);

/* TRUSTX_ERR_MISMATCH: it does not verify. */
TRUSTX_MUST_CHECK enum trustx_err curve_verify(struct curves *c, const struct public_key *pub,
	const struct signature *sig, struct digest digest);

#endif
