/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The certificate of a registration: from AWS's answer, from a lost one, or new. */
#ifndef FLOW_ADOPT_H
#define FLOW_ADOPT_H

#include "enroll.h"

/* Does a certificate serve this run? */
typedef bool enroll_fits(void *ctx, STACK_OF(X509) *certs);

/* Is the leaf for the key of this registration? */
bool enroll_has_key(const struct enroll *e, STACK_OF(X509) *certs);

/*
 * old, lying in the slot (or NULL), is going to be overwritten: one that AWS has of this key is to
 * be deactivated when the new one is active.
 */
TRUSTX_MUST_CHECK enum trustx_err enroll_replaces(
	struct enroll *e, STACK_OF(X509) *old, struct fail *f);

/* The certificate in AWS's answer to an earlier run; *certs NULL: there is none. */
TRUSTX_MUST_CHECK enum trustx_err enroll_stored(
	STACK_OF(X509) **certs, struct enroll *e, struct fail *f);

/* The certificate is e's: told to the journal. */
TRUSTX_MUST_CHECK enum trustx_err enroll_accept(
	struct enroll *e, STACK_OF(X509) *certs, struct fail *f);

/* It must not be used: an orphan, accounted for. why: half a sentence. */
TRUSTX_MUST_CHECK enum trustx_err enroll_reject(struct enroll *e, const char *why, struct fail *f);

/*
 * A certificate for csr_pem: one that an earlier call made, if its answer was lost, found by its
 * key among those that are INACTIVE; else a new one. TRUSTX_ERR_ISSUER also if the answer was
 * lost: the next run finds out.
 */
TRUSTX_MUST_CHECK enum trustx_err enroll_issue(STACK_OF(X509) **certs, struct enroll *e,
	const char *csr_pem, enroll_fits *fits, void *ctx, struct fail *f);

/* The certificate of a local CA, that is to be registered: its id is its SHA-256. */
TRUSTX_MUST_CHECK enum trustx_err enroll_local(
	struct enroll *e, STACK_OF(X509) *certs, struct fail *f);

#endif
