/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "trace-host.h"

#include "decode.h"
#include "redact.h"

#define SECRET_LEN 600
#define WINDOW	   4

static const size_t frames[] = { 277, 55, 16 };
#define FRAMES (sizeof(frames) / sizeof(frames[0]))

/* No four bytes of it come twice, nor anywhere else in these tests. */
static void fill(uint8_t out[static SECRET_LEN], uint32_t seed)
{
	for (size_t i = 0; i < SECRET_LEN; i++) {
		seed = seed * 1664525u + 1013904223u;
		out[i] = (uint8_t)(seed >> 24);
	}
}

/* A four-byte window of data in a record of the trace; the count of them. */
static size_t windows_seen(const struct blob *trace, const uint8_t *data, size_t len)
{
	char hex[2 * WINDOW + 1];
	size_t seen = 0;

	for (size_t i = 0; i + WINDOW <= len; i++) {
		hex_print(hex, data + i, WINDOW);
		for (const char *at = strstr(blob_text(trace), hex); at != NULL;
			at = strstr(at + 1, hex))
			seen++;
	}
	return seen;
}

static struct redaction redact(struct blob *out, const struct talk *t)
{
	struct redaction did;
	struct fail f;

	blob_init(out, (size_t)1 << 22);
	CHECK_OK(redact_trace(out, &did, t->text.data, t->text.len, &f));
	return did;
}

/* The next record of both, false at the end. Times, lengths and results are as before. */
static bool next_pair(struct tracefile_reader r[static 2], struct tracefile_item item[static 2])
{
	const struct tracefile_record *a = &item[0].record, *b = &item[1].record;
	struct fail f;

	do {
		CHECK_OK(tracefile_next(&r[0], &item[0], &f));
		CHECK_OK(tracefile_next(&r[1], &item[1], &f));
		CHECK_INT(item[0].kind, item[1].kind);
		CHECK(item[1].session.redacted);
	} while (item[0].kind == TRACEFILE_SESSION);
	if (item[0].kind == TRACEFILE_END)
		return false;
	CHECK_INT(a->at_us, b->at_us);
	CHECK_INT(a->took_us, b->took_us);
	CHECK_INT(a->op, b->op);
	CHECK_INT(a->result, b->result);
	CHECK_INT(a->len, b->len);
	return true;
}

static void check_same_shape(const struct blob *raw, const struct blob *redacted)
{
	static struct tracefile_item item[2];
	struct tracefile_reader r[2];

	tracefile_reader_init(&r[0], raw->data, raw->len);
	tracefile_reader_init(&r[1], redacted->data, redacted->len);
	while (next_pair(r, item))
		;
}

/* What is said of frames is as before, too. */
static void check_same_words(const struct blob *raw, const struct blob *redacted)
{
	static struct tracefile_item item[2];
	struct trace_decoder *d[2] = { trace_decoder_new(), trace_decoder_new() };
	struct trace_line lines[2][2];
	struct tracefile_reader r[2];

	tracefile_reader_init(&r[0], raw->data, raw->len);
	tracefile_reader_init(&r[1], redacted->data, redacted->len);
	while (next_pair(r, item)) {
		CHECK_INT(trace_decode(d[0], lines[0], &item[0].record),
			trace_decode(d[1], lines[1], &item[1].record));
		if (lines[0][0].layer == TRACE_FRAME)
			CHECK_STR(lines[1][0].text, lines[0][0].text);
	}
	trace_decoder_free(d[0]);
	trace_decoder_free(d[1]);
}

/* The last len bytes of secret are in the raw trace and not in the redacted one. Ends t. */
static void check_hidden(struct talk *t, const uint8_t *secret, size_t len)
{
	struct blob out;

	CHECK(t->frame < 277 || windows_seen(&t->text, secret, len) > 0);
	redact(&out, t);
	CHECK_INT(windows_seen(&out, secret, len), 0);
	check_same_words(&t->text, &out);
	blob_free(&out);
	blob_free(&t->text);
}

static void check_shown(struct talk *t)
{
	struct blob out;

	CHECK_INT(redact(&out, t).blanked, 0);
	CHECK_STR(strchr(blob_text(&out), '\n'), strchr(blob_text(&t->text), '\n'));
	blob_free(&out);
	blob_free(&t->text);
}

static void an_exported_private_key_is_hidden_and_its_public_key_is_not(void)
{
	uint8_t key[SECRET_LEN], public[SECRET_LEN], both[SECRET_LEN];
	struct blob out;
	struct talk t;

	fill(key, 1);
	fill(public, 2);
	memcpy(both, (const uint8_t[]){ 0x01, 0x00, 0x22, 0x04, 0x20 }, 5);
	memcpy(both + 5, key, 32);
	memcpy(both + 37, (const uint8_t[]){ 0x02, 0x00, 0x44, 0x03, 0x42, 0x00, 0x04 }, 7);
	memcpy(both + 44, public, 64);
	for (size_t i = 0; i < FRAMES; i++) {
		talk_begin(&t, frames[i]);
		talk_open(&t);
		talk_command(&t, "3803070000", NULL, 0);
		talk_answer(&t, "0000", both, 108);
		redact(&out, &t);
		CHECK_INT(windows_seen(&out, public, 64), windows_seen(&t.text, public, 64));
		blob_free(&out);
		check_hidden(&t, key, 32);
	}
}

static void shared_and_derived_secrets_are_hidden(void)
{
	static const char *const commands[] = { "3301"
						"010002e100"
						"07"
						"0000",
		"3401"
		"010002e100"
		"03"
		"00020030"
		"070000" };
	uint8_t secret[SECRET_LEN];
	struct talk t;

	fill(secret, 3);
	for (size_t i = 0; i < FRAMES; i++)
		for (size_t c = 0; c < 2; c++) {
			talk_begin(&t, frames[i]);
			talk_open(&t);
			talk_command(&t, commands[c], NULL, 0);
			talk_answer(&t, "0000", secret, 48);
			check_hidden(&t, secret, 48);
		}
}

static void objects_are_hidden_both_ways(void)
{
	uint8_t secret[SECRET_LEN];
	struct talk t;

	fill(secret, 4);
	for (size_t i = 0; i < FRAMES; i++) {
		talk_begin(&t, frames[i]);
		talk_open(&t);
		talk_command(&t, "0200f1e00000", secret, 300);
		talk_answer(&t, "0000", NULL, 0);
		talk_command(&t, "0240f1d00010", secret + 300, 100);
		talk_answer(&t, "0000", NULL, 0);
		talk_command(&t, "0100f1e00000ffff", NULL, 0);
		talk_answer(&t, "0000", secret, 300);
		talk_command(&t, "0100f1d0", NULL, 0);
		talk_answer(&t, "0000", secret + 300, 100);
		check_hidden(&t, secret, 400);
	}
}

static void certificates_status_and_random_numbers_stay(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 5);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t, "0240e0e10000", data, 500);
	talk_answer(&t, "0000", NULL, 0);
	talk_command(&t, "0100e0e8", NULL, 0);
	talk_answer(&t, "0000", data, 500);
	talk_command(&t, "0100e0c2", NULL, 0);
	talk_answer(&t, "0000", data, 27);
	talk_command(&t, "0100f1c2", NULL, 0);
	talk_answer(&t, "0000", data, 1);
	talk_command(&t, "0c000010", NULL, 0);
	talk_answer(&t, "0000", data, 16);
	talk_command(&t,
		"3111"
		"010020",
		data, 32);
	talk_answer(&t, "0000", data, 70);
	check_shown(&t);
}

static void metadata_that_lets_everybody_read_opens_an_object(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 6);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t, "0100f1d0", NULL, 0);
	talk_answer(&t, "0000", data, 100);
	talk_command(&t, "0101f1d0", NULL, 0);
	talk_answer(&t,
		"0000"
		"2009c40164d001ffd10100",
		NULL, 0);
	check_shown(&t);
}

static void metadata_that_restricts_closes_an_object_for_the_whole_trace(void)
{
	static const char *const restricting[] = {
		"0201"
		"f1d0"
		"0000"
		"2003"
		"d101ff", /* never */
		"0201"
		"f1d0"
		"0000"
		"2005"
		"d103e1fc07", /* LcsO < operational */
		"0201"
		"f1d0"
		"0000"
		"2009"
		"d101ff", /* damaged */
		"0201"
		"e0e1"
		"0000"
		"2003"
		"d101ff", /* a certificate too */
	};
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 7);
	for (size_t i = 0; i < 4; i++) {
		bool is_cert = i == 3;

		talk_begin(&t, 277);
		talk_open(&t);
		talk_command(&t, is_cert ? "0101e0e1" : "0101f1d0", NULL, 0);
		talk_answer(&t,
			"0000"
			"2009c40164d001ffd10100",
			NULL, 0);
		talk_command(&t, is_cert ? "0200e0e10000" : "0200f1d00000", data, 100);
		talk_answer(&t, "0000", NULL, 0);
		talk_command(&t, restricting[i], NULL, 0);
		talk_answer(&t, "0000", NULL, 0);
		check_hidden(&t, data, 100);
	}
}

static void a_wish_to_open_an_object_is_not_enough(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 8);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t,
		"0201"
		"f1d0"
		"0000"
		"2003"
		"d10100",
		NULL, 0);
	talk_answer(&t, "ff00", NULL, 0);
	talk_command(&t, "0100f1d0", NULL, 0);
	talk_answer(&t, "0000", data, 100);
	check_hidden(&t, data, 100);
}

static void metadata_without_a_read_rule_means_nobody(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 9);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t, "0101e0e1", NULL, 0);
	talk_answer(&t,
		"0000"
		"2003c40164",
		NULL, 0);
	talk_command(&t, "0100e0e1", NULL, 0);
	talk_answer(&t, "0000", data, 100);
	check_hidden(&t, data, 100);
}

static void repeated_frames_are_hidden_each_time(void)
{
	uint8_t data[SECRET_LEN], apdu[TALK_BYTES_MAX];
	struct talk t;

	fill(data, 10);
	for (size_t i = 0; i < FRAMES; i++) {
		talk_begin(&t, frames[i]);
		talk_open(&t);
		talk_apdu(&t, false, 3, apdu, talk_build(apdu, "0200f1e00000", data, 200));
		talk_answer(&t, "0000", NULL, 0);
		talk_command(&t, "0100f1e0", NULL, 0);
		talk_apdu(&t, true, 3, apdu, talk_build(apdu, "0000", data, 200));
		check_hidden(&t, data, 200);
	}
}

static void frames_with_a_wrong_checksum_stay_wrong_and_hidden(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 11);
	for (size_t i = 0; i < FRAMES; i++) {
		talk_begin(&t, frames[i]);
		talk_open(&t);
		talk_command(&t, "0100f1e0", NULL, 0);
		t.bad_fcs = true;
		talk_answer(&t, "0000", data, 200);
		check_hidden(&t, data, 200);
	}
}

static void transfers_that_failed_are_hidden(void)
{
	static const enum trustx_err results[] = { TRUSTX_ERR_NACK, TRUSTX_ERR_BUS };
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 12);
	for (size_t i = 0; i < FRAMES; i++)
		for (size_t r = 0; r < 2; r++) {
			talk_begin(&t, frames[i]);
			talk_open(&t);
			t.result = results[r];
			talk_command(&t, "0200f1e00000", data, 200);
			check_hidden(&t, data, 200);
		}
}

static void an_answer_to_a_command_that_seemed_lost_is_hidden(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 13);
	talk_begin(&t, 277);
	talk_open(&t);
	t.result = TRUSTX_ERR_BUS;
	talk_command(&t, "0100f1e0", NULL, 0);
	t.result = TRUSTX_OK;
	t.host_nr = 0;
	talk_command(&t, "0100e0c2", NULL, 0);
	talk_answer(&t, "0000", data, 27);
	check_hidden(&t, data, 27);
}

static void an_abandoned_secret_does_not_come_out_as_another_answer(void)
{
	static const uint8_t soft_reset[] = { 0x88, 0x00, 0x00 };
	uint8_t data[SECRET_LEN], apdu[TALK_BYTES_MAX];
	struct talk t;

	fill(data, 14);
	for (int how = 0; how < 3; how++) {
		talk_begin(&t, 277);
		talk_open(&t);
		talk_command(&t, "0100f1e0", NULL, 0);
		if (how == 1)
			talk_frame(&t, false, 0xC0, NULL, 0);
		if (how == 2)
			talk_record(&t, TRACEFILE_WRITE, soft_reset, sizeof(soft_reset));
		if (how > 0)
			t.host_nr = t.chip_nr = 3;
		talk_command(&t, "0100e0c2", NULL, 0);
		talk_apdu(&t, true, 2, apdu, talk_build(apdu, "0000", data, 200));
		check_hidden(&t, data, 200);
	}
}

static void a_trace_that_begins_in_the_middle_hides_what_it_cannot_place(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 15);
	for (size_t i = 0; i < FRAMES; i++) {
		talk_begin(&t, frames[i]);
		talk_answer(&t, "0000", data, 200);
		talk_record(&t, TRACEFILE_READ, data + 200, 200);
		check_hidden(&t, data, 400);
	}
	talk_begin(&t, 277);
	talk_record(&t, TRACEFILE_READ, data, 200);
	check_hidden(&t, data, 200);
}

static void unknown_registers_and_commands_are_hidden(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 16);
	data[0] = 0xA5;
	talk_begin(&t, 277);
	talk_record(&t, TRACEFILE_WRITE, data, 100);
	talk_record(&t, TRACEFILE_READ, data + 100, 100);
	check_hidden(&t, data, 200);
	data[0] = 0x82;
	talk_begin(&t, 277);
	talk_record(&t, TRACEFILE_WRITE, data, 1);
	talk_record(&t, TRACEFILE_READ, data + 5, 100);
	check_hidden(&t, data + 9, 96);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t, "1551", data, 200);
	talk_answer(&t, "0000", data, 200);
	talk_command(&t, "7700", data, 200);
	talk_answer(&t, "0000", data, 200);
	check_hidden(&t, data, 200);
}

static void hashes_tell_nothing_of_secret_objects(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 17);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t,
		"30e2"
		"110006"
		"f1e0"
		"0000"
		"0010",
		NULL, 0);
	talk_answer(&t,
		"0000"
		"010020",
		data, 32);
	talk_command(&t,
		"30e2"
		"100006"
		"f1e0"
		"0000"
		"0010",
		NULL, 0);
	talk_answer(&t, "0000", NULL, 0);
	talk_command(&t,
		"30e2"
		"030000",
		NULL, 0);
	talk_answer(&t,
		"0000"
		"010020",
		data + 32, 32);
	talk_command(&t,
		"30e2"
		"00000061"
		"070000",
		NULL, 0);
	talk_answer(&t,
		"0000"
		"060082",
		data + 64, 130);
	talk_command(&t,
		"30e2"
		"060082",
		data + 64, 130);
	talk_answer(&t, "0000", NULL, 0);
	check_hidden(&t, data, 194);
	talk_begin(&t, 277);
	talk_open(&t);
	talk_command(&t,
		"30e2"
		"01000a",
		data, 10);
	talk_answer(&t,
		"0000"
		"010020",
		data, 32);
	check_shown(&t);
}

static void the_presentation_layer_is_looked_through_when_it_is_plain(void)
{
	uint8_t data[SECRET_LEN];
	struct talk t;

	fill(data, 18);
	talk_begin(&t, 55);
	t.pctr = 0x08;
	talk_open(&t);
	talk_command(&t, "0100e0c2", NULL, 0);
	talk_answer(&t, "0000", data, 200);
	check_shown(&t);
	talk_begin(&t, 55);
	t.pctr = 0x08;
	talk_open(&t);
	talk_command(&t, "0100f1e0", NULL, 0);
	talk_answer(&t, "0000", data, 200);
	check_hidden(&t, data, 200);
}

static void redacting_twice_changes_nothing_more(void)
{
	uint8_t data[SECRET_LEN];
	struct blob once, twice;
	struct redaction did;
	struct talk t;
	struct fail f;

	fill(data, 19);
	talk_begin(&t, 55);
	talk_open(&t);
	talk_command(&t, "0200f1e00000", data, 100);
	talk_answer(&t, "0000", NULL, 0);
	CHECK_INT(redact(&once, &t).blanked, 100);
	blob_init(&twice, (size_t)1 << 22);
	CHECK_OK(redact_trace(&twice, &did, once.data, once.len, &f));
	CHECK_STR(blob_text(&twice), blob_text(&once));
	blob_free(&once);
	blob_free(&twice);
	blob_free(&t.text);
}

struct noise {
	uint32_t seed;
};

static uint32_t draw(struct noise *n, uint32_t below)
{
	n->seed = n->seed * 1664525u + 1013904223u;
	return (n->seed >> 8) % below;
}

static unsigned rounds(void)
{
	const char *text = getenv("TRUSTX_LONG");

	return text != NULL && text[0] != '\0' ? 200000 : 5000;
}

/* Bytes that often look like a frame. */
static void draw_record(struct noise *n, struct tracefile_record *rec)
{
	size_t at;
	uint16_t fcs;

	rec->op = (enum tracefile_op)draw(n, 2);
	rec->result = draw(n, 8) == 0 ? TRUSTX_ERR_BUS : TRUSTX_OK;
	rec->len = 7 + draw(n, 40);
	for (size_t i = 0; i < rec->len; i++)
		rec->data[i] = (uint8_t)(draw(n, 4) == 0 ? draw(n, 256) : 0);
	if (draw(n, 2) == 0)
		rec->data[0] = 0x80;
	if (draw(n, 2) == 0)
		return;
	at = rec->op == TRACEFILE_WRITE ? 1 : 0;
	rec->data[at] &= 0x0F;
	rec->data[at + 1] = 0;
	rec->data[at + 2] = (uint8_t)(rec->len - at - 5);
	rec->data[at + 3] &= 0x0F;
	fcs = talk_fcs(rec->data + at, rec->len - at - 2);
	rec->data[rec->len - 2] = (uint8_t)(fcs >> 8);
	rec->data[rec->len - 1] = (uint8_t)fcs;
}

static void no_bytes_break_the_decoder(void)
{
	static struct tracefile_record rec;
	struct trace_decoder *d = trace_decoder_new();
	struct trace_line lines[2];
	struct noise n = { 20 };

	for (unsigned i = 0; i < rounds(); i++) {
		draw_record(&n, &rec);
		CHECK(trace_decode(d, lines, &rec) >= 1);
	}
	trace_decoder_free(d);
}

static void no_frames_break_the_redactor(void)
{
	struct noise n = { 21 };
	uint8_t bytes[64];
	struct blob out;
	struct talk t;

	talk_begin(&t, 16);
	for (unsigned i = 0; i < rounds() / 10; i++) {
		size_t len = 1 + draw(&n, 50);

		for (size_t k = 0; k < len; k++)
			bytes[k] = (uint8_t)(draw(&n, 2) == 0 ? draw(&n, 256) : 0);
		t.result = draw(&n, 32) == 0 ? TRUSTX_ERR_BUS : TRUSTX_OK;
		talk_packet(&t, draw(&n, 2) == 0, draw(&n, 4) == 0, bytes, len);
	}
	redact(&out, &t);
	check_same_shape(&t.text, &out);
	blob_free(&out);
	blob_free(&t.text);
}

int main(void)
{
	RUN(an_exported_private_key_is_hidden_and_its_public_key_is_not);
	RUN(shared_and_derived_secrets_are_hidden);
	RUN(objects_are_hidden_both_ways);
	RUN(certificates_status_and_random_numbers_stay);
	RUN(metadata_that_lets_everybody_read_opens_an_object);
	RUN(metadata_that_restricts_closes_an_object_for_the_whole_trace);
	RUN(a_wish_to_open_an_object_is_not_enough);
	RUN(metadata_without_a_read_rule_means_nobody);
	RUN(repeated_frames_are_hidden_each_time);
	RUN(frames_with_a_wrong_checksum_stay_wrong_and_hidden);
	RUN(transfers_that_failed_are_hidden);
	RUN(an_answer_to_a_command_that_seemed_lost_is_hidden);
	RUN(an_abandoned_secret_does_not_come_out_as_another_answer);
	RUN(a_trace_that_begins_in_the_middle_hides_what_it_cannot_place);
	RUN(unknown_registers_and_commands_are_hidden);
	RUN(hashes_tell_nothing_of_secret_objects);
	RUN(the_presentation_layer_is_looked_through_when_it_is_plain);
	RUN(redacting_twice_changes_nothing_more);
	RUN(no_bytes_break_the_decoder);
	RUN(no_frames_break_the_redactor);
	return 0;
}
