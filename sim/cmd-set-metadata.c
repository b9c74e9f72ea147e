/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

#define KEY_USAGE_BITS 0x3F

static bool is_data_type(uint8_t v)
{
	return v == 0x00 || v == 0x11 || v == 0x12;
}

/* Sizes, the algorithm and unknown tags cannot be written; the code is not published. */
static bool is_legal(const struct object *o, uint8_t tag, const uint8_t *value, size_t len)
{
	const struct access_state any = { 0 };
	bool is_key = o->type->kind == KIND_KEY;

	switch (tag) {
	case TAG_CHANGE:
	case TAG_READ:
	case TAG_EXECUTE:
		return access_evaluate(&any, value, len) != ACCESS_MALFORMED;
	case TAG_LCSO:
		return len == 1;
	case TAG_KEY_USAGE:
		return is_key && len == 1 && value[0] != 0 && (value[0] & ~KEY_USAGE_BITS) == 0;
	case TAG_DATA_TYPE:
		return !is_key && len == 1 && is_data_type(value[0]);
	default:
		return false;
	}
}

static bool may_apply(const struct object *o, uint8_t tag, const uint8_t *value)
{
	size_t len;

	if (tag != TAG_LCSO)
		return object_lcso(o) < LCS_OPERATIONAL;
	return tags_find(&o->tags, &len, TAG_LCSO) != NULL &&
	       life_cycle_may_become(object_lcso(o), value[0]);
}

/* One pass: first over the form of all tags, then over the rights, then to apply them. */
enum pass { PASS_FORM, PASS_RIGHTS, PASS_APPLY };

static enum code walk(
	struct object *after, const struct object *o, const struct tags *update, enum pass pass)
{
	struct reader r;

	reader_init(&r, update->bytes, update->len);
	while (reader_left(&r) > 0) {
		uint8_t tag = reader_u8(&r);
		size_t len = reader_u8(&r);
		const uint8_t *value = reader_bytes(&r, len);

		if (pass == PASS_FORM && !is_legal(o, tag, value, len))
			return CODE_DATA;
		if (pass == PASS_RIGHTS && !may_apply(o, tag, value))
			return CODE_ACCESS;
		if (pass == PASS_APPLY && !tags_put(&after->tags, tag, value, len))
			return CODE_METADATA;
	}
	return CODE_OK;
}

static enum code parse(struct tags *update, struct reader *r)
{
	uint16_t offset = reader_u16(r);
	uint8_t tag = reader_u8(r);
	size_t len = reader_u8(r);

	if (r->failed || len == 0 || len != reader_left(r))
		return CODE_LENGTH;
	if (offset != 0 || tag != TAG_METADATA)
		return CODE_DATA;
	if (len > TAGS_MAX)
		return CODE_METADATA;
	memcpy(update->bytes, reader_bytes(r, len), len);
	update->len = (uint8_t)len;
	return CODE_OK;
}

enum code command_set_metadata(struct call *c)
{
	uint16_t oid = reader_u16(&c->in);
	struct tags update;
	struct object *o;
	enum code code;

	if ((code = parse(&update, &c->in)) != CODE_OK)
		return code;
	if (!tags_valid(&update))
		return CODE_DATA;
	if ((o = command_object(c, oid)) == NULL)
		return CODE_OID;
	if ((code = walk(NULL, o, &update, PASS_FORM)) != CODE_OK ||
		(code = walk(NULL, o, &update, PASS_RIGHTS)) != CODE_OK)
		return code;
	change_begin(&c->change, o);
	c->us = c->nvm->profile->metadata;
	return walk(&c->change.after, o, &update, PASS_APPLY);
}
