/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A bus around another that counts, and knows from the frames which commands pass: when each
 * began, when its last frame had left, when its answer was acknowledged. How long the chip
 * executed it, the simulator says.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include "limit.h"
#include "trustx.h"

#define METER_COMMANDS 128u

struct meter_command {
	uint8_t code, param; /* of the command's header, code without bit 7 */
	uint16_t oid;	     /* of a read or write */
	bool opens;	     /* the first command after a reset: OpenApplication */
	size_t cmd_len, answer_len;
	uint64_t begin_us, sent_us, end_us;
	double execution_ns;
	double wire_ns; /* of transfers outside the execution */
};

/*
 * How hosts behave that take their time, through an FT260: they ask for its status after every
 * report, so also between the request of a read and its data, and wait 5 ms between two looks at
 * I2C_STATE, or before every look.
 */
enum patience { PATIENCE_NONE, PATIENCE_BETWEEN, PATIENCE_BEFORE };

struct meter {
	struct trustx_bus inner, bus; /* bus: what is measured */
	uint32_t hz;
	uint8_t reg;
	enum patience patience;
	bool polled;	     /* the last transfer was a read of I2C_STATE, */
	uint64_t poll_us;    /* which ended here */
	uint64_t begin_us;   /* where the measurement began */
	uint64_t counted_ns; /* execution of commands that were seen */
	uint64_t transfers, bytes;
	double bring_up_wire_ns; /* of transfers before the first command */
	size_t count;
	struct meter_command commands[METER_COMMANDS];
};

/* Make m->bus of m->inner. */
void meter_init(struct meter *m);

/* Forget what was counted; the measurement begins now. */
void meter_begin(struct meter *m);

uint64_t meter_now_us(const struct meter *m);

/* Let the chip start and rest, then wake it: what follows begins with a chip that listens. */
void meter_settle(struct meter *m);

/*
 * The shortest time of the commands whose codes stand in needs, in this order; NULL: all but the
 * question for the size of the chip's buffer. false: one of them was not sent.
 */
bool meter_limit(
	double *ns, const struct meter *m, const struct limit_link *link, const char *needs);

/* The one command that nobody needs. */
bool meter_is_size(const struct meter_command *c);

#endif
