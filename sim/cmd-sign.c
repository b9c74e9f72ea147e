/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"
#include "mem.h"

#define USAGE_SIGNS 0x11 /* Sign or Auth */
#define DIGEST_MIN  10

static enum code parse(struct digest *digest, uint16_t *oid, struct call *c)
{
	enum code code = CODE_OK;
	const uint8_t *value;
	size_t len;

	if ((digest->data = command_element(c, &digest->len, &code, 0x01)) == NULL ||
		(value = command_element(c, &len, &code, 0x03)) == NULL)
		return code;
	if (len != 2 || !reader_done(&c->in))
		return CODE_LENGTH;
	*oid = (uint16_t)(value[0] << 8 | value[1]);
	return digest->len < DIGEST_MIN || digest->len > CURVE_MAX ? CODE_DATA : CODE_OK;
}

static enum code check_key(struct call *c, const struct object *o)
{
	const uint8_t *usage;
	size_t len;

	if (o == NULL || (o->type->kind != KIND_KEY && o->type->kind != KIND_SESSION))
		return CODE_OID;
	if (o->type->kind == KIND_SESSION && o->used == 0)
		return CODE_SEQUENCE;
	if (o->type->kind == KIND_KEY && (o->used == 0 || !command_may(c, o, TAG_EXECUTE)))
		return CODE_ACCESS;
	usage = tags_find(&o->tags, &len, TAG_KEY_USAGE);
	return usage != NULL && (usage[0] & USAGE_SIGNS) != 0 ? CODE_OK : CODE_USAGE;
}

/* Every number has the full size of the curve, and a zero in front where it would be negative. */
static void show_number(struct writer *w, const uint8_t *v, size_t len)
{
	bool pad = (v[0] & 0x80) != 0;

	writer_u8(w, 0x02);
	writer_u8(w, (uint8_t)(len + pad));
	if (pad)
		writer_u8(w, 0x00);
	writer_bytes(w, v, len);
}

static enum code sign(struct call *c, const struct object *o, struct digest digest)
{
	size_t len, n = o->used;
	struct private_key key = { .alg = *tags_find(&o->tags, &len, TAG_ALGORITHM) };
	struct signature sig;
	enum trustx_err err;

	if (digest.len > n)
		return CODE_DATA;
	memcpy(key.d, o->data, n);
	c->us = command_curve_cost(c, c->nvm->profile->sign, key.alg);
	err = curve_sign(c->curves, &sig, &key, digest, &c->nvm->rng);
	mem_wipe(&key, sizeof(key));
	if (err != TRUSTX_OK)
		return CODE_INTERNAL;
	show_number(&c->out, sig.r, n);
	show_number(&c->out, sig.s, n);
	return CODE_OK;
}

enum code command_sign(struct call *c)
{
	struct digest digest;
	struct object *o;
	enum code code;
	uint16_t oid = 0;

	if (c->param != 0x11)
		return CODE_PARAM;
	if ((code = parse(&digest, &oid, c)) != CODE_OK)
		return code;
	o = command_object(c, oid);
	if ((code = check_key(c, o)) != CODE_OK)
		return code;
	if ((code = sign(c, o, digest)) != CODE_OK)
		return code;
	if (o->type->kind == KIND_KEY)
		c->key_use = &c->nvm->uses[o->oid - OID_FIRST_KEY];
	return CODE_OK;
}
