/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "applet.h"

#include "hibernate.h"
#include "mem.h"

#include <openssl/err.h>

#include <string.h>

#define CLEAR_ERROR 0x80 /* in the command byte */

#define X   MODEL_TRUST_X
#define M   MODEL_TRUST_M1
#define ALL (X | M)

struct command {
	uint8_t code;
	uint8_t models; /* that know it */
	bool before_open;
	enum code (*run)(struct call *c);
};

static const struct command commands[] = {
	{ 0x01, ALL, false, command_get_data },
	{ 0x02, ALL, false, command_set_data },
	{ 0x0C, ALL, false, command_random },
	{ 0x10, X, false, command_auth_scheme },
	{ 0x18, X, false, command_auth_get },
	{ 0x19, X, false, command_auth_set },
	{ 0x1A, X, false, command_dtls },
	{ 0x1B, X, false, command_dtls },
	{ 0x1E, M, false, command_rsa },
	{ 0x1F, M, false, command_rsa },
	{ 0x30, ALL, false, command_hash },
	{ 0x31, ALL, false, command_sign },
	{ 0x32, ALL, false, command_verify },
	{ 0x33, ALL, false, command_secret },
	{ 0x34, ALL, false, command_derive },
	{ 0x38, ALL, false, command_generate },
	{ 0x70, ALL, true, command_open },
	{ 0x71, M, false, command_close },
};

void applet_reset(struct applet *a)
{
	mem_wipe(&a->change, sizeof(a->change));
	mem_wipe(a->answer, sizeof(a->answer));
	mem_wipe(&a->context, sizeof(a->context));
	a->answer_len = 0;
	a->phase = APPLET_IDLE;
	a->at = NEVER;
	a->is_open = false;
	a->dropped = false;
}

static void put_error(struct applet *a, enum code code)
{
	struct change c;

	change_begin(&c, nvm_find(a->nvm, OID_LAST_ERROR));
	c.after.data[0] = (uint8_t)code;
	/* The object lives in RAM: this cannot fail. */
	if (nvm_commit(a->nvm, &c) != TRUSTX_OK)
		return;
}

static void refuse(struct applet *a, enum code code)
{
	static const uint8_t refusal[] = { 0xFF, 0x00, 0x00, 0x00 };

	if (code > nvm_byte(a->nvm, OID_LAST_ERROR))
		put_error(a, code);
	memcpy(a->answer, refusal, sizeof(refusal));
	a->answer_len = sizeof(refusal);
}

static const struct command *find(uint8_t code, enum model model)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].code == code && (commands[i].models & model))
			return &commands[i];
	return NULL;
}

/* The order of the checks is not published; only the first that fails is reported. */
static enum code execute(struct applet *a, struct call *c, const uint8_t *apdu, size_t len)
{
	const struct command *command;
	struct reader head;
	uint8_t code;

	reader_init(&head, apdu, len);
	code = reader_u8(&head);
	if (code & CLEAR_ERROR)
		put_error(a, CODE_OK);
	c->param = reader_u8(&head);
	if (reader_u16(&head) != reader_left(&head) || head.failed ||
		reader_left(&head) > COMMAND_DATA_MAX)
		return CODE_LENGTH;
	c->in = head;
	if ((command = find(code & (uint8_t)~CLEAR_ERROR, a->nvm->profile->model)) == NULL)
		return CODE_COMMAND;
	if (!a->is_open && !command->before_open)
		return CODE_CLOSED;
	return command->run(c);
}

static void compute(struct applet *a, struct call *c, const uint8_t *apdu, size_t len)
{
	enum code code;
	size_t out;

	memset(a->answer, 0, 4);
	writer_init(&c->out, a->answer + 4, COMMAND_DATA_MAX);
	if ((code = execute(a, c, apdu, len)) != CODE_OK) {
		if (!c->keeps_change)
			mem_wipe(&c->change, sizeof(c->change));
		c->outcome = OUTCOME_NONE;
		refuse(a, code);
		return;
	}
	out = writer_len(&c->out);
	a->answer[2] = (uint8_t)(out >> 8);
	a->answer[3] = (uint8_t)out;
	a->answer_len = 4 + out;
}

void applet_run(struct applet *a, const uint8_t *apdu, size_t len, uint64_t now)
{
	struct call c = {
		.nvm = a->nvm,
		.curves = a->curves,
		.context = &a->context,
		.us = a->nvm->profile->refuse,
	};
	bool instant = a->pace->scale_milli == 0;

	/* What libcrypto says about bad input is no business of the host's. */
	ERR_set_mark();
	compute(a, &c, apdu, len);
	ERR_pop_to_mark();
	a->change = c.change;
	a->change.used_up = c.used_up;
	a->outcome = c.outcome;
	a->key_use = c.key_use;
	a->dropped = false;
	a->run_ns = pace_execution(a->pace, c.us);
	a->phase = APPLET_RUNNING;
	a->at = now + a->run_ns;
	if (c.is_event) {
		a->phase = APPLET_DELAYED;
		a->at = instant ? now : now + secmon_delay(a->secmon);
	} else if (instant) {
		a->phase = APPLET_HELD;
		a->at = NEVER;
	}
	mem_wipe(&c.change, sizeof(c.change));
}

static void settle(struct applet *a)
{
	if (a->outcome == OUTCOME_NONE)
		return;
	nvm_close_sessions(a->nvm);
	mem_wipe(&a->context, sizeof(a->context));
	a->is_open = a->outcome != OUTCOME_CLOSE;
	if (a->outcome == OUTCOME_RESTORE)
		hibernate_restore(a->nvm, a->change.after.data);
}

static void finish(struct applet *a)
{
	if (nvm_commit(a->nvm, &a->change) != TRUSTX_OK)
		refuse(a, CODE_INTERNAL);
	else
		settle(a);
	mem_wipe(&a->change, sizeof(a->change));
	a->phase = APPLET_IDLE;
	a->at = NEVER;
	if (a->dropped)
		a->answer_len = 0;
}

void applet_fire(struct applet *a, uint64_t now)
{
	if (a->at > now)
		return;
	if (a->phase == APPLET_RUNNING) {
		finish(a);
	} else if (a->phase == APPLET_DELAYED) {
		if (secmon_event(a->secmon, a->key_use) != TRUSTX_OK) {
			mem_wipe(&a->change, sizeof(a->change));
			refuse(a, CODE_INTERNAL);
		}
		a->phase = a->pace->scale_milli == 0 ? APPLET_HELD : APPLET_RUNNING;
		a->at = a->phase == APPLET_HELD ? NEVER : now + a->run_ns;
	}
}

void applet_release(struct applet *a)
{
	if (a->phase == APPLET_HELD)
		finish(a);
}

void applet_drop(struct applet *a)
{
	a->dropped = true;
	if (a->phase == APPLET_IDLE)
		a->answer_len = 0;
}

bool applet_is_busy(const struct applet *a)
{
	return a->phase != APPLET_IDLE;
}

/* Its commit points are spread evenly over the execution time. */
static size_t steps_done(const struct applet *a, uint64_t now)
{
	uint64_t passed = a->run_ns - (a->at - now);

	if (a->phase != APPLET_RUNNING || a->run_ns == 0)
		return 0;
	return (size_t)(passed * (change_steps(&a->change) + 1) / a->run_ns);
}

void applet_interrupt(struct applet *a, uint64_t now)
{
	if (!applet_is_busy(a) || !change_programs(&a->change))
		return;
	/* A chip that cannot program keeps what it had. */
	if (nvm_interrupt(a->nvm, &a->change, steps_done(a, now)) != TRUSTX_OK)
		return;
}

const uint8_t *applet_answer(const struct applet *a, size_t *len)
{
	if (applet_is_busy(a) || a->answer_len == 0)
		return NULL;
	*len = a->answer_len;
	return a->answer;
}
