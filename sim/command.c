/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "command.h"

const uint8_t *command_element(struct call *c, size_t *len, enum code *code, uint8_t tag)
{
	uint8_t found = reader_u8(&c->in);
	const uint8_t *value;

	*len = reader_u16(&c->in);
	value = reader_bytes(&c->in, *len);
	if (c->in.failed)
		*code = CODE_LENGTH;
	else if (found != tag)
		*code = CODE_DATA;
	return c->in.failed || found != tag ? NULL : value;
}

bool command_number(uint16_t *number, struct call *c, enum code *code, uint8_t tag)
{
	const uint8_t *value;
	size_t len;

	if ((value = command_element(c, &len, code, tag)) == NULL)
		return false;
	if (len != 2) {
		*code = CODE_LENGTH;
		return false;
	}
	*number = (uint16_t)(value[0] << 8 | value[1]);
	return true;
}

struct object *command_object(struct call *c, uint16_t oid)
{
	struct object *o = nvm_find(c->nvm, oid);

	return o == NULL || o->type->kind == KIND_INTERNAL ? NULL : o;
}

bool command_on_trust_m(const struct call *c)
{
	return c->nvm->profile->model != MODEL_TRUST_X;
}

struct access_state command_state(struct call *c, const struct object *o)
{
	struct access_state s = {
		.is_trust_m = command_on_trust_m(c),
		.lcsg = nvm_byte(c->nvm, OID_LCSG),
		.lcsa = nvm_byte(c->nvm, OID_LCSA),
		.lcso = object_lcso(o),
		.global_status = nvm_byte(c->nvm, OID_GLOBAL_STATUS),
		.application_status = nvm_byte(c->nvm, OID_APP_STATUS),
	};

	for (uint16_t i = 0; i < ACCESS_COUNTERS && s.is_trust_m; i++)
		s.counters[i] = nvm_counter(c->nvm, i);
	return s;
}

bool command_may(struct call *c, const struct object *o, uint8_t tag)
{
	struct access_state state = command_state(c, o);
	const uint8_t *expression;
	enum access_verdict verdict;
	size_t len;

	if ((expression = tags_find(&o->tags, &len, tag)) == NULL)
		return false;
	state.is_execution = tag == TAG_EXECUTE;
	verdict = access_evaluate(&state, expression, len);
	c->used_up |= state.used_up;
	return verdict == ACCESS_GRANTED;
}

bool command_may_read(struct call *c, const struct object *o)
{
	return o->type->kind != KIND_KEY && o->type->kind != KIND_RSA_KEY &&
	       o->type->kind != KIND_SESSION && command_may(c, o, TAG_READ);
}

bool command_is_usage(const struct call *c, uint8_t usage)
{
	uint8_t bits = command_on_trust_m(c) ? 0x33 : 0x3F;

	return usage != 0 && (usage & ~bits) == 0;
}

uint32_t command_curve_cost(const struct call *c, uint32_t us, uint8_t alg)
{
	return alg == CURVE_P384 ? us * c->nvm->profile->p384_percent / 100 : us;
}

uint32_t command_cost(const struct cost *cost, size_t len)
{
	return cost->base + cost->per_byte * (uint32_t)len;
}
