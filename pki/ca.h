/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A local CA in a directory of mode 0700: root.pem, root.key (0600, optionally encrypted), with
 * an intermediate also intermediate.pem and .key; index.txt, one line for each certificate
 * issued; issued/SERIAL.pem.
 */
#ifndef PKI_CA_H
#define PKI_CA_H

#include "blob.h"
#include "fail.h"

#include <openssl/x509.h>

#include <stdbool.h>

struct ca_options {
	const char *subject;	/* default "CN=trustx local CA " and 8 random digits */
	const char *passphrase; /* NULL: keys are not encrypted */
	bool intermediate;	/* sign leaves with an intermediate, not with the root */
};

/* Make a new CA. TRUSTX_ERR_EXISTS: there is one. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err ca_init(
	const char *dir, const struct ca_options *opt, struct fail *f);

struct ca;

/* Open for signing, locked against other processes. passphrase NULL: none. TRUSTX_ERR_INPUT: no
 * CA there, half made, open to others, passphrase missing or wrong. TRUSTX_ERR_IN_USE: locked for
 * more than 5 s. Free with ca_close. */
TRUSTX_MUST_CHECK enum trustx_err ca_open(
	struct ca **ca, const char *dir, const char *passphrase, struct fail *f);
void ca_close(struct ca *ca); /* NULL is fine */

/* Is the key encrypted (so that a passphrase must be asked for)? */
bool ca_is_encrypted(const char *dir);

#define CA_FOREVER 0 /* notAfter 99991231235959Z, RFC 5280 4.1.2.5 */

/*
 * A leaf certificate for the request: subject, public key and SAN are copied, nothing else.
 * certs: the leaf, then the intermediate if there is one. The index is synced before it returns.
 * TRUSTX_ERR_MISMATCH: the request's signature is wrong. TRUSTX_ERR_EXISTS: this public key is
 * certified already for another subject. The same key and subject again gives a new certificate.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_sign(
	STACK_OF(X509) **certs, struct ca *ca, X509_REQ *req, unsigned days, struct fail *f);

/* The roots to verify with (root.pem). Needs no passphrase. */
TRUSTX_MUST_CHECK enum trustx_err ca_roots(STACK_OF(X509) **roots, const char *dir, struct fail *f);

/* The certificate that signs leaves: the intermediate if there is one, else the root. Free with
 * X509_free. */
TRUSTX_MUST_CHECK enum trustx_err ca_issuer(X509 **issuer, const char *dir, struct fail *f);

/* ca show: one row for each certificate issued, oldest first. Free the array with free. */
struct ca_entry {
	char serial[41];	      /* hex */
	char issued[21], expires[21]; /* RFC 3339 UTC */
	char key_hash[65];	      /* SHA-256 of SubjectPublicKeyInfo, hex */
	char subject[512];
};
TRUSTX_MUST_CHECK enum trustx_err ca_list(
	struct ca_entry **entries, size_t *count, const char *dir, struct fail *f);

#endif
