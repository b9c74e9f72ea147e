/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Subject alternative names (RFC 5280 4.2.1.6). */
#ifndef PKI_SAN_H
#define PKI_SAN_H

#include "blob.h"
#include "fail.h"

#include <openssl/x509v3.h>

/* "dns:..", "uri:..", "ip:..", "email:.." to names. TRUSTX_ERR_INPUT names the one that is wrong.
 * Free with GENERAL_NAMES_free. */
TRUSTX_MUST_CHECK enum trustx_err san_parse(
	GENERAL_NAMES **names, const char *const *san, size_t count, struct fail *f);

/* One name back to text; control characters escaped. */
TRUSTX_MUST_CHECK enum trustx_err san_print(struct blob *text, GENERAL_NAME *name);

/* What a request asks for; NULL: nothing. TRUSTX_ERR_INPUT: there, but it cannot be read. Free with
 * sk_X509_EXTENSION_pop_free. */
TRUSTX_MUST_CHECK enum trustx_err san_extensions(
	X509_EXTENSIONS **list, X509_REQ *req, struct fail *f);

/* The names of a certificate or a request; NULL: it has none. TRUSTX_ERR_INPUT: malformed. Free
 * with GENERAL_NAMES_free. */
TRUSTX_MUST_CHECK enum trustx_err san_of_cert(
	GENERAL_NAMES **names, const X509 *cert, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err san_of_request(
	GENERAL_NAMES **names, X509_REQ *req, struct fail *f);

/* The first name of a that b lacks, or NULL. Lent from a. NULL sets are empty. */
GENERAL_NAME *san_missing(const GENERAL_NAMES *a, const GENERAL_NAMES *b);

#endif
