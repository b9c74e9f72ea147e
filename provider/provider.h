/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * OpenSSL 3 provider "trustx": a key in the chip as an EVP_PKEY. Private operations run in the
 * chip, verification and everything public in OpenSSL's own code. Nothing is registered in the
 * default library context.
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include <openssl/evp.h>

#include "fail.h"
#include "trustx.h"

/* A library context with the default provider and this one. */
struct provider {
	OSSL_LIB_CTX *libctx;
	OSSL_PROVIDER *fallback, *chip;
};

TRUSTX_MUST_CHECK enum trustx_err provider_open(struct provider *p, struct fail *f);
void provider_close(struct provider *p); /* fine on a zeroed struct */

/*
 * The key pair in slot oid as an EVP_PKEY of p's context. se must outlive it; it is used from
 * one thread. The caller frees *key with EVP_PKEY_free. TRUSTX_ERR_CRYPTO: point not on the curve.
 */
TRUSTX_MUST_CHECK enum trustx_err provider_key(EVP_PKEY **key, const struct provider *p,
	struct trustx *se, uint16_t oid, const struct trustx_public_key *point, struct fail *f);

#endif
