/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The flow personalize on simulated chips. */
#ifndef BENCH_DEVICE_H
#define BENCH_DEVICE_H

#include "ca.h"
#include "ops.h"

/* A local CA in the working folder, for the others; ended by ca_close. */
TRUSTX_MUST_CHECK enum trustx_err device_init(struct ca **ca);

/* The mean of r; m: what the last run did. */
TRUSTX_MUST_CHECK enum trustx_err device_personalize(
	struct result *r, struct meter *m, struct ca *ca, const struct conditions *c);

/* Simulated personalizations in a second of this computer, one after the other. */
TRUSTX_MUST_CHECK enum trustx_err device_throughput(double *per_second, struct ca *ca);

#endif
