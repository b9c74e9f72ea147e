/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"
#include "mem.h"
#include "prf.h"
#include "target.h"

#define TLS_PRF_SHA256 0x01

#define SEED_MIN    8
#define SEED_MAX    1024
#define DERIVED_MIN 16
#define SESSION_MAX 48
#define EXPORT_MAX  256

struct request {
	uint16_t secret, len;
	const uint8_t *seed;
	size_t seed_len;
	struct target target;
};

static enum code parse(struct request *q, struct call *c)
{
	enum code code = CODE_OK;

	if (!command_number(&q->secret, c, &code, 0x01) ||
		(q->seed = command_element(c, &q->seed_len, &code, 0x02)) == NULL ||
		!command_number(&q->len, c, &code, 0x03))
		return code;
	if ((code = target_parse(&q->target, c)) != CODE_OK)
		return code;
	return q->seed_len < SEED_MIN || q->seed_len > SEED_MAX || q->len < DERIVED_MIN ||
			       q->len > (q->target.exports ? EXPORT_MAX : SESSION_MAX)
		       ? CODE_DATA
		       : CODE_OK;
}

/* What a session without a secret answers was seen on a Trust X, and stands in Trust M's papers. */
static enum code check_session(const struct call *c, const struct object *o)
{
	size_t len;

	if (o->used > 0 && tags_find(&o->tags, &len, TAG_ALGORITHM) == NULL)
		return CODE_OK;
	return c->nvm->profile->model == MODEL_TRUST_X ? CODE_OID : CODE_SEQUENCE;
}

static enum code find_secret(struct object **o, struct call *c, uint16_t oid)
{
	*o = command_object(c, oid);
	if (*o != NULL && (*o)->type->kind == KIND_SESSION)
		return check_session(c, *o);
	if (*o == NULL || (*o)->type->kind != KIND_BYTES)
		return CODE_OID;
	if (!command_may(c, *o, TAG_EXECUTE))
		return CODE_ACCESS;
	return (*o)->used == 0 || (*o)->used > PRF_SECRET_MAX ? CODE_DATA : CODE_OK;
}

enum code command_derive(struct call *c)
{
	struct request q = { 0 };
	uint8_t out[EXPORT_MAX];
	struct object *o;
	enum code code;

	if (c->param != TLS_PRF_SHA256)
		return CODE_PARAM;
	if ((code = parse(&q, c)) != CODE_OK || (code = target_find(&q.target, c)) != CODE_OK ||
		(code = find_secret(&o, c, q.secret)) != CODE_OK)
		return code;
	prf(out, q.len, o->data, o->used, q.seed, q.seed_len);
	target_put(&q.target, c, out, q.len);
	mem_wipe(out, sizeof(out));
	c->us = c->nvm->profile->derive;
	c->is_event = o->type->kind == KIND_BYTES && c->nvm->profile->model != MODEL_TRUST_X;
	return CODE_OK;
}
