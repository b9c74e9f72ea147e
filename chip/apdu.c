/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "apdu.h"

#include "der.h"

#define CLEAR_ERROR 0x80u /* SRM "Command coding": forgets the last error first */
#define STATUS_OK   0x00u
#define STATUS_FAIL 0xFFu
#define CODE_CLOSED 0x0Cu
#define ANY	    0xFFu
#define UNASKED	    256u
#define RESTARTS    2u

struct rule {
	uint8_t command, param;
	uint8_t ms;
	bool repeatable;
};

/*
 * What may be executed twice, and how long a command takes in ms (DSX table 15; 0: short or not
 * published). Signing or agreeing again costs one more use of the key. Choosing the authentication
 * scheme begins that conversation afresh, but a challenge or its answer out of turn is refused, so
 * those two are not here. Also not here, so never repeated: metadata, which may forbid their own
 * repetition, counters, and whatever is unknown. struct apdu's once takes out what goes on from
 * the chip's own hash state, and secrets put into a session, which may be the one they come from.
 */
static const struct rule rules[] = {
	{ CMD_READ, ANY, 0, true },
	{ CMD_WRITE, PARAM_DATA, 0, true },
	{ CMD_WRITE, PARAM_ERASE, 0, true },
	{ CMD_RANDOM, ANY, 0, true },
	{ CMD_SCHEME, ANY, 0, true },
	{ CMD_PROOF, ANY, 60, false },
	{ CMD_HASH, ANY, 0, true },
	{ CMD_SIGN, ANY, 60, true },
	{ CMD_VERIFY, ANY, 85, true },
	{ CMD_SECRET, ANY, 65, true },
	{ CMD_DERIVE, ANY, 140, true },
	{ CMD_GENERATE, ANY, 80, false },
	{ CMD_OPEN, ANY, 0, true },
};

void apdu_note(struct handle *h, enum command cmd, unsigned param, uint16_t oid)
{
	h->error.command = (uint8_t)cmd;
	h->error.param = (uint8_t)param;
	h->error.oid = oid;
}

static void begin(struct apdu *a, enum command cmd, unsigned param)
{
	*a = (struct apdu){ 0 };
	apdu_data(a, a->own, 0);
	apdu_u16(a, (size_t)(cmd == CMD_OPEN ? cmd | CLEAR_ERROR : cmd) << 8 | param);
	apdu_u16(a, 0);
	apdu_answer(a, 0, NULL, 0);
}

void apdu_begin(struct handle *h, struct apdu *a, enum command cmd, unsigned param, uint16_t oid)
{
	apdu_note(h, cmd, param, oid);
	begin(a, cmd, param);
}

/* Begin to read all of a small object. */
static void begin_read(struct apdu *a, uint16_t oid, uint8_t *data, size_t len)
{
	begin(a, CMD_READ, PARAM_DATA);
	apdu_u16(a, oid);
	apdu_answer(a, 0, data, len);
}

void apdu_data(struct apdu *a, const uint8_t *data, size_t len)
{
	struct trans_piece *piece = &a->call.in[a->call.count++];

	piece->data = data;
	piece->len = len;
}

void apdu_u8(struct apdu *a, unsigned value)
{
	uint8_t *at = &a->own[a->own_len++];
	struct trans_piece *last = &a->call.in[a->call.count - 1];

	*at = (uint8_t)value;
	if (last->data + last->len == at)
		last->len++;
	else
		apdu_data(a, at, 1);
}

void apdu_u16(struct apdu *a, size_t value)
{
	apdu_u8(a, (unsigned)(value >> 8) & 0xFF);
	apdu_u8(a, (unsigned)value & 0xFF);
}

void apdu_tlv(struct apdu *a, unsigned tag, size_t len)
{
	apdu_u8(a, tag);
	apdu_u16(a, len);
}

void apdu_word(struct apdu *a, unsigned tag, size_t value)
{
	apdu_tlv(a, tag, 2);
	apdu_u16(a, value);
}

void apdu_value(struct apdu *a, unsigned tag, const uint8_t *data, size_t len)
{
	apdu_tlv(a, tag, len);
	apdu_data(a, data, len);
}

void apdu_public_key(struct apdu *a, const struct trustx_public_key *key)
{
	const size_t len = 2 * der_field(key->curve);

	apdu_tlv(a, 0x05, 1);
	apdu_u8(a, key->curve);
	apdu_tlv(a, 0x06, DER_BITS_HEAD + len);
	der_put_bits(a->own + a->own_len, len / 2);
	for (unsigned i = 0; i < DER_BITS_HEAD; i++)
		apdu_u8(a, a->own[a->own_len]);
	apdu_data(a, key->point + 1, len);
}

void apdu_target(struct apdu *a, uint16_t session)
{
	a->once = session != 0;
	if (session != 0)
		apdu_word(a, 0x08, session);
	else
		apdu_tlv(a, 0x07, 0);
}

void apdu_answer(struct apdu *a, size_t prefix, uint8_t *data, size_t cap)
{
	a->call.head = a->head;
	a->call.head_len = APDU_HEAD + prefix;
	a->call.data = data;
	a->call.cap = cap;
}

static void apply_rule(struct apdu *a, unsigned flags)
{
	for (const struct rule *r = rules; r < rules + sizeof(rules) / sizeof(*rules); r++) {
		if (r->command != (a->own[0] & ~CLEAR_ERROR))
			continue;
		if (r->param != ANY && r->param != a->own[1])
			continue;
		a->call.repeatable = r->repeatable && !a->once;
		/* A chip may be three times as fast as published. */
		if ((flags & TRUSTX_POLL_AT_ONCE) == 0)
			a->call.pause_us = r->ms * 1000u * 5 / 16;
	}
}

enum trustx_err apdu_malformed(struct handle *h, const struct apdu *a)
{
	return dlink_fail(&h->dlink, TRUSTX_LAYER_APDU,
		a->call.repeatable ? TRUSTX_ERR_PROTOCOL : TRUSTX_ERR_UNKNOWN_OUTCOME);
}

static enum trustx_err exchange(struct handle *h, struct apdu *a)
{
	const size_t in_len = trans_len(&a->call) - APDU_HEAD;
	size_t out_len;
	enum trustx_err err;

	if (!h->open)
		return TRUSTX_ERR_ARGUMENT;
	a->own[2] = (uint8_t)(in_len >> 8);
	a->own[3] = (uint8_t)in_len;
	apply_rule(a, h->dlink.flags);
	if ((err = trans_exchange(&h->dlink, &a->call)) != TRUSTX_OK)
		return err;
	out_len = (size_t)a->head[2] << 8 | a->head[3];
	if (a->call.len != APDU_HEAD + out_len)
		return apdu_malformed(h, a);
	if (a->head[0] == STATUS_FAIL)
		return TRUSTX_ERR_CHIP;
	if (a->head[0] != STATUS_OK || a->call.len < a->call.head_len)
		return apdu_malformed(h, a);
	a->len = a->call.len - a->call.head_len;
	return a->len <= a->call.cap ? TRUSTX_OK : apdu_malformed(h, a);
}

/* A new start of the chip may put it right. */
static bool is_adrift(const struct handle *h, const struct apdu *a, enum trustx_err err)
{
	if (err == TRUSTX_ERR_CHIP)
		return h->error.chip_code == CODE_CLOSED;
	if (!a->call.repeatable || h->dlink.phys.layer >= TRUSTX_LAYER_APDU)
		return false;
	/* Above Fm, a chip that was reset cannot follow the clock. */
	return err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_PROTOCOL ||
	       (err == TRUSTX_ERR_NACK && h->dlink.phys.speed_hz > SPEED_FM_HZ);
}

/* SRM "Last error code": reading it clears it. Only an application that is not open refuses it. */
static enum trustx_err read_chip_code(struct handle *h)
{
	struct apdu a;
	uint8_t code = 0;
	enum trustx_err err;

	begin_read(&a, TRUSTX_OID_LAST_ERROR, &code, 1);
	err = exchange(h, &a);
	if (err == TRUSTX_ERR_CHIP)
		code = CODE_CLOSED;
	else if (err != TRUSTX_OK && h->dlink.phys.layer < TRUSTX_LAYER_APDU)
		return err;
	else if (err != TRUSTX_OK)
		code = 0;
	h->error.chip_code = code;
	return dlink_fail(&h->dlink, TRUSTX_LAYER_CHIP, TRUSTX_ERR_CHIP);
}

static enum trustx_err run(struct handle *h, struct apdu *a)
{
	enum trustx_err err;

	h->error.chip_code = 0;
	err = exchange(h, a);
	return err == TRUSTX_ERR_CHIP ? read_chip_code(h) : err;
}

enum trustx_err apdu_open(struct handle *h)
{
	static const uint8_t aid[] = { 0xD2, 0x76, 0x00, 0x00, 0x04, 'G', 'e', 'n', 'A', 'u', 't',
		'h', 'A', 'p', 'p', 'l' };
	struct apdu a;
	enum trustx_err err;

	if ((err = phys_open(&h->dlink.phys, (enum trustx_reset)h->reset)) != TRUSTX_OK)
		return err;
	dlink_reset(&h->dlink);
	if (h->error.command == 0)
		apdu_note(h, CMD_OPEN, PARAM_DATA, 0);
	begin(&a, CMD_OPEN, PARAM_DATA);
	apdu_data(&a, aid, sizeof(aid));
	return run(h, &a);
}

/*
 * A command that must not be repeated is refused by an application that is not open, too, but it
 * may have been executed before: its frame was perhaps sent again after the chip lost its memory.
 */
enum trustx_err apdu_run(struct handle *h, struct apdu *a)
{
	unsigned starts = 0;
	enum trustx_err err;

	while (is_adrift(h, a, err = run(h, a)) && starts++ < RESTARTS) {
		if (!a->call.repeatable)
			return TRUSTX_ERR_UNKNOWN_OUTCOME;
		if ((err = apdu_open(h)) != TRUSTX_OK)
			break;
	}
	return err;
}

enum trustx_err apdu_run_exact(struct handle *h, struct apdu *a)
{
	enum trustx_err err = apdu_run(h, a);

	return err == TRUSTX_OK && a->len != a->call.cap ? apdu_malformed(h, a) : err;
}

enum trustx_err apdu_room(struct handle *h, size_t *room, size_t len)
{
	struct apdu a;
	uint8_t raw[2];
	size_t size = h->apdu_size;
	enum trustx_err err;

	if (size == 0 && len > UNASKED) {
		apdu_note(h, CMD_READ, PARAM_DATA, TRUSTX_OID_APDU_SIZE);
		begin_read(&a, TRUSTX_OID_APDU_SIZE, raw, sizeof(raw));
		if ((err = apdu_run_exact(h, &a)) != TRUSTX_OK)
			return err;
		size = (size_t)raw[0] << 8 | raw[1];
		if (size < APDU_SIZE_MIN)
			return apdu_malformed(h, &a);
		h->apdu_size = (uint16_t)size;
	}
	*room = (size != 0 ? size : APDU_SIZE_MIN) - APDU_HEAD;
	return TRUSTX_OK;
}
