/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A program that uses OpenSSL's interface wrongly, or in ways that few do. */
#include "test.h"

#include <openssl/core_names.h>
#include <openssl/encoder.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/provider.h>

#include "keymgmt.h"
#include "provider-world.h"

/* Is this among the errors, wherever? The queue is emptied. */
static bool is_told(const char *why)
{
	const char *data;
	bool told = false;

	while (ERR_get_error_all(NULL, NULL, NULL, &data, NULL) != 0)
		told = told || strcmp(data, why) == 0;
	return told;
}

/* ---- keys from parameters ---- */

/* What a key is made of; a member that is NULL, or a length of 0, is left out. */
struct parts {
	const char *group;
	uint8_t *point;
	size_t point_len;
	struct trustx **handle;
	unsigned *oid;
};

static struct parts parts_of(struct setup *s, struct trustx **handle, unsigned *oid)
{
	*handle = &s->d.se;
	*oid = SLOT;
	return (struct parts){ "P-256", s->d.point, s->d.point_len, handle, oid };
}

static EVP_PKEY *key_from(const struct setup *s, const OSSL_PARAM *params, int selection)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(s->p.libctx, "EC", "provider=trustx");
	EVP_PKEY *key = NULL;

	CHECK(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1);
	if (EVP_PKEY_fromdata(ctx, &key, selection, (OSSL_PARAM *)(uintptr_t)params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *key_of(const struct setup *s, const struct parts *parts)
{
	OSSL_PARAM params[5], *p = params;

	if (parts->group != NULL)
		*p++ = OSSL_PARAM_construct_utf8_string(
			OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)parts->group, 0);
	if (parts->point_len > 0)
		*p++ = OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, parts->point, parts->point_len);
	if (parts->handle != NULL)
		*p++ = OSSL_PARAM_construct_octet_ptr(
			PARAM_HANDLE, (void **)parts->handle, sizeof(void *));
	if (parts->oid != NULL)
		*p++ = OSSL_PARAM_construct_uint(PARAM_OID, parts->oid);
	*p = OSSL_PARAM_construct_end();
	return key_from(s, params, EVP_PKEY_KEYPAIR);
}

static void check_refused(const struct setup *s, const struct parts *parts, const char *why)
{
	char text[512];

	CHECK(key_of(s, parts) == NULL);
	CHECK_STR(first_error(text), why);
}

static void a_key_that_lacks_a_part_is_refused(void)
{
	struct trustx *handle;
	struct parts parts;
	struct setup s;
	unsigned oid;

	setup(&s, TRUSTX_P256);
	parts = parts_of(&s, &handle, &oid);
	parts.group = NULL;
	check_refused(&s, &parts, "the key cannot be used: the group name is missing");
	parts = parts_of(&s, &handle, &oid);
	parts.point_len = 0;
	check_refused(&s, &parts, "the key cannot be used: no uncompressed point of P-256");
	parts = parts_of(&s, &handle, &oid);
	parts.oid = NULL;
	check_refused(&s, &parts, "the key cannot be used: trustx-oid is missing or out of range");
	parts = parts_of(&s, &handle, &oid);
	handle = NULL;
	check_refused(&s, &parts, "the key cannot be used: trustx-handle is NULL");
	teardown(&s);
}

static void a_key_with_a_wrong_part_is_refused(void)
{
	struct trustx *handle;
	struct parts parts;
	struct setup s;
	unsigned oid;

	setup(&s, TRUSTX_P256);
	parts = parts_of(&s, &handle, &oid);
	parts.group = "P-521";
	check_refused(&s, &parts, "the key cannot be used: the chip has no curve P-521");
	parts.group = "secp384r1";
	check_refused(&s, &parts, "the key cannot be used: no uncompressed point of P-384");
	parts = parts_of(&s, &handle, &oid);
	oid = 0x10000;
	check_refused(&s, &parts, "the key cannot be used: trustx-oid is missing or out of range");
	parts = parts_of(&s, &handle, &oid);
	parts.point_len--;
	check_refused(&s, &parts, "the key cannot be used: no uncompressed point of P-256");
	parts = parts_of(&s, &handle, &oid);
	s.d.point[0] = 0x02;
	check_refused(&s, &parts, "the key cannot be used: no uncompressed point of P-256");
	s.d.point[0] = 0x04;
	s.d.point[1] ^= 1;
	check_refused(&s, &parts, "the key cannot be used: the public point is not on P-256");
	teardown(&s);
}

static void parameters_of_another_type_are_refused(void)
{
	char group[] = "P-256", text[512];
	unsigned number = 3;
	struct setup s;

	setup(&s, TRUSTX_P256);
	const OSSL_PARAM number_as_group[] = {
		OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_GROUP_NAME, &number),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, s.d.point, s.d.point_len),
		OSSL_PARAM_construct_end(),
	};
	CHECK(key_from(&s, number_as_group, EVP_PKEY_PUBLIC_KEY) == NULL);
	CHECK(is_told("the group name is missing"));
	const OSSL_PARAM text_as_point[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_PUB_KEY, group, 0),
		OSSL_PARAM_construct_end(),
	};
	CHECK(key_from(&s, text_as_point, EVP_PKEY_PUBLIC_KEY) == NULL);
	CHECK(is_told("no uncompressed point of P-256"));
	const OSSL_PARAM bytes_as_handle[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, s.d.point, s.d.point_len),
		OSSL_PARAM_construct_octet_string(PARAM_HANDLE, group, sizeof(group)),
		OSSL_PARAM_construct_end(),
	};
	CHECK(key_from(&s, bytes_as_handle, EVP_PKEY_KEYPAIR) == NULL);
	CHECK_STR(first_error(text), "the key cannot be used: trustx-handle is no pointer");
	teardown(&s);
}

static void what_a_key_is_made_of_and_tells_is_listed(void)
{
	const OSSL_PARAM *settable, *gettable;
	EVP_PKEY_CTX *ctx;
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = EVP_PKEY_CTX_new_from_name(s.p.libctx, "EC", "provider=trustx");
	CHECK(EVP_PKEY_fromdata_init(ctx) == 1);
	settable = EVP_PKEY_fromdata_settable(ctx, EVP_PKEY_KEYPAIR);
	CHECK(settable != NULL && OSSL_PARAM_locate_const(settable, PARAM_HANDLE) != NULL);
	CHECK(OSSL_PARAM_locate_const(settable, PARAM_OID) != NULL);
	CHECK(OSSL_PARAM_locate_const(settable, OSSL_PKEY_PARAM_PRIV_KEY) == NULL);
	gettable = EVP_PKEY_gettable_params(s.d.key);
	CHECK(OSSL_PARAM_locate_const(gettable, OSSL_PKEY_PARAM_PUB_KEY) != NULL);
	CHECK(OSSL_PARAM_locate_const(gettable, OSSL_PKEY_PARAM_PRIV_KEY) == NULL);
	EVP_PKEY_CTX_free(ctx);
	teardown(&s);
}

/* ---- what a key tells ---- */

static void too_little_room_for_a_parameter_fails(void)
{
	unsigned char point[64];
	char group[4];
	struct setup s;
	size_t len = 0;

	setup(&s, TRUSTX_P256);
	CHECK(EVP_PKEY_get_octet_string_param(
		      s.d.key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &len) != 1);
	CHECK(EVP_PKEY_get_utf8_string_param(
		      s.d.key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), &len) != 1);
	CHECK(EVP_PKEY_get_octet_string_param(s.d.key, OSSL_PKEY_PARAM_PUB_KEY, NULL, 0, &len) ==
		1);
	CHECK_INT(len, 65);
	ERR_clear_error();
	teardown(&s);
}

static const OSSL_PARAM *find(const OSSL_PARAM *params, const char *name)
{
	return params != NULL ? OSSL_PARAM_locate_const(params, name) : NULL;
}

static void only_the_public_half_is_given_as_data(void)
{
	OSSL_PARAM *data = NULL;
	struct setup s;
	char text[512];

	setup(&s, TRUSTX_P384);
	CHECK(EVP_PKEY_todata(s.d.key, EVP_PKEY_PUBLIC_KEY, &data) == 1);
	CHECK(find(data, OSSL_PKEY_PARAM_PUB_KEY) != NULL);
	CHECK_MEM(find(data, OSSL_PKEY_PARAM_PUB_KEY)->data, s.d.point, s.d.point_len);
	OSSL_PARAM_free(data);
	data = NULL;
	CHECK(EVP_PKEY_todata(s.d.key, EVP_PKEY_KEY_PARAMETERS, &data) == 1);
	CHECK(find(data, OSSL_PKEY_PARAM_PUB_KEY) == NULL);
	CHECK_STR(find(data, OSSL_PKEY_PARAM_GROUP_NAME)->data, "secp384r1");
	OSSL_PARAM_free(data);
	data = NULL;
	CHECK(EVP_PKEY_todata(s.d.key, EVP_PKEY_KEYPAIR, &data) != 1);
	CHECK_STR(first_error(text), "the private key does not leave the chip: key 0xE0F1");
	teardown(&s);
}

/* With selection and structure as asked; 0: it was refused. */
static size_t encode(const struct setup *s, int selection, const char *structure, uint8_t **out)
{
	OSSL_ENCODER_CTX *ctx = OSSL_ENCODER_CTX_new_for_pkey(
		s->d.key, selection, "DER", structure, "provider=default");
	size_t len = 0;

	*out = NULL;
	CHECK(ctx != NULL);
	if (OSSL_ENCODER_to_data(ctx, out, &len) != 1)
		len = 0;
	OSSL_ENCODER_CTX_free(ctx);
	ERR_clear_error();
	return len;
}

static void the_key_is_encoded_as_a_public_key_only(void)
{
	uint8_t spki[TRUSTX_SPKI_MAX], *der;
	struct setup s;
	size_t len = sizeof(spki);

	setup(&s, TRUSTX_P256);
	CHECK_OK(trustx_spki(
		spki, &len, &(struct trustx_public_key){ s.d.curve, s.d.point, s.d.point_len }));
	CHECK_INT(encode(&s, EVP_PKEY_PUBLIC_KEY, "SubjectPublicKeyInfo", &der), len);
	CHECK_MEM(der, spki, len);
	OPENSSL_free(der);
	CHECK_INT(encode(&s, EVP_PKEY_KEYPAIR, "PrivateKeyInfo", &der), 0);
	CHECK(der == NULL);
	CHECK_INT(encode(&s, EVP_PKEY_KEYPAIR, "type-specific", &der), 0);
	teardown(&s);
}

static void keys_on_the_same_curve_have_equal_parameters(void)
{
	struct provider p;
	struct device a, b, c;
	struct fail f;

	CHECK_OK(provider_open(&p, &f));
	device_open(&a, "a.chip", TRUSTX_P256);
	device_open(&b, "b.chip", TRUSTX_P256);
	device_open(&c, "c.chip", TRUSTX_P384);
	/* Another place in the same random stream than a's. */
	b.point_len = sizeof(b.point);
	CHECK_OK(trustx_generate_key(
		&b.se, b.point, &b.point_len, SLOT, TRUSTX_P256, TRUSTX_USAGE_SIGN));
	device_key(&a, &p);
	device_key(&b, &p);
	device_key(&c, &p);
	CHECK_INT(EVP_PKEY_parameters_eq(a.key, b.key), 1);
	CHECK_INT(EVP_PKEY_eq(a.key, b.key), 0);
	CHECK_INT(EVP_PKEY_parameters_eq(a.key, c.key), 0);
	CHECK_INT(EVP_PKEY_eq(a.key, c.key), 0);
	device_close(&a);
	device_close(&b);
	device_close(&c);
	ERR_clear_error();
	provider_close(&p);
}

static void a_copy_outlives_the_key(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY *copy;
	struct setup s;
	size_t len;

	setup(&s, TRUSTX_P256);
	CHECK((copy = EVP_PKEY_dup(s.d.key)) != NULL);
	EVP_PKEY_free(s.d.key);
	s.d.key = copy;
	len = sign_text(sig, &s, "SHA256", "abc");
	CHECK(verifies(copy, "SHA256", sig, len, "abc"));
	teardown(&s);
}

/* ---- signing ---- */

static EVP_MD_CTX *start_signing(const struct setup *s, const char *md)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	CHECK(EVP_DigestSignInit_ex(ctx, NULL, md, s->p.libctx, NULL, s->d.key, NULL) == 1);
	return ctx;
}

static void a_message_too_may_ask_for_the_length_first(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_MD_CTX *ctx;
	struct setup s;
	size_t len = 0;

	setup(&s, TRUSTX_P384);
	ctx = start_signing(&s, "SHA384");
	CHECK(EVP_DigestSignUpdate(ctx, "abc", 3) == 1);
	CHECK(EVP_DigestSignFinal(ctx, NULL, &len) == 1);
	CHECK_INT(len, 104);
	CHECK(EVP_DigestSignFinal(ctx, sig, &len) == 1);
	CHECK(verifies(s.d.key, "SHA384", sig, len, "abc"));
	EVP_MD_CTX_free(ctx);
	teardown(&s);
}

static void too_little_room_for_a_signature_leaves_it_alone(void)
{
	uint8_t sig[TRUSTX_SIG_MAX] = { 0x5A };
	EVP_MD_CTX *ctx;
	char text[512];
	struct setup s;
	size_t len = 71;

	setup(&s, TRUSTX_P256);
	ctx = start_signing(&s, "SHA256");
	CHECK(EVP_DigestSignUpdate(ctx, "abc", 3) == 1);
	CHECK(EVP_DigestSignFinal(ctx, sig, &len) != 1);
	CHECK_STR(first_error(text), "the output buffer is too small: 71 bytes, 72 are needed");
	CHECK_INT(sig[0], 0x5A);
	EVP_MD_CTX_free(ctx);
	teardown(&s);
}

/* OpenSSL has a digest of no bytes at all. */
static void a_digest_that_cannot_be_signed_is_refused(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct setup s;

	setup(&s, TRUSTX_P256);
	CHECK(EVP_DigestSignInit_ex(ctx, NULL, "NULL", s.p.libctx, NULL, s.d.key, NULL) != 1);
	CHECK(is_told("digest NULL has no fixed length of 10 bytes"));
	EVP_MD_CTX_free(ctx);
	teardown(&s);
}

static void the_digest_of_a_running_hash_stays(void)
{
	EVP_PKEY_CTX *params;
	EVP_MD_CTX *ctx;
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);
	char name[32];
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = start_signing(&s, "SHA256");
	params = EVP_MD_CTX_get_pkey_ctx(ctx);
	OSSL_PARAM same[] = { OSSL_PARAM_utf8_string(
				      OSSL_SIGNATURE_PARAM_DIGEST, (char[]){ "SHA2-256" }, 8),
		OSSL_PARAM_END };
	OSSL_PARAM other[] = { OSSL_PARAM_utf8_string(
				       OSSL_SIGNATURE_PARAM_DIGEST, (char[]){ "SHA512" }, 6),
		OSSL_PARAM_END };
	OSSL_PARAM ask[] = { OSSL_PARAM_utf8_string(
				     OSSL_SIGNATURE_PARAM_DIGEST, name, sizeof(name)),
		OSSL_PARAM_END };
	CHECK(EVP_PKEY_CTX_set_params(params, same) == 1);
	CHECK(EVP_PKEY_CTX_set_params(params, other) != 1);
	CHECK(EVP_PKEY_CTX_get_params(params, ask) == 1);
	CHECK_STR(name, "SHA2-256");
	CHECK(EVP_DigestSign(ctx, sig, &len, (const uint8_t *)"abc", 3) == 1);
	CHECK(verifies(s.d.key, "SHA256", sig, len, "abc"));
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	teardown(&s);
}

static void what_an_operation_takes_and_tells_is_listed(void)
{
	EVP_PKEY_CTX *ctx;
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, s.d.key, NULL);
	CHECK(EVP_PKEY_sign_init(ctx) == 1);
	CHECK(find(EVP_PKEY_CTX_settable_params(ctx), OSSL_SIGNATURE_PARAM_DIGEST) != NULL);
	CHECK(find(EVP_PKEY_CTX_gettable_params(ctx), OSSL_SIGNATURE_PARAM_ALGORITHM_ID) != NULL);
	EVP_PKEY_CTX_free(ctx);
	teardown(&s);
}

/* DER of an AlgorithmIdentifier; 0: there is none. */
static size_t algorithm_of(EVP_MD_CTX *ctx, unsigned char *der, size_t cap)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, der, cap), OSSL_PARAM_END
	};
	int rc = EVP_PKEY_CTX_get_params(EVP_MD_CTX_get_pkey_ctx(ctx), params);

	ERR_clear_error();
	return rc == 1 ? params[0].return_size : 0;
}

static void signatures_with_an_own_name_have_an_algorithm(void)
{
	static const uint8_t ecdsa_with_sha256[] = { 0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
		0x3D, 0x04, 0x03, 0x02 };
	unsigned char der[32];
	EVP_MD_CTX *ctx;
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = start_signing(&s, "SHA256");
	CHECK_INT(algorithm_of(ctx, der, sizeof(der)), sizeof(ecdsa_with_sha256));
	CHECK_MEM(der, ecdsa_with_sha256, sizeof(ecdsa_with_sha256));
	CHECK_INT(algorithm_of(ctx, der, 3), 0);
	EVP_MD_CTX_free(ctx);
	/* ECDSA with this digest has no identifier, but can be made and verified. */
	ctx = start_signing(&s, "BLAKE2S-256");
	CHECK_INT(algorithm_of(ctx, der, sizeof(der)), 0);
	EVP_MD_CTX_free(ctx);
	teardown(&s);
}

static void an_operation_is_copied_with_what_was_chosen(void)
{
	uint8_t digest[32] = { 1 }, sig[TRUSTX_SIG_MAX];
	EVP_PKEY_CTX *ctx, *copy;
	size_t len = sizeof(sig);
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, s.d.key, NULL);
	CHECK(EVP_PKEY_sign_init(ctx) == 1);
	CHECK((copy = EVP_PKEY_CTX_dup(ctx)) != NULL);
	EVP_PKEY_CTX_free(copy);
	CHECK(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha384()) == 1);
	CHECK((copy = EVP_PKEY_CTX_dup(ctx)) != NULL);
	EVP_PKEY_CTX_free(ctx);
	CHECK(EVP_PKEY_sign(copy, sig, &len, digest, sizeof(digest)) != 1);
	CHECK(EVP_PKEY_CTX_set_signature_md(copy, EVP_sha256()) == 1);
	CHECK(EVP_PKEY_sign(copy, sig, &len, digest, sizeof(digest)) == 1);
	EVP_PKEY_CTX_free(copy);
	ERR_clear_error();
	teardown(&s);
}

static void what_is_no_signature_does_not_verify(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY_CTX *ctx;
	uint8_t digest[32];
	struct setup s;
	size_t len = sizeof(sig);

	setup(&s, TRUSTX_P256);
	memset(digest, 0x5A, sizeof(digest));
	CHECK(sign_digest(&s, sig, &len, sizeof(digest)) == 1);
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, s.d.key, NULL);
	CHECK(EVP_PKEY_verify_init(ctx) == 1);
	CHECK_INT(EVP_PKEY_verify(ctx, sig, len, digest, sizeof(digest)), 1);
	for (size_t n = 0; n < len; n++)
		CHECK(EVP_PKEY_verify(ctx, sig, n, digest, sizeof(digest)) != 1);
	sig[0] = 0x31;
	CHECK(EVP_PKEY_verify(ctx, sig, len, digest, sizeof(digest)) != 1);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	teardown(&s);
}

static void a_closed_chip_signs_nothing(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);
	char text[512];
	struct setup s;

	setup(&s, TRUSTX_P256);
	CHECK(sign_digest(&s, sig, &len, 32) == 1);
	trustx_close(&s.d.se);
	/* What was signed verifies all the same: that needs no chip. */
	CHECK_INT(verify_digest(s.d.key, sig, len, 32), 1);
	len = sizeof(sig);
	CHECK(sign_digest(&s, sig, &len, 32) != 1);
	CHECK(strncmp(first_error(text), "the chip did not sign: ", 23) == 0);
	CHECK(text[23] != '\0');
	teardown(&s);
}

/* ---- the provider ---- */

static void the_provider_says_who_it_is(void)
{
	const char *name = NULL;
	int status = 0, number = 0;
	struct setup s;

	setup(&s, TRUSTX_P256);
	OSSL_PARAM ask[] = { OSSL_PARAM_construct_utf8_ptr(
				     OSSL_PROV_PARAM_NAME, (char **)(uintptr_t)&name, 0),
		OSSL_PARAM_construct_int(OSSL_PROV_PARAM_STATUS, &status),
		OSSL_PARAM_construct_end() };
	OSSL_PARAM wrong[] = { OSSL_PARAM_construct_int(OSSL_PROV_PARAM_NAME, &number),
		OSSL_PARAM_construct_end() };
	OSSL_PARAM nothing[] = { OSSL_PARAM_construct_end() };

	CHECK(find(OSSL_PROVIDER_gettable_params(s.p.chip), OSSL_PROV_PARAM_STATUS) != NULL);
	CHECK(OSSL_PROVIDER_get_params(s.p.chip, ask) == 1);
	CHECK_STR(name, "trustx");
	CHECK_INT(status, 1);
	CHECK(OSSL_PROVIDER_get_params(s.p.chip, wrong) != 1);
	CHECK(OSSL_PROVIDER_get_params(s.p.chip, nothing) == 1);
	ERR_clear_error();
	teardown(&s);
}

static void two_contexts_know_nothing_of_each_other(void)
{
	struct provider other;
	struct setup s;
	struct fail f;
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY *key;
	size_t len;

	setup(&s, TRUSTX_P256);
	CHECK_OK(provider_open(&other, &f));
	CHECK_OK(provider_key(&key, &other, &s.d.se, SLOT,
		&(struct trustx_public_key){ s.d.curve, s.d.point, s.d.point_len }, &f));
	CHECK_INT(EVP_PKEY_eq(key, s.d.key), 1);
	/* A key works on after the other context is gone. */
	EVP_PKEY_free(key);
	provider_close(&other);
	len = sign_text(sig, &s, "SHA256", "abc");
	CHECK(verifies(s.d.key, "SHA256", sig, len, "abc"));
	ERR_clear_error();
	teardown(&s);
}

static void a_closed_provider_has_no_keys(void)
{
	struct provider closed = { 0 };
	struct setup s;
	EVP_PKEY *key;
	struct fail f;

	setup(&s, TRUSTX_P256);
	memset(&f, 0, sizeof(f));
	CHECK_ERR(provider_key(&key, &closed, &s.d.se, SLOT,
			  &(struct trustx_public_key){ s.d.curve, s.d.point, s.d.point_len }, &f),
		TRUSTX_ERR_CRYPTO);
	CHECK(key == NULL && f.oid == SLOT);
	CHECK_STR(f.what, "use key 0xE0F1");
	CHECK(strncmp(f.why, "the public key cannot be used: ", 31) == 0 && f.why[31] != '\0');
	teardown(&s);
}

int main(void)
{
	RUN(a_key_that_lacks_a_part_is_refused);
	RUN(a_key_with_a_wrong_part_is_refused);
	RUN(parameters_of_another_type_are_refused);
	RUN(what_a_key_is_made_of_and_tells_is_listed);
	RUN(too_little_room_for_a_parameter_fails);
	RUN(only_the_public_half_is_given_as_data);
	RUN(the_key_is_encoded_as_a_public_key_only);
	RUN(keys_on_the_same_curve_have_equal_parameters);
	RUN(a_copy_outlives_the_key);
	RUN(a_message_too_may_ask_for_the_length_first);
	RUN(too_little_room_for_a_signature_leaves_it_alone);
	RUN(a_digest_that_cannot_be_signed_is_refused);
	RUN(the_digest_of_a_running_hash_stays);
	RUN(what_an_operation_takes_and_tells_is_listed);
	RUN(signatures_with_an_own_name_have_an_algorithm);
	RUN(an_operation_is_copied_with_what_was_chosen);
	RUN(what_is_no_signature_does_not_verify);
	RUN(a_closed_chip_signs_nothing);
	RUN(the_provider_says_who_it_is);
	RUN(two_contexts_know_nothing_of_each_other);
	RUN(a_closed_provider_has_no_keys);
	return 0;
}
