/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "command.h"
#include "hibernate.h"

#define CLOSE	  0x00
#define HIBERNATE 0x01

#define HIBERNATE_CYCLES 5 /* as the manual of Trust M says */

static enum code hibernate(struct call *c)
{
	uint8_t handle[HANDLE_LEN];

	if (nvm_byte(c->nvm, OID_SEC) != 0)
		return CODE_SEQUENCE;
	if (rng_bytes(&c->nvm->rng, handle, sizeof(handle)) != TRUSTX_OK)
		return CODE_INTERNAL;
	change_begin(&c->change, nvm_find(c->nvm, OID_HIBERNATED));
	c->change.cycles = HIBERNATE_CYCLES;
	hibernate_save(c->change.after.data, c->nvm, handle);
	writer_bytes(&c->out, handle, sizeof(handle));
	return CODE_OK;
}

enum code command_close(struct call *c)
{
	if (c->param != CLOSE && c->param != HIBERNATE)
		return CODE_PARAM;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	c->us = c->nvm->profile->metadata;
	c->outcome = OUTCOME_CLOSE;
	return c->param == HIBERNATE ? hibernate(c) : CODE_OK;
}
