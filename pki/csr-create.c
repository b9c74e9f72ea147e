/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "csr.h"

#include "ossl.h"
#include "san.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#define POINT_MAX     97 /* uncompressed, P-384 */
#define SIGNATURE_MAX 104
#define PEM_ROOM      (1u << 20)

struct curve {
	int nid;
	const char *name, *digest;
	int algorithm;
	int signature_max; /* DER of two integers, both with their leading zero */
};

static const struct curve curves[] = {
	{ NID_X9_62_prime256v1, "P-256", "SHA256", NID_ecdsa_with_SHA256, 72 },
	{ NID_secp384r1, "P-384", "SHA384", NID_ecdsa_with_SHA384, SIGNATURE_MAX },
};

static enum trustx_err find_curve(const struct curve **curve, EVP_PKEY *key, struct fail *f)
{
	char name[64];
	int nid = NID_undef;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) == 1 &&
		(nid = OBJ_txt2nid(name)) == NID_undef)
		nid = EC_curve_nist2nid(name);
	ERR_clear_error();
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (curves[i].nid != nid)
			continue;
		*curve = &curves[i];
		return TRUSTX_OK;
	}
	return fail_set(f, TRUSTX_ERR_INPUT, "the key is neither P-256 nor P-384");
}

/* The public half as an ordinary key: the provider of key need not know how to encode it. */
static EVP_PKEY *public_half(const struct curve *curve, EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	unsigned char point[POINT_MAX];
	char *name = OPENSSL_strdup(curve->name);
	EVP_PKEY *half = NULL;
	size_t len = 0;

	if (ctx != NULL && name != NULL &&
		EVP_PKEY_get_octet_string_param(
			key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &len) == 1) {
		OSSL_PARAM params[] = {
			OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
			OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, len),
			OSSL_PARAM_construct_end(),
		};

		if (EVP_PKEY_fromdata_init(ctx) != 1 ||
			EVP_PKEY_fromdata(ctx, &half, EVP_PKEY_PUBLIC_KEY, params) != 1)
			half = NULL;
	}
	OPENSSL_free(name);
	EVP_PKEY_CTX_free(ctx);
	return half;
}

static int push_extension(STACK_OF(X509_EXTENSION) *extensions, int nid, int critical, void *value)
{
	X509_EXTENSION *extension = X509V3_EXT_i2d(nid, critical, value);

	if (extension != NULL && sk_X509_EXTENSION_push(extensions, extension) > 0)
		return 1;
	X509_EXTENSION_free(extension);
	return 0;
}

static int add_extensions(X509_REQ *req, GENERAL_NAMES *san)
{
	STACK_OF(X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null();
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	int ok = extensions != NULL && usage != NULL &&
		 ASN1_BIT_STRING_set_bit(usage, 0, 1) == 1 && /* digitalSignature */
		 push_extension(extensions, NID_key_usage, 0, usage);

	if (ok && sk_GENERAL_NAME_num(san) > 0)
		ok = push_extension(extensions, NID_subject_alt_name, 0, san);
	ok = ok && X509_REQ_add_extensions(req, extensions) == 1;
	ASN1_BIT_STRING_free(usage);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return ok;
}

static enum trustx_err build(X509_REQ *req, const struct csr_request *request,
	const struct curve *curve, EVP_PKEY *key, struct fail *f)
{
	EVP_PKEY *half = NULL;
	GENERAL_NAMES *san = NULL;
	enum trustx_err err;

	if ((err = san_parse(&san, request->san, request->san_count, f)) != TRUSTX_OK)
		goto out;
	if ((half = public_half(curve, key)) == NULL ||
		X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
		X509_REQ_set_subject_name(req, request->subject) != 1 ||
		X509_REQ_set_pubkey(req, half) != 1 || !add_extensions(req, san)) {
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the request could not be made");
		goto out;
	}

	err = TRUSTX_OK;
out:
	GENERAL_NAMES_free(san);
	EVP_PKEY_free(half);
	return err;
}

static int set_signature(
	X509_REQ *req, const struct curve *curve, const unsigned char *signature, size_t len)
{
	X509_ALGOR *algorithm = X509_ALGOR_new();
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
	int ok = algorithm != NULL && bits != NULL &&
		 X509_ALGOR_set0(algorithm, OBJ_nid2obj(curve->algorithm), V_ASN1_UNDEF, NULL) &&
		 X509_REQ_set1_signature_algo(req, algorithm) &&
		 ASN1_STRING_set(bits, signature, (int)len);

	if (ok) {
		/* No unused bits, whatever zeros the signature ends with. */
		bits->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 7L);
		bits->flags |= ASN1_STRING_FLAG_BITS_LEFT;
		X509_REQ_set0_signature(req, bits);
		bits = NULL; /* transferred */
	}
	ASN1_BIT_STRING_free(bits);
	X509_ALGOR_free(algorithm);
	return ok;
}

static enum trustx_err print_pem(struct blob *pem, X509_REQ *req, struct fail *f)
{
	BIO *out = BIO_new(BIO_s_mem());
	enum trustx_err err;

	if (out == NULL || PEM_write_bio_X509_REQ(out, req) != 1)
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the request could not be encoded");
	else if ((err = ossl_take(pem, out)) != TRUSTX_OK)
		fail_set(f, err, "the request could not be stored");
	BIO_free(out);
	return err;
}

/* With the longest signature, so that no signature is made in vain or by chance too long. */
static enum trustx_err check_size(X509_REQ *req, const struct curve *curve, struct fail *f)
{
	static const unsigned char longest[SIGNATURE_MAX] = { 0 };
	enum trustx_err err;
	struct blob pem;

	blob_init(&pem, PEM_ROOM);
	if (!set_signature(req, curve, longest, (size_t)curve->signature_max))
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the request could not be made");
	else if ((err = print_pem(&pem, req, f)) == TRUSTX_OK && pem.len > CSR_PEM_MAX) {
		fail_set(f, TRUSTX_ERR_TOO_BIG,
			"the request needs %zu characters; AWS IoT takes at most %d", pem.len,
			CSR_PEM_MAX);
		err = fail_next(f, "shorten the subject or give fewer SANs");
	}
	blob_free(&pem);
	return err;
}

static enum trustx_err sign(X509_REQ *req, const struct curve *curve, OSSL_LIB_CTX *libctx,
	EVP_PKEY *key, struct fail *f)
{
	unsigned char signature[SIGNATURE_MAX], *tbs = NULL;
	int tbs_len = i2d_re_X509_REQ_tbs(req, &tbs);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = sizeof(signature);
	enum trustx_err err;

	if (tbs_len <= 0 || ctx == NULL ||
		EVP_DigestSignInit_ex(ctx, NULL, curve->digest, libctx, NULL, key, NULL) != 1 ||
		EVP_DigestSign(ctx, signature, &len, tbs, (size_t)tbs_len) != 1) {
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the key did not sign the request");
		goto out;
	}
	if (!set_signature(req, curve, signature, len)) {
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the request could not be signed");
		goto out;
	}
	err = csr_verify(req, f);
out:
	EVP_MD_CTX_free(ctx);
	OPENSSL_free(tbs);
	return err;
}

enum trustx_err csr_create(
	struct blob *pem, const struct csr_request *request, EVP_PKEY *key, struct fail *f)
{
	const struct curve *curve = NULL;
	enum trustx_err err;
	X509_REQ *req;

	ERR_clear_error();
	if ((err = find_curve(&curve, key, f)) != TRUSTX_OK)
		return err;
	if ((req = X509_REQ_new()) == NULL)
		return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = build(req, request, curve, key, f)) != TRUSTX_OK ||
		(err = check_size(req, curve, f)) != TRUSTX_OK ||
		(err = sign(req, curve, request->libctx, key, f)) != TRUSTX_OK)
		goto out;
	err = print_pem(pem, req, f);
out:
	X509_REQ_free(req);
	return err;
}
