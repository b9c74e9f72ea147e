/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A bus that plays a conversation: every byte the library writes must be the next one written
 * down, every read gets the next one. Its clock is virtual; guard times are checked. It knows
 * frames only as far as it takes to write conversations down briefly.
 */
#ifndef TESTS_TRANSCRIPT_H
#define TESTS_TRANSCRIPT_H

#include <stdbool.h>

#include "test.h"
#include "trustx.h"

enum step_kind {
	STEP_WRITE,   /* the library writes exactly this */
	STEP_READ,    /* the library reads exactly that many bytes */
	STEP_WAIT,    /* reads give this until us have passed since the first one */
	STEP_FAIL,    /* the transfer fails with err */
	STEP_ADDRESS, /* from here on the chip has the address len */
};

struct step {
	enum step_kind kind;
	enum trustx_err err;
	uint32_t us;
	size_t len;
	uint8_t data[280];
};

#define FOREVER UINT32_MAX

struct script {
	struct step *steps;
	size_t count, cap, at;
	size_t frame;			      /* DATA_REG_LEN, for cutting */
	uint8_t pointer, host_nr, chip_nr;    /* of the conversation written down so far */
	bool piggyback;			      /* answers come without a control ACK */
	uint64_t now_ns, stop_ns, wait_until; /* player */
	uint32_t hz, min_gap_us;
	size_t transfers;
	uint8_t addr;
	unsigned resets, powers, speeds;
	bool deaf_until_pulled; /* a reset or power-up ends a failing step */
};

static inline struct script *script_new(void)
{
	struct script *s = calloc(1, sizeof(*s));

	s->hz = 100000;
	s->addr = 0x30;
	s->frame = 277;
	s->host_nr = s->chip_nr = 3;
	s->min_gap_us = UINT32_MAX;
	s->now_ns = 1000000;
	return s;
}

static inline void script_free(struct script *s)
{
	free(s->steps);
	free(s);
}

static inline struct step *script_step(struct script *s, enum step_kind kind)
{
	struct step *step;

	if (s->count == s->cap) {
		s->cap = s->cap * 2 + 64;
		s->steps = realloc(s->steps, s->cap * sizeof(*s->steps));
	}
	step = &s->steps[s->count++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	return step;
}

/* "80 03 .." to bytes; spaces are free. */
static inline size_t unhex(uint8_t *out, size_t cap, const char *text)
{
	size_t len = 0;
	unsigned byte;
	int used;

	while (sscanf(text, " %2x%n", &byte, &used) == 1) {
		if (len == cap)
			test_die(__FILE__, __LINE__, "hex text is too long");
		out[len++] = (uint8_t)byte;
		text += used;
	}
	return len;
}

static inline uint16_t script_crc(const uint8_t *data, size_t len)
{
	unsigned crc = 0;

	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = (crc & 1) != 0 ? crc >> 1 ^ 0x8408 : crc >> 1;
	}
	return (uint16_t)crc;
}

/* ---- writing a conversation down ---- */

static inline void script_write(struct script *s, const uint8_t *data, size_t len)
{
	struct step *step = script_step(s, STEP_WRITE);

	memcpy(step->data, data, len);
	step->len = len;
	s->pointer = data[0];
}

static inline void script_write_hex(struct script *s, const char *hex)
{
	uint8_t data[280];

	script_write(s, data, unhex(data, sizeof(data), hex));
}

static inline void script_select(struct script *s, uint8_t reg)
{
	if (s->pointer != reg)
		script_write(s, &reg, 1);
}

static inline void script_read(struct script *s, uint8_t reg, const uint8_t *data, size_t len)
{
	struct step *step;

	script_select(s, reg);
	step = script_step(s, STEP_READ);
	memcpy(step->data, data, len);
	step->len = len;
}

static inline void script_read_hex(struct script *s, uint8_t reg, const char *hex)
{
	uint8_t data[280];

	script_read(s, reg, data, unhex(data, sizeof(data), hex));
}

/* The same, after what was read before could not be right: the register is selected again. */
static inline void script_read_anew(struct script *s, uint8_t reg, const char *hex)
{
	s->pointer = 0;
	script_read_hex(s, reg, hex);
}

/* I2C_STATE is this for us, however often it is asked, and selected anew for that. */
static inline void script_wait(struct script *s, const char *state, uint32_t us)
{
	struct step *step;

	script_select(s, 0x82);
	step = script_step(s, STEP_WAIT);
	step->len = unhex(step->data, sizeof(step->data), state);
	step->us = us;
}

static inline void script_fail(struct script *s, enum trustx_err err, uint32_t times)
{
	struct step *step = script_step(s, STEP_FAIL);

	step->err = err;
	step->us = times;
}

static inline size_t script_frame(uint8_t *out, uint8_t fctr, const uint8_t *packet, size_t len)
{
	uint16_t fcs;

	out[0] = fctr;
	out[1] = (uint8_t)(len >> 8);
	out[2] = (uint8_t)len;
	if (len > 0)
		memcpy(out + 3, packet, len);
	fcs = script_crc(out, 3 + len);
	out[3 + len] = (uint8_t)(fcs >> 8);
	out[4 + len] = (uint8_t)fcs;
	return 5 + len;
}

static inline void script_host_raw(
	struct script *s, uint8_t fctr, const uint8_t *packet, size_t len)
{
	uint8_t data[280] = { 0x80 };

	script_write(s, data, 1 + script_frame(data + 1, fctr, packet, len));
}

static inline void script_ready(struct script *s, uint8_t flags, size_t len)
{
	const uint8_t state[4] = { flags, 0, (uint8_t)(len >> 8), (uint8_t)len };

	script_read(s, 0x82, state, 4);
}

/* The chip shows a frame, and the library fetches it. */
static inline void script_chip_bytes(struct script *s, const uint8_t *frame, size_t len)
{
	script_ready(s, 0x48, len);
	script_read(s, 0x80, frame, len);
}

static inline void script_chip_hex(struct script *s, const char *hex)
{
	uint8_t frame[277];

	script_chip_bytes(s, frame, unhex(frame, sizeof(frame), hex));
}

static inline void script_chip_raw(
	struct script *s, uint8_t fctr, const uint8_t *packet, size_t len)
{
	uint8_t frame[280];

	script_chip_bytes(s, frame, script_frame(frame, fctr, packet, len));
}

static inline void script_host_control(struct script *s, unsigned fctr)
{
	script_host_raw(s, (uint8_t)fctr, NULL, 0);
}

static inline void script_chip_control(struct script *s, unsigned fctr)
{
	script_chip_raw(s, (uint8_t)fctr, NULL, 0);
}

static inline uint8_t script_fctr(uint8_t frame, uint8_t ack)
{
	return (uint8_t)(frame << 2 | ack);
}

/* A packet under the next number of its side. */
static inline void script_host_packet(struct script *s, const uint8_t *packet, size_t len)
{
	s->host_nr = (s->host_nr + 1) & 3;
	script_host_raw(s, script_fctr(s->host_nr, s->chip_nr), packet, len);
}

static inline void script_chip_packet(struct script *s, const uint8_t *packet, size_t len)
{
	s->chip_nr = (s->chip_nr + 1) & 3;
	script_chip_raw(s, script_fctr(s->chip_nr, s->host_nr), packet, len);
	script_host_control(s, 0x80u | s->chip_nr);
}

static inline void script_chip_ack(struct script *s)
{
	script_chip_control(s, 0x80u | s->host_nr);
}

/* One command, or its answer, cut to the frame size. */
static inline void script_chain(struct script *s, bool host, const uint8_t *apdu, size_t len)
{
	const size_t room = s->frame - 6;
	uint8_t packet[272];
	size_t at = 0;

	do {
		size_t part = len - at < room ? len - at : room;
		bool last = at + part == len;

		packet[0] = last ? (at == 0 ? 0 : 4) : (at == 0 ? 1 : 2);
		memcpy(packet + 1, apdu + at, part);
		if (host)
			script_host_packet(s, packet, 1 + part);
		else
			script_chip_packet(s, packet, 1 + part);
		if (host && (!last || !s->piggyback))
			script_chip_ack(s);
		at += part;
	} while (at < len);
}

static inline void script_command(struct script *s, const uint8_t *apdu, size_t len)
{
	script_chain(s, true, apdu, len);
}

static inline void script_answer(struct script *s, const uint8_t *apdu, size_t len)
{
	script_chain(s, false, apdu, len);
}

static inline void script_command_hex(struct script *s, const char *hex)
{
	uint8_t apdu[2048];

	script_command(s, apdu, unhex(apdu, sizeof(apdu), hex));
}

static inline void script_answer_hex(struct script *s, const char *hex)
{
	uint8_t apdu[2048];

	script_answer(s, apdu, unhex(apdu, sizeof(apdu), hex));
}

static inline void script_exchange(struct script *s, const char *command, const char *answer)
{
	script_command_hex(s, command);
	script_answer_hex(s, answer);
}

#define APDU_OPEN "F0 00 00 10 D2 76 00 00 04 47 65 6E 41 75 74 68 41 70 70 6C"

/* Soft reset and negotiation, as trustx_open does them with frames of that size. */
static inline void script_bring_up(struct script *s, size_t frame)
{
	const uint8_t ask[] = { 0x81, (uint8_t)(frame >> 8), (uint8_t)frame };

	s->frame = frame;
	s->host_nr = s->chip_nr = 3;
	script_write_hex(s, "88 00 00");
	script_read_hex(s, 0x82, "08 00 00 00");
	script_read_hex(s, 0x84, "00 00 01 90");
	script_write(s, ask, sizeof(ask));
	script_read(s, 0x81, ask + 1, 2);
}

static inline void script_open(struct script *s, size_t frame)
{
	script_bring_up(s, frame);
	script_exchange(s, APDU_OPEN, "00 00 00 00");
}

/* What comes before the first transfer of more than 256 bytes. */
static inline void script_size(struct script *s)
{
	script_exchange(s, "01 00 00 02 E0 C6", "00 00 00 02 06 15");
}

/* ---- playing it ---- */

static inline void script_stop(struct script *s, const char *what, const uint8_t *data, size_t len)
{
	fprintf(stderr, "step %zu of %zu: %s\n", s->at, s->count, what);
	if (data != NULL)
		test_dump("     got", data, len);
	if (s->at < s->count && s->steps[s->at].kind != STEP_FAIL)
		test_dump("expected", s->steps[s->at].data, s->steps[s->at].len);
	exit(1);
}

static inline struct step *script_next(
	struct script *s, uint8_t addr, const uint8_t *data, size_t len)
{
	uint64_t gap_us = (s->now_ns - s->stop_ns) / 1000;

	if (s->transfers++ > 0 && gap_us < s->min_gap_us)
		s->min_gap_us = (uint32_t)gap_us;
	if (s->at < s->count && s->steps[s->at].kind == STEP_ADDRESS)
		s->addr = (uint8_t)s->steps[s->at++].len;
	if (addr != s->addr)
		script_stop(s, "wrong address", &addr, 1);
	if (s->at == s->count)
		script_stop(s, "more than expected", data, len);
	return &s->steps[s->at];
}

static inline void script_spend(struct script *s, size_t bits)
{
	s->now_ns += (uint64_t)bits * 1000000000u / s->hz;
	s->stop_ns = s->now_ns;
}

static inline enum trustx_err script_failing(struct script *s, struct step *step)
{
	script_spend(s, 11);
	if (step->us != FOREVER && --step->us == 0)
		s->at++;
	return step->err;
}

static inline enum trustx_err script_op_write(
	void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct script *s = ctx;
	struct step *step = script_next(s, addr, data, len);

	if (step->kind == STEP_FAIL)
		return script_failing(s, step);
	script_spend(s, 9 * (len + 1) + 2);
	if (step->kind == STEP_WAIT && len == 1 && data[0] == 0x82)
		return TRUSTX_OK;
	/* A wait ends too when the library has waited long enough and speaks again. */
	if (step->kind == STEP_WAIT && s->wait_until != 0 && s->at + 1 < s->count) {
		s->wait_until = 0;
		step = &s->steps[++s->at];
	}
	if (step->kind != STEP_WRITE || step->len != len || memcmp(step->data, data, len) != 0)
		script_stop(s, "a write", data, len);
	s->at++;
	return TRUSTX_OK;
}

static inline enum trustx_err script_op_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct script *s = ctx;
	struct step *step = script_next(s, addr, NULL, 0);

	if (step->kind == STEP_FAIL)
		return script_failing(s, step);
	script_spend(s, 9 * (len + 1) + 2);
	if (step->kind == STEP_WAIT) {
		if (s->wait_until == 0)
			s->wait_until =
				step->us == FOREVER ? UINT64_MAX : s->now_ns + step->us * 1000ull;
		if (s->now_ns <= s->wait_until && len == step->len) {
			memcpy(data, step->data, len);
			return TRUSTX_OK;
		}
		s->wait_until = 0;
		step = &s->steps[++s->at];
	}
	if (s->at == s->count || step->kind != STEP_READ || step->len != len) {
		uint8_t n = (uint8_t)len;

		script_stop(s, "a read of that many bytes", &n, 1);
	}
	memcpy(data, step->data, len);
	s->at++;
	return TRUSTX_OK;
}

static inline enum trustx_err script_op_speed(void *ctx, uint32_t hz)
{
	struct script *s = ctx;

	s->hz = hz;
	s->speeds++;
	return TRUSTX_OK;
}

static inline void script_pulled(struct script *s)
{
	if (s->deaf_until_pulled && s->steps[s->at].kind == STEP_FAIL)
		s->at++;
}

static inline enum trustx_err script_op_reset(void *ctx, bool released)
{
	struct script *s = ctx;

	s->resets += released;
	script_pulled(s);
	return TRUSTX_OK;
}

static inline enum trustx_err script_op_power(void *ctx, bool on)
{
	struct script *s = ctx;

	s->powers += on;
	script_pulled(s);
	return TRUSTX_OK;
}

static inline uint64_t script_op_now(void *ctx)
{
	return ((struct script *)ctx)->now_ns / 1000;
}

static inline void script_op_sleep(void *ctx, uint32_t us)
{
	((struct script *)ctx)->now_ns += us * 1000ull;
}

static const struct trustx_bus_ops script_ops = {
	.write = script_op_write,
	.read = script_op_read,
	.set_speed = script_op_speed,
	.now_us = script_op_now,
	.sleep_us = script_op_sleep,
};

static const struct trustx_bus_ops script_line_ops = {
	.write = script_op_write,
	.read = script_op_read,
	.set_speed = script_op_speed,
	.set_reset = script_op_reset,
	.set_power = script_op_power,
	.now_us = script_op_now,
	.sleep_us = script_op_sleep,
};

static inline struct trustx_bus script_bus(struct script *s)
{
	return (struct trustx_bus){ .ops = &script_ops, .ctx = s };
}

/* The whole conversation took place, and no guard time was violated. */
static inline void script_done(struct script *s)
{
	if (s->at < s->count && s->steps[s->at].kind == STEP_WAIT && s->at + 1 == s->count)
		s->at++;
	if (s->at < s->count && s->steps[s->at].kind == STEP_FAIL && s->steps[s->at].us == FOREVER)
		s->at++;
	if (s->at != s->count)
		script_stop(s, "the conversation ended early", NULL, 0);
	if (s->min_gap_us < 50)
		test_int(__FILE__, __LINE__, "guard time", s->min_gap_us, 50);
}

#endif
