/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "recover.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

/* Names as in SEC 1 v2, 4.1.6. All are borrowed from the BN_CTX, group and sig but for those two. */
struct recovery {
	EC_GROUP *group;
	BN_CTX *bn;
	ECDSA_SIG *sig;
	const BIGNUM *n, *r, *s;
	BIGNUM *p, *e, *u1, *u2; /* Q = u1 G + u2 R, u1 = -e/r, u2 = s/r */
	EC_POINT *R, *Q;
};

static bool in_range(const BIGNUM *v, const BIGNUM *n)
{
	return !BN_is_negative(v) && !BN_is_zero(v) && BN_cmp(v, n) < 0;
}

static enum trustx_err parse_signature(struct recovery *rec, const struct recover_input *in)
{
	const uint8_t *p = in->sig;

	if (in->sig_len > TRUSTX_SIG_MAX)
		return TRUSTX_ERR_INPUT;
	rec->sig = d2i_ECDSA_SIG(NULL, &p, (long)in->sig_len);
	if (rec->sig == NULL || p != in->sig + in->sig_len)
		return TRUSTX_ERR_INPUT;
	ECDSA_SIG_get0(rec->sig, &rec->r, &rec->s);
	if (!in_range(rec->r, rec->n) || !in_range(rec->s, rec->n))
		return TRUSTX_ERR_INPUT;
	return TRUSTX_OK;
}

/* SEC 1 4.1.3: the leftmost bits of the digest, as many as n has. */
static bool set_digest(struct recovery *rec, const struct recover_input *in)
{
	int surplus = (int)in->digest_len * 8 - BN_num_bits(rec->n);

	return BN_bin2bn(in->digest, (int)in->digest_len, rec->e) != NULL &&
	       (surplus <= 0 || BN_rshift(rec->e, rec->e, surplus) == 1);
}

static bool set_factors(struct recovery *rec)
{
	BIGNUM *inverse = BN_CTX_get(rec->bn);

	return inverse != NULL && BN_mod_inverse(inverse, rec->r, rec->n, rec->bn) != NULL &&
	       BN_mod_mul(rec->u2, rec->s, inverse, rec->n, rec->bn) == 1 &&
	       BN_mod_mul(rec->u1, rec->e, inverse, rec->n, rec->bn) == 1 &&
	       BN_sub(rec->u1, rec->n, rec->u1) == 1;
}

static bool recovery_open(struct recovery *rec, enum trustx_curve curve)
{
	rec->group = EC_GROUP_new_by_curve_name(
		curve == TRUSTX_P384 ? NID_secp384r1 : NID_X9_62_prime256v1);
	rec->bn = BN_CTX_new();
	if (rec->bn == NULL)
		return false;
	BN_CTX_start(rec->bn);
	if (rec->group == NULL)
		return false;
	rec->n = EC_GROUP_get0_order(rec->group);
	rec->p = BN_CTX_get(rec->bn);
	rec->e = BN_CTX_get(rec->bn);
	rec->u1 = BN_CTX_get(rec->bn);
	rec->u2 = BN_CTX_get(rec->bn);
	rec->R = EC_POINT_new(rec->group);
	rec->Q = EC_POINT_new(rec->group);
	return rec->p != NULL && rec->e != NULL && rec->u1 != NULL && rec->u2 != NULL &&
	       rec->R != NULL && rec->Q != NULL &&
	       EC_GROUP_get_curve(rec->group, rec->p, NULL, NULL, rec->bn) == 1;
}

static void recovery_close(struct recovery *rec)
{
	EC_POINT_free(rec->Q);
	EC_POINT_free(rec->R);
	ECDSA_SIG_free(rec->sig);
	if (rec->bn != NULL)
		BN_CTX_end(rec->bn);
	BN_CTX_free(rec->bn);
	EC_GROUP_free(rec->group);
}

/* The key for R = (x, y) with y odd or even; false: there is none (x is on no point, or Q = O). */
static bool one_point(struct recovery *rec, struct recover_point *point, const BIGNUM *x, int odd)
{
	if (EC_POINT_set_compressed_coordinates(rec->group, rec->R, x, odd, rec->bn) != 1 ||
		EC_POINT_mul(rec->group, rec->Q, rec->u1, rec->R, rec->u2, rec->bn) != 1 ||
		EC_POINT_is_at_infinity(rec->group, rec->Q))
		return false;
	point->len = EC_POINT_point2oct(rec->group, rec->Q, POINT_CONVERSION_UNCOMPRESSED,
		point->bytes, sizeof(point->bytes), rec->bn);
	return point->len > 0;
}

/* x is r or r + n, as long as it is below p; the cofactor is 1. */
static enum trustx_err all_points(struct recovery *rec, struct recover_point *points, size_t *count)
{
	BIGNUM *x = BN_CTX_get(rec->bn);

	if (x == NULL || BN_copy(x, rec->r) == NULL)
		return TRUSTX_ERR_CRYPTO;
	while (BN_cmp(x, rec->p) < 0) {
		for (int odd = 0; odd < 2; odd++)
			*count += one_point(rec, &points[*count], x, odd);
		if (BN_add(x, x, rec->n) != 1)
			return TRUSTX_ERR_CRYPTO;
	}
	return TRUSTX_OK;
}

enum trustx_err recover_points(
	struct recover_point points[RECOVER_MAX], size_t *count, const struct recover_input *in)
{
	struct recovery rec = { 0 };
	enum trustx_err err = TRUSTX_ERR_CRYPTO;

	*count = 0;
	if (in->digest_len > TRUSTX_DIGEST_MAX)
		return TRUSTX_ERR_INPUT;
	ERR_set_mark(); /* an x on no point is no error of this program */
	if (!recovery_open(&rec, in->curve))
		goto out;
	if ((err = parse_signature(&rec, in)) != TRUSTX_OK)
		goto out;
	err = TRUSTX_ERR_CRYPTO;
	if (!set_digest(&rec, in) || !set_factors(&rec))
		goto out;
	if ((err = all_points(&rec, points, count)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK)
		*count = 0;
	recovery_close(&rec);
	ERR_pop_to_mark();
	return err;
}
