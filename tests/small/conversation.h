/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What a host says to a chip and what it hears, transfer by transfer, and the calls that make it
 * say so: recorded from the simulator by record.c, played to the library by play.c.
 */
#ifndef SMALL_CONVERSATION_H
#define SMALL_CONVERSATION_H

#include <stddef.h>

#include "trustx.h"

enum transfer_kind { TRANSFER_WRITE, TRANSFER_READ, TRANSFER_SPEED };

struct transfer {
	uint8_t kind; /* enum transfer_kind */
	uint8_t nack; /* the address was not acknowledged */
	uint16_t len; /* bytes */
	uint32_t at;  /* where they are in the conversation's bytes; Hz for TRANSFER_SPEED */
	uint32_t now; /* bus time afterwards, in us */
};

/* All calls in their order; digest is of everything that they returned. */
TRUSTX_MUST_CHECK enum trustx_err conversation_hold(
	const struct trustx_bus *bus, uint16_t frame_size, uint32_t *digest);

#endif
