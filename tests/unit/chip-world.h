/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* An open handle and the conversation that follows, in words. */
#ifndef TESTS_CHIP_WORLD_H
#define TESTS_CHIP_WORLD_H

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

static inline enum trustx_err read_sec(struct world *w)
{
	uint8_t out[3] = { 0x11, 0x22, 0x33 };
	size_t len = 1;
	enum trustx_err err = trustx_read(&w->se, out, &len, TRUSTX_OID_SEC, 0);

	CHECK_INT(len, err == TRUSTX_OK);
	CHECK_INT(out[0], err == TRUSTX_OK ? 0x2A : 0);
	CHECK_INT(out[1], 0x22);
	return err;
}

/* An open handle in the middle of a conversation; the script is written after it. */
static inline void begin(struct world *w, size_t frame, uint32_t timeout_ms)
{
	struct trustx_options opt = { .frame_size = (uint16_t)frame, .timeout_ms = timeout_ms };

	w->s = script_new();
	w->s->piggyback = true;
	w->bus = script_bus(w->s);
	script_open(w->s, frame);
	script_exchange(w->s, READ_SEC, SEC_IS_2A);
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
	CHECK_OK(read_sec(w));
	w->began_ns = w->s->now_ns;
}

static inline void end(struct world *w)
{
	script_done(w->s);
	trustx_close(&w->se);
	script_free(w->s);
}

static inline uint32_t passed_us(const struct world *w)
{
	return (uint32_t)((w->s->now_ns - w->began_ns) / 1000);
}

static inline void check_between(uint32_t got, uint32_t low, uint32_t high)
{
	if (got < low || got > high)
		fprintf(stderr, "%u is not in %u..%u\n", got, low, high);
	CHECK(got >= low && got <= high);
}

#define TRIES 3 /* the library starts a chip that it cannot talk to again, twice */

/* Before try number n, the chip is started again. */
static inline void before_try(struct world *w, unsigned n)
{
	if (n == 0)
		return;
	script_bring_up(w->s, w->s->frame);
	script_exchange(w->s, APDU_OPEN, "00 00 00 00");
}

static inline enum trustx_err generate(struct world *w)
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

static inline void check_layer(struct world *w, enum trustx_err err, enum trustx_layer layer)
{
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	CHECK_ERR(detail.err, err);
	CHECK_INT(detail.layer, layer);
}

/* The host's frame with the command, under its next number. */
static inline void host_sends(struct world *w, const char *packet_hex)
{
	uint8_t packet[272];

	script_host_packet(w->s, packet, unhex(packet, sizeof(packet), packet_hex));
}

static inline void host_repeats(struct world *w, const char *packet_hex)
{
	w->s->host_nr = (w->s->host_nr + 3) & 3;
	host_sends(w, packet_hex);
}

static inline void chip_answers(struct world *w, const char *packet_hex)
{
	uint8_t packet[272];

	script_chip_packet(w->s, packet, unhex(packet, sizeof(packet), packet_hex));
}

/* A chip's frame that does not count, of the given numbers. */
static inline void chip_shows(struct world *w, uint8_t fctr, const char *packet_hex)
{
	uint8_t packet[272];

	script_chip_raw(w->s, fctr, packet, unhex(packet, sizeof(packet), packet_hex));
}

static inline uint8_t fctr_of_answer(const struct world *w)
{
	return script_fctr((w->s->chip_nr + 1) & 3, w->s->host_nr);
}

static inline void chip_breaks_frame(struct world *w)
{
	struct step *step;

	chip_shows(w, fctr_of_answer(w), PACKET_2A);
	step = &w->s->steps[w->s->count - 1];
	step->data[5] ^= 0x10;
	script_host_control(w->s, 0xA0u | ((w->s->chip_nr + 1) & 3));
}

static inline void resync(struct world *w)
{
	script_host_control(w->s, 0xC0);
	w->s->host_nr = w->s->chip_nr = 3;
}

/* The chip has let the frame pass four times: the link gives up. */
static inline void frame_gets_lost(struct world *w, const char *packet_hex)
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
static inline void works_again(struct world *w)
{
	script_read_hex(w->s, 0x82, IDLE);
	resync(w);
	script_exchange(w->s, READ_SEC, SEC_IS_2A);
	CHECK_OK(read_sec(w));
	check_layer(w, TRUSTX_OK, TRUSTX_LAYER_NONE);
	CHECK_STR(trustx_error_text(&w->se), "no error");
}

#endif
