/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-crypto.h"

#define SCHEME	  "10 91 0002 E0F1"
#define CHALLENGE "19 01 0008 0102030405060708"
#define ANSWER	  "18 02 0000"
#define DIGEST	  "66840DDA154E8A113C31DD0AD32F7F3A366A80E8136979D8F5A101D3D29D6F72" /* of it */

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", NULL));
	host_open_application(h);
}

static void authenticate(struct host *h, const char *group, const char *generate)
{
	EVP_PKEY *key;

	CHECK_INT(host_run(h, generate), 0);
	key = crypto_key(group, h->data + 6, h->len - 6);
	host_yields(h, SCHEME, "");
	host_yields(h, CHALLENGE, "");
	CHECK_INT(host_run(h, ANSWER), 0);
	CHECK(crypto_verifies(key, h, DIGEST));
	EVP_PKEY_free(key);
}

static void the_hash_of_a_challenge_is_signed(void)
{
	struct host h;

	start(&h);
	authenticate(&h, "prime256v1", "38 03 0009 01 0002 E0F1 02 0001 01");
	authenticate(&h, "secp384r1", "38 04 0009 01 0002 E0F1 02 0001 13");
	host_yields(&h, "10 91 0002 E0F0", ""); /* the key from the factory */
	host_yields(&h, CHALLENGE, "");
	CHECK_INT(host_run(&h, ANSWER), 0);
	sim_close(h.sim);
}

static void the_steps_have_an_order(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 01"), 0);
	host_refuses(&h, CHALLENGE, 0x0B);
	host_refuses(&h, ANSWER, 0x0B);
	host_yields(&h, SCHEME, "");
	host_refuses(&h, ANSWER, 0x0B);
	host_yields(&h, CHALLENGE, "");
	host_refuses(&h, CHALLENGE, 0x0B);
	CHECK_INT(host_run(&h, ANSWER), 0);
	host_refuses(&h, ANSWER, 0x0B);
	host_refuses(&h, CHALLENGE, 0x0B);
	host_yields(&h, SCHEME, "");
	host_yields(&h, CHALLENGE, "");
	host_yields(&h, SCHEME, ""); /* begins anew */
	host_refuses(&h, ANSWER, 0x0B);
	host_yields(&h, CHALLENGE, "");
	host_open_application(&h);
	host_refuses(&h, ANSWER, 0x0B);
	sim_close(h.sim);
}

static void authentication_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "10 90 0002 E0F1", 0x03 },
		{ "10 99 0004 E0F1 E100", 0x03 }, /* DTLS is not simulated */
		{ "10 91 0001 E0", 0x04 },
		{ "10 91 0003 E0F100", 0x04 },
		{ "10 91 0002 E0F4", 0x01 },
		{ "10 91 0002 E0E0", 0x01 },
		{ "10 91 0002 E0F3", 0x07 },
		{ "10 91 0002 E100", 0x0B },
		{ "10 91 0002 E0F2", 0x24 },
		{ "10 91 0002 E0F1", 0x00 },
		{ "19 00 0008 0102030405060708", 0x03 },
		{ "19 01 0007 01020304050607", 0x04 },
		{ "19 01 0000", 0x04 },
		{ "19 01 0008 0102030405060708", 0x00 },
		{ "18 01 0000", 0x03 },
		{ "18 02 0001 00", 0x04 },
		{ "18 02 0000", 0x00 },
	};
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 01"), 0);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F2 02 0001 30"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		host_refuses(&h, cases[i].apdu, cases[i].code);
	sim_close(h.sim);
}

static void challenges_have_up_to_256_bytes(void)
{
	uint8_t apdu[4 + 257] = { 0x19, 0x01, 0x01, 0x01 };
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 01"), 0);
	host_yields(&h, SCHEME, "");
	CHECK_INT(host_apdu(&h, apdu, 4 + 257), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "04");
	apdu[3] = 0x00;
	CHECK_INT(host_apdu(&h, apdu, 4 + 256), 0);
	CHECK_INT(host_run(&h, ANSWER), 0);
	sim_close(h.sim);
}

static void the_key_is_looked_at_when_it_is_used(void)
{
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 01"), 0);
	host_yields(&h, SCHEME, "");
	host_yields(&h, CHALLENGE, "");
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	host_refuses(&h, ANSWER, 0x24);
	CHECK_INT(host_code(&h, "02 01 0009 E0F1 0000 20 03 D3 01 FF"), 0);
	host_refuses(&h, ANSWER, 0x07);
	sim_close(h.sim);
}

static void an_authentication_is_one_use_of_the_key(void)
{
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 01"), 0);
	for (int i = 0; i < 4; i++) {
		host_yields(&h, SCHEME, "");
		host_yields(&h, CHALLENGE, "");
		CHECK_INT(host_run(&h, ANSWER), 0);
	}
	host_yields(&h, "01 00 0002 E0C5", "04");
	sim_close(h.sim);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.key_uses[1], 4);
	CHECK_INT(info.key_generations[1], 1);
}

static void messages_of_dtls_are_out_of_sequence(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "1A 01 0009 E100 31 0004 00000000", 0x0B },
		{ "1A 01 0002 E100", 0x0B },
		{ "1A 61 0007 E100 61 0002 AABB", 0x0B },
		{ "1B 02 0007 E100 61 0002 AABB", 0x0B },
		{ "1B 71 0002 E100", 0x0B },
		{ "1A 04 0002 E100", 0x03 },
		{ "1B FF 0002 E100", 0x03 },
		{ "1A 01 0001 E1", 0x04 },
		{ "1A 01 0002 E101", 0x01 },
	};
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		host_refuses(&h, cases[i].apdu, cases[i].code);
	sim_close(h.sim);
}

int main(void)
{
	RUN(the_hash_of_a_challenge_is_signed);
	RUN(the_steps_have_an_order);
	RUN(authentication_checks_its_input);
	RUN(challenges_have_up_to_256_bytes);
	RUN(the_key_is_looked_at_when_it_is_used);
	RUN(an_authentication_is_one_use_of_the_key);
	RUN(messages_of_dtls_are_out_of_sequence);
	return 0;
}
