/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Follow a conversation transfer by transfer: which register each one touches, which frame it
 * carries, and where its bytes belong in a command or an answer. Any bytes are accepted.
 */
#ifndef TRACE_FOLLOW_H
#define TRACE_FOLLOW_H

#include "frame.h"
#include "tracefile.h"

#define REG_DATA    0x80u
#define APDU_MAX    2048u /* header and 1553 bytes; more is not followed */
#define PCTR_CHAIN  0x07u /* IFX165 5.1 */
#define PCTR_ERROR  0x07u
#define PCTR_HEADED 0x08u /* a presentation layer header follows: IFX203 6 */

enum follow_place {
	PLACE_NONE,   /* no payload: control frame, error packet, unusable frame */
	PLACE_NEW,    /* the payload continues or begins the APDU */
	PLACE_REPEAT, /* the payload was there before */
	PLACE_STRAY,  /* the payload belongs nowhere */
};

/* The APDU as far as it has come. With headed its first byte is the SCTR. */
struct apdu {
	uint8_t data[APDU_MAX];
	size_t len;
	bool headed, whole;
};

/* One direction. */
struct follow_side {
	bool known;   /* nr is */
	bool open;    /* in the middle of a chain */
	uint8_t nr;   /* of the last frame that counted */
	size_t start; /* of its payload in apdu */
	struct apdu apdu;
};

struct follow {
	bool pointed;
	uint8_t pointer; /* register, once pointed */
	bool answered;	 /* the chip's apdu answers the host's, and is whole */
	struct follow_side host, chip;
	struct follow_side attempt; /* the host's, with a write that failed */
};

enum follow_kind {
	FOLLOW_LINE,	 /* speed, reset, power */
	FOLLOW_SELECT,	 /* only the register's address */
	FOLLOW_REGISTER, /* data is the register's content */
	FOLLOW_FRAME,	 /* data is a frame */
	FOLLOW_LOST,	 /* bytes from a register that the trace does not name */
};

struct follow_step {
	enum follow_kind kind;
	bool from_chip, failed;
	uint8_t reg;
	const uint8_t *data; /* lent from the record; NULL if it failed to be read */
	size_t len;
	struct frame frame;
	enum follow_place place;
	const struct apdu *apdu;    /* that the frame belongs to; NULL: to none. Lent from follow */
	size_t payload_at, apdu_at; /* where the payload is in data, and in the APDU */
	bool complete;		    /* the APDU of this direction is whole with this frame */
};

/* As after a reset that nobody saw. */
void follow_init(struct follow *f);

/* step borrows from rec, and from f until the next record. A failed transfer moves nothing. */
void follow_record(struct follow *f, struct follow_step *step, const struct tracefile_record *rec);

/* The APDU itself, without what the presentation layer put in front. NULL: it is protected. */
const uint8_t *follow_plain(const struct apdu *apdu, size_t *len);

#endif
