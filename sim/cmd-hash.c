/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"
#include "mem.h"

#define SHA256	    0xE2
#define TAG_DIGEST  0x01
#define TAG_CONTEXT 0x06
#define TAG_EXPORT  0x07

/* An exported context: name, state, length, last block, and the start of a digest over these. */
#define CONTEXT_LEN   130
#define CONTEXT_NAME  0x5348
#define CONTEXT_CHECK 24

enum step { START, WHOLE, CONTINUE, FINAL, TERMINATE, INTERMEDIATE, STEPS };

struct request {
	enum step step;
	bool of_object, imports, exports;
	const uint8_t *data;
	size_t len;
	struct sha256 imported;
};

/* What a step may have, and whether it answers a digest. */
struct rule {
	bool import, export, digest;
};

static const struct rule rules[STEPS] = {
	[START] = { .export = true },
	[WHOLE] = { .digest = true },
	[CONTINUE] = { .import = true, .export = true },
	[FINAL] = { .import = true, .digest = true },
	[INTERMEDIATE] = { .import = true, .digest = true },
};

static void encode_context(uint8_t out[static CONTEXT_LEN], const struct sha256 *s)
{
	uint8_t check[SHA256_LEN];
	struct sha256 sum;
	struct writer w;

	memset(out, 0, CONTEXT_LEN);
	writer_init(&w, out, CONTEXT_LEN);
	writer_u16(&w, CONTEXT_NAME);
	for (size_t i = 0; i < 8; i++)
		writer_u32(&w, s->h[i]);
	writer_u64(&w, s->len);
	writer_bytes(&w, s->block, s->len % SHA256_BLOCK);
	sha256_init(&sum);
	sha256_update(&sum, out, CONTEXT_LEN - CONTEXT_CHECK);
	sha256_digest(&sum, check);
	memcpy(out + CONTEXT_LEN - CONTEXT_CHECK, check, CONTEXT_CHECK);
}

/* Right is what would be exported again with the same bytes. */
static bool decode_context(struct sha256 *s, const uint8_t *in)
{
	uint8_t again[CONTEXT_LEN];
	struct reader r;

	sha256_init(s);
	reader_init(&r, in + 2, CONTEXT_LEN - 2);
	for (size_t i = 0; i < 8; i++)
		s->h[i] = reader_u32(&r);
	s->len = reader_u64(&r);
	memcpy(s->block, reader_bytes(&r, SHA256_BLOCK), SHA256_BLOCK);
	encode_context(again, s);
	return mem_equal(again, in, CONTEXT_LEN);
}

static enum code parse_import(struct request *q, struct call *c)
{
	enum code code = CODE_OK;
	const uint8_t *value;
	size_t len;

	q->imports = reader_left(&c->in) > 0 && c->in.at[0] == TAG_CONTEXT;
	if (!q->imports)
		return CODE_OK;
	if ((value = command_element(c, &len, &code, TAG_CONTEXT)) == NULL)
		return code;
	if (len != CONTEXT_LEN)
		return CODE_LENGTH;
	return rules[q->step].import && decode_context(&q->imported, value) ? CODE_OK : CODE_DATA;
}

static enum code parse_export(struct request *q, struct call *c)
{
	enum code code = CODE_OK;
	size_t len;

	q->exports = reader_left(&c->in) > 0;
	if (!q->exports)
		return CODE_OK;
	if (command_element(c, &len, &code, TAG_EXPORT) == NULL)
		return code;
	if (len != 0 || !reader_done(&c->in))
		return CODE_LENGTH;
	return rules[q->step].export ? CODE_OK : CODE_DATA;
}

static bool length_fits(const struct request *q)
{
	if (q->of_object)
		return q->len == 6;
	return q->step == TERMINATE ? q->len == 0 : q->step != WHOLE || q->len > 0;
}

static enum code parse(struct request *q, struct call *c)
{
	uint8_t tag = reader_u8(&c->in);
	enum code code;

	q->len = reader_u16(&c->in);
	q->data = reader_bytes(&c->in, q->len);
	if (c->in.failed)
		return CODE_LENGTH;
	q->step = tag & 0x0F;
	q->of_object = tag >> 4 == 1;
	if (tag >> 4 > 1 || q->step >= STEPS || (q->of_object && q->step == TERMINATE))
		return CODE_DATA;
	if (!length_fits(q))
		return CODE_LENGTH;
	if ((code = parse_import(q, c)) != CODE_OK)
		return code;
	return parse_export(q, c);
}

/* The data is a part of an object. */
static enum code find_data(struct request *q, struct call *c)
{
	const struct object *o;
	size_t offset;
	struct reader r;

	if (!q->of_object)
		return CODE_OK;
	reader_init(&r, q->data, q->len);
	if ((o = command_object(c, reader_u16(&r))) == NULL)
		return CODE_OID;
	offset = reader_u16(&r);
	q->len = reader_u16(&r);
	if (q->step == WHOLE && q->len == 0)
		return CODE_LENGTH;
	if (!command_may_read(c, o))
		return CODE_ACCESS;
	if (offset + q->len > o->used)
		return CODE_BOUNDARY;
	q->data = o->data + offset;
	return CODE_OK;
}

static enum code choose_state(struct sha256 *s, const struct call *c, const struct request *q)
{
	if (q->step == START || q->step == WHOLE || q->step == TERMINATE)
		sha256_init(s);
	else if (q->imports)
		*s = q->imported;
	else if (c->context->is_hashing)
		*s = c->context->hash;
	else
		return CODE_SEQUENCE;
	return CODE_OK;
}

static void answer(struct call *c, const struct sha256 *s, const struct request *q)
{
	uint8_t digest[SHA256_LEN], context[CONTEXT_LEN];

	if (rules[q->step].digest) {
		sha256_digest(s, digest);
		writer_u8(&c->out, TAG_DIGEST);
		writer_u16(&c->out, sizeof(digest));
		writer_bytes(&c->out, digest, sizeof(digest));
	}
	if (q->exports) {
		encode_context(context, s);
		writer_u8(&c->out, TAG_CONTEXT);
		writer_u16(&c->out, sizeof(context));
		writer_bytes(&c->out, context, sizeof(context));
	}
}

/* A new sequence, and an imported one, take the place of a running one. */
enum code command_hash(struct call *c)
{
	struct request q = { 0 };
	struct sha256 s;
	enum code code;

	if (c->param != SHA256)
		return CODE_PARAM;
	if ((code = parse(&q, c)) != CODE_OK || (code = find_data(&q, c)) != CODE_OK ||
		(code = choose_state(&s, c, &q)) != CODE_OK)
		return code;
	sha256_update(&s, q.data, q.len);
	answer(c, &s, &q);
	c->context->hash = s;
	c->context->is_hashing = q.step != WHOLE && q.step != FINAL && q.step != TERMINATE;
	c->us = command_cost(&c->nvm->profile->hash, q.len);
	return CODE_OK;
}
