/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Shared and derived secrets (SRM "CalcSSec", "DeriveKey"). */
#include "apdu.h"
#include "der.h"

#define PARAM_ECDH	0x01u
#define PARAM_TLS_PRF	0x01u
#define SEED_MIN	8u
#define SEED_MAX	1024u
#define DERIVED_MIN	16u
#define DERIVED_MAX	256u
#define DERIVED_SESSION 48u

/* session 0: the secret comes out. */
static enum trustx_err agree(struct trustx *se, uint8_t *secret, size_t *len, uint16_t session,
	uint16_t oid, const struct trustx_public_key *key)
{
	struct handle *h = handle_of(se);
	const size_t field = session != 0 ? 0 : der_field(key->curve);
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_SECRET, PARAM_ECDH, oid);
	apdu_word(&a, 0x01, oid);
	apdu_public_key(&a, key);
	apdu_target(&a, session);
	apdu_answer(&a, 0, secret, field);
	err = !der_is_point(key) ? TRUSTX_ERR_ARGUMENT
	      : *len < field	 ? TRUSTX_ERR_TOO_SMALL
				 : apdu_run_exact(h, &a);
	return call_end(h, err, secret, len, field);
}

enum trustx_err trustx_ecdh(struct trustx *se, uint8_t *secret, size_t *len, uint16_t oid,
	const struct trustx_public_key *key)
{
	return agree(se, secret, len, 0, oid, key);
}

enum trustx_err trustx_ecdh_session(
	struct trustx *se, uint16_t session, uint16_t oid, const struct trustx_public_key *key)
{
	size_t none = 0;

	return agree(se, NULL, &none, session, oid, key);
}

/* session 0: the secret comes out. */
static enum trustx_err derive(struct trustx *se, uint8_t *out, size_t len, uint16_t session,
	uint16_t oid, const uint8_t *seed, size_t seed_len)
{
	struct handle *h = handle_of(se);
	size_t out_len = session != 0 ? 0 : len;
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_DERIVE, PARAM_TLS_PRF, oid);
	apdu_word(&a, 0x01, oid);
	apdu_value(&a, 0x02, seed, seed_len);
	apdu_word(&a, 0x03, len);
	apdu_target(&a, session);
	apdu_answer(&a, 0, out, out_len);
	if (seed_len < SEED_MIN || seed_len > SEED_MAX || len < DERIVED_MIN ||
		len > (session != 0 ? DERIVED_SESSION : DERIVED_MAX))
		err = TRUSTX_ERR_ARGUMENT;
	else
		err = apdu_run_exact(h, &a);
	return call_end(h, err, out, &out_len, out_len);
}

enum trustx_err trustx_derive(struct trustx *se, uint8_t *out, size_t len, uint16_t oid,
	const uint8_t *seed, size_t seed_len)
{
	return derive(se, out, len, 0, oid, seed, seed_len);
}

enum trustx_err trustx_derive_session(struct trustx *se, uint16_t session, size_t len, uint16_t oid,
	const uint8_t *seed, size_t seed_len)
{
	return derive(se, NULL, len, session, oid, seed, seed_len);
}
