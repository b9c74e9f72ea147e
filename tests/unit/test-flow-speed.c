/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "personalize.h"

#include <time.h>

#include "flow-world.h"

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED 1
#endif
#endif

/* An instrumented program is several times slower: it is held to a tenth of the chips. */
#ifdef INSTRUMENTED
#define CHIPS 100u
#else
#define CHIPS 1000u
#endif
#define LIMIT_S 30.0

static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static double seconds(clockid_t clock)
{
	struct timespec t;

	CHECK(clock_gettime(clock, &t) == 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double personalize_one(unsigned number, struct issuer *issuer)
{
	struct personalize_options options = { .subject = { .text = TEST_SUBJECT },
		.issuer = issuer };
	struct personalize_result result;
	struct world w;
	struct fail f = { 0 };
	double simulated;

	world_new(&w, number, "");
	MUST(personalize_run(&result, &w.dev, &one, &options, &f), f);
	CHECK(result.made_key && result.key.proved && result.chain_checked);
	personalize_free(&result);
	simulated = (double)trustx_now_us(&w.dev.se) / 1e6;
	world_free(&w);
	return simulated;
}

static void many_chips_take_seconds(void)
{
	double wall, cpu, simulated = 0;
	struct issuer issuer;
	struct ca *ca;
	struct fail f = { 0 };

	MUST(ca_open(&ca, CA_DIR, NULL, &f), f);
	MUST(issuer_init(&issuer, "ca:" CA_DIR, NULL, ca, &f), f);
	wall = seconds(CLOCK_MONOTONIC);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	for (unsigned i = 0; i < CHIPS; i++)
		simulated += personalize_one(i, &issuer);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("    %u chips: %.2f s of one core, %.2f s wall, %.3f s simulated for each\n", CHIPS,
		cpu, wall, simulated / CHIPS);
	CHECK(cpu < LIMIT_S);
	issuer_free(&issuer);
	ca_close(ca);
}

int main(void)
{
	world_init();
	RUN(many_chips_take_seconds);
	return 0;
}
