/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Application layer: header and TLVs of commands, status and length of answers (SRM "Commands"). */
#ifndef CHIP_APDU_H
#define CHIP_APDU_H

#include "handle.h"
#include "trans.h"

enum command {
	CMD_READ = 0x01,
	CMD_WRITE = 0x02,
	CMD_RANDOM = 0x0C,
	CMD_SCHEME = 0x10,
	CMD_PROOF = 0x18,
	CMD_CHALLENGE = 0x19,
	CMD_HASH = 0x30,
	CMD_SIGN = 0x31,
	CMD_VERIFY = 0x32,
	CMD_SECRET = 0x33,
	CMD_DERIVE = 0x34,
	CMD_GENERATE = 0x38,
	CMD_OPEN = 0x70,
	CMD_CLOSE = 0x71,
};

#define PARAM_DATA     0x00u
#define PARAM_METADATA 0x01u
#define PARAM_COUNT    0x02u
#define PARAM_ERASE    0x40u
#define PARAM_ECDSA    0x11u

#define APDU_HEAD	4u
#define APDU_PREFIX_MAX 6u
#define APDU_SIZE_MIN	272u /* VerifySign with P-384 and 256 bytes of an object fit */

/* A command being put together, and its answer. */
struct apdu {
	struct trans_call call;
	uint8_t own[28]; /* bytes of the command that are not the caller's */
	uint8_t own_len;
	bool once; /* it changes what it starts from: never repeated, whatever the table says */
	uint8_t head[APDU_HEAD + APDU_PREFIX_MAX]; /* of the answer, with its TLV prefix */
	size_t len;				   /* bytes of the answer after the prefix */
};

/* What the error detail will name. */
void apdu_note(struct handle *h, enum command cmd, unsigned param, uint16_t oid);

/* Begin a command of h, and note it. No answer data is expected so far. */
void apdu_begin(struct handle *h, struct apdu *a, enum command cmd, unsigned param, uint16_t oid);
void apdu_u8(struct apdu *a, unsigned value);
void apdu_u16(struct apdu *a, size_t value);
void apdu_tlv(struct apdu *a, unsigned tag, size_t len);
void apdu_data(struct apdu *a, const uint8_t *data, size_t len); /* borrowed until apdu_run */

/* A TLV with a value of two bytes, mostly an OID, or of data. */
void apdu_word(struct apdu *a, unsigned tag, size_t value);
void apdu_value(struct apdu *a, unsigned tag, const uint8_t *data, size_t len);

/* Curve and BIT STRING of a public key; borrowed until apdu_run. */
void apdu_public_key(struct apdu *a, const struct trustx_public_key *key);

/* Where the secret that the chip makes goes: into a session, or out (0). */
void apdu_target(struct apdu *a, uint16_t session);

/* Where the answer goes, after a prefix of that many bytes that is left in a->head. */
void apdu_answer(struct apdu *a, size_t prefix, uint8_t *data, size_t cap);

/* Reset the chip, agree on clock and frame size, at most those of phys, open the application. */
TRUSTX_MUST_CHECK enum trustx_err apdu_open(struct handle *h);

/*
 * Send it and take the answer. A chip that was reset behind our back is opened again.
 * TRUSTX_ERR_PROTOCOL also if the answer is shorter than its prefix or longer than the room for it.
 */
TRUSTX_MUST_CHECK enum trustx_err apdu_run(struct handle *h, struct apdu *a);

/* The same, and a shorter answer is malformed. */
TRUSTX_MUST_CHECK enum trustx_err apdu_run_exact(struct handle *h, struct apdu *a);

/*
 * Most bytes behind the header of a command or answer. The chip is asked, once, when len bytes of
 * an object are more than every chip takes at a time.
 */
TRUSTX_MUST_CHECK enum trustx_err apdu_room(struct handle *h, size_t *room, size_t len);

/* The answer is malformed: a protocol error, or the outcome is unknown if a must not repeat. */
enum trustx_err apdu_malformed(struct handle *h, const struct apdu *a);

#endif
