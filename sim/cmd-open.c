/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"
#include "hibernate.h"

#define CLEAN	0x00
#define RESTORE 0x01

static const uint8_t aid[16] = { 0xD2, 0x76, 0x00, 0x00, 0x04, 'G', 'e', 'n', 'A', 'u', 't', 'h',
	'A', 'p', 'p', 'l' };

/* The sleeping application is gone afterwards, even when the handle is another one's. */
static enum code restore(struct call *c)
{
	struct object *o = nvm_find(c->nvm, OID_HIBERNATED);
	bool fits = hibernate_fits(o->data, reader_bytes(&c->in, HANDLE_LEN));

	if (!o->data[0])
		return CODE_DATA;
	change_begin(&c->change, o);
	memset(c->change.after.data, 0, HIBERNATED_MAX);
	c->keeps_change = true;
	c->outcome = OUTCOME_RESTORE;
	return fits ? CODE_OK : CODE_DATA;
}

/* The codes for a wrong name or handle, and for a chip at its end of life, are not published. */
enum code command_open(struct call *c)
{
	bool restores = command_on_trust_m(c) && c->param == RESTORE;

	if (nvm_byte(c->nvm, OID_LCSG) == LCS_TERMINATION)
		return CODE_CLOSED;
	if (c->param != CLEAN && !restores)
		return CODE_PARAM;
	if (reader_left(&c->in) != sizeof(aid) + (restores ? HANDLE_LEN : 0))
		return CODE_LENGTH;
	if (memcmp(reader_bytes(&c->in, sizeof(aid)), aid, sizeof(aid)) != 0)
		return CODE_DATA;
	c->us = c->nvm->profile->open;
	c->outcome = OUTCOME_OPEN;
	return restores ? restore(c) : CODE_OK;
}
