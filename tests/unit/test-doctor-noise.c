/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Whatever happens on a bus: the doctor ends, in one cause with one remedy, or finds nothing. */
#include "doctor.h"
#include "scan.h"
#include "test.h"

#define SEEDS 150

static const char *const kinds[] = { "nak", "flip", "lost", "short", "delay", "wake", "dup",
	"state", "stuck", "hang", "power" };

static void must_be_whole(const struct doctor *d)
{
	for (unsigned i = 0; i < LAYER_COUNT; i++)
		CHECK(d->layers[i].text[0] != '\0');
	if (d->cause == NULL) {
		CHECK_INT(d->layers[LAYER_CLOCK].state, DOCTOR_OK);
		CHECK(d->has_uid);
		return;
	}
	CHECK(d->err != TRUSTX_OK && d->why[0] != '\0' && d->command[0] != '\0');
	/* Not the computer's fault: that is sound. */
	CHECK(d->cause->layer >= LAYER_LINES && d->cause->layer < LAYER_CLOCK);
	for (unsigned i = 0; i < LAYER_LINES; i++)
		CHECK(d->layers[i].state != DOCTOR_FAULT);
}

static void examine(struct doctor *d, const char *uri)
{
	const struct doctor_options opt = { .uri = uri };
	struct fail f;

	CHECK_OK(doctor_run(d, &opt, &f));
	must_be_whole(d);
}

static void faults_of_every_kind_have_a_cause(void)
{
	struct doctor d;
	char uri[120];

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (unsigned seed = 0; seed < SEEDS / 10; seed++) {
			snprintf(uri, sizeof(uri), "fault:seed=%u,%s=%s:sim:noise.img", seed,
				kinds[k],
				seed % 3 == 0	? "0.01"
				: seed % 3 == 1 ? "0.3"
						: "1");
			examine(&d, uri);
		}
}

static void mixed_faults_have_a_cause(void)
{
	unsigned healthy = 0;
	struct doctor d;
	char uri[120];

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		snprintf(uri, sizeof(uri), "fault:seed=%u,rate=%s,mix=%s:sim:noise.img", seed,
			seed % 2 ? "0.02" : "0.2", seed % 3 ? "recoverable" : "all");
		examine(&d, uri);
		healthy += d.cause == NULL;
	}
	CHECK(healthy > 0 && healthy < SEEDS);
}

/* A few faults that everybody gets over are no reason to call a doctor. */
static void recoverable_faults_are_no_cause(void)
{
	struct doctor d;
	char uri[120];

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		snprintf(uri, sizeof(uri), "fault:seed=%u,rate=0.002,mix=recoverable:sim:noise.img",
			seed);
		examine(&d, uri);
		if (d.cause != NULL)
			test_str(__FILE__, __LINE__, uri, d.why, "healthy");
	}
}

static void scan_finds_the_chip_or_says_why_not(void)
{
	struct scan s;
	struct fail f;
	char uri[120];

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		snprintf(uri, sizeof(uri), "fault:seed=%u,rate=0.2,mix=all:sim:noise.img", seed);
		CHECK_OK(scan_list(&s, uri, SCAN_OPTION, &f));
		CHECK_INT(s.count, 1);
		scan_look(&s.at[0]);
		scan_addresses(&s.at[0]);
		CHECK((s.at[0].state == SCAN_CHIP) == (s.at[0].text[0] == '\0'));
		scan_free(&s);
	}
}

int main(void)
{
	RUN(faults_of_every_kind_have_a_cause);
	RUN(mixed_faults_have_a_cause);
	RUN(recoverable_faults_are_no_cause);
	RUN(scan_finds_the_chip_or_says_why_not);
	return 0;
}
