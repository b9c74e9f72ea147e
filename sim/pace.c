/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "pace.h"

uint64_t pace_scaled(const struct pace *p, uint32_t us)
{
	return (uint64_t)us * p->scale_milli;
}

uint64_t pace_timer(const struct pace *p, uint32_t us)
{
	return p->scale_milli == 0 ? 0 : (uint64_t)us * NS_PER_US;
}

/* splitmix64 (Steele, Lea, Flood 2014): one addition, two multiplications, any seed will do. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint64_t pace_execution(struct pace *p, uint32_t us)
{
	uint64_t ns = pace_scaled(p, us);

	if (p->has_jitter)
		ns = ns / 1000 * (700 + next_random(&p->jitter) % 801);
	p->drawn_ns += ns;
	return ns;
}
