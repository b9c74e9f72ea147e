/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "provider.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "core.h"
#include "keymgmt.h"
#include "signature.h"

#define NAME	 "trustx"
#define PROPERTY "provider=" NAME

static const OSSL_ALGORITHM keymgmt_algorithms[] = {
	{ "EC:id-ecPublicKey:1.2.840.10045.2.1", PROPERTY, keymgmt_functions,
		"EC key in an OPTIGA Trust chip" },
	{ NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM signature_algorithms[] = {
	{ "ECDSA", PROPERTY, signature_functions, "ECDSA by an OPTIGA Trust chip" },
	{ NULL, NULL, NULL, NULL },
};

/* ---- the provider as OpenSSL sees it ---- */

static const OSSL_PARAM *gettable_params(void *provctx)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, NULL, 0),
		OSSL_PARAM_int(OSSL_PROV_PARAM_STATUS, NULL),
		OSSL_PARAM_END,
	};

	(void)provctx;
	return types;
}

static int get_params(void *provctx, OSSL_PARAM params[])
{
	OSSL_PARAM *p;

	(void)provctx;
	p = OSSL_PARAM_locate(params, OSSL_PROV_PARAM_NAME);
	if (p != NULL && OSSL_PARAM_set_utf8_ptr(p, NAME) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PROV_PARAM_STATUS);
	return p == NULL || OSSL_PARAM_set_int(p, 1);
}

static const OSSL_ALGORITHM *query_operation(void *provctx, int operation_id, int *no_cache)
{
	(void)provctx;
	*no_cache = 0;
	if (operation_id == OSSL_OP_KEYMGMT)
		return keymgmt_algorithms;
	if (operation_id == OSSL_OP_SIGNATURE)
		return signature_algorithms;
	return NULL;
}

static const OSSL_ITEM *get_reason_strings(void *provctx)
{
	(void)provctx;
	return core_reason_strings;
}

static void teardown(void *provctx)
{
	OPENSSL_free(provctx);
}

static const OSSL_DISPATCH provider_functions[] = {
	{ OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))teardown },
	{ OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, (void (*)(void))gettable_params },
	{ OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))get_params },
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query_operation },
	{ OSSL_FUNC_PROVIDER_GET_REASON_STRINGS, (void (*)(void))get_reason_strings },
	{ 0, NULL },
};

/* The core's context is the library's own only because this provider is linked in: provider-base(7). */
static int init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
	void **provctx)
{
	OSSL_FUNC_core_get_libctx_fn *get_libctx = NULL;
	struct core *core = OPENSSL_zalloc(sizeof(*core));

	if (core == NULL)
		return 0;
	for (; in->function_id != 0; in++) {
		if (in->function_id == OSSL_FUNC_CORE_GET_LIBCTX)
			get_libctx = OSSL_FUNC_core_get_libctx(in);
		else if (in->function_id == OSSL_FUNC_CORE_NEW_ERROR)
			core->new_error = OSSL_FUNC_core_new_error(in);
		else if (in->function_id == OSSL_FUNC_CORE_VSET_ERROR)
			core->vset_error = OSSL_FUNC_core_vset_error(in);
	}
	if (get_libctx == NULL || core->new_error == NULL || core->vset_error == NULL) {
		OPENSSL_free(core);
		return 0;
	}
	core->handle = handle;
	core->libctx = (OSSL_LIB_CTX *)get_libctx(handle);
	*out = provider_functions;
	*provctx = core;
	return 1;
}

/* ---- the provider as this program sees it ---- */

/* The first error of OpenSSL, its own text or the one that was given with it. */
static enum trustx_err fail_openssl(struct fail *f, const char *what)
{
	const char *text = "", *reason;
	unsigned long code = ERR_peek_error_data(&text, NULL);

	reason = ERR_reason_error_string(code);
	if (text[0] == '\0')
		text = reason != NULL ? reason : "no reason given";
	fail_set(f, TRUSTX_ERR_CRYPTO, "%s: %s", what, text);
	ERR_clear_error();
	return f->err;
}

enum trustx_err provider_open(struct provider *p, struct fail *f)
{
	ERR_clear_error();
	*p = (struct provider){ .libctx = OSSL_LIB_CTX_new() };
	if (p->libctx == NULL || OSSL_PROVIDER_add_builtin(p->libctx, NAME, init) != 1 ||
		(p->fallback = OSSL_PROVIDER_load(p->libctx, "default")) == NULL ||
		(p->chip = OSSL_PROVIDER_load(p->libctx, NAME)) == NULL ||
		/* Ours only for what is asked of it by name or by its keys. */
		EVP_set_default_properties(p->libctx, "?provider=default") != 1) {
		fail_openssl(f, "OpenSSL does not load the provider " NAME);
		provider_close(p);
		return f->err;
	}
	return TRUSTX_OK;
}

void provider_close(struct provider *p)
{
	if (p->chip != NULL)
		OSSL_PROVIDER_unload(p->chip);
	if (p->fallback != NULL)
		OSSL_PROVIDER_unload(p->fallback);
	OSSL_LIB_CTX_free(p->libctx);
	*p = (struct provider){ 0 };
}

/* OSSL_PARAM has no const form of what is only read. */
static char *group_of(const struct trustx_public_key *point)
{
	return (char *)(uintptr_t)(point->curve == TRUSTX_P384 ? "P-384" : "P-256");
}

enum trustx_err provider_key(EVP_PKEY **key, const struct provider *p, struct trustx *se,
	uint16_t oid, const struct trustx_public_key *point, struct fail *f)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(p->libctx, "EC", PROPERTY);
	unsigned slot = oid;
	void *handle = se;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group_of(point), 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point->point, point->point_len),
		OSSL_PARAM_construct_octet_ptr(PARAM_HANDLE, &handle, sizeof(handle)),
		OSSL_PARAM_construct_uint(PARAM_OID, &slot),
		OSSL_PARAM_construct_end(),
	};
	enum trustx_err err = TRUSTX_OK;

	*key = NULL;
	ERR_clear_error();
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, key, EVP_PKEY_KEYPAIR, params) != 1) {
		err = fail_openssl(f, "the public key cannot be used");
		fail_what(f, "use key 0x%04X", oid);
		f->oid = oid;
		*key = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return err;
}
