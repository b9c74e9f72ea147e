/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The provider as OpenSSL's core calls it, by its tables of functions. The core checks much before
 * it calls; what it does not check in every version is checked here.
 */
#include "test.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "core.h"
#include "fail.h"
#include "keymgmt.h"
#include "provider.h"
#include "signature.h"

/* ---- a core that keeps the last error ---- */

static struct {
	OSSL_provider_init_fn *init;
	unsigned errors;
	uint32_t reason;
	char text[200];
} kept;

int __real_OSSL_PROVIDER_add_builtin(
	OSSL_LIB_CTX *ctx, const char *name, OSSL_provider_init_fn *fn);
int __wrap_OSSL_PROVIDER_add_builtin(
	OSSL_LIB_CTX *ctx, const char *name, OSSL_provider_init_fn *fn);
int __wrap_OSSL_PROVIDER_add_builtin(OSSL_LIB_CTX *ctx, const char *name, OSSL_provider_init_fn *fn)
{
	kept.init = fn;
	return __real_OSSL_PROVIDER_add_builtin(ctx, name, fn);
}

static void new_error(const OSSL_CORE_HANDLE *handle)
{
	(void)handle;
	kept.errors++;
}

static void vset_error(const OSSL_CORE_HANDLE *handle, uint32_t reason, const char *fmt, va_list ap)
{
	(void)handle;
	kept.reason = reason;
	vsnprintf(kept.text, sizeof(kept.text), fmt, ap);
}

static OPENSSL_CORE_CTX *get_libctx(const OSSL_CORE_HANDLE *handle)
{
	(void)handle;
	return NULL;
}

static const struct core core = { .new_error = new_error, .vset_error = vset_error };

/* One error was told, for this reason. */
static void check_told(enum core_reason reason, const char *text)
{
	CHECK_INT(kept.errors, 1);
	CHECK_INT(kept.reason, reason);
	CHECK_STR(kept.text, text);
	kept.errors = 0;
}

/* ---- functions out of the tables ---- */

typedef void any_fn(void);

static any_fn *function(const OSSL_DISPATCH *table, int id)
{
	for (; table->function_id != 0; table++)
		if (table->function_id == id)
			return table->function;
	return NULL;
}

#define KEYMGMT(name, id)   ((OSSL_FUNC_##name##_fn *)function(keymgmt_functions, id))
#define SIGNATURE(name, id) ((OSSL_FUNC_##name##_fn *)function(signature_functions, id))

#define KEY_NEW	     KEYMGMT(keymgmt_new, OSSL_FUNC_KEYMGMT_NEW)
#define KEY_FREE     KEYMGMT(keymgmt_free, OSSL_FUNC_KEYMGMT_FREE)
#define KEY_HAS	     KEYMGMT(keymgmt_has, OSSL_FUNC_KEYMGMT_HAS)
#define KEY_MATCH    KEYMGMT(keymgmt_match, OSSL_FUNC_KEYMGMT_MATCH)
#define KEY_IMPORT   KEYMGMT(keymgmt_import, OSSL_FUNC_KEYMGMT_IMPORT)
#define KEY_EXPORT   KEYMGMT(keymgmt_export, OSSL_FUNC_KEYMGMT_EXPORT)
#define KEY_GET	     KEYMGMT(keymgmt_get_params, OSSL_FUNC_KEYMGMT_GET_PARAMS)
#define IMPORT_TYPES KEYMGMT(keymgmt_import_types, OSSL_FUNC_KEYMGMT_IMPORT_TYPES)
#define EXPORT_TYPES KEYMGMT(keymgmt_export_types, OSSL_FUNC_KEYMGMT_EXPORT_TYPES)
#define NAME_FOR     KEYMGMT(keymgmt_query_operation_name, OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME)

#define NEWCTX	       SIGNATURE(signature_newctx, OSSL_FUNC_SIGNATURE_NEWCTX)
#define FREECTX	       SIGNATURE(signature_freectx, OSSL_FUNC_SIGNATURE_FREECTX)
#define DUPCTX	       SIGNATURE(signature_dupctx, OSSL_FUNC_SIGNATURE_DUPCTX)
#define SIGN_INIT      SIGNATURE(signature_sign_init, OSSL_FUNC_SIGNATURE_SIGN_INIT)
#define SIGN	       SIGNATURE(signature_sign, OSSL_FUNC_SIGNATURE_SIGN)
#define VERIFY_INIT    SIGNATURE(signature_verify_init, OSSL_FUNC_SIGNATURE_VERIFY_INIT)
#define VERIFY	       SIGNATURE(signature_verify, OSSL_FUNC_SIGNATURE_VERIFY)
#define HASH_SIGN_INIT SIGNATURE(signature_digest_sign_init, OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT)
#define HASH_VERIFY_INIT \
	SIGNATURE(signature_digest_verify_init, OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT)
#define HASH_UPDATE SIGNATURE(signature_digest_sign_update, OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE)
#define HASH_SIGN   SIGNATURE(signature_digest_sign_final, OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL)
#define HASH_VERIFY \
	SIGNATURE(signature_digest_verify_final, OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_FINAL)
#define GET_PARAMS SIGNATURE(signature_get_ctx_params, OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS)
#define SET_PARAMS SIGNATURE(signature_set_ctx_params, OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS)

/* ---- keys ---- */

/* The generator of P-256 (FIPS 186-4 D.1.2.3): a point that is on the curve for certain. */
static const uint8_t generator[65] = { 0x04, 0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8,
	0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0,
	0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2, 0x96, 0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F,
	0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E, 0x16, 0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31,
	0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF, 0x51, 0xF5 };

static void *empty_key(void)
{
	void *key = KEY_NEW((void *)(uintptr_t)&core);

	CHECK(key != NULL);
	return key;
}

static int import(void *key, const char *group, int selection)
{
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
			OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)group, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)generator, sizeof(generator)),
		OSSL_PARAM_construct_end(),
	};

	return KEY_IMPORT(key, selection, params);
}

static void *public_key(void)
{
	void *key = empty_key();

	CHECK_INT(import(key, "prime256v1", OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 1);
	CHECK_INT(kept.errors, 0);
	return key;
}

static int count(const OSSL_PARAM params[], void *arg)
{
	for (; params->key != NULL; params++)
		++*(int *)arg;
	return 1;
}

static void an_empty_key_has_nothing(void)
{
	void *key = empty_key();
	int members = 0;

	CHECK_INT(KEY_HAS(NULL, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	CHECK_INT(KEY_HAS(key, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	CHECK_INT(KEY_EXPORT(key, OSSL_KEYMGMT_SELECT_PUBLIC_KEY, count, &members), 0);
	check_told(CORE_KEY, "there is no key yet");
	CHECK_INT(members, 0);
	KEY_FREE(key);
	KEY_FREE(NULL);
}

static void a_refused_import_leaves_the_key_empty(void)
{
	void *key = empty_key();

	CHECK_INT(import(key, "brainpoolP256r1", OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	check_told(CORE_KEY, "the chip has no curve brainpoolP256r1");
	CHECK_INT(import(key, "P-384", OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	check_told(CORE_KEY, "no uncompressed point of P-384");
	CHECK_INT(KEY_HAS(key, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	KEY_FREE(key);
}

static void a_public_key_has_no_private_half(void)
{
	void *key = public_key(), *other = public_key();
	int members = 0;

	CHECK_INT(KEY_HAS(key, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 1);
	CHECK_INT(KEY_HAS(key, OSSL_KEYMGMT_SELECT_KEYPAIR), 0);
	CHECK_INT(KEY_MATCH(key, other, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 1);
	CHECK_INT(KEY_EXPORT(key, OSSL_KEYMGMT_SELECT_ALL_PARAMETERS, count, &members), 1);
	CHECK_INT(members, 1);
	KEY_FREE(other);
	KEY_FREE(key);
}

static void keys_match_in_what_is_selected(void)
{
	void *key = public_key(), *empty = empty_key();

	((struct chip_key *)empty)->curve = TRUSTX_P256;
	CHECK_INT(KEY_MATCH(key, empty, OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS), 1);
	CHECK_INT(KEY_MATCH(key, empty, OSSL_KEYMGMT_SELECT_PUBLIC_KEY), 0);
	((struct chip_key *)empty)->curve = TRUSTX_P384;
	CHECK_INT(KEY_MATCH(key, empty, OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS), 0);
	KEY_FREE(empty);
	KEY_FREE(key);
}

static void a_handle_without_place_is_refused(void)
{
	unsigned oid = 0xE0F1;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
			OSSL_PKEY_PARAM_GROUP_NAME, (char[]){ "P-256" }, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)generator, sizeof(generator)),
		OSSL_PARAM_construct_octet_ptr(PARAM_HANDLE, NULL, 0),
		OSSL_PARAM_construct_uint(PARAM_OID, &oid),
		OSSL_PARAM_construct_end(),
	};
	void *key = empty_key();

	CHECK_INT(KEY_IMPORT(key, OSSL_KEYMGMT_SELECT_KEYPAIR, params), 0);
	check_told(CORE_KEY, PARAM_HANDLE " is no pointer");
	KEY_FREE(key);
}

static void types_are_listed_for_what_can_be_moved(void)
{
	CHECK(IMPORT_TYPES(OSSL_KEYMGMT_SELECT_KEYPAIR) != NULL);
	CHECK(IMPORT_TYPES(OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS) == NULL);
	CHECK(EXPORT_TYPES(OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != NULL);
	CHECK(EXPORT_TYPES(OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == NULL);
	CHECK_STR(NAME_FOR(OSSL_OP_SIGNATURE), "ECDSA");
	CHECK(NAME_FOR(OSSL_OP_KEYEXCH) == NULL);
}

/* Each parameter alone, into a place that is too small for it. */
static void no_parameter_is_cut_short(void)
{
	static const char *const numbers[] = { OSSL_PKEY_PARAM_BITS, OSSL_PKEY_PARAM_SECURITY_BITS,
		OSSL_PKEY_PARAM_MAX_SIZE };
	static const char *const texts[] = { OSSL_PKEY_PARAM_GROUP_NAME,
		OSSL_PKEY_PARAM_DEFAULT_DIGEST, OSSL_PKEY_PARAM_EC_ENCODING,
		OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT };
	static const char *const points[] = { OSSL_PKEY_PARAM_PUB_KEY,
		OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY };
	void *key = public_key();
	char small[2] = { 0 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CHECK_INT(KEY_GET(key, (OSSL_PARAM[]){ OSSL_PARAM_construct_utf8_string(
							       numbers[i], small, sizeof(small)),
					       OSSL_PARAM_construct_end() }),
			0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_INT(KEY_GET(key, (OSSL_PARAM[]){ OSSL_PARAM_construct_utf8_string(
							       texts[i], small, sizeof(small)),
					       OSSL_PARAM_construct_end() }),
			0);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		CHECK_INT(KEY_GET(key, (OSSL_PARAM[]){ OSSL_PARAM_construct_octet_string(
							       points[i], small, sizeof(small)),
					       OSSL_PARAM_construct_end() }),
			0);
	CHECK(small[0] == 0 && small[1] == 0);
	KEY_FREE(key);
}

/* ---- operations ---- */

static void *operation(void)
{
	void *ctx = NEWCTX((void *)(uintptr_t)&core, NULL);

	CHECK(ctx != NULL);
	return ctx;
}

static void an_operation_without_key_does_nothing(void)
{
	uint8_t sig[TRUSTX_SIG_MAX] = { 0 }, digest[32] = { 0 };
	void *ctx = operation(), *key = empty_key(), *copy;
	size_t len = sizeof(sig);

	CHECK_INT(SIGN_INIT(ctx, NULL, NULL), 0);
	check_told(CORE_KEY, "there is no key");
	CHECK_INT(VERIFY_INIT(ctx, key, NULL), 0);
	check_told(CORE_KEY, "there is no key");
	CHECK_INT(HASH_SIGN_INIT(ctx, "SHA256", NULL, NULL), 0);
	check_told(CORE_KEY, "there is no key");
	CHECK_INT(HASH_VERIFY_INIT(ctx, "SHA256", NULL, NULL), 0);
	check_told(CORE_KEY, "there is no key");
	CHECK_INT(SIGN(ctx, sig, &len, len, digest, sizeof(digest)), 0);
	check_told(CORE_STATE, "there is no private key");
	CHECK_INT(VERIFY(ctx, sig, len, digest, sizeof(digest)), 0);
	check_told(CORE_STATE, "there is no key");
	CHECK((copy = DUPCTX(ctx)) != NULL);
	CHECK_INT(SIGN_INIT(copy, NULL, NULL), 0);
	check_told(CORE_KEY, "there is no key");
	FREECTX(copy);
	FREECTX(ctx);
	FREECTX(NULL);
	KEY_FREE(key);
}

static void nothing_is_hashed_before_an_init(void)
{
	uint8_t sig[TRUSTX_SIG_MAX] = { 0 };
	void *ctx = operation(), *key = public_key();
	size_t len = sizeof(sig);

	CHECK_INT(VERIFY_INIT(ctx, key, NULL), 1);
	CHECK_INT(HASH_UPDATE(ctx, sig, 1), 0);
	check_told(CORE_STATE, "nothing to hash with");
	CHECK_INT(HASH_SIGN(ctx, sig, &len, len), 0);
	check_told(CORE_STATE, "nothing was hashed");
	CHECK_INT(HASH_VERIFY(ctx, sig, len), 0);
	check_told(CORE_STATE, "nothing was hashed");
	FREECTX(ctx);
	KEY_FREE(key);
}

static void a_public_key_verifies_and_never_signs(void)
{
	void *ctx = operation(), *key = public_key();
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);

	CHECK_INT(SIGN_INIT(ctx, key, NULL), 0);
	check_told(CORE_KEY, "it is a public key only");
	/* The name of the digest may be left out in two ways. */
	CHECK_INT(HASH_VERIFY_INIT(ctx, "", key, NULL), 1);
	CHECK_INT(HASH_VERIFY_INIT(ctx, NULL, NULL, NULL), 1);
	CHECK_INT(HASH_UPDATE(ctx, (const unsigned char *)"abc", 3), 1);
	CHECK_INT(HASH_SIGN(ctx, sig, &len, len), 0);
	check_told(CORE_STATE, "there is no private key");
	FREECTX(ctx);
	KEY_FREE(key);
}

static void wrong_parameters_of_an_operation_are_refused(void)
{
	OSSL_PARAM none[] = { OSSL_PARAM_construct_end() };
	OSSL_PARAM number[] = { OSSL_PARAM_construct_int(OSSL_SIGNATURE_PARAM_DIGEST, &(int){ 1 }),
		OSSL_PARAM_construct_end() };
	OSSL_PARAM unknown[] = { OSSL_PARAM_construct_utf8_string(
					 OSSL_SIGNATURE_PARAM_DIGEST, (char[]){ "NO-SUCH" }, 0),
		OSSL_PARAM_construct_end() };
	void *ctx = operation(), *key = public_key();

	CHECK_INT(SET_PARAMS(ctx, NULL), 1);
	CHECK_INT(SET_PARAMS(ctx, none), 1);
	CHECK_INT(SET_PARAMS(ctx, number), 0);
	check_told(CORE_DIGEST, "the digest's name is no text");
	CHECK_INT(VERIFY_INIT(ctx, key, unknown), 0);
	check_told(CORE_DIGEST, "there is no digest NO-SUCH");
	CHECK_INT(HASH_VERIFY_INIT(ctx, "NO-SUCH", key, NULL), 0);
	check_told(CORE_DIGEST, "there is no digest NO-SUCH");
	CHECK_INT(HASH_VERIFY_INIT(ctx, "SHA256", key, number), 0);
	check_told(CORE_DIGEST, "the digest's name is no text");
	ERR_clear_error();
	FREECTX(ctx);
	KEY_FREE(key);
}

static void without_a_digest_there_is_no_algorithm(void)
{
	unsigned char der[32];
	char name[8] = "x", small[2];
	OSSL_PARAM algorithm[] = { OSSL_PARAM_construct_octet_string(
					   OSSL_SIGNATURE_PARAM_ALGORITHM_ID, der, sizeof(der)),
		OSSL_PARAM_construct_end() };
	OSSL_PARAM digest[] = { OSSL_PARAM_construct_utf8_string(
					OSSL_SIGNATURE_PARAM_DIGEST, name, sizeof(name)),
		OSSL_PARAM_construct_end() };
	OSSL_PARAM narrow[] = { OSSL_PARAM_construct_utf8_string(
					OSSL_SIGNATURE_PARAM_DIGEST, small, sizeof(small)),
		OSSL_PARAM_construct_end() };
	void *ctx = operation(), *key = public_key();

	CHECK_INT(GET_PARAMS(ctx, algorithm), 0);
	check_told(CORE_DIGEST, "no name for ECDSA with this digest");
	CHECK_INT(GET_PARAMS(ctx, digest), 1);
	CHECK_STR(name, "");
	CHECK_INT(HASH_VERIFY_INIT(ctx, "SHA256", key, NULL), 1);
	CHECK_INT(GET_PARAMS(ctx, narrow), 0);
	FREECTX(ctx);
	KEY_FREE(key);
}

/* ---- the way in ---- */

static void a_core_that_lacks_a_function_is_refused(void)
{
	OSSL_DISPATCH all[] = {
		{ OSSL_FUNC_CORE_GET_LIBCTX, (void (*)(void))get_libctx },
		{ OSSL_FUNC_CORE_NEW_ERROR, (void (*)(void))new_error },
		{ OSSL_FUNC_CORE_VSET_ERROR, (void (*)(void))vset_error },
		{ 0, NULL },
	};
	const OSSL_DISPATCH *out = NULL;
	void *provctx = NULL;
	struct provider p;
	struct fail f;

	CHECK_OK(provider_open(&p, &f));
	provider_close(&p);
	CHECK(kept.init != NULL);
	for (size_t i = 0; i < 3; i++) {
		int id = all[i].function_id;

		all[i].function_id = OSSL_FUNC_CORE_GETTABLE_PARAMS;
		CHECK_INT(kept.init(NULL, all, &out, &provctx), 0);
		CHECK(out == NULL && provctx == NULL);
		all[i].function_id = id;
	}
	CHECK_INT(kept.init(NULL, all, &out, &provctx), 1);
	CHECK(out != NULL && provctx != NULL);
	((OSSL_FUNC_provider_teardown_fn *)function(out, OSSL_FUNC_PROVIDER_TEARDOWN))(provctx);
}

static void every_reason_has_words(void)
{
	for (uint32_t reason = CORE_NONE + 1; reason <= CORE_STATE; reason++) {
		CHECK_INT(core_reason_strings[reason - 1].id, reason);
		CHECK(((const char *)core_reason_strings[reason - 1].ptr)[0] != '\0');
	}
	CHECK(core_reason_strings[CORE_STATE].ptr == NULL);
}

int main(void)
{
	RUN(an_empty_key_has_nothing);
	RUN(a_refused_import_leaves_the_key_empty);
	RUN(a_public_key_has_no_private_half);
	RUN(keys_match_in_what_is_selected);
	RUN(a_handle_without_place_is_refused);
	RUN(types_are_listed_for_what_can_be_moved);
	RUN(no_parameter_is_cut_short);
	RUN(an_operation_without_key_does_nothing);
	RUN(nothing_is_hashed_before_an_init);
	RUN(a_public_key_verifies_and_never_signs);
	RUN(wrong_parameters_of_an_operation_are_refused);
	RUN(without_a_digest_there_is_no_algorithm);
	RUN(a_core_that_lacks_a_function_is_refused);
	RUN(every_reason_has_words);
	return 0;
}
