/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What a power cut leaves in the memory of the simulated chip. */
#include "sim-host.h"

#define CERT	 0xE0E1
#define ANCHOR	 0xE0E8
#define LEN	 1000u
#define PAGES	 16u
#define WRITE_US 102000u /* 2000 + 100 for each byte */

#define MAKE_KEY "38 03 0009 01 0002 E0F1 02 0001 10"
#define SIGN	 "31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E0F1"

static struct sim_info info(void)
{
	struct sim_info i;
	struct fail f;

	CHECK_OK(sim_info(&i, "chip", &f));
	return i;
}

static uint32_t cycles(uint16_t oid)
{
	struct sim_info i = info();

	for (size_t n = 0; n < i.objects; n++)
		if (i.cycles[n].oid == oid)
			return i.cycles[n].count;
	return 0;
}

static void start(struct host *h, const struct sim_options *opt)
{
	host_attach(h, host_open("chip", opt));
	sim_set_speed(h->sim, 400000);
	host_open_application(h);
}

static void renew(void)
{
	struct fail f;

	host_remove("chip");
	CHECK_OK(sim_new("chip", NULL, &f));
}

static bool answers(struct host *h)
{
	return sim_transfer(h->sim, h->addr, NULL, 0, NULL, 0) == SIM_DONE;
}

/* Milliseconds from now to the first acknowledge, one STOP after the other. */
static unsigned startup_ms(struct host *h)
{
	uint64_t begin = sim_now_ns(h->sim);

	while (!answers(h))
		sim_delay(h->sim, 50);
	return (unsigned)((sim_now_ns(h->sim) - begin + 300000) / 1000000);
}

/* LEN bytes into an object, all the same. param: 00 write, 40 erase first. */
static void send_write(struct host *h, uint8_t param, uint16_t oid, size_t offset, uint8_t byte)
{
	uint8_t apdu[8 + LEN] = { 0x02, param, (4 + LEN) >> 8, (4 + LEN) & 0xFF,
		(uint8_t)(oid >> 8), (uint8_t)oid, (uint8_t)(offset >> 8), (uint8_t)offset };

	memset(apdu + 8, byte, LEN);
	host_send_apdu(h, apdu, sizeof(apdu));
}

static void write_all(struct host *h, uint16_t oid, uint8_t byte)
{
	uint8_t apdu[8 + LEN] = { 0x02, 0x40, (4 + LEN) >> 8, (4 + LEN) & 0xFF, (uint8_t)(oid >> 8),
		(uint8_t)oid };

	memset(apdu + 8, byte, LEN);
	CHECK_INT(host_apdu(h, apdu, sizeof(apdu)), 0);
}

static void read_all(struct host *h, uint16_t oid)
{
	uint8_t apdu[10] = { 0x01, 0x00, 0x00, 0x06, (uint8_t)(oid >> 8), (uint8_t)oid, 0, 0, 0x06,
		0x00 };

	CHECK_INT(host_apdu(h, apdu, sizeof(apdu)), 0);
}

/* How many bytes at the beginning of the answer are this one. */
static size_t count(const struct host *h, size_t from, uint8_t byte)
{
	size_t n = from;

	while (n < h->len && h->data[n] == byte)
		n++;
	return n - from;
}

/* Power off for a moment; the application is open afterwards. Returns how long it took to start. */
static unsigned cycle_power(struct host *h)
{
	unsigned ms;

	sim_set_power(h->sim, false);
	sim_set_power(h->sim, true);
	ms = startup_ms(h);
	h->sent_nr = h->received_nr = 3;
	host_open_application(h);
	return ms;
}

static void a_certificate_is_left_as_whole_pages(void)
{
	size_t seen = 0, last = 0;
	struct host h;

	renew();
	start(&h, NULL);
	for (uint32_t us = 500; us < WRITE_US - 1500; us += 1500) {
		write_all(&h, CERT, 0xAA);
		send_write(&h, 0x40, CERT, 0, 0xBB);
		sim_delay(h.sim, us);
		CHECK_INT(cycle_power(&h), 12);
		read_all(&h, CERT);
		if (h.len == LEN && h.data[0] == 0xAA) {
			CHECK(us < WRITE_US / 17);
			continue;
		}
		CHECK_INT(count(&h, 0, 0xBB), h.len);
		CHECK(h.len % 64 == 0 || h.len == LEN);
		CHECK(h.len >= last);
		seen += h.len > last;
		last = h.len;
	}
	CHECK_INT(seen, PAGES);
	CHECK_INT(last, LEN);
	CHECK_INT(cycle_power(&h), 10);
	sim_close(h.sim);
}

static void a_write_into_a_certificate_leaves_the_other_pages(void)
{
	struct host h;

	renew();
	start(&h, NULL);
	write_all(&h, ANCHOR, 0xAA);
	send_write(&h, 0x00, ANCHOR, 10, 0xBB);
	sim_delay(h.sim, WRITE_US / 2);
	CHECK_INT(cycle_power(&h), 12);
	read_all(&h, ANCHOR);
	CHECK_INT(h.len, LEN);
	CHECK_INT(count(&h, 0, 0xAA), 10);
	CHECK_INT(count(&h, 10, 0xBB), 8 * 64 - 10);
	CHECK_INT(count(&h, 8 * 64, 0xAA), LEN - 8 * 64);
	sim_close(h.sim);
}

static void a_write_after_erasing_begins_at_its_offset(void)
{
	const struct sim_options erased = { .cut = 2 }, one_page = { .cut = 3 };
	struct host h;

	for (unsigned pages = 0; pages < 2; pages++) {
		renew();
		start(&h, pages == 0 ? &erased : &one_page);
		send_write(&h, 0x40, CERT, 100, 0xBB);
		sim_delay(h.sim, 2 * WRITE_US);
		sim_close(h.sim);
		start(&h, NULL);
		read_all(&h, CERT);
		CHECK_INT(h.len, pages * 128);
		CHECK_INT(count(&h, 0, 0x00), pages * 100);
		CHECK_INT(count(&h, pages * 100, 0xBB), pages * 28);
		sim_close(h.sim);
	}
}

/* The command with this execution time leaves what was before, or after: nothing in between. */
static void expect_whole(const char *command, uint32_t us, const char *question, const char *before,
	const char *after)
{
	uint8_t apdu[HOST_MAX];
	size_t len = host_bytes(apdu, sizeof(apdu), command);
	struct host h;

	for (uint32_t percent = 10; percent < 100; percent += 20) {
		renew();
		start(&h, NULL);
		host_send_apdu(&h, apdu, len);
		sim_delay(h.sim, us / 100 * percent);
		CHECK_INT(cycle_power(&h), 12);
		host_yields(&h, question, percent < 50 ? before : after);
		CHECK_INT(cycle_power(&h), 10);
		CHECK_INT(info().key_generations[1], percent >= 50 && command[0] == '3');
		sim_close(h.sim);
	}
}

static void everything_else_is_left_whole(void)
{
	expect_whole("02 00 0014 F1D0 0000 0102030405060708090A0B0C0D0E0F10", 3600,
		"01 00 0006 F1D0 0000 0010", "00000000000000000000000000000000",
		"0102030405060708090A0B0C0D0E0F10");
	expect_whole("02 01 0009 F1D0 0000 20 03 C0 01 03", 12000, "01 01 0002 F1D0",
		"20 11 C0 01 01 C4 01 64 C5 01 64 D0 03 E1FC07 D1 01 00",
		"20 11 C0 01 03 C4 01 64 C5 01 64 D0 03 E1FC07 D1 01 00");
	expect_whole(MAKE_KEY, 76000, "01 01 0002 E0F1", "20 0B C0 01 01 D0 03 E1FC07 D3 01 00",
		"20 11 C0 01 01 D0 03 E1FC07 D3 01 00 E0 01 03 E1 01 10");
}

static void closing_the_file_is_a_power_cut(void)
{
	struct host h;

	renew();
	start(&h, NULL);
	send_write(&h, 0x40, CERT, 0, 0xBB);
	sim_delay(h.sim, WRITE_US / 2);
	sim_close(h.sim);
	CHECK(info().pending);
	host_attach(&h, host_open("chip", NULL));
	CHECK_INT(startup_ms(&h), 12);
	CHECK(!info().pending);
	host_open_application(&h);
	read_all(&h, CERT);
	CHECK(h.len > 0 && h.len < LEN && h.len % 64 == 0);
	sim_close(h.sim);
}

static void a_start_that_is_cut_is_made_up_for(void)
{
	struct host h;

	renew();
	start(&h, NULL);
	send_write(&h, 0x40, CERT, 0, 0xBB);
	sim_set_power(h.sim, false);
	sim_set_power(h.sim, true);
	sim_delay(h.sim, 11000);
	sim_set_power(h.sim, false);
	sim_set_power(h.sim, true);
	CHECK_INT(startup_ms(&h), 12);
	CHECK_INT(cycle_power(&h), 10);
	sim_close(h.sim);
}

static void at_a_commit_point_the_power_goes_for_good(void)
{
	const struct sim_options opt = { .cut = 2 };
	struct host h;

	renew();
	start(&h, &opt);
	host_send_apdu(&h, (const uint8_t *)"\x02\x00\x00\x05\xE0\xC3\x00\x00\x64", 9);
	sim_delay(h.sim, 1000);
	CHECK(answers(&h));
	sim_delay(h.sim, 3000);
	CHECK(!answers(&h));
	sim_set_power(h.sim, false);
	sim_set_power(h.sim, true);
	sim_delay(h.sim, 50000);
	CHECK(!answers(&h));
	sim_set_reset(h.sim, false);
	sim_set_reset(h.sim, true);
	sim_delay(h.sim, 50000);
	CHECK(!answers(&h));
	sim_delay(h.sim, 60000000);
	CHECK(info().pending);
	sim_close(h.sim);
	start(&h, NULL);
	host_yields(&h, "01 00 0002 E0C3", "64");
	sim_close(h.sim);
}

/* The points of a key, of its use, and of a certificate, one after the other. */
static void commit_points_are_counted_from_opening(void)
{
	static const struct {
		uint32_t cut, keys, uses, sec;
		size_t used;
	} points[] = {
		{ 1, 0, 0, 0, 1728 },
		{ 2, 1, 0, 0, 1728 },
		{ 3, 1, 0, 0, 1728 },
		{ 4, 1, 1, 1, 1728 },
		{ 5, 1, 1, 1, 1728 },
		{ 6, 1, 1, 1, 0 },
		{ 7, 1, 1, 1, 64 },
		{ 8, 1, 1, 1, 128 },
		{ 21, 1, 1, 1, 960 },
		{ 22, 1, 1, 1, 1000 },
		{ 23, 1, 1, 1, 1000 },
	};
	struct sim_options opt = { .cut = 0 };
	struct host h;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		opt.cut = points[i].cut;
		renew();
		start(&h, &opt);
		if (opt.cut > 2)
			CHECK_INT(host_run(&h, MAKE_KEY), 0);
		if (opt.cut > 4)
			CHECK_INT(host_run(&h, SIGN), 0);
		if (opt.cut <= 4) {
			uint8_t apdu[HOST_MAX];

			host_send_apdu(&h, apdu,
				host_bytes(apdu, sizeof(apdu), opt.cut <= 2 ? MAKE_KEY : SIGN));
		} else {
			send_write(&h, 0x40, CERT, 0, 0xBB);
		}
		sim_delay(h.sim, 2 * WRITE_US);
		CHECK_INT(info().pending, opt.cut < 23);
		sim_close(h.sim);
		CHECK_INT(info().key_generations[1], points[i].keys);
		CHECK_INT(info().key_uses[1], points[i].uses);
		CHECK_INT(info().sec, points[i].sec);
		start(&h, NULL);
		read_all(&h, CERT);
		CHECK_INT(h.len, points[i].used < 1536 ? points[i].used : 1536);
		sim_close(h.sim);
	}
}

static void a_prepared_cut_counts_on_through_sessions(void)
{
	struct fail f;
	struct host h;

	renew();
	CHECK_OK(sim_power_cut("chip", 5, &f));
	CHECK_INT(info().cut_after, 5);
	for (unsigned i = 0; i < 2; i++) {
		start(&h, NULL);
		CHECK_INT(host_run(&h, "02 00 0005 F1D0 0000 01"), 0);
		sim_close(h.sim);
		CHECK_INT(info().cut_after, 3 - 2 * i);
	}
	start(&h, NULL);
	host_send_apdu(&h, (const uint8_t *)"\x02\x00\x00\x05\xF1\xD0\x00\x00\x02", 9);
	sim_delay(h.sim, 3000);
	CHECK(!answers(&h));
	sim_close(h.sim);
	CHECK(info().pending);
	CHECK_INT(info().cut_after, 0);
	start(&h, NULL);
	host_yields(&h, "01 00 0006 F1D0 0000 0001", "01");
	CHECK_INT(host_run(&h, "02 00 0005 F1D0 0000 02"), 0);
	sim_close(h.sim);
}

static void a_prepared_cut_is_taken_back(void)
{
	struct fail f;
	struct host h;

	renew();
	CHECK_OK(sim_power_cut("chip", 1, &f));
	CHECK_OK(sim_power_cut("chip", 0, &f));
	start(&h, NULL);
	CHECK_INT(host_run(&h, "02 00 0005 F1D0 0000 01"), 0);
	CHECK_ERR(sim_power_cut("chip", 1, &f), TRUSTX_ERR_IN_USE);
	sim_close(h.sim);
	CHECK_ERR(sim_power_cut("nothing", 1, &f), TRUSTX_ERR_INPUT);
}

static void a_soft_reset_tears_like_a_power_cut(void)
{
	struct host h;

	renew();
	start(&h, NULL);
	send_write(&h, 0x40, CERT, 0, 0xBB);
	sim_delay(h.sim, WRITE_US / 2);
	host_write(&h, "88 0000");
	CHECK_INT(startup_ms(&h), 12);
	h.sent_nr = h.received_nr = 3;
	host_open_application(&h);
	read_all(&h, CERT);
	CHECK(h.len > 0 && h.len < LEN && h.len % 64 == 0);
	sim_close(h.sim);
}

static void cycles_are_counted_for_each_object(void)
{
	struct host h;

	renew();
	CHECK_INT(info().objects, 0);
	start(&h, NULL);
	CHECK_INT(host_run(&h, MAKE_KEY), 0);
	CHECK_INT(host_run(&h, SIGN), 0);
	CHECK_INT(host_run(&h, SIGN), 0);
	write_all(&h, CERT, 1);
	CHECK_INT(host_run(&h, "02 01 0009 E0E1 0000 20 03 C0 01 03"), 0);
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	sim_close(h.sim);
	CHECK_INT(info().objects, 3);
	CHECK_INT(cycles(0xE0F1), 1);
	CHECK_INT(cycles(0xE0C5), 2);
	CHECK_INT(cycles(CERT), 2);
	CHECK_INT(info().nvm_writes, 5);
}

static void rest_costs_a_cycle_for_each_step_down(void)
{
	struct fail f;
	struct host h;

	renew();
	start(&h, NULL);
	CHECK_INT(host_run(&h, MAKE_KEY), 0);
	for (int i = 0; i < 7; i++)
		CHECK_INT(host_run(&h, SIGN), 0);
	sim_close(h.sim);
	CHECK_INT(cycles(0xE0C5), 7);
	CHECK_OK(sim_rest("chip", 25, &f));
	CHECK_INT(info().sec, 2);
	CHECK_INT(cycles(0xE0C5), 12);
}

int main(void)
{
	RUN(a_certificate_is_left_as_whole_pages);
	RUN(a_write_into_a_certificate_leaves_the_other_pages);
	RUN(a_write_after_erasing_begins_at_its_offset);
	RUN(everything_else_is_left_whole);
	RUN(closing_the_file_is_a_power_cut);
	RUN(a_start_that_is_cut_is_made_up_for);
	RUN(at_a_commit_point_the_power_goes_for_good);
	RUN(commit_points_are_counted_from_opening);
	RUN(a_prepared_cut_counts_on_through_sessions);
	RUN(a_prepared_cut_is_taken_back);
	RUN(a_soft_reset_tears_like_a_power_cut);
	RUN(cycles_are_counted_for_each_object);
	RUN(rest_costs_a_cycle_for_each_step_down);
	return 0;
}
