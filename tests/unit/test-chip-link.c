/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Every rule of the data link, and chips that break them. */
#include "chip-world.h"

static void a_rejected_frame_is_sent_again_at_once(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_chip_control(w.s, 0xA0u | w.s->host_nr);
	host_repeats(&w, PACKET_READ);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	check_between(passed_us(&w), 1000, 4000);
	end(&w);
}

static void a_frame_rejected_four_times_ends_in_a_resync(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	for (unsigned i = 0; i < 4; i++) {
		script_chip_control(w.s, 0xA0u | w.s->host_nr);
		if (i < 3)
			host_repeats(&w, PACKET_READ);
	}
	resync(&w);
	script_exchange(w.s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void data_that_rejects_the_frame_has_it_sent_again(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_shows(&w, fctr_of_answer(&w) | 0x20, PACKET_2A);
	host_repeats(&w, PACKET_READ);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void a_lost_frame_is_sent_again_after_10_ms(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_wait(w.s, IDLE, FOREVER);
	host_repeats(&w, PACKET_READ);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	check_between(passed_us(&w), 10000, 13000);
	end(&w);
}

static void a_frame_lost_four_times_is_sent_once_more_after_a_resync(void)
{
	struct world w;

	begin(&w, 277, 0);
	frame_gets_lost(&w, PACKET_READ);
	script_exchange(w.s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(&w));
	check_between(passed_us(&w), 40000, 46000);
	end(&w);
}

static void a_link_that_swallows_everything_is_an_error_soon(void)
{
	struct world w;

	begin(&w, 277, 0);
	for (unsigned n = 0; n < TRIES; n++) {
		before_try(&w, n);
		frame_gets_lost(&w, PACKET_READ);
		frame_gets_lost(&w, PACKET_READ);
	}
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_DATA_LINK);
	check_between(passed_us(&w), TRIES * 80000, TRIES * 100000);
	works_again(&w);
	end(&w);
}

static void key_generation_is_not_sent_again_after_a_resync(void)
{
	struct world w;

	begin(&w, 277, 0);
	frame_gets_lost(&w, "00 " GENERATE);
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	check_layer(&w, TRUSTX_ERR_UNKNOWN_OUTCOME, TRUSTX_LAYER_DATA_LINK);
	CHECK_STR(trustx_error_text(&w.se), "generate a key in 0xE0F1: the answer was lost; the "
					    "command may have been executed (data link)");
	works_again(&w);
	end(&w);
}

static void nor_is_a_change_of_metadata(void)
{
	const uint8_t meta[] = { 0x20, 0x03, 0xC0, 0x01, 0x07 };
	struct world w;

	begin(&w, 277, 0);
	frame_gets_lost(&w, "00 02 01 00 09 E0 E1 00 00 20 03 C0 01 07");
	CHECK_ERR(trustx_write_metadata(&w.se, 0xE0E1, meta, sizeof(meta)),
		TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	end(&w);
}

static void key_generation_begins_again_if_its_last_frame_never_left(void)
{
	struct world w;

	begin(&w, 16, 0);
	frame_gets_lost(&w, "01 38 03 00 09 01 00 02 E0 F1 02");
	script_command_hex(w.s, GENERATE);
	script_answer_hex(w.s, "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 07");
	CHECK_ERR(generate(&w), TRUSTX_ERR_CHIP);
	end(&w);
}

static void key_generation_whose_frame_was_not_acknowledged_on_the_bus_did_not_happen(void)
{
	struct world w;

	begin(&w, 277, 0);
	script_fail(w.s, TRUSTX_ERR_NACK, FOREVER);
	CHECK_ERR(generate(&w), TRUSTX_ERR_NACK);
	end(&w);
}

static void key_generation_has_an_unknown_outcome_if_the_bus_fails_later(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, "00 " GENERATE);
	script_fail(w.s, TRUSTX_ERR_BUS, 1);
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	check_layer(&w, TRUSTX_ERR_UNKNOWN_OUTCOME, TRUSTX_LAYER_BUS);
	script_wait(w.s, BUSY, 30000);
	works_again(&w);
	end(&w);
}

static void a_malformed_public_key_leaves_an_unknown_outcome(void)
{
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, GENERATE, "00 00 00 04 02 00 44 03");
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	check_layer(&w, TRUSTX_ERR_UNKNOWN_OUTCOME, TRUSTX_LAYER_APDU);
	end(&w);
}

static void a_busy_chip_has_the_frame(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_wait(w.s, BUSY, 300000);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	check_between(passed_us(&w), 300000, 306000);
	end(&w);
}

static void a_broken_frame_is_rejected_and_comes_again(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_breaks_frame(&w);
	chip_breaks_frame(&w);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void a_chip_that_only_sends_broken_frames_is_given_up(void)
{
	struct world w;

	begin(&w, 277, 0);
	for (unsigned n = 0; n < TRIES; n++) {
		before_try(&w, n);
		host_sends(&w, PACKET_READ);
		for (unsigned i = 0; i < 9; i++)
			chip_breaks_frame(&w);
	}
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_DATA_LINK);
	works_again(&w);
	end(&w);
}

static void a_broken_acknowledge_costs_one_repetition(void)
{
	struct world w;

	begin(&w, 16, 0);
	host_sends(&w, "01 02 00 00 0C F1 D0 00 00 01 02");
	script_chip_hex(w.s, "81 00 00 0C EC");
	script_host_control(w.s, 0xA0u | ((w.s->chip_nr + 1) & 3));
	script_wait(w.s, IDLE, FOREVER);
	host_repeats(&w, "01 02 00 00 0C F1 D0 00 00 01 02");
	script_chip_ack(w.s);
	host_sends(&w, "04 03 04 05 06 07 08");
	chip_answers(&w, "00 00 00 00 00");
	CHECK_OK(trustx_write(&w.se, 0xF1D0, 0, (const uint8_t *)"\1\2\3\4\5\6\7\10", 8));
	end(&w);
}

static void frames_of_a_wrong_form_are_rejected(void)
{
	static const char *const frames[] = {
		"05 00 00",		      /* no packet */
		"05 00 07 00 00 00 00 01 2A", /* longer than it is */
		"05 00 05 00 00 00 00 01 2A", /* shorter than it is */
		"05 FF FF 00 00 00 00 01 2A", /* absurd */
		"15 00 06 00 00 00 00 01 2A", /* RFU bit of FCTR */
		"45 00 06 00 00 00 00 01 2A", /* reset in a data frame */
		"65 00 06 00 00 00 00 01 2A", /* reserved SEQCTR */
	};
	uint8_t frame[32];
	struct world w;

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		size_t len = unhex(frame, sizeof(frame), frames[i]);
		uint16_t fcs;

		begin(&w, 277, 0);
		host_sends(&w, PACKET_READ);
		CHECK_INT(fctr_of_answer(&w), 0x0A);
		frame[0] = (uint8_t)((frame[0] & 0xF0) | 0x0A);
		fcs = script_crc(frame, len);
		frame[len] = (uint8_t)(fcs >> 8);
		frame[len + 1] = (uint8_t)fcs;
		script_chip_bytes(w.s, frame, len + 2);
		script_host_control(w.s, 0xA2);
		chip_answers(&w, PACKET_2A);
		CHECK_OK(read_sec(&w));
		end(&w);
	}
}

static void control_frames_that_mean_nothing_are_dropped(void)
{
	static const char *const frames[] = {
		"83 00 00 E3 88", /* acknowledges another frame */
		"A1 00 00 55 0B", /* rejects another frame */
		"82 00 01 00",	  /* with a packet */
		"86 00 00",	  /* with a frame number */
		"92 00 00",	  /* RFU bit */
		"E2 00 00",	  /* reserved SEQCTR */
	};
	uint8_t frame[32];
	struct world w;

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		size_t len = unhex(frame, sizeof(frame), frames[i]);
		uint16_t fcs;

		begin(&w, 277, 0);
		host_sends(&w, PACKET_READ);
		CHECK_INT(w.s->host_nr, 2);
		if (len < 5) {
			fcs = script_crc(frame, len);
			frame[len] = (uint8_t)(fcs >> 8);
			frame[len + 1] = (uint8_t)fcs;
			len += 2;
		}
		script_chip_bytes(w.s, frame, len);
		script_chip_ack(w.s);
		chip_answers(&w, PACKET_2A);
		CHECK_OK(read_sec(&w));
		end(&w);
	}
}

static void a_duplicate_is_acknowledged_again_and_dropped(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_shows(&w, script_fctr(w.s->chip_nr, (w.s->host_nr + 3) & 3), PACKET_2A);
	script_host_control(w.s, 0x80u | w.s->chip_nr);
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void an_answer_to_another_frame_is_dropped(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_shows(&w, script_fctr((w.s->chip_nr + 1) & 3, (w.s->host_nr + 3) & 3),
		"00 00 00 00 01 99");
	chip_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void a_resync_of_the_chip_has_the_command_sent_again(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_chip_ack(w.s);
	script_chip_hex(w.s, "C0 00 00 0A 9A");
	w.s->host_nr = w.s->chip_nr = 3;
	script_exchange(w.s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void unless_it_is_key_generation(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, "00 " GENERATE);
	script_chip_ack(w.s);
	script_chip_hex(w.s, "C0 00 00 0A 9A");
	w.s->host_nr = w.s->chip_nr = 3;
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	end(&w);
}

int main(void)
{
	RUN(a_rejected_frame_is_sent_again_at_once);
	RUN(a_frame_rejected_four_times_ends_in_a_resync);
	RUN(data_that_rejects_the_frame_has_it_sent_again);
	RUN(a_lost_frame_is_sent_again_after_10_ms);
	RUN(a_frame_lost_four_times_is_sent_once_more_after_a_resync);
	RUN(a_link_that_swallows_everything_is_an_error_soon);
	RUN(key_generation_is_not_sent_again_after_a_resync);
	RUN(nor_is_a_change_of_metadata);
	RUN(key_generation_begins_again_if_its_last_frame_never_left);
	RUN(key_generation_whose_frame_was_not_acknowledged_on_the_bus_did_not_happen);
	RUN(key_generation_has_an_unknown_outcome_if_the_bus_fails_later);
	RUN(a_malformed_public_key_leaves_an_unknown_outcome);
	RUN(a_busy_chip_has_the_frame);
	RUN(a_broken_frame_is_rejected_and_comes_again);
	RUN(a_chip_that_only_sends_broken_frames_is_given_up);
	RUN(a_broken_acknowledge_costs_one_repetition);
	RUN(frames_of_a_wrong_form_are_rejected);
	RUN(control_frames_that_mean_nothing_are_dropped);
	RUN(a_duplicate_is_acknowledged_again_and_dropped);
	RUN(an_answer_to_another_frame_is_dropped);
	RUN(a_resync_of_the_chip_has_the_command_sent_again);
	RUN(unless_it_is_key_generation);
	return 0;
}
