/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "command.h"

/* A counter that reaches its threshold stays there. */
static void put(struct object *o, struct access_counter counter, uint8_t by)
{
	uint32_t left = counter.threshold - counter.value;
	struct writer w;

	writer_init(&w, o->data, 4);
	writer_u32(&w, counter.value + (by < left ? by : left));
}

enum code command_count(struct call *c)
{
	uint16_t oid = reader_u16(&c->in);
	struct access_counter counter;
	struct object *o;
	uint8_t by;

	reader_skip(&c->in, 2); /* an offset without meaning */
	by = reader_u8(&c->in);
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	if (by == 0)
		return CODE_DATA;
	o = command_object(c, oid);
	if (o == NULL || o->type->kind != KIND_COUNTER)
		return CODE_OID;
	if (!command_may(c, o, TAG_EXECUTE))
		return CODE_ACCESS;
	counter = nvm_counter(c->nvm, (uint16_t)(oid - OID_FIRST_COUNTER));
	if (counter.value >= counter.threshold)
		return CODE_COUNTER;
	change_begin(&c->change, o);
	put(&c->change.after, counter, by);
	c->us = command_cost(&c->nvm->profile->write, 1);
	return CODE_OK;
}
