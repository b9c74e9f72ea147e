/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What differs between the chips of the family: a Trust M has a presentation layer (I2C Protocol
 * Specification v2.03, 6), used here only to say that nothing is protected.
 */
#ifndef CHIP_FAMILY_H
#define CHIP_FAMILY_H

#include "trans.h"

#define STATE_PRESENT_LAYER (1u << 23)

#define PCTR_PRESENCE 0x08u
#define SCTR_PLAIN    0x20u /* record exchange, neither direction protected */

/* Notes the family that state tells, which lasts: the unexpected one must be read twice. */
static inline bool family_is_known(struct phys *ph, uint32_t state)
{
	const uint8_t told = (state & STATE_PRESENT_LAYER) != 0 ? TRUSTX_FAMILY_M : TRUSTX_FAMILY_X;
	const bool known = state != 0 && told == ph->family;

	if (state != 0)
		ph->family = told;
	return known;
}

/* The message is SCTR and the command. */
static inline void family_wrap(const struct dlink *dl, struct trans_call *call)
{
	static const uint8_t sctr = SCTR_PLAIN;

	if (dl->phys.family != TRUSTX_FAMILY_M)
		return;
	for (size_t i = call->count++; i > 0; i--)
		call->in[i] = call->in[i - 1];
	call->in[0] = (struct trans_piece){ &sctr, 1 };
}

/* The command as it was: it may be exchanged again. */
static inline void family_bare(const struct dlink *dl, struct trans_call *call)
{
	if (dl->phys.family != TRUSTX_FAMILY_M)
		return;
	call->count--;
	for (size_t i = 0; i < call->count; i++)
		call->in[i] = call->in[i + 1];
}

static inline unsigned family_pctr(const struct dlink *dl, unsigned chain)
{
	return dl->phys.family == TRUSTX_FAMILY_M ? chain | PCTR_PRESENCE : chain;
}

static inline uint8_t family_chain(const struct dlink *dl, uint8_t pctr)
{
	if (dl->phys.family != TRUSTX_FAMILY_M)
		return pctr;
	return (uint8_t)(pctr & ~PCTR_PRESENCE);
}

/* The first packet of an answer: take off SCTR; false: it is none that was asked for. */
static inline bool family_unwrap(const uint8_t **packet, size_t *len)
{
	if (((*packet)[0] & PCTR_PRESENCE) == 0)
		return true;
	if (*len < 2 || (*packet)[1] != SCTR_PLAIN)
		return false;
	++*packet;
	--*len;
	return true;
}

#endif
