/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Signatures: CalcSign over a digest, and the authentication of the chip (SRM "CalcSign"). */
#include "apdu.h"
#include "der.h"

#define PARAM_SCHEME_ECDSA 0x91u
#define PARAM_CHALLENGE	   0x01u
#define PARAM_PROOF	   0x02u
#define CHALLENGE_MIN	   8u
#define CHALLENGE_MAX	   256u

/* Two heads of two bytes and a zero in front of each integer. */
static size_t pair_len(size_t field)
{
	return 2 * (3 + field);
}

/* Run a whose answer is a signature; it needs two bytes more than the pair, for the SEQUENCE. */
static enum trustx_err run(
	struct handle *h, struct apdu *a, uint8_t *sig, size_t *sig_len, size_t field)
{
	enum trustx_err err;

	apdu_answer(a, 0, sig + 2, pair_len(field));
	if ((err = apdu_run(h, a)) != TRUSTX_OK)
		return err;
	*sig_len = der_from_pair(sig, a->len, field);
	return *sig_len != 0 ? TRUSTX_OK : apdu_malformed(h, a);
}

enum trustx_err trustx_sign(struct trustx *se, uint8_t *sig, size_t *len, uint16_t oid,
	enum trustx_curve curve, const uint8_t *digest, size_t digest_len)
{
	struct handle *h = handle_of(se);
	const size_t field = der_field(curve);
	struct apdu a;
	size_t sig_len = 0;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_SIGN, PARAM_ECDSA, oid);
	apdu_value(&a, 0x01, digest, digest_len);
	apdu_word(&a, 0x03, oid);
	err = !der_is_digest(digest_len, field) ? TRUSTX_ERR_ARGUMENT
	      : *len < 2 + pair_len(field)	? TRUSTX_ERR_TOO_SMALL
						: run(h, &a, sig, &sig_len, field);
	return call_end(h, err, sig, len, sig_len);
}

static enum trustx_err challenge(
	struct handle *h, uint16_t oid, const uint8_t *data, size_t data_len)
{
	struct apdu a;
	enum trustx_err err;

	apdu_begin(h, &a, CMD_SCHEME, PARAM_SCHEME_ECDSA, oid);
	apdu_u16(&a, oid);
	if ((err = apdu_run(h, &a)) != TRUSTX_OK)
		return err;
	apdu_begin(h, &a, CMD_CHALLENGE, PARAM_CHALLENGE, oid);
	apdu_data(&a, data, data_len);
	return apdu_run(h, &a);
}

enum trustx_err trustx_authenticate(struct trustx *se, uint8_t *sig, size_t *len, uint16_t oid,
	enum trustx_curve curve, const uint8_t *data, size_t data_len)
{
	struct handle *h = handle_of(se);
	const size_t field = der_field(curve);
	struct apdu a;
	size_t sig_len = 0;
	enum trustx_err err;

	call_begin(h);
	apdu_note(h, CMD_PROOF, PARAM_PROOF, oid);
	err = data_len < CHALLENGE_MIN || data_len > CHALLENGE_MAX || field == 0
		      ? TRUSTX_ERR_ARGUMENT
	      : *len < 2 + pair_len(field) ? TRUSTX_ERR_TOO_SMALL
					   : challenge(h, oid, data, data_len);
	if (err != TRUSTX_OK)
		goto out;
	apdu_begin(h, &a, CMD_PROOF, PARAM_PROOF, oid);
	err = run(h, &a, sig, &sig_len, field);
out:
	return call_end(h, err, sig, len, sig_len);
}
