/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Every command at every frame size, and what the calls promise about their arguments. */
#include "transcript.h"

#define GUARD 0xA5

struct world {
	struct script *s;
	struct trustx_bus bus;
	struct trustx se;
	uint8_t out[4096];
	size_t cap; /* of the call under test; what follows must stay GUARD */
	size_t len;
};

static void begin(struct world *w, size_t frame, bool piggyback)
{
	const struct trustx_options opt = { .frame_size = (uint16_t)frame };

	w->s = script_new();
	w->s->piggyback = piggyback;
	w->bus = script_bus(w->s);
	script_open(w->s, frame);
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
}

static void end(struct world *w)
{
	script_done(w->s);
	trustx_close(&w->se);
	script_free(w->s);
}

static uint8_t *room(struct world *w, size_t cap)
{
	memset(w->out, GUARD, sizeof(w->out));
	w->cap = w->len = cap;
	return w->out;
}

static void check_room(const struct world *w, const uint8_t *want, size_t len)
{
	CHECK_INT(w->len, len);
	if (want != NULL)
		CHECK_MEM(w->out, want, len);
	else
		for (size_t i = 0; i < w->cap; i++)
			CHECK_INT(w->out[i], 0);
	for (size_t i = w->cap; i < sizeof(w->out); i++)
		CHECK_INT(w->out[i], GUARD);
}

static void fill(uint8_t *data, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(seed + i * 31 + (i >> 8));
}

static void exchange(struct world *w, const char *command_head, const uint8_t *data, size_t len)
{
	uint8_t apdu[2048];
	size_t head = unhex(apdu, sizeof(apdu), command_head);

	if (len > 0)
		memcpy(apdu + head, data, len);
	script_command(w->s, apdu, head + len);
}

static void answer(struct world *w, const uint8_t *data, size_t len)
{
	uint8_t apdu[2048] = { 0x00, 0x77, (uint8_t)(len >> 8), (uint8_t)len };

	if (len > 0)
		memcpy(apdu + 4, data, len);
	script_answer(w->s, apdu, 4 + len);
}

static void refuse(struct world *w, const char *code)
{
	char text[32];

	script_answer_hex(w->s, "FF 00 00 00");
	snprintf(text, sizeof(text), "00 00 00 01 %s", code);
	script_exchange(w->s, "01 00 00 02 F1 C2", text);
}

static void read_an_object(struct world *w)
{
	uint8_t data[1800];

	fill(data, sizeof(data), 1);
	script_size(w->s);
	exchange(w, "01 00 00 06 E0 E1 00 00 06 11", NULL, 0);
	answer(w, data, 1553);
	exchange(w, "01 00 00 06 E0 E1 06 11 00 F7", NULL, 0);
	answer(w, data + 1553, 247);
	CHECK_OK(trustx_read(&w->se, room(w, 1800), &w->len, 0xE0E1, 0));
	check_room(w, data, 1800);

	exchange(w, "01 00 00 06 E0 E1 00 05 00 2C", NULL, 0);
	answer(w, data, 44);
	CHECK_OK(trustx_read(&w->se, room(w, 44), &w->len, 0xE0E1, 5));
	check_room(w, data, 44);
}

static void read_metadata(struct world *w)
{
	uint8_t meta[19];

	fill(meta, sizeof(meta), 2);
	exchange(w, "01 01 00 02 E0 E1", NULL, 0);
	answer(w, meta, sizeof(meta));
	CHECK_OK(trustx_read_metadata(&w->se, room(w, 64), &w->len, 0xE0E1));
	check_room(w, meta, sizeof(meta));
}

static void write_objects(struct world *w)
{
	const uint8_t meta[] = { 0x20, 0x06, 0xD0, 0x01, 0xFF, 0xD1, 0x01, 0x00 };
	uint8_t data[1728];

	fill(data, sizeof(data), 3);
	exchange(w, "02 00 01 30 F1 E0 01 02", data, 300);
	answer(w, NULL, 0);
	CHECK_OK(trustx_write(&w->se, 0xF1E0, 0x0102, data, 300));
	exchange(w, "02 40 06 11 E0 E1 00 00", data, 1549);
	answer(w, NULL, 0);
	exchange(w, "02 00 00 B7 E0 E1 06 0D", data + 1549, 179);
	answer(w, NULL, 0);
	CHECK_OK(trustx_replace(&w->se, 0xE0E1, data, sizeof(data)));
	exchange(w, "02 01 00 0C E0 E1 00 00", meta, sizeof(meta));
	answer(w, NULL, 0);
	CHECK_OK(trustx_write_metadata(&w->se, 0xE0E1, meta, sizeof(meta)));
}

/* Chunks of 8 to 256 bytes, whatever the length. */
static void get_random_bytes(struct world *w)
{
	uint8_t data[520];

	fill(data, sizeof(data), 4);
	exchange(w, "0C 00 00 02 00 08", NULL, 0);
	answer(w, data, 8);
	CHECK_OK(trustx_random(&w->se, room(w, 3), 3));
	w->len = 3;
	check_room(w, data, 3);

	exchange(w, "0C 00 00 02 01 00", NULL, 0);
	answer(w, data, 256);
	exchange(w, "0C 00 00 02 00 F8", NULL, 0);
	answer(w, data + 256, 248);
	exchange(w, "0C 00 00 02 00 0F", NULL, 0);
	answer(w, data + 504, 15);
	CHECK_OK(trustx_random(&w->se, room(w, 519), 519));
	w->len = 519;
	check_room(w, data, 519);
	CHECK_OK(trustx_random(&w->se, NULL, 0));
}

static void make_keys(struct world *w)
{
	uint8_t tlv[103] = { 0x02, 0x00, 0x44, 0x03, 0x42, 0x00, 0x04 };

	fill(tlv + 7, 96, 5);
	exchange(w, "38 03 00 09 01 00 02 E0 F1 02 00 01 10", NULL, 0);
	answer(w, tlv, 7 + 64);
	CHECK_OK(trustx_generate_key(&w->se, room(w, 65), &w->len, 0xE0F1, TRUSTX_P256, 0x10));
	check_room(w, tlv + 6, 65);

	tlv[2] = 0x64;
	tlv[4] = 0x62;
	exchange(w, "38 04 00 09 01 00 02 E0 F3 02 00 01 11", NULL, 0);
	answer(w, tlv, 7 + 96);
	CHECK_OK(trustx_generate_key(&w->se, room(w, 97), &w->len, 0xE0F3, TRUSTX_P384, 0x11));
	check_room(w, tlv + 6, 97);
}

/* r and s with a top bit: the longest signature there is. */
static size_t longest_pair(uint8_t *pair, size_t field)
{
	for (size_t at = 0; at < 2 * (3 + field); at += 3 + field) {
		pair[at] = 0x02;
		pair[at + 1] = (uint8_t)(1 + field);
		pair[at + 2] = 0;
		fill(pair + at + 3, field, (unsigned)at);
		pair[at + 3] = 0xF1;
	}
	return 2 * (3 + field);
}

static void sign_digests(struct world *w)
{
	uint8_t digest[48], apdu[64], sig[104] = { 0x30 };

	for (size_t field = 32; field <= 48; field += 16) {
		size_t head = unhex(apdu, sizeof(apdu), "31 11 00 28 01 00 20");
		enum trustx_curve curve = field == 32 ? TRUSTX_P256 : TRUSTX_P384;
		size_t pair = longest_pair(sig + 2, field);

		fill(digest, field, 7);
		apdu[3] = (uint8_t)(8 + field);
		apdu[6] = (uint8_t)field;
		memcpy(apdu + head, digest, field);
		unhex(apdu + head + field, 5, "03 00 02 E0 F2");
		script_command(w->s, apdu, head + field + 5);
		answer(w, sig + 2, pair);
		sig[1] = (uint8_t)pair;
		CHECK_OK(trustx_sign(
			&w->se, room(w, 2 + pair), &w->len, 0xE0F2, curve, digest, field));
		check_room(w, sig, 2 + pair);
	}
}

static void verify_signatures(struct world *w)
{
	uint8_t digest[48], apdu[300], sig[104] = { 0x30 }, point[97] = { 0x04 };

	fill(point + 1, 96, 8);
	for (size_t field = 32; field <= 48; field += 16) {
		const struct trustx_public_key key = { field == 32 ? TRUSTX_P256 : TRUSTX_P384,
			point, 1 + 2 * field };
		const size_t pair = longest_pair(sig + 2, field);
		const uint8_t mid[] = { 0x02, 0x00, (uint8_t)pair };
		const uint8_t tail[] = { 0x05, 0x00, 0x01, (uint8_t)key.curve, 0x06, 0x00,
			(uint8_t)(4 + 2 * field), 0x03, (uint8_t)(2 + 2 * field), 0x00 };
		size_t at = unhex(apdu, sizeof(apdu), "32 11 00 00 01 00 20");

		fill(digest, field, 9);
		sig[1] = (uint8_t)pair;
		apdu[6] = (uint8_t)field;
		memcpy(apdu + at, digest, field);
		memcpy(apdu + (at += field), mid, sizeof(mid));
		memcpy(apdu + (at += sizeof(mid)), sig + 2, pair);
		memcpy(apdu + (at += pair), tail, sizeof(tail));
		memcpy(apdu + (at += sizeof(tail)), point, 1 + 2 * field);
		at += 1 + 2 * field;
		apdu[2] = (uint8_t)((at - 4) >> 8);
		apdu[3] = (uint8_t)(at - 4);
		script_command(w->s, apdu, at);
		answer(w, NULL, 0);
		CHECK_OK(trustx_verify(&w->se, &key, digest, field, sig, 2 + pair));
		script_command(w->s, apdu, at);
		refuse(w, "2C");
		CHECK_ERR(
			trustx_verify(&w->se, &key, digest, field, sig, 2 + pair), TRUSTX_ERR_CHIP);
		CHECK_STR(trustx_error_text(&w->se), "verify a signature: the chip refused: "
						     "signature does not verify (0x2C)");
	}
}

static void every_command_works_at_every_frame_size(void)
{
	static const size_t sizes[] = { 16, 17, 31, 55, 60, 120, 276, 277 };

	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct world w;

		begin(&w, sizes[i / 2], i % 2 != 0);
		read_an_object(&w);
		read_metadata(&w);
		write_objects(&w);
		get_random_bytes(&w);
		make_keys(&w);
		sign_digests(&w);
		verify_signatures(&w);
		end(&w);
	}
}

static void a_read_stops_at_the_end_of_the_object(void)
{
	uint8_t data[1553];
	struct world w;

	fill(data, sizeof(data), 6);
	begin(&w, 277, true);
	script_size(w.s);
	/* Shorter than asked for: no second command. */
	exchange(&w, "01 00 00 06 E0 E1 00 00 06 11", NULL, 0);
	answer(&w, data, 1552);
	CHECK_OK(trustx_read(&w.se, room(&w, 4000), &w.len, 0xE0E1, 0));
	CHECK_INT(w.len, 1552);
	/* Exactly one buffer full: only the next command can tell. */
	exchange(&w, "01 00 00 06 E0 E1 00 00 06 11", NULL, 0);
	answer(&w, data, 1553);
	exchange(&w, "01 00 00 06 E0 E1 06 11 06 11", NULL, 0);
	refuse(&w, "08");
	CHECK_OK(trustx_read(&w.se, room(&w, 4000), &w.len, 0xE0E1, 0));
	CHECK_INT(w.len, 1553);
	CHECK_MEM(w.out, data, 1553);
	CHECK_STR(trustx_error_text(&w.se), "no error");
	exchange(&w, "01 00 00 06 E0 E1 00 00 06 11", NULL, 0);
	answer(&w, data, 1553);
	exchange(&w, "01 00 00 06 E0 E1 06 11 06 11", NULL, 0);
	answer(&w, NULL, 0);
	CHECK_OK(trustx_read(&w.se, room(&w, 4000), &w.len, 0xE0E1, 0));
	CHECK_INT(w.len, 1553);
	/* Another refusal is not the end. */
	exchange(&w, "01 00 00 06 E0 E1 00 00 06 11", NULL, 0);
	answer(&w, data, 1553);
	exchange(&w, "01 00 00 06 E0 E1 06 11 06 11", NULL, 0);
	refuse(&w, "07");
	CHECK_ERR(trustx_read(&w.se, room(&w, 4000), &w.len, 0xE0E1, 0), TRUSTX_ERR_CHIP);
	check_room(&w, NULL, 0);
	end(&w);
}

static void the_size_of_the_buffer_is_asked_for_once_and_late(void)
{
	uint8_t data[257];
	struct trustx_link link;
	struct world w;

	fill(data, sizeof(data), 7);
	begin(&w, 277, true);
	exchange(&w, "01 00 00 06 F1 E0 00 00 01 00", NULL, 0);
	answer(&w, data, 256);
	CHECK_OK(trustx_read(&w.se, room(&w, 256), &w.len, 0xF1E0, 0));
	exchange(&w, "02 00 01 04 F1 E0 00 00", data, 256);
	answer(&w, NULL, 0);
	CHECK_OK(trustx_write(&w.se, 0xF1E0, 0, data, 256));
	trustx_link(&w.se, &link);
	CHECK_INT(link.apdu_size, 0);
	script_size(w.s);
	exchange(&w, "02 00 01 05 F1 E0 00 00", data, 257);
	answer(&w, NULL, 0);
	CHECK_OK(trustx_write(&w.se, 0xF1E0, 0, data, 257));
	trustx_link(&w.se, &link);
	CHECK_INT(link.apdu_size, 0x0615);
	exchange(&w, "01 00 00 06 F1 E0 00 00 01 01", NULL, 0);
	answer(&w, data, 257);
	CHECK_OK(trustx_read(&w.se, room(&w, 257), &w.len, 0xF1E0, 0));
	end(&w);
}

static void an_empty_object_is_read_as_nothing(void)
{
	struct world w;

	begin(&w, 277, true);
	exchange(&w, "01 00 00 06 E0 E1 00 00 00 10", NULL, 0);
	answer(&w, NULL, 0);
	CHECK_OK(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 0));
	CHECK_INT(w.len, 0);
	exchange(&w, "01 00 00 06 E0 E1 00 00 00 10", NULL, 0);
	refuse(&w, "08");
	CHECK_OK(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 0));
	CHECK_INT(w.len, 0);
	CHECK_OK(trustx_read(&w.se, NULL, &w.len, 0xE0E1, 0));
	end(&w);
}

static void an_offset_at_the_end_gives_nothing_and_one_behind_it_is_refused(void)
{
	struct world w;

	begin(&w, 277, true);
	exchange(&w, "01 00 00 06 E0 E1 00 0A 00 10", NULL, 0);
	refuse(&w, "08");
	exchange(&w, "01 00 00 06 E0 E1 00 09 00 01", NULL, 0);
	answer(&w, (const uint8_t *)"x", 1);
	CHECK_OK(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 10));
	CHECK_INT(w.len, 0);
	exchange(&w, "01 00 00 06 E0 E1 00 0B 00 10", NULL, 0);
	refuse(&w, "08");
	exchange(&w, "01 00 00 06 E0 E1 00 0A 00 01", NULL, 0);
	refuse(&w, "08");
	CHECK_ERR(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 11), TRUSTX_ERR_CHIP);
	check_room(&w, NULL, 0);
	CHECK_STR(trustx_error_text(&w.se),
		"read 0xE0E1: the chip refused: beyond the end of the object (0x08)");
	end(&w);
}

static void reading_stops_at_the_highest_offset(void)
{
	struct world w;

	begin(&w, 277, true);
	exchange(&w, "01 00 00 06 E0 E1 FF FF 00 10", NULL, 0);
	answer(&w, (const uint8_t *)"0123456789abcdef", 16);
	CHECK_OK(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 0xFFFF));
	CHECK_INT(w.len, 16);
	CHECK_ERR(trustx_read(&w.se, room(&w, 16), &w.len, 0xE0E1, 0x10000), TRUSTX_ERR_ARGUMENT);
	check_room(&w, NULL, 0);
	end(&w);
}

static void a_uid_of_another_length_is_an_error(void)
{
	struct world w;

	begin(&w, 277, true);
	exchange(&w, "01 00 00 06 E0 C2 00 00 00 1B", NULL, 0);
	answer(&w, (const uint8_t *)"0123456789abcdef", 16);
	room(&w, TRUSTX_UID_LEN);
	CHECK_ERR(trustx_read_uid(&w.se, w.out), TRUSTX_ERR_PROTOCOL);
	w.len = 0;
	check_room(&w, NULL, 0);
	end(&w);
}

static void too_few_random_bytes_are_an_error(void)
{
	struct world w;

	begin(&w, 277, true);
	exchange(&w, "0C 00 00 02 00 10", NULL, 0);
	answer(&w, (const uint8_t *)"0123456789abcde", 15);
	CHECK_ERR(trustx_random(&w.se, room(&w, 16), 16), TRUSTX_ERR_PROTOCOL);
	w.len = 0;
	check_room(&w, NULL, 0);
	exchange(&w, "0C 00 00 02 00 08", NULL, 0);
	refuse(&w, "0D");
	CHECK_ERR(trustx_random(&w.se, room(&w, 5), 5), TRUSTX_ERR_CHIP);
	w.len = 0;
	check_room(&w, NULL, 0);
	CHECK_STR(trustx_error_text(&w.se),
		"get random bytes: the chip refused: not enough memory in the chip (0x0D)");
	end(&w);
}

static void metadata_that_do_not_fit_are_said_to_be_too_big(void)
{
	uint8_t meta[70];
	struct world w;

	memset(meta, 0, sizeof(meta));
	begin(&w, 277, true);
	exchange(&w, "01 01 00 02 E0 E1", NULL, 0);
	answer(&w, meta, 19);
	CHECK_ERR(trustx_read_metadata(&w.se, room(&w, 18), &w.len, 0xE0E1), TRUSTX_ERR_TOO_SMALL);
	check_room(&w, NULL, 0);
	exchange(&w, "01 01 00 02 E0 E1", NULL, 0);
	answer(&w, meta, 65);
	CHECK_ERR(trustx_read_metadata(&w.se, room(&w, 64), &w.len, 0xE0E1), TRUSTX_ERR_PROTOCOL);
	check_room(&w, NULL, 0);
	end(&w);
}

/* Nothing is on the script: a byte sent would end the test. */
static void bad_arguments_are_refused_before_anything_is_sent(void)
{
	static const uint8_t in[65536] = { 0x20 };
	const enum trustx_curve none = (enum trustx_curve)5;
	struct world w;

	begin(&w, 277, true);
	CHECK_ERR(trustx_sign(&w.se, room(&w, 71), &w.len, 0xE0F1, TRUSTX_P256, in, 32),
		TRUSTX_ERR_TOO_SMALL);
	check_room(&w, NULL, 0);
	CHECK_ERR(trustx_sign(&w.se, room(&w, 103), &w.len, 0xE0F1, TRUSTX_P384, in, 32),
		TRUSTX_ERR_TOO_SMALL);
	check_room(&w, NULL, 0);
	CHECK_ERR(trustx_sign(&w.se, room(&w, 104), &w.len, 0xE0F1, TRUSTX_P256, in, 9),
		TRUSTX_ERR_ARGUMENT);
	check_room(&w, NULL, 0);
	CHECK_ERR(trustx_sign(&w.se, room(&w, 104), &w.len, 0xE0F1, TRUSTX_P256, in, 33),
		TRUSTX_ERR_ARGUMENT);
	CHECK_STR(
		trustx_error_text(&w.se), "sign with 0xE0F1: an argument is out of range (caller)");
	CHECK_ERR(trustx_sign(&w.se, room(&w, 104), &w.len, 0xE0F1, TRUSTX_P384, in, 49),
		TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_sign(&w.se, room(&w, 104), &w.len, 0xE0F1, none, in, 32),
		TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_generate_key(&w.se, room(&w, 64), &w.len, 0xE0F1, TRUSTX_P256, 0x10),
		TRUSTX_ERR_TOO_SMALL);
	check_room(&w, NULL, 0);
	CHECK_ERR(trustx_generate_key(&w.se, room(&w, 96), &w.len, 0xE0F1, TRUSTX_P384, 0x10),
		TRUSTX_ERR_TOO_SMALL);
	CHECK_ERR(trustx_generate_key(&w.se, room(&w, 97), &w.len, 0xE0F1, none, 0x10),
		TRUSTX_ERR_ARGUMENT);
	check_room(&w, NULL, 0);
	CHECK_ERR(trustx_write(&w.se, 0xF1D0, 0, in, 0), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write(&w.se, 0xF1D0, 1, in, 65536), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write(&w.se, 0xF1D0, 65535, in, 2), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write(&w.se, 0xF1D0, SIZE_MAX, in, 2), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_replace(&w.se, 0xF1D0, NULL, 0), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write_metadata(&w.se, 0xF1D0, in, 3), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write_metadata(&w.se, 0xF1D0, in, 1), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write_metadata(&w.se, 0xF1D0, NULL, 0), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_write_metadata(&w.se, 0xF1D0, in + 1, 2), TRUSTX_ERR_ARGUMENT);
	CHECK_STR(trustx_error_text(&w.se),
		"write the metadata of 0xF1D0: an argument is out of range (caller)");
	end(&w);
}

static void a_signature_or_a_key_that_cannot_be_verified_is_refused(void)
{
	const uint8_t digest[32] = { 0 };
	uint8_t point[97] = { 0x04 };
	const uint8_t sig[] = { 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01 };
	struct trustx_public_key key = { TRUSTX_P256, point, 65 };
	struct world w;

	begin(&w, 277, true);
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 9, sig, 8), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 33, sig, 8), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 32, sig, 7), TRUSTX_ERR_ARGUMENT);
	key.point_len = 97;
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 32, sig, 8), TRUSTX_ERR_ARGUMENT);
	key.point_len = 65;
	point[0] = 2;
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 32, sig, 8), TRUSTX_ERR_ARGUMENT);
	point[0] = 4;
	key.curve = (enum trustx_curve)0;
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 32, sig, 8), TRUSTX_ERR_ARGUMENT);
	end(&w);
}

static void a_malformed_signature_of_the_chip_is_an_error(void)
{
	static const char *const answers[] = { "00 00 00 00", "00 00 00 05 30 03 02 01 01",
		"00 00 00 06 02 01 01 02 01 00", "00 00 00 07 02 01 01 02 01 01 00",
		"00 00 00 06 02 01 81 02 01 01", "00 00 00 05 02 01 01 02 01" };
	const uint8_t digest[10] = { 0 };

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct world w;

		begin(&w, 277, true);
		exchange(&w, "31 11 00 12 01 00 0A 00 00 00 00 00 00 00 00 00 00 03 00 02 E0 F1",
			NULL, 0);
		script_answer_hex(w.s, answers[i]);
		CHECK_ERR(trustx_sign(&w.se, room(&w, 72), &w.len, 0xE0F1, TRUSTX_P256, digest,
				  sizeof(digest)),
			TRUSTX_ERR_PROTOCOL);
		check_room(&w, NULL, 0);
		end(&w);
	}
}

static void a_malformed_point_of_the_chip_has_an_unknown_outcome(void)
{
	uint8_t tlv[72] = { 0x02, 0x00, 0x44, 0x03, 0x42, 0x00, 0x04 };

	for (size_t i = 0; i < 9; i++) {
		struct world w;

		begin(&w, 277, true);
		exchange(&w, "38 03 00 09 01 00 02 E0 F1 02 00 01 10", NULL, 0);
		if (i < 7)
			tlv[i] ^= 1;
		answer(&w, tlv, i == 7 ? 70 : i == 8 ? 72 : 71);
		if (i < 7)
			tlv[i] ^= 1;
		CHECK_ERR(
			trustx_generate_key(&w.se, room(&w, 97), &w.len, 0xE0F1, TRUSTX_P256, 0x10),
			TRUSTX_ERR_UNKNOWN_OUTCOME);
		check_room(&w, NULL, 0);
		end(&w);
	}
}

int main(void)
{
	RUN(every_command_works_at_every_frame_size);
	RUN(a_read_stops_at_the_end_of_the_object);
	RUN(the_size_of_the_buffer_is_asked_for_once_and_late);
	RUN(an_empty_object_is_read_as_nothing);
	RUN(an_offset_at_the_end_gives_nothing_and_one_behind_it_is_refused);
	RUN(reading_stops_at_the_highest_offset);
	RUN(a_uid_of_another_length_is_an_error);
	RUN(too_few_random_bytes_are_an_error);
	RUN(metadata_that_do_not_fit_are_said_to_be_too_big);
	RUN(bad_arguments_are_refused_before_anything_is_sent);
	RUN(a_signature_or_a_key_that_cannot_be_verified_is_refused);
	RUN(a_malformed_signature_of_the_chip_is_an_error);
	RUN(a_malformed_point_of_the_chip_has_an_unknown_outcome);
	return 0;
}
