/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A Trust M: recognised by its state, spoken to with an empty presentation layer. */
#include "chip-world.h"

#define STATE_M "08 80 00 00"

static void m_shows(struct world *w, const uint8_t *frame, size_t len)
{
	const uint8_t state[4] = { 0x48, 0x80, (uint8_t)(len >> 8), (uint8_t)len };

	script_read(w->s, 0x82, state, 4);
	script_read(w->s, 0x80, frame, len);
}

static void m_shows_hex(struct world *w, const char *hex)
{
	uint8_t frame[277];

	m_shows(w, frame, unhex(frame, sizeof(frame), hex));
}

static void m_sends(struct world *w, const uint8_t *packet, size_t len)
{
	uint8_t frame[280];

	w->s->chip_nr = (w->s->chip_nr + 1) & 3;
	len = script_frame(frame, script_fctr(w->s->chip_nr, w->s->host_nr), packet, len);
	m_shows(w, frame, len);
	script_host_control(w->s, 0x80u | w->s->chip_nr);
}

static void m_answers(struct world *w, const char *packet_hex)
{
	uint8_t packet[272];

	m_sends(w, packet, unhex(packet, sizeof(packet), packet_hex));
}

static void fresh(struct world *w)
{
	w->s = script_new();
	w->bus = script_bus(w->s);
}

/* Bring-up of a chip whose first looks at the state are states; then frames of that size. */
static void bring_up(struct world *w, const char *const *states, size_t count, size_t frame)
{
	const uint8_t ask[] = { 0x81, (uint8_t)(frame >> 8), (uint8_t)frame };

	w->s->frame = frame;
	script_write_hex(w->s, "88 00 00");
	for (size_t i = 0; i < count; i++)
		script_read_hex(w->s, 0x82, states[i]);
	script_read_hex(w->s, 0x84, "00 00 01 90");
	script_write(w->s, ask, sizeof(ask));
	script_read(w->s, 0x81, ask + 1, 2);
}

static void open_m(struct world *w)
{
	script_write_hex(w->s, "80 03 00 16 08 20 F0 00 00 10 D2 76 00 00 04 47 65 6E 41 75 74 68 "
			       "41 70 70 6C BE 40");
	m_shows_hex(w, "80 00 00 0C EC");
	m_shows_hex(w, "00 00 06 08 20 00 00 00 00 19 04");
	script_write_hex(w->s, "80 80 00 00 0C EC");
	w->s->host_nr = w->s->chip_nr = 0;
}

static void begin_m(struct world *w, size_t frame)
{
	static const char *const states[] = { STATE_M, STATE_M };
	const struct trustx_options opt = { .frame_size = (uint16_t)frame };

	fresh(w);
	bring_up(w, states, 2, frame);
	open_m(w);
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
	CHECK_INT(trustx_family(&w->se), TRUSTX_FAMILY_M);
}

static void it_is_opened_and_asked_as_recorded(void)
{
	uint8_t meta[TRUSTX_METADATA_MAX], want[19];
	size_t len = sizeof(meta);
	struct world w;

	begin_m(&w, 277);
	host_sends(&w, "08 20 01 01 00 02 E0 F2");
	m_shows_hex(&w, "05 00 19 08 20 00 00 00 13 20 11 C0 01 01 D0 03 E1 FC 07 D3 01 00 E0 01 "
			"03 E1 01 13 91 E4");
	script_write_hex(w.s, "80 81 00 00 56 30");
	CHECK_OK(trustx_read_metadata(&w.se, meta, &len, 0xE0F2));
	CHECK_INT(len, unhex(want, 19, "20 11 C0 01 01 D0 03 E1 FC 07 D3 01 00 E0 01 03 E1 01 13"));
	CHECK_MEM(meta, want, len);
	end(&w);
}

/* SCTR stands once, in front of the command; the presence bit in every packet of the host. */
static void chains_carry_one_header(void)
{
	static const char *const states[] = { STATE_M, STATE_M };
	const struct trustx_options opt = { .frame_size = 16 };
	uint8_t out[30];
	size_t len = sizeof(out);
	struct world w;

	fresh(&w);
	bring_up(&w, states, 2, 16);
	host_sends(&w, "09 20 F0 00 00 10 D2 76 00 00 04");
	m_shows_hex(&w, "80 00 00 0C EC");
	host_sends(&w, "0A 47 65 6E 41 75 74 68 41 70 70");
	m_shows_hex(&w, "81 00 00 56 30");
	host_sends(&w, "0C 6C");
	m_answers(&w, "08 20 00 00 00 00");
	CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
	host_sends(&w, "09 20 01 00 00 06 F1 D0 00 00 00");
	m_shows_hex(&w, "83 00 00 E3 88");
	host_sends(&w, "0C 1E");
	m_answers(&w, "09 20 00 00 00 1E 30 31 32 33 34");
	m_answers(&w, "02 35 36 37 38 39 3A 3B 3C 3D 3E");
	m_answers(&w, "0A 3F 40 41 42 43 44 45 46 47 48");
	m_answers(&w, "0C 49 4A 4B 4C 4D");
	CHECK_OK(trustx_read(&w.se, out, &len, 0xF1D0, 0));
	CHECK_INT(len, sizeof(out));
	for (size_t i = 0; i < len; i++)
		CHECK_INT(out[i], 0x30 + i);
	end(&w);
}

/* Without a presentation layer, as a chip may answer too. */
static void an_answer_without_the_header_is_taken(void)
{
	struct world w;

	begin_m(&w, 277);
	host_sends(&w, "08 20 " READ_SEC);
	m_answers(&w, PACKET_2A);
	CHECK_OK(read_sec(&w));
	end(&w);
}

static void other_headers_are_not_understood(void)
{
	static const char *const packets[] = { "08 44", "08 40", "08 23 00 00 00 01 2A", "08",
		"18 20 00 00 00 01 2A", "0F" };
	static const char *const states[] = { STATE_M };

	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct world w;

		begin_m(&w, 277);
		for (unsigned n = 0; n < TRIES; n++) {
			if (n > 0) {
				bring_up(&w, states, 1, 277);
				open_m(&w);
			}
			host_sends(&w, "08 20 " READ_SEC);
			m_answers(&w, packets[i]);
			if (i == 5) { /* refused: once more */
				host_sends(&w, "08 20 " READ_SEC);
				m_answers(&w, "07");
			}
		}
		CHECK_ERR(read_sec(&w), TRUSTX_ERR_PROTOCOL);
		check_layer(&w, TRUSTX_ERR_PROTOCOL, TRUSTX_LAYER_TRANSPORT);
		end(&w);
	}
}

/* One disturbed look does not make a Trust M of a Trust X, nor the other way round for long. */
static void the_family_is_not_told_by_one_look(void)
{
	static const char *const states[] = { STATE_M, IDLE, IDLE };
	struct world w;

	fresh(&w);
	bring_up(&w, states, 3, 277);
	w.s->piggyback = true;
	script_exchange(w.s, APDU_OPEN, "00 00 00 00");
	CHECK_OK(trustx_open(&w.se, &w.bus, NULL));
	CHECK_INT(trustx_family(&w.se), TRUSTX_FAMILY_X);
	end(&w);
}

static void a_counter_counts_once(void)
{
	struct world w;

	begin_m(&w, 277);
	host_sends(&w, "08 20 02 02 00 05 E1 20 00 00 03");
	m_answers(&w, "08 20 00 00 00 00");
	CHECK_OK(trustx_count(&w.se, TRUSTX_OID_COUNTER_0, 3));
	host_sends(&w, "08 20 02 02 00 05 E1 21 00 00 01");
	m_answers(&w, "08 20 FF 00 00 00");
	host_sends(&w, "08 20 01 00 00 02 F1 C2");
	m_answers(&w, "08 20 00 00 00 01 0E");
	CHECK_ERR(trustx_count(&w.se, 0xE121, 1), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w.se),
		"count up 0xE121: the chip refused: counter at its limit (0x0E)");
	CHECK_ERR(trustx_count(&w.se, 0xE121, 0), TRUSTX_ERR_ARGUMENT);
	host_sends(&w, "08 20 02 02 00 05 E1 20 00 00 01");
	m_shows_hex(&w, "C0 00 00 0A 9A");
	CHECK_ERR(trustx_count(&w.se, 0xE120, 1), TRUSTX_ERR_UNKNOWN_OUTCOME);
	end(&w);
}

static void a_closed_application_needs_a_new_open(void)
{
	struct world w;

	begin_m(&w, 277);
	host_sends(&w, "08 20 71 00 00 00");
	m_answers(&w, "08 20 FF 00 00 00");
	host_sends(&w, "08 20 01 00 00 02 F1 C2");
	m_answers(&w, "08 20 00 00 00 01 0B");
	CHECK_ERR(trustx_close_application(&w.se), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w.se),
		"close the application: the chip refused: command out of sequence (0x0B)");
	host_sends(&w, "08 20 71 00 00 00");
	m_answers(&w, "08 20 00 00 00 00");
	CHECK_OK(trustx_close_application(&w.se));
	CHECK_ERR(read_sec(&w), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_close_application(&w.se), TRUSTX_ERR_ARGUMENT);
	end(&w);
}

int main(void)
{
	RUN(it_is_opened_and_asked_as_recorded);
	RUN(chains_carry_one_header);
	RUN(an_answer_without_the_header_is_taken);
	RUN(other_headers_are_not_understood);
	RUN(the_family_is_not_told_by_one_look);
	RUN(a_counter_counts_once);
	RUN(a_closed_application_needs_a_new_open);
	return 0;
}
