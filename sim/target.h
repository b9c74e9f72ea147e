/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where a command puts a secret that it made: into its answer or into a session. */
#ifndef SIM_TARGET_H
#define SIM_TARGET_H

#include "command.h"

struct target {
	bool exports;
	uint16_t oid; /* of the session */
	struct object *session;
};

/* The last element of the input. */
enum code target_parse(struct target *t, struct call *c);

enum code target_find(struct target *t, struct call *c);

/* A session loses what it had. */
void target_put(const struct target *t, struct call *c, const uint8_t *secret, size_t len);

#endif
