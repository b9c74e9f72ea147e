/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* From a request to a leaf certificate: what is taken over, and what the index says of it. */
#ifndef PKI_CA_LEAF_H
#define PKI_CA_LEAF_H

#include "blob.h"
#include "ca-profile.h"

struct ca_leaf {
	X509 *cert;
	X509_REQ *req; /* the caller's */
	GENERAL_NAMES *san;
	struct blob subject;
	char key_hash[65], serial[41], issued[21], expires[21];
};

/*
 * Verify the request and take its SAN, subject and key hash. leaf is initialised in every case.
 * TRUSTX_ERR_MISMATCH: wrong signature. TRUSTX_ERR_INPUT: its key, SAN or subject cannot be used.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_leaf_take(struct ca_leaf *leaf, X509_REQ *req, struct fail *f);

/* Certify it; role, issuer, signer, now and days are the caller's part of profile. */
TRUSTX_MUST_CHECK enum trustx_err ca_leaf_make(
	struct ca_leaf *leaf, const struct ca_profile *profile, struct fail *f);

void ca_leaf_free(struct ca_leaf *leaf);

#endif
