/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * play:FILE is the bus of a recorded session: every transfer must be the next one of the trace
 * and ends as that did. Its clock is virtual and follows the times of the trace.
 */
#include "backend.h"
#include "file.h"
#include "num.h"
#include "tracefile.h"

#include <stdlib.h>
#include <string.h>

struct play_bus {
	struct bus_ctx base;
	struct blob file;
	struct trustx_bus_ops ops;
	struct tracefile_session session;
	struct tracefile_reader reader; /* behind next */
	struct tracefile_item next;	/* a record, or the end */
	size_t played;
	uint64_t now_us;
	bool strayed; /* from here on nothing fits */
};

/* What the program does, to be compared with next. */
struct action {
	enum tracefile_op op;
	uint8_t addr;
	uint32_t value;
	const uint8_t *data;
	size_t len;
};

/* The file was read once before: it is sound. */
static void advance(struct play_bus *p)
{
	struct fail ignored;

	do {
		if (tracefile_next(&p->reader, &p->next, &ignored) != TRUSTX_OK)
			p->next.kind = TRACEFILE_END;
	} while (p->next.kind == TRACEFILE_CUT);
}

static enum trustx_err stray(struct play_bus *p, const struct action *a)
{
	const struct tracefile_record *rec = &p->next.record;
	struct fail *f = &p->base.fail;

	p->strayed = true;
	if (p->next.kind != TRACEFILE_RECORD)
		return fail_set(f, TRUSTX_ERR_BUS,
			"the trace ends after %zu records, the program goes on", p->played);
	if (rec->op != a->op || rec->len != a->len)
		return fail_set(f, TRUSTX_ERR_BUS,
			"line %zu of the trace: there %s of %zu bytes, here %s of %zu; a trace"
			" replays only what it recorded",
			p->reader.line, tracefile_op_name(rec->op), rec->len,
			tracefile_op_name(a->op), a->len);
	return fail_set(f, TRUSTX_ERR_BUS,
		"line %zu of the trace: the program wants another %s; a trace replays only what it"
		" recorded",
		p->reader.line, tracefile_op_name(rec->op));
}

static bool fits(const struct play_bus *p, const struct action *a)
{
	const struct tracefile_record *rec = &p->next.record;

	if (p->next.kind != TRACEFILE_RECORD || rec->op != a->op || rec->addr != a->addr ||
		rec->len != a->len)
		return false;
	if (a->op >= TRACEFILE_SPEED)
		return rec->value == a->value;
	return a->op == TRACEFILE_READ || memcmp(rec->data, a->data, a->len) == 0;
}

static enum trustx_err play(struct play_bus *p, uint8_t *out, const struct action *a)
{
	const struct tracefile_record *rec = &p->next.record;
	enum trustx_err result;
	uint64_t end_us;

	if (p->strayed)
		return TRUSTX_ERR_BUS;
	if (!fits(p, a))
		return stray(p, a);
	p->played++;
	result = rec->result;
	end_us = rec->at_us + rec->took_us;
	if (end_us > p->now_us)
		p->now_us = end_us;
	if (out != NULL && result == TRUSTX_OK)
		memcpy(out, rec->data, rec->len);
	if (result != TRUSTX_OK)
		fail_set(&p->base.fail, result, "as recorded in line %zu of the trace",
			p->reader.line);
	advance(p);
	return result;
}

static enum trustx_err play_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	const struct action a = { .op = TRACEFILE_WRITE, .addr = addr, .data = data, .len = len };

	return play(ctx, NULL, &a);
}

static enum trustx_err play_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	const struct action a = { .op = TRACEFILE_READ, .addr = addr, .len = len };

	return play(ctx, data, &a);
}

static enum trustx_err play_set_speed(void *ctx, uint32_t hz)
{
	const struct action a = { .op = TRACEFILE_SPEED, .value = hz };

	return play(ctx, NULL, &a);
}

static enum trustx_err play_set_reset(void *ctx, bool released)
{
	const struct action a = { .op = TRACEFILE_RESET, .value = released };

	return play(ctx, NULL, &a);
}

static enum trustx_err play_set_power(void *ctx, bool on)
{
	const struct action a = { .op = TRACEFILE_POWER, .value = on };

	return play(ctx, NULL, &a);
}

static uint64_t play_now_us(void *ctx)
{
	struct play_bus *p = ctx;

	return p->now_us;
}

static void play_sleep_us(void *ctx, uint32_t us)
{
	struct play_bus *p = ctx;

	p->now_us += us;
}

static void play_close(void *ctx)
{
	struct play_bus *p = ctx;

	blob_free(&p->file);
	free(p);
}

/* Read the whole file: it must be sound and unredacted. */
static enum trustx_err check_trace(struct play_bus *p, size_t *sessions, struct fail *f)
{
	enum trustx_err err;

	tracefile_reader_init(&p->reader, p->file.data, p->file.len);
	do {
		if ((err = tracefile_next(&p->reader, &p->next, f)) != TRUSTX_OK)
			return err;
		if (p->next.kind == TRACEFILE_SESSION && p->next.session.redacted) {
			fail_set(f, TRUSTX_ERR_INPUT,
				"the trace is redacted: bytes that the chip sent are blanked in "
				"it");
			return fail_next(f, "play the trace from which it was made");
		}
	} while (p->next.kind != TRACEFILE_END);
	*sessions = p->reader.sessions;
	return TRUSTX_OK;
}

static enum trustx_err choose_session(
	uint64_t *session, const struct bus_uri *uri, size_t sessions, struct fail *f)
{
	const char *text = bus_option(uri, "session");

	*session = 1;
	if (text != NULL && num_parse_range(session, text, 1, sessions) != TRUSTX_OK) {
		fail_set(f, TRUSTX_ERR_INPUT, "the trace has no session %s", text);
		return fail_next(f, "its sessions are 1 to %zu", sessions);
	}
	if (text == NULL && sessions > 1) {
		fail_set(f, TRUSTX_ERR_INPUT, "the trace has %zu sessions", sessions);
		return fail_next(f, "choose one: play:FILE?session=1 to %zu", sessions);
	}
	return TRUSTX_OK;
}

static void seek_session(struct play_bus *p, uint64_t session)
{
	tracefile_reader_init(&p->reader, p->file.data, p->file.len);
	do
		advance(p);
	while (p->reader.sessions != session);
	p->session = p->next.session;
	p->now_us = p->session.at_us;
	advance(p);
}

static enum trustx_err load(struct play_bus *p, const struct bus_uri *uri, struct fail *f)
{
	size_t sessions = 0;
	uint64_t session;
	enum trustx_err err;

	blob_init(&p->file, TRACEFILE_MAX);
	if ((err = file_read(&p->file, uri->target, f)) != TRUSTX_OK ||
		(err = check_trace(p, &sessions, f)) != TRUSTX_OK ||
		(err = choose_session(&session, uri, sessions, f)) != TRUSTX_OK)
		return err;
	seek_session(p, session);
	return TRUSTX_OK;
}

/* As the recorded bus was, unless the URI says otherwise. */
static void take_session(struct trustx_bus *bus, struct play_bus *p)
{
	const struct tracefile_session *session = &p->session;

	p->ops = (struct trustx_bus_ops){
		.write = play_write,
		.read = play_read,
		.set_speed = session->has[TRACEFILE_SPEED] ? play_set_speed : NULL,
		.set_reset = session->has[TRACEFILE_RESET] ? play_set_reset : NULL,
		.set_power = session->has[TRACEFILE_POWER] ? play_set_power : NULL,
		.now_us = play_now_us,
		.sleep_us = play_sleep_us,
	};
	if (bus->addr == 0)
		bus->addr = session->addr;
	if (bus->max_transfer == 0)
		bus->max_transfer = session->max_transfer;
	if (bus->max_hz == 0)
		bus->max_hz = session->max_hz;
}

static enum trustx_err play_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	struct play_bus *p;
	enum trustx_err err;

	if (uri->target[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the file of the trace is missing");
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = load(p, uri, f)) != TRUSTX_OK) {
		play_close(p);
		return err;
	}
	take_session(bus, p);
	p->base.backend = &bus_play;
	bus->ctx = p;
	bus->ops = &p->ops;
	return TRUSTX_OK;
}

static bool play_is_virtual(const void *ctx)
{
	(void)ctx;
	return true;
}

const struct bus_backend bus_play = {
	.scheme = "play",
	.form = "play:FILE",
	.options = " session ",
	.open = play_open,
	.close = play_close,
	.is_virtual = play_is_virtual,
};
