/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Reset, negotiation and the settings of the bus. */
#include "transcript.h"

static void check_open(struct script *s, const struct trustx_bus *bus,
	const struct trustx_options *opt, enum trustx_err want)
{
	struct trustx se;

	memset(&se, 0xAA, sizeof(se));
	CHECK_ERR(trustx_open(&se, bus, opt), want);
	script_done(s);
	trustx_close(&se);
	for (size_t i = 0; i < sizeof(se.private_) / sizeof(se.private_[0]); i++)
		CHECK_INT(se.private_[i], 0);
	script_free(s);
}

static void finish_open(struct script *s)
{
	script_exchange(s, APDU_OPEN, "00 00 00 00");
}

static void every_frame_size_can_be_asked_for(void)
{
	static const uint16_t sizes[] = { 16, 31, 55, 60, 120, 276, 277 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const struct trustx_options opt = { .frame_size = sizes[i] };
		struct script *s = script_new();
		const struct trustx_bus bus = script_bus(s);

		script_open(s, sizes[i]);
		check_open(s, &bus, &opt, TRUSTX_OK);
	}
}

static void a_bus_with_short_transfers_limits_the_frame(void)
{
	struct script *s = script_new();
	struct trustx_bus bus = script_bus(s);

	bus.max_transfer = 61;
	script_open(s, 60);
	check_open(s, &bus, NULL, TRUSTX_OK);
}

static void a_chip_with_shorter_frames_is_followed(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);

	script_bring_up(s, 277);
	s->count--;
	script_read_hex(s, 0x81, "00 40");
	script_read_anew(s, 0x81, "00 40");
	s->frame = 64;
	finish_open(s);
	check_open(s, &bus, NULL, TRUSTX_OK);
}

static void impossible_frame_sizes_are_no_chip_of_ours(void)
{
	static const char *const sizes[] = { "01 16", "00 0F", "00 00", "FF FF" };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct script *s = script_new();
		const struct trustx_bus bus = script_bus(s);

		script_bring_up(s, 277);
		s->count--;
		script_read_hex(s, 0x81, sizes[i]);
		script_read_anew(s, 0x81, sizes[i]);
		script_write_hex(s, "81 01 15");
		script_read_hex(s, 0x81, sizes[i]);
		script_read_anew(s, 0x81, sizes[i]);
		check_open(s, &bus, NULL, TRUSTX_ERR_PROTOCOL);
	}
}

/* Settings have no checksum: one disturbed read must not last. */
static void a_disturbed_setting_is_read_again(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);

	script_bring_up(s, 277);
	s->count -= 4;
	s->pointer = 0x82;
	script_read_hex(s, 0x84, "00 00 01 10");
	script_read_anew(s, 0x84, "00 00 01 90");
	script_read_anew(s, 0x84, "00 00 01 90");
	script_write_hex(s, "81 01 15");
	script_read_hex(s, 0x81, "00 15");
	script_read_anew(s, 0x81, "01 15");
	script_read_anew(s, 0x81, "01 15");
	finish_open(s);
	check_open(s, &bus, NULL, TRUSTX_OK);
}

static void a_setting_that_never_settles_is_an_error(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);

	script_bring_up(s, 277);
	s->count--;
	script_read_hex(s, 0x81, "00 15");
	script_read_anew(s, 0x81, "00 16");
	script_read_anew(s, 0x81, "00 17");
	script_read_anew(s, 0x81, "00 18");
	check_open(s, &bus, NULL, TRUSTX_ERR_PROTOCOL);
}

static void what_does_not_look_like_the_chip_is_refused(void)
{
	static const char *const states[] = { "FF FF FF FF", "00 00 00 00", "18 00 00 00",
		"08 40 00 00", "80 00 00 00" };

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct script *s = script_new();
		const struct trustx_bus bus = script_bus(s);

		script_write_hex(s, "88 00 00");
		for (unsigned n = 0; n < 4; n++)
			script_read_anew(s, 0x82, states[i]);
		check_open(s, &bus, NULL, TRUSTX_ERR_PROTOCOL);
	}
}

static void the_start_up_time_is_kept(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx se;

	script_write_hex(s, "88 00 00");
	script_fail(s, TRUSTX_ERR_NACK, FOREVER);
	CHECK_ERR(trustx_open(&se, &bus, NULL), TRUSTX_ERR_NACK);
	CHECK(s->now_ns > 110 * 1000000ull && s->now_ns < 120 * 1000000ull);
	script_done(s);
	script_free(s);
}

static void a_chip_that_starts_late_is_waited_for(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);

	script_write_hex(s, "88 00 00");
	script_fail(s, TRUSTX_ERR_NACK, 25);
	script_read_hex(s, 0x82, "08 00 00 00");
	script_read_hex(s, 0x84, "00 00 01 90");
	script_write_hex(s, "81 01 15");
	script_read_hex(s, 0x81, "01 15");
	finish_open(s);
	check_open(s, &bus, NULL, TRUSTX_OK);
}

static struct script *with_lines(struct trustx_bus *bus)
{
	struct script *s = script_new();

	*bus = script_bus(s);
	bus->ops = &script_line_ops;
	return s;
}

static void the_reset_line_is_used_if_there_is_one(void)
{
	const struct trustx_options line = { .reset = TRUSTX_RESET_LINE };
	const struct trustx_options *const opts[] = { NULL, &line };

	for (size_t i = 0; i < 2; i++) {
		struct trustx_bus bus;
		struct script *s = with_lines(&bus);
		struct trustx se;

		script_open(s, 277);
		memmove(s->steps, s->steps + 1, --s->count * sizeof(*s->steps));
		CHECK_OK(trustx_open(&se, &bus, opts[i]));
		CHECK_INT(s->resets, 1);
		CHECK_INT(s->powers, 0);
		script_done(s);
		script_free(s);
	}
}

static void power_is_cycled_only_on_request(void)
{
	const struct trustx_options opt = { .reset = TRUSTX_RESET_POWER };
	struct trustx_bus bus;
	struct script *s = with_lines(&bus);
	struct trustx se;

	script_open(s, 277);
	memmove(s->steps, s->steps + 1, --s->count * sizeof(*s->steps));
	CHECK_OK(trustx_open(&se, &bus, &opt));
	CHECK_INT(s->resets, 0);
	CHECK_INT(s->powers, 1);
	script_done(s);
	script_free(s);
}

static void a_chip_deaf_to_the_soft_reset_is_pulled_down(void)
{
	const struct trustx_options opt = { .reset = TRUSTX_RESET_SOFT };
	struct trustx_bus_ops power_only = script_line_ops;

	power_only.set_reset = NULL;
	for (unsigned i = 0; i < 2; i++) {
		struct trustx_bus bus;
		struct script *s = with_lines(&bus);
		struct trustx se;

		if (i == 1)
			bus.ops = &power_only;
		script_open(s, 277);
		s->steps[0] = (struct step){ .kind = STEP_FAIL, .err = TRUSTX_ERR_NACK };
		s->steps[0].us = FOREVER;
		/* The line is what ends the silence. */
		s->deaf_until_pulled = true;
		CHECK_OK(trustx_open(&se, &bus, &opt));
		CHECK_INT(s->resets, i == 0);
		CHECK_INT(s->powers, i == 1);
		CHECK(s->now_ns > 110 * 1000000ull);
		script_done(s);
		script_free(s);
	}
}

/* Above 400 kHz the chip must be told, by the form that a reset forgets. */
static void fast_mode_plus_is_asked_for_by_its_volatile_form(void)
{
	const struct trustx_options opt = { .speed_hz = 1000000 };
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx_link link;
	struct trustx se;

	script_write_hex(s, "88 00 00");
	script_read_hex(s, 0x82, "08 00 00 00");
	script_read_hex(s, 0x84, "00 00 01 90");
	script_write_hex(s, "89 00 04");
	script_read_hex(s, 0x84, "00 00 03 E8");
	script_write_hex(s, "81 01 15");
	script_read_hex(s, 0x81, "01 15");
	finish_open(s);
	CHECK_OK(trustx_open(&se, &bus, &opt));
	CHECK_INT(s->hz, 1000000);
	CHECK_INT(s->speeds, 2);
	trustx_link(&se, &link);
	CHECK_INT(link.speed_hz, 1000000);
	script_done(s);
	script_free(s);
}

static void a_chip_that_stays_slow_sets_the_clock(void)
{
	const struct trustx_options opt = { .speed_hz = 1000000 };
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx_link link;
	struct trustx se;

	script_write_hex(s, "88 00 00");
	script_read_hex(s, 0x82, "08 00 00 00");
	script_read_hex(s, 0x84, "00 00 01 90");
	script_write_hex(s, "89 00 04");
	script_read_hex(s, 0x84, "00 00 01 90");
	script_read_anew(s, 0x84, "00 00 01 90");
	script_write_hex(s, "81 01 15");
	script_read_hex(s, 0x81, "01 15");
	finish_open(s);
	CHECK_OK(trustx_open(&se, &bus, &opt));
	CHECK_INT(s->hz, 400000);
	trustx_link(&se, &link);
	CHECK_INT(link.speed_hz, 400000);
	script_done(s);
	script_free(s);
}

static void the_slower_of_wish_and_bus_is_the_clock(void)
{
	const struct trustx_options opt = { .speed_hz = 300000 };
	struct script *s = script_new();
	struct trustx_bus bus = script_bus(s);
	struct trustx_link link;
	struct trustx se;

	bus.max_hz = 100000;
	script_open(s, 277);
	CHECK_OK(trustx_open(&se, &bus, &opt));
	CHECK_INT(s->hz, 100000);
	trustx_link(&se, &link);
	CHECK_INT(link.speed_hz, 100000);
	script_done(s);
	script_free(s);
}

static void another_address_is_used_when_given(void)
{
	struct script *s = script_new();
	struct trustx_bus bus = script_bus(s);

	bus.addr = s->addr = 0x44;
	script_open(s, 277);
	check_open(s, &bus, NULL, TRUSTX_OK);
}

static void impossible_options_are_refused_before_anything_is_sent(void)
{
	static const struct trustx_options opts[] = {
		{ .frame_size = 15 },
		{ .frame_size = 278 },
		{ .speed_hz = 1000001 },
		{ .reset = TRUSTX_RESET_LINE },
		{ .reset = TRUSTX_RESET_POWER },
		{ .reset = (enum trustx_reset)9 },
	};
	struct script *s = script_new();
	struct trustx_bus bus = script_bus(s);
	struct trustx_error detail;
	struct trustx se;

	for (size_t i = 0; i < sizeof(opts) / sizeof(opts[0]); i++)
		CHECK_ERR(trustx_open(&se, &bus, &opts[i]), TRUSTX_ERR_ARGUMENT);
	trustx_error(&se, &detail);
	CHECK_INT(detail.layer, TRUSTX_LAYER_CALLER);
	bus.max_transfer = 16;
	CHECK_ERR(trustx_open(&se, &bus, NULL), TRUSTX_ERR_ARGUMENT);
	bus = script_bus(s);
	bus.addr = 0x80;
	CHECK_ERR(trustx_open(&se, &bus, NULL), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_open(&se, NULL, NULL), TRUSTX_ERR_ARGUMENT);
	CHECK_STR(trustx_error_text(&se), "an argument is out of range (caller)");
	script_done(s);
	script_free(s);
}

static void a_handle_that_is_not_open_refuses_every_call(void)
{
	uint8_t out[104], in[32] = { 0 };
	size_t len = sizeof(out);
	struct trustx se;

	CHECK_ERR(trustx_open(&se, NULL, NULL), TRUSTX_ERR_ARGUMENT);
	memset(out, 0xAA, sizeof(out));
	CHECK_ERR(trustx_read(&se, out, &len, 0xE0C2, 0), TRUSTX_ERR_ARGUMENT);
	CHECK_INT(len, 0);
	for (size_t i = 0; i < sizeof(out); i++)
		CHECK_INT(out[i], 0);
	CHECK_ERR(trustx_write(&se, 0xF1D0, 0, in, 1), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_random(&se, out, 8), TRUSTX_ERR_ARGUMENT);
	len = sizeof(out);
	CHECK_ERR(trustx_sign(&se, out, &len, 0xE0F1, TRUSTX_P256, in, 32), TRUSTX_ERR_ARGUMENT);
	len = sizeof(out);
	CHECK_ERR(trustx_generate_key(&se, out, &len, 0xE0F1, TRUSTX_P256, 0x10),
		TRUSTX_ERR_ARGUMENT);
	len = sizeof(out);
	CHECK_ERR(trustx_read_metadata(&se, out, &len, 0xE0F1), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_store_address(&se, 0x31), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_store_i2c_mode(&se, 3), TRUSTX_ERR_ARGUMENT);
	CHECK_INT(trustx_now_us(&se), 0);
	trustx_close(&se);
	trustx_close(NULL);
}

static void a_tiny_command_buffer_is_not_believed(void)
{
	static const char *const answers[] = { "00 00 00 02 01 0F", "00 00 00 02 00 00",
		"00 00 00 01 FF", "00 00 00 00" };

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct script *s = script_new();
		const struct trustx_bus bus = script_bus(s);
		uint8_t data[257];
		size_t len = sizeof(data);
		struct trustx se;

		script_open(s, 277);
		script_exchange(s, "01 00 00 02 E0 C6", answers[i]);
		CHECK_OK(trustx_open(&se, &bus, NULL));
		CHECK_ERR(trustx_read(&se, data, &len, 0xE0E1, 0), TRUSTX_ERR_PROTOCOL);
		CHECK_STR(trustx_error_text(&se),
			"read 0xE0C6: the answer breaks the protocol (answer)");
		CHECK_INT(len, 0);
		script_done(s);
		script_free(s);
	}
}

static void a_refused_application_is_said(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx se;

	script_bring_up(s, 277);
	script_exchange(s, APDU_OPEN, "FF 00 00 00");
	script_exchange(s, "01 00 00 02 F1 C2", "FF 00 00 00");
	CHECK_ERR(trustx_open(&se, &bus, NULL), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&se),
		"open the application: the chip refused: the application is not open (0x0C)");
	script_done(s);
	script_free(s);
}

static void a_mode_is_stored_and_read_back(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx_error detail;
	struct trustx se;

	script_open(s, 277);
	script_write_hex(s, "89 80 04");
	script_read_hex(s, 0x89, "00 04");
	script_write_hex(s, "89 80 01");
	script_read_hex(s, 0x89, "00 03");
	script_read_anew(s, 0x89, "00 03");
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_store_i2c_mode(&se, 4));
	CHECK_ERR(trustx_store_i2c_mode(&se, 1), TRUSTX_ERR_PROTOCOL);
	trustx_error(&se, &detail);
	CHECK_INT(detail.layer, TRUSTX_LAYER_PHYSICAL);
	CHECK_INT(detail.command, 0);
	CHECK_ERR(trustx_store_i2c_mode(&se, 0), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_store_i2c_mode(&se, 5), TRUSTX_ERR_ARGUMENT);
	script_done(s);
	script_free(s);
}

static void a_slow_mode_slows_the_clock_first(void)
{
	const struct trustx_options opt = { .speed_hz = 1000000 };
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx se;

	script_write_hex(s, "88 00 00");
	script_read_hex(s, 0x82, "08 00 00 00");
	script_read_hex(s, 0x84, "00 00 03 E8");
	script_read_anew(s, 0x84, "00 00 03 E8");
	script_write_hex(s, "81 01 15");
	script_read_hex(s, 0x81, "01 15");
	finish_open(s);
	script_write_hex(s, "89 80 03");
	script_read_hex(s, 0x89, "00 03");
	CHECK_OK(trustx_open(&se, &bus, &opt));
	CHECK_INT(s->hz, 1000000);
	CHECK_OK(trustx_store_i2c_mode(&se, 3));
	CHECK_INT(s->hz, 400000);
	script_done(s);
	script_free(s);
}

static void the_handle_follows_to_a_stored_address(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx se;

	script_open(s, 277);
	script_write_hex(s, "83 80 31");
	script_step(s, STEP_ADDRESS)->len = 0x31;
	script_read_hex(s, 0x82, "08 00 00 00");
	script_exchange(s, "01 00 00 06 E0 C5 00 00 00 01", "00 00 00 01 00");
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_store_address(&se, 0x31));
	{
		uint8_t sec;
		size_t len = 1;

		CHECK_OK(trustx_read(&se, &sec, &len, TRUSTX_OID_SEC, 0));
	}
	CHECK_ERR(trustx_store_address(&se, 0x07), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_store_address(&se, 0x78), TRUSTX_ERR_ARGUMENT);
	script_done(s);
	script_free(s);
}

static void two_handles_do_not_know_each_other(void)
{
	struct script *one = script_new(), *two = script_new();
	const struct trustx_bus bus_one = script_bus(one), bus_two = script_bus(two);
	const struct trustx_options opt = { .frame_size = 16 };
	uint8_t a[27], b[27];
	struct trustx se_one, se_two;

	script_open(one, 277);
	script_open(two, 16);
	script_exchange(one, "01 00 00 06 E0 C2 00 00 00 1B",
		"00 00 00 1B CD16336B01001C000100000A085255000A005C0046801010711118");
	script_exchange(two, "01 00 00 06 E0 C2 00 00 00 1B",
		"00 00 00 1B CD16336B01001C000100000A085255000A005C0047801010711118");
	CHECK_OK(trustx_open(&se_one, &bus_one, NULL));
	CHECK_OK(trustx_open(&se_two, &bus_two, &opt));
	CHECK_OK(trustx_read_uid(&se_one, a));
	CHECK_OK(trustx_read_uid(&se_two, b));
	CHECK_INT(a[20], 0x46);
	CHECK_INT(b[20], 0x47);
	CHECK(trustx_now_us(&se_one) != trustx_now_us(&se_two));
	script_done(one);
	script_done(two);
	script_free(one);
	script_free(two);
}

int main(void)
{
	RUN(every_frame_size_can_be_asked_for);
	RUN(a_bus_with_short_transfers_limits_the_frame);
	RUN(a_chip_with_shorter_frames_is_followed);
	RUN(impossible_frame_sizes_are_no_chip_of_ours);
	RUN(a_disturbed_setting_is_read_again);
	RUN(a_setting_that_never_settles_is_an_error);
	RUN(what_does_not_look_like_the_chip_is_refused);
	RUN(the_start_up_time_is_kept);
	RUN(a_chip_that_starts_late_is_waited_for);
	RUN(the_reset_line_is_used_if_there_is_one);
	RUN(power_is_cycled_only_on_request);
	RUN(a_chip_deaf_to_the_soft_reset_is_pulled_down);
	RUN(fast_mode_plus_is_asked_for_by_its_volatile_form);
	RUN(a_chip_that_stays_slow_sets_the_clock);
	RUN(the_slower_of_wish_and_bus_is_the_clock);
	RUN(another_address_is_used_when_given);
	RUN(impossible_options_are_refused_before_anything_is_sent);
	RUN(a_handle_that_is_not_open_refuses_every_call);
	RUN(a_tiny_command_buffer_is_not_believed);
	RUN(a_refused_application_is_said);
	RUN(a_mode_is_stored_and_read_back);
	RUN(a_slow_mode_slows_the_clock_first);
	RUN(the_handle_follows_to_a_stored_address);
	RUN(two_handles_do_not_know_each_other);
	return 0;
}
