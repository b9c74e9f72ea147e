/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include "access.h"
#include "exitcode.h"
#include "out.h"
#include "trustx.h"
#include "words.h"

static void every_error_has_an_exit_code_with_a_sentence(void)
{
	for (int err = 0; err < TRUSTX_ERR_COUNT_; err++) {
		int code = exitcode_of((enum trustx_err)err);
		size_t i = 0;

		while (i < exitcodes_count && exitcodes[i].code != code)
			i++;
		CHECK(i < exitcodes_count);
		CHECK((code == 0) == (err == TRUSTX_OK));
	}
	CHECK_INT(exitcode_of((enum trustx_err)9999), 1);
}

static void exit_codes_are_as_documented(void)
{
	CHECK_INT(exitcode_of(TRUSTX_ERR_FILE), 1);
	CHECK_INT(exitcode_of(TRUSTX_ERR_USAGE), 2);
	CHECK_INT(exitcode_of(TRUSTX_ERR_TOO_BIG), 2);
	CHECK_INT(exitcode_of(TRUSTX_ERR_IN_USE), 3);
	CHECK_INT(exitcode_of(TRUSTX_ERR_LOCKED), 4);
	CHECK_INT(exitcode_of(TRUSTX_ERR_MISMATCH), 5);
	CHECK_INT(exitcode_of(TRUSTX_ERR_ISSUER), 6);
	CHECK_INT(exitcode_of(TRUSTX_ERR_EXISTS), 7);
	CHECK_INT(exitcode_of(TRUSTX_ERR_CONSENT), 8);
	CHECK_INT(exitcode_of(TRUSTX_ERR_PARTIAL), 9);
	CHECK_INT(exitcode_of(TRUSTX_ERR_THROTTLED), 75);
	CHECK_INT(exitcode_of(TRUSTX_ERR_INTERRUPTED), 130);
}

static void parse_to(struct trustx_access *access, const char *text)
{
	struct writer w;
	struct fail f;

	writer_init(&w, access->bytes, sizeof(access->bytes));
	CHECK_OK(access_parse(&w, text, &f));
	access->len = (uint8_t)writer_len(&w);
}

/* What the library prints is what the program takes. */
static void access_conditions_survive_print_and_parse(void)
{
	static const char *const texts[] = {
		"always",
		"never",
		"LcsO < operational",
		"LcsO > initialization or LcsG < operational",
		"LcsA == termination and Conf 0xE140 and Int 0xE0E8",
		"SecStaG 0x20 or SecStaA 0x01 or Auto 0xF1D0",
		"Luc 0xE120",
	};
	struct trustx_access access, again;
	char out[200];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		parse_to(&access, texts[i]);
		CHECK_OK(trustx_access_print(out, sizeof(out), &access));
		CHECK_STR(out, texts[i]);
		parse_to(&again, out);
		CHECK_INT(again.len, access.len);
		CHECK_MEM(again.bytes, access.bytes, access.len);
	}
}

static void access_conditions_take_signs_and_any_case(void)
{
	static const uint8_t want[] = { 0xE1, 0xFB, 0x03, 0xFE, 0x70, 0xFC, 0x07 };
	struct trustx_access access;

	parse_to(&access, "lcso>initialization||LCSG<Operational");
	CHECK_INT(access.len, sizeof(want));
	CHECK_MEM(access.bytes, want, sizeof(want));
}

static void what_is_no_access_condition_is_refused(void)
{
	static const char *const texts[] = { "", " ", "sometimes", "LcsO", "LcsO <", "LcsO < 7",
		"LcsO operational", "always and", "and always", "always always", "Conf", "Conf x",
		"Conf 0x10000", "SecStaG 0x100", "<", "LcsO << operational",
		"averyveryveryveryveryveryveryveryverylongword" };
	uint8_t bytes[TRUSTX_ACCESS_MAX];
	struct writer w;
	struct fail f;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		writer_init(&w, bytes, sizeof(bytes));
		CHECK_ERR(access_parse(&w, texts[i], &f), TRUSTX_ERR_INPUT);
		CHECK(f.why[0] != '\0');
	}
}

static void too_long_an_access_condition_is_refused(void)
{
	uint8_t bytes[TRUSTX_ACCESS_MAX];
	char text[1024] = "LcsO < operational";
	struct writer w;
	struct fail f;
	size_t n = strlen(text);

	for (int i = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " or LcsO < operational");
	writer_init(&w, bytes, sizeof(bytes));
	CHECK_ERR(access_parse(&w, text, &f), TRUSTX_ERR_INPUT);
}

static void assignments_become_tags(void)
{
	static const uint8_t want[] = { 0xC0, 1, 0x07, 0xD0, 3, 0xE1, 0xFC, 0x07, 0xE1, 1, 0x11,
		0xE8, 1, 0x12 };
	uint8_t bytes[64];
	struct writer w;
	struct fail f;

	writer_init(&w, bytes, sizeof(bytes));
	CHECK_OK(access_assignment(&w, "lcso=operational", &f));
	CHECK_OK(access_assignment(&w, "Change=LcsO < operational", &f));
	CHECK_OK(access_assignment(&w, "usage=sign,auth", &f));
	CHECK_OK(access_assignment(&w, "type=0x12", &f));
	CHECK_INT(writer_len(&w), sizeof(want));
	CHECK_MEM(bytes, want, sizeof(want));
}

static void usages_in_words(void)
{
	char text[WORDS_USAGE_MAX];
	uint8_t usage;
	struct fail f;

	CHECK_OK(words_usage(&usage, "Enc,AGREE", &f));
	CHECK_INT(usage, TRUSTX_USAGE_ENC | TRUSTX_USAGE_AGREE);
	CHECK_ERR(words_usage(&usage, "sign,", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(words_usage(&usage, "", &f), TRUSTX_ERR_INPUT);
	words_usage_text(text, 0xFF);
	CHECK_STR(text, "sign, auth, enc, agree, unknown");
	words_usage_text(text, 0);
	CHECK_STR(text, "none");
}

static void object_identifiers_in_words(void)
{
	static const char *const bad[] = { "", "e0c", "e0c22", "0x", "0xe0c", "0x0xe0", "e0 c",
		"+e0c", "0xe0c22", "wxyz" };
	uint16_t oid = 0;
	struct fail f;

	CHECK_OK(words_oid(&oid, "0xe0F1", &f));
	CHECK_INT(oid, 0xE0F1);
	CHECK_OK(words_oid(&oid, "F1D0", &f));
	CHECK_INT(oid, 0xF1D0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_ERR(words_oid(&oid, bad[i], &f), TRUSTX_ERR_INPUT);
}

static void fill(struct out *o)
{
	static const uint8_t bytes[] = { 0xAB, 0x01 };

	out_str(o, "name", "Name:", "a \"b\"");
	out_num(o, "count", NULL, 3);
	out_array(o, "list");
	out_object(o, NULL);
	out_hex(o, "bytes", "Bytes:", bytes, sizeof(bytes));
	out_end(o);
	out_end(o);
	out_null(o, "none");
	out_line(o, "%d lines", 1);
}

static void the_same_calls_give_text_or_json(void)
{
	struct out text, json;
	char *dumped;

	out_init(&text, false);
	out_init(&json, true);
	fill(&text);
	fill(&json);
	CHECK_STR(
		blob_text(&text.text), "Name:           a \"b\"\nBytes:          ab01\n1 lines\n");
	CHECK_STR(blob_text(&json.text), "");
	dumped = json_dumps(json.open[0], JSON_COMPACT);
	CHECK_STR(dumped, "{\"name\":\"a "
			  "\\\"b\\\"\",\"count\":3,\"list\":[{\"bytes\":\"ab01\"}],\"none\":null}");
	free(dumped);
	out_free(&text);
	out_free(&json);
}

static void a_failure_while_printing_is_remembered(void)
{
	struct out o;
	struct fail f;

	out_init(&o, false);
	o.text.max = 4;
	out_line(&o, "too long");
	CHECK_ERR(out_finish(&o, "trustx.test/1", NULL, &f), TRUSTX_ERR_TOO_BIG);
	out_free(&o);
}

int main(void)
{
	RUN(every_error_has_an_exit_code_with_a_sentence);
	RUN(exit_codes_are_as_documented);
	RUN(access_conditions_survive_print_and_parse);
	RUN(access_conditions_take_signs_and_any_case);
	RUN(what_is_no_access_condition_is_refused);
	RUN(too_long_an_access_condition_is_refused);
	RUN(assignments_become_tags);
	RUN(usages_in_words);
	RUN(object_identifiers_in_words);
	RUN(the_same_calls_give_text_or_json);
	RUN(a_failure_while_printing_is_remembered);
	return 0;
}
