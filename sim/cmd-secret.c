/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keys.h"
#include "mem.h"
#include "target.h"

#define ECDH 0x01

struct request {
	uint16_t key;
	struct public_key peer;
	struct target target;
};

static enum code parse(struct request *q, struct call *c)
{
	enum code code = CODE_OK;
	const uint8_t *value;
	size_t len;

	if (!command_number(&q->key, c, &code, 0x01))
		return code;
	if ((value = command_element(c, &len, &code, 0x05)) == NULL)
		return code;
	if (len != 1)
		return CODE_LENGTH;
	q->peer.alg = value[0];
	if ((value = command_element(c, &len, &code, 0x06)) == NULL)
		return code;
	/* What an unknown curve is called depends on the key, which is looked for first. */
	if (curve_size(q->peer.alg) != 0 &&
		(code = keys_parse_public(&q->peer, value, len)) != CODE_OK)
		return code;
	return target_parse(&q->target, c);
}

static enum code agree(struct call *c, const struct object *o, const struct request *q)
{
	uint8_t secret[CURVE_MAX];
	struct private_key key;
	enum trustx_err err;

	keys_load(&key, o);
	if (key.alg != q->peer.alg) {
		mem_wipe(&key, sizeof(key));
		return CODE_USAGE;
	}
	err = curve_agree(c->curves, secret, &key, &q->peer);
	mem_wipe(&key, sizeof(key));
	if (err != TRUSTX_OK)
		return err == TRUSTX_ERR_INPUT ? CODE_DATA : CODE_INTERNAL;
	c->us = command_curve_cost(c, c->nvm->profile->agree, q->peer.alg);
	target_put(&q->target, c, secret, curve_size(q->peer.alg));
	keys_used(c, o);
	mem_wipe(secret, sizeof(secret));
	return CODE_OK;
}

enum code command_secret(struct call *c)
{
	struct request q = { 0 };
	struct object *o = NULL;
	enum code code;

	if (c->param != ECDH)
		return CODE_PARAM;
	if ((code = parse(&q, c)) != CODE_OK || (code = target_find(&q.target, c)) != CODE_OK ||
		(code = keys_find(&o, c, q.key, USAGE_AGREE)) != CODE_OK)
		return code;
	return agree(c, o, &q);
}
