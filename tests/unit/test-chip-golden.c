/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The published conversations with real chips: the library says and understands every byte. */
#include "transcript.h"

#define UID_HEX "CD16336B01001C000100000A085255000A005C0046801010711118"

static void opens_and_reads_the_uid_as_published(void)
{
	struct script *s = script_new();
	const struct trustx_bus bus = script_bus(s);
	struct trustx se;
	struct trustx_link link;
	uint8_t uid[100], want[27];
	size_t len = sizeof(uid);

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
	script_write_hex(s, "80 04 00 07 00 01 00 00 02 E0 C6 D7 A2");
	script_chip_hex(s, "05 00 07 00 00 00 00 02 06 15 A6 F1");
	script_write_hex(s, "80 81 00 00 56 30");
	script_write_hex(s, "80 09 00 0B 00 01 00 00 06 E0 C2 00 00 00 64 92 AF");
	script_chip_hex(s,
		"0A 00 20 00 00 00 00 1B CD 16 33 6B 01 00 1C 00 01 00 00 0A 08 52 55 00 "
		"0A 00 5C 00 46 80 10 10 71 11 18 FD 71");
	script_write_hex(s, "80 82 00 00 B9 54");

	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_read(&se, uid, &len, 0xE0C2, 0));
	CHECK_INT(len, 27);
	unhex(want, sizeof(want), UID_HEX);
	CHECK_MEM(uid, want, 27);
	CHECK_INT(trustx_uid_build(uid), 0x1118);
	trustx_link(&se, &link);
	CHECK_INT(link.frame_size, 277);
	CHECK_INT(link.speed_hz, 400000);
	CHECK_INT(link.apdu_size, 0x0615);
	script_done(s);
	trustx_close(&se);
	script_free(s);
}

int main(void)
{
	RUN(opens_and_reads_the_uid_as_published);
	return 0;
}
