/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Private keys of the local CA: PKCS#8 in PEM, mode 0600, optionally PBES2 with scrypt. */
#ifndef PKI_CA_KEY_H
#define PKI_CA_KEY_H

#include "fail.h"

#include <openssl/evp.h>

#include <stdbool.h>

/* A new P-256 key, written to path; passphrase NULL: not encrypted. Free with EVP_PKEY_free. */
TRUSTX_MUST_CHECK enum trustx_err ca_key_make(
	EVP_PKEY **key, const char *path, const char *passphrase, struct fail *f);

/*
 * TRUSTX_ERR_INPUT: others may read the file, it is no key, it is encrypted and the passphrase is
 * missing or wrong. Free with EVP_PKEY_free.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_key_load(
	EVP_PKEY **key, const char *path, const char *passphrase, struct fail *f);

bool ca_key_is_encrypted(const char *path);

#endif
