/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Who signs certificates: "ca:DIR" (pki/ca.h), "exec:PROGRAM" (pki/exec.h), "aws" (enroll.h). */
#ifndef FLOW_ISSUER_H
#define FLOW_ISSUER_H

#include "ca.h"
#include "device.h"

#include <openssl/x509.h>

#include <stdbool.h>

struct issuer_kind;

struct issuer {
	const struct issuer_kind *kind;
	const char *text;	/* "ca:DIR", as given */
	const char *arg;	/* behind the colon */
	const char *passphrase; /* of the CA's key, or NULL */
	struct ca *ca;		/* kept open by the caller, or NULL: opened for each signature */
};

/*
 * Understand text; nothing is opened yet. passphrase: as for ca_open. ca: a CA at DIR that the
 * caller keeps open for many chips, or NULL. All are lent for the life of the issuer.
 * TRUSTX_ERR_INPUT: unknown (lists what there is), nothing behind the colon.
 */
TRUSTX_MUST_CHECK enum trustx_err issuer_init(struct issuer *issuer, const char *text,
	const char *passphrase, struct ca *ca, struct fail *f);
void issuer_free(struct issuer *issuer); /* fine on a zeroed struct */

/* The directory of a "ca:DIR" (to ask for its passphrase before), else NULL. */
const char *issuer_ca_dir(const char *text);

/* Is it AWS IoT, which signs as a part of the registration? Then issuer_sign is not for it. */
bool issuer_is_aws(const struct issuer *issuer);

/* Roots that certificates of this issuer chain to; *roots NULL if it cannot name any (exec, aws).
 * Free as cert_parse says. */
TRUSTX_MUST_CHECK enum trustx_err issuer_roots(
	STACK_OF(X509) **roots, struct issuer *issuer, struct fail *f);

struct issuer_request {
	const char *csr_pem;
	const char *uid, *serial; /* for exec */
	unsigned days;		  /* for ca; CA_FOREVER */
	bool (*stop)(void);	  /* for exec: asked while it runs; may be NULL */
};

/* Certificates, leaf first. Errors of ca_open (in use by another process: after 10 s), ca_sign and
 * exec_issue. */
TRUSTX_MUST_CHECK enum trustx_err issuer_sign(STACK_OF(X509) **certs, struct issuer *issuer,
	const struct issuer_request *request, struct fail *f);

#endif
