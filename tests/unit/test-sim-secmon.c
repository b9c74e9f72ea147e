/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#define SIGN                  \
	"31 11 0028 01 0020 " \
	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD 03 0002 E0F0"
#define TICK_MS 5000

static uint8_t sec(struct host *h)
{
	CHECK_INT(host_run(h, "01 00 0002 E0C5"), 0);
	return h->data[0];
}

/* Milliseconds from the end of the frame to the end of the command. */
static double sign_ms(struct host *h)
{
	uint64_t t;

	host_send_apdu(h,
		(const uint8_t *)"\x31\x11\x00\x13\x01\x00\x0B"
				 "hello world"
				 "\x03\x00\x02\xE0\xF0",
		23);
	t = sim_now_ns(h->sim);
	while (host_state(h) & 0x80000000)
		sim_delay(h->sim, 200);
	t = sim_now_ns(h->sim) - t;
	CHECK(host_receive_packet(h, h->data) > 60);
	return (double)t / 1e6;
}

static bool is_near(double got, double want)
{
	if (got > want - 2 && got < want + 2)
		return true;
	fprintf(stderr, "got %.2f, want %.2f\n", got, want);
	return false;
}

/* Without credit, uses drive the counter up to want; ticks are part of life. */
static void drive_to(struct host *h, uint8_t want)
{
	for (int i = 0; sec(h) < want; i++) {
		CHECK(i < 2000);
		CHECK_INT(host_run(h, SIGN), 0);
	}
	while (sec(h) > want)
		sim_delay(h->sim, 100000);
}

static void start(struct host *h, const struct sim_options *opt)
{
	host_remove("chip");
	host_attach(h, host_open("chip", opt));
	host_open_application(h);
}

static void credit_comes_with_time_and_goes_with_use(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct host h;

	start(&h, &instant);
	CHECK_INT(host_run(&h, SIGN), 0); /* fresh after power-on: no credit */
	CHECK_INT(sec(&h), 1);
	sim_delay(h.sim, TICK_MS * 1000);
	CHECK_INT(sec(&h), 0);
	sim_delay(h.sim, 60000000); /* credit is full after 25 s */
	for (int i = 0; i < 5; i++)
		CHECK_INT(host_run(&h, SIGN), 0);
	CHECK_INT(sec(&h), 0);
	CHECK_INT(host_run(&h, SIGN), 0);
	CHECK_INT(sec(&h), 1);
	sim_close(h.sim);
}

static void there_are_132_uses_without_delay(void)
{
	/* At a tenth of the time all of them happen between two ticks. */
	const struct sim_options quick = { .has_scale = true, .scale_milli = 100 };
	struct host h;

	start(&h, &quick);
	sim_delay(h.sim, 30100000);
	for (int i = 0; i < 132; i++)
		CHECK(is_near(sign_ms(&h), 5.7));
	CHECK_INT(sec(&h), 127);
	CHECK(is_near(sign_ms(&h), 5.7));
	CHECK_INT(sec(&h), 128);
	CHECK(is_near(sign_ms(&h), 5.7 + 39));
	sim_close(h.sim);
}

static void the_delay_grows_as_published(void)
{
	static const struct {
		uint8_t sec;
		double ms;
	} points[] = { { 127, 0 }, { 128, 39.06 }, { 140, 507.8 }, { 200, 2851.6 },
		{ 247, 4687.5 } };
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct host h;

	start(&h, &instant);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		drive_to(&h, points[i].sec);
		sim_close(h.sim);
		host_attach(&h, host_open("chip", NULL)); /* no credit, and the tick is far */
		host_open_application(&h);
		CHECK_INT(sec(&h), points[i].sec);
		CHECK(is_near(sign_ms(&h), points[i].ms + 57));
		sim_close(h.sim);
		host_attach(&h, host_open("chip", &instant));
		host_open_application(&h);
	}
	drive_to(&h, 255);
	CHECK_INT(host_run(&h, SIGN), 0);
	CHECK_INT(sec(&h), 255); /* the end of the scale */
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL));
	host_open_application(&h);
	CHECK(is_near(sign_ms(&h), 5000 + 57));
	sim_close(h.sim);
}

static void a_busy_host_settles_where_delay_and_tick_balance(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct host h;

	start(&h, &instant);
	drive_to(&h, 230);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL));
	host_open_application(&h);
	for (int i = 0; i < 400; i++) {
		CHECK_INT(host_run(&h, SIGN), 0);
		sim_delay(h.sim, 250000); /* the host's own work */
	}
	CHECK(sec(&h) >= 0xF6);
	CHECK(sec(&h) <= 0xF8);
	sim_close(h.sim);
}

static void the_counter_outlives_power_and_sinks_at_rest(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h, &instant);
	drive_to(&h, 20);
	sim_close(h.sim);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.sec, 20);
	CHECK_OK(sim_rest("chip", 4, &f));
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.sec, 20);
	CHECK_OK(sim_rest("chip", 50, &f));
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.sec, 10);
	CHECK_OK(sim_rest("chip", UINT32_MAX, &f));
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.sec, 0);
	CHECK_ERR(sim_rest("no-such-chip", 1, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "no-such-chip") != NULL);
}

static void the_tick_starts_again_at_reset(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct host h;

	start(&h, &instant);
	drive_to(&h, 3);
	for (int i = 0; i < 5; i++) {
		sim_delay(h.sim, 4000000);
		host_write(&h, "88 0000");
		h.sent_nr = h.received_nr = 3;
		host_open_application(&h);
	}
	CHECK_INT(sec(&h), 3);
	sim_delay(h.sim, 5000000);
	CHECK_INT(sec(&h), 2);
	sim_close(h.sim);
}

static void only_stored_private_keys_are_watched(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	struct host h;

	start(&h, &instant);
	for (int i = 0; i < 10; i++) {
		CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
		CHECK_INT(host_run(&h, "38 03 0009 01 0002 E100 02 0001 10"), 0);
		CHECK_INT(
			host_run(&h, "31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E100"), 0);
		CHECK_INT(host_run(&h, "31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E0F3"),
			0xFF);
	}
	CHECK_INT(sec(&h), 0);
	sim_close(h.sim);
}

static void the_delay_is_not_scaled(void)
{
	const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };
	const struct sim_options slow = { .has_scale = true, .scale_milli = 3000 };
	struct host h;

	start(&h, &instant);
	drive_to(&h, 140);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", &slow));
	host_open_application(&h);
	CHECK(is_near(sign_ms(&h), 507.8 + 3 * 57));
	sim_close(h.sim);
}

int main(void)
{
	RUN(credit_comes_with_time_and_goes_with_use);
	RUN(there_are_132_uses_without_delay);
	RUN(the_delay_grows_as_published);
	RUN(a_busy_host_settles_where_delay_and_tick_balance);
	RUN(the_counter_outlives_power_and_sinks_at_rest);
	RUN(the_tick_starts_again_at_reset);
	RUN(only_stored_private_keys_are_watched);
	RUN(the_delay_is_not_scaled);
	return 0;
}
