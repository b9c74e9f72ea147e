/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the checks of doctor.c share: one walk through the layers. */
#ifndef FLOW_WALK_H
#define FLOW_WALK_H

#include "bus.h"
#include "doctor.h"

/* Where a device leads to, under trace: and fault:. */
enum walk_kind { WALK_I2C, WALK_FT260, WALK_SOCKET, WALK_TCP, WALK_FILE, WALK_OTHER };

struct walk {
	struct doctor *d;
	const struct doctor_options *opt;
	enum cause_layer layer; /* that is being checked */
	enum walk_kind kind;
	char node[256];		       /* file of the device; "" none, or not known */
	struct trustx_bus_found found; /* of the system's list; zeroed: not in it */
	enum trustx_err opened;	       /* of the bus */
	struct fail open_fail;
	struct trustx_bus bus;
	uint32_t state; /* I2C_STATE */
	struct trustx se;
};

/* Each sets the result of the layer being checked. */
void walk_ok(struct walk *w, const char *fmt, ...) FAIL_PRINTF(2, 3);
void walk_skip(struct walk *w, const char *fmt, ...) FAIL_PRINTF(2, 3);
/* A later layer knows the cause. */
void walk_fault(struct walk *w, const char *fmt, ...) FAIL_PRINTF(2, 3);
/* The walk ends here. */
void walk_found(struct walk *w, const char *cause, const char *fmt, ...) FAIL_PRINTF(3, 4);
/* The same, where other words than those of the walk belong into the command. */
void walk_found_words(struct walk *w, const char *cause, const struct cause_words *words,
	const char *fmt, ...) FAIL_PRINTF(4, 5);

/* walk-host.c: what this computer says, without the bus. */
void walk_device(struct walk *w);
void walk_node(struct walk *w);
void walk_driver(struct walk *w);
/* Clock of the adapter as the system has set it, 0 if it does not say. */
uint32_t walk_adapter_hz(const struct walk *w);

/* walk-rights-*.c: who may use the device, the way of this system. */
void walk_words(const struct walk *w, struct cause_words *words); /* lent by the system */
void walk_permission(struct walk *w);
void walk_group(struct walk *w);

/* walk-chip.c: what answers. */
void walk_lock(struct walk *w);
void walk_lines(struct walk *w);
void walk_address(struct walk *w);
void walk_state(struct walk *w);
void walk_negotiation(struct walk *w);
void walk_application(struct walk *w);
void walk_uid(struct walk *w);
void walk_life_cycle(struct walk *w);
void walk_frames(struct walk *w);
void walk_sec(struct walk *w);

#endif
