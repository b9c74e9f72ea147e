/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What libcrypto says, for struct fail and struct blob. */
#ifndef PKI_OSSL_H
#define PKI_OSSL_H

#include "blob.h"
#include "fail.h"

#include <openssl/bio.h>

/*
 * As fail_set, with the first reason in libcrypto's error queue appended to why if there is one.
 * The queue is empty afterwards. Out of memory there is TRUSTX_ERR_MEMORY whatever err says.
 */
enum trustx_err ossl_fail(struct fail *f, enum trustx_err err, const char *fmt, ...)
	FAIL_PRINTF(3, 4);

/* Append what a memory BIO holds. */
TRUSTX_MUST_CHECK enum trustx_err ossl_take(struct blob *out, BIO *from);

#endif
