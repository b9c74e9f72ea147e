/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

static enum code get_metadata(struct call *c)
{
	struct object *o;

	if (reader_left(&c->in) != 2)
		return CODE_LENGTH;
	if ((o = command_object(c, reader_u16(&c->in))) == NULL)
		return CODE_OID;
	writer_u8(&c->out, TAG_METADATA);
	writer_u8(&c->out, o->tags.len);
	writer_bytes(&c->out, o->tags.bytes, o->tags.len);
	c->us = command_cost(&c->nvm->profile->read, writer_len(&c->out));
	return CODE_OK;
}

/* Reading the last error clears it. */
static void clear_after_reading(struct call *c, struct object *o)
{
	if (o->oid != OID_LAST_ERROR)
		return;
	change_begin(&c->change, o);
	c->change.after.data[0] = CODE_OK;
}

static enum code get_bytes(struct call *c)
{
	bool whole = reader_left(&c->in) == 2;
	uint16_t oid = reader_u16(&c->in);
	size_t offset = whole ? 0 : reader_u16(&c->in), len = whole ? 0xFFFF : reader_u16(&c->in);
	struct object *o;

	if (!reader_done(&c->in))
		return CODE_LENGTH;
	if (len == 0)
		return CODE_DATA;
	if ((o = command_object(c, oid)) == NULL)
		return CODE_OID;
	if (!command_may_read(c, o))
		return CODE_ACCESS;
	if (offset > 0 && offset >= o->used)
		return CODE_BOUNDARY;
	len = len < o->used - offset ? len : o->used - offset;
	if (len > COMMAND_DATA_MAX)
		return CODE_MEMORY;
	writer_bytes(&c->out, o->data + offset, len);
	c->us = command_cost(&c->nvm->profile->read, len);
	clear_after_reading(c, o);
	return CODE_OK;
}

enum code command_get_data(struct call *c)
{
	switch (c->param) {
	case 0x00:
		return get_bytes(c);
	case 0x01:
		return get_metadata(c);
	default:
		return CODE_PARAM;
	}
}
