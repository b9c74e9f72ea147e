/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "name.h"
#include "test.h"

#include <openssl/err.h>

#include "file.h"

static const struct name_vars vars = { "cd16336b", "SN-7" };

struct row {
	const char *input, *want; /* the printed name, or what the message contains */
};

static void expect_no_stale_errors(void)
{
	CHECK(ERR_peek_error() == 0);
}

static void expect_print(X509_NAME *name, const char *separator, const char *want)
{
	struct blob text;

	blob_init(&text, 4096);
	CHECK_OK(name_print(&text, name, separator));
	CHECK_STR(blob_text(&text), want);
	blob_free(&text);
}

static void expect_why(const struct fail *f, const char *input, const char *want)
{
	if (strstr(f->why, want) == NULL) {
		fprintf(stderr, "%s: \"%s\" does not contain \"%s\"\n", input, f->why, want);
		exit(1);
	}
	expect_no_stale_errors();
}

static void expect_config_error(const void *json, size_t len, const char *want)
{
	X509_NAME *name;
	struct fail f;

	CHECK_ERR(name_from_config(&name, &vars, json, len, &f), TRUSTX_ERR_INPUT);
	CHECK(name == NULL);
	expect_why(&f, json, want);
}

static void expect_config(const char *json, size_t len, const char *want)
{
	X509_NAME *name;
	struct fail f;

	CHECK_OK(name_from_config(&name, &vars, json, len, &f));
	expect_print(name, ",", want);
	X509_NAME_free(name);
}

static void expect_text(const char *input, const char *want)
{
	X509_NAME *name;
	struct fail f;

	CHECK_OK(name_from_text(&name, &vars, input, &f));
	expect_print(name, ",", want);
	X509_NAME_free(name);
}

static void expect_text_error(const char *input, const char *want)
{
	X509_NAME *name;
	struct fail f;

	CHECK_ERR(name_from_text(&name, &vars, input, &f), TRUSTX_ERR_INPUT);
	CHECK(name == NULL);
	expect_why(&f, input, want);
}

static void golden_config_gives_the_golden_subject(void)
{
	static const char want[] = "CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,"
				   "ST=Germany";
	struct blob json;
	struct fail f;

	blob_init(&json, 4096);
	CHECK_OK(file_read(&json, GOLDEN "/config.jsn", &f));
	expect_config(blob_text(&json), json.len, want);
	blob_free(&json);
	expect_text(want, want);
	expect_text("/CN=AWS IoT Certificate/O=Infineon Technologies AG/C=DE/ST=Germany", want);
}

static void all_keys_are_known_and_order_is_kept(void)
{
	static const char json[] =
		"\xEF\xBB\xBF{\r\n\"dnQualifier\":\"q\",\r\n\"emailAddress\":\"a.b@c.example\","
		"\"serialNumber\":\"1\",\"L\":\"l\",\"OU\":\"ou\",\"ST\":\"st\",\"C\":\"DE\","
		"\"O\":\"o\",\"CN\":\"cn\"}\r\n";

	expect_config(json, sizeof(json) - 1,
		"dnQualifier=q,emailAddress=a.b@c.example,serialNumber=1,L=l,OU=ou,ST=st,C=DE,"
		"O=o,CN=cn");
}

static int type_of(const char *text)
{
	X509_NAME *name;
	struct fail f;
	int type;

	CHECK_OK(name_from_text(&name, &vars, text, &f));
	type = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, 0))->type;
	X509_NAME_free(name);
	return type;
}

static void string_types_follow_the_value(void)
{
	CHECK_INT(type_of("CN=plain"), V_ASN1_PRINTABLESTRING);
	CHECK_INT(type_of("CN=under_score"), V_ASN1_UTF8STRING);
	CHECK_INT(type_of("CN=Z\xC3\xBCrich"), V_ASN1_UTF8STRING);
	CHECK_INT(type_of("emailAddress=a@b"), V_ASN1_IA5STRING);
	CHECK_INT(type_of("C=DE"), V_ASN1_PRINTABLESTRING);
	CHECK_INT(type_of("serialNumber=1"), V_ASN1_PRINTABLESTRING);
	CHECK_INT(type_of("dnQualifier=1"), V_ASN1_PRINTABLESTRING);
}

static void bad_json_is_named_by_line_and_column(void)
{
	static const struct row rows[] = {
		{ "", "the file is empty" },
		{ " \n", "line 2, column 1: the file ends too early" },
		{ "{\n\"CN\": \"a\"", "line 2, column 9: the file ends too early" },
		{ "{\"CN\": \"a", "the file ends too early" },
		{ "{\"CN\":\"a\"}\nmore", "line 2, column 4: something follows" },
		{ "{\"CN\":\"a\"}}", "line 1, column 11: something follows" },
		{ "{\"CN\":\"a\",}", "line 1, column 11: string or '}' expected" },
		{ "{\"CN\":\"a\xFF\"}", "line 1, column 8: this is not UTF-8" },
		{ "{\"CN\":\"a\\u0000\"}", "column 15: \\u0000 has no place" },
		{ "{\"CN\\u0000\":\"a\"}", "\\u0000 has no place" },
		{ "{\"CN\":\"a\",\n\"CN\":\"b\"}", "line 2, column 4: key CN is there twice" },
		{ "{\"CN\":\"a\",\n\"C\\u004e\":\"b\"}", "is there twice" },
		{ "nonsense", "line 1, column 8: '[' or '{' expected" },
		{ "[]", "line 1, column 1: an array where an object such as {\"CN\": \"device\"} "
			"is expected" },
		{ " \r\n {}", "line 2, column 2: an empty object where" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_config_error(rows[i].input, strlen(rows[i].input), rows[i].want);
	expect_config_error("{\"CN\":\"a\"}\0", 11, "line 1, column 11");
}

static void bad_values_are_named_by_key(void)
{
	static const struct row rows[] = {
		{ "{\"XX\":\"a\"}", "unknown key \"XX\"" },
		{ "{\"cn\":\"a\"}", "unknown key \"cn\"" },
		{ "{\"\":\"a\"}", "unknown key \"\"" },
		{ "{\"a\\u001b[2J\":\"a\"}", "unknown key \"a?[2J\"" },
		{ "{\"CN\":7}", "key CN: the value must be a string, not a number" },
		{ "{\"CN\":null}", "key CN: the value must be a string, not null" },
		{ "{\"CN\":true}", "not true or false" },
		{ "{\"CN\":{}}", "not an object" },
		{ "{\"CN\":[\"a\"]}", "not an array" },
		{ "{\"CN\":\"\"}", "key CN: the value is empty" },
		{ "{\"CN\":\"  \"}", "key CN: the value is empty" },
		{ "{\"CN\":\"a\\nb\"}", "key CN: the value contains a control character" },
		{ "{\"CN\":\"a\\u0085b\"}", "control character" },
		{ "{\"C\":\"Germany\"}", "key C: a country is two capital letters such as DE, not "
					 "\"Germany\"" },
		{ "{\"C\":\"de\"}", "key C: a country is two capital letters" },
		{ "{\"C\":\"D1\"}", "key C: a country is two capital letters" },
		{ "{\"C\":\"D\"}", "key C: a country is two capital letters" },
		{ "{\"serialNumber\":\"a_b\"}", "key serialNumber: \"a_b\" may contain only" },
		{ "{\"dnQualifier\":\"\xC3\xA4\"}", "key dnQualifier: " },
		{ "{\"emailAddress\":\"nobody\"}", "key emailAddress: \"nobody\" is no e-mail" },
		{ "{\"emailAddress\":\"a@b..c\"}", "is no e-mail" },
		{ "{\"emailAddress\":\"a@\xC3\xA4.de\"}", "is no e-mail" },
		{ "{\"CN\":\"{name}\"}", "key CN: unknown placeholder {name}; known are {uid} and "
					 "{serial}" },
		{ "{\"CN\":\"a{uid\"}", "key CN: { begins a placeholder" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_config_error(rows[i].input, strlen(rows[i].input), rows[i].want);
}

static void a_bad_value_is_named_by_line_and_column(void)
{
	static const struct row rows[] = {
		{ "{\"XX\":\"a\"}", "line 1, column 2: unknown key \"XX\"" },
		{ "\xEF\xBB\xBF{\"CN\":7}",
			"line 1, column 2: key CN: the value must be a string" },
		{ "{\"CN\":\"a\",\n\t\"C\" : \"Germany\"}",
			"line 2, column 2: key C: a country is" },
		{ "{\"CN\":\"\xC3\xA4\",\"C\":\"D\"}", "line 1, column 11: key C: " },
		{ "{\"CN\":\"]\\\"[,\\\\\",\"C\":\"D\"}", "line 1, column 17: key C: " },
		{ "{\n\"CN\":{\"O\":\"o\",\"C\":[1,2]},\"XX\":1}", "line 2, column 1: key CN: " },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_config_error(rows[i].input, strlen(rows[i].input), rows[i].want);
}

static void upper_bounds_hold_to_the_character(void)
{
	static const struct {
		const char *key;
		size_t max;
	} rows[] = { { "CN", 64 }, { "O", 64 }, { "OU", 64 }, { "L", 128 }, { "ST", 128 },
		{ "serialNumber", 64 } };
	char json[400], filler[200], want[64];

	memset(filler, 'x', sizeof(filler));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509_NAME *name;
		struct fail f;
		int max = (int)rows[i].max, n;

		n = snprintf(json, sizeof(json), "{\"%s\":\"%.*s\"}", rows[i].key, max, filler);
		CHECK_OK(name_from_config(&name, NULL, json, (size_t)n, &f));
		X509_NAME_free(name);
		n = snprintf(json, sizeof(json), "{\"%s\":\"%.*s\"}", rows[i].key, max + 1, filler);
		snprintf(want, sizeof(want), "key %s: the value has %d characters, at most %d are",
			rows[i].key, max + 1, max);
		expect_config_error(json, (size_t)n, want);
	}
}

static void bounds_count_characters_not_bytes(void)
{
	char text[3 + 2 * 65 + 1] = "CN=";
	X509_NAME *name;
	struct fail f;

	for (int i = 0; i < 64; i++)
		memcpy(text + 3 + 2 * i, "\xC3\xA4", 3);
	CHECK_OK(name_from_text(&name, NULL, text, &f));
	X509_NAME_free(name);
	memcpy(text + 3 + 2 * 64, "\xC3\xA4", 3);
	expect_text_error(text, "65 characters, at most 64");
}

static void e_mail_address_ends_at_255(void)
{
	char text[400] = "emailAddress=a@";
	size_t start = strlen(text);
	X509_NAME *name;
	struct fail f;

	for (size_t i = 0; i < 253; i++)
		text[start + i] = i % 64 == 63 ? '.' : 'x';
	CHECK_OK(name_from_text(&name, NULL, text, &f));
	X509_NAME_free(name);
	memcpy(text + start + 253, "x", 2);
	expect_text_error(text, "256 characters, at most 255");
}

static void text_with_escapes_is_rfc_4514(void)
{
	static const struct row rows[] = {
		{ "CN=a\\,b,O=c", "CN=a\\,b,O=c" },
		{ "CN=\\+\\\"\\\\\\<\\>\\;\\=", "CN=\\+\\\"\\\\\\<\\>\\;=" },
		{ "CN=\\#1", "CN=\\#1" },
		{ "CN=a#1", "CN=a#1" },
		{ "CN=\\ a\\ ", "CN=\\ a\\ " },
		{ "CN=a\\\\ ,O=b", "CN=a\\\\,O=b" },
		{ "CN=\\C3\\A4\\2c", "CN=\xC3\xA4\\," },
		{ " CN = a b , O = c ", "CN=a b,O=c" },
		{ "cn=a,c=DE,SERIALNUMBER=1", "CN=a,C=DE,serialNumber=1" },
		{ "CN=a=b/c", "CN=a=b/c" },
		{ "CN=device-{uid},serialNumber={serial}", "CN=device-cd16336b,serialNumber=SN-7" },
		{ "CN={uid}{serial}}", "CN=cd16336bSN-7}" },
		{ "/CN=a,b/O=c;d\\/e", "CN=a\\,b,O=c\\;d/e" },
		{ "/cn=\\+", "CN=\\+" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_text(rows[i].input, rows[i].want);
}

static void bad_text_is_refused(void)
{
	static const struct row rows[] = {
		{ "", "the subject is empty" },
		{ "   ", "the subject is empty" },
		{ "/", "the subject ends where KEY=VALUE is expected" },
		{ "CN=a,", "the subject ends where KEY=VALUE is expected" },
		{ "/CN=a/", "the subject ends where KEY=VALUE is expected" },
		{ ",CN=a", "at \",CN=a\": KEY=VALUE is expected" },
		{ "CN", "KEY=VALUE is expected" },
		{ "CN=a,b", "at \"b\": KEY=VALUE is expected" },
		{ "=a", "unknown key \"\"" },
		{ "street=a", "unknown key \"street\"" },
		{ "2.5.4.3=a", "unknown key \"2.5.4.3\"" },
		{ "CN=", "key CN: the value is empty" },
		{ "CN=,O=a", "key CN: the value is empty" },
		{ "CN=a+OU=b", "at \"+OU=b\": a name with +" },
		{ "/CN=a+OU=b", "at \"+OU=b\": a name with +" },
		{ "CN=\"a,b\"", "quotes do not protect" },
		{ "CN=#0C0161", "a value in hexadecimal" },
		{ "CN=a;O=b", "write a backslash" },
		{ "CN=a<b", "write a backslash" },
		{ "CN=a\\", "the subject ends with a backslash" },
		{ "CN=a\\x", "behind a backslash stands one of" },
		{ "CN=a\\00", "\\00 has no place" },
		{ "CN=a\\1B", "key CN: the value contains a control character" },
		{ "CN=\\C3", "key CN: the value is not UTF-8" },
		{ "CN=\xED\xA0\x80", "key CN: the value is not UTF-8" },
		{ "CN=\xC0\xAF", "key CN: the value is not UTF-8" },
		{ "CN=a,cn=b", "key CN: it is there twice" },
		{ "C=Germany", "key C: a country is two capital letters" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_text_error(rows[i].input, rows[i].want);
}

static void very_long_text_is_refused(void)
{
	size_t len = 100000;
	char *text = malloc(len + 1);

	CHECK(text != NULL);
	memset(text, 'x', len);
	text[len] = '\0';
	expect_text_error(text, "KEY=VALUE is expected");
	memcpy(text, "CN=", 3);
	{
		X509_NAME *name;
		struct fail f;

		CHECK_ERR(name_from_text(&name, NULL, text, &f), TRUSTX_ERR_TOO_BIG);
		expect_why(&f, "long", "the subject is too long");
	}
	free(text);
}

static void placeholders_need_a_value(void)
{
	static const struct name_vars no_uid = { NULL, "1" };
	struct blob out;
	struct fail f;

	blob_init(&out, 16);
	CHECK_OK(name_fill(&out, &no_uid, "dns:{serial}.x", &f));
	CHECK_STR(blob_text(&out), "dns:1.x");
	CHECK_ERR(name_fill(&out, &no_uid, "{uid}", &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "{uid}", "there is no value here for {uid}");
	CHECK_ERR(name_fill(&out, NULL, "{serial}", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(name_fill(&out, &no_uid, "0123456789ABCDEF", &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "long", "longer than 16 bytes");
	blob_free(&out);
}

static void limits_hold_after_filling(void)
{
	static const struct name_vars long_uid = {
		"CD16336B01001C000100000A085255000A005C0046801010711118",
		"CD16336B01001C000100000A085255000A005C0046801010711118"
	};
	X509_NAME *name;
	struct fail f;

	CHECK_OK(name_from_text(&name, &long_uid, "CN=id-{uid}", &f));
	X509_NAME_free(name);
	CHECK_ERR(name_from_text(&name, &long_uid, "CN={uid}-{serial}", &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "filled", "key CN: the value has 109 characters");
}

static void printing_survives_foreign_names(void)
{
	X509_NAME *name = X509_NAME_new();
	static const unsigned char evil[] = "a\x1B[2J";

	CHECK(name != NULL);
	CHECK(X509_NAME_add_entry_by_txt(name, "CN", V_ASN1_UTF8STRING, evil, -1, -1, 0) == 1);
	CHECK(X509_NAME_add_entry_by_txt(name, "DC", V_ASN1_IA5STRING,
		      (const unsigned char *)"example", -1, -1, 0) == 1);
	CHECK(X509_NAME_add_entry_by_txt(name, "1.2.3.4", V_ASN1_PRINTABLESTRING,
		      (const unsigned char *)"x", -1, -1, 0) == 1);
	CHECK(X509_NAME_add_entry_by_txt(name, "OU", V_ASN1_PRINTABLESTRING,
		      (const unsigned char *)"unit", -1, -1, -1) == 1);
	expect_print(name, ", ", "CN=a\\1B[2J, DC=example, 1.2.3.4=#130178 + OU=unit");
	X509_NAME_free(name);
}

int main(void)
{
	RUN(golden_config_gives_the_golden_subject);
	RUN(all_keys_are_known_and_order_is_kept);
	RUN(string_types_follow_the_value);
	RUN(bad_json_is_named_by_line_and_column);
	RUN(bad_values_are_named_by_key);
	RUN(a_bad_value_is_named_by_line_and_column);
	RUN(upper_bounds_hold_to_the_character);
	RUN(bounds_count_characters_not_bytes);
	RUN(e_mail_address_ends_at_255);
	RUN(text_with_escapes_is_rfc_4514);
	RUN(bad_text_is_refused);
	RUN(very_long_text_is_refused);
	RUN(placeholders_need_a_value);
	RUN(limits_hold_after_filling);
	RUN(printing_survives_foreign_names);
	return 0;
}
