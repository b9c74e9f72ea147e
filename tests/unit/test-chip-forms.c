/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Signatures, keys, metadata, access conditions and errors, in and out of the chip's forms. */
#include "../../chip/der.h"
#include "transcript.h"

static void check_pair(const char *pair, size_t field, const char *want)
{
	uint8_t sig[128], der[128];
	size_t len = unhex(sig + 2, sizeof(sig) - 2, pair);
	size_t want_len = unhex(der, sizeof(der), want);

	CHECK_INT(der_from_pair(sig, len, field), want_len);
	CHECK_MEM(sig, der, want_len);
	if (want_len > 0)
		CHECK(der_is_signature(sig, want_len, field));
}

static void padded_integers_become_minimal(void)
{
	check_pair("02 04 00 00 00 01 02 04 00 00 00 02", 4, "30 06 02 01 01 02 01 02");
	check_pair("02 04 00 00 00 80 02 04 00 80 00 02", 4, "30 0A 02 02 00 80 02 04 00 80 00 02");
	check_pair("02 04 7F FF FF FF 02 05 00 80 00 00 00", 4,
		"30 0D 02 04 7F FF FF FF 02 05 00 80 00 00 00");
	check_pair(
		"02 05 00 7F FF FF FF 02 05 00 00 00 00 01", 4, "30 09 02 04 7F FF FF FF 02 01 01");
	check_pair("02 01 01 02 01 7F", 4, "30 06 02 01 01 02 01 7F");
}

static void malformed_integers_are_refused(void)
{
	static const char *const pairs[] = {
		"",
		"02",
		"02 01",
		"02 01 01",
		"02 01 01 02 01",		    /* cut */
		"02 01 01 02 01 01 00",		    /* something behind */
		"02 00 02 01 01",		    /* empty */
		"02 01 00 02 01 01",		    /* zero */
		"02 04 00 00 00 00 02 01 01",	    /* zero, padded */
		"02 01 80 02 01 01",		    /* negative */
		"02 05 01 00 00 00 00 02 01 01",    /* longer than the field */
		"02 06 00 00 00 00 00 01 02 01 01", /* padded beyond the field */
		"03 01 01 02 01 01",		    /* not an INTEGER */
		"02 01 01 04 01 01",
		"02 81 01 01 02 01 01",
		"02 FF 01 02 01 01",
		"30 06 02 01 01 02 01 01",
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		check_pair(pairs[i], 4, "");
}

static void every_padding_of_every_length_round_trips(void)
{
	for (size_t field = 32; field <= 48; field += 16) {
		for (size_t zeros = 0; zeros < field; zeros++) {
			uint8_t sig[TRUSTX_SIG_MAX];
			uint8_t *p = sig + 2;
			size_t len;

			for (unsigned n = 0; n < 2; n++) {
				bool top = zeros == 0 && n == 1;

				*p++ = 0x02;
				*p++ = (uint8_t)(field + top);
				if (top)
					*p++ = 0;
				memset(p, 0, zeros);
				memset(p + zeros, top ? 0xFF : 0x7F, field - zeros);
				p += field;
			}
			len = der_from_pair(sig, (size_t)(p - sig - 2), field);
			CHECK_INT(len, 2 + 2 * (2 + field - zeros) + (zeros == 0));
			CHECK(der_is_signature(sig, len, field));
		}
	}
}

static bool is_signature(const char *hex, size_t field)
{
	uint8_t sig[160];

	return der_is_signature(sig, unhex(sig, sizeof(sig), hex), field);
}

static void only_strict_der_is_a_signature(void)
{
	static const char *const wrong[] = {
		"",
		"30",
		"30 00",
		"31 06 02 01 01 02 01 01",
		"30 07 02 01 01 02 01 01",
		"30 06 02 01 01 02 01 01 00",
		"30 07 02 01 01 02 01 01 00",
		"30 81 06 02 01 01 02 01 01",
		"30 07 02 02 00 01 02 01 01", /* not minimal */
		"30 06 02 01 81 02 01 01",    /* negative */
		"30 05 02 00 02 01 01",
		"30 06 02 01 01 03 01 01",
		"30 03 02 01 01",
		"30 09 02 01 01 02 01 01 02 01 01",
		"30 0A 02 05 01 00 00 00 00 02 01 01",
	};

	CHECK(is_signature("30 06 02 01 01 02 01 01", 4));
	CHECK(is_signature("30 07 02 02 00 80 02 01 01", 4));
	CHECK(is_signature("30 0A 02 05 00 FF FF FF FF 02 01 01", 4));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(!is_signature(wrong[i], 4));
}

static void points_become_subject_public_key_infos(void)
{
	uint8_t point[97] = { 0x04 }, spki[121], head[27];
	struct trustx_public_key key = { TRUSTX_P256, point, 65 };
	size_t len = 91;

	memset(point + 1, 0x5A, 96);
	memset(spki, 0xA5, sizeof(spki));
	CHECK_OK(trustx_spki(spki, &len, &key));
	CHECK_INT(len, 91);
	unhex(head, sizeof(head),
		"30 59 30 13 06 07 2A 86 48 CE 3D 02 01 06 08 2A 86 48 CE 3D 03 "
		"01 07 03 42 00 04");
	CHECK_MEM(spki, head, 27);
	CHECK_MEM(spki + 27, point + 1, 64);
	CHECK_INT(spki[91], 0xA5);

	key = (struct trustx_public_key){ TRUSTX_P384, point, 97 };
	len = 120;
	CHECK_OK(trustx_spki(spki, &len, &key));
	CHECK_INT(len, 120);
	unhex(head, sizeof(head),
		"30 76 30 10 06 07 2A 86 48 CE 3D 02 01 06 05 2B 81 04 00 22 03 "
		"62 00 04");
	CHECK_MEM(spki, head, 24);
	CHECK_MEM(spki + 24, point + 1, 96);
	CHECK_INT(spki[120], 0xA5);

	len = 119;
	CHECK_ERR(trustx_spki(spki, &len, &key), TRUSTX_ERR_TOO_SMALL);
	CHECK_INT(len, 0);
	CHECK_INT(spki[118], 0);
	len = 120;
	key.point_len = 65;
	CHECK_ERR(trustx_spki(spki, &len, &key), TRUSTX_ERR_ARGUMENT);
	key = (struct trustx_public_key){ (enum trustx_curve)9, point, 65 };
	CHECK_ERR(trustx_spki(spki, &len, &key), TRUSTX_ERR_ARGUMENT);
}

static enum trustx_err decode(struct trustx_metadata *meta, const char *hex)
{
	uint8_t data[320];
	size_t len = unhex(data, sizeof(data), hex);
	uint8_t *exact = malloc(len > 0 ? len : 1);
	enum trustx_err err;

	/* A buffer of the exact size shows the sanitizer a byte read too far. */
	memcpy(exact, data, len);
	memset(meta, 0xAA, sizeof(*meta));
	err = trustx_metadata_decode(meta, exact, len);
	free(exact);
	return err;
}

static void metadata_of_real_chips_are_understood(void)
{
	struct trustx_metadata m;

	CHECK_OK(decode(&m, "20 10 C0 01 01 C4 02 06 C0 C5 01 0F D0 01 FF D1 01 00"));
	CHECK_INT(m.lcso, TRUSTX_LCS_CREATION);
	CHECK(m.has_max_size && m.has_used_size && !m.has_algorithm);
	CHECK_INT(m.max_size, 1728);
	CHECK_INT(m.used_size, 15);
	CHECK_INT(m.change.len, 1);
	CHECK_INT(m.change.bytes[0], 0xFF);
	CHECK_INT(m.read.len, 1);
	CHECK_INT(m.read.bytes[0], 0x00);
	CHECK_INT(m.execute.len, 0);

	CHECK_OK(decode(
		&m, "20 16 C0 01 01 C4 02 06 C0 C5 01 0F D0 07 E1 FB 03 FE 70 FC 04 D1 01 00"));
	CHECK_INT(m.change.len, 7);
	CHECK_OK(decode(&m, "20 06 C4 01 02 D1 01 00"));
	CHECK_INT(m.lcso, 0);
	CHECK(m.has_max_size && !m.has_used_size);
	CHECK_INT(m.used_size, 2);
	CHECK_OK(decode(&m, "20 11 C0 01 01 D0 03 E1 FC 07 D3 01 00 E0 01 03 E1 01 13"));
	CHECK(m.has_algorithm);
	CHECK_INT(m.algorithm, TRUSTX_P256);
	CHECK_INT(m.usage, 0x13);
	CHECK_INT(m.execute.len, 1);
	CHECK_OK(decode(&m, "20 19 C0 01 01 C4 02 06 C0 C5 02 06 C0 D0 03 E1 FC 07 D1 01 00 D3 01 "
			    "00 E8 01 12"));
	CHECK_INT(m.data_type, 0x12);
	CHECK_OK(decode(&m, "20 05 C1 03 01 02 03"));
	CHECK_OK(decode(&m, "20 00"));
}

static void malformed_metadata_are_refused(void)
{
	static const char *const wrong[] = {
		"",
		"20",
		"21 00",
		"20 01",
		"20 01 C0",
		"20 02 C0 01",
		"20 03 C0 02 01",
		"20 02 C0 01 07",
		"20 04 C0 01 07",
		"20 03 C0 01 02",	   /* no such state */
		"20 04 C0 02 01 01",	   /* too long */
		"20 02 C0 00",		   /* empty */
		"20 05 C4 03 00 01 00",	   /* size of three bytes */
		"20 06 C0 01 01 C0 01 07", /* twice */
		"20 06 D0 01 00 D0 01 FF",
		"20 04 E0 02 03 03",
		"20 04 E1 02 10 10",
		"20 04 E8 02 00 00",
		("20 2F D0 2D 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
		 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
	};
	struct trustx_metadata m;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		CHECK_ERR(decode(&m, wrong[i]), TRUSTX_ERR_PROTOCOL);
		CHECK_INT(m.lcso, 0);
		CHECK_INT(m.change.len, 0);
	}
}

static struct trustx_access access_of(const char *hex)
{
	struct trustx_access access = { 0 };

	access.len = (uint8_t)unhex(access.bytes, sizeof(access.bytes), hex);
	return access;
}

static void check_print(const char *hex, const char *want)
{
	const struct trustx_access access = access_of(hex);
	char text[320];

	CHECK_OK(trustx_access_print(text, sizeof(text), &access));
	CHECK_STR(text, want);
}

static void access_conditions_are_printed_in_words(void)
{
	check_print("", "never");
	check_print("00", "always");
	check_print("FF", "never");
	check_print("E1 FC 07", "LcsO < operational");
	check_print("E1 FB 03 FE 70 FC 04", "LcsO > initialization or LcsG < 0x04");
	check_print("E0 FA 0F FD 10 20", "LcsA == termination and SecStaG 0x20");
	check_print("E1 FC 07 FE 20 E1 40", "LcsO < operational or Conf 0xE140");
	check_print("21 E0 E8 FD 23 F1 D0 FD 40 E1 20 FD 90 01",
		"Int 0xE0E8 and Auto 0xF1D0 and Luc 0xE120 and SecStaA 0x01");
	/* What is not understood is shown as it is. */
	check_print("55 66", "0x5566");
	check_print("E1 FC", "0xE1FC");
	check_print("E1 00 07", "0xE10007");
	check_print("E1 FC 07 FD", "LcsO < operational 0xFD");
	check_print("E1 FC 07 FE 99", "LcsO < operational or 0x99");
}

static void the_longest_expression_fits_and_a_short_array_is_said(void)
{
	struct trustx_access access;
	char text[320];

	access =
		access_of("E1 FC 03 FD E1 FC 03 FD E1 FC 03 FD E1 FC 03 FD E1 FC 03 FD E1 FC 03 FD "
			  "E1 FC 03 FE E1 FC 03 FD E1 FC 03 FD E1 FC 03 FD E1 FC 03");
	CHECK_OK(trustx_access_print(text, sizeof(text), &access));
	CHECK(strlen(text) > 270);
	access = access_of("E1 FC 07");
	memset(text, 'x', sizeof(text));
	CHECK_ERR(trustx_access_print(text, 18, &access), TRUSTX_ERR_TOO_SMALL);
	CHECK_STR(text, "LcsO < operationa");
	CHECK_OK(trustx_access_print(text, 19, &access));
	CHECK_ERR(trustx_access_print(text, 1, &access), TRUSTX_ERR_TOO_SMALL);
	CHECK_STR(text, "");
	text[0] = 'y';
	CHECK_ERR(trustx_access_print(text, 0, &access), TRUSTX_ERR_TOO_SMALL);
	CHECK_INT(text[0], 'y');
	access.len = 200;
	CHECK_OK(trustx_access_print(text, sizeof(text), &access));
	CHECK_STR(text, "never");
}

static bool met(const char *hex, uint8_t lcso, uint8_t lcsg, uint8_t lcsa)
{
	const struct trustx_access access = access_of(hex);

	return trustx_access_met(&access, lcso, lcsg, lcsa);
}

static void access_conditions_are_evaluated(void)
{
	CHECK(met("00", 1, 7, 1));
	CHECK(!met("FF", 1, 7, 1));
	CHECK(!met("", 1, 7, 1));
	CHECK(met("E1 FC 07", 1, 7, 1));
	CHECK(met("E1 FC 07", 3, 7, 1));
	CHECK(!met("E1 FC 07", 7, 7, 1));
	CHECK(!met("E1 FC 07", 0, 7, 1));
	CHECK(met("E1 FA 07", 0, 7, 1));
	CHECK(met("E1 FB 03 FE 70 FC 04", 7, 7, 1));
	CHECK(met("E1 FB 03 FE 70 FC 04", 1, 3, 1));
	CHECK(!met("E1 FB 03 FE 70 FC 04", 1, 7, 1));
	CHECK(met("E0 FA 01", 7, 7, 1));
	CHECK(!met("E0 FA 01", 1, 1, 7));
	/* FD binds tighter than FE. */
	CHECK(met("E1 FA 01 FE E1 FA 03 FD E0 FA 01", 1, 7, 7));
	CHECK(!met("E1 FA 01 FD E0 FA 01 FE E1 FA 03", 1, 7, 7));
	CHECK(met("E1 FA 01 FD E0 FA 01 FE E1 FA 03", 3, 7, 7));
	/* Somebody who has the secret can still do it. */
	CHECK(met("20 E1 40", 7, 7, 7));
	CHECK(!met("E1 FC 07 FD 20 E1 40", 7, 7, 7));
	CHECK(met("E1 FC 07 FE 20 E1 40", 7, 7, 7));
	/* Malformed: no. */
	CHECK(!met("E1 FC", 1, 7, 1));
	CHECK(!met("E1 F0 07", 1, 7, 1));
	CHECK(!met("E1 FC 07 FD", 1, 7, 1));
	CHECK(!met("E1 FC 07 00", 1, 7, 1));
	CHECK(!met("00 FE FF", 1, 7, 1));
	CHECK(!met("E1 FC 07 FE 00", 7, 7, 1));
	CHECK(!met("55", 1, 7, 1));
}

static void every_chip_code_has_a_text(void)
{
	CHECK_STR(trustx_chip_code_text(0x07), "access condition not satisfied");
	CHECK_STR(trustx_chip_code_text(0x2C), "signature does not verify");
	CHECK_STR(trustx_chip_code_text(0x77), "unknown error code");
	for (unsigned code = 0; code < 256; code++)
		CHECK(trustx_chip_code_text((uint8_t)code)[0] != '\0');
}

/* Strings of 1 to 24 random bytes: nothing but the sanitizers can complain. */
static void random_bytes_harm_no_parser(void)
{
	uint32_t seed = 12345;

	for (unsigned n = 0; n < 200000; n++) {
		struct trustx_metadata m;
		struct trustx_access a;
		char text[40];
		uint8_t data[26];
		size_t len;

		for (size_t i = 0; i < sizeof(data); i++) {
			seed = seed * 1664525 + 1013904223;
			data[i] = (uint8_t)(seed >> 24);
		}
		len = data[25] % 25;
		if (n % 2 == 0 && len >= 2) {
			data[0] = 0x20;
			data[1] = (uint8_t)(len - 2);
		}
		if (trustx_metadata_decode(&m, data, len) != TRUSTX_OK)
			CHECK_INT(m.change.len, 0);
		memcpy(a.bytes, data, 24);
		a.len = (uint8_t)len;
		if (n % 4 != 0)
			a.bytes[3] = a.bytes[7] = 0xFD;
		if (trustx_access_print(text, data[24] % sizeof(text), &a) == TRUSTX_OK)
			CHECK(strlen(text) < data[24] % sizeof(text));
		(void)trustx_access_met(&a, data[1], data[2], data[3]);
		(void)der_is_signature(data, len, 32);
		(void)der_from_pair(data, len < 24 ? len : 24, 32);
	}
}

int main(void)
{
	RUN(padded_integers_become_minimal);
	RUN(malformed_integers_are_refused);
	RUN(every_padding_of_every_length_round_trips);
	RUN(only_strict_der_is_a_signature);
	RUN(points_become_subject_public_key_infos);
	RUN(metadata_of_real_chips_are_understood);
	RUN(malformed_metadata_are_refused);
	RUN(access_conditions_are_printed_in_words);
	RUN(the_longest_expression_fits_and_a_short_array_is_said);
	RUN(access_conditions_are_evaluated);
	RUN(every_chip_code_has_a_text);
	RUN(random_bytes_harm_no_parser);
	return 0;
}
