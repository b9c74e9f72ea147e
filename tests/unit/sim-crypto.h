/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What a host with OpenSSL does with the keys, signatures and secrets of a simulated chip. */
#ifndef TESTS_SIM_CRYPTO_H
#define TESTS_SIM_CRYPTO_H

#include "sim-host.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

static inline EVP_PKEY *crypto_key(const char *group, const uint8_t *point, size_t len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(
			OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)group, strlen(group)),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (uint8_t *)(uintptr_t)point, len),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	CHECK_INT(EVP_PKEY_fromdata_init(ctx), 1);
	CHECK_INT(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Two padded INTEGERs, as the chip writes them, to DER. */
static inline size_t crypto_der(uint8_t *der, const uint8_t *sig, size_t len, size_t size)
{
	ECDSA_SIG *s = ECDSA_SIG_new();
	size_t rlen = sig[1], slen = sig[3 + rlen];
	unsigned char *at = der;

	CHECK_INT(sig[0], 2);
	CHECK_INT(sig[2 + rlen], 2);
	CHECK_INT(4 + rlen + slen, len);
	CHECK(rlen == size || (rlen == size + 1 && sig[2] == 0 && (sig[3] & 0x80)));
	CHECK(slen == size || (slen == size + 1 && sig[4 + rlen] == 0 && (sig[5 + rlen] & 0x80)));
	ECDSA_SIG_set0(
		s, BN_bin2bn(sig + 2, (int)rlen, NULL), BN_bin2bn(sig + 4 + rlen, (int)slen, NULL));
	len = (size_t)i2d_ECDSA_SIG(s, &at);
	ECDSA_SIG_free(s);
	return len;
}

static inline bool crypto_verifies(EVP_PKEY *key, const struct host *h, const char *digest)
{
	uint8_t der[120], hash[64];
	size_t hash_len = host_bytes(hash, sizeof(hash), digest);
	size_t size = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	size_t len = crypto_der(der, h->data, h->len, size);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok;

	CHECK_INT(EVP_PKEY_verify_init(ctx), 1);
	ok = EVP_PKEY_verify(ctx, der, len, hash, hash_len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* The shared secret of a key of our own and a point of the chip. */
static inline size_t crypto_agree(uint8_t *secret, size_t cap, EVP_PKEY *own, EVP_PKEY *peer)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);

	CHECK_INT(EVP_PKEY_derive_init(ctx), 1);
	CHECK_INT(EVP_PKEY_derive_set_peer(ctx, peer), 1);
	CHECK_INT(EVP_PKEY_derive(ctx, secret, &cap), 1);
	EVP_PKEY_CTX_free(ctx);
	return cap;
}

static inline size_t crypto_point(uint8_t *point, size_t cap, EVP_PKEY *key)
{
	size_t len = 0;

	CHECK_INT(EVP_PKEY_get_octet_string_param(
			  key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, cap, &len),
		1);
	return len;
}

static inline void crypto_prf(uint8_t *out, size_t len, const uint8_t *secret, size_t secret_len,
	const uint8_t *seed, size_t seed_len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t) "SHA256", 6),
		OSSL_PARAM_octet_string(
			OSSL_KDF_PARAM_SECRET, (uint8_t *)(uintptr_t)secret, secret_len),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SEED, (uint8_t *)(uintptr_t)seed, seed_len),
		OSSL_PARAM_END,
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);

	CHECK_INT(EVP_KDF_derive(ctx, out, len, params), 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

#endif
