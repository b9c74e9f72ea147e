/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "access.h"

#include "buf.h"

enum {
	ALWAYS = 0x00,
	NEVER_EVER = 0xFF,
	STATUS_G = 0x10,
	STATUS_A = 0x90,
	LCS_G = 0x70,
	LCS_A = 0xE0,
	LCS_O = 0xE1,
	CONFIDENTIAL = 0x20,
	INTEGRITY = 0x21,
	USAGE = 0x40,
	EQUAL = 0xFA,
	ABOVE = 0xFB,
	BELOW = 0xFC,
	AND = 0xFD,
	OR = 0xFE,
};

#define CONDITIONS_PER_TOKEN 7
#define TOKENS		     3

bool life_cycle_may_become(uint8_t from, uint8_t to)
{
	return (to == LCS_CREATION || to == LCS_INITIALISATION || to == LCS_OPERATIONAL ||
		       to == LCS_TERMINATION) &&
	       to >= from;
}

static bool compare(struct reader *r, uint8_t state)
{
	uint8_t how = reader_u8(r), value = reader_u8(r);

	switch (how) {
	case EQUAL:
		return state == value;
	case ABOVE:
		return state > value;
	case BELOW:
		return state < value;
	default:
		r->failed = true;
		return false;
	}
}

static bool has_bits(struct reader *r, uint8_t status)
{
	uint8_t wanted = reader_u8(r);

	return (status & wanted) == wanted;
}

/* A condition that is not reached for what stands before it uses nothing up. */
static bool is_below(struct reader *r, struct access_state *s, bool reached)
{
	unsigned i = reader_u16(r) - (unsigned)ACCESS_COUNTER_BASE;
	const struct access_counter *c = &s->counters[i % ACCESS_COUNTERS];

	if (i >= ACCESS_COUNTERS) {
		r->failed = true;
		return false;
	}
	if (c->value >= c->threshold)
		return false;
	if (reached && s->is_execution)
		s->used_up |= (uint8_t)(1u << i);
	return true;
}

/* No command comes encrypted or with a manifest here: the chip has no shielded connection. */
static bool never(struct reader *r)
{
	reader_skip(r, 2);
	return false;
}

static bool condition_of_x(struct reader *r, const struct access_state *s, uint8_t what)
{
	switch (what) {
	case STATUS_G:
		return has_bits(r, s->global_status);
	case STATUS_A:
		return has_bits(r, s->application_status);
	default:
		r->failed = true;
		return false;
	}
}

static bool condition_of_m(struct reader *r, struct access_state *s, uint8_t what, bool reached)
{
	switch (what) {
	case CONFIDENTIAL:
	case INTEGRITY:
		return never(r);
	case USAGE:
		return is_below(r, s, reached);
	default:
		r->failed = true;
		return false;
	}
}

static bool condition(struct reader *r, struct access_state *s, bool reached)
{
	uint8_t what = reader_u8(r);

	switch (what) {
	case LCS_G:
		return compare(r, s->lcsg);
	case LCS_A:
		return compare(r, s->lcsa);
	case LCS_O:
		return compare(r, s->lcso);
	default:
		return s->is_trust_m ? condition_of_m(r, s, what, reached)
				     : condition_of_x(r, s, what);
	}
}

/* Conditions joined by AND; *more: an OR follows. */
static bool token(struct reader *r, struct access_state *s, bool reached, bool *more)
{
	bool result = condition(r, s, reached);
	int conditions = 1;

	*more = false;
	while (reader_left(r) > 0 && !*more) {
		uint8_t joint = reader_u8(r);

		if (joint == OR)
			*more = true;
		else if (joint == AND && ++conditions <= CONDITIONS_PER_TOKEN)
			result = condition(r, s, reached && result) && result;
		else
			r->failed = true;
	}
	return result;
}

enum access_verdict access_evaluate(struct access_state *s, const uint8_t *expression, size_t len)
{
	bool result = false, more = true;
	struct reader r;

	s->used_up = 0;
	if (len == 1 && expression[0] == ALWAYS)
		return ACCESS_GRANTED;
	if (len == 1 && expression[0] == NEVER_EVER)
		return ACCESS_DENIED;
	reader_init(&r, expression, len);
	for (int tokens = 0; more; tokens++) {
		if (tokens == TOKENS)
			return ACCESS_MALFORMED;
		result = token(&r, s, !result, &more) || result;
	}
	if (!reader_done(&r))
		return ACCESS_MALFORMED;
	return result ? ACCESS_GRANTED : ACCESS_DENIED;
}
