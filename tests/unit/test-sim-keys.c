/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define ABC_DIGEST "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static const struct sim_options seeded = { .has_seed = true, .seed = 7 };

static void start(struct host *h, const struct sim_options *opt)
{
	host_remove("chip");
	host_attach(h, host_open("chip", opt));
	host_open_application(h);
}

static EVP_PKEY *key_from_point(const char *group, const uint8_t *point, size_t len)
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
static size_t to_der(uint8_t *der, const uint8_t *sig, size_t len, size_t size)
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

static bool verifies(EVP_PKEY *key, const struct host *h, const char *digest)
{
	uint8_t der[120], hash[64];
	size_t hash_len = host_bytes(hash, sizeof(hash), digest);
	size_t size = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	size_t len = to_der(der, h->data, h->len, size);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok;

	CHECK_INT(EVP_PKEY_verify_init(ctx), 1);
	ok = EVP_PKEY_verify(ctx, der, len, hash, hash_len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* The certificate in 0xE0E0, its TLS-identity header checked and taken off. */
static X509 *infineon_certificate(struct host *h)
{
	const unsigned char *at = h->data + 9;
	X509 *x;

	CHECK_INT(host_run(h, "01 00 0002 E0E0"), 0);
	CHECK_INT(h->data[0], 0xC0);
	CHECK_INT(h->data[1] << 8 | h->data[2], h->len - 3);
	CHECK_INT(h->data[3] << 16 | h->data[4] << 8 | h->data[5], h->len - 6);
	CHECK_INT(h->data[6] << 16 | h->data[7] << 8 | h->data[8], h->len - 9);
	x = d2i_X509(NULL, &at, (long)h->len - 9);
	CHECK(x != NULL && at == h->data + h->len);
	return x;
}

static X509_STORE *exported_root(void)
{
	X509_STORE *store = X509_STORE_new();
	struct blob pem;
	struct fail f;
	BIO *bio;
	X509 *x;
	int n = 0;

	blob_init(&pem, 8192);
	CHECK_OK(sim_root_pem(&pem, &f));
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		CHECK_INT(X509_STORE_add_cert(store, x), 1);
		X509_free(x);
		n++;
	}
	CHECK_INT(n, 2);
	BIO_free(bio);
	blob_free(&pem);
	return store;
}

static void the_infineon_certificate_chains_to_the_root_and_names_the_key(void)
{
	X509_STORE *store = exported_root();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct host h;
	X509 *x;

	start(&h, NULL);
	x = infineon_certificate(&h);
	CHECK_INT(X509_STORE_CTX_init(ctx, store, x, NULL), 1);
	CHECK_INT(X509_verify_cert(ctx), 1);
	CHECK_INT(X509_NAME_entry_count(X509_get_subject_name(x)), 0);
	CHECK_INT(X509_get_signature_nid(x), NID_ecdsa_with_SHA256);
	CHECK_INT(X509_get_key_usage(x), KU_DIGITAL_SIGNATURE);
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F0"), 0);
	CHECK(verifies(X509_get0_pubkey(x), &h, ABC_DIGEST));
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	X509_free(x);
	sim_close(h.sim);
}

static void sign_in_slot(struct host *h, const char *group, const char *generate, size_t len)
{
	char apdu[400];
	EVP_PKEY *key;

	CHECK_INT(host_run(h, generate), 0);
	CHECK_INT(h->len, 3 + 3 + len);
	key = key_from_point(group, h->data + 6, len);
	for (int i = 0; i < 20; i++) {
		snprintf(apdu, sizeof(apdu), "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F1");
		CHECK_INT(host_run(h, apdu), 0);
		CHECK(verifies(key, h, ABC_DIGEST));
	}
	EVP_PKEY_free(key);
}

static void generated_keys_sign(void)
{
	struct host h;

	start(&h, &seeded);
	sign_in_slot(&h, "prime256v1", "38 03 0009 01 0002 E0F1 02 0001 10", 65);
	sign_in_slot(&h, "secp384r1", "38 04 0009 01 0002 E0F1 02 0001 10", 97);
	sim_close(h.sim);
}

int main(void)
{
	RUN(the_infineon_certificate_chains_to_the_root_and_names_the_key);
	RUN(generated_keys_sign);
	return 0;
}
