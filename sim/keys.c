/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keys.h"

#include <string.h>

#include "mem.h"

/* A session that holds a secret has no algorithm. */
static bool holds_key(const struct object *o)
{
	size_t len;

	return o->used > 0 && tags_find(&o->tags, &len, TAG_ALGORITHM) != NULL;
}

enum code keys_find(struct object **found, struct call *c, uint16_t oid, uint8_t usage)
{
	struct object *o = command_object(c, oid);
	const uint8_t *allowed;
	size_t len;

	if (o != NULL && o->type->kind == KIND_RSA_KEY)
		return CODE_USAGE;
	if (o == NULL || (o->type->kind != KIND_KEY && o->type->kind != KIND_SESSION))
		return CODE_OID;
	if (!holds_key(o))
		return o->type->kind == KIND_SESSION ? CODE_SEQUENCE : CODE_ACCESS;
	if (o->type->kind == KIND_KEY && !command_may(c, o, TAG_EXECUTE))
		return CODE_ACCESS;
	*found = o;
	allowed = tags_find(&o->tags, &len, TAG_KEY_USAGE);
	return allowed != NULL && (allowed[0] & usage) != 0 ? CODE_OK : CODE_USAGE;
}

void keys_load(struct private_key *key, const struct object *o)
{
	size_t len;

	memset(key, 0, sizeof(*key));
	key->alg = *tags_find(&o->tags, &len, TAG_ALGORITHM);
	memcpy(key->d, o->data, o->used);
}

void keys_used(struct call *c, const struct object *o)
{
	if (o->type->kind != KIND_KEY)
		return;
	c->is_event = true;
	c->key_use = &c->nvm->uses[o->oid - OID_FIRST_KEY];
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

enum code keys_sign(struct call *c, const struct object *o, struct digest digest)
{
	struct private_key key;
	struct signature sig;
	enum trustx_err err;

	if (digest.len > o->used)
		return CODE_DATA;
	keys_load(&key, o);
	c->us = command_curve_cost(c, c->nvm->profile->sign, key.alg);
	err = curve_sign(c->curves, &sig, &key, digest, &c->nvm->rng);
	mem_wipe(&key, sizeof(key));
	if (err != TRUSTX_OK)
		return CODE_INTERNAL;
	show_number(&c->out, sig.r, o->used);
	show_number(&c->out, sig.s, o->used);
	keys_used(c, o);
	return CODE_OK;
}

enum code keys_parse_public(struct public_key *pub, const uint8_t *v, size_t len)
{
	size_t n = 2 * curve_size(pub->alg);

	if (n == 0)
		return CODE_USAGE;
	if (len != n + 4)
		return CODE_LENGTH;
	if (v[0] != 0x03 || v[1] != n + 2 || v[2] != 0x00 || v[3] != 0x04)
		return CODE_DATA;
	memcpy(pub->xy, v + 4, n);
	return CODE_OK;
}
