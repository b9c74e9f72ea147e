/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

struct write {
	size_t offset, len;
	const uint8_t *data;
	bool erase;
};

/* Refused as an object's own life cycle would be; the code is not published. */
static enum code check_value(const struct object *o, uint8_t value)
{
	switch (o->type->kind) {
	case KIND_LIFE_CYCLE:
		return life_cycle_may_become(o->data[0], value) && value <= o->type->high
			       ? CODE_OK
			       : CODE_ACCESS;
	case KIND_LIMITED:
		return value >= o->type->low && value <= o->type->high ? CODE_OK : CODE_DATA;
	default:
		return CODE_OK;
	}
}

static enum code put(struct object *o, const struct write *w)
{
	size_t end = w->offset + w->len;

	if (o->type->kind == KIND_STATUS) {
		o->data[0] = w->erase ? 0 : o->data[0] & w->data[0];
		return CODE_OK;
	}
	if (w->erase)
		memset(o->data, 0, sizeof(o->data));
	memcpy(o->data + w->offset, w->data, w->len);
	if (!w->erase && end < o->used)
		end = o->used;
	return object_set_used(o, end) ? CODE_OK : CODE_METADATA;
}

static bool is_writable(struct call *c, const struct object *o)
{
	return o->type->kind != KIND_KEY && o->type->kind != KIND_RSA_KEY &&
	       o->type->kind != KIND_SESSION && command_may(c, o, TAG_CHANGE);
}

static enum code set_bytes(struct call *c, bool erase)
{
	uint16_t oid = reader_u16(&c->in);
	struct write w = { .offset = reader_u16(&c->in), .erase = erase };
	struct object *o;
	enum code code;

	w.len = reader_left(&c->in);
	w.data = reader_bytes(&c->in, w.len);
	if (w.len == 0)
		return CODE_LENGTH;
	if ((o = command_object(c, oid)) == NULL)
		return CODE_OID;
	if (!is_writable(c, o))
		return CODE_ACCESS;
	if (w.offset + w.len > o->type->max)
		return CODE_BOUNDARY;
	if ((code = check_value(o, w.data[0])) != CODE_OK)
		return code;
	change_begin(&c->change, o);
	c->change.erases = erase;
	c->change.from = w.offset;
	c->change.to = w.offset + w.len;
	c->us = command_cost(&c->nvm->profile->write, w.len);
	return put(&c->change.after, &w);
}

enum code command_set_data(struct call *c)
{
	switch (c->param) {
	case 0x00:
		return set_bytes(c, false);
	case 0x01:
		return command_set_metadata(c);
	case 0x02:
		return command_on_trust_m(c) ? command_count(c) : CODE_PARAM;
	case 0x40:
		return set_bytes(c, true);
	default:
		return CODE_PARAM;
	}
}
