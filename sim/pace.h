/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* From the microseconds of a profile to nanoseconds of the bus's clock: scale and jitter. */
#ifndef SIM_PACE_H
#define SIM_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define NEVER	  UINT64_MAX
#define NS_PER_US 1000u
#define NS_PER_MS 1000000u

struct pace {
	uint32_t scale_milli;
	bool has_jitter;
	uint64_t jitter;   /* state of the generator */
	uint64_t drawn_ns; /* all execution times so far */
};

uint64_t pace_scaled(const struct pace *p, uint32_t us);

/* A timer of the protocol, which hosts rely on: not scaled, but gone with scale 0. */
uint64_t pace_timer(const struct pace *p, uint32_t us);

/* As pace_scaled, multiplied by a draw between 0.7 and 1.5 where jitter is wanted. */
uint64_t pace_execution(struct pace *p, uint32_t us);

#endif
