/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The flow personalize on simulated chips. */
#ifndef BENCH_DEVICE_H
#define BENCH_DEVICE_H

#include "ops.h"

/* A local CA in the working folder, for device_personalize. */
TRUSTX_MUST_CHECK enum trustx_err device_init(void);
void device_done(void);

/* The mean of r; m: what the last run did. */
TRUSTX_MUST_CHECK enum trustx_err device_personalize(
	struct result *r, struct meter *m, const struct conditions *c);

/* Simulated personalizations in a second of this computer, one after the other. */
TRUSTX_MUST_CHECK enum trustx_err device_throughput(double *per_second);

#endif
