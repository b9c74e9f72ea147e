/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>

#include "provider-world.h"

static void a_message_is_hashed_here_and_signed_by_the_chip(void)
{
	static const struct {
		enum trustx_curve curve;
		const char *md;
	} cases[] = { { TRUSTX_P256, "SHA256" }, { TRUSTX_P256, "SHA384" },
		{ TRUSTX_P256, "SHA512" }, { TRUSTX_P256, "SHA1" }, { TRUSTX_P384, "SHA256" },
		{ TRUSTX_P384, "SHA384" }, { TRUSTX_P384, "SHA512" } };
	uint8_t sig[TRUSTX_SIG_MAX];
	struct setup s;
	EVP_PKEY *plain;
	size_t len;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		setup(&s, cases[i].curve);
		plain = plain_key(&s.d);
		len = sign_text(sig, &s, cases[i].md, "abc");
		CHECK(verifies(plain, cases[i].md, sig, len, "abc"));
		CHECK(!verifies(plain, cases[i].md, sig, len, "abd"));
		EVP_PKEY_free(plain);
		teardown(&s);
	}
}

static void the_key_itself_verifies_with_openssls_code(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	struct setup s;
	size_t len;

	setup(&s, TRUSTX_P256);
	len = sign_text(sig, &s, "SHA256", "abc");
	CHECK(verifies(s.d.key, "SHA256", sig, len, "abc"));
	CHECK(!verifies(s.d.key, "SHA256", sig, len, "abd"));
	sig[len - 1] ^= 1;
	CHECK(!verifies(s.d.key, "SHA256", sig, len, "abc"));
	teardown(&s);
}

static void a_key_without_a_named_digest_takes_the_curves(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY *plain;
	struct setup s;
	char name[32];
	size_t len;

	setup(&s, TRUSTX_P384);
	CHECK(EVP_PKEY_get_default_digest_name(s.d.key, name, sizeof(name)) == 1);
	CHECK_STR(name, "SHA384");
	plain = plain_key(&s.d);
	len = sign_text(sig, &s, NULL, "abc");
	CHECK(verifies(plain, "SHA384", sig, len, "abc"));
	EVP_PKEY_free(plain);
	teardown(&s);
}

static void a_digest_is_signed_with_its_leftmost_bits(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY *plain;
	struct setup s;
	size_t len;

	setup(&s, TRUSTX_P256);
	plain = plain_key(&s.d);
	for (size_t n = 10; n <= 64; n++) {
		len = sizeof(sig);
		CHECK(sign_digest(&s, sig, &len, n) == 1);
		CHECK_INT(verify_digest(plain, sig, len, n), 1);
		CHECK_INT(verify_digest(s.d.key, sig, len, n), 1);
	}
	EVP_PKEY_free(plain);
	teardown(&s);
}

static void a_digest_too_short_or_room_too_small_is_refused(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);
	char text[512];
	struct setup s;

	setup(&s, TRUSTX_P256);
	CHECK(sign_digest(&s, sig, &len, 9) != 1);
	CHECK_STR(first_error(text),
		"the digest cannot be used: 9 bytes; the chip signs no digest below 10 bytes");
	len = 71;
	CHECK(sign_digest(&s, sig, &len, 32) != 1);
	ERR_clear_error();
	CHECK(sign_digest(&s, NULL, &len, 32) == 1);
	CHECK_INT(len, 72);
	teardown(&s);
}

static void a_digest_of_the_wrong_length_for_its_name_is_refused(void)
{
	uint8_t sig[TRUSTX_SIG_MAX], digest[32] = { 1 };
	size_t len = sizeof(sig);
	EVP_PKEY_CTX *ctx;
	const EVP_MD *md;
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, s.d.key, NULL);
	CHECK(EVP_PKEY_sign_init(ctx) == 1);
	CHECK(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha384()) == 1);
	CHECK(EVP_PKEY_CTX_get_signature_md(ctx, &md) == 1 && EVP_MD_is_a(md, "SHA384"));
	CHECK(EVP_PKEY_sign(ctx, sig, &len, digest, sizeof(digest)) != 1);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	teardown(&s);
}

static void the_key_says_what_it_is(void)
{
	uint8_t *point = NULL, pub[TRUSTX_POINT_MAX];
	char group[32];
	struct setup s;
	size_t len;

	setup(&s, TRUSTX_P384);
	CHECK(EVP_PKEY_is_a(s.d.key, "EC") && EVP_PKEY_is_a(s.d.key, "id-ecPublicKey"));
	CHECK_INT(EVP_PKEY_get_bits(s.d.key), 384);
	CHECK_INT(EVP_PKEY_get_security_bits(s.d.key), 192);
	CHECK_INT(EVP_PKEY_get_size(s.d.key), 104);
	CHECK(EVP_PKEY_get_group_name(s.d.key, group, sizeof(group), &len) == 1);
	CHECK_STR(group, "secp384r1");
	CHECK(EVP_PKEY_get_octet_string_param(
		      s.d.key, OSSL_PKEY_PARAM_PUB_KEY, pub, sizeof(pub), &len) == 1);
	CHECK(len == 97 && memcmp(pub, s.d.point, len) == 0);
	len = EVP_PKEY_get1_encoded_public_key(s.d.key, &point);
	CHECK(len == 97 && memcmp(point, s.d.point, len) == 0);
	CHECK_STR(OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(s.d.key)), "trustx");
	OPENSSL_free(point);
	teardown(&s);
}

static void public_halves_are_equal_whoever_holds_them(void)
{
	EVP_PKEY *plain, *other = EVP_EC_gen("P-256"), *copy;
	struct setup s;

	setup(&s, TRUSTX_P256);
	plain = plain_key(&s.d);
	copy = EVP_PKEY_dup(s.d.key);
	CHECK_INT(EVP_PKEY_eq(s.d.key, plain), 1);
	CHECK_INT(EVP_PKEY_eq(plain, s.d.key), 1);
	CHECK(EVP_PKEY_eq(s.d.key, other) != 1);
	CHECK(copy != NULL && EVP_PKEY_eq(s.d.key, copy) == 1);
	EVP_PKEY_free(copy);
	EVP_PKEY_free(other);
	EVP_PKEY_free(plain);
	ERR_clear_error();
	teardown(&s);
}

/* What OpenSSL 3.0 does to compare a key of its own with one of ours. */
static void a_public_key_without_chip_compares_and_verifies(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	EVP_PKEY *public = NULL;
	EVP_PKEY_CTX *ctx;
	struct setup s;
	size_t len;

	setup(&s, TRUSTX_P256);
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){ "prime256v1" }, 10),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, s.d.point, s.d.point_len),
		OSSL_PARAM_END,
	};
	ctx = EVP_PKEY_CTX_new_from_name(s.p.libctx, "EC", "provider=trustx");
	CHECK(EVP_PKEY_fromdata_init(ctx) == 1);
	CHECK(EVP_PKEY_fromdata(ctx, &public, EVP_PKEY_PUBLIC_KEY, params) == 1);
	EVP_PKEY_CTX_free(ctx);
	CHECK(EVP_PKEY_eq(s.d.key, public) == 1);
	len = sign_text(sig, &s, "SHA256", "abc");
	CHECK(verifies(public, "SHA256", sig, len, "abc"));
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, public, "provider=trustx");
	CHECK(EVP_PKEY_sign_init(ctx) != 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(public);
	ERR_clear_error();
	teardown(&s);
}

static void the_public_key_is_encoded_as_libtrustx_does(void)
{
	struct setup s;

	for (int i = TRUSTX_P256; i <= TRUSTX_P384; i++) {
		uint8_t spki[TRUSTX_SPKI_MAX], *der = NULL;
		size_t len = sizeof(spki);

		setup(&s, (enum trustx_curve)i);
		CHECK_OK(trustx_spki(spki, &len,
			&(struct trustx_public_key){ s.d.curve, s.d.point, s.d.point_len }));
		CHECK_INT(i2d_PUBKEY(s.d.key, &der), len);
		CHECK_MEM(der, spki, len);
		OPENSSL_free(der);
		teardown(&s);
	}
}

/* The chip certifies its own key: a client certificate for TLS too. */
static X509 *self_signed(const struct setup *s)
{
	X509 *cert = X509_new_ex(s->p.libctx, NULL);
	X509_NAME *name = X509_get_subject_name(cert);

	CHECK(X509_NAME_add_entry_by_txt(
		      name, "CN", MBSTRING_UTF8, (const unsigned char *)"chip", -1, -1, 0) == 1);
	CHECK(X509_set_issuer_name(cert, name) == 1 && X509_set_version(cert, 2) == 1);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	CHECK(X509_set_pubkey(cert, s->d.key) == 1);
	CHECK(X509_sign(cert, s->d.key, EVP_sha256()) > 0);
	return cert;
}

static void a_certificate_signed_by_the_chip_verifies(void)
{
	struct setup s;
	X509 *cert;

	setup(&s, TRUSTX_P256);
	cert = self_signed(&s);
	CHECK(X509_verify(cert, s.d.key) == 1);
	CHECK(X509_verify(cert, X509_get0_pubkey(cert)) == 1);
	CHECK(X509_check_private_key(cert, s.d.key) == 1);
	X509_free(cert);
	teardown(&s);
}

/* ---- TLS over memory ---- */

static SSL_CTX *server_context(int version, EVP_PKEY **key)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	X509 *cert = X509_new();

	*key = EVP_EC_gen("P-256");
	X509_gmtime_adj(X509_getm_notBefore(cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	CHECK(X509_set_pubkey(cert, *key) == 1 && X509_sign(cert, *key, EVP_sha256()) > 0);
	CHECK(SSL_CTX_use_certificate(ctx, cert) == 1 && SSL_CTX_use_PrivateKey(ctx, *key) == 1);
	CHECK(SSL_CTX_set_min_proto_version(ctx, version) == 1 &&
		SSL_CTX_set_max_proto_version(ctx, version) == 1);
	X509_free(cert);
	return ctx;
}

static SSL *endpoint(SSL_CTX *ctx, BIO *in, BIO *out)
{
	SSL *ssl = SSL_new(ctx);

	CHECK(ssl != NULL && BIO_up_ref(in) == 1 && BIO_up_ref(out) == 1);
	SSL_set_bio(ssl, in, out);
	return ssl;
}

/* Asked at once: the other side's next write changes what the shared BIO says of this one. */
static bool advance(SSL *ssl, bool *done)
{
	int rc = SSL_do_handshake(ssl);

	*done = rc == 1;
	return rc == 1 || SSL_get_error(ssl, rc) == SSL_ERROR_WANT_READ;
}

static bool shake_hands(SSL *client, SSL *server)
{
	bool client_done = false, server_done = false;

	SSL_set_connect_state(client);
	SSL_set_accept_state(server);
	for (int i = 0; i < 20 && !(client_done && server_done); i++)
		if (!advance(client, &client_done) || !advance(server, &server_done))
			return false;
	return client_done && server_done;
}

static void connect_with_the_chips_key(const struct setup *s, int version)
{
	BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
	SSL_CTX *client_ctx = SSL_CTX_new_ex(s->p.libctx, NULL, TLS_client_method());
	EVP_PKEY *server_key;
	SSL_CTX *server_ctx = server_context(version, &server_key);
	X509 *cert = self_signed(s);
	X509_STORE *store = SSL_CTX_get_cert_store(server_ctx);
	SSL *client, *server;

	CHECK(X509_STORE_add_cert(store, cert) == 1);
	SSL_CTX_set_verify(server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	CHECK(SSL_CTX_use_certificate(client_ctx, cert) == 1);
	CHECK(SSL_CTX_use_PrivateKey(client_ctx, s->d.key) == 1);
	CHECK(SSL_CTX_check_private_key(client_ctx) == 1);
	client = endpoint(client_ctx, down, up);
	server = endpoint(server_ctx, up, down);
	if (!shake_hands(client, server)) {
		ERR_print_errors_fp(stderr);
		test_die(__FILE__, __LINE__, "the handshake failed");
	}
	CHECK_INT(SSL_version(server), version);
	CHECK(X509_cmp(SSL_get0_peer_certificate(server), cert) == 0);
	CHECK(SSL_get_verify_result(server) == X509_V_OK);
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(client_ctx);
	SSL_CTX_free(server_ctx);
	EVP_PKEY_free(server_key);
	X509_free(cert);
	BIO_free(up);
	BIO_free(down);
}

static void a_tls_client_authenticates_with_the_chip(void)
{
	struct setup s;

	for (int i = TRUSTX_P256; i <= TRUSTX_P384; i++) {
		setup(&s, (enum trustx_curve)i);
		connect_with_the_chips_key(&s, TLS1_2_VERSION);
		connect_with_the_chips_key(&s, TLS1_3_VERSION);
		ERR_clear_error();
		teardown(&s);
	}
}

/* ---- what must not work ---- */

static void the_private_key_does_not_leave(void)
{
	BIO *out = BIO_new(BIO_s_mem());
	BIGNUM *secret = NULL;
	struct setup s;

	setup(&s, TRUSTX_P256);
	CHECK(PEM_write_bio_PrivateKey(out, s.d.key, NULL, NULL, 0, NULL, NULL) != 1);
	CHECK_INT(BIO_pending(out), 0);
	CHECK(EVP_PKEY_get_bn_param(s.d.key, OSSL_PKEY_PARAM_PRIV_KEY, &secret) != 1);
	ERR_clear_error();
	BIO_free(out);
	teardown(&s);
}

static void key_agreement_and_generation_are_refused(void)
{
	EVP_PKEY_CTX *ctx;
	struct setup s;

	setup(&s, TRUSTX_P256);
	ctx = EVP_PKEY_CTX_new_from_pkey(s.p.libctx, s.d.key, NULL);
	CHECK(EVP_PKEY_derive_init(ctx) != 1);
	CHECK(ERR_peek_error() != 0);
	CHECK(EVP_PKEY_encrypt_init(ctx) != 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_name(s.p.libctx, "EC", "provider=trustx");
	CHECK(ctx != NULL && EVP_PKEY_keygen_init(ctx) != 1);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	teardown(&s);
}

static void ordinary_keys_of_the_context_stay_openssls(void)
{
	struct setup s;
	EVP_PKEY *key;

	setup(&s, TRUSTX_P256);
	key = EVP_PKEY_Q_keygen(s.p.libctx, NULL, "EC", "P-256");
	CHECK(key != NULL);
	CHECK_STR(OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(key)), "default");
	EVP_PKEY_free(key);
	teardown(&s);
}

static void the_default_context_knows_nothing_of_it(void)
{
	struct setup s;

	setup(&s, TRUSTX_P256);
	CHECK(OSSL_PROVIDER_available(s.p.libctx, "trustx") == 1);
	CHECK(OSSL_PROVIDER_available(NULL, "trustx") == 0);
	CHECK(EVP_KEYMGMT_fetch(NULL, "EC", "provider=trustx") == NULL);
	ERR_clear_error();
	teardown(&s);
}

static void a_point_off_the_curve_is_refused(void)
{
	struct trustx_public_key public;
	EVP_PKEY *key;
	struct setup s;
	struct fail f;

	setup(&s, TRUSTX_P256);
	public = (struct trustx_public_key){ TRUSTX_P256, s.d.point, s.d.point_len };
	s.d.point[64] ^= 1;
	CHECK_ERR(provider_key(&key, &s.p, &s.d.se, SLOT, &public, &f), TRUSTX_ERR_CRYPTO);
	CHECK(key == NULL);
	CHECK_STR(f.why, "the public key cannot be used: the public point is not on P-256");
	public.point_len = 64;
	CHECK_ERR(provider_key(&key, &s.p, &s.d.se, SLOT, &public, &f), TRUSTX_ERR_CRYPTO);
	public.point_len = 65;
	public.curve = TRUSTX_P384;
	CHECK_ERR(provider_key(&key, &s.p, &s.d.se, SLOT, &public, &f), TRUSTX_ERR_CRYPTO);
	CHECK_STR(f.why, "the public key cannot be used: no uncompressed point of P-384");
	teardown(&s);
}

static void a_refusal_of_the_chip_is_told_in_its_words(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	struct trustx_public_key public;
	size_t len = sizeof(sig);
	struct setup s;
	struct fail f;
	char text[512];
	EVP_PKEY *own;

	setup(&s, TRUSTX_P256);
	public = (struct trustx_public_key){ TRUSTX_P256, s.d.point, s.d.point_len };
	own = s.d.key;
	/* Slot 3 is empty: the point belongs to no key there. */
	CHECK_OK(provider_key(&s.d.key, &s.p, &s.d.se, 0xE0F3, &public, &f));
	CHECK(sign_digest(&s, sig, &len, 32) != 1);
	first_error(text);
	if (strncmp(text, "the chip did not sign: sign with 0xE0F3: ", 41) != 0)
		test_die("error text", 0, text);
	EVP_PKEY_free(own);
	teardown(&s);
}

static void two_chips_with_two_keys_work_side_by_side(void)
{
	uint8_t sig[TRUSTX_SIG_MAX];
	struct device a, b;
	struct provider p;
	struct fail f;
	size_t len;

	CHECK_OK(provider_open(&p, &f));
	device_open(&a, "a.chip", TRUSTX_P256);
	device_open(&b, "b.chip", TRUSTX_P384);
	device_key(&a, &p);
	device_key(&b, &p);
	for (int i = 0; i < 3; i++) {
		struct setup with_a = { p, a }, with_b = { p, b };

		len = sizeof(sig);
		CHECK(sign_digest(&with_a, sig, &len, 32) == 1);
		CHECK_INT(verify_digest(a.key, sig, len, 32), 1);
		CHECK(verify_digest(b.key, sig, len, 32) != 1);
		len = sizeof(sig);
		CHECK(sign_digest(&with_b, sig, &len, 48) == 1);
		CHECK_INT(verify_digest(b.key, sig, len, 48), 1);
		CHECK(verify_digest(a.key, sig, len, 48) != 1);
	}
	device_close(&a);
	device_close(&b);
	provider_close(&p);
}

static void opening_and_closing_twice_is_fine(void)
{
	struct provider p = { 0 };
	struct fail f;

	provider_close(&p);
	CHECK_OK(provider_open(&p, &f));
	provider_close(&p);
	provider_close(&p);
	CHECK_OK(provider_open(&p, &f));
	provider_close(&p);
}

int main(void)
{
	RUN(opening_and_closing_twice_is_fine);
	RUN(a_message_is_hashed_here_and_signed_by_the_chip);
	RUN(the_key_itself_verifies_with_openssls_code);
	RUN(a_key_without_a_named_digest_takes_the_curves);
	RUN(a_digest_is_signed_with_its_leftmost_bits);
	RUN(a_digest_too_short_or_room_too_small_is_refused);
	RUN(a_digest_of_the_wrong_length_for_its_name_is_refused);
	RUN(the_key_says_what_it_is);
	RUN(public_halves_are_equal_whoever_holds_them);
	RUN(a_public_key_without_chip_compares_and_verifies);
	RUN(the_public_key_is_encoded_as_libtrustx_does);
	RUN(a_certificate_signed_by_the_chip_verifies);
	RUN(a_tls_client_authenticates_with_the_chip);
	RUN(the_private_key_does_not_leave);
	RUN(key_agreement_and_generation_are_refused);
	RUN(ordinary_keys_of_the_context_stay_openssls);
	RUN(the_default_context_knows_nothing_of_it);
	RUN(a_point_off_the_curve_is_refused);
	RUN(a_refusal_of_the_chip_is_told_in_its_words);
	RUN(two_chips_with_two_keys_work_side_by_side);
	return 0;
}
