/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Data link layer: frames, their numbers, acknowledges and repetition (IFX165 3). */
#ifndef CHIP_DLINK_H
#define CHIP_DLINK_H

#include <stdbool.h>

#include "phys.h"

#define DLINK_HEAD     3u /* FCTR, LEN */
#define DLINK_OVERHEAD 5u /* and FCS */

struct dlink {
	struct phys phys;
	uint8_t sent_nr, received_nr;
	bool acked;			   /* our last data frame is acknowledged */
	bool dirty;			   /* an exchange broke off: the chip may still be at it */
	bool owing;			   /* a packet came that only the next frame acknowledges */
	uint8_t flags;			   /* enum trustx_flags */
	uint16_t sent_len, received_len;   /* packet bytes */
	uint8_t out[1 + TRUSTX_FRAME_MAX]; /* register, frame; kept until acknowledged */
	uint8_t in[TRUSTX_FRAME_MAX];
};

enum dlink_want { WANT_ACK, WANT_DATA };

/* Both sides start to count again: after a reset of the chip. */
void dlink_reset(struct dlink *dl);

/* Longest packet of a frame. */
size_t dlink_room(const struct dlink *dl);

/* Where the next packet is put together; then dlink_send. */
uint8_t *dlink_packet(struct dlink *dl);
TRUSTX_MUST_CHECK enum trustx_err dlink_send(struct dlink *dl, size_t len);

/*
 * After pause_us, wait until the frame sent is acknowledged or, also with WANT_ACK, a packet came:
 * dlink_received. TRUSTX_ERR_UNKNOWN_OUTCOME: the exchange is lost, both sides count again.
 */
TRUSTX_MUST_CHECK enum trustx_err dlink_wait(
	struct dlink *dl, enum dlink_want want, uint32_t pause_us);

/*
 * The packet that dlink_wait got, checked; acknowledged unless TRUSTX_ACK_LATER lets that wait.
 * *len 0: none.
 */
const uint8_t *dlink_received(const struct dlink *dl, size_t *len);

/* An exchange broke off: before the next one dlink_settle waits until the chip has done with it. */
void dlink_spoil(struct dlink *dl);
TRUSTX_MUST_CHECK enum trustx_err dlink_settle(struct dlink *dl);

/* Note which layer raised err; returns err. */
enum trustx_err dlink_fail(struct dlink *dl, enum trustx_layer layer, enum trustx_err err);

#endif
