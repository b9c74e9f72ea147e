/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Is there a chip of the family? By reads of its bus and its state register; nothing is reset. */
#ifndef FLOW_PROBE_H
#define FLOW_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "trustx.h"

/*
 * Read I2C_STATE at bus->addr. A chip that sleeps or works does not acknowledge for up to 100 ms.
 * TRUSTX_ERR_NACK: nobody did for so long; else what the bus says.
 */
TRUSTX_MUST_CHECK enum trustx_err probe_state(uint32_t *state, const struct trustx_bus *bus);

bool probe_is_optiga(uint32_t state); /* can a chip of the family say this? */
bool probe_is_busy(uint32_t state);
enum trustx_family probe_family(uint32_t state);

/*
 * Does anybody acknowledge a read of one byte at addr? Asked for a few milliseconds: a chip that
 * sleeps misses the first. Errors of the bus other than TRUSTX_ERR_NACK.
 */
TRUSTX_MUST_CHECK enum trustx_err probe_address(
	bool *answers, const struct trustx_bus *bus, uint8_t addr);

#endif
