/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Key management: a key in the chip, its public point on the host. */
#ifndef PROVIDER_KEYMGMT_H
#define PROVIDER_KEYMGMT_H

#include <openssl/evp.h>

#include "core.h"
#include "trustx.h"

/*
 * Parameters of EVP_PKEY_fromdata beside OSSL_PKEY_PARAM_GROUP_NAME and _PUB_KEY. Without a handle
 * it is a public key: what OpenSSL makes of another provider's key to compare it with ours.
 */
#define PARAM_HANDLE "trustx-handle" /* octet pointer: the struct trustx */
#define PARAM_OID    "trustx-oid"    /* unsigned integer */

struct chip_key {
	const struct core *core;
	struct trustx *se; /* the caller's; NULL: a public key only */
	uint16_t oid;
	enum trustx_curve curve;
	uint8_t point[TRUSTX_POINT_MAX];
	size_t point_len; /* 0: not imported yet */
};

/* Bytes of the curve's field, and of the longest digest the chip signs: 32 or 48. */
size_t chip_key_field(const struct chip_key *key);

/* Bytes of the longest signature. */
size_t chip_key_signature(const struct chip_key *key);

/* The public half as a key of the default provider; NULL, with an error raised by OpenSSL, if the
 * point is not on the curve. The caller frees it with EVP_PKEY_free. */
EVP_PKEY *chip_key_public(const struct chip_key *key);

extern const OSSL_DISPATCH keymgmt_functions[];

#endif
