/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* VerifySign with a public key of the host or of a certificate in the chip (SRM "VerifySign"). */
#include "apdu.h"
#include "der.h"

#define FIELD_MAX 48u

/* key NULL: that of the certificate in oid. */
static enum trustx_err verify(struct trustx *se, const struct trustx_public_key *key, uint16_t oid,
	const uint8_t *digest, size_t digest_len, const uint8_t *sig, size_t sig_len)
{
	struct handle *h = handle_of(se);
	const size_t field = key != NULL ? der_field(key->curve) : FIELD_MAX;
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_VERIFY, PARAM_ECDSA, oid);
	if ((key != NULL && !der_is_point(key)) || !der_is_digest(digest_len, field) ||
		!der_is_signature(sig, sig_len, field)) {
		err = TRUSTX_ERR_ARGUMENT;
		goto out;
	}
	apdu_value(&a, 0x01, digest, digest_len);
	/* The chip knows no SEQUENCE, only the two INTEGERs in it. */
	apdu_value(&a, 0x02, sig + 2, sig_len - 2);
	if (key != NULL)
		apdu_public_key(&a, key);
	else
		apdu_word(&a, 0x04, oid);
	err = apdu_run(h, &a);
out:
	return call_done(h, err);
}

enum trustx_err trustx_verify(struct trustx *se, const struct trustx_public_key *key,
	const uint8_t *digest, size_t digest_len, const uint8_t *sig, size_t sig_len)
{
	return verify(se, key, 0, digest, digest_len, sig, sig_len);
}

enum trustx_err trustx_verify_by_object(struct trustx *se, uint16_t oid, const uint8_t *digest,
	size_t digest_len, const uint8_t *sig, size_t sig_len)
{
	return verify(se, NULL, oid, digest, digest_len, sig, sig_len);
}
