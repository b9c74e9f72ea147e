/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The security monitor: uses of a private key cost credit, then slow the chip down. */
#ifndef SIM_SECMON_H
#define SIM_SECMON_H

#include "nvm.h"

#define SECMON_TICK_NS 5000000000u

struct secmon {
	struct nvm *nvm; /* holds the security event counter */
	uint8_t credit;
	uint64_t tick_at;
};

void secmon_reset(struct secmon *s, uint64_t now);
void secmon_fire(struct secmon *s, uint64_t now); /* when tick_at has come */

/* How long the next event waits. */
uint64_t secmon_delay(const struct secmon *s);

/* A private key is used, which *count counts. TRUSTX_ERR_FILE: nothing changed. */
TRUSTX_MUST_CHECK enum trustx_err secmon_event(struct secmon *s, uint32_t *count);

#endif
