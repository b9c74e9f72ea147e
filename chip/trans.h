/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Transport layer: one command and its answer, cut into packets and streamed (IFX165 5). */
#ifndef CHIP_TRANS_H
#define CHIP_TRANS_H

#include "dlink.h"

#define TRANS_PIECES 8u

struct trans_piece {
	const uint8_t *data;
	size_t len;
};

struct trans_call {
	struct trans_piece in[TRANS_PIECES]; /* the command, gathered */
	size_t count;
	uint8_t *head; /* the answer's first head_len bytes go here, */
	size_t head_len;
	uint8_t *data; /* the next cap bytes here; what follows is dropped */
	size_t cap;
	size_t len;	   /* bytes of the answer, dropped ones included */
	uint32_t pause_us; /* when the answer can be there at the earliest */
	bool repeatable;   /* may be executed twice */
};

size_t trans_len(const struct trans_call *call); /* bytes of the command */

/* TRUSTX_ERR_UNKNOWN_OUTCOME: it may have been executed and must not be repeated. */
TRUSTX_MUST_CHECK enum trustx_err trans_exchange(struct dlink *dl, struct trans_call *call);

#endif
