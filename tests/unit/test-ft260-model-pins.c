/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Settings and pins of the simulated FT260, and the reset line of the chip on one of them. */
#include "ft260-world.h"

static void it_says_what_it_is(void)
{
	static const struct ft260_options odd = { .mode = FT260_I2C_ONLY,
		.chip_id = 0x1234,
		.has_uart_mode = true,
		.uart_mode = 2,
		.hid_over_i2c = true,
		.no_power_saving = true };
	static const struct ft260_options uart = { .mode = FT260_UART_ONLY };
	struct world w = world_open(NULL);

	world_expect(&w, 0, "A0 0260 02 00 0000000000000000");
	world_expect(&w, 0, "A1 00 02 00 01 01 04 00 01 03 06 00 01 06 01 0000000000000000000000");
	world_expect(&w, 1, "A1 00 02 00 01 01 04 00 01 03 06 00 01 06 01 0000000000000000000000");
	world_expect(&w, 1, "E0 04 80250000 08 00 00 00");
	world_expect(&w, 1, "E2 00");
	world_close(&w);
	w = world_open(&odd);
	world_expect(&w, 0, "A0 1234 02 00 0000000000000000");
	world_expect(&w, 0, "A1 01 02 00 01 01 02 01 01 03 06 00 01 06 00 0000000000000000000000");
	world_close(&w);
	w = world_open(&uart);
	world_expect(&w, 0, "A1 02 02 00 01 00 04 00 01 03 06 00 01 06 01 0000000000000000000000");
	world_set(&w, "A1 02 01"); /* has no effect: the pins DCNF decide */
	world_expect(&w, 0, "A1 02 02 00 01 00 04 00 01 03 06 00 01 06 01 0000000000000000000000");
	world_close(&w);
}

static void settings_are_kept(void)
{
	static const char *const sets[] = { "A1 01 00", "A1 03 01", "A1 05 00", "A1 06 04",
		"A1 07 00", "A1 08 04", "A1 09 05", "A1 0A 02 03", "A1 0B 01" };
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		world_set(&w, sets[i]);
	world_expect(&w, 0, "A1 00 00 00 01 01 01 00 04 04 05 01 00 0E 01 0000000000000000000000");
	world_set(&w, "A1 41 02 00C20100 07 01 02 01");
	world_expect(&w, 1, "E0 02 00C20100 07 01 02 01");
	world_set(&w, "A1 42 80250000");
	world_set(&w, "A1 43 08");
	world_set(&w, "A1 44 00");
	world_set(&w, "A1 45 00");
	world_set(&w, "A1 46 00");
	world_expect(&w, 1, "E0 02 80250000 08 00 00 00");
	world_close(&w);
}

static void values_out_of_range_and_unknown_requests_change_nothing(void)
{
	static const char *const sets[] = { "A1 01 03", "A1 02 02", "A1 03 05", "A1 05 02", "A1 06",
		"A1 06 05", "A1 08 05", "A1 09 07", "A1 0A 01", "A1 0B 02", "A1 0C 01", "A1 40",
		"A1 41 00", "A1 41 05 00C20100 07 01 02", "A1 49 11 13", "A1 61 01", "A1 FF 00" };
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		world_set(&w, sets[i]);
	world_expect(&w, 0, "A1 00 02 00 01 01 04 00 01 03 06 00 01 06 01 0000000000000000000000");
	world_close(&w);
}

/* 64 bytes, or more room than needed, or less. */
static void feature_reports_have_their_natural_length(void)
{
	uint8_t report[FT260_REPORT_MAX] = { 0xC0 },
		padded[FT260_REPORT_MAX] = { 0xA1, 0x22, 0xE8, 3 };
	struct world w = world_open(NULL);
	size_t len = sizeof(report);

	CHECK_INT(ft260_set_feature(w.f, w.now, 0, padded, sizeof(padded)), FT260_OK);
	CHECK_INT(world_try_get(&w, 0, report, &len), FT260_OK);
	CHECK_INT(len, 5);
	CHECK_MEM(report, "\xC0\x20\xE8\x03\x00", 5);
	len = 2;
	CHECK_INT(world_try_get(&w, 0, report, &len), FT260_OK);
	CHECK_INT(len, 2);
	len = 0;
	CHECK_INT(world_try_get(&w, 0, report, &len), FT260_STALL);
	world_close(&w);
}

static void reports_that_do_not_exist_stall(void)
{
	static const uint8_t ids[2][256] = { { [0xA0] = 13, [0xA1] = 26, [0xB0] = 5, [0xC0] = 5 },
		{ [0xA0] = 13, [0xA1] = 26, [0xB0] = 5, [0xE0] = 10, [0xE2] = 2 } };
	uint8_t report[FT260_REPORT_MAX];
	struct world w = world_open(NULL);

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned id = 0; id < 256; id++) {
			size_t len = sizeof(report);

			report[0] = (uint8_t)id;
			CHECK_INT(world_try_get(&w, i, report, &len),
				ids[i][id] > 0 ? FT260_OK : FT260_STALL);
			if (ids[i][id] > 0)
				CHECK_INT(len, ids[i][id]);
		}
	}
	CHECK_INT(world_try_set(&w, 0, "A0 00"), FT260_STALL);
	CHECK_INT(world_try_set(&w, 0, "C0 00 00 00 00"), FT260_STALL);
	CHECK_INT(world_try_set(&w, 0, "B0 00 00 00"), FT260_STALL);
	CHECK_INT(world_try_set(&w, 0, "A1"), FT260_STALL);
	CHECK_INT(world_try_set(&w, 2, "A1 20"), FT260_STALL);
	CHECK_INT(world_try_out(&w, 2, "C2 30 06 0100"), FT260_STALL);
	world_close(&w);
}

static void the_uart_interface_carries_no_i2c(void)
{
	const struct ft260_options uart = { .mode = FT260_UART_ONLY };
	uint8_t report[FT260_REPORT_MAX] = { 0xC0 };
	struct world w = world_open(NULL);
	size_t len = 5;

	CHECK_INT(world_try_out(&w, 1, "C2 30 06 0400"), FT260_OK);
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	CHECK_INT(ft260_in_due(w.f, 1), FT260_NEVER);
	CHECK_INT(ft260_in(w.f, w.now, 1, report, &len), FT260_OK);
	CHECK_INT(len, 0);
	world_close(&w);
	w = world_open(&uart);
	CHECK_INT(world_try_out(&w, 0, "C2 30 06 0400"), FT260_OK);
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	report[0] = 0xC0;
	len = 5;
	CHECK_INT(world_try_get(&w, 0, report, &len), FT260_STALL);
	world_close(&w);
}

static void the_reset_line_resets_the_chip(void)
{
	struct world w = world_open(NULL);

	world_set(&w, "A1 22 9001");
	CHECK(world_answers(&w));
	world_expect(&w, 0, "B0 03 00 20 00"); /* pulled up */
	world_set(&w, "B0 00 00 20 20");
	CHECK(world_answers(&w));
	world_set(&w, "B0 00 00 00 20");
	world_expect(&w, 0, "B0 03 00 00 20");
	world_wait(&w, 2 * NS_PER_MS);
	CHECK(!world_answers(&w));
	world_wait(&w, 20 * NS_PER_MS);
	CHECK(!world_answers(&w));
	world_set(&w, "B0 00 00 20 20");
	world_wait(&w, 7 * NS_PER_MS);
	CHECK(!world_answers(&w));
	world_wait(&w, 3 * NS_PER_MS);
	CHECK(world_answers(&w));
	world_set(&w, "B0 00 00 00 20");
	CHECK(!world_answers(&w));
	world_set(&w, "B0 00 00 00 00"); /* an input again: the pull-up wins */
	world_wait(&w, 12 * NS_PER_MS);
	CHECK(world_answers(&w));
	world_close(&w);
}

static void a_reset_in_a_held_transaction_ends_it_for_the_chip(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 02 03 81 00 40");
	world_set(&w, "B0 00 00 00 20");
	world_wait(&w, 2 * NS_PER_MS);
	world_set(&w, "B0 00 00 20 20");
	world_wait(&w, 12 * NS_PER_MS);
	world_out(&w, "D0 30 04 00");
	world_set(&w, "A1 20");
	world_wait(&w, NS_PER_MS);
	world_expect_register(&w, "D0 30 06 01 81", "0115");
	world_close(&w);
}

/* Does this pin, as the chip's reset line, work? */
static bool works(char pin, const char *setting)
{
	const struct ft260_options opt = { .reset_pin = pin };
	bool is_letter = pin >= 'A';
	unsigned mask = 1u << (is_letter ? pin - 'A' : pin - '0');
	struct world w = world_open(&opt);
	char low[40];
	bool held;

	if (setting != NULL)
		world_set(&w, setting);
	snprintf(
		low, sizeof(low), "B0 00 %02X 00 %02X", is_letter ? 0 : mask, is_letter ? mask : 0);
	world_set(&w, low);
	held = !world_answers(&w);
	world_close(&w);
	return held;
}

static void the_uart_mode_decides_which_pins_are_gpios(void)
{
	static const char *const free_in[] = { "BCDEFH", "FH", "BE", "BEFH", "BEFH" };
	char setting[] = "A1 03 00";

	for (unsigned mode = 0; mode < 5; mode++) {
		setting[7] = (char)('0' + mode);
		for (char pin = 'A'; pin <= 'H'; pin++)
			CHECK_INT(works(pin, setting), strchr(free_in[mode], pin) != NULL);
	}
}

static void pins_with_a_function_of_their_own_are_gpios_without_it(void)
{
	CHECK(!works('A', NULL));
	CHECK(works('A', "A1 08 00"));
	CHECK(!works('G', NULL));
	CHECK(works('G', "A1 09 00"));
	CHECK(!works('2', NULL));
	CHECK(works('2', "A1 06 00"));
	CHECK(!works('3', NULL));
	CHECK(works('3', "A1 05 00"));
	CHECK(!works('4', NULL));
	CHECK(works('4', "A1 07 00"));
	CHECK(!works('5', NULL));
	CHECK(works('5', "A1 07 00"));
}

static void a_pin_that_becomes_the_uarts_releases_the_reset(void)
{
	struct world w = world_open(NULL);

	world_set(&w, "B0 00 00 00 20");
	CHECK(!world_answers(&w));
	world_set(&w, "A1 03 02");
	world_wait(&w, 12 * NS_PER_MS);
	CHECK(world_answers(&w));
	world_expect(&w, 0, "B0 03 00 20 20");
	world_set(&w, "B0 00 00 20 00"); /* ignored: the direction stays */
	world_expect(&w, 0, "B0 03 00 20 20");
	world_close(&w);
}

static void a_board_may_have_no_reset_line(void)
{
	const struct ft260_options opt = { .reset_pin = '-' };
	struct world w = world_open(&opt);

	world_set(&w, "B0 00 00 00 FF");
	CHECK(world_answers(&w));
	world_close(&w);
}

static void without_i2c_mode_nothing_reaches_the_chip(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 02 01 81");
	world_set(&w, "A1 02 00");
	world_out(&w, "C2 30 06 0400");
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	world_set(&w, "A1 02 01");
	CHECK_INT(world_status(&w), 0x20);
	CHECK(world_answers(&w));
	world_close(&w);
}

int main(void)
{
	RUN(it_says_what_it_is);
	RUN(settings_are_kept);
	RUN(values_out_of_range_and_unknown_requests_change_nothing);
	RUN(feature_reports_have_their_natural_length);
	RUN(reports_that_do_not_exist_stall);
	RUN(the_uart_interface_carries_no_i2c);
	RUN(the_reset_line_resets_the_chip);
	RUN(a_reset_in_a_held_transaction_ends_it_for_the_chip);
	RUN(the_uart_mode_decides_which_pins_are_gpios);
	RUN(pins_with_a_function_of_their_own_are_gpios_without_it);
	RUN(a_pin_that_becomes_the_uarts_releases_the_reset);
	RUN(a_board_may_have_no_reset_line);
	RUN(without_i2c_mode_nothing_reaches_the_chip);
	return 0;
}
