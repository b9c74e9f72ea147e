/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#include <time.h>

#define SIGN "31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E0F1"
#define VERIFY                                                                               \
	"32 11 00A2 01 000B 68656C6C6F776F726C640A 02 0046 "                                 \
	"022100A9A339368A7F9C3205CBEAB641623FEAB0783B37F43B96C1683FAAB3CFD37175"             \
	"022100E7A66D6A76888101F4543E03342E2A6E77472B0AFDFC791EACDF6B3F5D5C7752 05 0001 03 " \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285"  \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B"

static void start(struct host *h, const struct sim_options *opt)
{
	host_remove("chip");
	host_attach(h, host_open("chip", opt));
	sim_set_speed(h->sim, 400000);
	host_open_application(h);
}

/* Microseconds from the last STOP of the command to the answer being there, to the next poll. */
static double run_us(struct host *h, const char *text)
{
	uint8_t apdu[HOST_MAX], packet[HOST_MAX];
	size_t len = host_bytes(apdu, sizeof(apdu), text);
	uint64_t t;

	host_send_apdu(h, apdu, len);
	t = sim_now_ns(h->sim);
	while (host_state(h) & 0x80000000)
		continue;
	t = sim_now_ns(h->sim) - t;
	while ((packet[0] = 0, host_receive_packet(h, packet)) > 0 && packet[0] != 0 &&
		packet[0] != 4)
		continue;
	return (double)t / 1e3;
}

static void takes(struct host *h, const char *apdu, double us)
{
	double got = run_us(h, apdu);

	if (got >= us && got <= us + 450)
		return;
	fprintf(stderr, "%s took %.0f us, not %.0f\n", apdu, got, us);
	exit(1);
}

static void commands_take_the_time_of_the_profile(void)
{
	struct host h;

	start(&h, NULL);
	takes(&h, HOST_OPEN_APDU, 15000);
	takes(&h, "01 00 0002 E0C6", 4040);
	takes(&h, "01 00 0006 F1E0 0000 0064", 6000);
	takes(&h, "01 01 0002 E0E1", 4000 + 21 * 20);
	takes(&h, "02 00 000E F1D0 0000 00010203040506070809", 3000);
	takes(&h, "02 01 0009 F1D0 0000 20 03 C0 01 03", 12000);
	takes(&h, "0C 00 0002 0010", 4800);
	takes(&h, "0C 00 0002 0100", 16800);
	takes(&h, "38 03 0009 01 0002 E0F1 02 0001 10", 76000);
	takes(&h, SIGN, 57000);
	takes(&h, VERIFY, 80000);
	takes(&h, "38 04 0009 01 0002 E0F1 02 0001 10", 167200);
	takes(&h, SIGN, 125400);
	sim_close(h.sim);
}

#define POINT                                                                               \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B"
#define AGREE  "33 01 0055 01 0002 E101 05 0001 03" POINT "08 0002 E102"
#define DERIVE "34 01 0018 01 0002 E102 02 0008 0102030405060708 03 0002 0028 07 0000"

static void secrets_and_hashes_take_the_time_of_the_profile(void)
{
	struct host h;

	start(&h, NULL);
	takes(&h, "38 03 0009 01 0002 E101 02 0001 20", 76000);
	takes(&h, AGREE, 60000);
	takes(&h, DERIVE, 136000);
	takes(&h, "30 E2 0009 11 0006 F1E0 0000 01F4", 89000);
	takes(&h, "30 E2 0003 00 0000", 4000);
	takes(&h, "30 E2 0003 04 0000", 4000);
	takes(&h, "10 91 0002 E0F0", 4000);
	takes(&h, "19 01 000A 01020304050607080910", 5700);
	takes(&h, "18 02 0000", 57000);
	sim_close(h.sim);
}

static void trust_m_has_times_of_its_own(void)
{
	struct sim_options opt = { .profile = "trust-m1" };
	struct host h;

	start(&h, &opt);
	takes(&h, HOST_OPEN_APDU, 15000);
	takes(&h, "01 00 0006 F1E0 0000 0064", 14000);
	takes(&h, "02 00 000E F1D0 0000 00010203040506070809", 3800);
	takes(&h, "02 01 0009 F1D0 0000 20 03 C0 01 03", 12000);
	takes(&h, "38 03 0009 01 0002 E101 02 0001 30", 71000);
	takes(&h, AGREE, 55000);
	takes(&h, DERIVE, 46000);
	takes(&h, "38 03 0009 01 0002 E0F1 02 0001 10", 71000);
	takes(&h, SIGN, 57000);
	takes(&h, VERIFY, 80000);
	takes(&h, "30 E2 0009 11 0006 F1E0 0000 0500", 4000 + 1280 * 58);
	sim_close(h.sim);
}

static void times_are_scaled(void)
{
	struct sim_options opt = { .has_scale = true, .scale_milli = 3000 };
	struct host h;

	start(&h, &opt);
	takes(&h, "38 03 0009 01 0002 E0F1 02 0001 10", 228000);
	takes(&h, "01 00 0002 E0C6", 12120);
	sim_close(h.sim);
	opt.scale_milli = 333;
	host_attach(&h, host_open("chip", &opt));
	sim_set_speed(h.sim, 400000);
	host_open_application(&h);
	takes(&h, SIGN, 57 * 333);
	sim_close(h.sim);
}

static void without_times_the_order_stays(void)
{
	const struct sim_options opt = { .has_scale = true, .scale_milli = 0 };
	static const char *const commands[] = { "01 00 0002 E0C6",
		"38 03 0009 01 0002 E0F1 02 0001 10", SIGN, "01 00 0002 1234" };
	struct host h;

	start(&h, &opt);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		uint8_t apdu[64];
		size_t len = host_bytes(apdu, sizeof(apdu), commands[i]);

		host_send_apdu(&h, apdu, len);
		CHECK_INT(host_state(&h), 0xC8000005);
		CHECK_INT(host_state(&h), 0xC8000005);
		CHECK_INT(host_fetch(&h, apdu), 5);
		CHECK_INT(apdu[0], 0x80 | h.sent_nr);
		CHECK_INT(host_state(&h) & 0xFFFF0000, 0x48000000);
		CHECK(host_receive_packet(&h, h.data) > 4);
		CHECK_INT(host_state(&h), 0x08000000);
	}
	sim_delay(h.sim, 30000);
	CHECK_INT(sim_transfer(h.sim, 0x30, NULL, 0, NULL, 0), SIM_ADDRESS_NACK);
	CHECK_INT(sim_transfer(h.sim, 0x30, NULL, 0, NULL, 0), SIM_DONE);
	sim_close(h.sim);
}

static void an_answer_within_the_timer_carries_the_acknowledgement(void)
{
	struct host h;

	start(&h, NULL);
	CHECK_INT(h.acks, 1);
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0); /* 4 ms */
	CHECK_INT(h.acks, 0);
	CHECK_INT(host_run(&h, "01 00 0006 F1E0 0000 0064"), 0); /* 6 ms */
	CHECK_INT(h.acks, 1);
	sim_close(h.sim);
}

static void jitter_is_bounded_and_reproducible(void)
{
	struct sim_options opt = { .has_seed = true, .has_jitter = true, .jitter = 42 };
	double first[100], least = 1e9, most = 0;
	struct host h;

	for (int round = 0; round < 2; round++) {
		start(&h, &opt);
		for (int i = 0; i < 100; i++) {
			double us = run_us(&h, "38 03 0003 07 0000");

			if (round == 1)
				CHECK(us == first[i]);
			first[i] = us;
			least = us < least ? us : least;
			most = us > most ? us : most;
		}
		sim_close(h.sim);
	}
	CHECK(least >= 0.7 * 76000 && least < 0.75 * 76000);
	CHECK(most <= 1.5 * 76000 + 450 && most > 1.45 * 76000);
	opt.jitter = 43;
	start(&h, &opt);
	CHECK(run_us(&h, "38 03 0003 07 0000") != first[0]);
	sim_close(h.sim);
}

static uint64_t monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void the_real_clock_is_real(void)
{
	const struct sim_options opt = { .real_clock = true };
	uint64_t t = monotonic(), sim;
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	CHECK(!sim_is_virtual(h.sim));
	host_open_application(&h); /* 10 ms start-up, 15 ms of its own, at 100 kHz */
	CHECK(monotonic() - t >= 25000000);
	sim = sim_now_ns(h.sim);
	t = monotonic();
	sim_delay(h.sim, 10000);
	CHECK(monotonic() - t >= 10000000);
	CHECK(sim_now_ns(h.sim) - sim >= 10000000);
	t = monotonic();
	sim_transfer(h.sim, 0x31, NULL, 0, NULL, 0);
	CHECK(monotonic() - t >= 110000);
	host_yields(&h, "01 00 0002 E0C6", "0615");
	sim_close(h.sim);
}

static void the_virtual_clock_moves_by_transfers_and_delays_only(void)
{
	struct host h;
	uint64_t t;

	start(&h, NULL);
	CHECK(sim_is_virtual(h.sim));
	t = sim_now_ns(h.sim);
	usleep(2000);
	CHECK_INT(sim_now_ns(h.sim), t);
	sim_set_speed(h.sim, 100000);
	sim_set_reset(h.sim, false);
	sim_set_reset(h.sim, true);
	CHECK_INT(sim_now_ns(h.sim), t);
	sim_delay(h.sim, 7);
	CHECK_INT(sim_now_ns(h.sim), t + 7000);
	sim_delay(h.sim, 0);
	CHECK_INT(sim_now_ns(h.sim), t + 7000);
	sim_close(h.sim);
}

/* What a personalization asks of a chip. */
static void personalize(struct host *h)
{
	uint8_t apdu[8 + 800] = { 0x02, 0x40, 0x03, 0x24, 0xE0, 0xE1, 0x00, 0x00 };

	host_open_application(h);
	CHECK_INT(host_run(h, "01 00 0002 E0C2"), 0);
	CHECK_INT(host_run(h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	CHECK_INT(host_run(h, SIGN), 0);
	CHECK_INT(host_apdu(h, apdu, sizeof(apdu)), 0);
	CHECK_INT(host_run(h, "01 00 0006 E0E1 0000 0611"), 0);
	CHECK_INT(host_run(h, SIGN), 0);
}

static void a_thousand_chips_take_seconds(void)
{
	clock_t t = clock();
	double seconds;
	struct host h;

	for (int i = 0; i < 1000; i++) {
		host_remove("chip");
		host_attach(&h, host_open("chip", NULL));
		sim_set_speed(h.sim, 400000);
		personalize(&h);
		sim_close(h.sim);
	}
	seconds = (double)(clock() - t) / CLOCKS_PER_SEC;
	printf("    1000 chips: %.2f s\n", seconds);
	CHECK(seconds < 30);
}

int main(void)
{
	RUN(commands_take_the_time_of_the_profile);
	RUN(secrets_and_hashes_take_the_time_of_the_profile);
	RUN(trust_m_has_times_of_its_own);
	RUN(times_are_scaled);
	RUN(without_times_the_order_stays);
	RUN(an_answer_within_the_timer_carries_the_acknowledgement);
	RUN(jitter_is_bounded_and_reproducible);
	RUN(the_real_clock_is_real);
	RUN(the_virtual_clock_moves_by_transfers_and_delays_only);
	RUN(a_thousand_chips_take_seconds);
	return 0;
}
