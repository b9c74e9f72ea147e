/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Chips are personalized through FT260s in which one thing goes wrong, at every possible moment. */
#include "fault-world.h"

#define RUN_LIMIT_US 5000000u
#ifdef SANITIZED
#define STRIDE 7u
#else
#define STRIDE 1u
#endif

struct strike {
	const char *knob;
	unsigned last; /* there are fewer such moments in one run */
	bool survived; /* by the first try */
	const char *options;
};

static void check_first(const struct strike *s, const struct patient *p, const struct attempt *a)
{
	struct sim_info info;
	struct fail f = { 0 };

	fault_expect(p, a, a->took_us <= RUN_LIMIT_US, "it takes too long");
	if (a->err == TRUSTX_OK) {
		fault_check_chip(p, a);
		return;
	}
	fault_expect(p, a, !s->survived, "the first try fails");
	fault_expect(p, a, a->err == TRUSTX_ERR_NO_DEVICE || a->err == TRUSTX_ERR_UNKNOWN_OUTCOME,
		"not the right error");
	/* Before the first step there may be no chip yet. */
	if (sim_info(&info, p->path, &f) == TRUSTX_OK)
		fault_expect(p, a, info.key_generations[1] <= 1, "more than one key generation");
}

static void strike_once(const struct strike *s, struct patient *p, unsigned at)
{
	struct attempt first, second;

	snprintf(p->path, sizeof(p->path), "%s-%u.sim", s->knob, at);
	snprintf(p->state, sizeof(p->state), "state-%s-%u", s->knob, at);
	snprintf(p->sound, sizeof(p->sound), "ft260:?via=sim&path=%s,seed=%u%s", p->path, at,
		s->options);
	snprintf(p->faulty, sizeof(p->faulty), "%s,%s=%u", p->sound, s->knob, at);
	fault_attempt(&first, p, p->faulty);
	check_first(s, p, &first);
	fault_attempt(&second, p, p->sound);
	fault_expect(p, &second, second.err == TRUSTX_OK, "the next run fails");
	fault_expect(p, &second, first.err != TRUSTX_OK || second.result.was_finished,
		"it was not complete");
	fault_check_chip(p, &second);
	personalize_free(&first.result);
	personalize_free(&second.result);
}

static void strike_everywhere(const struct strike *s)
{
	struct patient p = { .ca = NULL };

	for (unsigned at = 1, i = 0; at <= s->last; at += STRIDE, i++) {
		if (i % CHIPS_PER_CA == 0)
			fault_fresh(&p.ca);
		strike_once(s, &p, at);
	}
	ca_close(p.ca);
}

static void addresses_that_are_not_acknowledged_are_tried_again(void)
{
	static const struct strike s = { "nack", 20, true, "" };

	strike_everywhere(&s);
}

static void controller_that_stays_busy_is_reset(void)
{
	static const struct strike s = { "stick-busy", 280, true, "" };

	strike_everywhere(&s);
}

static void bus_that_stays_low_is_clocked_by_hand(void)
{
	static const struct strike s = { "stick-bus", 280, true, ",pin=-" };

	strike_everywhere(&s);
}

static void report_that_is_lost_is_asked_for_again(void)
{
	static const struct strike s = { "lose", 220, true, "" };

	strike_everywhere(&s);
}

static void report_that_is_cut_is_asked_for_again(void)
{
	static const struct strike s = { "cut", 220, true, "" };

	strike_everywhere(&s);
}

static void report_that_lies_about_its_length_is_asked_for_again(void)
{
	static const struct strike s = { "wrong-len", 220, true, "" };

	strike_everywhere(&s);
}

static void device_that_vanishes_leaves_a_chip_that_can_be_finished(void)
{
	static const struct strike s = { "disconnect", 1000, false, "" };

	strike_everywhere(&s);
}

int main(void)
{
	fault_enter();
	RUN(addresses_that_are_not_acknowledged_are_tried_again);
	RUN(controller_that_stays_busy_is_reset);
	RUN(bus_that_stays_low_is_clocked_by_hand);
	RUN(report_that_is_lost_is_asked_for_again);
	RUN(report_that_is_cut_is_asked_for_again);
	RUN(report_that_lies_about_its_length_is_asked_for_again);
	RUN(device_that_vanishes_leaves_a_chip_that_can_be_finished);
	return 0;
}
