/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "conversation.h"

#define CERT_LEN 733u

/* FNV-1a. */
static void mix(uint32_t *digest, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*digest = (*digest ^ data[i]) * 16777619u;
}

static enum trustx_err use_objects(struct trustx *se, uint32_t *digest)
{
	uint8_t uid[TRUSTX_UID_LEN], data[CERT_LEN], back[CERT_LEN];
	size_t len = sizeof(back);
	enum trustx_err err;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 1);
	if ((err = trustx_read_uid(se, uid)) != TRUSTX_OK)
		return err;
	mix(digest, uid, sizeof(uid));
	if ((err = trustx_replace(se, TRUSTX_OID_CERT_0 + 1, data, sizeof(data))) != TRUSTX_OK)
		return err;
	if ((err = trustx_read(se, back, &len, TRUSTX_OID_CERT_0 + 1, 0)) != TRUSTX_OK)
		return err;
	mix(digest, back, len);
	len = sizeof(back);
	err = trustx_read_metadata(se, back, &len, TRUSTX_OID_CERT_0 + 1);
	mix(digest, back, len);
	return err;
}

static enum trustx_err use_key(struct trustx *se, enum trustx_curve curve, uint32_t *digest)
{
	static const uint8_t hash[32] = { 1, 2, 3 };
	uint8_t point[TRUSTX_POINT_MAX], sig[TRUSTX_SIG_MAX];
	const uint16_t key = TRUSTX_OID_KEY_0 + 1;
	size_t len = sizeof(point), sig_len = sizeof(sig);
	struct trustx_public_key pub = { curve, point, 0 };
	enum trustx_err err;

	err = trustx_generate_key(se, point, &len, key, curve, TRUSTX_USAGE_SIGN);
	if (err != TRUSTX_OK)
		return err;
	mix(digest, point, len);
	if ((err = trustx_sign(se, sig, &sig_len, key, curve, hash, sizeof(hash))) != TRUSTX_OK)
		return err;
	mix(digest, sig, sig_len);
	pub.point_len = len;
	if ((err = trustx_verify(se, &pub, hash, sizeof(hash), sig, sig_len)) != TRUSTX_OK)
		return err;
	sig[sig_len - 1] ^= 1;
	err = trustx_verify(se, &pub, hash, sizeof(hash), sig, sig_len);
	return err == TRUSTX_ERR_CHIP ? TRUSTX_OK : TRUSTX_ERR_INTERNAL;
}

enum trustx_err conversation_hold(
	const struct trustx_bus *bus, uint16_t frame_size, uint32_t *digest)
{
	const struct trustx_options options = { .frame_size = frame_size };
	uint8_t noise[300];
	struct trustx se;
	enum trustx_err err;

	*digest = 2166136261u;
	if ((err = trustx_open(&se, bus, &options)) != TRUSTX_OK)
		return err;
	if ((err = use_objects(&se, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_key(&se, TRUSTX_P256, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_key(&se, TRUSTX_P384, digest)) != TRUSTX_OK)
		goto out;
	if ((err = trustx_random(&se, noise, sizeof(noise))) != TRUSTX_OK)
		goto out;
	mix(digest, noise, sizeof(noise));

	err = TRUSTX_OK;
out:
	trustx_close(&se);
	return err;
}
