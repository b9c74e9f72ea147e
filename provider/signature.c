/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "signature.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "keymgmt.h"

#define DIGEST_MIN 10u /* trustx_sign */

/* One operation; it starts without a key. */
struct signing {
	const struct core *core;
	struct chip_key key; /* a copy: no point before an init */
	EVP_MD *md;	     /* NULL: the caller brings a digest of any kind */
	EVP_MD_CTX *hash;
};

/* ---- life ---- */

static void *newctx(void *provctx, const char *propq)
{
	struct signing *s = OPENSSL_zalloc(sizeof(*s));

	(void)propq;
	if (s != NULL)
		s->core = provctx;
	return s;
}

static void freectx(void *ctx)
{
	struct signing *s = ctx;

	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->hash);
	EVP_MD_free(s->md);
	OPENSSL_free(s);
}

static int copy_hash(struct signing *copy, const struct signing *s)
{
	if (s->md != NULL && EVP_MD_up_ref(s->md) != 1)
		return 0;
	copy->md = s->md;
	if (s->hash == NULL)
		return 1;
	return (copy->hash = EVP_MD_CTX_new()) != NULL &&
	       EVP_MD_CTX_copy_ex(copy->hash, s->hash) == 1;
}

static void *dupctx(void *ctx)
{
	const struct signing *s = ctx;
	struct signing *copy = OPENSSL_zalloc(sizeof(*copy));

	if (copy == NULL)
		return NULL;
	copy->core = s->core;
	copy->key = s->key;
	if (!copy_hash(copy, s)) {
		freectx(copy);
		return NULL;
	}
	return copy;
}

/* ---- parameters ---- */

static int set_digest(struct signing *s, const char *name)
{
	EVP_MD *md = EVP_MD_fetch(s->core->libctx, name, NULL);

	if (md == NULL)
		return core_raise(s->core, CORE_DIGEST, "there is no digest %s", name);
	if (EVP_MD_get_size(md) < (int)DIGEST_MIN) {
		EVP_MD_free(md);
		return core_raise(s->core, CORE_DIGEST, "digest %s has no fixed length of %u bytes",
			name, DIGEST_MIN);
	}
	EVP_MD_free(s->md);
	s->md = md;
	return 1;
}

static int set_ctx_params(void *ctx, const OSSL_PARAM params[])
{
	struct signing *s = ctx;
	const OSSL_PARAM *p;
	const char *name;

	if (params == NULL)
		return 1;
	if ((p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_DIGEST)) == NULL)
		return 1;
	if (OSSL_PARAM_get_utf8_string_ptr(p, &name) != 1)
		return core_raise(s->core, CORE_DIGEST, "the digest's name is no text");
	if (s->hash != NULL && !EVP_MD_is_a(s->md, name))
		return core_raise(s->core, CORE_DIGEST, "the digest is chosen already");
	return set_digest(s, name);
}

static const OSSL_PARAM *settable_ctx_params(void *ctx, void *provctx)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0),
		OSSL_PARAM_END,
	};

	(void)ctx;
	(void)provctx;
	return types;
}

/* DER of AlgorithmIdentifier ecdsa-with-SHA2 (RFC 5758 3.2: parameters absent). */
static int put_algorithm(OSSL_PARAM *p, const struct signing *s)
{
	X509_ALGOR *algorithm = X509_ALGOR_new();
	unsigned char *der = NULL;
	int nid = NID_undef, len = -1, ok;

	if (s->md != NULL && algorithm != NULL &&
		OBJ_find_sigid_by_algs(&nid, EVP_MD_get_type(s->md), NID_X9_62_id_ecPublicKey) &&
		X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid), V_ASN1_UNDEF, NULL) == 1)
		len = i2d_X509_ALGOR(algorithm, &der);
	if (len > 0)
		ok = OSSL_PARAM_set_octet_string(p, der, (size_t)len);
	else
		ok = core_raise(s->core, CORE_DIGEST, "no name for ECDSA with this digest");
	OPENSSL_free(der);
	X509_ALGOR_free(algorithm);
	return ok;
}

static int get_ctx_params(void *ctx, OSSL_PARAM params[])
{
	const struct signing *s = ctx;
	const char *name = s->md != NULL ? EVP_MD_get0_name(s->md) : "";
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_ALGORITHM_ID);
	if (p != NULL && !put_algorithm(p, s))
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_DIGEST);
	return p == NULL || OSSL_PARAM_set_utf8_string(p, name);
}

static const OSSL_PARAM *gettable_ctx_params(void *ctx, void *provctx)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0),
		OSSL_PARAM_END,
	};

	(void)ctx;
	(void)provctx;
	return types;
}

/* ---- a digest the caller made ---- */

/* key NULL: the one of the init before. */
static int verify_init(void *ctx, void *key, const OSSL_PARAM params[])
{
	struct signing *s = ctx;

	if (key != NULL)
		s->key = *(const struct chip_key *)key;
	if (s->key.point_len == 0)
		return core_raise(s->core, CORE_KEY, "there is no key");
	return set_ctx_params(s, params);
}

static int sign_init(void *ctx, void *key, const OSSL_PARAM params[])
{
	struct signing *s = ctx;

	if (!verify_init(s, key, params))
		return 0;
	return s->key.se != NULL || core_raise(s->core, CORE_KEY, "it is a public key only");
}

static int check_digest(const struct signing *s, size_t len)
{
	if (s->key.se == NULL)
		return core_raise(s->core, CORE_STATE, "there is no private key");
	if (len < DIGEST_MIN)
		return core_raise(s->core, CORE_DIGEST,
			"%zu bytes; the chip signs no digest below %u bytes", len, DIGEST_MIN);
	if (s->md != NULL && len != (size_t)EVP_MD_get_size(s->md))
		return core_raise(s->core, CORE_DIGEST, "%zu bytes are no digest of %s", len,
			EVP_MD_get0_name(s->md));
	return 1;
}

/* FIPS 186-5 6.4.1: of a digest longer than the curve's order the leftmost bits count. */
static int sign(void *ctx, unsigned char *sig, size_t *sig_len, size_t cap,
	const unsigned char *digest, size_t digest_len)
{
	struct signing *s = ctx;
	const struct chip_key *key = &s->key;
	size_t len = chip_key_signature(key);

	if (sig == NULL) {
		*sig_len = len;
		return 1;
	}
	if (!check_digest(s, digest_len))
		return 0;
	if (cap < len)
		return core_raise(s->core, CORE_OUTPUT, "%zu bytes, %zu are needed", cap, len);
	if (digest_len > chip_key_field(key))
		digest_len = chip_key_field(key);
	if (trustx_sign(key->se, sig, &len, key->oid, key->curve, digest, digest_len) != TRUSTX_OK)
		return core_raise(s->core, CORE_CHIP, "%s", trustx_error_text(key->se));
	*sig_len = len;
	return 1;
}

static int verify(void *ctx, const unsigned char *sig, size_t sig_len, const unsigned char *digest,
	size_t digest_len)
{
	struct signing *s = ctx;
	EVP_PKEY_CTX *by = NULL;
	EVP_PKEY *public;
	int ok = 0;

	if (s->key.point_len == 0)
		return core_raise(s->core, CORE_STATE, "there is no key");
	if ((public = chip_key_public(&s->key)) == NULL)
		goto out;
	by = EVP_PKEY_CTX_new_from_pkey(s->core->libctx, public, "provider=default");
	if (by == NULL || EVP_PKEY_verify_init(by) != 1)
		goto out;
	ok = EVP_PKEY_verify(by, sig, sig_len, digest, digest_len) == 1;
out:
	EVP_PKEY_CTX_free(by);
	EVP_PKEY_free(public);
	return ok;
}

/* ---- a message: hashed by OpenSSL ---- */

static int start_hash(struct signing *s, const char *name)
{
	EVP_MD_CTX_free(s->hash);
	s->hash = NULL;
	if (name == NULL || name[0] == '\0')
		name = s->key.curve == TRUSTX_P384 ? "SHA384" : "SHA256";
	if (!set_digest(s, name))
		return 0;
	if ((s->hash = EVP_MD_CTX_new()) == NULL)
		return 0;
	return EVP_DigestInit_ex2(s->hash, s->md, NULL);
}

static int digest_sign_init(void *ctx, const char *name, void *key, const OSSL_PARAM params[])
{
	return sign_init(ctx, key, NULL) && start_hash(ctx, name) && set_ctx_params(ctx, params);
}

static int digest_verify_init(void *ctx, const char *name, void *key, const OSSL_PARAM params[])
{
	return verify_init(ctx, key, NULL) && start_hash(ctx, name) && set_ctx_params(ctx, params);
}

static int digest_update(void *ctx, const unsigned char *data, size_t len)
{
	struct signing *s = ctx;

	if (s->hash == NULL)
		return core_raise(s->core, CORE_STATE, "nothing to hash with");
	return EVP_DigestUpdate(s->hash, data, len);
}

static int finish(struct signing *s, unsigned char *digest, unsigned *len)
{
	if (s->hash == NULL)
		return core_raise(s->core, CORE_STATE, "nothing was hashed");
	return EVP_DigestFinal_ex(s->hash, digest, len);
}

static int digest_sign_final(void *ctx, unsigned char *sig, size_t *sig_len, size_t cap)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (sig != NULL && !finish(ctx, digest, &len))
		return 0;
	return sign(ctx, sig, sig_len, cap, digest, len);
}

static int digest_verify_final(void *ctx, const unsigned char *sig, size_t sig_len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	return finish(ctx, digest, &len) && verify(ctx, sig, sig_len, digest, len);
}

const OSSL_DISPATCH signature_functions[] = {
	{ OSSL_FUNC_SIGNATURE_NEWCTX, (void (*)(void))newctx },
	{ OSSL_FUNC_SIGNATURE_FREECTX, (void (*)(void))freectx },
	{ OSSL_FUNC_SIGNATURE_DUPCTX, (void (*)(void))dupctx },
	{ OSSL_FUNC_SIGNATURE_SIGN_INIT, (void (*)(void))sign_init },
	{ OSSL_FUNC_SIGNATURE_SIGN, (void (*)(void))sign },
	{ OSSL_FUNC_SIGNATURE_VERIFY_INIT, (void (*)(void))verify_init },
	{ OSSL_FUNC_SIGNATURE_VERIFY, (void (*)(void))verify },
	{ OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, (void (*)(void))digest_sign_init },
	{ OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, (void (*)(void))digest_update },
	{ OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, (void (*)(void))digest_sign_final },
	{ OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT, (void (*)(void))digest_verify_init },
	{ OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_UPDATE, (void (*)(void))digest_update },
	{ OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_FINAL, (void (*)(void))digest_verify_final },
	{ OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, (void (*)(void))get_ctx_params },
	{ OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, (void (*)(void))gettable_ctx_params },
	{ OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, (void (*)(void))set_ctx_params },
	{ OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, (void (*)(void))settable_ctx_params },
	{ 0, NULL },
};
