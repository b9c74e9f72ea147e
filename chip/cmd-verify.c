/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* VerifySign with a public key of the host (SRM "VerifySign"). */
#include "apdu.h"
#include "der.h"

enum trustx_err trustx_verify(struct trustx *se, const struct trustx_public_key *key,
	const uint8_t *digest, size_t digest_len, const uint8_t *sig, size_t sig_len)
{
	struct handle *h = handle_of(se);
	const size_t field = der_field(key->curve);
	uint8_t bits[DER_BITS_HEAD];
	struct apdu a;
	size_t none = 0;
	enum trustx_err err;

	if ((err = call_begin(h)) != TRUSTX_OK)
		goto out;
	apdu_begin(h, &a, CMD_VERIFY, PARAM_ECDSA, 0);
	if (!der_is_point(key) || !der_is_digest(digest_len, field) ||
		!der_is_signature(sig, sig_len, field)) {
		err = TRUSTX_ERR_ARGUMENT;
		goto out;
	}
	apdu_tlv(&a, 0x01, digest_len);
	apdu_data(&a, digest, digest_len);
	/* The chip knows no SEQUENCE, only the two INTEGERs in it. */
	apdu_tlv(&a, 0x02, sig_len - 2);
	apdu_data(&a, sig + 2, sig_len - 2);
	apdu_tlv(&a, 0x05, 1);
	apdu_u8(&a, key->curve);
	apdu_tlv(&a, 0x06, DER_BITS_HEAD + 2 * field);
	der_put_bits(bits, field);
	apdu_data(&a, bits, sizeof(bits));
	apdu_data(&a, key->point + 1, 2 * field);
	err = apdu_run(h, &a);
out:
	return call_end(h, err, NULL, &none, 0);
}
