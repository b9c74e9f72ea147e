/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* X.509 certificates (RFC 5280) and how they lie in a slot of the chip. */
#ifndef PKI_CERT_H
#define PKI_CERT_H

#include "blob.h"
#include "fail.h"

#include <openssl/x509.h>

#include <stdbool.h>
#include <time.h>

/*
 * PEM (one or several), DER or PKCS#7 (PEM, DER) to certificates, leaf first, order kept. Text in
 * front of and between PEM blocks is skipped; anything else there and everything behind the last is
 * TRUSTX_ERR_INPUT, as are an empty file and what is no certificate. Free with
 * sk_X509_pop_free(*certs, X509_free).
 */
TRUSTX_MUST_CHECK enum trustx_err cert_parse(
	STACK_OF(X509) **certs, const void *data, size_t len, struct fail *f);

/* Append as PEM. */
TRUSTX_MUST_CHECK enum trustx_err cert_pem(struct blob *pem, X509 *cert, struct fail *f);

/* Report as the ancestor printed it: "cert. version     : 3" ... "key usage : Digital Signature" */
TRUSTX_MUST_CHECK enum trustx_err cert_report(struct blob *text, X509 *cert, struct fail *f);

/* "0x000000: c0 02 .. .........0...0.." lines as the ancestor printed them. */
TRUSTX_MUST_CHECK enum trustx_err cert_hexdump(struct blob *text, const uint8_t *data, size_t len);

/* ---- in a slot: trust-x slot formats, OPTIGA Trust M SRM "Public Key Certificate" ---- */

enum cert_format { CERT_FORMAT_TLS_IDENTITY, CERT_FORMAT_DER };

/* Append the slot's content. CERT_FORMAT_DER with more than one: TRUSTX_ERR_INPUT. More than slot
 * may hold or the format can say: TRUSTX_ERR_TOO_BIG, nothing appended. */
TRUSTX_MUST_CHECK enum trustx_err cert_to_slot(
	struct blob *slot, STACK_OF(X509) *certs, enum cert_format format, struct fail *f);

/* Does a slot with this content count as empty (no byte, or zeros only)? */
bool cert_slot_is_empty(const uint8_t *data, size_t len);

/* Both formats; zeros behind the content are fine (used size of a fresh slot). */
TRUSTX_MUST_CHECK enum trustx_err cert_from_slot(STACK_OF(X509) **certs, enum cert_format *format,
	const uint8_t *data, size_t len, struct fail *f);

/* ---- checks ---- */

/* The leaf's uncompressed point: *len capacity in (97 is enough), length out. TRUSTX_ERR_INPUT:
 * no P-256 or P-384 key. */
TRUSTX_MUST_CHECK enum trustx_err cert_point(
	uint8_t *point, size_t *len, X509 *cert, struct fail *f);

/* TRUSTX_ERR_MISMATCH outside notBefore..notAfter (9999-12-31 never ends). */
TRUSTX_MUST_CHECK enum trustx_err cert_check_dates(X509 *cert, time_t now, struct fail *f);

/* Leaf, then the others in certs, up to one of roots, dates as of now, CA constraints included
 * (X509_verify_cert, self-signed or partial root). TRUSTX_ERR_MISMATCH says which step failed. */
TRUSTX_MUST_CHECK enum trustx_err cert_check_chain(
	STACK_OF(X509) *certs, STACK_OF(X509) *roots, time_t now, struct fail *f);

/* Do subject and SAN of the certificate equal those of the request? TRUSTX_ERR_MISMATCH. */
TRUSTX_MUST_CHECK enum trustx_err cert_check_request(X509 *cert, X509_REQ *req, struct fail *f);

#endif
