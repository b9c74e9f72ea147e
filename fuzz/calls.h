/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The public calls of libtrustx on a list, for the targets that play the chip. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "fuzz.h"
#include "trustx.h"

#define CALLS	   24u
#define OUTPUT_MAX 2000u

/* A failed call leaves nothing of the answer behind. */
static inline void check_output(
	enum trustx_err err, const uint8_t *out, size_t len, size_t capacity)
{
	PROPERTY(len <= capacity);
	if (err == TRUSTX_OK)
		return;
	PROPERTY(len == 0);
	for (size_t i = 0; i < capacity; i++)
		PROPERTY(out[i] == 0);
}

static inline enum trustx_err call_without_output(struct trustx *se, uint8_t which)
{
	static const uint8_t data[600] = { 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01 };
	static const uint8_t point[65] = { 0x04, 1, 2, 3 };
	static const uint8_t metadata[] = { 0x20, 0x03, 0xC0, 0x01, 0x01 };
	const struct trustx_public_key key = { TRUSTX_P256, point, sizeof(point) };

	switch (which) {
	case 0:
		return trustx_write(se, 0xE0E1, 3, data, sizeof(data));
	case 1:
		return trustx_replace(se, 0xF1D0, data, 20);
	case 2:
		return trustx_write_metadata(se, 0xE0E1, metadata, sizeof(metadata));
	case 3:
		return trustx_verify(se, &key, data, 32, data, 8);
	case 4:
		return trustx_store_i2c_mode(se, 1);
	default:
		return trustx_store_address(se, 0x30);
	}
}

static inline void call_with_output(struct trustx *se, uint8_t which)
{
	static const uint8_t digest[32] = { 1 };
	uint8_t out[OUTPUT_MAX];
	size_t cap = which < 3 ? 1728 : 104, len = cap;
	enum trustx_err err;

	memset(out, 0x55, sizeof(out));
	switch (which) {
	case 0:
		err = trustx_read(se, out, &len, TRUSTX_OID_CERT_0, 0);
		break;
	case 1:
		err = trustx_read_metadata(se, out, &len, 0xE0E1);
		break;
	case 2:
		err = trustx_random(se, out, len);
		len = err == TRUSTX_OK ? len : 0;
		break;
	case 3:
		err = trustx_generate_key(se, out, &len, 0xE0F1, TRUSTX_P256, TRUSTX_USAGE_SIGN);
		break;
	case 4:
		err = trustx_generate_key(se, out, &len, 0xE0F2, TRUSTX_P384, TRUSTX_USAGE_AUTH);
		break;
	case 5:
		err = trustx_sign(se, out, &len, 0xE0F1, TRUSTX_P256, digest, sizeof(digest));
		break;
	case 6:
		err = trustx_sign(se, out, &len, 0xE0F2, TRUSTX_P384, digest, sizeof(digest));
		break;
	default:
		cap = len = TRUSTX_UID_LEN;
		err = trustx_read_uid(se, out);
		len = err == TRUSTX_OK ? len : 0;
	}
	check_output(err, out, len, cap);
	PROPERTY(out[cap] == 0x55);
}

/* Those that need a counterpart, a secret or a sequence. */
static inline void call_for_secrets(struct trustx *se, uint8_t which)
{
	static const uint8_t data[64] = { 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01 };
	static const uint8_t point[65] = { 0x04, 1, 2, 3 };
	const struct trustx_public_key key = { TRUSTX_P256, point, sizeof(point) };
	struct trustx_hash hash = { .step = TRUSTX_HASH_START, .data = data, .len = 32 };
	uint8_t out[OUTPUT_MAX];
	size_t cap = 209, len = cap;
	enum trustx_err err;

	memset(out, 0x55, sizeof(out));
	switch (which) {
	case 0:
		err = trustx_generate_pair(se, out, &len, TRUSTX_P256);
		break;
	case 1:
		err = trustx_authenticate(se, out, &len, 0xE0F1, TRUSTX_P256, data, 32);
		break;
	case 2:
		err = trustx_ecdh(se, out, &len, 0xE0F1, &key);
		break;
	case 3:
		err = trustx_derive(se, out, len, 0xE100, data, 32);
		len = err == TRUSTX_OK ? len : 0;
		break;
	default:
		hash.step = which == 4 ? TRUSTX_HASH_WHOLE : TRUSTX_HASH_START;
		hash.export_context = which == 5;
		err = trustx_hash(se, out, &len, &hash);
	}
	check_output(err, out, len, cap);
	PROPERTY(out[cap] == 0x55);
}

static inline void call_without_answer(struct trustx *se, uint8_t which)
{
	static const uint8_t data[64] = { 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01 };
	static const uint8_t point[65] = { 0x04, 1, 2, 3 };
	const struct trustx_public_key key = { TRUSTX_P256, point, sizeof(point) };

	if (which == 0)
		(void)!trustx_ecdh_session(se, 0xE101, 0xE100, &key);
	else if (which == 1)
		(void)!trustx_verify_by_object(se, 0xE0E8, data, 32, data, 8);
	else if (which == 2)
		(void)!trustx_count(se, 0xE120, 1);
	else
		(void)!trustx_close_application(se);
}

static inline void call_by_number(struct trustx *se, uint8_t number)
{
	struct trustx_error detail;

	number %= CALLS;
	if (number < 6)
		(void)call_without_output(se, number);
	else if (number < 14)
		call_with_output(se, (uint8_t)(number - 6));
	else if (number < 20)
		call_for_secrets(se, (uint8_t)(number - 14));
	else
		call_without_answer(se, (uint8_t)(number - 20));
	trustx_error(se, &detail);
	PROPERTY(trustx_error_text(se)[0] != '\0');
}

#endif
