/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

static const uint8_t aid[16] = { 0xD2, 0x76, 0x00, 0x00, 0x04, 'G', 'e', 'n', 'A', 'u', 't', 'h',
	'A', 'p', 'p', 'l' };

/* The codes for a wrong name, and for a chip at its end of life, are not published. */
enum code command_open(struct call *c)
{
	if (nvm_byte(c->nvm, OID_LCSG) == LCS_TERMINATION)
		return CODE_CLOSED;
	if (c->param != 0)
		return CODE_PARAM;
	if (reader_left(&c->in) != sizeof(aid))
		return CODE_LENGTH;
	if (memcmp(reader_bytes(&c->in, sizeof(aid)), aid, sizeof(aid)) != 0)
		return CODE_DATA;
	c->us = c->nvm->profile->open;
	c->opens = true;
	return CODE_OK;
}
