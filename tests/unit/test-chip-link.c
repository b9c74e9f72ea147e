/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Every rule of the link and the transport, and chips that break them. */
#include "transcript.h"

#define READ_SEC    "01 00 00 06 E0 C5 00 00 00 01"
#define SEC_IS_2A   "00 00 00 01 2A"
#define PACKET_READ "00 " READ_SEC
#define PACKET_2A   "00 " SEC_IS_2A
#define GENERATE    "38 03 00 09 01 00 02 E0 F1 02 00 01 10"
#define IDLE	    "08 00 00 00"
#define BUSY	    "88 00 00 00"

struct world {
	struct script *s;
	struct trustx_bus bus;
	struct trustx se;
	uint64_t began_ns;
};

/* An open handle at the begin of a conversation; the script is written after it. */
static void begin(struct world *w, size_t frame, uint32_t timeout_ms)
{
	struct trustx_options opt = { .frame_size = (uint16_t)frame, .timeout_ms = timeout_ms };

	w->s = script_new();
	w->s->piggyback = true;
	w->bus = script_bus(w->s);
	script_open(w->s, frame);
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
	w->began_ns = w->s->now_ns;
}

static void end(struct world *w)
{
	script_done(w->s);
	trustx_close(&w->se);
	script_free(w->s);
}

static uint32_t passed_us(const struct world *w)
{
	return (uint32_t)((w->s->now_ns - w->began_ns) / 1000);
}

static void check_between(uint32_t got, uint32_t low, uint32_t high)
{
	if (got < low || got > high)
		fprintf(stderr, "%u is not in %u..%u\n", got, low, high);
	CHECK(got >= low && got <= high);
}

static enum trustx_err read_sec(struct world *w)
{
	uint8_t out[3] = { 0x11, 0x22, 0x33 };
	size_t len = 1;
	enum trustx_err err = trustx_read(&w->se, out, &len, TRUSTX_OID_SEC, 0);

	CHECK_INT(len, err == TRUSTX_OK);
	CHECK_INT(out[0], err == TRUSTX_OK ? 0x2A : 0);
	CHECK_INT(out[1], 0x22);
	return err;
}

static enum trustx_err generate(struct world *w)
{
	uint8_t point[66];
	size_t len = 65;
	enum trustx_err err;

	memset(point, 0x55, sizeof(point));
	err = trustx_generate_key(&w->se, point, &len, 0xE0F1, TRUSTX_P256, TRUSTX_USAGE_SIGN);
	CHECK_INT(len, err == TRUSTX_OK ? 65 : 0);
	CHECK_INT(point[0], err == TRUSTX_OK ? 4 : 0);
	CHECK_INT(point[64], err == TRUSTX_OK ? point[64] : 0);
	CHECK_INT(point[65], 0x55);
	return err;
}

static void check_layer(struct world *w, enum trustx_err err, enum trustx_layer layer)
{
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	CHECK_ERR(detail.err, err);
	CHECK_INT(detail.layer, layer);
}

/* The host's frame with the command, under its next number. */
static void host_sends(struct world *w, const char *packet_hex)
{
	uint8_t packet[272];

	script_host_packet(w->s, packet, unhex(packet, sizeof(packet), packet_hex));
}

static void host_repeats(struct world *w, const char *packet_hex)
{
	w->s->host_nr = (w->s->host_nr + 3) & 3;
	host_sends(w, packet_hex);
}

static void chip_answers(struct world *w, const char *packet_hex)
{
	uint8_t packet[272];

	script_chip_packet(w->s, packet, unhex(packet, sizeof(packet), packet_hex));
}

/* A chip's frame that does not count, of the given numbers. */
static void chip_shows(struct world *w, uint8_t fctr, const char *packet_hex)
{
	uint8_t packet[272];

	script_chip_raw(w->s, fctr, packet, unhex(packet, sizeof(packet), packet_hex));
}

static uint8_t fctr_of_answer(const struct world *w)
{
	return script_fctr((w->s->chip_nr + 1) & 3, w->s->host_nr);
}

static void chip_breaks_frame(struct world *w)
{
	struct step *step;

	chip_shows(w, fctr_of_answer(w), PACKET_2A);
	step = &w->s->steps[w->s->count - 1];
	step->data[5] ^= 0x10;
	script_host_control(w->s, 0xA0u | ((w->s->chip_nr + 1) & 3));
}

static void resync(struct world *w)
{
	script_host_control(w->s, 0xC0);
	w->s->host_nr = w->s->chip_nr = 3;
}

/* The chip has let the frame pass four times: the link gives up. */
static void frame_gets_lost(struct world *w, const char *packet_hex)
{
	host_sends(w, packet_hex);
	for (unsigned i = 0; i < 3; i++) {
		script_wait(w->s, IDLE, FOREVER);
		host_repeats(w, packet_hex);
	}
	script_wait(w->s, IDLE, FOREVER);
	resync(w);
}

/* After a broken exchange: look that the chip is idle, count afresh, and all is well. */
static void works_again(struct world *w)
{
	script_read_hex(w->s, 0x82, IDLE);
	resync(w);
	script_exchange(w->s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(w));
	check_layer(w, TRUSTX_OK, TRUSTX_LAYER_NONE);
	CHECK_STR(trustx_error_text(&w->se), "no error");
}

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
	frame_gets_lost(&w, PACKET_READ);
	frame_gets_lost(&w, PACKET_READ);
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_DATA_LINK);
	check_between(passed_us(&w), 80000, 90000);
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
	host_sends(&w, PACKET_READ);
	for (unsigned i = 0; i < 9; i++)
		chip_breaks_frame(&w);
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
	chip_shows(&w, script_fctr(w.s->chip_nr, (w.s->host_nr + 3) & 3), "00 00 00 00 02 06 15");
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

/* The chip took the command, and then forgot it. */
static void an_answer_that_never_comes_is_asked_for_again(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_chip_ack(w.s);
	script_wait(w.s, IDLE, FOREVER);
	resync(&w);
	script_exchange(w.s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(&w));
	check_between(passed_us(&w), 6000000, 6200000);
	end(&w);
}

static void a_chain_error_has_the_whole_command_sent_again(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, "00 " GENERATE);
	chip_answers(&w, "07");
	script_exchange(w.s, GENERATE, "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 07");
	CHECK_ERR(generate(&w), TRUSTX_ERR_CHIP);
	end(&w);
}

static void a_chain_error_in_the_middle_has_it_sent_again_too(void)
{
	struct world w;

	begin(&w, 16, 0);
	host_sends(&w, "01 38 03 00 09 01 00 02 E0 F1 02");
	chip_answers(&w, "07");
	script_exchange(w.s, GENERATE, "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 07");
	CHECK_ERR(generate(&w), TRUSTX_ERR_CHIP);
	end(&w);
}

static void a_second_chain_error_is_final(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, "00 " GENERATE);
	chip_answers(&w, "07");
	host_sends(&w, "00 " GENERATE);
	chip_answers(&w, "07");
	/* Refused twice: nothing was executed, the outcome is known. */
	CHECK_ERR(generate(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_TRANSPORT);
	works_again(&w);
	end(&w);
}

static void an_answer_before_the_command_is_complete_is_an_error(void)
{
	struct world w;

	begin(&w, 16, 0);
	host_sends(&w, "01 38 03 00 09 01 00 02 E0 F1 02");
	chip_answers(&w, "00 00 00 00 00");
	CHECK_ERR(generate(&w), TRUSTX_ERR_PROTOCOL);
	works_again(&w);
	end(&w);
}

static void a_chain_error_after_the_answer_began_never_repeats_key_generation(void)
{
	struct world w;

	begin(&w, 16, 0);
	script_command_hex(w.s, GENERATE);
	chip_answers(&w, "01 00 00 00 47 02 00 44 03 42 00");
	chip_answers(&w, "07");
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	end(&w);
}

static void a_chain_out_of_order_is_complained_about_once(void)
{
	static const char *const packets[] = {
		"02 00 00 00 01 2A 00 00 00 00 00", /* in the middle, without a beginning */
		"04 00 00 00 01 2A",		    /* the end, without a beginning */
		"01 00 00 00 01 2A",		    /* a beginning that is too short */
		"03 00 00 00 01 2A",
		"05 00 00 00 01 2A",
		"06 00 00 00 01 2A",
	};
	struct world w;

	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		begin(&w, 16, 0);
		host_sends(&w, PACKET_READ);
		chip_answers(&w, packets[i]);
		host_sends(&w, "07");
		chip_answers(&w, PACKET_2A);
		CHECK_OK(read_sec(&w));
		end(&w);

		begin(&w, 16, 0);
		host_sends(&w, PACKET_READ);
		chip_answers(&w, packets[i]);
		host_sends(&w, "07");
		chip_answers(&w, packets[i]);
		CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
		check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_TRANSPORT);
		works_again(&w);
		end(&w);
	}
}

static void a_chain_that_ends_wrongly_is_complained_about(void)
{
	static const char *const packets[] = {
		"00 00 00 00 01 2A",		    /* a single packet inside */
		"01 00 00 00 01 2A 00 00 00 00 00", /* another beginning */
		"02 00 00 00 01 2A",		    /* a short one in the middle */
		"04",				    /* an end without content */
	};
	struct world w;

	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		begin(&w, 16, 0);
		host_sends(&w, PACKET_READ);
		chip_answers(&w, "01 00 00 00 01 2A 00 00 00 00 00");
		chip_answers(&w, packets[i]);
		host_sends(&w, "07");
		chip_answers(&w, PACKET_2A);
		CHECK_OK(read_sec(&w));
		end(&w);
	}
}

static void a_presentation_layer_is_an_error(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_answers(&w, "08 20 00 00 00 01 2A");
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_TRANSPORT);
	works_again(&w);
	end(&w);
}

static void an_answer_too_long_is_drained_to_its_end(void)
{
	uint8_t apdu[4 + 900] = { 0, 0, 900 >> 8, 900 & 0xFF };
	struct world w;

	memset(apdu + 4, 0x2A, 900);
	begin(&w, 55, 0);
	script_command_hex(w.s, READ_SEC);
	script_answer(w.s, apdu, sizeof(apdu));
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
	check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_APDU);
	/* Nothing is left over: no resync is needed. */
	script_exchange(w.s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void answers_whose_length_lies_are_errors(void)
{
	static const char *const answers[] = {
		"00 00 00 00 2A",
		"00 00 00 02 2A",
		"00 00 FF FF 2A",
		"00 00 00 01",
		"00 00 00",
		"00",
		"FF 00 00 01",
		"01 00 00 01 2A",
		"7F 00 00 00",
	};
	struct world w;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		begin(&w, 277, 0);
		script_exchange(w.s, READ_SEC, answers[i]);
		CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
		check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_APDU);
		script_exchange(w.s, READ_SEC, SEC_IS_2A);
		CHECK_OK(read_sec(&w));
		end(&w);
	}
}

static void a_state_with_a_silly_length_is_not_believed(void)
{
	static const char *const states[] = { "48 00 00 00", "48 00 00 04", "48 00 01 16",
		"48 00 FF FF", "FF FF FF FF", "00 00 00 00", "40 00 00 0B", "78 00 00 0B" };
	struct world w;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		begin(&w, 277, 0);
		host_sends(&w, PACKET_READ);
		script_wait(w.s, states[i], 3000);
		chip_answers(&w, PACKET_2A);
		CHECK_OK(read_sec(&w));
		end(&w);
	}
}

static void a_chip_stuck_busy_ends_at_the_deadline(void)
{
	struct world w;

	begin(&w, 277, 1500);
	host_sends(&w, "00 " GENERATE);
	script_wait(w.s, BUSY, FOREVER);
	CHECK_ERR(generate(&w), TRUSTX_ERR_UNKNOWN_OUTCOME);
	check_between(passed_us(&w), 1499000, 1501000);
	check_layer(&w, TRUSTX_ERR_UNKNOWN_OUTCOME, TRUSTX_LAYER_DATA_LINK);
	w.began_ns = w.s->now_ns;
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_TIMEOUT);
	check_between(passed_us(&w), 1499000, 1501000);
	CHECK_STR(trustx_error_text(&w.se), "read 0xE0C5: no answer within 1500 ms (data link)");
	end(&w);
}

static void after_a_timeout_the_old_answer_is_thrown_away(void)
{
	uint8_t sig[72];
	const uint8_t digest[32] = { 0 };
	size_t len = sizeof(sig);
	struct world w;

	begin(&w, 277, 1000);
	host_sends(&w, "00 31 11 00 28 01 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
		       "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 00 02 E0 F1");
	script_chip_ack(w.s);
	script_wait(w.s, BUSY, 1600000);
	CHECK_ERR(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, sizeof(digest)),
		TRUSTX_ERR_TIMEOUT);
	CHECK_STR(trustx_error_text(&w.se), "sign with 0xE0F1: no answer within 1 s (data link)");
	chip_answers(&w, "00 00 00 00 03 02 01 01");
	works_again(&w);
	end(&w);
}

static void a_chip_that_never_acknowledges_its_address_is_given_up_after_100_ms(void)
{
	struct world w;

	begin(&w, 277, 0);
	script_fail(w.s, TRUSTX_ERR_NACK, FOREVER);
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_NACK);
	check_between(passed_us(&w), 100000, 107000);
	check_layer(&w, TRUSTX_ERR_NACK, TRUSTX_LAYER_BUS);
	CHECK_STR(trustx_error_text(&w.se),
		"read 0xE0C5: the chip does not acknowledge its address (bus)");
	end(&w);
}

static void a_late_acknowledge_is_waited_for_everywhere(void)
{
	struct world w;
	struct script *s;

	begin(&w, 277, 0);
	s = w.s;
	script_fail(s, TRUSTX_ERR_NACK, 20);
	host_sends(&w, PACKET_READ);
	script_fail(s, TRUSTX_ERR_NACK, 3);
	script_write_hex(s, "82");
	script_fail(s, TRUSTX_ERR_NACK, 3);
	script_read_hex(s, 0x82, "48 00 00 0B");
	script_fail(s, TRUSTX_ERR_NACK, 3);
	script_write_hex(s, "80");
	script_fail(s, TRUSTX_ERR_NACK, 50);
	s->chip_nr = (s->chip_nr + 1) & 3;
	{
		uint8_t packet[8], frame[16];
		size_t len = unhex(packet, sizeof(packet), PACKET_2A);

		len = script_frame(frame, script_fctr(s->chip_nr, s->host_nr), packet, len);
		CHECK_INT(len, 11);
		script_read(s, 0x80, frame, len);
	}
	script_fail(s, TRUSTX_ERR_NACK, 3);
	script_host_control(s, 0x80u | s->chip_nr);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void an_answer_counts_even_if_it_cannot_be_acknowledged(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	chip_answers(&w, PACKET_2A);
	w.s->count--;
	script_fail(w.s, TRUSTX_ERR_BUS, 1);
	CHECK_OK(read_sec(&w));
	w.s->pointer = 0;
	works_again(&w);
	end(&w);
}

static void an_error_of_the_bus_is_handed_up(void)
{
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, PACKET_READ);
	script_fail(w.s, TRUSTX_ERR_NO_DEVICE, 1);
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_NO_DEVICE);
	check_layer(&w, TRUSTX_ERR_NO_DEVICE, TRUSTX_LAYER_BUS);
	w.s->pointer = 0;
	works_again(&w);
	end(&w);
}

static void the_reason_of_a_refusal_is_fetched(void)
{
	struct trustx_error detail;
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, READ_SEC, "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 0C");
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_CHIP);
	trustx_error(&w.se, &detail);
	CHECK_INT(detail.chip_code, 0x0C);
	CHECK_INT(detail.command, 0x01);
	CHECK_INT(detail.param, 0x00);
	CHECK_INT(detail.oid, 0xE0C5);
	CHECK_INT(detail.layer, TRUSTX_LAYER_CHIP);
	end(&w);
}

static void a_reason_that_cannot_be_had_is_zero(void)
{
	static const char *const answers[] = { "FF 00 00 00", "00 00 00 00", "00 00 00 02 07 07",
		"00 00 00" };
	struct trustx_error detail;
	struct world w;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		begin(&w, 277, 0);
		script_exchange(w.s, READ_SEC, "FF 00 00 00");
		script_exchange(w.s, "01 00 00 02 F1 C2", answers[i]);
		CHECK_ERR(read_sec(&w), TRUSTX_ERR_CHIP);
		trustx_error(&w.se, &detail);
		CHECK_INT(detail.chip_code, 0);
		CHECK_INT(detail.layer, TRUSTX_LAYER_CHIP);
		CHECK_STR(trustx_error_text(&w.se),
			"read 0xE0C5: the chip refused and did not say why");
		end(&w);
	}
}

/* A throttled chip: five seconds more, noticed with little delay and without haste. */
static void a_long_wait_is_patient_and_exact(void)
{
	uint8_t sig[72];
	const uint8_t digest[32] = { 0 };
	size_t len = sizeof(sig), before;
	struct world w;

	begin(&w, 277, 0);
	host_sends(&w, "00 31 11 00 28 01 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
		       "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 00 02 E0 F1");
	script_chip_ack(w.s);
	script_wait(w.s, BUSY, 5000000);
	chip_answers(&w, "00 00 00 00 06 02 01 01 02 01 01");
	before = w.s->transfers;
	CHECK_OK(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, sizeof(digest)));
	check_between(passed_us(&w), 5000000, 5110000);
	check_between((uint32_t)(w.s->transfers - before), 20, 500);
	CHECK_INT(len, 8);
	CHECK_MEM(sig, "\x30\x06\x02\x01\x01\x02\x01\x01", 8);
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
	RUN(an_answer_that_never_comes_is_asked_for_again);
	RUN(a_chain_error_has_the_whole_command_sent_again);
	RUN(a_chain_error_in_the_middle_has_it_sent_again_too);
	RUN(a_second_chain_error_is_final);
	RUN(an_answer_before_the_command_is_complete_is_an_error);
	RUN(a_chain_error_after_the_answer_began_never_repeats_key_generation);
	RUN(a_chain_out_of_order_is_complained_about_once);
	RUN(a_chain_that_ends_wrongly_is_complained_about);
	RUN(a_presentation_layer_is_an_error);
	RUN(an_answer_too_long_is_drained_to_its_end);
	RUN(answers_whose_length_lies_are_errors);
	RUN(a_state_with_a_silly_length_is_not_believed);
	RUN(a_chip_stuck_busy_ends_at_the_deadline);
	RUN(after_a_timeout_the_old_answer_is_thrown_away);
	RUN(a_chip_that_never_acknowledges_its_address_is_given_up_after_100_ms);
	RUN(a_late_acknowledge_is_waited_for_everywhere);
	RUN(an_answer_counts_even_if_it_cannot_be_acknowledged);
	RUN(an_error_of_the_bus_is_handed_up);
	RUN(the_reason_of_a_refusal_is_fetched);
	RUN(a_reason_that_cannot_be_had_is_zero);
	RUN(a_long_wait_is_patient_and_exact);
	return 0;
}
