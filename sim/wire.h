/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The pins of the chip: power, reset line, address, registers. Everything that time brings about
 * in the chip happens through wire_advance, in the order of time.
 */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include "datalink.h"

struct wire {
	struct nvm *nvm;
	struct applet *applet;
	struct datalink *link;
	struct secmon *secmon;
	const struct pace *pace;
	uint64_t check_ns; /* how long a received frame is checked */
	bool powered, released;
	uint8_t address, mode; /* in use; the persistent ones are in memory */
	uint8_t reg;
	uint64_t ready_at; /* start-up, wake-up or a check ends */
	uint64_t guard_until;
	uint64_t active_at; /* the sleep delay counts from here */
	uint32_t guard_violations;
};

/* One half of a transaction: START, address; then bytes; then STOP. */
struct access {
	uint64_t start, addressed, stop; /* START, address acknowledged or not, STOP */
	uint8_t address;
	uint32_t hz;
};

void wire_set_power(struct wire *w, bool on, uint64_t now);
void wire_set_reset(struct wire *w, bool released, uint64_t now);
void wire_advance(struct wire *w, uint64_t now);

/* Is the address acknowledged? */
bool wire_select(struct wire *w, const struct access *a);

/* The chip was selected, and got bytes by a->stop. */
void wire_write(struct wire *w, const struct access *a, const uint8_t *data, size_t len);

/* It was selected for reading: what it gives, FF follows. By a->stop len bytes were taken. */
size_t wire_value(const struct wire *w, uint8_t out[static DATALINK_FRAME_MAX]);
void wire_read(struct wire *w, const struct access *a, size_t len, size_t have);

#endif
