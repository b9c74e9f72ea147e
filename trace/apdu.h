/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Commands and answers, complete or as far as they have come: SRM "Commands". */
#ifndef TRACE_APDU_H
#define TRACE_APDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APDU_HEAD 4u

enum command_code {
	CMD_GET_DATA = 0x01,
	CMD_SET_DATA = 0x02,
	CMD_GET_RANDOM = 0x0C,
	CMD_SET_AUTH_SCHEME = 0x10,
	CMD_GET_AUTH_MSG = 0x18,
	CMD_SET_AUTH_MSG = 0x19,
	CMD_CALC_HASH = 0x30,
	CMD_CALC_SIGN = 0x31,
	CMD_VERIFY_SIGN = 0x32,
	CMD_CALC_SSEC = 0x33,
	CMD_DERIVE_KEY = 0x34,
	CMD_GEN_KEY_PAIR = 0x38,
	CMD_OPEN = 0x70,
};

enum command_param {
	PARAM_DATA = 0x00,
	PARAM_METADATA = 0x01,
	PARAM_COUNT = 0x02,
	PARAM_ERASE = 0x40,
};

struct command {
	bool headed; /* all below is known */
	bool clears; /* the stored error: bit 7 */
	uint8_t code, param;
	const char *name; /* static; NULL: not in the table */
	uint16_t in_len;  /* as announced */
	const uint8_t *in;
	size_t got; /* bytes of InData that are there */
	bool has_oid;
	uint16_t oid; /* the object or key it is about */
};

/* data must outlive cmd. */
void command_decode(struct command *cmd, const uint8_t *data, size_t len);

struct answer {
	bool headed;
	uint8_t status;
	uint16_t out_len;
	const uint8_t *out;
	size_t got;
};
void answer_decode(struct answer *answer, const uint8_t *data, size_t len);

/* An element of InData or OutData. Its value is data[at] and may be longer than what is there. */
struct element {
	uint8_t tag;
	size_t at, len;
};

/* *at: 0 before the first, moved behind the element. false: no whole tag and length left. */
bool element_next(struct element *element, size_t *at, const uint8_t *data, size_t len);

/* The last two in one line each. */
void command_text(char *out, size_t cap, const struct command *cmd);
void answer_text(char *out, size_t cap, const struct command *cmd, const struct answer *answer);

/* The error code that an answer brings, of 0xF1C2; -1: none. */
int answer_error(const struct command *cmd, const struct answer *answer);

#endif
