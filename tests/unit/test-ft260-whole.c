/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Whole devices through an FT260, at every pace: reports hold 60 bytes, frames end before and behind. */
#include "fault-world.h"

static void personalize_through(struct ca *ca, const char *options)
{
	struct patient p = { .ca = ca };
	struct attempt a;

	fault_empty("state");
	(void)unlink("whole.sim");
	snprintf(p.path, sizeof(p.path), "whole.sim");
	snprintf(p.state, sizeof(p.state), "state");
	snprintf(p.faulty, sizeof(p.faulty), "ft260:?via=sim&path=whole.sim%s", options);
	fault_attempt(&a, &p, p.faulty);
	fault_expect(&p, &a, a.err == TRUSTX_OK && a.result.made_key, "not personalized");
	fault_check_chip(&p, &a);
	personalize_free(&a.result);
}

static void every_clock_and_frame_size_carries_a_device(void)
{
	static const unsigned speeds[] = { 60000, 100000, 399000, 400000, 1000000 };
	static const unsigned frames[] = { 16, 55, 59, 60, 61, 119, 120, 179, 239, 240, 277 };
	struct ca *ca = NULL;
	char options[80];

	fault_fresh(&ca);
	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		for (size_t k = 0; k < sizeof(frames) / sizeof(frames[0]); k++) {
			snprintf(options, sizeof(options), ",seed=%zu&speed=%u&frame=%u",
				16 * i + k, speeds[i], frames[k]);
			personalize_through(ca, options);
		}
	ca_close(ca);
}

static void every_way_to_reset_carries_a_device(void)
{
	static const char *const ways[] = { "", ",pin=D&reset=D", ",pin=D,mode=i2c&reset=D",
		",uart=1,pin=B&reset=B", ",uart=2", ",pin=-&reset=none",
		/* the board's line is another one than is believed */ ",pin=-", ",pin=C&reset=G" };
	struct ca *ca = NULL;

	fault_fresh(&ca);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		personalize_through(ca, ways[i]);
	ca_close(ca);
}

static void slower_and_faster_chips_are_waited_for(void)
{
	static const char *const chips[] = { ",scale=3", ",scale=0.333", ",scale=0", ",jitter=7" };
	struct ca *ca = NULL;

	fault_fresh(&ca);
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		personalize_through(ca, chips[i]);
	ca_close(ca);
}

int main(void)
{
	fault_enter();
	RUN(every_clock_and_frame_size_carries_a_device);
	RUN(every_way_to_reset_carries_a_device);
	RUN(slower_and_faster_chips_are_waited_for);
	return 0;
}
