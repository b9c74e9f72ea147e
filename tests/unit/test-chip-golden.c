/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The published conversations with real chips: the library says and understands every byte. */
#include "../../chip/crc.h"
#include "transcript.h"

#define UID_HEX "CD16336B01001C000100000A085255000A005C0046801010711118"

#define POINT_HEX                                                                                 \
	"04 8A 3C 11 3C FA 9F 86 24 BF 48 2B 66 18 A2 68 FD 06 BC 24 32 94 10 A2 68 17 58 AF 6A"  \
	" 93 6A A2 85 9A FC 08 0C 6A 15 F7 F4 73 97 2B AC F2 E5 87 F5 73 FF 22 8E 0B 8E 58 86 69" \
	" 83 D2 41 99 95 8D 5B"

/* Signature of a real chip: two integers, each with a zero in front. */
#define SIGNATURE_HEX                                                                             \
	"02 21 00 A9 A3 39 36 8A 7F 9C 32 05 CB EA B6 41 62 3F EA B0 78 3B 37 F4 3B 96 C1 68 3F"  \
	" AA B3 CF D3 71 75 02 21 00 E7 A6 6D 6A 76 88 81 01 F4 54 3E 03 34 2E 2A 6E 77 47 2B 0A" \
	" FD FC 79 1E AC DF 6B 3F 5D 5C 77 52"
#define SIGNATURE_2_HEX                                                                           \
	"02 20 4C DA D4 B8 59 D0 A7 09 1F 39 8C C1 33 C8 27 25 01 1F F0 66 56 74 68 CA DE 19 51"  \
	" D2 59 14 D6 DF 02 20 55 91 BF 8B 7A 50 AA 96 0A FD 3B FF FD 13 61 66 9B FC D4 E6 E0 ED" \
	" 5D F8 95 84 AC 48 A1 0A 68 8C"

#define ABC_HEX                                                                                  \
	"BA 78 16 BF 8F 01 CF EA 41 41 40 DE 5D AE 22 23 B0 03 61 A3 96 17 7A 9C B4 10 FF 61 F2" \
	" 00 15 AD"

static void check_hex(const uint8_t *got, size_t len, const char *hex)
{
	uint8_t want[2048];

	CHECK_INT(len, unhex(want, sizeof(want), hex));
	CHECK_MEM(got, want, len);
}

static void checksums_are_those_of_the_published_frames(void)
{
	static const char *const frames[] = {
		"80 00 00 0C EC",
		"81 00 00 56 30",
		"82 00 00 B9 54",
		"83 00 00 E3 88",
		"A0 00 00 0F D7",
		"A1 00 00 55 0B",
		"A2 00 00 BA 6F",
		"A3 00 00 E0 B3",
		"C0 00 00 0A 9A",
		"04 00 01 07 1F 8B",
		"00 00 05 00 00 00 00 00 14 87",
		"03 00 15 00 70 00 00 10 D2 76 00 00 04 47 65 6E 41 75 74 68 41 70 70 6C 04 1A",
		"03 00 15 00 F0 00 00 10 D2 76 00 00 04 47 65 6E 41 75 74 68 41 70 70 6C C9 B6",
		"04 00 0B 00 01 00 00 06 E0 C2 00 00 00 64 F0 9F",
		"00 00 06 08 20 00 00 00 00 19 04",
		"04 00 08 08 20 81 01 00 02 E0 F2 ED D1",
		"0A 00 06 08 20 00 00 00 00 FD 34",
		("05 00 19 08 20 00 00 00 13 20 11 C0 01 01 D0 03 E1 FC 07 D3 01 00 E0 01 03 E1 01 "
		 "13 91 E4"),
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		uint8_t frame[64];
		size_t len = unhex(frame, sizeof(frame), frames[i]);

		CHECK_INT(crc_frame(frame, len - 2), frame[len - 2] << 8 | frame[len - 1]);
	}
}

static void opens_and_reads_the_uid_as_published(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx_link link;
	uint8_t packet[32], uid[100];
	size_t len = sizeof(uid);
	struct trustx se;

	script_bring_up(s, 277);
	script_write_hex(s, "80 03 00 15 00 F0 00 00 10 D2 76 00 00 04 47 65 6E 41 75 74 68 41 70 "
			    "70 6C C9 B6");
	script_wait(s, "88 00 00 00", 5000);
	script_read_hex(s, 0x82, "C8 00 00 05");
	script_read_hex(s, 0x80, "80 00 00 0C EC");
	script_wait(s, "88 00 00 00", 10000);
	script_read_hex(s, 0x82, "48 00 00 0A");
	script_read_hex(s, 0x80, "00 00 05 00 00 00 00 00 14 87");
	script_write_hex(s, "80 80 00 00 0C EC");
	script_write_hex(s, "80 04 00 0B 00 01 00 00 06 E0 C2 00 00 00 64 F0 9F");
	script_chip_raw(s, 0x05, packet, unhex(packet, sizeof(packet), "00 00 00 00 1B " UID_HEX));
	script_write_hex(s, "80 81 00 00 56 30");

	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_read(&se, uid, &len, TRUSTX_OID_UID, 0));
	check_hex(uid, len, UID_HEX);
	CHECK_INT(trustx_uid_build(uid), 0x1118);
	trustx_link(&se, &link);
	CHECK_INT(link.frame_size, 277);
	CHECK_INT(link.speed_hz, 400000);
	CHECK_INT(link.apdu_size, 0);
	script_done(s);
	trustx_close(&se);
	script_free(s);
}

static void makes_a_key_and_signs_as_in_the_golden_session(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	uint8_t point[TRUSTX_POINT_MAX], digest[32], sig[72], uid[300];
	size_t point_len = sizeof(point), sig_len = sizeof(sig), uid_len = sizeof(uid);
	struct trustx_link link;
	struct trustx se;

	s->piggyback = true;
	script_open(s, 277);
	script_write_hex(s, "80 04 00 07 00 01 00 00 02 E0 C6 D7 A2");
	script_chip_hex(s, "05 00 07 00 00 00 00 02 06 15 A6 F1");
	script_write_hex(s, "80 81 00 00 56 30");
	s->host_nr = s->chip_nr = 1;
	/* The golden session goes on with the next number: here, once round. */
	script_exchange(s, "01 00 00 06 E0 C2 00 00 01 2C", "00 00 00 1B " UID_HEX);
	for (unsigned i = 0; i < 3; i++)
		script_exchange(s, "01 00 00 06 E0 C2 00 00 00 1B", "00 00 00 1B " UID_HEX);
	script_write_hex(s, "80 09 00 0B 00 01 00 00 06 E0 C2 00 00 00 64 92 AF");
	script_chip_hex(s,
		"0A 00 20 00 00 00 00 1B CD 16 33 6B 01 00 1C 00 01 00 00 0A 08 52 55 00 "
		"0A 00 5C 00 46 80 10 10 71 11 18 FD 71");
	script_write_hex(s, "80 82 00 00 B9 54");
	script_write_hex(s, "80 0E 00 0E 00 38 03 00 09 01 00 02 E0 F1 02 00 01 10 55 A5");
	script_chip_hex(s, "0F 00 4C 00 00 00 00 47 02 00 44 03 42 00 " POINT_HEX " 6E 7C");
	script_write_hex(s, "80 83 00 00 E3 88");
	script_write_hex(s, "80 03 00 2D 00 31 11 00 28 01 00 20 " ABC_HEX " 03 00 02 E0 F1 C0 C6");
	s->host_nr = 0;
	s->chip_nr = 3;
	script_answer_hex(s, "00 00 00 46 " SIGNATURE_HEX);

	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_read(&se, uid, &uid_len, TRUSTX_OID_UID, 0));
	trustx_link(&se, &link);
	CHECK_INT(link.apdu_size, 0x0615);
	for (unsigned i = 0; i < 3; i++)
		CHECK_OK(trustx_read_uid(&se, uid));
	uid_len = 100;
	CHECK_OK(trustx_read(&se, uid, &uid_len, TRUSTX_OID_UID, 0));
	check_hex(uid, uid_len, UID_HEX);
	CHECK_OK(trustx_generate_key(
		&se, point, &point_len, 0xE0F1, TRUSTX_P256, TRUSTX_USAGE_SIGN));
	check_hex(point, point_len, POINT_HEX);
	unhex(digest, sizeof(digest), ABC_HEX);
	CHECK_OK(trustx_sign(&se, sig, &sig_len, 0xE0F1, TRUSTX_P256, digest, sizeof(digest)));
	check_hex(sig, sig_len, "30 46 " SIGNATURE_HEX);
	script_done(s);
	script_free(s);
}

/* Frames 2, 3, 0 of the golden session: byte i of the object is i modulo 256. */
static void writes_and_reads_a_chain_as_in_the_golden_session(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	uint8_t data[447], back[1553], packet[272];
	size_t len = sizeof(back);
	struct trustx se;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	s->piggyback = true;
	script_open(s, 277);
	script_size(s);
	unhex(packet, 9, "01 02 40 01 C3 E0 E1 00 00");
	memcpy(packet + 9, data, 263);
	script_host_raw(s, 0x09, packet, 272);
	check_hex(s->steps[s->count - 1].data + 276, 2, "CB DF");
	script_chip_hex(s, "82 00 00 B9 54");
	packet[0] = 0x04;
	memcpy(packet + 1, data + 263, 184);
	script_host_raw(s, 0x0D, packet, 185);
	check_hex(s->steps[s->count - 1].data + 189, 2, "F3 B0");
	script_chip_hex(s, "83 00 00 E3 88");
	script_chip_hex(s, "0B 00 05 00 00 00 00 00 B3 EB");
	script_write_hex(s, "80 82 00 00 B9 54");

	script_write_hex(s, "80 02 00 0B 00 01 00 00 06 E0 E1 00 00 06 11 F3 55");
	script_chip_hex(s, "80 00 00 0C EC");
	unhex(packet, 5, "01 00 00 01 BF");
	memcpy(packet + 5, data, 267);
	script_chip_raw(s, 0x0C, packet, 272);
	check_hex(s->steps[s->count - 1].data + 275, 2, "79 AD");
	script_write_hex(s, "80 83 00 00 E3 88");
	packet[0] = 0x04;
	memcpy(packet + 1, data + 267, 180);
	script_chip_raw(s, 0x00, packet, 181);
	check_hex(s->steps[s->count - 1].data + 184, 2, "E2 33");
	script_write_hex(s, "80 80 00 00 0C EC");

	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_replace(&se, 0xE0E1, data, sizeof(data)));
	CHECK_OK(trustx_read(&se, back, &len, 0xE0E1, 0));
	CHECK_INT(len, sizeof(data));
	CHECK_MEM(back, data, len);
	script_done(s);
	script_free(s);
}

static void sends_the_published_commands(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	const uint8_t operational[] = { 0x20, 0x03, 0xC0, 0x01, 0x07 };
	const uint8_t zero[] = { 0x00 }, one[] = { 0x01 }, eight[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t data[64];
	size_t len = 16;
	struct trustx se;

	script_open(s, 277);
	script_exchange(s, "0C 00 00 02 00 10",
		"00 AA 00 10 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F");
	script_exchange(s, "01 01 00 02 E0 E1",
		"00 55 00 12 20 10 C0 01 01 C4 02 06 C0 C5 01 0F D0 01 FF D1 01 00");
	script_exchange(s, "02 01 00 09 E0 E1 00 00 20 03 C0 01 07", "00 AA 00 00");
	script_exchange(s, "02 00 00 05 E0 E1 00 00 01", "FF AA 00 00");
	script_exchange(s, "01 00 00 02 F1 C2", "00 AA 00 01 07");
	script_exchange(s, "02 40 00 05 E0 E1 00 00 00", "00 AA 00 00");
	script_exchange(s, "02 00 00 0C F1 D0 00 09 01 02 03 04 05 06 07 08", "00 AA 00 00");
	script_exchange(s, "01 00 00 06 E0 C2 00 02 00 05", "00 AA 00 05 33 6B 01 00 1C");

	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_random(&se, data, len));
	check_hex(data, len, "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F");
	len = sizeof(data);
	CHECK_OK(trustx_read_metadata(&se, data, &len, 0xE0E1));
	check_hex(data, len, "20 10 C0 01 01 C4 02 06 C0 C5 01 0F D0 01 FF D1 01 00");
	CHECK_OK(trustx_write_metadata(&se, 0xE0E1, operational, sizeof(operational)));
	CHECK_ERR(trustx_write(&se, 0xE0E1, 0, one, 1), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&se), "write 0xE0E1: the chip refused: access condition not "
					  "satisfied (0x07)");
	CHECK_OK(trustx_replace(&se, 0xE0E1, zero, 1));
	CHECK_OK(trustx_write(&se, 0xF1D0, 9, eight, sizeof(eight)));
	len = 5;
	CHECK_OK(trustx_read(&se, data, &len, TRUSTX_OID_UID, 2));
	check_hex(data, len, "33 6B 01 00 1C");
	script_done(s);
	script_free(s);
}

static void takes_both_signatures_of_real_chips(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);
	struct trustx se;

	script_open(s, 277);
	script_exchange(s, "31 11 00 13 01 00 0B 68 65 6C 6C 6F 77 6F 72 6C 64 0A 03 00 02 E0 F3",
		"00 00 00 46 " SIGNATURE_HEX);
	script_exchange(s, "31 11 00 13 01 00 0B 68 65 6C 6C 6F 77 6F 72 6C 64 0A 03 00 02 E0 F0",
		"00 00 00 44 " SIGNATURE_2_HEX);
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_sign(
		&se, sig, &len, 0xE0F3, TRUSTX_P256, (const uint8_t *)"helloworld\n", 11));
	check_hex(sig, len, "30 46 " SIGNATURE_HEX);
	len = sizeof(sig);
	CHECK_OK(trustx_sign(
		&se, sig, &len, 0xE0F0, TRUSTX_P256, (const uint8_t *)"helloworld\n", 11));
	check_hex(sig, len, "30 44 " SIGNATURE_2_HEX);
	script_done(s);
	script_free(s);
}

/* A Trust M with a presentation layer answers in a form that is not spoken here. */
static void refuses_the_answer_of_a_trust_m(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx_error detail;
	struct trustx se;

	script_bring_up(s, 277);
	script_command_hex(s, APDU_OPEN);
	script_chip_hex(s, "00 00 06 08 20 00 00 00 00 19 04");
	script_host_control(s, 0x80);
	CHECK_ERR(trustx_open(&se, &bus, NULL), TRUSTX_ERR_PROTOCOL);
	trustx_error(&se, &detail);
	CHECK_INT(detail.layer, TRUSTX_LAYER_TRANSPORT);
	script_done(s);
	script_free(s);
}

/* 1728 bytes: one command of 1549 in six frames, and one of 179. */
static void cuts_a_big_object_into_commands_as_published(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	uint8_t apdu[1557], data[1728];
	struct trustx se;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	script_open(s, 277);
	script_size(s);
	unhex(apdu, 8, "02 40 06 11 E0 E1 00 00");
	memcpy(apdu + 8, data, 1549);
	script_command(s, apdu, 1557);
	script_answer_hex(s, "00 00 00 00");
	unhex(apdu, 8, "02 00 00 B7 E0 E1 06 0D");
	memcpy(apdu + 8, data + 1549, 179);
	script_command(s, apdu, 187);
	script_answer_hex(s, "00 00 00 00");
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_replace(&se, 0xE0E1, data, sizeof(data)));
	script_done(s);
	script_free(s);
}

int main(void)
{
	RUN(checksums_are_those_of_the_published_frames);
	RUN(opens_and_reads_the_uid_as_published);
	RUN(makes_a_key_and_signs_as_in_the_golden_session);
	RUN(writes_and_reads_a_chain_as_in_the_golden_session);
	RUN(sends_the_published_commands);
	RUN(takes_both_signatures_of_real_chips);
	RUN(refuses_the_answer_of_a_trust_m);
	RUN(cuts_a_big_object_into_commands_as_published);
	return 0;
}
