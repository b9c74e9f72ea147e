/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Proof that the chip holds a private key: it signs
 * SHA-256("trustx possession" || UID || 32 random bytes).
 */
#ifndef FLOW_POSSESSION_H
#define FLOW_POSSESSION_H

#include "device.h"

struct possession {
	enum trustx_curve curve;
	uint8_t digest[32];
	uint8_t sig[TRUSTX_SIG_MAX]; /* strict DER */
	size_t sig_len;
};

/* Let the key in oid sign a fresh challenge: one use of the private key. Errors explained. */
TRUSTX_MUST_CHECK enum trustx_err possession_sign(struct possession *proof, struct device *dev,
	uint16_t oid, enum trustx_curve curve, struct fail *f);

/* Does the proof verify under this public key? Never an error: what cannot be a key does not. */
bool possession_holds(const struct possession *proof, const struct trustx_public_key *key);

/* Both in one: TRUSTX_ERR_MISMATCH if the key in oid is not the private part of key. */
TRUSTX_MUST_CHECK enum trustx_err possession_prove(
	struct device *dev, uint16_t oid, const struct trustx_public_key *key, struct fail *f);

#endif
