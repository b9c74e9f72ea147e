/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The file of recorded bus transfers: text, one line each, complete with its newline.
 *
 *   trustx-trace 1 raw clock=0 addr=30 transfer=278 hz=400000 lines=srp     begins a session
 *   START TOOK write RESULT ADDR HEX
 *   START TOOK read ok ADDR HEX            or: read ERROR ADDR LENGTH
 *   START TOOK speed RESULT HZ             reset RESULT 0|1, power RESULT 0|1
 *
 * START and clock are the bus clock in microseconds, RESULT is ok or a name of trustx_err.h. lines: which of
 * speed, reset and power the bus has, "-" for none. A later session continues a file after a new
 * head. A last line without newline, or one that ends in " ~", was cut off and does not count.
 */
#ifndef BASE_TRACEFILE_H
#define BASE_TRACEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

#define TRACEFILE_DATA_MAX ((size_t)1024) /* longest transfer */
#define TRACEFILE_LINE_MAX (2 * TRACEFILE_DATA_MAX + 160)
#define TRACEFILE_MAX	   ((size_t)256 << 20) /* longest file that is read */
#define TRACEFILE_CUT_MARK " ~\n"	       /* closes a line that was cut off */

enum tracefile_op {
	TRACEFILE_WRITE,
	TRACEFILE_READ,
	TRACEFILE_SPEED,
	TRACEFILE_RESET,
	TRACEFILE_POWER,
	TRACEFILE_OPS_,
};

/* What the bus of a session was like, as in struct trustx_bus. */
struct tracefile_session {
	bool redacted;
	uint64_t at_us; /* when it began */
	uint8_t addr;
	uint16_t max_transfer;
	uint32_t max_hz;
	bool has[TRACEFILE_OPS_]; /* write and read: always */
};

struct tracefile_record {
	uint64_t at_us;	  /* when it began */
	uint32_t took_us; /* UINT32_MAX: that or longer */
	enum tracefile_op op;
	enum trustx_err result;
	uint8_t addr;
	uint32_t value; /* speed: Hz; reset: 1 released; power: 1 on */
	size_t len;	/* of the transfer; data is there for a write and for a read that is ok */
	uint8_t data[TRACEFILE_DATA_MAX];
};

const char *tracefile_op_name(enum tracefile_op op); /* "write"; static */

/* Is there data in it? */
bool tracefile_has_data(const struct tracefile_record *rec);

/* A whole line, with its newline and a NUL. Returns its length. */
size_t tracefile_print_session(
	char line[static TRACEFILE_LINE_MAX], const struct tracefile_session *session);
size_t tracefile_print_record(
	char line[static TRACEFILE_LINE_MAX], const struct tracefile_record *rec);

enum tracefile_kind { TRACEFILE_SESSION, TRACEFILE_RECORD, TRACEFILE_CUT, TRACEFILE_END };

struct tracefile_item {
	enum tracefile_kind kind;
	struct tracefile_session session; /* the last one begun */
	struct tracefile_record record;
};

/* Reads from memory that the caller keeps. */
struct tracefile_reader {
	const uint8_t *at, *end;
	size_t line;	     /* of the last item, from 1 */
	size_t sessions;     /* begun so far */
	size_t records;	     /* of this session so far */
	uint64_t earlier_us; /* START of the record before */
};

void tracefile_reader_init(struct tracefile_reader *r, const void *data, size_t len);

/*
 * The next item. TRUSTX_ERR_INPUT: no trace, another version, or a line that is none of the
 * above; what came before it stands.
 */
TRUSTX_MUST_CHECK enum trustx_err tracefile_next(
	struct tracefile_reader *r, struct tracefile_item *item, struct fail *f);

#endif
