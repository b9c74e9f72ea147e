/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What differs between the chips of the family, in a build for Trust X alone: nothing. */
#ifndef CHIP_FAMILY_H
#define CHIP_FAMILY_H

#include "trans.h"

static inline bool family_is_known(struct phys *ph, uint32_t state)
{
	(void)ph;
	return state != 0;
}

static inline void family_wrap(const struct dlink *dl, struct trans_call *call)
{
	(void)dl;
	(void)call;
}

static inline void family_bare(const struct dlink *dl, struct trans_call *call)
{
	(void)dl;
	(void)call;
}

static inline unsigned family_pctr(const struct dlink *dl, unsigned chain)
{
	(void)dl;
	return chain;
}

static inline uint8_t family_chain(const struct dlink *dl, uint8_t pctr)
{
	(void)dl;
	return pctr;
}

static inline bool family_unwrap(const uint8_t **packet, size_t *len)
{
	(void)packet;
	(void)len;
	return true;
}

#endif
