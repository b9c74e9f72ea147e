/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The public key of a key in the chip, which gives it only once: from the certificate in the
 * paired slot, the state file, or by recovery from two signatures.
 */
#ifndef FLOW_PUBKEY_H
#define FLOW_PUBKEY_H

#include "slot.h"

enum pubkey_source {
	PUBKEY_GENERATED,   /* made just now */
	PUBKEY_CERTIFICATE, /* certificate in the paired slot */
	PUBKEY_STATE_FILE,
	PUBKEY_RECOVERED,
};
/* "generated", "certificate", "state file", "recovered"; static. */
const char *pubkey_source_text(enum pubkey_source source);

struct pubkey {
	enum trustx_curve curve;
	uint8_t usage;
	uint8_t point[TRUSTX_POINT_MAX]; /* uncompressed */
	size_t point_len;
	enum pubkey_source source;
	bool proved; /* a signature made now verifies under it; false: the key cannot sign */
};

/*
 * The public key of the key in slot. A key that can sign: one use of the private key if the
 * certificate or the state file has the right one, else two, and the recovered key is written to
 * the state file. A key that cannot sign is taken from certificate or state file unproved.
 * TRUSTX_ERR_MISMATCH: no key in the slot. TRUSTX_ERR_NO_PUBLIC_KEY: one that cannot sign, and no
 * certificate and no state file. TRUSTX_ERR_FILE: the state file could not be written.
 * Errors of the chip, explained.
 */
TRUSTX_MUST_CHECK enum trustx_err pubkey_find(
	struct pubkey *key, struct device *dev, const struct slot *slot, struct fail *f);

/* The same for a slot that was inspected already (spares reading it again). */
TRUSTX_MUST_CHECK enum trustx_err pubkey_of_state(
	struct pubkey *key, struct device *dev, const struct slot_state *state, struct fail *f);

/*
 * The key of the state file alone, unproved; a missing or damaged file is *found false.
 * TRUSTX_ERR_FILE: it could not be read.
 */
TRUSTX_MUST_CHECK enum trustx_err pubkey_from_file(struct pubkey *key, bool *found,
	const struct device *dev, const struct slot_state *state, struct fail *f);

/* Write the state file, synced. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err pubkey_save(
	const struct pubkey *key, const struct device *dev, uint16_t oid, struct fail *f);

/* The view that the library and the provider take. Points into key. */
struct trustx_public_key pubkey_view(const struct pubkey *key);

/* Append as PEM SubjectPublicKeyInfo. TRUSTX_ERR_CRYPTO. */
TRUSTX_MUST_CHECK enum trustx_err pubkey_pem(
	struct blob *pem, const struct pubkey *key, struct fail *f);

#endif
