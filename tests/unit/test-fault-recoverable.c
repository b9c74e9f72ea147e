/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fault-world.h"

/* A call ends within 20 s; a run makes more than one that takes long, but not many. */
#define LIMIT_US 90000000u

static void one_fault_in_a_thousand_transfers_is_hardly_noticed(void)
{
	static const struct campaign c = { .faults = "rate=0.001,mix=recoverable",
		.options = "",
		.part = 1,
		.first_seed = 1,
		.success_permille = 990,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

static void one_fault_in_a_hundred_transfers_is_usually_survived(void)
{
	static const struct campaign c = { .faults = "rate=0.01,mix=recoverable",
		.options = "",
		.part = 1,
		.first_seed = 1,
		.success_permille = 900,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

static void short_frames_do_no_harm(void)
{
	static const struct campaign c = { .faults = "rate=0.01,mix=recoverable",
		.options = "&frame=55&jitter=1",
		.part = 10,
		.first_seed = 20001,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

static void many_faults_do_no_harm(void)
{
	static const struct campaign c = { .faults = "rate=0.1,mix=recoverable",
		.options = "&jitter=1",
		.part = 10,
		.first_seed = 30001,
		.limit_us = LIMIT_US };

	fault_campaign(&c);
}

int main(void)
{
	fault_enter();
	RUN(one_fault_in_a_thousand_transfers_is_hardly_noticed);
	RUN(one_fault_in_a_hundred_transfers_is_usually_survived);
	RUN(short_frames_do_no_harm);
	RUN(many_faults_do_no_harm);
	return 0;
}
