/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The errata of the simulated FT260, and what can be made to go wrong. */
#include "ft260-world.h"

#define NOBODY_WRITE "D0 31 06 01 81"
#define READ	     "C2 30 06 0400"

static struct ft260_faults *faults(struct world *w)
{
	return ft260_faults(w->f);
}

static void after_five_seconds_the_first_status_of_a_write_hides_a_nack(void)
{
	struct world w = world_open(NULL);

	CHECK_INT(world_status(&w), 0x20);
	world_wait(&w, 5ull * NS_PER_S - 1);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x2E);
	world_wait(&w, 5ull * NS_PER_S);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x20);
	CHECK_INT(world_settled(&w), 0x2E);
	world_close(&w);
}

static void a_status_read_wakes_it(void)
{
	struct world w = world_open(NULL);

	world_out(&w, NOBODY_WRITE);
	world_wait(&w, 6ull * NS_PER_S);
	world_status(&w);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x2E);
	faults(&w)->stubborn_idle = true;
	world_wait(&w, 6ull * NS_PER_S);
	world_status(&w);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x20);
	CHECK_INT(world_settled(&w), 0x2E);
	world_close(&w);
}

static void reads_and_boards_without_power_saving_have_no_idle_erratum(void)
{
	const struct ft260_options opt = { .no_power_saving = true };
	struct world w = world_open(NULL);

	world_status(&w);
	world_wait(&w, 6ull * NS_PER_S);
	world_out(&w, "C2 31 06 0100");
	CHECK_INT(world_settled(&w), 0x26);
	world_close(&w);
	w = world_open(&opt);
	world_status(&w);
	world_wait(&w, 6ull * NS_PER_S);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x2E);
	world_close(&w);
}

static void only_a_port_reset_cures_stalled_endpoints(void)
{
	const struct ft260_options opt = { .stalls = true };
	static const uint8_t clear[2][8] = { { 0x02, 1, 0, 0, 0x81, 0, 0, 0 },
		{ 0x02, 1, 0, 0, 0x02, 0, 0, 0 } };
	static const uint8_t get_status[8] = { 0x82, 0, 0, 0, 0x02, 0, 2, 0 };
	struct world w = world_open(&opt);
	uint8_t data[FT260_REPORT_MAX];
	size_t len = 0;

	CHECK_INT(world_try_out(&w, 0, READ), FT260_STALL);
	CHECK_INT(ft260_in(w.f, w.now, 0, data, &len), FT260_STALL);
	CHECK_INT(world_status(&w), 0x20);
	for (int i = 0; i < 2; i++)
		CHECK_INT(ft260_control(w.f, w.now, clear[i], data, &len), FT260_OK);
	len = sizeof(data);
	CHECK_INT(ft260_control(w.f, w.now, get_status, data, &len), FT260_OK);
	CHECK_INT(len, 2);
	CHECK_INT(data[0], 0); /* a lie */
	CHECK_INT(world_try_out(&w, 0, READ), FT260_STALL);
	ft260_port_reset(w.f, w.now);
	CHECK(world_answers(&w));
	world_close(&w);
}

static void so_many_addresses_are_not_acknowledged(void)
{
	struct world w = world_open(NULL);

	faults(&w)->nack = 2;
	world_out(&w, "D0 30 06 03 81 00 40");
	CHECK_INT(world_settled(&w), 0x2E);
	world_out(&w, "C2 30 02 0400");
	CHECK_INT(world_settled(&w), 0x46);
	world_set(&w, "A1 20");
	world_expect_register(&w, "D0 30 06 01 81", "0115");
	world_close(&w);
}

static void a_controller_that_stays_busy_needs_an_i2c_reset(void)
{
	struct world w = world_open(NULL);
	uint64_t done;

	faults(&w)->stick_busy = 2;
	world_out(&w, "D0 30 06 01 82");
	CHECK_INT(world_settled(&w), 0x20);
	world_out(&w, READ);
	world_wait(&w, 10ull * NS_PER_S);
	CHECK_INT(world_status(&w), 0x41);
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	world_out(&w, READ); /* one report finds room */
	CHECK_INT(
		ft260_out(w.f, w.now, 0, (const uint8_t *)"\xC2\x30\x06\x04", 5, &done), FT260_OK);
	CHECK_INT(done, FT260_NEVER);
	world_set(&w, "A1 20");
	CHECK_INT(world_status(&w), 0x20);
	world_answers(&w); /* wakes it */
	CHECK(world_answers(&w));
	world_close(&w);
}

static void get_stuck(struct world *w)
{
	faults(w)->stick_bus = 1;
	world_out(w, READ);
	world_wait(w, NS_PER_S);
	CHECK_INT(world_status(w), 0x41);
	world_set(w, "A1 20");
	CHECK_INT(world_status(w), 0x40);
	world_out(w, READ);
	CHECK_INT(world_status(w), 0x41);
	world_set(w, "A1 20");
	CHECK_INT(world_status(w), 0x40);
}

static void expect_free(struct world *w)
{
	CHECK_INT(world_status(w), 0x20);
	world_answers(w);
	CHECK(world_answers(w));
	world_close(w);
}

static void a_bus_that_is_held_is_freed_by_resetting_the_chip(void)
{
	struct world w = world_open(NULL);

	get_stuck(&w);
	world_set(&w, "B0 00 00 20 20");
	CHECK_INT(world_status(&w), 0x40);
	world_set(&w, "B0 00 00 00 20");
	world_wait(&w, 2 * NS_PER_MS);
	world_set(&w, "B0 00 00 20 20");
	world_wait(&w, 12 * NS_PER_MS);
	world_set(&w, "A1 20");
	expect_free(&w);
}

static void a_bus_that_is_held_is_freed_by_nine_clocks(void)
{
	struct world w = world_open(NULL);

	get_stuck(&w);
	world_set(&w, "B0 00 01 00 00"); /* not a GPIO yet */
	world_set(&w, "B0 01 01 00 00");
	world_set(&w, "A1 02 00");
	world_expect(&w, 0, "B0 01 00 20 00"); /* SCL is high, SDA is low */
	for (int i = 0; i < 9; i++) {
		uint8_t report[5] = { 0xB0 };
		size_t len = sizeof(report);

		CHECK_INT(world_try_get(&w, 0, report, &len), FT260_OK);
		CHECK_INT(report[1] & 2, 0);
		world_set(&w, "B0 00 01 00 00");
		world_wait(&w, NS_PER_MS);
		world_set(&w, "B0 01 01 00 00");
		world_wait(&w, NS_PER_MS);
	}
	world_expect(&w, 0, "B0 03 01 20 00");
	world_set(&w, "B0 00 00 00 00");
	world_out(&w, READ); /* no I2C in this mode */
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	world_set(&w, "A1 02 01");
	expect_free(&w);
}

static void an_input_report_is_lost(void)
{
	struct world w = world_open(NULL);
	uint8_t data[FT260_REPORT_MAX];

	faults(&w)->lose_input = 2;
	world_out(&w, "C2 31 06 4000");
	world_collect(&w, data, 60);
	CHECK_INT(world_in(&w, data), 0);
	CHECK(world_answers(&w));
	world_close(&w);
}

static void an_input_report_is_cut(void)
{
	struct world w = world_open(NULL);
	uint8_t report[FT260_REPORT_MAX];

	faults(&w)->cut_input = 1;
	world_out(&w, "C2 31 06 3C00");
	CHECK_INT(world_in(&w, report), 32);
	CHECK_INT(report[1], 60);
	world_out(&w, "C2 31 06 3C00");
	CHECK_INT(world_in(&w, report), 62);
	world_close(&w);
}

static void an_input_report_claims_too_much(void)
{
	struct world w = world_open(NULL);
	uint8_t report[FT260_REPORT_MAX];

	faults(&w)->wrong_input = 1;
	world_out(&w, "C2 31 06 3C00");
	CHECK_INT(world_in(&w, report), 62);
	CHECK_INT(report[1], 62);
	world_out(&w, "C2 31 06 3C00");
	CHECK_INT(world_in(&w, report), 62);
	CHECK_INT(report[1], 60);
	world_close(&w);
}

static void the_bus_may_be_busy_for_longer_than_the_controller(void)
{
	struct world w = world_open(NULL);

	faults(&w)->bus_lag_us = 300;
	world_out(&w, "D0 30 06 01 82");
	CHECK_INT(world_settled(&w), 0x40);
	world_wait(&w, 250 * NS_PER_US);
	CHECK_INT(world_status(&w), 0x40);
	world_wait(&w, 60 * NS_PER_US);
	CHECK_INT(world_status(&w), 0x20);
	world_out(&w, NOBODY_WRITE);
	CHECK_INT(world_settled(&w), 0x4E);
	world_wait(&w, 300 * NS_PER_US);
	CHECK_INT(world_settled(&w), 0x2E);
	world_close(&w);
}

static void after_so_many_reports_it_is_gone_and_the_chip_without_power(void)
{
	struct world w = world_open(NULL);
	uint8_t data[FT260_REPORT_MAX] = { 0xC0 };
	size_t len = 1;
	uint64_t done;

	faults(&w)->disconnect = 3;
	world_out(&w, READ);
	CHECK(world_in(&w, data) > 0);
	CHECK_INT(world_status(&w), 0x20);
	CHECK_INT(world_try_get(&w, 0, data, &len), FT260_GONE);
	CHECK_INT(world_try_set(&w, 0, "A1 20"), FT260_GONE);
	CHECK_INT(ft260_out(w.f, w.now, 0, data, 5, &done), FT260_GONE);
	CHECK_INT(done, w.now);
	CHECK_INT(ft260_in(w.f, w.now, 0, data, &len), FT260_GONE);
	CHECK_INT(ft260_control(
			  w.f, w.now, (const uint8_t[8]){ 0x80, 8, 0, 0, 0, 0, 1, 0 }, data, &len),
		FT260_GONE);
	sim_delay(w.chip, 100000);
	CHECK_INT(sim_transfer(w.chip, 0x30, NULL, 0, NULL, 0), SIM_ADDRESS_NACK);
	sim_delay(w.chip, 1000);
	CHECK_INT(sim_transfer(w.chip, 0x30, NULL, 0, NULL, 0), SIM_ADDRESS_NACK);
	world_close(&w);
}

static void another_kind_of_bridge_does_nothing(void)
{
	const struct ft260_options opt = { .hid_over_i2c = true };
	struct world w = world_open(&opt);

	world_out(&w, READ);
	CHECK_INT(world_status(&w), 0x20);
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	world_close(&w);
}

static uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Reports of every kind and length, most of them nearly right. */
static void any_report_is_survived(void)
{
	static const uint8_t ids[] = { 0xA1, 0xB0, 0xC2, 0xD0, 0xD7, 0xDE, 0xC0, 0x00 };
	static const uint8_t flags[] = { 0, 2, 3, 4, 6, 7 };
	uint8_t report[FT260_REPORT_MAX];
	struct world w = world_open(NULL);
	uint32_t seed = 7;
	uint64_t done;

	for (int i = 0; i < 60000; i++) {
		size_t len = draw(&seed) % (sizeof(report) + 1);

		for (size_t k = 0; k < sizeof(report); k++)
			report[k] = (uint8_t)draw(&seed);
		report[0] = ids[draw(&seed) % sizeof(ids)];
		if (report[0] >= 0xC2) {
			report[1] = 0x30;
			report[2] = flags[draw(&seed) % sizeof(flags)];
			report[3] %= 64;
			report[4] = 0;
		}
		faults(&w)->stick_bus = draw(&seed) % 50;
		faults(&w)->stick_busy = draw(&seed) % 50;
		ft260_out(w.f, w.now, draw(&seed) % 3, report, len, &done);
		ft260_set_feature(w.f, w.now, draw(&seed) % 3, report, len);
		w.now += draw(&seed) % NS_PER_MS;
		if (i % 3 == 0)
			ft260_in(w.f, w.now, 0, report, &len);
		if (i % 50 == 0)
			world_set(&w, "A1 20");
	}
	world_close(&w);
}

int main(void)
{
	RUN(after_five_seconds_the_first_status_of_a_write_hides_a_nack);
	RUN(a_status_read_wakes_it);
	RUN(reads_and_boards_without_power_saving_have_no_idle_erratum);
	RUN(only_a_port_reset_cures_stalled_endpoints);
	RUN(so_many_addresses_are_not_acknowledged);
	RUN(a_controller_that_stays_busy_needs_an_i2c_reset);
	RUN(a_bus_that_is_held_is_freed_by_resetting_the_chip);
	RUN(a_bus_that_is_held_is_freed_by_nine_clocks);
	RUN(an_input_report_is_lost);
	RUN(an_input_report_is_cut);
	RUN(an_input_report_claims_too_much);
	RUN(the_bus_may_be_busy_for_longer_than_the_controller);
	RUN(after_so_many_reports_it_is_gone_and_the_chip_without_power);
	RUN(another_kind_of_bridge_does_nothing);
	RUN(any_report_is_survived);
	return 0;
}
