/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "certparse.h"
#include "keys.h"

#define SIGNATURE_MAX 520

struct request {
	struct digest digest;
	const uint8_t *sig;
	size_t sig_len;
	bool by_oid;
	uint16_t oid;
	struct public_key pub;
};

/* Leading zeros, too many and too few of them, are fine: this chip writes them itself. */
static enum code parse_number(uint8_t *out, size_t size, struct reader *r)
{
	uint8_t tag = reader_u8(r);
	size_t len = reader_u8(r);
	const uint8_t *v = reader_bytes(r, len);

	if (v == NULL || tag != 0x02 || len == 0 || (v[0] & 0x80) != 0)
		return CODE_DATA;
	for (; len > 0 && v[0] == 0; len--)
		v++;
	if (len > size)
		return CODE_DATA;
	memset(out, 0, size - len);
	memcpy(out + size - len, v, len);
	return CODE_OK;
}

static enum code parse_signature(struct signature *sig, const struct request *q)
{
	size_t n = curve_size(q->pub.alg);
	struct reader r;

	reader_init(&r, q->sig, q->sig_len);
	if (parse_number(sig->r, n, &r) != CODE_OK || parse_number(sig->s, n, &r) != CODE_OK)
		return CODE_DATA;
	return reader_done(&r) ? CODE_OK : CODE_DATA;
}

static enum code parse_key(struct request *q, struct call *c)
{
	enum code code = CODE_OK;
	const uint8_t *value;
	size_t len;

	q->by_oid = reader_left(&c->in) > 0 && c->in.at[0] == 0x04;
	if ((value = command_element(c, &len, &code, q->by_oid ? 0x04 : 0x05)) == NULL)
		return code;
	if (len != (q->by_oid ? 2 : 1))
		return CODE_LENGTH;
	if (q->by_oid) {
		q->oid = (uint16_t)(value[0] << 8 | value[1]);
		return CODE_OK;
	}
	q->pub.alg = value[0];
	if ((value = command_element(c, &len, &code, 0x06)) == NULL)
		return code;
	return keys_parse_public(&q->pub, value, len);
}

static enum code parse(struct request *q, struct call *c)
{
	enum code code = CODE_OK;

	if ((q->digest.data = command_element(c, &q->digest.len, &code, 0x01)) == NULL ||
		(q->sig = command_element(c, &q->sig_len, &code, 0x02)) == NULL)
		return code;
	if ((code = parse_key(q, c)) != CODE_OK)
		return code;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	return q->digest.len == 0 || q->sig_len > SIGNATURE_MAX ? CODE_DATA : CODE_OK;
}

/* Certificates of a Trust X carry no execute condition: an absent one allows there. */
static enum code load_key(struct request *q, struct call *c)
{
	const struct object *o = command_object(c, q->oid);
	size_t len;

	if (o == NULL || o->type->kind != KIND_CERTIFICATE)
		return CODE_OID;
	if ((command_on_trust_m(c) || tags_find(&o->tags, &len, TAG_EXECUTE) != NULL) &&
		!command_may(c, o, TAG_EXECUTE))
		return CODE_ACCESS;
	return certparse(&q->pub, o->data, o->used, c->nvm->profile->model);
}

enum code command_verify(struct call *c)
{
	struct request q = { 0 };
	struct signature sig;
	enum code code;

	if ((code = command_check_scheme(c)) != CODE_OK)
		return code;
	if ((code = parse(&q, c)) != CODE_OK)
		return code;
	if (q.by_oid && (code = load_key(&q, c)) != CODE_OK)
		return code;
	if (q.digest.len > curve_size(q.pub.alg) || parse_signature(&sig, &q) != CODE_OK)
		return CODE_DATA;
	c->us = command_curve_cost(c, c->nvm->profile->verify, q.pub.alg);
	switch (curve_verify(c->curves, &q.pub, &sig, q.digest)) {
	case TRUSTX_OK:
		return CODE_OK;
	case TRUSTX_ERR_MISMATCH:
		return CODE_SIGNATURE;
	case TRUSTX_ERR_INPUT: /* not a point of the curve */
		return q.by_oid ? CODE_CERTIFICATE : CODE_DATA;
	default:
		return CODE_INTERNAL;
	}
}
