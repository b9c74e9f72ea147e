/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "finish.h"

#include "cert.h"
#include "csr.h"
#include "hex.h"

#include <openssl/err.h>

#include <string.h>

enum trustx_err finish_fingerprint(char hex[65], STACK_OF(X509) *certs, struct fail *f)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned len;

	if (X509_digest(sk_X509_value(certs, 0), EVP_sha256(), hash, &len) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "SHA-256 failed");
	hex_print(hex, hash, 32);
	return TRUSTX_OK;
}

static enum trustx_err check_key(X509 *leaf, const struct pubkey *key, struct fail *f)
{
	uint8_t point[TRUSTX_POINT_MAX];
	size_t len = sizeof(point);
	enum trustx_err err;

	err = cert_point(point, &len, leaf, f);
	if (err != TRUSTX_OK && err != TRUSTX_ERR_INPUT)
		return err;
	/* A key of another kind is another key. */
	if (err != TRUSTX_OK || len != key->point_len || memcmp(point, key->point, len) != 0)
		return fail_set(f, TRUSTX_ERR_MISMATCH,
			"the certificate is for another key than the chip's");
	return TRUSTX_OK;
}

enum trustx_err finish_check_issued(STACK_OF(X509) *certs, const struct pubkey *key,
	const struct finish_wish *wish, struct fail *f)
{
	X509 *leaf = sk_X509_value(certs, 0);
	enum trustx_err err;

	if ((err = check_key(leaf, key, f)) != TRUSTX_OK)
		return err;
	if ((err = cert_check_request(leaf, wish->sample, f)) != TRUSTX_OK)
		return err;
	if ((err = cert_check_dates(leaf, wish->now, f)) != TRUSTX_OK)
		return err;
	return wish->roots != NULL ? cert_check_chain(certs, wish->roots, wish->now, f) : TRUSTX_OK;
}

enum trustx_err finish_check(STACK_OF(X509) *certs, const struct pubkey *key,
	const struct finish_wish *wish, const struct journal *journal, struct fail *f)
{
	char hex[65];
	enum trustx_err err;

	if ((err = finish_check_issued(certs, key, wish, f)) != TRUSTX_OK || wish->roots != NULL)
		return err;
	if ((err = finish_fingerprint(hex, certs, f)) != TRUSTX_OK)
		return err;
	if (strcmp(hex, journal->certificate) != 0 || strcmp(wish->issuer, journal->issuer) != 0)
		return fail_set(f, TRUSTX_ERR_MISMATCH,
			"nothing shows that the certificate was issued by %s", wish->issuer);
	return TRUSTX_OK;
}

static bool same_extensions(X509_REQ *a, X509_REQ *b)
{
	X509_EXTENSIONS *one = X509_REQ_get_extensions(a), *two = X509_REQ_get_extensions(b);
	unsigned char *der_one = NULL, *der_two = NULL;
	int len_one = one != NULL ? i2d_X509_EXTENSIONS(one, &der_one) : 0;
	int len_two = two != NULL ? i2d_X509_EXTENSIONS(two, &der_two) : 0;
	bool same = len_one == len_two && len_one >= 0 &&
		    (len_one == 0 || memcmp(der_one, der_two, (size_t)len_one) == 0);

	OPENSSL_free(der_one);
	OPENSSL_free(der_two);
	sk_X509_EXTENSION_pop_free(one, X509_EXTENSION_free);
	sk_X509_EXTENSION_pop_free(two, X509_EXTENSION_free);
	return same;
}

static bool same_subject(X509_REQ *a, X509_REQ *b)
{
	const unsigned char *der_a, *der_b;
	size_t len_a, len_b;

	return X509_NAME_get0_der(X509_REQ_get_subject_name(a), &der_a, &len_a) == 1 &&
	       X509_NAME_get0_der(X509_REQ_get_subject_name(b), &der_b, &len_b) == 1 &&
	       len_a == len_b && memcmp(der_a, der_b, len_a) == 0;
}

static bool request_has_key(X509_REQ *req, const struct pubkey *key)
{
	struct trustx_public_key view = pubkey_view(key);
	uint8_t spki[TRUSTX_SPKI_MAX];
	size_t len = sizeof(spki);
	unsigned char *der = NULL;
	int der_len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(req), &der);
	bool same = trustx_spki(spki, &len, &view) == TRUSTX_OK && der_len > 0 &&
		    (size_t)der_len == len && memcmp(der, spki, len) == 0;

	OPENSSL_free(der);
	return same;
}

bool finish_request_fits(X509_REQ *req, const struct pubkey *key, const struct finish_wish *wish)
{
	struct fail ignored;

	return same_subject(req, wish->sample) && same_extensions(req, wish->sample) &&
	       request_has_key(req, key) && csr_verify(req, &ignored) == TRUSTX_OK;
}
