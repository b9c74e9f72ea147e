/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Public keys from an ECDSA signature: SEC 1 v2, 4.1.6. */
#ifndef FLOW_RECOVER_H
#define FLOW_RECOVER_H

#include "trustx.h"

#define RECOVER_MAX 4u /* cofactor 1: two values of x, two signs of y */

struct recover_point {
	uint8_t bytes[TRUSTX_POINT_MAX]; /* uncompressed */
	size_t len;
};

struct recover_input {
	enum trustx_curve curve;
	const uint8_t *digest;
	size_t digest_len;
	const uint8_t *sig; /* DER */
	size_t sig_len;
};

/*
 * Every public key under which the signature verifies: *count of at most RECOVER_MAX, 0 is
 * possible. TRUSTX_ERR_INPUT: sig is no DER, or r or s is not in 1..n-1. TRUSTX_ERR_CRYPTO.
 */
TRUSTX_MUST_CHECK enum trustx_err recover_points(
	struct recover_point points[RECOVER_MAX], size_t *count, const struct recover_input *in);

#endif
