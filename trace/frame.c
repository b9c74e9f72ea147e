/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "frame.h"

#include "buf.h"

#include <string.h>

/* x^16 + x^12 + x^5 + 1, bit 0 first. */
#define FCS_POLYNOMIAL 0x8408u

uint16_t frame_fcs(const uint8_t *data, size_t len)
{
	unsigned fcs = 0;

	for (size_t i = 0; i < 8 * len; i++) {
		unsigned bit = (unsigned)data[i / 8] >> (i % 8) & 1;

		fcs = ((fcs ^ bit) & 1) != 0 ? fcs >> 1 ^ FCS_POLYNOMIAL : fcs >> 1;
	}
	return (uint16_t)fcs;
}

/* IFX165 table 3-1: a control frame numbers nothing, and only control frames resynchronize. */
static bool fctr_is_used(uint8_t fctr)
{
	if ((fctr & 0x80) == 0)
		return (fctr & 0x50) == 0;
	return fctr == 0xC0 || (fctr & 0x5C) == 0;
}

bool frame_decode(struct frame *frame, const uint8_t *data, size_t len)
{
	struct reader r;
	uint8_t fctr;

	memset(frame, 0, sizeof(*frame));
	reader_init(&r, data, len);
	fctr = reader_u8(&r);
	frame->len = reader_u16(&r);
	if (frame->len > 0)
		frame->packet = reader_bytes(&r, frame->len);
	frame->control = (fctr & 0x80) != 0;
	frame->seq = (enum frame_seq)(fctr >> 5 & 3);
	frame->nr = fctr >> 2 & 3;
	frame->acknr = fctr & 3;
	/* High byte first on the wire, whatever IFX165 3.3 says. */
	frame->fcs_ok = reader_u16(&r) == frame_fcs(data, len > FRAME_FCS ? len - FRAME_FCS : 0);
	frame->shaped =
		reader_done(&r) && fctr_is_used(fctr) && frame->control == (frame->len == 0);
	return frame->shaped && frame->fcs_ok;
}
