/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-crypto.h"

#include <openssl/x509v3.h>

#define AID    "D276000004 47656E417574684170706C"
#define SEED_8 "02 0008 0102030405060708"

static const struct sim_options m1 = { .profile = "trust-m1" };

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", &m1));
	host_open_application(h);
}

static void restart(struct host *h)
{
	sim_close(h->sim);
	host_attach(h, host_open("chip", &m1));
}

static struct sim_info look(void)
{
	struct sim_info info;
	struct fail f;

	CHECK_OK(sim_info(&info, "chip", &f));
	return info;
}

static void reads(struct host *h, const char *param, unsigned oid, const char *want)
{
	char apdu[40];

	snprintf(apdu, sizeof(apdu), "01 %s 0002 %04X", param, oid);
	host_yields(h, apdu, want);
}

/* Metadata as dumped from chips with firmware build 0809. */
static void every_object_has_its_metadata(void)
{
	static const struct {
		unsigned first, last;
		const char *metadata;
	} dump[] = {
		{ 0xE0C0, 0xE0C1, "20 09 C4 01 01 D0 01 00 D1 01 00" },
		{ 0xE0C2, 0xE0C2, "20 09 C4 01 1B D0 01 FF D1 01 00" },
		{ 0xE0C3, 0xE0C4, "20 09 C4 01 01 D0 01 00 D1 01 00" },
		{ 0xE0C5, 0xE0C5, "20 09 C4 01 01 D0 01 FF D1 01 00" },
		{ 0xE0C6, 0xE0C6, "20 06 C4 01 02 D1 01 00" },
		{ 0xE0E1, 0xE0E3,
			"20 19 C0 01 01 C4 02 06 C0 C5 02 06 C0 D0 03 E1 FC 07 D1 01 00 D3 01 00 "
			"E8 01 12" },
		{ 0xE0E8, 0xE0E9,
			"20 19 C0 01 01 C4 02 04 B0 C5 02 04 B0 D0 03 E1 FC 07 D1 01 00 D3 01 00 "
			"E8 01 11" },
		{ 0xE0EF, 0xE0EF,
			"20 19 C0 01 01 C4 02 04 B0 C5 02 04 B0 D0 03 E1 FC 07 D1 01 00 D3 01 00 "
			"E8 01 11" },
		{ 0xE0F0, 0xE0F0, "20 0F C0 01 01 D0 01 FF D3 01 00 E0 01 03 E1 01 01" },
		{ 0xE0F1, 0xE0F3, "20 0B C0 01 01 D0 03 E1 FC 07 D3 01 00" },
		{ 0xE0FC, 0xE0FD, "20 0B C0 01 01 D0 03 E1 FC 07 D3 01 00" },
		{ 0xE120, 0xE123,
			"20 17 C0 01 01 C4 01 08 C5 01 08 D0 03 E1 FC 07 D1 01 00 D3 01 00 E8 01 "
			"01" },
		{ 0xE140, 0xE140,
			"20 1D C0 01 01 C4 01 40 C5 01 40 D0 07 E1 FC 07 FE 20 E1 40 D1 03 E1 FC "
			"07 D3 01 00 E8 01 22" },
		{ 0xF1C0, 0xF1C1, "20 09 C4 01 01 D0 01 00 D1 01 00" },
		{ 0xF1D0, 0xF1DB, "20 11 C0 01 01 C4 01 8C C5 01 64 D0 03 E1 FC 07 D1 01 00" },
		{ 0xF1E0, 0xF1E1,
			"20 13 C0 01 01 C4 02 05 DC C5 02 05 DC D0 03 E1 FC 07 D1 01 00" },
	};
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(dump) / sizeof(dump[0]); i++)
		for (unsigned oid = dump[i].first; oid <= dump[i].last; oid++)
			reads(&h, "01", oid, dump[i].metadata);
	sim_close(h.sim);
}

/* Its certificate is the simulator's, so the used size is another one than in the dump. */
static void the_infineon_slot_has_the_form_of_the_dump(void)
{
	uint8_t metadata[25];
	const unsigned char *at;
	struct host h;
	size_t len;
	X509 *x;

	start(&h);
	CHECK_INT(host_run(&h, "01 00 0002 E0E0"), 0);
	len = h.len;
	CHECK_INT(h.data[0], 0xC0);
	CHECK_INT(h.data[1] << 8 | h.data[2], len - 3);
	CHECK_INT(h.data[7] << 8 | h.data[8], len - 9);
	at = h.data + 9;
	x = d2i_X509(NULL, &at, (long)len - 9);
	CHECK(x != NULL);
	X509_free(x);
	host_bytes(metadata, sizeof(metadata),
		"20 17 C0 01 01 C4 02 06 C0 C5 02 0000 D0 01 FF D1 01 00 D3 01 00 E8 01 12");
	metadata[11] = (uint8_t)(len >> 8);
	metadata[12] = (uint8_t)len;
	CHECK_INT(host_run(&h, "01 01 0002 E0E0"), 0);
	CHECK_INT(h.len, sizeof(metadata));
	CHECK_MEM(h.data, metadata, sizeof(metadata));
	sim_close(h.sim);
}

static void new_objects_have_their_content(void)
{
	uint8_t bytes[1728] = { 0 };
	struct host h;

	start(&h);
	reads(&h, "00", 0xE0C0, "07");
	reads(&h, "00", 0xE0C1, "00");
	reads(&h, "00", 0xE0C3, "14");
	reads(&h, "00", 0xE0C4, "06");
	reads(&h, "00", 0xE0C5, "00");
	reads(&h, "00", 0xE0C6, "0615");
	reads(&h, "00", 0xF1C0, "01");
	reads(&h, "00", 0xF1C1, "00");
	reads(&h, "00", 0xE120, "0000000000000000");
	CHECK_INT(host_run(&h, "01 00 0002 E0E9"), 0);
	CHECK_INT(h.len, 1200);
	CHECK_MEM(h.data, bytes, 1200);
	CHECK_INT(host_run(&h, "01 00 0002 F1DB"), 0);
	CHECK_INT(h.len, 100);
	CHECK_MEM(h.data, bytes, 100);
	for (size_t i = 0; i < 64; i++)
		bytes[i] = (uint8_t)(i + 1);
	CHECK_INT(host_run(&h, "01 00 0002 E140"), 0);
	CHECK_INT(h.len, 64);
	CHECK_MEM(h.data, bytes, 64);
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	CHECK_INT(h.len, 27);
	host_bytes(bytes, sizeof(bytes), "CD16338201001C000500000A 80101071 0809");
	CHECK_MEM(h.data, bytes, 12);
	CHECK_MEM(h.data + 21, bytes + 12, 6);
	sim_close(h.sim);
	CHECK_STR(look().profile, "trust-m1");
}

static bool is_on_the_map(unsigned oid)
{
	return (oid >= 0xE0C0 && oid <= 0xE0C6) || (oid >= 0xE0E0 && oid <= 0xE0E3) ||
	       oid == 0xE0E8 || oid == 0xE0E9 || oid == 0xE0EF ||
	       (oid >= 0xE0F0 && oid <= 0xE0F3) || oid == 0xE0FC || oid == 0xE0FD ||
	       (oid >= 0xE100 && oid <= 0xE103) || (oid >= 0xE120 && oid <= 0xE123) ||
	       oid == 0xE140 || (oid >= 0xF1C0 && oid <= 0xF1C2) ||
	       (oid >= 0xF1D0 && oid <= 0xF1DB) || oid == 0xF1E0 || oid == 0xF1E1;
}

static void no_other_object_exists(void)
{
	static const unsigned ranges[][2] = { { 0x0000, 0x0010 }, { 0xE000, 0xE240 },
		{ 0xF100, 0xF200 }, { 0xFFF0, 0x10000 } };
	char apdu[32];
	struct host h;

	start(&h);
	for (size_t i = 0; i < 4; i++) {
		for (unsigned oid = ranges[i][0]; oid < ranges[i][1]; oid++) {
			snprintf(apdu, sizeof(apdu), "01 01 0002 %04X", oid);
			host_refuses(&h, apdu, is_on_the_map(oid) ? 0 : 0x01);
		}
	}
	sim_close(h.sim);
}

static void the_state_shows_the_presentation_layer(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &m1));
	CHECK_INT(host_state(&h), 0x08800000);
	host_write(&h, "80 03 0015 00 70000010 D276000004 47656E417574684170706C 041A");
	sim_delay(h.sim, 6000);
	CHECK_INT(host_state(&h), 0xC8800005);
	host_expect(&h, "80 0000 0CEC");
	sim_delay(h.sim, 12000);
	CHECK_INT(host_state(&h), 0x4880000A);
	host_expect(&h, "00 0005 00 00000000 1487");
	sim_close(h.sim);
}

/* Recorded between a host and a chip, but for the object, which has no key here. */
static void messages_with_a_presentation_layer_are_answered_in_kind(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &m1));
	host_write(&h, "80 03 0016 08 20 F0000010 D276000004 47656E417574684170706C BE40");
	sim_delay(h.sim, 30000);
	host_expect(&h, "80 0000 0CEC");
	host_expect(&h, "00 0006 08 20 00000000 1904");
	host_write(&h, "80 80 0000 0CEC");
	host_write(&h, "80 04 0008 08 20 81010002E0F2 EDD1");
	sim_delay(h.sim, 30000);
	host_expect(&h, "81 0000 5630");
	h.sent_nr = 1;
	h.received_nr = 0;
	CHECK_INT(host_receive_packet(&h, h.data), 19);
	CHECK_INT(h.data[0], 0x08);
	CHECK_INT(h.data[1], 0x20);
	CHECK_INT(h.data[5], 13);
	host_yields(&h, "01 00 0002 E0C6", "0615"); /* and without, without */
	sim_close(h.sim);
}

static void send(struct host *h, const char *packet)
{
	uint8_t bytes[HOST_MAX];

	host_send_packet(h, bytes, host_bytes(bytes, sizeof(bytes), packet));
}

static void answered(struct host *h, const char *packet)
{
	uint8_t got[HOST_MAX], want[HOST_MAX];
	size_t len = host_bytes(want, sizeof(want), packet);

	CHECK_INT(host_receive_packet(h, got), len);
	CHECK_MEM(got, want, len);
}

static void acknowledged(struct host *h)
{
	uint8_t ack[HOST_MAX];

	CHECK_INT(host_fetch(h, ack), 5);
	CHECK_INT(ack[0], 0x80 | h->sent_nr);
}

static void chains_keep_their_presentation_layer(void)
{
	struct host h;

	start(&h);
	host_write(&h, "81 0010");
	send(&h, "09 20 02 40 0018 E0E1 0000 01");
	acknowledged(&h);
	send(&h, "0A 02030405060708090A0B");
	acknowledged(&h);
	send(&h, "0C 0C0D0E0F1011121314");
	answered(&h, "08 20 00 00 0000");
	send(&h, "08 20 01 00 0002 E0E1");
	answered(&h, "09 20 00 00 0014 01020304 05");
	answered(&h, "0A 060708090A0B0C0D0E0F");
	answered(&h, "0C 1011121314");
	send(&h, "09 20 02 40 0018 E0E1 0000 01");
	acknowledged(&h);
	send(&h, "02 02030405060708090A0B"); /* without, in a chain with */
	answered(&h, "07");
	send(&h, "01 02 40 0018 E0E1 0000 0102");
	acknowledged(&h);
	send(&h, "0A 030405060708090A0B0C");
	answered(&h, "07");
	send(&h, "08");
	answered(&h, "07");
	send(&h, "18 20 01 00 0002 E0E1");
	answered(&h, "07");
	send(&h, "08 20 01 00 0002 E0C6");
	answered(&h, "08 20 00 00 0002 0615");
	sim_close(h.sim);
}

static void there_is_no_shielded_connection(void)
{
	struct host h;

	start(&h);
	send(&h, "08 00 01"); /* hello */
	answered(&h, "08 40");
	send(&h, "08 23 00000001 0102030405060708090A");
	answered(&h, "08 40");
	send(&h, "08 20 01 00 0002 E0C6");
	answered(&h, "08 20 00 00 0002 0615");
	sim_close(h.sim);
}

static void a_trust_x_knows_no_presence_bit(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", NULL));
	send(&h, "08 20 70 00 0010 " AID);
	answered(&h, "07");
	CHECK_INT(host_state(&h), 0x08000000);
	host_open_application(&h);
	host_refuses(&h, "71 00 0000", 0x0A);
	host_refuses(&h, "1E 11 0000", 0x0A);
	host_refuses(&h, "38 41 0009 01 0002 E0F1 02 0001 10", 0x03);
	host_refuses(&h, "31 01 0000", 0x03);
	host_refuses(&h, "02 02 0005 F1D0 0000 01", 0x03);
	host_refuses(&h, "70 01 0018 " AID "0000000000000000", 0x03);
	host_refuses(&h, "02 01 000B F1D0 0000 20 05 D0 03 40E120", 0x05);
	host_refuses(&h, "02 01 000B F1D0 0000 20 05 D0 03 20E140", 0x05);
	host_refuses(&h, "02 01 0009 F1D0 0000 20 03 E8 01 21", 0x05);
	host_refuses(&h, "02 01 000A F1D0 0000 20 04 C1 02 0001", 0x05);
	sim_close(h.sim);
}

static void commands_of_trust_x_alone_are_unknown(void)
{
	static const char *const commands[] = { "10 91 0002 E0F1", "18 02 0000",
		"19 01 0008 0102030405060708", "1A 01 0002 E100", "1B 01 0002 E100", "03 01 0000",
		"14 01 0000", "15 01 0000", "39 81 0000" };
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		host_refuses(&h, commands[i], 0x0A);
	sim_close(h.sim);
}

static void rsa_is_refused_as_an_algorithm(void)
{
	static const char *const commands[] = {
		"38 41 0009 01 0002 E0FC 02 0001 10",
		"38 42 0009 01 0002 E0FD 02 0001 10",
		"38 03 0009 01 0002 E0FC 02 0001 10",
		"31 01 0012 01 000A 00112233445566778899 03 0002 E0FC",
		"31 02 0012 01 000A 00112233445566778899 03 0002 E0FC",
		"31 11 0012 01 000A 00112233445566778899 03 0002 E0FC",
		"32 01 0000",
		"1E 11 0000",
		"1F 11 0000",
	};
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		host_refuses(&h, commands[i], 0x24);
	host_refuses(&h, "38 05 0009 01 0002 E0F1 02 0001 10", 0x03);
	host_refuses(&h, "31 04 0012 01 000A 00112233445566778899 03 0002 E0F0", 0x03);
	host_refuses(&h, "01 00 0002 E0FC", 0x07);
	host_refuses(&h, "02 00 0005 E0FC 0000 01", 0x07);
	host_refuses(&h, "38 03 0009 01 0002 E0F1 02 0001 04", 0x05); /* no usage of this chip */
	host_refuses(&h, "38 03 0009 01 0002 E0F1 02 0001 33", 0);
	sim_close(h.sim);
}

static void closing_ends_the_application(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &m1));
	CHECK_INT(host_run(&h, "71 00 0000"), 0xFF);
	host_open_application(&h);
	CHECK_INT(host_run(&h, "01 00 0002 F1C2"), 0);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E100 02 0001 10"), 0);
	host_refuses(&h, "71 02 0000", 0x03);
	host_refuses(&h, "71 00 0001 00", 0x04);
	host_yields(&h, "71 00 0000", "");
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0xFF);
	host_open_application(&h);
	host_yields(&h, "01 00 0002 F1C2", "00");
	host_refuses(&h, "31 11 0012 01 000A 00112233445566778899 03 0002 E100", 0x0B);
	sim_close(h.sim);
}

#define SIGN_100   "31 11 0012 01 000A 00112233445566778899 03 0002 E100"
#define DERIVE_101 "34 01 0018 01 0002 E101 " SEED_8 " 03 0002 0020 07 0000"

/* A key in session 0xE100, a secret in 0xE101; what is derived from it into out. */
static EVP_PKEY *fill_sessions(struct host *h, uint8_t out[static 32])
{
	EVP_PKEY *key;

	CHECK_INT(host_run(h, "38 03 0009 01 0002 E100 02 0001 10"), 0);
	key = crypto_key("prime256v1", h->data + 6, 65);
	host_yields(h, "34 01 001A 01 0002 E140 " SEED_8 " 03 0002 0020 08 0002 E101", "");
	CHECK_INT(host_run(h, DERIVE_101), 0);
	memcpy(out, h->data, 32);
	return key;
}

/* Let the security event counter sink; five credits are left, no more. */
static void rest(struct host *h)
{
	for (int i = 0; i < 100; i++) {
		CHECK_INT(host_run(h, "01 00 0002 E0C5"), 0);
		if (h->data[0] == 0)
			return;
		sim_delay(h->sim, 5000000);
	}
	test_die(__FILE__, __LINE__, "the counter does not sink");
}

static uint8_t restore(struct host *h, const uint8_t handle[static 8])
{
	uint8_t apdu[28];

	host_bytes(apdu, 20, "70 01 0018" AID);
	memcpy(apdu + 20, handle, 8);
	return host_apdu(h, apdu, sizeof(apdu));
}

static void a_hibernated_application_wakes_with_its_sessions(void)
{
	uint8_t handle[8], secret[32];
	struct host h;
	EVP_PKEY *key;

	start(&h);
	key = fill_sessions(&h, secret);
	rest(&h);
	CHECK_INT(host_run(&h, "71 01 0000"), 0);
	CHECK_INT(h.len, 8);
	memcpy(handle, h.data, 8);
	CHECK_INT(host_run(&h, "01 00 0002 E0C6"), 0xFF);
	restart(&h);
	CHECK_INT(restore(&h, handle), 0);
	CHECK_INT(h.len, 0);
	CHECK_INT(host_run(&h, SIGN_100), 0);
	CHECK(crypto_verifies(
		key, &h, "00000000000000000000000000000000000000000000 00112233445566778899"));
	CHECK_INT(host_run(&h, DERIVE_101), 0);
	CHECK_MEM(h.data, secret, 32);
	restart(&h);
	CHECK_INT(restore(&h, handle), 0xFF); /* once is enough */
	host_open_application(&h);
	host_refuses(&h, SIGN_100, 0x0B);
	EVP_PKEY_free(key);
	sim_close(h.sim);
}

static void a_wrong_handle_ends_a_hibernated_application(void)
{
	uint8_t handle[8], secret[32];
	struct host h;

	start(&h);
	EVP_PKEY_free(fill_sessions(&h, secret));
	rest(&h);
	CHECK_INT(host_run(&h, "71 01 0000"), 0);
	memcpy(handle, h.data, 8);
	host_open_application(&h); /* a clean one leaves it asleep */
	restart(&h);
	handle[7] ^= 1;
	CHECK_INT(restore(&h, handle), 0xFF);
	handle[7] ^= 1;
	CHECK_INT(restore(&h, handle), 0xFF);
	host_open_application(&h);
	host_refuses(&h, DERIVE_101, 0x0B);
	CHECK_INT(restore(&h, handle), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "05");
	sim_close(h.sim);
}

static void hibernation_needs_a_calm_chip(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "31 11 0012 01 000A 00112233445566778899 03 0002 E0F0"), 0);
	host_yields(&h, "01 00 0002 E0C5", "01");
	host_refuses(&h, "71 01 0000", 0x0B);
	rest(&h);
	host_refuses(&h, "71 01 0001 00", 0x04);
	CHECK_INT(host_run(&h, "71 01 0000"), 0);
	sim_close(h.sim);
}

static void counters_count_to_their_threshold(void)
{
	struct host h;

	start(&h);
	host_refuses(&h, "02 02 0005 E120 0000 01", 0x0E); /* threshold 0 */
	host_yields(&h, "02 40 000C E120 0000 00000000 00000103", "");
	host_yields(&h, "02 02 0005 E120 0000 01", "");
	host_yields(&h, "01 00 0002 E120", "0000000100000103");
	host_yields(&h, "02 02 0005 E120 1234 FF", ""); /* the offset means nothing */
	host_yields(&h, "01 00 0002 E120", "0000010000000103");
	host_yields(&h, "02 02 0005 E120 0000 10", "");
	host_yields(&h, "01 00 0002 E120", "0000010300000103");
	host_refuses(&h, "02 02 0005 E120 0000 01", 0x0E);
	restart(&h);
	host_open_application(&h);
	host_yields(&h, "01 00 0002 E120", "0000010300000103");
	host_refuses(&h, "02 02 0005 E120 0000 00", 0x05);
	host_refuses(&h, "02 02 0004 E120 0000", 0x04);
	host_refuses(&h, "02 02 0006 E120 0000 0101", 0x04);
	host_refuses(&h, "02 02 0005 F1D0 0000 01", 0x01);
	host_refuses(&h, "02 02 0005 E124 0000 01", 0x01);
	host_yields(&h, "02 01 0009 E121 0000 20 03 D3 01 FF", "");
	host_refuses(&h, "02 02 0005 E121 0000 01", 0x07);
	sim_close(h.sim);
}

static void usage_is_counted_and_limited(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 30"), 0);
	host_yields(&h, "02 40 000C E121 0000 00000000 00000003", "");
	host_yields(&h, "02 01 000B E0F1 0000 20 05 D3 03 40E121", "");
	for (int i = 0; i < 3; i++)
		CHECK_INT(host_run(&h, "31 11 0012 01 000A 00112233445566778899 03 0002 E0F1"), 0);
	host_yields(&h, "01 00 0002 E121", "0000000300000003");
	host_refuses(&h, "31 11 0012 01 000A 00112233445566778899 03 0002 E0F1", 0x07);
	host_yields(&h, "01 00 0002 E121", "0000000300000003");
	restart(&h);
	host_open_application(&h);
	host_refuses(&h, "31 11 0012 01 000A 00112233445566778899 03 0002 E0F1", 0x07);
	sim_close(h.sim);
	CHECK_INT(look().key_uses[1], 3);
}

/* A digest that is too long is found out after the condition was met. */
static void usage_counts_even_when_the_command_fails(void)
{
	static const char too_long[] =
		"31 11 0029 01 0021 00BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F200"
		"15AD 03 0002 E0F1";
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 30"), 0);
	host_yields(&h, "02 40 000C E121 0000 00000000 00000003", "");
	host_yields(&h, "02 01 000B E0F1 0000 20 05 D3 03 40E121", "");
	host_refuses(&h, too_long, 0x05);
	host_yields(&h, "01 00 0002 E121", "0000000100000003");
	sim_close(h.sim);
	CHECK_INT(look().key_uses[1], 0);
}

static void conditions_are_evaluated_from_left_to_right(void)
{
	static const struct {
		const char *metadata;
		uint8_t code;
		const char *first, *second;
	} cases[] = {
		{ "02 01 000F F1D0 0000 20 09 D3 07 E1FA07 FD 40E120", 0x07, "00", "00" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 40E120 FD E1FA07", 0x07, "01", "00" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 40E120 FE 40E121", 0x00, "02", "00" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 40E120 FD 40E121", 0x00, "03", "01" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 40E120 FE 40E121", 0x00, "03", "02" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 E1FA01 FE 40E121", 0x00, "03", "02" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 20E140 FE 40E121", 0x00, "03", "03" },
		{ "02 01 000F F1D0 0000 20 09 D3 07 21E0E8 FE 40E121", 0x07, "03", "03" },
	};
	char value[20];
	struct host h;

	start(&h);
	host_yields(&h, "02 40 0014 F1D0 0000 000102030405060708090A0B0C0D0E0F", "");
	host_yields(&h, "02 40 000C E120 0000 00000000 00000003", "");
	host_yields(&h, "02 40 000C E121 0000 00000000 00000003", "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		host_yields(&h, cases[i].metadata, "");
		host_refuses(&h, "34 01 001A 01 0002 F1D0 " SEED_8 " 03 0002 0020 08 0002 E101",
			cases[i].code);
		snprintf(value, sizeof(value), "000000%s00000003", cases[i].first);
		host_yields(&h, "01 00 0002 E120", value);
		snprintf(value, sizeof(value), "000000%s00000003", cases[i].second);
		host_yields(&h, "01 00 0002 E121", value);
	}
	sim_close(h.sim);
}

static void conditions_for_reading_count_nothing(void)
{
	struct host h;

	start(&h);
	host_yields(&h, "02 40 000C E120 0000 00000000 00000001", "");
	host_yields(&h, "02 01 000B F1D1 0000 20 05 D1 03 40E120", "");
	CHECK_INT(host_run(&h, "01 00 0002 F1D1"), 0);
	CHECK_INT(host_run(&h, "01 00 0002 F1D1"), 0);
	host_yields(&h, "01 00 0002 E120", "0000000000000001");
	host_yields(&h, "02 02 0005 E120 0000 01", "");
	host_refuses(&h, "01 00 0002 F1D1", 0x07);
	sim_close(h.sim);
}

static void metadata_have_the_forms_of_this_chip(void)
{
	struct host h;

	start(&h);
	host_yields(&h, "02 01 0009 F1D3 0000 20 03 E8 01 21", "");
	host_refuses(&h, "02 01 0009 F1D3 0000 20 03 E8 01 23", 0x05);
	host_refuses(&h, "02 01 0009 F1D3 0000 20 03 E8 01 31", 0x05);
	host_yields(&h, "02 01 000A F1D3 0000 20 04 C1 02 0002", "");
	host_refuses(&h, "02 01 000A F1D3 0000 20 04 C1 02 8002", 0x05);
	host_refuses(&h, "02 01 000B F1D3 0000 20 05 D0 03 40E124", 0x05);
	host_refuses(&h, "02 01 000A F1D3 0000 20 04 D0 02 40E1", 0x05);
	host_refuses(&h, "02 01 000A F1D3 0000 20 04 D0 02 1001", 0x05); /* not on V1 */
	host_refuses(&h, "02 01 000B F1D3 0000 20 05 D0 03 23F1D0", 0x05);
	host_yields(&h, "02 01 000B F1D3 0000 20 05 D0 03 20E140", "");
	host_refuses(&h, "02 00 0005 F1D3 0000 01", 0x07); /* not encrypted */
	host_yields(&h, "01 01 0002 F1D3",
		"20 18 C0 01 01 C4 01 8C C5 01 64 D0 03 20E140 D1 01 00 E8 01 21 C1 02 0002");
	restart(&h);
	host_open_application(&h);
	host_refuses(&h, "02 00 0005 F1D3 0000 01", 0x07);
	sim_close(h.sim);
}

static void derivation_from_an_object_is_a_security_event(void)
{
	uint8_t secret[64], seed[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, want[32];
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)(i + 1);
	crypto_prf(want, sizeof(want), secret, sizeof(secret), seed, sizeof(seed));
	for (int i = 0; i < 3; i++) {
		CHECK_INT(
			host_run(&h, "34 01 0018 01 0002 E140 " SEED_8 " 03 0002 0020 07 0000"), 0);
		CHECK_MEM(h.data, want, 32);
	}
	host_yields(&h, "01 00 0002 E0C5", "03");
	host_yields(&h, "34 01 001A 01 0002 E140 " SEED_8 " 03 0002 0020 08 0002 E101", "");
	CHECK_INT(host_run(&h, DERIVE_101), 0);
	host_yields(&h, "01 00 0002 E0C5", "04"); /* that from a session is none */
	host_refuses(&h, "34 01 0018 01 0002 E102 " SEED_8 " 03 0002 0020 07 0000", 0x0B);
	sim_close(h.sim);
}

static void a_certificate_needs_its_execute_condition(void)
{
	static const char verify[] =
		"32 11 0015 01 0004 01020304 02 0006 020101020101 04 0002 E0E1";
	struct host h;

	start(&h);
	host_refuses(&h, verify, 0x29);
	host_yields(&h, "02 01 0009 E0E1 0000 20 03 D3 01 FF", "");
	host_refuses(&h, verify, 0x07);
	sim_close(h.sim);
}

static void the_chip_starts_in_fifteen_milliseconds(void)
{
	uint8_t reg = 0x82;
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &m1));
	sim_delay(h.sim, 14500);
	CHECK_INT(sim_transfer(h.sim, 0x30, &reg, 1, NULL, 0), SIM_ADDRESS_NACK);
	sim_delay(h.sim, 500);
	CHECK_INT(sim_transfer(h.sim, 0x30, &reg, 1, NULL, 0), SIM_DONE);
	host_open_application(&h);
	host_send_apdu(&h, (const uint8_t *)"\x02\x00\x00\x05\xF1\xD0\x00\x00\x01", 9);
	host_write(&h, "88 0000"); /* in the middle of programming */
	sim_delay(h.sim, 19000);
	CHECK_INT(sim_transfer(h.sim, 0x30, &reg, 1, NULL, 0), SIM_ADDRESS_NACK);
	sim_delay(h.sim, 1000);
	CHECK_INT(sim_transfer(h.sim, 0x30, &reg, 1, NULL, 0), SIM_DONE);
	sim_close(h.sim);
}

static void a_file_keeps_its_kind_of_chip(void)
{
	struct sim_options x = { .profile = "trust-x" };
	struct sim *sim;
	struct host h;
	struct fail f;

	start(&h);
	sim_close(h.sim);
	CHECK_ERR(sim_open(&sim, "chip", &x, &f), TRUSTX_ERR_INPUT);
	host_attach(&h, host_open("chip", NULL));
	CHECK_INT(host_state(&h), 0x08800000);
	sim_close(h.sim);
}

int main(void)
{
	RUN(every_object_has_its_metadata);
	RUN(the_infineon_slot_has_the_form_of_the_dump);
	RUN(new_objects_have_their_content);
	RUN(no_other_object_exists);
	RUN(the_state_shows_the_presentation_layer);
	RUN(messages_with_a_presentation_layer_are_answered_in_kind);
	RUN(chains_keep_their_presentation_layer);
	RUN(there_is_no_shielded_connection);
	RUN(a_trust_x_knows_no_presence_bit);
	RUN(commands_of_trust_x_alone_are_unknown);
	RUN(rsa_is_refused_as_an_algorithm);
	RUN(closing_ends_the_application);
	RUN(a_hibernated_application_wakes_with_its_sessions);
	RUN(a_wrong_handle_ends_a_hibernated_application);
	RUN(hibernation_needs_a_calm_chip);
	RUN(counters_count_to_their_threshold);
	RUN(usage_is_counted_and_limited);
	RUN(usage_counts_even_when_the_command_fails);
	RUN(conditions_are_evaluated_from_left_to_right);
	RUN(conditions_for_reading_count_nothing);
	RUN(metadata_have_the_forms_of_this_chip);
	RUN(derivation_from_an_object_is_a_security_event);
	RUN(a_certificate_needs_its_execute_condition);
	RUN(the_chip_starts_in_fifteen_milliseconds);
	RUN(a_file_keeps_its_kind_of_chip);
	return 0;
}
