/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "possession.h"
#include "pubkey.h"
#include "recover.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>

#include "test.h"

struct made { /* a signature by a key whose point is known */
	struct recover_input in;
	uint8_t digest[48], sig[TRUSTX_SIG_MAX], point[TRUSTX_POINT_MAX];
	size_t point_len;
};

static void sign_with_new_key(struct made *m, enum trustx_curve curve, size_t digest_len)
{
	EVP_PKEY *key = EVP_EC_gen(curve == TRUSTX_P384 ? "P-384" : "P-256");
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t sig_len = sizeof(m->sig);

	CHECK(RAND_bytes(m->digest, (int)digest_len) == 1);
	CHECK(EVP_PKEY_sign_init(ctx) == 1);
	CHECK(EVP_PKEY_sign(ctx, m->sig, &sig_len, m->digest, digest_len) == 1);
	CHECK(EVP_PKEY_get_octet_string_param(
		      key, "pub", m->point, sizeof(m->point), &m->point_len) == 1);
	m->in = (struct recover_input){ curve, m->digest, digest_len, m->sig, sig_len };
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
}

static bool is_among(const struct made *m, const struct recover_point *points, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (points[i].len == m->point_len &&
			memcmp(points[i].bytes, m->point, m->point_len) == 0)
			return true;
	return false;
}

static void the_key_is_among_the_recovered_points(void)
{
	static const enum trustx_curve curves[] = { TRUSTX_P256, TRUSTX_P384 };
	static const size_t digest_lens[] = { 10, 20, 32, 48 };
	struct recover_point points[RECOVER_MAX];
	struct made m;
	size_t count;

	for (size_t i = 0; i < 400; i++) {
		sign_with_new_key(&m, curves[i % 2], digest_lens[i / 2 % 4]);
		CHECK_OK(recover_points(points, &count, &m.in));
		CHECK(count >= 1 && count <= RECOVER_MAX);
		CHECK(is_among(&m, points, count));
	}
}

static void encode_sig(struct made *m, const BIGNUM *r, const BIGNUM *s)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	uint8_t *p = m->sig;
	int len;

	CHECK(ECDSA_SIG_set0(sig, BN_dup(r), BN_dup(s)) == 1);
	len = i2d_ECDSA_SIG(sig, &p);
	CHECK(len > 0);
	m->in.sig_len = (size_t)len;
	ECDSA_SIG_free(sig);
}

/*
 * One signature in 2^128 has x(R) between n and p: nobody meets it, so it is built backwards. R is
 * the first point with x > n, r = x - n, s and e free, Q = (s R - e G) / r.
 */
static void a_point_whose_x_is_beyond_the_order_is_recovered(void)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	const BIGNUM *n = EC_GROUP_get0_order(group);
	EC_POINT *R = EC_POINT_new(group), *Q = EC_POINT_new(group);
	BN_CTX *bn = BN_CTX_new();
	BIGNUM *x = BN_dup(n), *r = BN_new(), *s = BN_new(), *e = BN_new(), *inverse;
	struct recover_point points[RECOVER_MAX];
	struct made m = { 0 };
	struct possession proof = { .curve = TRUSTX_P256 };
	struct trustx_public_key key = { TRUSTX_P256, m.point, 65 };
	size_t count;

	do
		CHECK(BN_add_word(x, 1) == 1);
	while (EC_POINT_set_compressed_coordinates(group, R, x, 1, bn) != 1);
	CHECK(BN_sub(r, x, n) == 1 && BN_rand_range(s, n) == 1 && BN_rand_range(e, n) == 1);
	CHECK(BN_bn2binpad(e, m.digest, 32) == 32);
	encode_sig(&m, r, s);
	inverse = BN_mod_inverse(NULL, r, n, bn);
	CHECK(BN_mod_mul(s, s, inverse, n, bn) == 1 && BN_mod_mul(e, e, inverse, n, bn) == 1);
	CHECK(BN_sub(e, n, e) == 1 && EC_POINT_mul(group, Q, e, R, s, bn) == 1);
	m.point_len = EC_POINT_point2oct(
		group, Q, POINT_CONVERSION_UNCOMPRESSED, m.point, sizeof(m.point), bn);

	memcpy(proof.digest, m.digest, 32);
	memcpy(proof.sig, m.sig, m.in.sig_len);
	proof.sig_len = m.in.sig_len;
	CHECK(possession_holds(&proof, &key));

	m.in = (struct recover_input){ TRUSTX_P256, m.digest, 32, m.sig, m.in.sig_len };
	CHECK_OK(recover_points(points, &count, &m.in));
	CHECK(count >= 2);
	CHECK(is_among(&m, points, count));

	BN_free(inverse);
	BN_free(e);
	BN_free(s);
	BN_free(r);
	BN_free(x);
	BN_CTX_free(bn);
	EC_POINT_free(Q);
	EC_POINT_free(R);
	EC_GROUP_free(group);
}

static void check_refused(struct made *m)
{
	struct recover_point points[RECOVER_MAX];
	size_t count = 9;

	m->in = (struct recover_input){ TRUSTX_P256, m->digest, 32, m->sig, m->in.sig_len };
	CHECK_ERR(recover_points(points, &count, &m->in), TRUSTX_ERR_INPUT);
	CHECK_INT(count, 0);
}

static void numbers_out_of_range_are_refused(void)
{
	static const uint8_t minus[][8] = { { 0x30, 6, 2, 1, 0xFF, 2, 1, 1 },
		{ 0x30, 6, 2, 1, 1, 2, 1, 0xFF } };
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	const BIGNUM *n = EC_GROUP_get0_order(group), *one = BN_value_one();
	BIGNUM *zero = BN_new();
	const BIGNUM *bad[][2] = { { zero, one }, { one, zero }, { n, one }, { one, n } };
	struct made m = { 0 };

	BN_zero(zero);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		encode_sig(&m, bad[i][0], bad[i][1]);
		check_refused(&m);
	}
	for (size_t i = 0; i < 2; i++) {
		memcpy(m.sig, minus[i], 8);
		m.in.sig_len = 8;
		check_refused(&m);
	}
	BN_free(zero);
	EC_GROUP_free(group);
}

static void what_is_no_signature_is_refused(void)
{
	struct recover_point points[RECOVER_MAX];
	struct made m;
	size_t count, len;

	sign_with_new_key(&m, TRUSTX_P256, 32);
	len = m.in.sig_len;
	for (m.in.sig_len = 0; m.in.sig_len < len; m.in.sig_len++)
		CHECK_ERR(recover_points(points, &count, &m.in), TRUSTX_ERR_INPUT);
	m.sig[len] = 0;
	m.in.sig_len = len + 1;
	CHECK_ERR(recover_points(points, &count, &m.in), TRUSTX_ERR_INPUT);
	m.in.sig_len = len;
	for (size_t i = 0; i < len * 8; i++) {
		m.sig[i / 8] ^= (uint8_t)(1u << i % 8);
		if (recover_points(points, &count, &m.in) == TRUSTX_OK)
			CHECK(!is_among(&m, points, count));
		m.sig[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void a_proof_holds_for_its_key_and_digest_only(void)
{
	struct possession proof = { .curve = TRUSTX_P384 };
	struct trustx_public_key key;
	struct made m, other;

	sign_with_new_key(&m, TRUSTX_P384, 32);
	sign_with_new_key(&other, TRUSTX_P384, 32);
	memcpy(proof.digest, m.digest, 32);
	memcpy(proof.sig, m.sig, m.in.sig_len);
	proof.sig_len = m.in.sig_len;
	key = (struct trustx_public_key){ TRUSTX_P384, m.point, m.point_len };
	CHECK(possession_holds(&proof, &key));
	key.point = other.point;
	CHECK(!possession_holds(&proof, &key));
	key.point = m.point;
	m.point[5] ^= 1; /* not on the curve */
	CHECK(!possession_holds(&proof, &key));
	m.point[5] ^= 1;
	proof.digest[0] ^= 1;
	CHECK(!possession_holds(&proof, &key));
	proof.digest[0] ^= 1;
	proof.curve = TRUSTX_P256;
	CHECK(!possession_holds(&proof, &key));
}

int main(void)
{
	RUN(the_key_is_among_the_recovered_points);
	RUN(a_point_whose_x_is_beyond_the_order_is_recovered);
	RUN(numbers_out_of_range_are_refused);
	RUN(what_is_no_signature_is_refused);
	RUN(a_proof_holds_for_its_key_and_digest_only);
	return 0;
}
