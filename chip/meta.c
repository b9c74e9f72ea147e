/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Metadata of objects and their access conditions (SRM "Metadata", "Access conditions"). */
#include "buf.h"
#include "text.h"
#include "trustx.h"

#define TAG_METADATA  0x20u
#define TAG_FIRST     0xC0u
#define TAG_LCSO      0xC0u
#define TAG_MAX_SIZE  0xC4u
#define TAG_USED_SIZE 0xC5u
#define TAG_CHANGE    0xD0u
#define TAG_READ      0xD1u
#define TAG_EXECUTE   0xD3u
#define TAG_ALGORITHM 0xE0u
#define TAG_USAGE     0xE1u
#define TAG_TYPE      0xE8u

#define ALW  0x00u
#define NEV  0xFFu
#define LCSG 0x70u
#define LCSA 0xE0u
#define LCSO 0xE1u

#define OP_EQUAL   0xFAu
#define OP_GREATER 0xFBu
#define OP_LESS	   0xFCu
#define JOIN_AND   0xFDu
#define JOIN_OR	   0xFEu

enum operand { OPERAND_NONE, OPERAND_COMPARED, OPERAND_MASK, OPERAND_OID };

struct element {
	uint8_t code;
	uint8_t operand; /* enum operand */
	char text[8];
};

static const struct element elements[] = {
	{ ALW, OPERAND_NONE, "always" },
	{ NEV, OPERAND_NONE, "never" },
	{ LCSG, OPERAND_COMPARED, "LcsG" },
	{ LCSA, OPERAND_COMPARED, "LcsA" },
	{ LCSO, OPERAND_COMPARED, "LcsO" },
	{ 0x10, OPERAND_MASK, "SecStaG" },
	{ 0x90, OPERAND_MASK, "SecStaA" },
	{ 0x20, OPERAND_OID, "Conf" },
	{ 0x21, OPERAND_OID, "Int" },
	{ 0x23, OPERAND_OID, "Auto" },
	{ 0x40, OPERAND_OID, "Luc" },
};

struct condition {
	const struct element *element;
	uint8_t op;
	uint16_t value;
};

/* NULL: there is no such state. */
static const char *lcs_text(unsigned lcs)
{
	/* Each state is the one before it and one bit more. */
	static const char texts[][15] = { "creation", "initialization", "operational",
		"termination" };

	for (unsigned i = 0; i < 4; i++)
		if (lcs == (2u << i) - 1)
			return texts[i];
	return NULL;
}

enum kind { KIND_BYTE, KIND_SIZE, KIND_ACCESS };

/* Where a tag's value goes. */
static const struct place {
	uint8_t tag, kind, offset, has;
} places[] = {
#define AT(member) offsetof(struct trustx_metadata, member)
	{ TAG_LCSO, KIND_BYTE, AT(lcso), AT(lcso) },
	{ TAG_MAX_SIZE, KIND_SIZE, AT(max_size), AT(has_max_size) },
	{ TAG_USED_SIZE, KIND_SIZE, AT(used_size), AT(has_used_size) },
	{ TAG_CHANGE, KIND_ACCESS, AT(change), AT(change) },
	{ TAG_READ, KIND_ACCESS, AT(read), AT(read) },
	{ TAG_EXECUTE, KIND_ACCESS, AT(execute), AT(execute) },
	{ TAG_ALGORITHM, KIND_BYTE, AT(algorithm), AT(has_algorithm) },
	{ TAG_USAGE, KIND_BYTE, AT(usage), AT(usage) },
	{ TAG_TYPE, KIND_BYTE, AT(data_type), AT(data_type) },
#undef AT
};

static bool put(uint8_t *to, const struct place *place, const uint8_t *value, size_t len)
{
	if (place->kind == KIND_SIZE) {
		*(uint16_t *)(void *)to =
			(uint16_t)(len == 2 ? value[0] << 8 | value[1] : value[0]);
		return len <= 2;
	}
	if (place->kind == KIND_ACCESS && len <= TRUSTX_ACCESS_MAX)
		*to++ = (uint8_t)len;
	else if (len != 1)
		return false;
	while (len-- > 0)
		*to++ = *value++;
	return true;
}

/* One tag with its value of at least one byte. Unknown ones are fine. */
static bool take(struct trustx_metadata *meta, uint8_t tag, const uint8_t *value, size_t len)
{
	uint8_t *const base = (uint8_t *)meta;

	if (tag == TAG_LCSO && lcs_text(value[0]) == NULL)
		return false;
	for (const struct place *p = places; p < places + sizeof(places) / sizeof(*places); p++)
		if (p->tag == tag) {
			base[p->has] = true;
			return put(base + p->offset, p, value, len);
		}
	return true;
}

enum trustx_err trustx_metadata_decode(
	struct trustx_metadata *meta, const uint8_t *data, size_t len)
{
	uint8_t seen[0x100 - TAG_FIRST] = { 0 };
	struct reader r;
	bool good;

	*meta = (struct trustx_metadata){ 0 };
	reader_init(&r, data, len);
	good = reader_u8(&r) == TAG_METADATA && reader_u8(&r) == reader_left(&r);
	while (good && reader_left(&r) > 0) {
		const uint8_t tag = reader_u8(&r), size = reader_u8(&r);
		const uint8_t *value = reader_bytes(&r, size);

		good = value != NULL && size > 0 &&
		       (tag < TAG_FIRST || seen[tag - TAG_FIRST]++ == 0) &&
		       take(meta, tag, value, size);
	}
	if (!good || !reader_done(&r)) {
		*meta = (struct trustx_metadata){ 0 };
		return TRUSTX_ERR_PROTOCOL;
	}
	if (!meta->has_used_size)
		meta->used_size = meta->max_size;
	return TRUSTX_OK;
}

/* Borrow the bytes of an expression; one that cannot be counts as empty. */
static struct reader read_access(const struct trustx_access *access)
{
	struct reader r;

	reader_init(&r, access->bytes, access->len <= TRUSTX_ACCESS_MAX ? access->len : 0);
	return r;
}

/* The condition at r, or false with r where it was. */
static bool next_condition(struct reader *r, struct condition *c)
{
	struct reader ahead = *r;
	const uint8_t code = reader_u8(&ahead);
	const struct element *e = elements, *end = elements + sizeof(elements) / sizeof(*elements);

	while (e < end && e->code != code)
		e++;
	if (ahead.failed || e == end)
		return false;
	c->element = e;
	c->op = e->operand == OPERAND_COMPARED ? reader_u8(&ahead) : OP_EQUAL;
	c->value = e->operand == OPERAND_OID	? reader_u16(&ahead)
		   : e->operand != OPERAND_NONE ? reader_u8(&ahead)
						: 0;
	if (ahead.failed || c->op < OP_EQUAL || c->op > OP_LESS)
		return false;
	*r = ahead;
	return true;
}

static void print_condition(struct text *t, const struct condition *c)
{
	static const char *const ops[] = { " == ", " > ", " < " };
	const enum operand operand = c->element->operand;
	const char *lcs = operand == OPERAND_COMPARED ? lcs_text(c->value) : NULL;

	text_add(t, c->element->text);
	if (operand == OPERAND_NONE)
		return;
	text_add(t, operand == OPERAND_COMPARED ? ops[c->op - OP_EQUAL] : " ");
	if (lcs != NULL) {
		text_add(t, lcs);
		return;
	}
	text_add(t, "0x");
	text_add_hex(t, c->value, operand == OPERAND_OID ? 4 : 2);
}

enum trustx_err trustx_access_print(char *out, size_t cap, const struct trustx_access *access)
{
	struct reader r = read_access(access);
	const char *gap = "";
	struct condition c;
	struct text t;

	if (cap == 0)
		return TRUSTX_ERR_TOO_SMALL;
	text_init(&t, out, cap);
	if (reader_left(&r) == 0)
		text_add(&t, "never");
	while (next_condition(&r, &c)) {
		text_add(&t, gap);
		gap = " ";
		print_condition(&t, &c);
		if (reader_left(&r) > 1 && (*r.at == JOIN_AND || *r.at == JOIN_OR))
			text_add(&t, reader_u8(&r) == JOIN_AND ? " and" : " or");
	}
	if (reader_left(&r) > 0) {
		text_add(&t, gap);
		text_add(&t, "0x");
	}
	while (reader_left(&r) > 0)
		text_add_hex(&t, reader_u8(&r), 2);
	return t.cut ? TRUSTX_ERR_TOO_SMALL : TRUSTX_OK;
}

/* Life cycle states are given; all the others somebody may still be able to satisfy. */
static bool is_met(const struct condition *c, uint8_t lcso, uint8_t lcsg, uint8_t lcsa)
{
	uint8_t lcs = lcso;

	if (c->element->operand != OPERAND_COMPARED)
		return c->element->code != NEV;
	if (c->element->code == LCSG)
		lcs = lcsg;
	else if (c->element->code == LCSA)
		lcs = lcsa;
	else if (lcso == 0)
		lcs = TRUSTX_LCS_OPERATIONAL;
	return c->op == OP_EQUAL     ? lcs == c->value
	       : c->op == OP_GREATER ? lcs > c->value
				     : lcs < c->value;
}

bool trustx_access_met(const struct trustx_access *access, uint8_t lcso, uint8_t lcsg, uint8_t lcsa)
{
	struct reader r = read_access(access);
	bool token = true, any = false;
	struct condition c;

	while (next_condition(&r, &c)) {
		const bool alone = access->len == 1;
		uint8_t join;

		if (c.element->operand == OPERAND_NONE && !alone)
			return false;
		token = token && is_met(&c, lcso, lcsg, lcsa);
		if (reader_left(&r) == 0)
			return any || token;
		join = reader_u8(&r);
		if (join != JOIN_AND && join != JOIN_OR)
			return false;
		if (join == JOIN_OR) {
			any = any || token;
			token = true;
		}
	}
	return false;
}
