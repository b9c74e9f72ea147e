/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The I2C engine of the simulated FT260: reports in, transactions on the bus, status and data out. */
#include "ft260-world.h"

#define SIXTY                                                         \
	"81 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define ZEROS \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define FRAME_LEN "D0 30 06 01 81" /* select DATA_REG_LEN */

static void a_write_and_a_read_reach_the_chip(void)
{
	struct world w = world_open(NULL);

	CHECK_INT(world_status(&w), 0x20);
	world_out(&w, "D0 30 06 03 81 00 20");
	CHECK_INT(world_settled(&w), 0x20);
	world_wait(&w, 50 * NS_PER_US);
	world_expect_register(&w, FRAME_LEN, "0020 FFFF");
	world_expect_register(&w, "D0 30 06 01 82", "08000000");
	world_close(&w);
}

/* Hosts send 64 bytes, zero padded, and one id for every length, or exactly what is needed. */
static void lengths_are_taken_as_they_come(void)
{
	struct world w = world_open(NULL);

	world_expect_register(&w, "DE 30 06 01 84 " ZEROS ZEROS " 00", "00000190 FF");
	world_expect_register(&w, "D3 30 06 01 84", "00000190 FF");
	world_close(&w);
}

static void what_is_no_request_is_ignored(void)
{
	static const char *const reports[] = { "D0 30 06 05 81 00 30 00 00",
		"D1 30 06 05 81 00 30 00", "D0 30 06", "D0", "C2 30 06 04", "C2", "C1 30 06 04 00",
		"DF 30 06 01 81", "CF 30 06 01 81", "F0 01 55", "00" };
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		world_out(&w, reports[i]);
		CHECK_INT(world_status(&w), 0x20);
		CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	}
	world_expect_register(&w, FRAME_LEN, "0115");
	world_close(&w);
}

static void while_it_works_only_busy_counts(void)
{
	struct world w = world_open(NULL);

	world_set(&w, "A1 22 64 00");
	world_out(&w, "DE 30 06 3C " SIXTY);
	CHECK_INT(world_status(&w), 0x41);
	world_wait(&w, 5500 * NS_PER_US); /* 60 bytes, an address, START and STOP: 551 bits */
	CHECK_INT(world_status(&w), 0x41);
	world_wait(&w, 10 * NS_PER_US);
	CHECK_INT(world_status(&w), 0x20);
	world_close(&w);
}

static void a_held_write_is_one_transaction(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 02 01 81");
	CHECK_INT(world_settled(&w), 0x40);
	world_wait(&w, 30 * NS_PER_MS);
	world_out(&w, "D0 30 00 01 00");
	CHECK_INT(world_settled(&w), 0x60);
	world_out(&w, "D0 30 04 01 40");
	CHECK_INT(world_settled(&w), 0x20);
	world_wait(&w, 50 * NS_PER_US);
	world_expect_register(&w, FRAME_LEN, "0040");
	CHECK_INT(sim_guard_violations(w.chip), 0);
	world_close(&w);
}

/* As 6.1's driver does it. */
static void a_write_in_pieces_with_stops_is_several(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 06 01 81");
	CHECK_INT(world_settled(&w), 0x20);
	world_out(&w, "D0 30 06 02 00 40");
	CHECK_INT(world_settled(&w), 0x20);
	world_wait(&w, 50 * NS_PER_US);
	world_expect_register(&w, FRAME_LEN, "0115");
	world_close(&w);
}

/* An answer of more than one report, ready to be read. */
static void prepare_frame(struct world *w)
{
	uint8_t ack[5];
	struct host h;
	uint32_t state;

	sim_wait_until(w->chip, w->now);
	host_attach(&h, w->chip);
	host_open_application(&h);
	host_send_apdu(&h, (const uint8_t *)"\x0C\x00\x00\x02\x01\x00", 6);
	while (((state = host_state(&h)) & 0x40000000) == 0 || (state & 0xFFFF) == 5) {
		if (state & 0x40000000)
			host_read(&h, 0x80, ack, sizeof(ack));
		sim_delay(w->chip, 500);
	}
	CHECK_INT(state & 0xFFFF, 266);
	w->now = sim_now_ns(w->chip) + 50 * NS_PER_US;
	world_out(w, "D0 30 06 01 80");
	CHECK_INT(world_settled(w), 0x20);
	world_wait(w, 50 * NS_PER_US);
}

static void expect_frame(struct world *w, const uint8_t *frame, size_t len)
{
	CHECK_INT(host_crc(frame, len - 2), frame[len - 2] << 8 | frame[len - 1]);
	world_wait(w, 50 * NS_PER_US);
	world_expect_register(w, "D0 30 06 01 82", "08000000");
}

static void a_long_read_comes_in_several_reports(void)
{
	struct world w = world_open(NULL);
	uint8_t frame[277];

	prepare_frame(&w);
	world_out(&w, "C2 30 06 0A01");
	world_collect(&w, frame, 266);
	CHECK_INT(world_settled(&w), 0x20);
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	world_wait(&w, 50 * NS_PER_US);
	CHECK_INT(host_crc(frame, 264), frame[264] << 8 | frame[265]);
	world_close(&w);
}

static void a_held_read_is_one_transaction(void)
{
	struct world w = world_open(NULL);
	uint8_t frame[277];

	prepare_frame(&w);
	world_out(&w, "C2 30 02 3C00");
	world_collect(&w, frame, 60);
	CHECK_INT(world_settled(&w), 0x40);
	world_wait(&w, 5 * NS_PER_MS);
	world_out(&w, "C2 30 00 0100");
	world_collect(&w, frame + 60, 1);
	CHECK_INT(world_settled(&w), 0x60);
	world_out(&w, "C2 30 04 CD00");
	world_collect(&w, frame + 61, 205);
	CHECK_INT(world_settled(&w), 0x20);
	expect_frame(&w, frame, 266);
	world_close(&w);
}

static void sixty_two_bytes_are_sixty_and_two(void)
{
	struct world w = world_open(NULL);
	uint8_t report[FT260_REPORT_MAX];

	world_out(&w, "C2 30 06 3E00");
	CHECK_INT(world_in(&w, report), 62);
	CHECK_INT(report[0], 0xDE);
	CHECK_INT(report[1], 60);
	world_expect_in(&w, "D0 02 FFFF 0000");
	world_close(&w);
}

/* Who is not there: address and what follows, with and without STOP. */
static void a_nack_shows_in_the_status(void)
{
	static const struct {
		const char *request;
		uint8_t status;
	} cases[] = {
		{ "D0 31 06 03 81 00 40", 0x2E },
		{ "D0 31 06 00", 0x26 },
		{ "D0 31 02 01 81", 0x4E },
		{ "D0 31 02 00", 0x46 },
		{ "C2 31 06 0400", 0x26 },
		{ "C2 31 02 0400", 0x46 },
		{ "C2 31 07 0400", 0x26 },
		{ "C2 31 06 3C00", 0x26 },
	};
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_out(&w, cases[i].request);
		CHECK_INT(world_settled(&w), cases[i].status);
		CHECK_INT(world_settled(&w), cases[i].status);
		world_set(&w, "A1 20");
		CHECK_INT(world_status(&w), 0x20);
		CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	}
	CHECK(world_answers(&w));
	world_close(&w);
}

static void an_error_is_of_the_last_operation(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 31 06 01 81");
	CHECK_INT(world_settled(&w), 0x2E);
	world_out(&w, "D0 30 06 01 81");
	CHECK_INT(world_settled(&w), 0x20);
	world_close(&w);
}

static void a_nacked_write_takes_the_time_of_its_bytes(void)
{
	struct world w = world_open(NULL);

	world_set(&w, "A1 22 64 00");
	world_out(&w, "DE 31 06 3C " SIXTY);
	world_wait(&w, 5500 * NS_PER_US);
	CHECK_INT(world_status(&w), 0x41);
	world_wait(&w, 10 * NS_PER_US);
	CHECK_INT(world_status(&w), 0x2E);
	world_close(&w);
}

static void a_nacked_read_brings_garbage(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "C2 31 06 0500");
	world_expect_in(&w, "D1 05 FFFFFFFFFF 000000");
	CHECK_INT(world_settled(&w), 0x26);
	world_close(&w);
}

static void a_nack_on_a_read_of_more_than_sixty_is_lost(void)
{
	uint8_t data[61];
	struct world w = world_open(NULL);

	world_out(&w, "C2 31 06 3D00");
	world_collect(&w, data, 61);
	for (size_t i = 0; i < sizeof(data); i++)
		CHECK_INT(data[i], 0xFF);
	CHECK_INT(world_settled(&w), 0x20);
	/* Asked for in two requests it shows, in both. */
	world_out(&w, "C2 31 02 3C00");
	world_collect(&w, data, 60);
	CHECK_INT(world_settled(&w), 0x46);
	world_out(&w, "C2 31 04 0100");
	world_collect(&w, data, 1);
	CHECK_INT(world_settled(&w), 0x26);
	world_close(&w);
}

static void a_bus_that_stays_held_answers_nobody(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 31 02 01 81");
	CHECK_INT(world_settled(&w), 0x4E);
	world_out(&w, "D0 30 06 01 81"); /* on this bus a repeated START */
	CHECK_INT(world_settled(&w), 0x2E);
	CHECK(world_answers(&w));
	world_close(&w);
}

static void the_chip_does_not_know_a_repeated_start(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 02 01 84");
	CHECK_INT(world_settled(&w), 0x40);
	world_out(&w, "C2 30 07 0400");
	world_expect_in(&w, "D0 04 FFFFFFFF");
	CHECK_INT(world_settled(&w), 0x26);
	world_wait(&w, 50 * NS_PER_US);
	world_out(&w, "C2 30 06 0400"); /* the write took effect */
	world_expect_in(&w, "D0 04 00000190");
	world_close(&w);
}

static void bytes_without_start_reach_nobody(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 04 03 81 00 40");
	CHECK_INT(world_settled(&w), 0x2A);
	world_out(&w, "C2 30 04 0200");
	world_expect_in(&w, "D0 02 FFFF 0000");
	world_settled(&w);
	world_expect_register(&w, FRAME_LEN, "0115");
	world_close(&w);
}

static void i2c_reset_ends_everything(void)
{
	struct world w = world_open(NULL);

	world_out(&w, "D0 30 02 01 84");
	world_out(&w, "C2 30 07 3D00");
	CHECK(ft260_in_due(w.f, 0) != FT260_NEVER);
	world_set(&w, "A1 20");
	CHECK_INT(ft260_in_due(w.f, 0), FT260_NEVER);
	CHECK_INT(world_status(&w), 0x20);
	world_wait(&w, 2 * NS_PER_MS);
	world_expect_register(&w, "D0 30 06 01 84", "00000190");
	world_expect(&w, 0, "C0 20 9001 00"); /* the clock is kept */
	world_close(&w);
}

static void clocks_out_of_range_are_100_khz(void)
{
	static const char *const cases[][2] = {
		{ "A1 22 3B00", "C0 20 6400 00" }, /* 59 */
		{ "A1 22 3C00", "C0 20 3C00 00" },
		{ "A1 22 480D", "C0 20 480D 00" }, /* 3400 */
		{ "A1 22 490D", "C0 20 6400 00" },
		{ "A1 22 E803", "C0 20 E803 00" },
		{ "A1 22 E8", "C0 20 E803 00" }, /* half of it: ignored */
		{ "A1 22 0000", "C0 20 6400 00" },
		{ "A1 22 FFFF", "C0 20 6400 00" },
	};
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_set(&w, cases[i][0]);
		world_expect(&w, 0, cases[i][1]);
	}
	world_close(&w);
}

static void the_chip_is_deaf_above_its_clock(void)
{
	struct world w = world_open(NULL);

	world_set(&w, "A1 22 9101");
	CHECK(!world_answers(&w));
	world_set(&w, "A1 22 9001");
	CHECK(world_answers(&w));
	world_out(&w, "D0 30 06 03 89 00 04");
	CHECK_INT(world_settled(&w), 0x20);
	world_set(&w, "A1 22 E803");
	CHECK(world_answers(&w));
	world_close(&w);
}

static void one_report_of_each_direction_a_millisecond(void)
{
	uint8_t report[FT260_REPORT_MAX];
	struct world w = world_open(NULL);
	uint64_t start = w.now;
	size_t len;

	world_out(&w, "D0 30 02 01 80");
	CHECK_INT(w.now - start, NS_PER_MS);
	world_out(&w, "D0 30 04 01 00");
	CHECK_INT(w.now - start, 2 * NS_PER_MS);
	world_wait(&w, 20 * NS_PER_MS);
	start = w.now;
	world_out(&w, "C2 30 06 0400");
	CHECK_INT(ft260_in_due(w.f, 0) - start, 2 * NS_PER_MS); /* 0.1 ms of bits inside */
	CHECK_INT(ft260_in(w.f, w.now, 0, report, &len), FT260_OK);
	CHECK_INT(len, 0);
	CHECK(world_in(&w, report) > 0);
	world_set(&w, "A1 22 480D");
	start = w.now;
	world_out(&w, "C2 31 06 B400");
	for (uint64_t i = 2; i <= 4; i++) {
		CHECK_INT(world_in(&w, report), 62);
		CHECK_INT(w.now - start, i * NS_PER_MS);
	}
	world_close(&w);
}

static void bits_count_where_they_take_longer(void)
{
	uint8_t report[FT260_REPORT_MAX];
	struct world w = world_open(NULL);
	uint64_t start = w.now;

	world_out(&w, "C2 30 06 7800");
	for (uint64_t i = 1; i <= 2; i++) {
		CHECK_INT(world_in(&w, report), 62);
		CHECK_INT(w.now - start, NS_PER_MS + (10 + i * 540) * 2500);
	}
	world_close(&w);
}

/* One report is being worked on, one waits, the next one is not taken. */
static void output_reports_wait_for_the_engine(void)
{
	struct world w = world_open(NULL);
	uint64_t start = w.now, bits = 10 * NS_PER_US;

	world_set(&w, "A1 22 64 00");
	world_out(&w, "DE 31 02 3C " SIXTY);
	world_out(&w, "DE 31 00 3C " SIXTY);
	CHECK_INT(w.now - start, 2 * NS_PER_MS);
	world_out(&w, "DE 31 00 3C " SIXTY);
	CHECK_INT(w.now - start, NS_PER_MS + 550 * bits);
	world_out(&w, "DE 31 04 3C " SIXTY);
	CHECK_INT(w.now - start, NS_PER_MS + 1090 * bits);
	world_wait(&w, 1080 * bits);
	CHECK_INT(world_status(&w), 0x41);
	world_wait(&w, bits);
	CHECK_INT(world_status(&w), 0x2E);
	world_close(&w);
}

static void nothing_on_the_bus_is_no_trouble(void)
{
	struct world w = { .f = ft260_new(NULL, NULL) };

	world_out(&w, "D0 30 06 03 81 00 40");
	CHECK_INT(world_settled(&w), 0x2E);
	world_out(&w, "C2 30 06 0100");
	world_expect_in(&w, "D0 01 FF 000000");
	CHECK_INT(world_settled(&w), 0x26);
	world_set(&w, "B0 00 00 00 20");
	world_set(&w, "A1 20");
	ft260_free(w.f);
}

static void a_host_that_does_not_read_loses_what_is_too_much(void)
{
	uint8_t report[FT260_REPORT_MAX];
	struct world w = world_open(NULL);
	size_t n = 0;

	world_set(&w, "A1 22 480D");
	world_out(&w, "C2 31 06 FFFF");
	world_out(&w, "C2 31 06 FFFF");
	while (world_in(&w, report) > 0)
		n++;
	CHECK(n >= 1093);
	world_set(&w, "A1 20");
	world_set(&w, "A1 22 9001");
	CHECK(!world_answers(&w)); /* asleep */
	CHECK(world_answers(&w));
	world_close(&w);
}

int main(void)
{
	RUN(a_write_and_a_read_reach_the_chip);
	RUN(lengths_are_taken_as_they_come);
	RUN(what_is_no_request_is_ignored);
	RUN(while_it_works_only_busy_counts);
	RUN(a_held_write_is_one_transaction);
	RUN(a_write_in_pieces_with_stops_is_several);
	RUN(a_long_read_comes_in_several_reports);
	RUN(a_held_read_is_one_transaction);
	RUN(sixty_two_bytes_are_sixty_and_two);
	RUN(a_nack_shows_in_the_status);
	RUN(an_error_is_of_the_last_operation);
	RUN(a_nacked_write_takes_the_time_of_its_bytes);
	RUN(a_nacked_read_brings_garbage);
	RUN(a_nack_on_a_read_of_more_than_sixty_is_lost);
	RUN(a_bus_that_stays_held_answers_nobody);
	RUN(the_chip_does_not_know_a_repeated_start);
	RUN(bytes_without_start_reach_nobody);
	RUN(i2c_reset_ends_everything);
	RUN(clocks_out_of_range_are_100_khz);
	RUN(the_chip_is_deaf_above_its_clock);
	RUN(one_report_of_each_direction_a_millisecond);
	RUN(bits_count_where_they_take_longer);
	RUN(output_reports_wait_for_the_engine);
	RUN(nothing_on_the_bus_is_no_trouble);
	RUN(a_host_that_does_not_read_loses_what_is_too_much);
	return 0;
}
