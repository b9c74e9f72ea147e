/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "curve.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "mem.h"

#define SEED_LEN 64 /* enough more than any order that the remainder is as good as uniform */

struct known_curve {
	uint8_t alg;
	int nid;
	size_t size;
};

static const struct known_curve known[] = {
	{ CURVE_P256, NID_X9_62_prime256v1, 32 },
	{ CURVE_P384, NID_secp384r1, 48 },
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

struct curves {
	BN_CTX *ctx;
	EC_GROUP *groups[KNOWN];
};

static size_t position(uint8_t alg)
{
	size_t i = 0;

	while (i < KNOWN && known[i].alg != alg)
		i++;
	return i;
}

size_t curve_size(uint8_t alg)
{
	size_t i = position(alg);

	return i < KNOWN ? known[i].size : 0;
}

struct curves *curves_new(void)
{
	struct curves *c = calloc(1, sizeof(*c));

	if (c != NULL && (c->ctx = BN_CTX_new()) == NULL) {
		free(c);
		c = NULL;
	}
	return c;
}

void curves_free(struct curves *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < KNOWN; i++)
		EC_GROUP_free(c->groups[i]);
	BN_CTX_free(c->ctx);
	free(c);
}

static const EC_GROUP *group_of(struct curves *c, uint8_t alg)
{
	size_t i = position(alg);

	if (i < KNOWN && c->groups[i] == NULL)
		c->groups[i] = EC_GROUP_new_by_curve_name(known[i].nid);
	return i < KNOWN ? c->groups[i] : NULL;
}

/* seed mod (order - 1) + 1: a scalar that is never 0. */
static bool scalar_from(
	BIGNUM *k, const uint8_t seed[static SEED_LEN], const EC_GROUP *g, BN_CTX *ctx)
{
	BIGNUM *limit = BN_dup(EC_GROUP_get0_order(g));
	bool ok = limit != NULL && BN_sub_word(limit, 1) == 1 &&
		  BN_bin2bn(seed, SEED_LEN, k) != NULL && BN_mod(k, k, limit, ctx) == 1 &&
		  BN_add_word(k, 1) == 1;

	BN_free(limit);
	return ok;
}

enum trustx_err curve_generate(
	struct curves *c, struct private_key *key, uint8_t alg, struct rng *rng)
{
	const EC_GROUP *g = group_of(c, alg);
	enum trustx_err err;
	uint8_t seed[SEED_LEN];
	BIGNUM *d;

	if (g == NULL)
		return TRUSTX_ERR_CRYPTO;
	if ((err = rng_bytes(rng, seed, sizeof(seed))) != TRUSTX_OK)
		return err;
	BN_CTX_start(c->ctx);
	err = TRUSTX_ERR_CRYPTO;
	memset(key, 0, sizeof(*key));
	key->alg = alg;
	d = BN_CTX_get(c->ctx);
	if (d != NULL && scalar_from(d, seed, g, c->ctx) &&
		BN_bn2binpad(d, key->d, (int)curve_size(alg)) > 0)
		err = TRUSTX_OK;
	if (d != NULL)
		BN_clear(d);
	BN_CTX_end(c->ctx);
	mem_wipe(seed, sizeof(seed));
	return err;
}

static bool point_to_xy(uint8_t *xy, const EC_GROUP *g, const EC_POINT *p, BN_CTX *ctx)
{
	uint8_t octets[1 + 2 * CURVE_MAX];
	size_t len = EC_POINT_point2oct(
		g, p, POINT_CONVERSION_UNCOMPRESSED, octets, sizeof(octets), ctx);

	if (len == 0)
		return false;
	memcpy(xy, octets + 1, len - 1);
	return true;
}

enum trustx_err curve_public(
	struct curves *c, struct public_key *pub, const struct private_key *key)
{
	const EC_GROUP *g = group_of(c, key->alg);
	enum trustx_err err = TRUSTX_ERR_CRYPTO;
	EC_POINT *p = NULL;
	BIGNUM *d = NULL;

	if (g == NULL)
		return TRUSTX_ERR_INPUT;
	memset(pub, 0, sizeof(*pub));
	pub->alg = key->alg;
	d = BN_bin2bn(key->d, (int)curve_size(key->alg), NULL);
	p = EC_POINT_new(g);
	if (d == NULL || p == NULL || EC_POINT_mul(g, p, d, NULL, NULL, c->ctx) != 1)
		goto out;
	if (!point_to_xy(pub->xy, g, p, c->ctx))
		goto out;

	err = TRUSTX_OK;
out:
	EC_POINT_free(p);
	BN_clear_free(d);
	return err;
}

static enum trustx_err point_from(
	EC_POINT *q, const struct public_key *pub, const EC_GROUP *g, BN_CTX *ctx)
{
	uint8_t octets[1 + 2 * CURVE_MAX] = { POINT_CONVERSION_UNCOMPRESSED };
	size_t len = 2 * curve_size(pub->alg);

	memcpy(octets + 1, pub->xy, len);
	return EC_POINT_oct2point(g, q, octets, 1 + len, ctx) == 1 ? TRUSTX_OK : TRUSTX_ERR_INPUT;
}

enum trustx_err curve_agree(struct curves *c, uint8_t secret[static CURVE_MAX],
	const struct private_key *key, const struct public_key *pub)
{
	const EC_GROUP *g = group_of(c, key->alg);
	int size = (int)curve_size(key->alg);
	enum trustx_err err = TRUSTX_ERR_CRYPTO;
	BIGNUM *d = NULL, *x = NULL;
	EC_POINT *p = NULL;

	if (g == NULL || pub->alg != key->alg)
		return TRUSTX_ERR_INPUT;
	d = BN_bin2bn(key->d, size, NULL);
	x = BN_new();
	p = EC_POINT_new(g);
	if (d == NULL || x == NULL || p == NULL)
		goto out;
	if ((err = point_from(p, pub, g, c->ctx)) != TRUSTX_OK)
		goto out;
	err = TRUSTX_ERR_CRYPTO;
	if (EC_POINT_mul(g, p, NULL, p, d, c->ctx) != 1 ||
		EC_POINT_get_affine_coordinates(g, p, x, NULL, c->ctx) != 1 ||
		BN_bn2binpad(x, secret, size) < 0)
		goto out;

	err = TRUSTX_OK;
out:
	EC_POINT_clear_free(p);
	BN_clear_free(x);
	BN_clear_free(d);
	return err;
}

/* Mixing in the key and the digest makes a row of random numbers that repeats harmless. */
static enum trustx_err nonce_seed(uint8_t seed[static SEED_LEN], const struct private_key *key,
	struct digest digest, struct rng *rng)
{
	uint8_t fresh[32] = { 0 };
	enum trustx_err err = TRUSTX_OK;
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	if (rng != NULL)
		err = rng_bytes(rng, fresh, sizeof(fresh));
	if (err == TRUSTX_OK && (md == NULL || EVP_DigestInit_ex(md, EVP_sha512(), NULL) != 1 ||
					EVP_DigestUpdate(md, fresh, sizeof(fresh)) != 1 ||
					EVP_DigestUpdate(md, key->d, sizeof(key->d)) != 1 ||
					EVP_DigestUpdate(md, digest.data, digest.len) != 1 ||
					EVP_DigestFinal_ex(md, seed, NULL) != 1))
		err = TRUSTX_ERR_CRYPTO;
	EVP_MD_CTX_free(md);
	mem_wipe(fresh, sizeof(fresh));
	return err;
}

/* r: the x coordinate of k times the generator, mod the order. */
static bool nonce_point(BIGNUM *r, const BIGNUM *k, const EC_GROUP *g, BN_CTX *ctx)
{
	EC_POINT *p = EC_POINT_new(g);
	bool ok = p != NULL && EC_POINT_mul(g, p, k, NULL, NULL, ctx) == 1 &&
		  EC_POINT_get_affine_coordinates(g, p, r, NULL, ctx) == 1 &&
		  BN_nnmod(r, r, EC_GROUP_get0_order(g), ctx) == 1;

	EC_POINT_free(p);
	return ok;
}

/* SEC 1 section 4.1.3: s = (e + r d) / k. The numbers are made by the caller. */
static bool sign_with(BIGNUM *const n[static 5], const EC_GROUP *g, BN_CTX *ctx)
{
	BIGNUM *r = n[0], *s = n[1], *k = n[2], *d = n[3], *e = n[4];
	const BIGNUM *order = EC_GROUP_get0_order(g);

	return nonce_point(r, k, g, ctx) && BN_mod_mul(s, r, d, order, ctx) == 1 &&
	       BN_mod_add(s, s, e, order, ctx) == 1 && BN_mod_inverse(k, k, order, ctx) != NULL &&
	       BN_mod_mul(s, s, k, order, ctx) == 1 && !BN_is_zero(r) && !BN_is_zero(s);
}

enum trustx_err curve_sign(struct curves *c, struct signature *sig, const struct private_key *key,
	struct digest digest, struct rng *rng)
{
	const EC_GROUP *g = group_of(c, key->alg);
	int size = (int)curve_size(key->alg);
	enum trustx_err err;
	uint8_t seed[SEED_LEN];
	BIGNUM *n[5] = { NULL };

	if (g == NULL)
		return TRUSTX_ERR_INPUT;
	if ((err = nonce_seed(seed, key, digest, rng)) != TRUSTX_OK)
		return err;
	err = TRUSTX_ERR_CRYPTO;
	for (size_t i = 0; i < 5; i++)
		if ((n[i] = BN_new()) == NULL)
			goto out;
	if (!scalar_from(n[2], seed, g, c->ctx) || BN_bin2bn(key->d, size, n[3]) == NULL ||
		BN_bin2bn(digest.data, (int)digest.len, n[4]) == NULL)
		goto out;
	if (!sign_with(n, g, c->ctx))
		goto out;
	if (BN_bn2binpad(n[0], sig->r, size) < 0 || BN_bn2binpad(n[1], sig->s, size) < 0)
		goto out;

	err = TRUSTX_OK;
out:
	for (size_t i = 0; i < 5; i++)
		BN_clear_free(n[i]);
	mem_wipe(seed, sizeof(seed));
	return err;
}

/* SEC 1 section 4.1.4; TRUSTX_ERR_CRYPTO stands for "could not compute". */
static enum trustx_err verify_with(
	BIGNUM *const n[static 5], const EC_POINT *q, const EC_GROUP *g, BN_CTX *ctx)
{
	BIGNUM *r = n[0], *s = n[1], *u1 = n[2], *u2 = n[3], *e = n[4];
	const BIGNUM *order = EC_GROUP_get0_order(g);
	enum trustx_err err = TRUSTX_ERR_CRYPTO;
	EC_POINT *p = EC_POINT_new(g);

	if (p == NULL || BN_mod_inverse(s, s, order, ctx) == NULL ||
		BN_mod_mul(u1, e, s, order, ctx) != 1 || BN_mod_mul(u2, r, s, order, ctx) != 1 ||
		EC_POINT_mul(g, p, u1, q, u2, ctx) != 1)
		goto out;
	err = TRUSTX_ERR_MISMATCH;
	if (EC_POINT_is_at_infinity(g, p))
		goto out;
	if (EC_POINT_get_affine_coordinates(g, p, u1, NULL, ctx) != 1 ||
		BN_nnmod(u1, u1, order, ctx) != 1 || BN_cmp(u1, r) != 0)
		goto out;

	err = TRUSTX_OK;
out:
	EC_POINT_free(p);
	return err;
}

static bool is_scalar(const BIGNUM *v, const EC_GROUP *g)
{
	return !BN_is_zero(v) && BN_cmp(v, EC_GROUP_get0_order(g)) < 0;
}

enum trustx_err curve_verify(struct curves *c, const struct public_key *pub,
	const struct signature *sig, struct digest digest)
{
	const EC_GROUP *g = group_of(c, pub->alg);
	int size = (int)curve_size(pub->alg);
	enum trustx_err err = TRUSTX_ERR_CRYPTO;
	BIGNUM *n[5] = { NULL };
	EC_POINT *q = NULL;

	if (g == NULL)
		return TRUSTX_ERR_INPUT;
	for (size_t i = 0; i < 5; i++)
		if ((n[i] = BN_new()) == NULL)
			goto out;
	if ((q = EC_POINT_new(g)) == NULL || BN_bin2bn(sig->r, size, n[0]) == NULL ||
		BN_bin2bn(sig->s, size, n[1]) == NULL ||
		BN_bin2bn(digest.data, (int)digest.len, n[4]) == NULL)
		goto out;
	if ((err = point_from(q, pub, g, c->ctx)) != TRUSTX_OK)
		goto out;
	err = TRUSTX_ERR_MISMATCH;
	if (!is_scalar(n[0], g) || !is_scalar(n[1], g))
		goto out;
	err = verify_with(n, q, g, c->ctx);
out:
	EC_POINT_free(q);
	for (size_t i = 0; i < 5; i++)
		BN_free(n[i]);
	return err;
}
