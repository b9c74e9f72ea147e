/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The ways to use the link that are chosen at open. */
#include "chip-world.h"

/* An open handle with flags; the conversation up to there is written with them. */
static void begin_with(struct world *w, uint8_t flags)
{
	const struct trustx_options opt = { .flags = flags };

	w->s = script_new();
	w->s->piggyback = true;
	w->bus = script_bus(w->s);
	script_bring_up(w->s, 277);
	if ((flags & TRUSTX_LOOK_FIRST) != 0)
		script_read_hex(w->s, 0x82, IDLE);
	script_command_hex(w->s, APDU_OPEN);
	chip_shows(w, fctr_of_answer(w), "00 00 00 00 00");
	w->s->chip_nr = (w->s->chip_nr + 1) & 3;
	if ((flags & TRUSTX_LOOK_FIRST) != 0)
		script_read_hex(w->s, 0x82, IDLE);
	if ((flags & TRUSTX_ACK_LATER) == 0)
		script_host_control(w->s, 0x80u | w->s->chip_nr);
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
}

static void the_state_is_read_before_each_frame(void)
{
	struct world w;

	begin_with(&w, TRUSTX_LOOK_FIRST);
	script_read_hex(w.s, 0x82, IDLE);
	host_sends(&w, PACKET_READ);
	chip_shows(&w, fctr_of_answer(&w), PACKET_2A);
	w.s->chip_nr = 1;
	script_read_hex(w.s, 0x82, "08 00 00 00");
	script_host_control(w.s, 0x81);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void a_busy_state_before_a_frame_is_no_obstacle(void)
{
	struct world w;

	begin_with(&w, TRUSTX_LOOK_FIRST);
	script_read_hex(w.s, 0x82, "C8 00 00 05");
	host_sends(&w, PACKET_READ);
	chip_shows(&w, fctr_of_answer(&w), PACKET_2A);
	w.s->chip_nr = 1;
	script_read_hex(w.s, 0x82, IDLE);
	script_host_control(w.s, 0x81);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void the_next_command_acknowledges_the_answer(void)
{
	struct world w;

	begin_with(&w, TRUSTX_ACK_LATER);
	for (unsigned i = 0; i < 6; i++) {
		host_sends(&w, PACKET_READ);
		chip_shows(&w, fctr_of_answer(&w), PACKET_2A);
		w.s->chip_nr = (w.s->chip_nr + 1) & 3;
		CHECK_OK(read_sec(&w));
	}
	end(&w);
}

/* In a chain the next element comes only after the acknowledge of the one before. */
static void inside_a_chain_it_cannot_wait(void)
{
	uint8_t data[300], packet[272], out[300];
	size_t len = sizeof(out);
	struct world w;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	begin_with(&w, TRUSTX_ACK_LATER);
	host_sends(&w, "00 01 00 00 02 E0 C6");
	chip_shows(&w, fctr_of_answer(&w), "00 00 00 00 02 06 15");
	w.s->chip_nr = 1;
	host_sends(&w, "00 01 00 00 06 F1 E0 00 00 01 2C");
	unhex(packet, 5, "01 00 00 01 2C");
	memcpy(packet + 5, data, 267);
	script_chip_packet(w.s, packet, 272);
	packet[0] = 0x04;
	memcpy(packet + 1, data + 267, 33);
	script_chip_raw(w.s, script_fctr(3, w.s->host_nr), packet, 34);
	w.s->chip_nr = 3;
	host_sends(&w, PACKET_READ);
	chip_shows(&w, fctr_of_answer(&w), PACKET_2A);
	CHECK_OK(trustx_read(&w.se, out, &len, 0xF1E0, 0));
	CHECK_INT(len, 300);
	CHECK_MEM(out, data, 300);
	CHECK_OK(read_sec(&w));
	end(&w);
}

/* The chip has offered the answer again, and perhaps given up: look, then count afresh. */
static void an_acknowledge_that_is_late_begins_afresh(void)
{
	struct world w;

	begin_with(&w, TRUSTX_ACK_LATER);
	w.s->now_ns += 6000000;
	chip_shows(&w, script_fctr(0, 0), "00 00 00 00 00");
	script_host_control(w.s, 0x80);
	script_read_hex(w.s, 0x82, IDLE);
	resync(&w);
	host_sends(&w, PACKET_READ);
	chip_shows(&w, fctr_of_answer(&w), PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void the_answer_can_be_asked_for_at_once(void)
{
	for (unsigned i = 0; i < 2; i++) {
		const uint8_t digest[32] = { 0 };
		uint8_t sig[72];
		size_t len = sizeof(sig), before;
		struct world w;

		begin_with(&w, i == 0 ? 0 : TRUSTX_POLL_AT_ONCE);
		script_command_hex(w.s,
			"31 11 00 28 01 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
			"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 00 02 E0 F1");
		script_wait(w.s, BUSY, 40000);
		script_answer_hex(w.s, "00 00 00 06 02 01 01 02 01 01");
		before = w.s->transfers;
		CHECK_OK(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, 32));
		CHECK(i == 0 ? w.s->transfers - before < 70 : w.s->transfers - before > 100);
		end(&w);
	}
}

int main(void)
{
	RUN(the_state_is_read_before_each_frame);
	RUN(a_busy_state_before_a_frame_is_no_obstacle);
	RUN(the_next_command_acknowledges_the_answer);
	RUN(inside_a_chain_it_cannot_wait);
	RUN(an_acknowledge_that_is_late_begins_afresh);
	RUN(the_answer_can_be_asked_for_at_once);
	return 0;
}
