/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* PKCS#10 certification requests (RFC 2986). */
#ifndef PKI_CSR_H
#define PKI_CSR_H

#include "blob.h"
#include "fail.h"

#include <openssl/x509.h>

#define CSR_PEM_MAX 4096 /* AWS IoT, CreateCertificateFromCsr */

struct csr_request {
	const X509_NAME *subject;
	const char *const *san; /* "dns:..", "uri:..", "ip:..", "email:..", filled in */
	size_t san_count;
	OSSL_LIB_CTX *libctx; /* where key lives; NULL: the default */
};

/*
 * PEM of a version 1 request: subject, key, extensionRequest with keyUsage digitalSignature
 * (critical not set, as the ancestor) and SAN; SHA-256 for P-256, SHA-384 for P-384. One
 * signature by key, none if a check before it fails. TRUSTX_ERR_INPUT: a SAN is malformed, or
 * the key is neither P-256 nor P-384. TRUSTX_ERR_TOO_BIG: with the longest possible signature it
 * has more than 4096 characters. TRUSTX_ERR_CRYPTO: signing failed. TRUSTX_ERR_MISMATCH: the
 * signature does not verify.
 */
TRUSTX_MUST_CHECK enum trustx_err csr_create(
	struct blob *pem, const struct csr_request *request, EVP_PKEY *key, struct fail *f);

/* PEM or DER, nothing behind it, lengths exact. TRUSTX_ERR_INPUT. Free with X509_REQ_free. */
TRUSTX_MUST_CHECK enum trustx_err csr_parse(
	X509_REQ **req, const void *data, size_t len, struct fail *f);

/* Is the signature right? TRUSTX_ERR_MISMATCH if not. */
TRUSTX_MUST_CHECK enum trustx_err csr_verify(X509_REQ *req, struct fail *f);

#endif
