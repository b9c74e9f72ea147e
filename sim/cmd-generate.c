/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"
#include "mem.h"

#define EXPORT	 0x07 /* tag: the private key leaves the chip */
#define RSA_1024 0x41
#define RSA_2048 0x42

struct request {
	bool exports;
	uint16_t oid;
	uint8_t usage;
};

static enum code parse(struct request *q, struct call *c)
{
	enum code code = CODE_OK;
	const uint8_t *value;
	size_t len;

	q->exports = reader_left(&c->in) > 0 && c->in.at[0] == EXPORT;
	if ((value = command_element(c, &len, &code, q->exports ? EXPORT : 0x01)) == NULL)
		return code;
	if (len != (q->exports ? 0 : 2))
		return CODE_LENGTH;
	if (q->exports)
		return reader_done(&c->in) ? CODE_OK : CODE_LENGTH;
	q->oid = (uint16_t)(value[0] << 8 | value[1]);
	if ((value = command_element(c, &len, &code, 0x02)) == NULL)
		return code;
	if (len != 1 || !reader_done(&c->in))
		return CODE_LENGTH;
	q->usage = value[0];
	return command_is_usage(c, q->usage) ? CODE_OK : CODE_DATA;
}

static enum code find_slot(struct object **slot, struct call *c, const struct request *q)
{
	*slot = NULL;
	if (q->exports)
		return CODE_OK;
	*slot = command_object(c, q->oid);
	if (*slot != NULL && (*slot)->type->kind == KIND_RSA_KEY)
		return CODE_USAGE;
	if (*slot == NULL ||
		((*slot)->type->kind != KIND_KEY && (*slot)->type->kind != KIND_SESSION))
		return CODE_OID;
	if ((*slot)->type->kind == KIND_KEY && !command_may(c, *slot, TAG_CHANGE))
		return CODE_ACCESS;
	return CODE_OK;
}

static enum code store(
	struct call *c, struct object *slot, const struct private_key *key, uint8_t usage)
{
	struct object *after = &c->change.after;

	change_begin(&c->change, slot);
	memset(after->data, 0, sizeof(after->data));
	memcpy(after->data, key->d, curve_size(key->alg));
	if (slot->type->kind == KIND_KEY)
		c->change.count = &c->nvm->generations[slot->oid - OID_FIRST_KEY];
	if (!object_set_used(after, curve_size(key->alg)) ||
		!tags_put(&after->tags, TAG_ALGORITHM, &key->alg, 1) ||
		!tags_put(&after->tags, TAG_KEY_USAGE, &usage, 1))
		return CODE_METADATA;
	return CODE_OK;
}

static void show_private(struct writer *w, const struct private_key *key)
{
	size_t n = curve_size(key->alg);

	writer_u8(w, 0x01);
	writer_u16(w, (uint16_t)(n + 2));
	writer_u8(w, 0x04);
	writer_u8(w, (uint8_t)n);
	writer_bytes(w, key->d, n);
}

/* A BIT STRING that holds an uncompressed point. */
static void show_public(struct writer *w, const struct public_key *pub)
{
	size_t n = 2 * curve_size(pub->alg);

	writer_u8(w, 0x02);
	writer_u16(w, (uint16_t)(n + 4));
	writer_u8(w, 0x03);
	writer_u8(w, (uint8_t)(n + 2));
	writer_u8(w, 0x00);
	writer_u8(w, 0x04);
	writer_bytes(w, pub->xy, n);
}

static enum code generate(struct call *c, struct object *slot, uint8_t usage)
{
	struct private_key key;
	struct public_key pub;
	enum code code = CODE_INTERNAL;

	if (curve_generate(c->curves, &key, c->param, &c->nvm->rng) != TRUSTX_OK ||
		curve_public(c->curves, &pub, &key) != TRUSTX_OK)
		goto out;
	if (slot == NULL)
		show_private(&c->out, &key);
	show_public(&c->out, &pub);
	c->us = command_curve_cost(c, c->nvm->profile->generate, key.alg);
	code = slot != NULL ? store(c, slot, &key, usage) : CODE_OK;
out:
	mem_wipe(&key, sizeof(key));
	return code;
}

static enum code check_algorithm(const struct call *c)
{
	if (command_on_trust_m(c) && (c->param == RSA_1024 || c->param == RSA_2048))
		return CODE_USAGE;
	return curve_size(c->param) != 0 ? CODE_OK : CODE_PARAM;
}

enum code command_generate(struct call *c)
{
	struct request q = { 0 };
	struct object *slot;
	enum code code;

	if ((code = check_algorithm(c)) != CODE_OK)
		return code;
	if ((code = parse(&q, c)) != CODE_OK)
		return code;
	if ((code = find_slot(&slot, c, &q)) != CODE_OK)
		return code;
	return generate(c, slot, q.usage);
}
