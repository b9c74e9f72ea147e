/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* GenKeyPair into a key slot (SRM "GenKeyPair"). */
#include "apdu.h"
#include "der.h"

#include "mem.h"

#define TAG_PUBLIC_KEY 0x02u

/* TLV of the public key up to the form byte of the point, as it must stand in the answer. */
static bool is_prefix(const uint8_t prefix[static APDU_PREFIX_MAX], size_t field)
{
	uint8_t want[3 + DER_BITS_HEAD] = { TAG_PUBLIC_KEY, 0,
		(uint8_t)(DER_BITS_HEAD + 2 * field) };

	der_put_bits(want + 3, field);
	return mem_equal(prefix, want, APDU_PREFIX_MAX);
}

enum trustx_err trustx_generate_key(struct trustx *se, uint8_t *point, size_t *len, uint16_t oid,
	enum trustx_curve curve, uint8_t usage)
{
	struct handle *h = handle_of(se);
	const size_t field = der_field(curve), point_len = 1 + 2 * field;
	struct apdu a;
	enum trustx_err err;

	if ((err = call_begin(h)) != TRUSTX_OK)
		goto out;
	apdu_begin(h, &a, CMD_GENERATE, curve, oid);
	apdu_tlv(&a, 0x01, 2);
	apdu_u16(&a, oid);
	apdu_tlv(&a, 0x02, 1);
	apdu_u8(&a, usage);
	apdu_answer(&a, APDU_PREFIX_MAX, point, point_len);
	err = field == 0	 ? TRUSTX_ERR_ARGUMENT
	      : *len < point_len ? TRUSTX_ERR_TOO_SMALL
				 : apdu_run(h, &a);
	if (err == TRUSTX_OK &&
		(a.len != point_len || point[0] != 0x04 || !is_prefix(a.head + APDU_HEAD, field)))
		err = apdu_malformed(h, &a);
out:
	return call_end(h, err, point, len, point_len);
}
