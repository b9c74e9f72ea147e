/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", NULL));
	host_open_application(h);
}

static void restart(struct host *h)
{
	sim_close(h->sim);
	host_attach(h, host_open("chip", NULL));
	host_open_application(h);
}

static void reads_metadata(struct host *h, uint16_t oid, const char *want)
{
	char apdu[32];

	snprintf(apdu, sizeof(apdu), "01 01 0002 %04X", oid);
	host_yields(h, apdu, want);
}

/* Metadata of certificates with content: the used size is whatever it is. */
static void reads_metadata_with_used_size(struct host *h, uint16_t oid, const char *want)
{
	uint8_t bytes[64];
	char apdu[40];
	size_t used, len = host_bytes(bytes, sizeof(bytes), want);

	snprintf(apdu, sizeof(apdu), "01 00 0002 %04X", oid);
	CHECK_INT(host_run(h, apdu), 0);
	used = h->len;
	bytes[11] = (uint8_t)(used >> 8);
	bytes[12] = (uint8_t)used;
	snprintf(apdu, sizeof(apdu), "01 01 0002 %04X", oid);
	CHECK_INT(host_run(h, apdu), 0);
	CHECK_INT(h->len, len);
	CHECK_MEM(h->data, bytes, len);
}

static void every_object_has_its_metadata(void)
{
	static const char one_byte[] = "20 09 C4 01 01 D0 01 00 D1 01 00";
	struct host h;

	start(&h);
	reads_metadata(&h, 0xE0C0, one_byte);
	reads_metadata(&h, 0xE0C1, one_byte);
	reads_metadata(&h, 0xE0C2, "20 09 C4 01 1B D0 01 FF D1 01 00");
	reads_metadata(&h, 0xE0C3, one_byte);
	reads_metadata(&h, 0xE0C4, one_byte);
	reads_metadata(&h, 0xE0C5, "20 09 C4 01 01 D0 01 FF D1 01 00");
	reads_metadata(&h, 0xE0C6, "20 06 C4 01 02 D1 01 00");
	reads_metadata_with_used_size(
		&h, 0xE0E0, "20 11 C0 01 01 C4 02 06 C0 C5 02 0000 D0 01 FF D1 01 00");
	for (uint16_t oid = 0xE0E1; oid <= 0xE0E3; oid++)
		reads_metadata(
			&h, oid, "20 13 C0 01 01 C4 02 06C0 C5 02 06C0 D0 03 E1FC07 D1 01 00");
	reads_metadata_with_used_size(
		&h, 0xE0E8, "20 13 C0 01 01 C4 02 0400 C5 02 0000 D0 03 E1FC07 D1 01 00");
	reads_metadata(&h, 0xE0EF, "20 13 C0 01 01 C4 02 0400 C5 02 0400 D0 03 E1FC07 D1 01 00");
	reads_metadata(&h, 0xE0F0, "20 0F C0 01 01 D0 01 FF D3 01 00 E0 01 03 E1 01 01");
	for (uint16_t oid = 0xE0F1; oid <= 0xE0F3; oid++)
		reads_metadata(&h, oid, "20 0B C0 01 01 D0 03 E1FC07 D3 01 00");
	for (uint16_t oid = 0xE100; oid <= 0xE103; oid++)
		reads_metadata(&h, oid, "20 06 D0 01 FF D1 01 FF");
	reads_metadata(&h, 0xF1C0, one_byte);
	reads_metadata(&h, 0xF1C1, one_byte);
	reads_metadata(&h, 0xF1C2, "20 06 C4 01 01 D1 01 00");
	for (uint16_t oid = 0xF1D0; oid <= 0xF1DF; oid++)
		reads_metadata(&h, oid, "20 11 C0 01 01 C4 01 64 C5 01 64 D0 03 E1FC07 D1 01 00");
	for (uint16_t oid = 0xF1E0; oid <= 0xF1E1; oid++)
		reads_metadata(
			&h, oid, "20 13 C0 01 01 C4 02 05DC C5 02 05DC D0 03 E1FC07 D1 01 00");
	sim_close(h.sim);
}

static bool is_on_the_map(uint16_t oid)
{
	return (oid >= 0xE0C0 && oid <= 0xE0C6) || (oid >= 0xE0E0 && oid <= 0xE0E3) ||
	       oid == 0xE0E8 || oid == 0xE0EF || (oid >= 0xE0F0 && oid <= 0xE0F3) ||
	       (oid >= 0xE100 && oid <= 0xE103) || (oid >= 0xF1C0 && oid <= 0xF1C2) ||
	       (oid >= 0xF1D0 && oid <= 0xF1DF) || oid == 0xF1E0 || oid == 0xF1E1;
}

static void no_other_object_exists(void)
{
	char apdu[32];
	struct host h;

	start(&h);
	for (unsigned oid = 0xE000; oid < 0xE240; oid++) {
		snprintf(apdu, sizeof(apdu), "01 01 0002 %04X", oid);
		CHECK_INT(host_code(&h, apdu), is_on_the_map((uint16_t)oid) ? 0 : 0x01);
	}
	for (unsigned oid = 0xF100; oid < 0xF200; oid++) {
		snprintf(apdu, sizeof(apdu), "01 01 0002 %04X", oid);
		CHECK_INT(host_code(&h, apdu), is_on_the_map((uint16_t)oid) ? 0 : 0x01);
	}
	CHECK_INT(host_code(&h, "01 00 0002 0000"), 0x01);
	CHECK_INT(host_code(&h, "02 00 0005 0000 0000 31"), 0x01);
	sim_close(h.sim);
}

static void new_objects_have_their_content(void)
{
	uint8_t zero[1728] = { 0 };
	struct host h;

	start(&h);
	host_yields(&h, "01 00 0002 E0C0", "07");
	host_yields(&h, "01 00 0002 E0C1", "00");
	host_yields(&h, "01 00 0002 E0C3", "14");
	host_yields(&h, "01 00 0002 E0C4", "06");
	host_yields(&h, "01 00 0002 E0C5", "00");
	host_yields(&h, "01 00 0002 E0C6", "0615");
	host_yields(&h, "01 00 0002 F1C0", "01");
	host_yields(&h, "01 00 0002 F1C1", "00");
	host_yields(&h, "01 00 0002 F1C2", "00");
	CHECK_INT(host_run(&h, "01 00 0006 E0E1 0000 0611"), 0);
	CHECK_INT(h.len, 1553);
	CHECK_MEM(h.data, zero, 1553);
	CHECK_INT(host_run(&h, "01 00 0006 E0E1 0611 0611"), 0);
	CHECK_INT(h.len, 175);
	CHECK_INT(host_run(&h, "01 00 0002 F1DF"), 0);
	CHECK_INT(h.len, 100);
	CHECK_INT(host_run(&h, "01 00 0002 F1E1"), 0);
	CHECK_INT(h.len, 1500);
	CHECK_MEM(h.data, zero, 1500);
	CHECK_INT(host_run(&h, "01 00 0002 E0E8"), 0);
	CHECK_INT(h.data[0], 0x30);
	sim_close(h.sim);
}

static void the_uid_has_its_form(void)
{
	static const uint8_t platform[] = { 0xCD, 0x16, 0x33, 0x6B, 0x01, 0x00, 0x1C, 0x00, 0x01,
		0x00, 0x00 };
	static const uint8_t firmware[] = { 0x80, 0x10, 0x10, 0x71, 0x11, 0x18 };
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	CHECK_INT(h.len, 27);
	CHECK_MEM(h.data, info.uid, 27);
	CHECK_MEM(h.data, platform, sizeof(platform));
	CHECK_MEM(h.data + 21, firmware, sizeof(firmware));
	host_yields(&h, "01 00 0006 E0C2 0002 0005", "336B01001C");
	sim_close(h.sim);
}

static void reading_is_bounded(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "02 40 0009 F1D0 0000 0102030405"), 0);
	host_yields(&h, "01 00 0006 F1D0 0001 0002", "0203");
	host_yields(&h, "01 00 0006 F1D0 0004 FFFF", "05");
	CHECK_INT(host_code(&h, "01 00 0006 F1D0 0005 0001"), 0x08);
	CHECK_INT(host_code(&h, "01 00 0006 F1D0 FFFF 0001"), 0x08);
	CHECK_INT(host_code(&h, "01 00 0006 F1D0 0000 0000"), 0x05);
	CHECK_INT(host_code(&h, "01 00 0002 E0E1"), 0x0D); /* 1728 bytes are no answer */
	CHECK_INT(host_code(&h, "01 00 0001 E0"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0003 E0C200"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0005 E0C2000000"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0007 E0C20000000100"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0000"), 0x04);
	CHECK_INT(host_code(&h, "01 01 0006 E0C2 0000 0001"), 0x04);
	CHECK_INT(host_code(&h, "01 02 0002 E0C2"), 0x03);
	sim_close(h.sim);
}

static void writing_moves_the_used_size(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "02 40 0009 E0E1 000A 0102030405"), 0);
	host_yields(&h, "01 00 0002 E0E1", "00000000000000000000 0102030405");
	reads_metadata(&h, 0xE0E1, "20 12 C0 01 01 C4 02 06C0 C5 01 0F D0 03 E1FC07 D1 01 00");
	CHECK_INT(host_run(&h, "02 40 0005 E0E1 0000 00"), 0);
	host_yields(&h, "01 00 0002 E0E1", "00");
	CHECK_INT(host_run(&h, "02 00 0009 E0E1 0000 0102030405"), 0);
	host_yields(&h, "01 00 0002 E0E1", "0102030405");
	CHECK_INT(host_run(&h, "02 00 0005 E0E1 0001 FF"), 0);
	host_yields(&h, "01 00 0002 E0E1", "01FF030405");
	CHECK_INT(host_run(&h, "02 00 0005 E0E1 0007 EE"), 0);
	host_yields(&h, "01 00 0002 E0E1", "01FF0304050000EE");
	CHECK_INT(host_run(&h, "02 00 000C F1D0 0009 D0D1D2D3D4D5D6D7"), 0);
	CHECK_INT(host_run(&h, "02 00 0005 E0E1 06BF AA"), 0);
	reads_metadata(&h, 0xE0E1, "20 13 C0 01 01 C4 02 06C0 C5 02 06C0 D0 03 E1FC07 D1 01 00");
	restart(&h);
	host_yields(&h, "01 00 0006 E0E1 0000 0008", "01FF0304050000EE");
	host_yields(&h, "01 00 0006 E0E1 06BF 0008", "AA");
	sim_close(h.sim);
}

static void writing_is_bounded(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 00 0005 E0E1 06C0 AA"), 0x08);
	CHECK_INT(host_code(&h, "02 40 0005 E0E1 BF51 AA"), 0x08);
	CHECK_INT(host_code(&h, "02 00 0006 F1D0 0063 AABB"), 0x08);
	CHECK_INT(host_code(&h, "02 00 0004 F1D0 0000"), 0x04);
	CHECK_INT(host_code(&h, "02 00 0003 F1D0 00"), 0x04);
	CHECK_INT(host_code(&h, "02 02 0005 F1D0 0000 01"), 0x03);
	CHECK_INT(host_code(&h, "02 00 0005 E0C2 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E0C5 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E0C6 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 F1C2 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 40 0005 E0E0 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E0F1 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E100 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "01 00 0002 E0F1"), 0x07);
	CHECK_INT(host_code(&h, "01 00 0002 E100"), 0x07);
	CHECK_INT(host_run(&h, "01 00 0006 E0E1 0000 0010"), 0);
	for (int i = 0; i < 16; i++)
		CHECK_INT(h.data[i], 0);
	sim_close(h.sim);
}

static void limits_of_delay_and_current_hold(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 00 0005 E0C3 0000 13"), 0x05);
	CHECK_INT(host_code(&h, "02 00 0005 E0C3 0000 14"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 E0C3 0000 FF"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 E0C4 0000 05"), 0x05);
	CHECK_INT(host_code(&h, "02 00 0005 E0C4 0000 10"), 0x05);
	CHECK_INT(host_code(&h, "02 40 0005 E0C4 0000 0F"), 0);
	CHECK_INT(host_code(&h, "02 00 0006 E0C4 0000 0606"), 0x08);
	host_yields(&h, "01 00 0002 E0C4", "0F");
	sim_close(h.sim);
}

static void security_status_can_only_be_cleared(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 00 0005 E0C1 0000 FF"), 0);
	host_yields(&h, "01 00 0002 E0C1", "00");
	CHECK_INT(host_code(&h, "02 40 0005 F1C1 0000 FF"), 0);
	host_yields(&h, "01 00 0002 F1C1", "00");
	sim_close(h.sim);
}

static void life_cycles_only_go_forward(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 00 0005 E0C0 0000 03"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E0C0 0000 08"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E0C0 0000 07"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 F1C0 0000 02"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 F1C0 0000 03"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 F1C0 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 F1C0 0000 07"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 F1C0 0000 0F"), 0x07); /* no termination for LcsA */
	CHECK_INT(host_code(&h, "02 01 0009 F1D0 0000 20 03 C0 01 03"), 0);
	CHECK_INT(host_code(&h, "02 01 0009 F1D0 0000 20 03 C0 01 01"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 F1D0 0000 20 03 C0 01 04"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 F1D0 0000 20 03 C0 01 0F"), 0);
	CHECK_INT(host_code(&h, "02 01 0009 F1D0 0000 20 03 C0 01 07"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 E0C3 0000 20 03 C0 01 07"), 0x07); /* it has none */
	restart(&h);
	host_yields(&h, "01 00 0002 F1C0", "07");
	sim_close(h.sim);
}

static void a_terminated_chip_opens_no_application(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 00 0005 E0C0 0000 0F"), 0);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL));
	CHECK_INT(host_run(&h, HOST_OPEN_APDU), 0xFF);
	sim_close(h.sim);
}

static void metadata_change_as_on_silicon(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "02 40 0013 E0E1 0000 0102030405060708090A0B0C0D0E0F"), 0);
	CHECK_INT(host_run(&h, "02 01 000C E0E1 0000 20 06 D0 01 FF D1 01 00"), 0);
	reads_metadata(&h, 0xE0E1, "20 10 C0 01 01 C4 02 06C0 C5 01 0F D0 01 FF D1 01 00");
	CHECK_INT(host_run(&h, "02 01 000F E0E1 0000 20 09 D0 07 E1FB03 FE 70FC04"), 0);
	reads_metadata(
		&h, 0xE0E1, "20 16 C0 01 01 C4 02 06C0 C5 01 0F D0 07 E1FB03 FE 70FC04 D1 01 00");
	restart(&h);
	reads_metadata(
		&h, 0xE0E1, "20 16 C0 01 01 C4 02 06C0 C5 01 0F D0 07 E1FB03 FE 70FC04 D1 01 00");
	sim_close(h.sim);
}

static void operational_objects_are_locked(void)
{
	struct host h;

	start(&h);
	/* Both in one command is legal: the old life cycle counts. */
	CHECK_INT(host_code(&h, "02 01 000C E0E1 0000 20 06 C0 01 07 D1 01 00"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 E0E1 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 E0E1 0000 20 03 D0 01 00"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 E0E1 0000 20 03 D3 01 00"), 0x07);
	CHECK_INT(host_code(&h, "02 01 000C E0E1 0000 20 06 C0 01 07 D0 01 00"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 E0E1 0000 20 03 C0 01 07"), 0);
	CHECK_INT(host_code(&h, "02 01 0009 E0F1 0000 20 03 C0 01 07"), 0);
	CHECK_INT(host_code(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0x07);
	CHECK_INT(host_code(&h, "02 01 0009 E0C3 0000 20 03 D0 01 00"), 0x07);
	sim_close(h.sim);
}

static void metadata_must_be_well_formed(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "02 01 0004 E0E1 0000", 0x04 },
		{ "02 01 0006 E0E1 0000 20 00", 0x04 },
		{ "02 01 0009 E0E1 0000 20 04 D0 01 00", 0x04 },
		{ "02 01 0009 E0E1 0000 20 02 D0 01 00", 0x04 },
		{ "02 01 0009 E0E1 0001 20 03 D0 01 00", 0x05 },
		{ "02 01 0009 E0E1 0000 21 03 D0 01 00", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 D0 02 00", 0x05 },
		{ "02 01 0007 E0E1 0000 20 01 D0", 0x05 },
		{ "02 01 000C E0E1 0000 20 06 D0 01 00 D0 01 FF", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 C4 01 10", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 C5 01 10", 0x05 },
		{ "02 01 0009 E0F1 0000 20 03 E0 01 03", 0x05 },
		{ "02 01 000A E0E1 0000 20 04 C1 02 0001", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 D2 01 00", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 D8 01 00", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 F0 01 00", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 E1 01 10", 0x05 },
		{ "02 01 0009 E0F1 0000 20 03 E1 01 40", 0x05 },
		{ "02 01 0009 E0F1 0000 20 03 E1 01 00", 0x05 },
		{ "02 01 0009 E0F1 0000 20 03 E8 01 12", 0x05 },
		{ "02 01 0009 E0E1 0000 20 03 E8 01 01", 0x05 },
		{ "02 01 000A E0E1 0000 20 04 C0 02 0707", 0x05 },
		{ "02 01 0008 E0E1 0000 20 02 D0 00", 0x05 },
		{ "02 01 0009 E0E9 0000 20 03 D0 01 00", 0x01 },
	};
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(host_code(&h, cases[i].apdu), cases[i].code);
	reads_metadata(&h, 0xE0E1, "20 13 C0 01 01 C4 02 06C0 C5 02 06C0 D0 03 E1FC07 D1 01 00");
	CHECK_INT(host_code(&h, "02 01 0009 E0E1 0000 20 03 E8 01 12"), 0);
	CHECK_INT(host_code(&h, "02 01 0009 E0F1 0000 20 03 E1 01 3F"), 0);
	sim_close(h.sim);
}

static void metadata_have_a_greatest_size(void)
{
	struct host h;

	start(&h);
	/* 19 bytes are there; a read condition of 23 makes 41, of 25 it would be 43. */
	CHECK_INT(host_code(&h, "02 01 001F E0E1 0000 20 19 D1 17 70FC0F FD E0FC0F FD E1FC0F"
				" FD 70FC0F FD E0FC0F FD E1FC0F"),
		0);
	CHECK_INT(host_code(&h, "02 01 0009 E0E1 0000 20 03 D3 01 00"), 0x09);
	CHECK_INT(host_code(&h, "02 01 0032 E0E2 0000 20 2C D1 2A 70FC0F FD E0FC0F FD E1FC0F FD"
				" 70FC0F FD E0FC0F FD E1FC0F FD 70FC0F FE E0FC0F FD E1FC0F FE"
				" E1FC0F FD 9000"),
		0x09);
	/* A used size that takes a byte more finds no room either. */
	CHECK_INT(host_code(&h, "02 40 0005 E0E3 0000 01"), 0);
	CHECK_INT(host_code(&h, "02 01 0021 E0E3 0000 20 1B D1 19 70FC0F FD E0FC0F FD E1FC0F FD"
				" 70FC0F FD E0FC0F FD 1000 FD 9000"),
		0);
	CHECK_INT(host_code(&h, "02 00 0005 E0E3 00FF 02"), 0x09);
	CHECK_INT(host_code(&h, "02 00 0005 E0E3 00FE 02"), 0);
	sim_close(h.sim);
}

/* Set the change condition of a slot that is in state in, then write to it. */
static uint8_t write_under(struct host *h, const char *condition)
{
	uint8_t bytes[64];
	size_t len = host_bytes(bytes, sizeof(bytes), condition);
	char apdu[200];
	uint8_t code;

	snprintf(apdu, sizeof(apdu), "02 01 %04zX F1D1 0000 20 %02zX D0 %02zX %s", len + 8, len + 2,
		len, condition);
	if ((code = host_code(h, apdu)) != 0)
		return code;
	return host_code(h, "02 00 0005 F1D1 0000 01");
}

static void access_conditions_are_evaluated(void)
{
	/* LcsG is 07, LcsA 01, LcsO 03, both security states 00. */
	static const struct {
		const char *condition;
		uint8_t code;
	} cases[] = {
		{ "00", 0 },
		{ "FF", 0x07 },
		{ "70FA07", 0 },
		{ "70FA06", 0x07 },
		{ "70FB06", 0 },
		{ "70FB07", 0x07 },
		{ "70FC08", 0 },
		{ "70FC07", 0x07 },
		{ "E0FA01", 0 },
		{ "E0FB01", 0x07 },
		{ "E1FA03", 0 },
		{ "E1FC03", 0x07 },
		{ "1000", 0 },
		{ "1020", 0x07 },
		{ "9000", 0 },
		{ "9001", 0x07 },
		{ "70FA07 FD E0FA01", 0 },
		{ "70FA07 FD E0FA02", 0x07 },
		{ "70FA06 FD E0FA01", 0x07 },
		{ "70FA06 FE E0FA01", 0 },
		{ "70FA07 FE E0FA02", 0 },
		{ "70FA06 FE E0FA02", 0x07 },
		{ "70FA07 FE E0FA02 FD E1FA01", 0 }, /* AND binds tighter */
		{ "70FA07 FD E0FA02 FE E1FA03", 0 },
		{ "70FA06 FE E0FA02 FE E1FA03", 0 },
		{ "1000 FD 1000 FD 1000 FD 1000 FD 1000 FD 1000 FD 1000", 0 },
		{ "1000 FD 1000 FD 1000 FD 1000 FD 1000 FD 1000 FD 1000 FD 1000", 0x05 },
		{ "1000 FE 1000 FE 1000 FE 1000", 0x05 },
		{ "70", 0x05 },
		{ "70FA", 0x05 },
		{ "70F907", 0x05 },
		{ "70FA07 FD", 0x05 },
		{ "70FA07 FE", 0x05 },
		{ "70FA07 70FA07", 0x05 },
		{ "00 FD 00", 0x05 },
		{ "FF FE 00", 0x05 },
		{ "0000", 0x05 },
		{ "20E140", 0x05 }, /* of another chip */
		{ "40E120", 0x05 },
	};
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 01 0009 F1D1 0000 20 03 C0 01 03"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(write_under(&h, cases[i].condition), cases[i].code);
	sim_close(h.sim);
}

static void reading_obeys_its_condition(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "02 01 000B F1D2 0000 20 05 D1 03 E1FB03"), 0);
	CHECK_INT(host_code(&h, "01 00 0002 F1D2"), 0x07);
	reads_metadata(&h, 0xF1D2, "20 13 C0 01 01 C4 01 64 C5 01 64 D0 03 E1FC07 D1 03 E1FB03");
	CHECK_INT(host_code(&h, "02 01 0009 F1D2 0000 20 03 C0 01 07"), 0);
	CHECK_INT(host_code(&h, "01 00 0002 F1D2"), 0);
	sim_close(h.sim);
}

static void the_envelope_is_checked(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, "01"), 0x04);
	CHECK_INT(host_code(&h, "01 00 00"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0003 E0C2"), 0x04);
	CHECK_INT(host_code(&h, "01 00 0001 E0C2"), 0x04);
	CHECK_INT(host_code(&h, "7F 00 0000"), 0x0A);
	CHECK_INT(host_code(&h, "7F 00 0001"), 0x04); /* before the command is looked at */
	CHECK_INT(host_code(&h, "71 00 0000"), 0x0A);
	CHECK_INT(host_code(&h, "0C 02 0002 0010"), 0x03);
	CHECK_INT(host_code(&h, "0C 00 0003 001000"), 0x04);
	CHECK_INT(host_code(&h, "0C 00 0001 10"), 0x04);
	CHECK_INT(host_code(&h, "0C 00 0002 0007"), 0x05);
	CHECK_INT(host_code(&h, "0C 00 0002 0101"), 0x05);
	CHECK_INT(host_code(&h, "0C 00 0002 0008"), 0);
	CHECK_INT(host_code(&h, "0C 01 0002 0100"), 0);
	sim_close(h.sim);
}

static void a_command_that_is_too_long_is_refused(void)
{
	uint8_t apdu[1700] = { 0x02, 0x40, 0x06, 0x11, 0xE0, 0xE1, 0x00, 0x00 };
	struct host h;

	start(&h);
	CHECK_INT(host_apdu(&h, apdu, 4 + 1553), 0);
	apdu[3] = 0x12;
	CHECK_INT(host_apdu(&h, apdu, 4 + 1554), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "04");
	apdu[3] = 0x11;
	CHECK_INT(host_apdu(&h, apdu, 1700), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "04");
	sim_close(h.sim);
}

static void the_highest_error_is_kept_until_it_is_read_or_cleared(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "01 00 0002 E0F1"), 0xFF); /* 07 */
	CHECK_INT(host_run(&h, "01 00 0002 1234"), 0xFF); /* 01 */
	host_yields(&h, "01 00 0002 F1C2", "07");
	host_yields(&h, "01 00 0002 F1C2", "00");
	CHECK_INT(host_run(&h, "01 00 0002 1234"), 0xFF);
	CHECK_INT(host_run(&h, "7F 00 0000"), 0xFF); /* 0A */
	host_yields(&h, "01 00 0002 E0C6", "0615");
	host_yields(&h, "01 00 0002 F1C2", "0A");
	CHECK_INT(host_run(&h, "7F 00 0000"), 0xFF);
	CHECK_INT(host_run(&h, "81 00 0002 1234"), 0xFF); /* cleared first */
	host_yields(&h, "01 00 0002 F1C2", "01");
	CHECK_INT(host_run(&h, "7F 00 0000"), 0xFF);
	host_yields(&h, "81 00 0002 F1C2", "00");
	CHECK_INT(host_run(&h, "7F 00 0000"), 0xFF);
	CHECK_INT(host_run(&h, "70 00 0010 D276000004 47656E417574684170706C"), 0);
	host_yields(&h, "01 00 0002 F1C2", "0A"); /* opening alone does not clear it */
	sim_close(h.sim);
}

static void nothing_works_before_the_application_is_open(void)
{
	static const char *const commands[] = { "01 00 0002 E0C2", "02 00 0005 F1D0 0000 01",
		"0C 00 0002 0010", "31 11 0000", "32 11 0000", "38 03 0003 07 0000",
		"01 00 0002 F1C2" };
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", NULL));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		CHECK_INT(host_run(&h, commands[i]), 0xFF);
	CHECK_INT(host_run(&h, "70 00 0010 D276000004 47656E417574684170706D"), 0xFF);
	CHECK_INT(host_run(&h, "70 00 000F D276000004 47656E4175746841707070"), 0xFF);
	CHECK_INT(host_run(&h, "70 01 0010 D276000004 47656E417574684170706C"), 0xFF);
	CHECK_INT(host_run(&h, "70 00 0010 D276000004 47656E417574684170706C"), 0);
	host_yields(&h, "01 00 0002 F1C2", "0C"); /* of all of these the highest */
	CHECK_INT(host_code(&h, "70 00 0010 D276000004 47656E417574684170706D"), 0x05);
	CHECK_INT(host_code(&h, "70 00 000F D276000004 47656E417574684170706C"), 0x04);
	CHECK_INT(host_code(&h, "70 01 0010 D276000004 47656E417574684170706C"), 0x03);
	host_open_application(&h);
	sim_close(h.sim);
}

int main(void)
{
	RUN(every_object_has_its_metadata);
	RUN(no_other_object_exists);
	RUN(new_objects_have_their_content);
	RUN(the_uid_has_its_form);
	RUN(reading_is_bounded);
	RUN(writing_moves_the_used_size);
	RUN(writing_is_bounded);
	RUN(limits_of_delay_and_current_hold);
	RUN(security_status_can_only_be_cleared);
	RUN(life_cycles_only_go_forward);
	RUN(a_terminated_chip_opens_no_application);
	RUN(metadata_change_as_on_silicon);
	RUN(operational_objects_are_locked);
	RUN(metadata_must_be_well_formed);
	RUN(metadata_have_a_greatest_size);
	RUN(access_conditions_are_evaluated);
	RUN(reading_obeys_its_condition);
	RUN(the_envelope_is_checked);
	RUN(a_command_that_is_too_long_is_refused);
	RUN(the_highest_error_is_kept_until_it_is_read_or_cleared);
	RUN(nothing_works_before_the_application_is_open);
	return 0;
}
