/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Frames of the data link layer: IFX165 3. */
#ifndef TRACE_FRAME_H
#define TRACE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEAD 3u /* FCTR, LEN */
#define FRAME_FCS  2u

enum frame_seq { FRAME_ACK, FRAME_NAK, FRAME_RESYNC };

struct frame {
	bool shaped; /* FCTR is in use and LEN fits the bytes; the rest holds only then */
	bool fcs_ok;
	bool control;
	enum frame_seq seq;
	uint8_t nr, acknr;
	const uint8_t *packet; /* lent from the frame; NULL in a control frame */
	size_t len;
};

uint16_t frame_fcs(const uint8_t *data, size_t len);

/* data must outlive frame. Returns whether the frame can be trusted: shaped, FCS right. */
bool frame_decode(struct frame *frame, const uint8_t *data, size_t len);

#endif
