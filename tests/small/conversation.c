/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "conversation.h"

#define CERT_LEN 733u
#define IDENTITY 9u /* bytes of a TLS identity in front of its one certificate */

/* FNV-1a. */
static void mix(uint32_t *digest, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*digest = (*digest ^ data[i]) * 16777619u;
}

static void fill(uint8_t *data, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(seed + i * 7);
}

static enum trustx_err use_objects(struct trustx *se, uint32_t *digest)
{
	uint8_t uid[TRUSTX_UID_LEN], data[CERT_LEN], back[CERT_LEN];
	size_t len = sizeof(back);
	enum trustx_err err;

	fill(data, sizeof(data), 1);
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

/* key: a slot or a session. */
static enum trustx_err use_key(
	struct trustx *se, uint32_t *digest, uint16_t key, enum trustx_curve curve)
{
	static const uint8_t hash[32] = { 1, 2, 3 };
	uint8_t point[TRUSTX_POINT_MAX], sig[TRUSTX_SIG_MAX];
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

static enum trustx_err use_keys(struct trustx *se, uint32_t *digest)
{
	uint8_t noise[300];
	enum trustx_err err;

	if ((err = use_key(se, digest, TRUSTX_OID_KEY_0 + 1, TRUSTX_P256)) != TRUSTX_OK)
		return err;
	if ((err = use_key(se, digest, TRUSTX_OID_KEY_0 + 1, TRUSTX_P384)) != TRUSTX_OK)
		return err;
	if ((err = use_key(se, digest, TRUSTX_OID_SESSION_0, TRUSTX_P384)) != TRUSTX_OK)
		return err;
	err = trustx_random(se, noise, sizeof(noise));
	mix(digest, noise, sizeof(noise));
	return err;
}

/* The bytes in a sequence, then again from an exported state, and those of an object. */
static enum trustx_err use_hash(struct trustx *se, uint32_t *digest)
{
	uint8_t data[400], context[TRUSTX_HASH_CONTEXT_LEN], out[TRUSTX_HASH_CONTEXT_LEN];
	const struct trustx_hash steps[] = {
		{ .step = TRUSTX_HASH_WHOLE, .data = data, .len = sizeof(data) },
		{ .step = TRUSTX_HASH_START, .data = data, .len = 100 },
		{ .step = TRUSTX_HASH_PEEK, .data = data, .len = 1 },
		{ .step = TRUSTX_HASH_CONTINUE, .data = data, .len = 3, .export_context = true },
		{ .step = TRUSTX_HASH_FINAL, .data = data, .len = 64, .context = context },
		{ .step = TRUSTX_HASH_WHOLE,
			.oid = TRUSTX_OID_CERT_0 + 1,
			.offset = 5,
			.len = 700 },
		{ .step = TRUSTX_HASH_START },
		{ .step = TRUSTX_HASH_DROP },
	};
	enum trustx_err err = TRUSTX_OK;

	fill(data, sizeof(data), 2);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && err == TRUSTX_OK; i++) {
		size_t len = sizeof(out);

		err = trustx_hash(se, out, &len, &steps[i]);
		mix(digest, out, len);
		for (size_t k = 0; k < len && steps[i].export_context; k++)
			context[k] = out[k];
	}
	return err;
}

/* With a key in a session and that of a pair that left the chip. */
static enum trustx_err agree(struct trustx *se, uint32_t *digest, enum trustx_curve curve)
{
	const size_t field = curve == TRUSTX_P256 ? 32 : 48;
	uint8_t pair[TRUSTX_PAIR_MAX], point[TRUSTX_POINT_MAX], secret[TRUSTX_SECRET_MAX];
	size_t pair_len = sizeof(pair), len = sizeof(point), secret_len = sizeof(secret);
	const struct trustx_public_key peer = { curve, pair + field, 2 * field + 1 };
	enum trustx_err err;

	if ((err = trustx_generate_pair(se, pair, &pair_len, curve)) != TRUSTX_OK)
		return err;
	mix(digest, pair, pair_len);
	err = trustx_generate_key(
		se, point, &len, TRUSTX_OID_SESSION_0 + 1, curve, TRUSTX_USAGE_AGREE);
	if (err != TRUSTX_OK)
		return err;
	mix(digest, point, len);
	err = trustx_ecdh(se, secret, &secret_len, TRUSTX_OID_SESSION_0 + 1, &peer);
	if (err != TRUSTX_OK)
		return err;
	mix(digest, secret, secret_len);
	return trustx_ecdh_session(se, TRUSTX_OID_SESSION_0 + 2, TRUSTX_OID_SESSION_0 + 1, &peer);
}

static enum trustx_err use_secrets(struct trustx *se, uint32_t *digest)
{
	uint8_t seed[300], out[TRUSTX_SECRET_MAX];
	enum trustx_err err;

	fill(seed, sizeof(seed), 3);
	if ((err = agree(se, digest, TRUSTX_P384)) != TRUSTX_OK)
		return err;
	if ((err = agree(se, digest, TRUSTX_P256)) != TRUSTX_OK)
		return err;
	err = trustx_derive(se, out, sizeof(out), TRUSTX_OID_SESSION_0 + 2, seed, sizeof(seed));
	if (err != TRUSTX_OK)
		return err;
	mix(digest, out, sizeof(out));
	err = trustx_derive_session(
		se, TRUSTX_OID_SESSION_0 + 3, 48, TRUSTX_OID_SESSION_0 + 2, seed, 64);
	if (err != TRUSTX_OK)
		return err;
	err = trustx_derive(se, out, 16, TRUSTX_OID_SESSION_0 + 3, seed, 8);
	mix(digest, out, 16);
	return err;
}

/* The manufacturer's certificate, without its TLS identity, verifies his key. */
static enum trustx_err use_certificate(struct trustx *se)
{
	static const uint8_t hash[32] = { 4, 5, 6 };
	const uint16_t anchor = TRUSTX_OID_TRUST_ANCHOR_1;
	uint8_t cert[IDENTITY + 1200], sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(cert), sig_len = sizeof(sig);
	enum trustx_err err;

	if ((err = trustx_read(se, cert, &len, TRUSTX_OID_CERT_0, 0)) != TRUSTX_OK)
		return err;
	if ((err = trustx_replace(se, anchor, cert + IDENTITY, len - IDENTITY)) != TRUSTX_OK)
		return err;
	err = trustx_sign(se, sig, &sig_len, TRUSTX_OID_KEY_0, TRUSTX_P256, hash, sizeof(hash));
	if (err != TRUSTX_OK)
		return err;
	return trustx_verify_by_object(se, anchor, hash, sizeof(hash), sig, sig_len);
}

static enum trustx_err prove(struct trustx *se, uint32_t *digest)
{
	const uint16_t key = TRUSTX_OID_KEY_0 + 2;
	uint8_t challenge[200], point[TRUSTX_POINT_MAX], sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(point), sig_len = sizeof(sig);
	enum trustx_err err;

	fill(challenge, sizeof(challenge), 4);
	err = trustx_generate_key(se, point, &len, key, TRUSTX_P384, TRUSTX_USAGE_AUTH);
	if (err != TRUSTX_OK)
		return err;
	mix(digest, point, len);
	err = trustx_authenticate(
		se, sig, &sig_len, key, TRUSTX_P384, challenge, sizeof(challenge));
	mix(digest, sig, sig_len);
	return err;
}

static enum trustx_err count_and_close(struct trustx *se, uint32_t *digest)
{
	static const uint8_t limit[8] = { 0, 0, 0, 0, 0, 0, 0, 5 };
	uint8_t value[8];
	size_t len = sizeof(value);
	enum trustx_err err;

	err = trustx_write(se, TRUSTX_OID_COUNTER_0, 0, limit, sizeof(limit));
	if (err != TRUSTX_OK)
		return err;
	if ((err = trustx_count(se, TRUSTX_OID_COUNTER_0, 2)) != TRUSTX_OK)
		return err;
	if ((err = trustx_read(se, value, &len, TRUSTX_OID_COUNTER_0, 0)) != TRUSTX_OK)
		return err;
	mix(digest, value, len);
	return trustx_close_application(se);
}

/* What only one family knows. */
static enum trustx_err use_family(struct trustx *se, uint32_t *digest)
{
	return trustx_family(se) == TRUSTX_FAMILY_M ? count_and_close(se, digest)
						    : prove(se, digest);
}

enum trustx_err conversation_hold(
	const struct trustx_bus *bus, uint16_t frame_size, uint32_t *digest)
{
	const struct trustx_options options = { .frame_size = frame_size };
	struct trustx se;
	enum trustx_err err;

	*digest = 2166136261u;
	if ((err = trustx_open(&se, bus, &options)) != TRUSTX_OK)
		return err;
	if ((err = use_objects(&se, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_keys(&se, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_hash(&se, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_secrets(&se, digest)) != TRUSTX_OK)
		goto out;
	if ((err = use_certificate(&se)) != TRUSTX_OK)
		goto out;
	if ((err = use_family(&se, digest)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	trustx_close(&se);
	return err;
}
