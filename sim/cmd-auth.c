/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keys.h"

#define SCHEME_ECDSA  0x91
#define SET_CHALLENGE 0x01
#define GET_SIGNATURE 0x02
#define CHALLENGE_MIN 8
#define CHALLENGE_MAX 256

/* The scheme for DTLS, 0x99, is refused: that handshake is not simulated. */
enum code command_auth_scheme(struct call *c)
{
	uint16_t oid = reader_u16(&c->in);
	struct object *o = NULL;
	enum code code;

	if (c->param != SCHEME_ECDSA)
		return CODE_PARAM;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	if ((code = keys_find(&o, c, oid, USAGE_AUTH)) != CODE_OK)
		return code;
	c->context->auth = AUTH_SCHEME;
	c->context->auth_key = oid;
	return CODE_OK;
}

enum code command_auth_set(struct call *c)
{
	size_t len = reader_left(&c->in);
	struct sha256 s;

	if (c->param != SET_CHALLENGE)
		return CODE_PARAM;
	if (len < CHALLENGE_MIN || len > CHALLENGE_MAX)
		return CODE_LENGTH;
	if (c->context->auth != AUTH_SCHEME)
		return CODE_SEQUENCE;
	sha256_init(&s);
	sha256_update(&s, reader_bytes(&c->in, len), len);
	sha256_digest(&s, c->context->challenge);
	c->context->auth = AUTH_CHALLENGE;
	c->us = command_cost(&c->nvm->profile->hash, len);
	return CODE_OK;
}

/* The key is looked up anew: it may have changed since. A challenge is answered once. */
enum code command_auth_get(struct call *c)
{
	struct digest digest = { c->context->challenge, sizeof(c->context->challenge) };
	struct object *o = NULL;
	enum code code;

	if (c->param != GET_SIGNATURE)
		return CODE_PARAM;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	if (c->context->auth != AUTH_CHALLENGE)
		return CODE_SEQUENCE;
	if ((code = keys_find(&o, c, c->context->auth_key, USAGE_AUTH)) != CODE_OK ||
		(code = keys_sign(c, o, digest)) != CODE_OK)
		return code;
	c->context->auth = AUTH_NONE;
	return CODE_OK;
}
