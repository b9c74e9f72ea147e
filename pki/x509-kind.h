/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What a file holds, when it may not be what was asked for. */
#ifndef PKI_X509_KIND_H
#define PKI_X509_KIND_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum x509_kind {
	X509_KIND_UNKNOWN,
	X509_KIND_CERTIFICATE,
	X509_KIND_REQUEST,
	X509_KIND_PKCS7,
	X509_KIND_PRIVATE_KEY,
	X509_KIND_PUBLIC_KEY,
	X509_KIND_PARAMETERS,
	X509_KIND_CRL,
	X509_KIND_PKCS12,
	X509_KIND_TRUSTED,
};

enum x509_kind x509_kind_of_label(const char *label);		 /* of a PEM block */
enum x509_kind x509_kind_of_der(const uint8_t *der, size_t len); /* its beginning decides */

/* Could it be DER rather than text? */
bool x509_kind_is_binary(const uint8_t *data, size_t len);

const char *x509_kind_text(enum x509_kind kind); /* "a private key" */

/* TRUSTX_ERR_INPUT: "this is a private key, not a certificate". */
enum trustx_err x509_kind_wrong(enum x509_kind kind, const char *wanted, struct fail *f);

/* The size of the object at der as its header says; false if there is no SEQUENCE of known size. */
bool x509_kind_size(size_t *size, const uint8_t *der, size_t len);

/* Is it exactly one DER object? TRUSTX_ERR_INPUT says how many bytes are missing or too many. */
TRUSTX_MUST_CHECK enum trustx_err x509_kind_check_length(
	const uint8_t *der, size_t len, struct fail *f);

#endif
