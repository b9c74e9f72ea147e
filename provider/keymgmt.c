/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keymgmt.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#define PUBLIC_AND_DOMAIN (OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_ALL_PARAMETERS)

struct curve {
	enum trustx_curve id;
	const char *group, *other_name, *digest;
	size_t field, signature;
	int bits, security_bits;
};

static const struct curve curves[] = {
	{ TRUSTX_P256, SN_X9_62_prime256v1, "P-256", "SHA256", 32, 72, 256, 128 },
	{ TRUSTX_P384, SN_secp384r1, "P-384", "SHA384", 48, 104, 384, 192 },
};

static const struct curve *curve_of(const struct chip_key *key)
{
	return key->curve == TRUSTX_P384 ? &curves[1] : &curves[0];
}

size_t chip_key_field(const struct chip_key *key)
{
	return curve_of(key)->field;
}

size_t chip_key_signature(const struct chip_key *key)
{
	return curve_of(key)->signature;
}

/* OSSL_PARAM has no const form of what is only read. */
static char *group_name(const struct chip_key *key)
{
	return (char *)(uintptr_t)curve_of(key)->group;
}

EVP_PKEY *chip_key_public(const struct chip_key *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(key->core->libctx, "EC", "provider=default");
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group_name(key), 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)key->point, key->point_len),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *public = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &public, EVP_PKEY_PUBLIC_KEY, params) != 1)
	public = NULL;
	EVP_PKEY_CTX_free(ctx);
	return public;
}

/* ---- life ---- */

static void *key_new(void *provctx)
{
	struct chip_key *key = OPENSSL_zalloc(sizeof(*key));

	if (key != NULL)
		key->core = provctx;
	return key;
}

static void key_free(void *keydata)
{
	OPENSSL_free(keydata);
}

static void *key_dup(const void *keydata, int selection)
{
	(void)selection;
	return OPENSSL_memdup(keydata, sizeof(struct chip_key));
}

static int key_has(const void *keydata, int selection)
{
	const struct chip_key *key = keydata;

	if (key == NULL || key->point_len == 0)
		return 0;
	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 || key->se != NULL;
}

static int key_match(const void *keydata, const void *other_keydata, int selection)
{
	const struct chip_key *key = keydata, *other = other_keydata;

	if (key->curve != other->curve)
		return 0;
	/* A private key is the one that belongs to the public point. */
	if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0)
		return 1;
	return key->point_len == other->point_len &&
	       memcmp(key->point, other->point, key->point_len) == 0;
}

/* ---- import ---- */

static int import_curve(struct chip_key *key, const OSSL_PARAM *p)
{
	const char *name;

	if (p == NULL || OSSL_PARAM_get_utf8_string_ptr(p, &name) != 1)
		return core_raise(key->core, CORE_KEY, "the group name is missing");
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (OPENSSL_strcasecmp(name, curves[i].group) != 0 &&
			OPENSSL_strcasecmp(name, curves[i].other_name) != 0)
			continue;
		key->curve = curves[i].id;
		return 1;
	}
	return core_raise(key->core, CORE_KEY, "the chip has no curve %s", name);
}

static int import_chip(struct chip_key *key, const OSSL_PARAM *handle, const OSSL_PARAM *oid)
{
	unsigned value;

	if (handle == NULL)
		return 1;
	if (handle->data_type != OSSL_PARAM_OCTET_PTR || handle->data == NULL)
		return core_raise(key->core, CORE_KEY, PARAM_HANDLE " is no pointer");
	memcpy(&key->se, handle->data, sizeof(struct trustx *));
	if (key->se == NULL)
		return core_raise(key->core, CORE_KEY, PARAM_HANDLE " is NULL");
	if (oid == NULL || OSSL_PARAM_get_uint(oid, &value) != 1 || value > UINT16_MAX)
		return core_raise(key->core, CORE_KEY, PARAM_OID " is missing or out of range");
	key->oid = (uint16_t)value;
	return 1;
}

static int import_point(struct chip_key *key, const OSSL_PARAM *p)
{
	const void *point;
	EVP_PKEY *public;
	size_t len;

	if (p == NULL || OSSL_PARAM_get_octet_string_ptr(p, &point, &len) != 1 ||
		len != 1 + 2 * chip_key_field(key) || *(const uint8_t *)point != 0x04)
		return core_raise(key->core, CORE_KEY, "no uncompressed point of %s",
			curve_of(key)->other_name);
	memcpy(key->point, point, len);
	key->point_len = len;
	ERR_set_mark();
	public = chip_key_public(key);
	ERR_pop_to_mark();
	if (public == NULL)
		return core_raise(key->core, CORE_KEY, "the public point is not on %s",
			curve_of(key)->other_name);
	EVP_PKEY_free(public);
	return 1;
}

static int key_import(void *keydata, int selection, const OSSL_PARAM params[])
{
	struct chip_key key = *(struct chip_key *)keydata;

	(void)selection;
	if (!import_curve(&key, OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_GROUP_NAME)) ||
		!import_point(&key, OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_PUB_KEY)) ||
		!import_chip(&key, OSSL_PARAM_locate_const(params, PARAM_HANDLE),
			OSSL_PARAM_locate_const(params, PARAM_OID)))
		return 0;
	*(struct chip_key *)keydata = key;
	return 1;
}

static const OSSL_PARAM *key_import_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
		OSSL_PARAM_octet_ptr(PARAM_HANDLE, NULL, 0),
		OSSL_PARAM_uint(PARAM_OID, NULL),
		OSSL_PARAM_END,
	};

	return (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0 ? types : NULL;
}

/* ---- export ---- */

/*
 * OpenSSL tries to export the whole key into its own provider before it signs with ours; refusing
 * that is what makes it come back here.
 */
static int key_export(void *keydata, int selection, OSSL_CALLBACK *callback, void *callback_arg)
{
	struct chip_key *key = keydata;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group_name(key), 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, key->point, key->point_len),
		OSSL_PARAM_construct_end(),
	};

	if (key->point_len == 0)
		return core_raise(key->core, CORE_KEY, "there is no key yet");
	if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0)
		return core_raise(key->core, CORE_NOT_EXPORTABLE, "key 0x%04X", key->oid);
	if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0)
		params[1] = OSSL_PARAM_construct_end();
	return callback(params, callback_arg);
}

static const OSSL_PARAM *key_export_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
		OSSL_PARAM_END,
	};

	return (selection & PUBLIC_AND_DOMAIN) != 0 ? types : NULL;
}

/* ---- parameters ---- */

static int put_int(OSSL_PARAM params[], const char *name, int value)
{
	OSSL_PARAM *p = OSSL_PARAM_locate(params, name);

	return p == NULL || OSSL_PARAM_set_int(p, value);
}

static int put_text(OSSL_PARAM params[], const char *name, const char *value)
{
	OSSL_PARAM *p = OSSL_PARAM_locate(params, name);

	return p == NULL || OSSL_PARAM_set_utf8_string(p, value);
}

static int put_point(OSSL_PARAM params[], const char *name, const struct chip_key *key)
{
	OSSL_PARAM *p = OSSL_PARAM_locate(params, name);

	return p == NULL || OSSL_PARAM_set_octet_string(p, key->point, key->point_len);
}

static int key_get_params(void *keydata, OSSL_PARAM params[])
{
	const struct chip_key *key = keydata;
	const struct curve *curve = curve_of(key);

	return put_int(params, OSSL_PKEY_PARAM_BITS, curve->bits) &&
	       put_int(params, OSSL_PKEY_PARAM_SECURITY_BITS, curve->security_bits) &&
	       put_int(params, OSSL_PKEY_PARAM_MAX_SIZE, (int)curve->signature) &&
	       put_text(params, OSSL_PKEY_PARAM_GROUP_NAME, curve->group) &&
	       put_text(params, OSSL_PKEY_PARAM_DEFAULT_DIGEST, curve->digest) &&
	       put_text(params, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_GROUP) &&
	       put_text(params, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") &&
	       put_point(params, OSSL_PKEY_PARAM_PUB_KEY, key) &&
	       put_point(params, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, key);
}

static const OSSL_PARAM *key_gettable_params(void *provctx)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_ENCODING, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, NULL, 0),
		OSSL_PARAM_END,
	};

	(void)provctx;
	return types;
}

static const char *key_query_operation_name(int operation_id)
{
	return operation_id == OSSL_OP_SIGNATURE ? "ECDSA" : NULL;
}

const OSSL_DISPATCH keymgmt_functions[] = {
	{ OSSL_FUNC_KEYMGMT_NEW, (void (*)(void))key_new },
	{ OSSL_FUNC_KEYMGMT_FREE, (void (*)(void))key_free },
	{ OSSL_FUNC_KEYMGMT_DUP, (void (*)(void))key_dup },
	{ OSSL_FUNC_KEYMGMT_HAS, (void (*)(void))key_has },
	{ OSSL_FUNC_KEYMGMT_MATCH, (void (*)(void))key_match },
	{ OSSL_FUNC_KEYMGMT_IMPORT, (void (*)(void))key_import },
	{ OSSL_FUNC_KEYMGMT_IMPORT_TYPES, (void (*)(void))key_import_types },
	{ OSSL_FUNC_KEYMGMT_EXPORT, (void (*)(void))key_export },
	{ OSSL_FUNC_KEYMGMT_EXPORT_TYPES, (void (*)(void))key_export_types },
	{ OSSL_FUNC_KEYMGMT_GET_PARAMS, (void (*)(void))key_get_params },
	{ OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, (void (*)(void))key_gettable_params },
	{ OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, (void (*)(void))key_query_operation_name },
	{ 0, NULL },
};
