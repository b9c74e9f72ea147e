/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A bus in whose waits something else is done: while the chip computes, the computer need not wait. */
#ifndef FLOW_IDLE_H
#define FLOW_IDLE_H

#include "trustx.h"

struct idle {
	/*
	 * Called in every wait of us microseconds, of which it may use as many, or more; 0: the
	 * clock is virtual. NULL: only wait.
	 */
	void (*run)(void *ctx, uint32_t us);
	void *ctx;

	const struct trustx_bus *below, *origin;
	struct trustx_bus bus;
	struct trustx_bus_ops ops;
};

/* A bus around below. origin: the one that was opened, whose clock it is. All are lent. */
const struct trustx_bus *idle_wrap(
	struct idle *idle, const struct trustx_bus *below, const struct trustx_bus *origin);

#endif
