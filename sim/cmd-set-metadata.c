/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

/* Byte strings, trust anchors and device certificates; with secrets and counters of a Trust M. */
static bool is_data_type(const struct call *c, uint8_t v)
{
	if (v == 0x00 || v == 0x11 || v == 0x12)
		return true;
	return command_on_trust_m(c) && (v == 0x01 || v == 0x21 || v == 0x22);
}

static bool is_version(const struct call *c, const uint8_t *value, size_t len)
{
	return command_on_trust_m(c) && len == 2 && (value[0] & 0x80) == 0;
}

static bool is_condition(const struct call *c, const uint8_t *value, size_t len)
{
	struct access_state any = { .is_trust_m = command_on_trust_m(c) };

	return access_evaluate(&any, value, len) != ACCESS_MALFORMED;
}

/* Sizes, the algorithm and unknown tags cannot be written; the code is not published. */
static bool is_legal(
	const struct call *c, const struct object *o, uint8_t tag, const uint8_t *value, size_t len)
{
	bool is_key = o->type->kind == KIND_KEY || o->type->kind == KIND_RSA_KEY;

	switch (tag) {
	case TAG_CHANGE:
	case TAG_READ:
	case TAG_EXECUTE:
		return is_condition(c, value, len);
	case TAG_LCSO:
		return len == 1;
	case TAG_KEY_USAGE:
		return is_key && len == 1 && command_is_usage(c, value[0]);
	case TAG_VERSION:
		return is_version(c, value, len);
	case TAG_DATA_TYPE:
		return !is_key && len == 1 && is_data_type(c, value[0]);
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
	struct call *c, const struct object *o, const struct tags *update, enum pass pass)
{
	struct reader r;

	reader_init(&r, update->bytes, update->len);
	while (reader_left(&r) > 0) {
		uint8_t tag = reader_u8(&r);
		size_t len = reader_u8(&r);
		const uint8_t *value = reader_bytes(&r, len);

		if (pass == PASS_FORM && !is_legal(c, o, tag, value, len))
			return CODE_DATA;
		if (pass == PASS_RIGHTS && !may_apply(o, tag, value))
			return CODE_ACCESS;
		if (pass == PASS_APPLY && !tags_put(&c->change.after.tags, tag, value, len))
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
	if ((code = walk(c, o, &update, PASS_FORM)) != CODE_OK ||
		(code = walk(c, o, &update, PASS_RIGHTS)) != CODE_OK)
		return code;
	change_begin(&c->change, o);
	c->us = c->nvm->profile->metadata;
	return walk(c, o, &update, PASS_APPLY);
}
