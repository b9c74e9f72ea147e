/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What a run asks for, and whether a certificate is that. */
#ifndef FLOW_FINISH_H
#define FLOW_FINISH_H

#include "issuer.h"
#include "journal.h"
#include "pubkey.h"

#include <time.h>

/* All are borrowed. */
struct finish_wish {
	X509_REQ *sample;      /* subject and SAN, see csrflow_sample */
	STACK_OF(X509) *roots; /* of the issuer; NULL: it names none */
	const char *issuer;    /* as text */
	time_t now;
};

/*
 * Is the leaf of certs for this key, with the wish's subject and SAN, within its dates, and from
 * the wish's issuer: up to one of its roots; without roots, the journal names it as issued by
 * that issuer? TRUSTX_ERR_MISMATCH says what differs.
 */
TRUSTX_MUST_CHECK enum trustx_err finish_check(STACK_OF(X509) *certs, const struct pubkey *key,
	const struct finish_wish *wish, const struct journal *journal, struct fail *f);

/* The same without the question for the issuer, which is known. */
TRUSTX_MUST_CHECK enum trustx_err finish_check_issued(STACK_OF(X509) *certs,
	const struct pubkey *key, const struct finish_wish *wish, struct fail *f);

/* Are subject, SAN and public key of req the wish's and key's, and its signature right? */
bool finish_request_fits(X509_REQ *req, const struct pubkey *key, const struct finish_wish *wish);

/* SHA-256 of the leaf's DER in hexadecimal. TRUSTX_ERR_CRYPTO. */
TRUSTX_MUST_CHECK enum trustx_err finish_fingerprint(
	char hex[65], STACK_OF(X509) *certs, struct fail *f);

#endif
