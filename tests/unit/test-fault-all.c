/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fault-world.h"

/* A call ends within 20 s; a run makes more than one that takes long, but not many. */
#define LIMIT_US 90000000u

static void any_fault_leaves_a_chip_that_can_be_finished(void)
{
	static const struct campaign c = { .faults = "rate=0.01,mix=all",
		.options = "",
		.part = 1,
		.first_seed = 1,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

static void so_it_does_with_short_frames(void)
{
	static const struct campaign c = { .faults = "rate=0.003,mix=all",
		.options = "&frame=55&jitter=1",
		.part = 5,
		.first_seed = 20001,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

static void a_power_cut_anywhere_does(void)
{
	static const struct campaign c = { .faults = "power=0.005",
		.options = "&jitter=1",
		.part = 5,
		.first_seed = 30001,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

int main(void)
{
	fault_enter();
	RUN(any_fault_leaves_a_chip_that_can_be_finished);
	RUN(so_it_does_with_short_frames);
	RUN(a_power_cut_anywhere_does);
	return 0;
}
