/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* One certificate from DER. */
#ifndef PKI_CERT_DER_H
#define PKI_CERT_DER_H

#include "fail.h"

#include <openssl/x509.h>

/* All of der, in the one encoding DER allows. TRUSTX_ERR_INPUT. Free with X509_free. */
TRUSTX_MUST_CHECK enum trustx_err cert_from_der(
	X509 **cert, const uint8_t *der, size_t len, struct fail *f);

/* The same, pushed on certs. */
TRUSTX_MUST_CHECK enum trustx_err cert_push_der(
	STACK_OF(X509) *certs, const uint8_t *der, size_t len, struct fail *f);

#endif
