/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* CalcSign: ECDSA over a digest (SRM "CalcSign"). */
#include "apdu.h"
#include "der.h"

enum trustx_err trustx_sign(struct trustx *se, uint8_t *sig, size_t *len, uint16_t oid,
	enum trustx_curve curve, const uint8_t *digest, size_t digest_len)
{
	struct handle *h = handle_of(se);
	/* Two heads of two bytes and a zero in front of each integer; SEQUENCE needs two more. */
	const size_t field = der_field(curve), pair = 2 * (3 + field);
	struct apdu a;
	size_t sig_len = 0;
	enum trustx_err err;

	if ((err = call_begin(h)) != TRUSTX_OK)
		goto out;
	apdu_begin(h, &a, CMD_SIGN, PARAM_ECDSA, oid);
	apdu_tlv(&a, 0x01, digest_len);
	apdu_data(&a, digest, digest_len);
	apdu_tlv(&a, 0x03, 2);
	apdu_u16(&a, oid);
	apdu_answer(&a, 0, sig + 2, pair);
	err = !der_is_digest(digest_len, field) ? TRUSTX_ERR_ARGUMENT
	      : *len < 2 + pair			? TRUSTX_ERR_TOO_SMALL
						: apdu_run(h, &a);
	if (err != TRUSTX_OK)
		goto out;
	sig_len = der_from_pair(sig, a.len, field);
	if (sig_len == 0)
		err = apdu_malformed(h, &a);
out:
	return call_end(h, err, sig, len, sig_len);
}
