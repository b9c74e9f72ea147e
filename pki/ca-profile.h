/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The certificates of the local CA: RFC 5280 profiles of root, intermediate and leaf. */
#ifndef PKI_CA_PROFILE_H
#define PKI_CA_PROFILE_H

#include "fail.h"

#include <openssl/x509v3.h>

#include <time.h>

enum ca_role { CA_ROOT, CA_INTERMEDIATE, CA_LEAF };

struct ca_profile {
	enum ca_role role;
	const X509_NAME *subject;
	EVP_PKEY *key;	    /* to be certified */
	X509 *issuer;	    /* NULL: self-signed */
	EVP_PKEY *signer;   /* the issuer's key */
	GENERAL_NAMES *san; /* NULL: none */
	time_t now;
	unsigned days; /* CA_FOREVER or the number; ends with the issuer at the latest */
};

/*
 * Begins five minutes before now: clocks differ. TRUSTX_ERR_INPUT: the issuer's certificate is not
 * valid now. TRUSTX_ERR_CRYPTO. Free with X509_free.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_certify(
	X509 **cert, const struct ca_profile *profile, struct fail *f);

#endif
