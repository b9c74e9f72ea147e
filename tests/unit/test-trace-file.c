/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include "blob.h"
#include "file.h"
#include "tracefile.h"

#define HEAD  "trustx-trace 1 raw clock=0 addr=30 transfer=278 hz=400000 lines=srp\n"
#define OTHER "trustx-trace 1 redacted clock=0 addr=00 transfer=0 hz=0 lines=-\n"
#define WRITE "0 50 write ok 30 82\n"
#define READ  "100 117 read ok 30 08000000\n"
#define NACK  "300 20 read TRUSTX_ERR_NACK 30 4\n"
#define REST  "400 1 speed ok 400000\n500 0 reset ok 0\n600 0 power TRUSTX_ERR_BUS 1\n"

/* What is read, printed again; cut records as "cut". Returns the error at the end. */
static enum trustx_err reprint(struct blob *out, struct fail *f, const char *text, size_t len)
{
	struct tracefile_reader r;
	struct tracefile_item item;
	char line[TRACEFILE_LINE_MAX];
	enum trustx_err err;
	size_t n;

	blob_init(out, (size_t)1 << 20);
	tracefile_reader_init(&r, text, len);
	while ((err = tracefile_next(&r, &item, f)) == TRUSTX_OK && item.kind != TRACEFILE_END) {
		if (item.kind == TRACEFILE_SESSION)
			n = tracefile_print_session(line, &item.session);
		else if (item.kind == TRACEFILE_RECORD)
			n = tracefile_print_record(line, &item.record);
		else
			n = (size_t)snprintf(line, sizeof(line), "cut\n");
		CHECK_INT(strlen(line), n);
		CHECK_OK(blob_add(out, line, n));
	}
	return err;
}

static void check_reprint(const char *text, const char *want)
{
	struct blob out;
	struct fail f;

	CHECK_OK(reprint(&out, &f, text, strlen(text)));
	CHECK_STR(blob_text(&out), want);
	blob_free(&out);
}

static void every_record_survives_reading_and_printing(void)
{
	check_reprint(HEAD WRITE READ NACK REST, HEAD WRITE READ NACK REST);
	check_reprint(HEAD WRITE OTHER WRITE READ, HEAD WRITE OTHER WRITE READ);
}

static void a_cut_line_does_not_count(void)
{
	check_reprint(HEAD WRITE "100 117 read ok 30 0800", HEAD WRITE "cut\n");
	check_reprint(HEAD "100 117 read ok 30 0800 ~\n" OTHER WRITE, HEAD "cut\n" OTHER WRITE);
	check_reprint(HEAD WRITE "trustx-tra", HEAD WRITE "cut\n");
}

static void every_truncation_keeps_the_whole_lines(void)
{
	static const char text[] = HEAD WRITE READ NACK REST OTHER WRITE;

	for (size_t len = 0; len < sizeof(text); len++) {
		const char *copy = text;
		size_t whole = len;
		struct blob out;
		struct fail f;
		enum trustx_err err = reprint(&out, &f, copy, len);

		while (whole > 0 && text[whole - 1] != '\n')
			whole--;
		CHECK_ERR(err, whole > 0 ? TRUSTX_OK : TRUSTX_ERR_INPUT);
		CHECK_INT(out.len, whole + (whole > 0 && whole < len ? 4 : 0));
		CHECK_MEM(blob_text(&out), text, whole);
		blob_free(&out);
	}
}

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "it is not a trace of trustx" },
	{ "\n", "it is not a trace of trustx" },
	{ WRITE, "it is not a trace of trustx" },
	{ "trustx-trace", "it is not a trace of trustx" },
	{ "trustx-trace 2 raw\n", "line 1: a trace of another version than 1: 2 raw" },
	{ "trustx-trace 1 raw\n", "line 1: a damaged head" },
	{ "trustx-trace 1 bare clock=0 addr=30 transfer=1 hz=1 lines=-\n", "damaged head" },
	{ "trustx-trace 1 raw clock=0 addr=80 transfer=1 hz=1 lines=-\n", "damaged head" },
	{ "trustx-trace 1 raw clock=0 addr=30 transfer=65536 hz=1 lines=-\n", "damaged head" },
	{ "trustx-trace 1 raw clock=0 addr=30 transfer=1 hz=1 lines=ps\n", "damaged head" },
	{ "trustx-trace 1 raw clock=0 addr=30 transfer=1 hz=1 lines=\n", "damaged head" },
	{ "trustx-trace 1 raw clock=0 addr=30 transfer=1 hz=1 lines=s more\n", "damaged head" },
	{ "trustx-trace 1 raw addr=30 clock=0 transfer=1 hz=1 lines=s\n", "damaged head" },
	{ HEAD "\n", "line 2: not a record of a trace" },
	{ HEAD WRITE "0 50 write ok 30\n", "line 3: not a record" },
	{ HEAD "0 50 write ok 30 8\n", "not a record" },
	{ HEAD "0 50 write ok 30 8g\n", "not a record" },
	{ HEAD "0 50 write ok 30 \n", "not a record" },
	{ HEAD "0 50 write ok 80 82\n", "not a record" },
	{ HEAD "0 50 write ok 3 82\n", "not a record" },
	{ HEAD "0 50 write fine 30 82\n", "not a record" },
	{ HEAD "0 50 write TRUSTX_OK 30 82\n", "not a record" },
	{ HEAD "0 50 wrote ok 30 82\n", "not a record" },
	{ HEAD "0 50 write ok 30 82 83\n", "not a record" },
	{ HEAD "0  50 write ok 30 82\n", "not a record" },
	{ HEAD "-1 50 write ok 30 82\n", "not a record" },
	{ HEAD "9223372036854775808 50 write ok 30 82\n", "not a record" },
	{ HEAD "0 4294967296 write ok 30 82\n", "not a record" },
	{ HEAD "0 50 read TRUSTX_ERR_NACK 30 0\n", "not a record" },
	{ HEAD "0 50 read TRUSTX_ERR_NACK 30 1025\n", "not a record" },
	{ HEAD "0 50 reset ok 2\n", "not a record" },
	{ HEAD "0 50 speed ok 4294967296\n", "not a record" },
	{ HEAD "0 50 speed ok 30 1\n", "not a record" },
	{ HEAD READ WRITE, "line 3: the clock goes back" },
};

static void what_is_no_trace_is_named(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct blob out;
		struct fail f;

		CHECK_ERR(reprint(&out, &f, bad[i].text, strlen(bad[i].text)), TRUSTX_ERR_INPUT);
		if (strstr(f.why, bad[i].why) == NULL)
			CHECK_STR(f.why, bad[i].why);
		blob_free(&out);
	}
}

static void the_longest_transfer_fits_and_one_byte_more_does_not(void)
{
	static const char head[] = HEAD "9223372036854775807 4294967295 write ok 7f ";
	char text[sizeof(head) + 2 * TRACEFILE_DATA_MAX + 4];
	struct blob out;
	struct fail f;
	size_t n = sizeof(head) - 1;

	memcpy(text, head, n);
	memset(text + n, 'a', 2 * TRACEFILE_DATA_MAX + 2);
	n += 2 * TRACEFILE_DATA_MAX;
	text[n] = '\n';
	CHECK_OK(reprint(&out, &f, text, n + 1));
	CHECK_INT(out.len, n + 1);
	CHECK_MEM(out.data, text, n + 1);
	blob_free(&out);
	text[n] = 'a';
	text[n + 2] = '\n';
	CHECK_ERR(reprint(&out, &f, text, n + 3), TRUSTX_ERR_INPUT);
	blob_free(&out);
}

static void a_zero_byte_and_an_endless_line_are_refused(void)
{
	static const char zero[] = HEAD "0 50 write ok 30 82\0\n";
	struct blob out, endless;
	struct fail f;

	CHECK_ERR(reprint(&out, &f, zero, sizeof(zero) - 1), TRUSTX_ERR_INPUT);
	blob_free(&out);
	blob_init(&endless, 100000);
	CHECK_OK(blob_addf(&endless, HEAD "%09000d\n", 0));
	CHECK_ERR(reprint(&out, &f, blob_text(&endless), endless.len), TRUSTX_ERR_INPUT);
	blob_free(&out);
	blob_free(&endless);
}

int main(void)
{
	RUN(every_record_survives_reading_and_printing);
	RUN(a_cut_line_does_not_count);
	RUN(every_truncation_keeps_the_whole_lines);
	RUN(what_is_no_trace_is_named);
	RUN(the_longest_transfer_fits_and_one_byte_more_does_not);
	RUN(a_zero_byte_and_an_endless_line_are_refused);
	return 0;
}
