/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#define OPEN_70	 "80 03 0015 00 70 00 0010 D276000004 47656E417574684170706C 041A"
#define OPEN_F0	 "80 03 0015 00 F0 00 0010 D276000004 47656E417574684170706C C9B6"
#define READ_MAX "80 04 0007 00 01 00 0002 E0C6 D7A2"

static void start(struct host *h)
{
	const struct sim_options seeded = { .has_seed = true, .seed = 1 };

	host_remove("chip");
	host_attach(h, host_open("chip", &seeded));
}

static void stop(struct host *h)
{
	sim_close(h->sim);
	h->sim = NULL;
}

/* The state once a frame is there. */
static uint32_t ready_state(struct host *h)
{
	uint32_t state;

	do
		state = host_state(h);
	while (!(state & 0x40000000));
	return state;
}

static void nothing_is_offered_for(struct host *h, unsigned ms)
{
	for (unsigned i = 0; i < ms; i++) {
		CHECK_INT(host_state(h) & 0x40000000, 0);
		sim_delay(h->sim, 1000);
	}
}

/* The whole frame as bytes, its checksum added, preceded by the register. */
static void write_frame(struct host *h, const char *text)
{
	uint8_t frame[HOST_MAX], w[HOST_MAX + 3] = { 0x80 };
	size_t len = host_bytes(frame, sizeof(frame), text);
	uint16_t crc = host_crc(frame, len);

	memcpy(w + 1, frame, len);
	w[1 + len] = (uint8_t)(crc >> 8);
	w[2 + len] = (uint8_t)crc;
	host_transfer(h, w, len + 3, NULL, 0);
}

static void opened(struct host *h)
{
	start(h);
	host_open_application(h);
}

static void the_data_sheet_exchange_is_byte_exact(void)
{
	uint8_t got[64], want[64];
	struct host h;

	start(&h);
	CHECK_INT(host_state(&h), 0x08000000);
	host_write(&h, OPEN_70);
	CHECK_INT(host_state(&h), 0x88000000);
	CHECK_INT(ready_state(&h), 0xC8000005);
	host_expect(&h, "80 0000 0CEC");
	CHECK_INT(host_state(&h), 0x88000000);
	CHECK_INT(ready_state(&h), 0x4800000A);
	host_expect(&h, "00 0005 00 00 00 0000 1487");
	CHECK_INT(host_state(&h), 0x08000000);
	host_write(&h, "80 80 0000 0CEC");
	host_write(&h, "80 04 000B 00 01 00 0006 E0C2 0000 0064 F09F");
	CHECK_INT(ready_state(&h), 0x48000025);
	CHECK_INT(host_fetch(&h, got), 37);
	host_bytes(want, sizeof(want),
		"05 0020 00 00 00 001B CD16336B01001C000100000A 000000000000000000 801010711118");
	memcpy(want + 20, got + 20, 9); /* batch, wafer X and Y are this chip's own */
	CHECK_MEM(got, want, 35);
	CHECK_INT(got[35] << 8 | got[36], host_crc(got, 35));
	host_write(&h, "80 81 0000 5630");
	CHECK_INT(host_state(&h), 0x08000000);
	stop(&h);
}

static void the_golden_session_is_byte_exact(void)
{
	uint8_t got[HOST_MAX], want[16];
	struct host h;

	start(&h);
	host_write(&h, OPEN_F0);
	host_expect(&h, "80 0000 0CEC");
	host_expect(&h, "00 0005 00 00 00 0000 1487");
	host_write(&h, "80 80 0000 0CEC");
	host_write(&h, READ_MAX);
	host_expect(&h, "05 0007 00 00 00 0002 0615 A6F1");
	host_write(&h, "80 81 0000 5630");
	host_write(&h, "80 09 000B 00 01 00 0006 E0C2 0000 0064 92AF");
	CHECK_INT(host_fetch(&h, got), 37);
	CHECK_INT(got[0], 0x0A);
	host_write(&h, "80 82 0000 B954");
	host_write(&h, "80 0E 000E 00 38 03 0009 01 0002 E0F1 02 0001 10 55A5");
	host_expect(&h, "83 0000 E388");
	CHECK_INT(host_fetch(&h, got), 81);
	host_bytes(want, sizeof(want), "0F 004C 00 00 00 0047 02 0044 03420004");
	CHECK_MEM(got, want, 15);
	CHECK_INT(got[79] << 8 | got[80], host_crc(got, 79));
	host_write(&h, "80 83 0000 E388");
	host_write(&h, "80 03 002D 00 31 11 0028 01 0020 BA7816BF8F01CFEA414140DE5DAE2223"
		       "B00361A396177A9CB410FF61F20015AD 03 0002 E0F1 C0C6");
	host_expect(&h, "80 0000 0CEC");
	CHECK(host_fetch(&h, got) >= 78);
	CHECK_INT(got[0], 0x00);
	stop(&h);
}

static void the_chained_transfer_is_byte_exact(void)
{
	uint8_t frame[HOST_MAX] = { 0x80 }, data[447], got[HOST_MAX];
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	host_write(&h, OPEN_F0);
	host_expect(&h, "80 0000 0CEC");
	host_expect(&h, "00 0005 00 00 00 0000 1487");
	host_write(&h, "80 80 0000 0CEC");
	host_write(&h, READ_MAX);
	host_expect(&h, "05 0007 00 00 00 0002 0615 A6F1");
	host_write(&h, "80 81 0000 5630");
	host_bytes(frame + 1, 12, "09 0110 01 02 40 01C3 E0E1 0000");
	memcpy(frame + 13, data, 263);
	host_bytes(frame + 276, 2, "CBDF");
	host_transfer(&h, frame, 278, NULL, 0);
	host_expect(&h, "82 0000 B954");
	host_bytes(frame + 1, 4, "0D 00B9 04");
	memcpy(frame + 5, data + 263, 184);
	host_bytes(frame + 189, 2, "F3B0");
	host_transfer(&h, frame, 191, NULL, 0);
	host_expect(&h, "83 0000 E388");
	host_expect(&h, "0B 0005 00 00 00 0000 B3EB");
	host_write(&h, "80 82 0000 B954");
	host_write(&h, "80 02 000B 00 01 00 0006 E0E1 0000 0611 F355");
	host_expect(&h, "80 0000 0CEC");
	CHECK_INT(host_fetch(&h, got), 277);
	host_bytes(frame, 8, "0C 0110 01 00 00 01BF");
	CHECK_MEM(got, frame, 8);
	CHECK_MEM(got + 8, data, 267);
	CHECK_INT(got[275] << 8 | got[276], 0x79AD);
	host_write(&h, "80 83 0000 E388");
	CHECK_INT(host_fetch(&h, got), 186);
	host_bytes(frame, 4, "00 00B5 04");
	CHECK_MEM(got, frame, 4);
	CHECK_MEM(got + 4, data + 267, 180);
	CHECK_INT(got[184] << 8 | got[185], 0xE233);
	host_write(&h, "80 80 0000 0CEC");
	CHECK_INT(host_state(&h), 0x08000000);
	stop(&h);
}

static void every_control_frame_has_its_published_bytes(void)
{
	static const char *const acks[] = { "80 0000 0CEC", "81 0000 5630", "82 0000 B954",
		"83 0000 E388" };
	static const char *const naks[] = { "A0 0000 0FD7", "A1 0000 550B", "A2 0000 BA6F",
		"A3 0000 E0B3" };
	struct host h;

	start(&h);
	for (unsigned i = 0; i < 8; i++) {
		host_write(&h, "80 00 0001 00 FFFF"); /* the checksum is wrong */
		host_expect(&h, naks[i & 3]);
		h.frame_max = 277;
		host_open_application(&h);
		/* The frame after the next one is not expected, the last one is a duplicate. */
		host_send_frame(&h, (uint8_t)((i + 2) << 2 & 0x0C), (const uint8_t *)"", 1);
		host_expect(&h, acks[i & 3]);
		host_send_frame(&h, (uint8_t)(i << 2 & 0x0C), (const uint8_t *)"", 1);
		host_expect(&h, acks[i & 3]);
	}
	stop(&h);
}

static void a_duplicate_is_acknowledged_and_not_executed_again(void)
{
	static const char generate[] = "80 04 000E 00 38 03 0009 01 0002 E0F1 02 0001 10 F5C3";
	struct sim_info info;
	struct fail f;
	struct host h;

	opened(&h);
	host_write(&h, generate);
	host_write(&h, generate); /* while it runs */
	host_expect(&h, "81 0000 5630");
	CHECK_INT(ready_state(&h) & 0xFFFF, 81);
	host_write(&h, generate); /* while the answer waits: an ACK comes before it */
	host_expect(&h, "81 0000 5630");
	CHECK_INT(ready_state(&h) & 0xFFFF, 81);
	h.sent_nr = 1;
	h.received_nr = 0;
	host_receive_packet(&h, h.data);
	host_write(&h, generate); /* after all */
	host_expect(&h, "81 0000 5630");
	nothing_is_offered_for(&h, 100);
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0);
	stop(&h);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.key_generations[1], 1);
}

static void bad_data_frames_are_rejected(void)
{
	static const char *const bad[] = {
		"80 04 0001 00 0000",	 /* checksum */
		"80 04",		 /* too short for a frame */
		"80 04 0001 00",	 /* no checksum */
		"80 04 0000 6361",	 /* empty */
		"80 04 0007 00 01 B09C", /* shorter than it says */
	};
	static const char *const unsound[] = {
		"14 0001 00",	 /* bit that is not used */
		"44 0001 00",	 /* reset of the counters in a data frame */
		"64 0001 00",	 /* sequence control that is not used */
		"04 0002 00",	 /* longer than it is */
		"04 0001 00 00", /* shorter than it is */
	};
	struct host h;

	opened(&h);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		host_write(&h, bad[i]);
		host_expect(&h, "A1 0000 550B");
	}
	for (size_t i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++) {
		write_frame(&h, unsound[i]);
		host_expect(&h, "A1 0000 550B");
	}
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0);
	stop(&h);
}

static void a_frame_longer_than_the_register_is_rejected(void)
{
	uint8_t w[HOST_MAX] = { 0x80 };
	struct host h;

	opened(&h);
	host_transfer(&h, w, 1 + 278, NULL, 0);
	host_expect(&h, "A1 0000 550B");
	host_write(&h, "81 0010");
	host_transfer(&h, w, 1 + 17, NULL, 0);
	host_expect(&h, "A1 0000 550B");
	w[1] = 0x80; /* also a control frame */
	host_transfer(&h, w, 1 + 17, NULL, 0);
	host_expect(&h, "A1 0000 550B");
	stop(&h);
}

static void bad_control_frames_are_ignored(void)
{
	static const char *const ignored[] = { "80 80", "80 80 0000", "80 80 0000 0CEC 00",
		"80 80 0001 1D65" };
	static const char *const unused[] = { "84 0000", "90 0000", "C1 0000", "E0 0000", "AC 0000",
		"82 0000", "A2 0000" };
	struct host h;

	opened(&h);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
		host_write(&h, ignored[i]);
		nothing_is_offered_for(&h, 15);
	}
	for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++) {
		write_frame(&h, unused[i]);
		nothing_is_offered_for(&h, 15);
	}
	host_write(&h, "80 80 0000 0CED"); /* the checksum is wrong */
	host_expect(&h, "A1 0000 550B");
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0);
	stop(&h);
}

static void resync_sets_both_counters_and_drops_the_answer(void)
{
	struct host h;

	opened(&h);
	host_write(&h, READ_MAX);
	CHECK_INT(ready_state(&h), 0x4800000C);
	host_write(&h, "80 C0 0000 0A9A");
	CHECK_INT(host_state(&h), 0x08000000);
	nothing_is_offered_for(&h, 50);
	h.sent_nr = h.received_nr = 3;
	host_yields(&h, "01 00 0002 E0C6", "0615");
	stop(&h);
}

static void resync_while_busy_lets_the_command_finish_unheard(void)
{
	struct sim_info info;
	struct fail f;
	struct host h;

	opened(&h);
	h.sent_nr = 0;
	host_send_apdu(
		&h, (const uint8_t *)"\x38\x03\x00\x09\x01\x00\x02\xE0\xF1\x02\x00\x01\x10", 13);
	host_write(&h, "80 C0 0000 0A9A");
	CHECK_INT(host_state(&h), 0x88000000);
	/* The next command finds the buffer taken until then. */
	write_frame(&h, "03 0007 00 01 00 0002 E0C6");
	host_expect(&h, "A0 0000 0FD7");
	sim_delay(h.sim, 76000);
	CHECK_INT(host_state(&h), 0x08000000);
	h.sent_nr = h.received_nr = 3;
	host_yields(&h, "01 00 0002 E0C6", "0615");
	stop(&h);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.key_generations[1], 1);
}

static void an_answer_nobody_acknowledges_is_offered_again(void)
{
	static const char answer[] = "05 0007 00 00 00 0002 0615 A6F1";
	struct host h;

	opened(&h);
	host_write(&h, READ_MAX);
	for (int i = 0; i < 4; i++) {
		host_expect(&h, answer);
		CHECK_INT(host_state(&h), 0x08000000);
		sim_delay(h.sim, 8000);
		CHECK_INT(host_state(&h), 0x08000000);
		sim_delay(h.sim, 3000);
		CHECK_INT(host_state(&h) & 0x40000000, 0x40000000);
	}
	host_expect(&h, "C0 0000 0A9A");
	nothing_is_offered_for(&h, 30);
	h.sent_nr = h.received_nr = 3;
	host_yields(&h, "01 00 0002 E0C6", "0615");
	stop(&h);
}

static void an_answer_nobody_reads_stays(void)
{
	struct host h;

	opened(&h);
	host_write(&h, READ_MAX);
	sim_delay(h.sim, 3600000000u);
	host_expect(&h, "05 0007 00 00 00 0002 0615 A6F1");
	stop(&h);
}

static void a_rejected_answer_comes_again_at_once(void)
{
	static const char answer[] = "05 0007 00 00 00 0002 0615 A6F1";
	struct host h;

	opened(&h);
	host_write(&h, READ_MAX);
	host_expect(&h, answer);
	host_write(&h, "80 A1 0000 550B");
	CHECK_INT(host_state(&h), 0x4800000C);
	host_expect(&h, answer);
	host_write(&h, "80 81 0000 5630");
	host_write(&h, "80 A1 0000 550B"); /* nothing is outstanding any more */
	nothing_is_offered_for(&h, 30);
	stop(&h);
}

static void the_next_command_acknowledges_or_replaces_the_answer(void)
{
	struct host h;

	opened(&h);
	host_write(&h, READ_MAX);
	host_expect(&h, "05 0007 00 00 00 0002 0615 A6F1");
	write_frame(&h, "09 0007 00 01 00 0002 E0C3");
	host_expect(&h, "0A 0006 00 00 00 0001 14 F380");
	/* Not the number of the answer: it is given up all the same. */
	write_frame(&h, "2C 0007 00 01 00 0002 E0C4");
	CHECK_INT(ready_state(&h), 0x4800000B);
	host_fetch(&h, h.data);
	CHECK_INT(h.data[0], 0x0B); /* under the number of the one given up */
	stop(&h);
}

static void commands_are_chained_at_every_frame_size(void)
{
	static const size_t sizes[] = { 16, 31, 55, 60, 120, 276, 277 };
	uint8_t apdu[8 + 1549] = { 0x02, 0x40, 0x06, 0x11, 0xE0, 0xE1, 0x00, 0x00 }, reg[3];
	struct host h;

	opened(&h);
	for (size_t i = 0; i < sizeof(apdu) - 8; i++)
		apdu[8 + i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		reg[0] = 0x81;
		reg[1] = (uint8_t)(sizes[i] >> 8);
		reg[2] = (uint8_t)sizes[i];
		host_transfer(&h, reg, 3, NULL, 0);
		h.frame_max = sizes[i];
		apdu[8] = (uint8_t)i;
		CHECK_INT(host_apdu(&h, apdu, sizeof(apdu)), 0);
		CHECK_INT(host_run(&h, "01 00 0002 E0E1"), 0);
		CHECK_INT(h.len, 1549);
		CHECK_MEM(h.data, apdu + 8, 1549);
		CHECK_INT(host_run(&h, "0C 00 0002 0100"), 0);
		CHECK_INT(h.len, 256);
		host_open_application(&h);
	}
	stop(&h);
}

static void expect_chain_error(struct host *h)
{
	uint8_t packet[HOST_MAX];

	CHECK_INT(host_receive_packet(h, packet), 1);
	CHECK_INT(packet[0], 0x07);
}

static void breaks_of_a_chain_are_answered(void)
{
	uint8_t packet[64] = { 0 };
	struct host h;

	opened(&h);
	host_write(&h, "81 0020"); /* full packets have 27 bytes */
	h.frame_max = 32;
	for (int wrong = 0; wrong < 256; wrong++) {
		packet[0] = (uint8_t)wrong;
		if (wrong == 0 || wrong == 1 || wrong == 7)
			continue;
		host_send_packet(&h, packet, 27); /* no chain is open, or no such control */
		expect_chain_error(&h);
	}
	packet[0] = 1;
	host_send_packet(&h, packet, 26); /* short first */
	expect_chain_error(&h);
	for (int i = 0; i < 4; i++) {
		static const struct {
			uint8_t control;
			size_t len;
		} second[] = { { 0, 10 }, { 1, 27 }, { 2, 26 }, { 4, 1 } };

		packet[0] = 1;
		host_send_packet(&h, packet, 27);
		CHECK_INT(host_fetch(&h, h.data), 5);
		packet[0] = second[i].control;
		host_send_packet(&h, packet, second[i].len);
		expect_chain_error(&h);
		host_yields(&h, "01 00 0002 E0C6", "0615");
	}
	stop(&h);
}

static void the_chain_error_frame_is_as_published(void)
{
	struct host h;

	opened(&h);
	/* Presence bit and presentation layer, as hosts of another chip send them. */
	write_frame(&h, "04 0008 08 20 81 01 00 02 E0F2");
	host_expect(&h, "05 0001 07 0330");
	host_write(&h, "80 C0 0000 0A9A");
	h.sent_nr = h.received_nr = 3;
	host_write(&h, "81 001F");
	for (int i = 0; i < 4; i++) /* the first answer takes two frames */
		CHECK_INT(host_run(&h, i == 0 ? "01 00 0002 E0C2" : "01 00 0002 E0C6"), 0);
	write_frame(&h, "00 0001 04");
	host_expect(&h, "04 0001 07 1F8B");
	stop(&h);
}

static void an_answer_is_started_again_after_a_chain_error_of_the_host(void)
{
	uint8_t packet[HOST_MAX];
	struct host h;

	opened(&h);
	h.frame_max = 31;
	host_write(&h, "81 001F");
	host_send_apdu(&h, (const uint8_t *)"\x01\x00\x00\x02\xE0\xC2", 6);
	CHECK_INT(host_receive_packet(&h, packet), 26);
	CHECK_INT(packet[0], 0x01);
	host_send_packet(&h, (const uint8_t *)"\x07", 1);
	CHECK_INT(host_receive_packet(&h, packet), 26);
	CHECK_INT(packet[0], 0x01);
	CHECK_INT(packet[4], 27);
	CHECK_INT(host_receive_packet(&h, packet), 7);
	CHECK_INT(packet[0], 0x04);
	stop(&h);
}

static void a_host_error_without_an_answer_is_only_acknowledged(void)
{
	struct host h;

	start(&h);
	write_frame(&h, "03 0001 07");
	host_expect(&h, "80 0000 0CEC");
	nothing_is_offered_for(&h, 30);
	stop(&h);
}

int main(void)
{
	RUN(the_data_sheet_exchange_is_byte_exact);
	RUN(the_golden_session_is_byte_exact);
	RUN(the_chained_transfer_is_byte_exact);
	RUN(every_control_frame_has_its_published_bytes);
	RUN(a_duplicate_is_acknowledged_and_not_executed_again);
	RUN(bad_data_frames_are_rejected);
	RUN(a_frame_longer_than_the_register_is_rejected);
	RUN(bad_control_frames_are_ignored);
	RUN(resync_sets_both_counters_and_drops_the_answer);
	RUN(resync_while_busy_lets_the_command_finish_unheard);
	RUN(an_answer_nobody_acknowledges_is_offered_again);
	RUN(an_answer_nobody_reads_stays);
	RUN(a_rejected_answer_comes_again_at_once);
	RUN(the_next_command_acknowledges_or_replaces_the_answer);
	RUN(commands_are_chained_at_every_frame_size);
	RUN(breaks_of_a_chain_are_answered);
	RUN(the_chain_error_frame_is_as_published);
	RUN(an_answer_is_started_again_after_a_chain_error_of_the_host);
	RUN(a_host_error_without_an_answer_is_only_acknowledged);
	return 0;
}
