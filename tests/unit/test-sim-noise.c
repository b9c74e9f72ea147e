/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

static uint32_t draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void fill(uint8_t *out, size_t len, uint32_t *state)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)draw(state);
}

/* After whatever came before, a reset makes it a chip again. */
static void expect_alive(struct host *h)
{
	sim_set_reset(h->sim, false);
	sim_set_reset(h->sim, true);
	sim_set_speed(h->sim, 100000);
	h->sent_nr = h->received_nr = 3;
	h->frame_max = 277;
	host_open_application(h);
	host_yields(h, "01 00 0002 E0C6", "0615");
}

static struct sim_options options(uint64_t seed)
{
	return (struct sim_options){
		.has_seed = true, .seed = seed, .has_scale = true, .scale_milli = seed % 2 ? 10 : 0
	};
}

/* Registers that would make the chip hard to find again are left out. */
static void random_transfers_do_no_harm(void)
{
	for (uint32_t seed = 1; seed <= 40; seed++) {
		struct sim_options opt = options(seed);
		uint32_t state = seed;
		uint8_t w[300], r[300];
		struct host h;

		host_remove("chip");
		host_attach(&h, host_open("chip", &opt));
		for (int i = 0; i < 500; i++) {
			size_t wlen = draw(&state) % 3 ? draw(&state) % sizeof(w) : 0;
			size_t rlen = draw(&state) % 3 ? 0 : draw(&state) % sizeof(r);

			fill(w, sizeof(w), &state);
			w[0] = draw(&state) % 2 ? 0x80 : 0x80 | (w[0] & 0x1F);
			if (w[0] == 0x83)
				continue;
			sim_transfer(h.sim, 0x30, w, wlen, r, rlen);
			sim_delay(h.sim, draw(&state) % 3000);
		}
		expect_alive(&h);
		sim_close(h.sim);
	}
}

/* Packets with good checksums and numbers, and anything inside. */
static void random_packets_do_no_harm(void)
{
	static const uint8_t controls[] = { 0, 0, 0, 1, 2, 4, 7, 8, 9, 10, 12, 24 };

	for (uint32_t seed = 1; seed <= 20; seed++) {
		struct sim_options opt = options(seed);
		uint32_t state = seed;
		uint8_t packet[272];
		struct host h;

		opt.profile = seed % 3 == 0 ? "trust-m1" : NULL;
		host_remove("chip");
		host_attach(&h, host_open("chip", &opt));
		host_open_application(&h);
		for (int i = 0; i < 300; i++) {
			size_t len = draw(&state) % 4 ? 1 + draw(&state) % 60 : 272;

			fill(packet, sizeof(packet), &state);
			packet[0] = controls[packet[0] % sizeof(controls)];
			host_send_packet(&h, packet, len);
			sim_delay(h.sim, 200000);
			if (draw(&state) % 2)
				host_fetch(&h, packet);
		}
		expect_alive(&h);
		sim_close(h.sim);
	}
}

/* Real commands with a few bytes changed, so that every parser sees near misses. */
static void damage_commands(const char *profile)
{
	static const char *const commands[] = {
		HOST_OPEN_APDU,
		"01 00 0006 E0E1 0000 0100",
		"01 01 0002 E0E1",
		"02 00 0009 F1D0 0000 0102030405",
		"02 01 000F E0E1 0000 20 09 D0 07 E1FB03 FE 70FC04",
		"0C 00 0002 0010",
		"38 03 0009 01 0002 E0F1 02 0001 10",
		"31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E0F1",
		"32 11 005C 01 000B 68656C6C6F776F726C640A 02 0046 "
		"022100A9A339368A7F9C3205CBEAB641623FEAB0783B37F43B96C1683FAAB3CFD37175"
		"022100E7A66D6A76888101F4543E03342E2A6E77472B0AFDFC791EACDF6B3F5D5C7752 "
		"04 0002 E0E8",
		"10 91 0002 E0F0",
		"19 01 0008 0102030405060708",
		"18 02 0000",
		"1A 01 0009 E100 31 0004 00000000",
		"30 E2 0009 10 0006 F1E0 0000 0100",
		"30 E2 000A 02 0004 61626364 07 0000",
		"30 E2 0004 03 0001 61",
		"33 01 0055 01 0002 E0F1 05 0001 03 06 0044 03420004"
		"8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285"
		"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B 08 0002 E101",
		"34 01 001A 01 0002 E101 02 0008 0102030405060708 03 0002 0030 08 0002 E102",
		"38 03 0009 01 0002 E0F1 02 0001 31",
		"38 04 0009 01 0002 E101 02 0001 31",
		"02 02 0005 E120 0000 01",
		"02 40 000C E120 0000 00000000 000000FF",
		"02 01 000B E0F1 0000 20 05 D3 03 40E120",
		"71 01 0000",
		"70 01 0018 D276000004 47656E417574684170706C 0000000000000000",
	};
	struct sim_options opt = options(2);
	uint32_t state = 99;
	struct host h;

	opt.profile = profile;
	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	for (int i = 0; i < 6000; i++) {
		uint8_t apdu[HOST_MAX];
		size_t len = host_bytes(apdu, sizeof(apdu),
			commands[draw(&state) % (sizeof(commands) / sizeof(commands[0]))]);

		for (uint32_t n = draw(&state) % 3; n > 0; n--)
			apdu[draw(&state) % len] = (uint8_t)draw(&state);
		len -= draw(&state) % 8 == 0 ? draw(&state) % len : 0;
		host_apdu(&h, apdu, len);
		CHECK(h.sta == 0x00 || h.sta == 0xFF);
	}
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL)); /* what it stored can be read again */
	sim_close(h.sim);
}

static void damaged_commands_get_an_answer(void)
{
	damage_commands("trust-x");
	damage_commands("trust-m1");
}

/* Certificates with changed bytes, through the chip's own parser. */
static void damaged_certificates_are_no_keys(void)
{
	static const char verify[] = "32 11 001F 01 000B 68656C6C6F776F726C640A 02 0008 "
				     "0202112202023344 03 0000";
	struct sim_options opt = options(4);
	uint8_t cert[HOST_MAX], apdu[HOST_MAX];
	uint32_t state = 7;
	struct host h;
	size_t len, n;

	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	host_open_application(&h);
	CHECK_INT(host_run(&h, "01 00 0002 E0E8"), 0);
	len = h.len;
	memcpy(cert, h.data, len);
	for (int i = 0; i < 1500; i++) {
		n = host_bytes(apdu, 8, "02 40 0000 E0E2 0000");
		memcpy(apdu + n, cert, len);
		apdu[n + draw(&state) % len] = (uint8_t)draw(&state);
		apdu[2] = (uint8_t)((len + 4) >> 8);
		apdu[3] = (uint8_t)(len + 4);
		CHECK_INT(host_apdu(&h, apdu, n + len), 0);
		n = host_bytes(apdu, sizeof(apdu), verify) - 3;
		n += host_bytes(apdu + n, 5, "04 0002 E0E2");
		apdu[3] = (uint8_t)(n - 4);
		CHECK_INT(host_apdu(&h, apdu, n), 0xFF);
	}
	sim_close(h.sim);
}

int main(void)
{
	RUN(random_transfers_do_no_harm);
	RUN(random_packets_do_no_harm);
	RUN(damaged_commands_get_an_answer);
	RUN(damaged_certificates_are_no_keys);
	return 0;
}
