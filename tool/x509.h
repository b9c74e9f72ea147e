/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certificates in the program's output. */
#ifndef TOOL_X509_H
#define TOOL_X509_H

#include "out.h"

#include <openssl/x509.h>

#define X509_FINGERPRINT_MAX 65
#define X509_SERIAL_MAX	     64
#define X509_TIME_MAX	     21

/* What is shown of a certificate; subject and issuer are blobs because names are long. */
struct x509_words {
	char serial[X509_SERIAL_MAX];	/* lower-case hexadecimal */
	char not_before[X509_TIME_MAX]; /* RFC 3339, UTC */
	char not_after[X509_TIME_MAX];
	char fingerprint[X509_FINGERPRINT_MAX]; /* SHA-256 of the DER */
	struct blob subject, issuer;
};

/* TRUSTX_ERR_CRYPTO, TRUSTX_ERR_MEMORY. Free with x509_words_free, in every case. */
TRUSTX_MUST_CHECK enum trustx_err x509_words(struct x509_words *words, X509 *cert, struct fail *f);
void x509_words_free(struct x509_words *words);

/* An object {subject, issuer, serial, not_before, not_after, fingerprint} and lines of text. */
TRUSTX_MUST_CHECK enum trustx_err x509_print(
	struct out *o, const char *key, X509 *cert, struct fail *f);

/* The same for all, as an array. */
TRUSTX_MUST_CHECK enum trustx_err x509_print_all(
	struct out *o, const char *key, STACK_OF(X509) *certs, struct fail *f);

/* All as PEM, appended. */
TRUSTX_MUST_CHECK enum trustx_err x509_pem_all(
	struct blob *pem, STACK_OF(X509) *certs, struct fail *f);

#endif
