/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#define US 1000u
#define MS 1000000u

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", NULL));
	sim_delay(h->sim, 10000);
}

static void restart(struct host *h)
{
	sim_close(h->sim);
	host_attach(h, host_open("chip", NULL));
	sim_delay(h->sim, 10000);
}

static enum sim_status probe(struct sim *sim, uint8_t addr)
{
	return sim_transfer(sim, addr, NULL, 0, NULL, 0);
}

static enum sim_status probe_after(struct host *h, uint64_t us)
{
	sim_delay(h->sim, us);
	return probe(h->sim, h->addr);
}

static void expect_register(struct host *h, uint8_t reg, const char *text)
{
	uint8_t got[16], want[16];
	size_t len = host_bytes(want, sizeof(want), text);

	host_read(h, reg, got, len);
	CHECK_MEM(got, want, len);
}

static void registers_read_as_documented(void)
{
	struct host h;

	start(&h);
	expect_register(&h, 0x80, "FFFFFFFF"); /* nothing to read */
	expect_register(&h, 0x81, "0115 FFFF");
	expect_register(&h, 0x82, "08000000 FF");
	expect_register(&h, 0x83, "FFFF");
	expect_register(&h, 0x84, "00000190 FF");
	for (uint8_t reg = 0x85; reg <= 0x88; reg++)
		expect_register(&h, reg, "FFFFFFFF");
	expect_register(&h, 0x89, "0003 FFFF");
	for (uint8_t reg = 0x8A; reg <= 0x8F; reg++)
		expect_register(&h, reg, "FFFFFFFF");
	for (uint8_t reg = 0x90; reg <= 0x9F; reg++)
		expect_register(&h, reg, "00000000 FF");
	for (int reg = 0xA0; reg <= 0xFF; reg++)
		expect_register(&h, (uint8_t)reg, "FFFFFFFF");
	for (int reg = 0; reg < 0x80; reg++)
		expect_register(&h, (uint8_t)reg, "FFFFFFFF");
	sim_close(h.sim);
}

static void writes_to_read_only_registers_change_nothing(void)
{
	struct host h;

	start(&h);
	host_write(&h, "82 FFFFFFFF");
	host_write(&h, "84 000003E8");
	host_write(&h, "90 01020304");
	host_write(&h, "42 01020304");
	expect_register(&h, 0x82, "08000000");
	expect_register(&h, 0x84, "00000190");
	expect_register(&h, 0x90, "00000000");
	expect_register(&h, 0x42, "FFFFFFFF");
	sim_close(h.sim);
}

static void the_frame_length_is_clamped(void)
{
	struct host h;

	start(&h);
	host_write(&h, "81 0010");
	expect_register(&h, 0x81, "0010");
	host_write(&h, "81 000F");
	expect_register(&h, 0x81, "0010");
	host_write(&h, "81 FFFF");
	expect_register(&h, 0x81, "0115");
	host_write(&h, "81 0116");
	expect_register(&h, 0x81, "0115");
	host_write(&h, "81 0037");
	host_write(&h, "81 01"); /* half a value */
	expect_register(&h, 0x81, "0037");
	sim_close(h.sim);
}

static void the_register_pointer_survives_stop(void)
{
	uint8_t r[4];
	struct host h;

	start(&h);
	host_read(&h, 0x84, r, 4);
	for (int i = 0; i < 3; i++) {
		host_transfer(&h, NULL, 0, r, 4);
		CHECK_INT(r[3], 0x90);
	}
	CHECK_INT(probe_after(&h, 50), SIM_DONE);
	host_transfer(&h, NULL, 0, r, 4);
	CHECK_INT(r[3], 0x90);
	sim_close(h.sim);
}

static void a_frame_read_in_part_is_read_from_its_beginning(void)
{
	uint8_t r[12];
	struct host h;

	start(&h);
	host_open_application(&h);
	host_write(&h, "80 04 0007 00 01 00 0002 E0C6 D7A2");
	sim_delay(h.sim, 6000);
	host_read(&h, 0x80, r, 7);
	CHECK_INT(r[0], 0x05);
	CHECK_INT(host_state(&h), 0x4800000C);
	host_read(&h, 0x80, r, 12);
	CHECK_INT(r[0], 0x05);
	CHECK_INT(r[11], 0xF1);
	CHECK_INT(host_state(&h), 0x08000000);
	sim_close(h.sim);
}

static void the_address_is_not_acknowledged_while_starting_up(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", NULL));
	CHECK_INT(probe(h.sim, 0x30), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 9700), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	sim_close(h.sim);
}

static void only_its_own_address_is_acknowledged(void)
{
	struct host h;

	start(&h);
	for (unsigned addr = 0; addr < 128; addr++) {
		sim_delay(h.sim, 100);
		CHECK_INT(probe(h.sim, (uint8_t)addr), addr == 0x30 ? SIM_DONE : SIM_ADDRESS_NACK);
	}
	sim_close(h.sim);
}

static void a_transaction_takes_its_bits(void)
{
	uint8_t bytes[278] = { 0x82 };
	struct host h;
	uint64_t t;

	start(&h);
	sim_set_speed(h.sim, 400000);
	t = sim_now_ns(h.sim);
	CHECK_INT(sim_transfer(h.sim, 0x30, bytes, 5, NULL, 0), SIM_DONE);
	CHECK_INT(sim_now_ns(h.sim) - t, 56 * 2500);
	sim_delay(h.sim, 50);
	t = sim_now_ns(h.sim);
	CHECK_INT(sim_transfer(h.sim, 0x30, NULL, 0, bytes, 277), SIM_DONE);
	CHECK_INT(sim_now_ns(h.sim) - t, (9 * 278 + 2) * 2500);
	sim_delay(h.sim, 50);
	t = sim_now_ns(h.sim);
	CHECK_INT(sim_transfer(h.sim, 0x31, bytes, 277, NULL, 0), SIM_ADDRESS_NACK);
	CHECK_INT(sim_now_ns(h.sim) - t, 11 * 2500);
	t = sim_now_ns(h.sim);
	CHECK_INT(sim_transfer(h.sim, 0x30, bytes, 1, bytes, 4), SIM_ADDRESS_NACK);
	CHECK_INT(sim_now_ns(h.sim) - t, (1 + 18 + 1 + 9 + 1) * 2500);
	sim_close(h.sim);
}

static void a_repeated_start_writes_but_does_not_read(void)
{
	uint8_t w[3] = { 0x81, 0x00, 0x20 }, r[2];
	struct host h;

	start(&h);
	CHECK_INT(sim_transfer(h.sim, 0x30, w, 3, r, 2), SIM_ADDRESS_NACK);
	expect_register(&h, 0x81, "0020");
	CHECK_INT(sim_guard_violations(h.sim), 0);
	sim_close(h.sim);
}

static void the_guard_time_must_pass(void)
{
	struct host h;

	start(&h);
	CHECK_INT(probe(h.sim, 0x30), SIM_DONE);
	CHECK_INT(probe_after(&h, 49), SIM_ADDRESS_NACK);
	CHECK_INT(sim_guard_violations(h.sim), 1);
	/* The violation took time, and does not start the guard time anew. */
	CHECK_INT(probe(h.sim, 0x30), SIM_DONE);
	CHECK_INT(probe_after(&h, 50), SIM_DONE);
	CHECK_INT(probe(h.sim, 0x31), SIM_ADDRESS_NACK);
	CHECK_INT(probe(h.sim, 0x30), SIM_DONE); /* that took longer than the guard time */
	CHECK_INT(sim_guard_violations(h.sim), 1);
	sim_close(h.sim);
}

static void the_bus_may_not_be_faster_than_the_chip(void)
{
	struct host h;

	start(&h);
	sim_set_speed(h.sim, 400001);
	CHECK_INT(probe_after(&h, 50), SIM_ADDRESS_NACK);
	sim_set_speed(h.sim, 400000);
	CHECK_INT(probe_after(&h, 50), SIM_DONE);
	host_write(&h, "89 0004");
	sim_set_speed(h.sim, 1000000);
	expect_register(&h, 0x84, "000003E8");
	expect_register(&h, 0x89, "0004");
	sim_set_speed(h.sim, 1000001);
	CHECK_INT(probe_after(&h, 50), SIM_ADDRESS_NACK);
	sim_close(h.sim);
}

static void illegal_modes_are_ignored(void)
{
	static const char *const writes[] = { "89 0000", "89 0005", "89 0006", "89 0007", "89 04",
		"89" };
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		host_write(&h, writes[i]);
		expect_register(&h, 0x89, "0003");
	}
	host_write(&h, "89 0001");
	expect_register(&h, 0x89, "0001");
	expect_register(&h, 0x84, "00000190");
	sim_close(h.sim);
}

static void a_volatile_mode_and_address_last_until_reset(void)
{
	struct sim_info before, after;
	struct fail f;
	struct host h;

	start(&h);
	CHECK_OK(sim_info(&before, "chip", &f));
	host_write(&h, "89 0004");
	host_write(&h, "83 0042");
	CHECK_INT(probe_after(&h, 100), SIM_ADDRESS_NACK);
	h.addr = 0x42;
	expect_register(&h, 0x89, "0004");
	CHECK_OK(sim_info(&after, "chip", &f));
	CHECK_INT(after.nvm_writes, before.nvm_writes);
	host_write(&h, "88 0000");
	h.addr = 0x30;
	expect_register(&h, 0x89, "0003");
	sim_close(h.sim);
}

static void a_persistent_mode_and_address_outlive_power(void)
{
	struct sim_info before, after;
	struct fail f;
	struct host h;

	start(&h);
	CHECK_OK(sim_info(&before, "chip", &f));
	host_write(&h, "89 8004");
	expect_register(&h, 0x89, "0004"); /* the persistent bit always reads 0 */
	host_write(&h, "83 8043");
	h.addr = 0x43;
	expect_register(&h, 0x89, "0004");
	restart(&h);
	CHECK_INT(probe_after(&h, 100), SIM_ADDRESS_NACK);
	h.addr = 0x43;
	expect_register(&h, 0x89, "0004");
	host_write(&h, "89 0003"); /* volatile over persistent */
	sim_set_power(h.sim, false);
	sim_set_power(h.sim, true);
	expect_register(&h, 0x89, "0004");
	CHECK_OK(sim_info(&after, "chip", &f));
	CHECK_INT(after.nvm_writes - before.nvm_writes, 2);
	sim_close(h.sim);
}

static void it_falls_asleep_after_its_delay_and_wakes_by_its_address(void)
{
	struct host h;

	start(&h);
	CHECK_INT(probe(h.sim, 0x30), SIM_DONE);
	CHECK_INT(probe_after(&h, 19800), SIM_DONE);
	CHECK_INT(probe_after(&h, 20000), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 800), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 100), SIM_DONE);
	CHECK_INT(probe_after(&h, 25000), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 1000), SIM_DONE);
	CHECK_INT(sim_guard_violations(h.sim), 0);
	sim_close(h.sim);
}

static void other_addresses_do_not_wake_it(void)
{
	struct host h;

	start(&h);
	CHECK_INT(probe(h.sim, 0x30), SIM_DONE);
	sim_delay(h.sim, 25000);
	CHECK_INT(probe(h.sim, 0x31), SIM_ADDRESS_NACK);
	sim_delay(h.sim, 2000);
	CHECK_INT(probe(h.sim, 0x30), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 1000), SIM_DONE);
	sim_close(h.sim);
}

static void waking_keeps_application_and_counters(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	sim_delay(h.sim, 1000000);
	CHECK_INT(probe(h.sim, 0x30), SIM_ADDRESS_NACK);
	host_yields(&h, "01 00 0002 E0C6", "0615");
	sim_delay(h.sim, 1000000);
	host_yields(&h, "01 00 0002 E0C6", "0615");
	sim_close(h.sim);
}

static void the_sleep_delay_is_an_object(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	CHECK_INT(host_run(&h, "02 00 0005 E0C3 0000 C8"), 0);
	CHECK_INT(probe_after(&h, 199000), SIM_DONE);
	CHECK_INT(probe_after(&h, 201000), SIM_ADDRESS_NACK);
	sim_close(h.sim);
}

static void it_does_not_sleep_over_a_command_or_an_answer(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	host_send_apdu(&h, (const uint8_t *)"\x38\x03\x00\x03\x07\x00\x00", 7);
	CHECK_INT(probe_after(&h, 40000), SIM_DONE);
	CHECK_INT(host_state(&h), 0xC8000005);
	CHECK_INT(probe_after(&h, 200000), SIM_DONE);
	CHECK(host_receive_packet(&h, h.data) > 100);
	CHECK_INT(probe_after(&h, 19000), SIM_DONE);
	CHECK_INT(probe_after(&h, 20000), SIM_ADDRESS_NACK);
	sim_close(h.sim);
}

/* Nothing of the old session is left: other counters, no application. */
static void expect_fresh(struct host *h)
{
	expect_register(h, 0x82, "08000000");
	expect_register(h, 0x81, "0115");
	h->sent_nr = h->received_nr = 3;
	CHECK_INT(host_run(h, "01 00 0002 E0C6"), 0xFF);
	host_open_application(h);
}

static void soft_reset_restarts_the_chip(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	host_write(&h, "81 0020");
	host_write(&h, "88"); /* the pointer alone resets nothing */
	expect_register(&h, 0x81, "0020");
	host_write(&h, "88 FFFF");
	CHECK_INT(probe_after(&h, 9800), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	expect_fresh(&h);
	sim_close(h.sim);
}

static void the_reset_line_holds_and_restarts_the_chip(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	sim_set_reset(h.sim, false);
	CHECK_INT(probe_after(&h, 2000), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 20000), SIM_ADDRESS_NACK);
	sim_set_reset(h.sim, true);
	sim_set_reset(h.sim, true); /* no edge */
	CHECK_INT(probe_after(&h, 9800), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	expect_fresh(&h);
	sim_close(h.sim);
}

static void power_off_loses_everything_in_ram(void)
{
	struct host h;

	start(&h);
	host_open_application(&h);
	sim_set_power(h.sim, false);
	CHECK_INT(probe_after(&h, 20000), SIM_ADDRESS_NACK);
	sim_set_power(h.sim, true);
	CHECK_INT(probe_after(&h, 9800), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	expect_fresh(&h);
	sim_set_reset(h.sim, false);
	sim_set_power(h.sim, false);
	sim_set_power(h.sim, true); /* still held in reset */
	CHECK_INT(probe_after(&h, 20000), SIM_ADDRESS_NACK);
	sim_set_reset(h.sim, true);
	sim_delay(h.sim, 10000);
	expect_fresh(&h);
	sim_close(h.sim);
}

static void a_reset_takes_back_what_was_being_programmed(void)
{
	struct sim_info before, after;
	struct fail f;
	struct host h;

	start(&h);
	host_open_application(&h);
	CHECK_OK(sim_info(&before, "chip", &f));
	host_send_apdu(&h, (const uint8_t *)"\x02\x00\x00\x05\xE0\xC3\x00\x00\x64", 9);
	sim_delay(h.sim, 300);
	host_write(&h, "88 0000");
	CHECK_INT(probe_after(&h, 11800), SIM_ADDRESS_NACK); /* programming was pending: 12 ms */
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	h.sent_nr = h.received_nr = 3;
	host_open_application(&h);
	host_yields(&h, "01 00 0002 E0C3", "14");
	host_send_apdu(&h, (const uint8_t *)"\x02\x00\x00\x05\xE0\xC3\x00\x00\x64", 9);
	sim_delay(h.sim, 1000);
	sim_set_reset(h.sim, false);
	sim_delay(h.sim, 1000);
	sim_set_reset(h.sim, true);
	CHECK_INT(probe_after(&h, 11800), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 200), SIM_DONE);
	CHECK_OK(sim_info(&after, "chip", &f));
	CHECK_INT(after.nvm_writes, before.nvm_writes);
	sim_close(h.sim);
}

static void a_received_frame_is_checked_first(void)
{
	const struct sim_options opt = { .has_nack = true, .nack_us = 700 };
	static const uint8_t ack[] = { 0x80, 0x80, 0x00, 0x00, 0x0C, 0xEC };
	struct host h;

	start(&h);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", &opt));
	sim_delay(h.sim, 10000);
	CHECK_INT(sim_transfer(h.sim, 0x30, ack, sizeof(ack), NULL, 0), SIM_DONE);
	CHECK_INT(probe_after(&h, 590), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 0), SIM_DONE);
	CHECK_INT(sim_guard_violations(h.sim), 0);
	sim_close(h.sim);
}

static void a_long_rest_is_no_problem(void)
{
	struct host h;

	start(&h);
	for (int i = 0; i < 4; i++)
		sim_delay(h.sim, UINT64_MAX);
	CHECK_INT(probe(h.sim, 0x30), SIM_ADDRESS_NACK);
	CHECK_INT(probe_after(&h, 0), SIM_ADDRESS_NACK);
	sim_close(h.sim);
}

int main(void)
{
	RUN(registers_read_as_documented);
	RUN(writes_to_read_only_registers_change_nothing);
	RUN(the_frame_length_is_clamped);
	RUN(the_register_pointer_survives_stop);
	RUN(a_frame_read_in_part_is_read_from_its_beginning);
	RUN(the_address_is_not_acknowledged_while_starting_up);
	RUN(only_its_own_address_is_acknowledged);
	RUN(a_transaction_takes_its_bits);
	RUN(a_repeated_start_writes_but_does_not_read);
	RUN(the_guard_time_must_pass);
	RUN(the_bus_may_not_be_faster_than_the_chip);
	RUN(illegal_modes_are_ignored);
	RUN(a_volatile_mode_and_address_last_until_reset);
	RUN(a_persistent_mode_and_address_outlive_power);
	RUN(it_falls_asleep_after_its_delay_and_wakes_by_its_address);
	RUN(other_addresses_do_not_wake_it);
	RUN(waking_keeps_application_and_counters);
	RUN(the_sleep_delay_is_an_object);
	RUN(it_does_not_sleep_over_a_command_or_an_answer);
	RUN(soft_reset_restarts_the_chip);
	RUN(the_reset_line_holds_and_restarts_the_chip);
	RUN(power_off_loses_everything_in_ram);
	RUN(a_reset_takes_back_what_was_being_programmed);
	RUN(a_received_frame_is_checked_first);
	RUN(a_long_rest_is_no_problem);
	return 0;
}
