/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "command.h"

#define RANDOM_MIN 8
#define RANDOM_MAX 256

/* Both generators of the chip are the same one here. */
enum code command_random(struct call *c)
{
	uint8_t out[RANDOM_MAX];
	uint16_t len = reader_u16(&c->in);

	if (c->param > 0x01)
		return CODE_PARAM;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	if (len < RANDOM_MIN || len > RANDOM_MAX)
		return CODE_DATA;
	if (rng_bytes(&c->nvm->rng, out, len) != TRUSTX_OK)
		return CODE_INTERNAL;
	writer_bytes(&c->out, out, len);
	c->us = command_cost(&c->nvm->profile->random, len);
	return CODE_OK;
}
