/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* GenKeyPair into a key slot or a session, or out of the chip (SRM "GenKeyPair"). */
#include "apdu.h"
#include "der.h"

#include "mem.h"

#define EXPORT		   0x100u /* no usage: a key that leaves the chip has none */
#define TAG_PRIVATE_KEY	   0x01u
#define TAG_PUBLIC_KEY	   0x02u
#define TAG_OCTETS	   0x04u
#define PRIVATE_KEY_PREFIX 5u
#define POINT_FORM	   0x04u

/* TLV of the public key up to the form byte of the point, as it must stand in the answer. */
static bool is_prefix(const uint8_t prefix[static APDU_PREFIX_MAX], size_t field)
{
	uint8_t want[3 + DER_BITS_HEAD] = { TAG_PUBLIC_KEY, 0,
		(uint8_t)(DER_BITS_HEAD + 2 * field) };

	der_put_bits(want + 3, field);
	return mem_equal(prefix, want, APDU_PREFIX_MAX);
}

/* TLV of the private key up to its first byte. */
static bool is_private_prefix(const uint8_t *prefix, size_t field)
{
	const uint8_t want[PRIVATE_KEY_PREFIX] = { TAG_PRIVATE_KEY, 0, (uint8_t)(2 + field),
		TAG_OCTETS, (uint8_t)field };

	return mem_equal(prefix, want, sizeof(want));
}

/* With EXPORT out is the private key, then the point; else only the point. */
static enum trustx_err generate(struct trustx *se, uint8_t *out, size_t *len, uint16_t oid,
	enum trustx_curve curve, unsigned usage)
{
	struct handle *h = handle_of(se);
	const size_t field = der_field(curve), point_len = 1 + 2 * field;
	const size_t private_len = usage == EXPORT ? field : 0;
	uint8_t *point = out + private_len;
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_GENERATE, curve, oid);
	if (usage == EXPORT) {
		apdu_target(&a, 0);
		apdu_answer(&a, PRIVATE_KEY_PREFIX, out, field + APDU_PREFIX_MAX + point_len);
	} else {
		apdu_word(&a, 0x01, oid);
		apdu_tlv(&a, 0x02, 1);
		apdu_u8(&a, usage);
		apdu_answer(&a, APDU_PREFIX_MAX, out, point_len);
	}
	err = field == 0	  ? TRUSTX_ERR_ARGUMENT
	      : *len < a.call.cap ? TRUSTX_ERR_TOO_SMALL
				  : apdu_run_exact(h, &a);
	if (err != TRUSTX_OK)
		goto out;
	if (usage == EXPORT && is_private_prefix(a.head + APDU_HEAD, field)) {
		(void)der_copy(a.head + APDU_HEAD, point, APDU_PREFIX_MAX);
		(void)der_copy(point, point + APDU_PREFIX_MAX, point_len);
	}
	if (point[0] != POINT_FORM || !is_prefix(a.head + APDU_HEAD, field))
		err = apdu_malformed(h, &a);
out:
	return call_end(h, err, out, len, private_len + point_len);
}

enum trustx_err trustx_generate_key(struct trustx *se, uint8_t *point, size_t *len, uint16_t oid,
	enum trustx_curve curve, uint8_t usage)
{
	return generate(se, point, len, oid, curve, usage);
}

enum trustx_err trustx_generate_pair(
	struct trustx *se, uint8_t *pair, size_t *len, enum trustx_curve curve)
{
	return generate(se, pair, len, 0, curve, EXPORT);
}
