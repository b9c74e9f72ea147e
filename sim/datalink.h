/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Frames, sequence numbers, acknowledgements: the link layer from the chip's side.
 * The DATA register shows one frame: a control frame that waits, else the data frame on offer.
 */
#ifndef SIM_DATALINK_H
#define SIM_DATALINK_H

#include "transport.h"

#define DATALINK_FRAME_MAX 277
#define DATALINK_OVERHEAD  5

struct datalink {
	struct transport *transport;
	const struct pace *pace;
	const struct profile *profile;
	size_t frame_max; /* what DATA_REG_LEN says */
	uint8_t sent_nr, received_nr;
	uint8_t control;   /* the control frame on offer; 0: none */
	bool on_offer;	   /* the data frame is */
	size_t packet_len; /* of the data frame not acknowledged yet; 0: none */
	uint8_t packet[DATALINK_FRAME_MAX];
	unsigned repeats;
	uint64_t resend_at, ack_at;
};

void datalink_reset(struct datalink *l); /* and all that it stands on */
void datalink_receive(struct datalink *l, const uint8_t *frame, size_t len, uint64_t now);

/* The frame on offer into out; 0: none. */
size_t datalink_peek(const struct datalink *l, uint8_t out[static DATALINK_FRAME_MAX]);
size_t datalink_peek_len(const struct datalink *l);

/* It was read to its end. */
void datalink_fetched(struct datalink *l, uint64_t now);

uint64_t datalink_due(const struct datalink *l);
void datalink_fire(struct datalink *l, uint64_t now);

bool datalink_is_busy(const struct datalink *l); /* a command runs */

/* Something runs, waits to be read or to be acknowledged. */
bool datalink_is_pending(const struct datalink *l);

#endif
