/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "der.h"

#include "mem.h"

#define TAG_INTEGER  0x02u
#define TAG_BITS     0x03u
#define TAG_SEQUENCE 0x30u
#define POINT_FORM   0x04u /* SEC 1 2.3.3: uncompressed */

size_t der_field(enum trustx_curve curve)
{
	return curve == TRUSTX_P256 ? 32 : curve == TRUSTX_P384 ? 48 : 0;
}

bool der_is_digest(size_t len, size_t field)
{
	return len >= 10 && len <= field;
}

bool der_is_point(const struct trustx_public_key *key)
{
	const size_t field = der_field(key->curve);

	return field != 0 && key->point_len == 1 + 2 * field && key->point[0] == POINT_FORM;
}

void der_put_bits(uint8_t head[static DER_BITS_HEAD], size_t field)
{
	head[0] = TAG_BITS;
	head[1] = (uint8_t)(2 * field + 2);
	head[2] = 0;
	head[3] = POINT_FORM;
}

/* Bytes of the INTEGER at p, of at most left bytes, or 0: no INTEGER of 0 <= value < 256^field. */
static size_t integer(const uint8_t *p, size_t left, size_t field)
{
	if (left < 3 || p[0] != TAG_INTEGER || p[1] == 0 || p[1] > left - 2)
		return 0;
	if (p[2] >= 0x80 || p[1] > field + (p[2] == 0))
		return 0;
	return 2u + p[1];
}

uint8_t *der_copy(uint8_t *to, const uint8_t *from, size_t len)
{
	while (len-- > 0)
		*to++ = *from++;
	return to;
}

size_t der_from_pair(uint8_t *sig, size_t len, size_t field)
{
	uint8_t *to = sig + 2;
	const uint8_t *from = to, *end = to + len;

	for (unsigned i = 0; i < 2; i++) {
		size_t size = integer(from, (size_t)(end - from), field);
		const uint8_t *next = from + size;

		if (size == 0)
			return 0;
		/* X.690 8.3.2: the first nine bits are not all zero. */
		for (size -= 2, from += 2; size > 1 && from[0] == 0 && from[1] < 0x80; size--)
			from++;
		if (size == 1 && from[0] == 0)
			return 0;
		to[0] = TAG_INTEGER;
		to[1] = (uint8_t)size;
		to = der_copy(to + 2, from, size);
		from = next;
	}
	sig[0] = TAG_SEQUENCE;
	sig[1] = (uint8_t)(to - sig - 2);
	return from == end ? (size_t)(to - sig) : 0;
}

bool der_is_signature(const uint8_t *sig, size_t len, size_t field)
{
	if (len < 2 || len > TRUSTX_SIG_MAX || sig[0] != TAG_SEQUENCE || sig[1] != len - 2)
		return false;
	sig += 2;
	len -= 2;
	for (unsigned i = 0; i < 2; i++) {
		size_t size = integer(sig, len, field);

		if (size == 0 || (size > 3 && sig[2] == 0 && sig[3] < 0x80))
			return false;
		sig += size;
		len -= size;
	}
	return len == 0;
}

enum trustx_err trustx_spki(uint8_t *spki, size_t *len, const struct trustx_public_key *key)
{
	/* RFC 5480 2.1.1: SEQUENCE { id-ecPublicKey, curve } after the outer SEQUENCE. */
	static const uint8_t p256[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE,
		0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 };
	static const uint8_t p384[] = { 0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE,
		0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22 };
	const uint8_t *head = key->curve == TRUSTX_P256 ? p256 : p384;
	const size_t head_len = key->curve == TRUSTX_P256 ? sizeof(p256) : sizeof(p384);
	const size_t field = der_field(key->curve), cap = *len;
	uint8_t *at;
	enum trustx_err err = TRUSTX_ERR_ARGUMENT;

	*len = 0;
	if (!der_is_point(key))
		goto out;
	err = TRUSTX_ERR_TOO_SMALL;
	if (cap < head_len + DER_BITS_HEAD + 2 * field)
		goto out;
	at = der_copy(spki, head, head_len);
	der_put_bits(at, field);
	at = der_copy(at + DER_BITS_HEAD, key->point + 1, 2 * field);
	*len = (size_t)(at - spki);
	return TRUSTX_OK;
out:
	mem_wipe(spki, cap);
	return err;
}
