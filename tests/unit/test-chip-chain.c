/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Chains, answers that lie, waiting, and a bus that fails. */
#include "chip-world.h"

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
		for (unsigned n = 0; n < TRIES; n++) {
			before_try(&w, n);
			host_sends(&w, PACKET_READ);
			chip_answers(&w, packets[i]);
			host_sends(&w, "07");
			chip_answers(&w, packets[i]);
		}
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
	for (unsigned n = 0; n < TRIES; n++) {
		before_try(&w, n);
		host_sends(&w, PACKET_READ);
		chip_answers(&w, "08 20 00 00 00 01 2A");
	}
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
		"48 00 FF FF" };
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

static void a_state_that_is_none_is_asked_for_anew(void)
{
	static const char *const states[] = { "FF FF FF FF", "00 00 00 00", "40 00 00 0B",
		"78 00 00 0B" };
	struct world w;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		begin(&w, 277, 0);
		host_sends(&w, PACKET_READ);
		script_read_hex(w.s, 0x82, states[i]);
		script_read_anew(w.s, 0x82, states[i]);
		script_read_anew(w.s, 0x82, IDLE);
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
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 07");
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_CHIP);
	trustx_error(&w.se, &detail);
	CHECK_INT(detail.chip_code, 0x07);
	CHECK_INT(detail.command, 0x01);
	CHECK_INT(detail.param, 0x00);
	CHECK_INT(detail.oid, 0xE0C5);
	CHECK_INT(detail.layer, TRUSTX_LAYER_CHIP);
	end(&w);
}

static void a_reason_that_cannot_be_had_is_zero(void)
{
	static const char *const answers[] = { "00 00 00 00", "00 00 00 02 07 07", "00 00 00" };
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
	RUN(a_state_that_is_none_is_asked_for_anew);
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
