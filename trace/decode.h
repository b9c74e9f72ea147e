/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Say in words what was on the bus. Needs no chip and no library for one: only the recorded
 * transfers, of which any bytes are accepted. No line shows the contents of a frame.
 */
#ifndef TRACE_DECODE_H
#define TRACE_DECODE_H

#include "tracefile.h"

enum trace_layer { TRACE_BUS, TRACE_REGISTER, TRACE_FRAME, TRACE_APDU };
const char *trace_layer_name(enum trace_layer layer); /* "register"; static */

#define TRACE_TEXT_MAX 200
struct trace_line {
	enum trace_layer layer;
	bool from_chip;
	char text[TRACE_TEXT_MAX];
	/* Only of the APDU: */
	const char *command; /* static; NULL: not known */
	bool has_oid;
	uint16_t oid;
	size_t length;	/* of InData or OutData */
	int status;	/* of an answer; -1: none */
	int error_code; /* that the answer brings; -1: none */
};

struct trace_decoder;

/* NULL: out of memory. Free with trace_decoder_free, which takes NULL. */
struct trace_decoder *trace_decoder_new(void);
void trace_decoder_free(struct trace_decoder *d);

/* A new session begins. */
void trace_decoder_restart(struct trace_decoder *d);

/* One line for the transfer, one more when it completes an APDU. Returns how many, 1 or 2. */
size_t trace_decode(struct trace_decoder *d, struct trace_line lines[static 2],
	const struct tracefile_record *rec);

#endif
