/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-crypto.h"

/* A test vector for the PRF of TLS 1.2 with SHA-256; the label stands before the seed. */
#define VECTOR_SECRET "9BBE436BA940F017B17652849A71DB35"
#define VECTOR_SEED   "74657374206C6162656C A0BA9F936CDA311827A6F796FFD5198C"
#define VECTOR_OUT                                                         \
	"E3F229BA727BE17B8D122620557CD453C2AAB21D07C3D495329B52D4E61EDB5A" \
	"6B301791E90D35C9C9A46B4E14BAF9AF0FA022F7077DEF17ABFD3797C0564BAB" \
	"4FBC91666E9DEF9B97FCE34F796789BAA48082D122EE42C5A72E5A5110FFF701" \
	"87347B66"
#define SEED_8 "02 0008 0102030405060708"

struct curve {
	const char *group, *in_slot, *in_session;
	uint8_t alg;
	size_t size;
};

static const struct curve curves[] = {
	{ "P-256", "38 03 0009 01 0002 E0F1 02 0001 20", "38 03 0009 01 0002 E102 02 0001 20", 3,
		32 },
	{ "P-384", "38 04 0009 01 0002 E0F1 02 0001 20", "38 04 0009 01 0002 E102 02 0001 20", 4,
		48 },
};

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", NULL));
	host_open_application(h);
}

static struct sim_info look(void)
{
	struct sim_info info;
	struct fail f;

	CHECK_OK(sim_info(&info, "chip", &f));
	return info;
}

/* CalcSSec of a key with the point of peer; session 0: export. */
static uint8_t agree(
	struct host *h, const struct curve *c, uint16_t oid, EVP_PKEY *peer, uint16_t session)
{
	uint8_t apdu[HOST_MAX], point[97];
	size_t len, n = crypto_point(point, sizeof(point), peer);

	len = host_bytes(apdu, sizeof(apdu), "33 01 0000 01 0002 0000 05 0001 00 06 0000 03 00 00");
	apdu[7] = (uint8_t)(oid >> 8);
	apdu[8] = (uint8_t)oid;
	apdu[12] = c->alg;
	apdu[15] = (uint8_t)(n + 3);
	apdu[17] = (uint8_t)(n + 1);
	memcpy(apdu + len, point, n);
	len += n;
	len += host_bytes(apdu + len, 8, session == 0 ? "07 0000" : "08 0002 0000");
	if (session != 0) {
		apdu[len - 2] = (uint8_t)(session >> 8);
		apdu[len - 1] = (uint8_t)session;
	}
	apdu[3] = (uint8_t)(len - 4);
	return host_apdu(h, apdu, len);
}

static void agree_with(struct host *h, const struct curve *c, const char *generate, uint16_t oid)
{
	EVP_PKEY *own = EVP_EC_gen(c->group), *chip;
	uint8_t secret[48];

	CHECK_INT(host_run(h, generate), 0);
	chip = crypto_key(c->size == 32 ? "prime256v1" : "secp384r1", h->data + 6, h->len - 6);
	CHECK_INT(crypto_agree(secret, sizeof(secret), own, chip), c->size);
	CHECK_INT(agree(h, c, oid, own, 0), 0);
	CHECK_INT(h->len, c->size);
	CHECK_MEM(h->data, secret, c->size);
	EVP_PKEY_free(own);
	EVP_PKEY_free(chip);
}

static void both_sides_agree_on_a_secret(void)
{
	struct host h;

	start(&h);
	for (size_t i = 0; i < 2; i++) {
		agree_with(&h, &curves[i], curves[i].in_slot, 0xE0F1);
		agree_with(&h, &curves[i], curves[i].in_session, 0xE102);
	}
	sim_close(h.sim);
	CHECK_INT(look().key_uses[1], 2); /* keys of sessions are not counted */
}

/* DeriveKey from a session and check against OpenSSL. */
static void derive_from(struct host *h, uint16_t session, const uint8_t *secret, size_t len)
{
	uint8_t seed[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, want[64];
	char apdu[120];

	snprintf(apdu, sizeof(apdu), "34 01 0018 01 0002 %04X " SEED_8 " 03 0002 0040 07 0000",
		session);
	CHECK_INT(host_run(h, apdu), 0);
	CHECK_INT(h->len, 64);
	crypto_prf(want, sizeof(want), secret, len, seed, sizeof(seed));
	CHECK_MEM(h->data, want, sizeof(want));
}

static void sessions_keep_a_secret_for_derivation(void)
{
	static const char to_session[] =
		"34 01 001A 01 0002 E101 " SEED_8 " 03 0002 0030 08 0002 E103";
	uint8_t secret[48], next[48], seed[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	EVP_PKEY *own, *chip;
	struct host h;

	start(&h);
	for (size_t i = 0; i < 2; i++) {
		const struct curve *c = &curves[i];

		own = EVP_EC_gen(c->group);
		CHECK_INT(host_run(&h, c->in_slot), 0);
		chip = crypto_key(
			c->size == 32 ? "prime256v1" : "secp384r1", h.data + 6, h.len - 6);
		crypto_agree(secret, sizeof(secret), own, chip);
		CHECK_INT(agree(&h, c, 0xE0F1, own, 0xE101), 0);
		CHECK_INT(h.len, 0);
		derive_from(&h, 0xE101, secret, c->size);
		host_yields(&h, to_session, "");
		crypto_prf(next, sizeof(next), secret, c->size, seed, sizeof(seed));
		derive_from(&h, 0xE103, next, sizeof(next));
		EVP_PKEY_free(own);
		EVP_PKEY_free(chip);
	}
	CHECK_INT(host_code(&h, "01 00 0002 E101"), 0x07);
	CHECK_INT(host_code(&h, "02 00 0005 E101 0000 01"), 0x07);
	CHECK_INT(host_code(&h, "02 40 0005 E101 0000 01"), 0x07);
	sim_close(h.sim);
}

static void secrets_do_not_outlive_the_application(void)
{
	static const char derive[] = "34 01 0018 01 0002 E101 " SEED_8 " 03 0002 0010 07 0000";
	EVP_PKEY *own = EVP_EC_gen("P-256");
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, derive), 0x01); /* seen on silicon */
	for (int i = 0; i < 3; i++) {
		CHECK_INT(host_run(&h, curves[0].in_session), 0);
		CHECK_INT(agree(&h, &curves[0], 0xE102, own, 0xE101), 0);
		CHECK_INT(host_code(&h, derive), 0);
		if (i == 1) {
			host_write(&h, "88 0000");
			host_attach(&h, h.sim);
		} else if (i == 2) {
			sim_set_power(h.sim, false);
			sim_set_power(h.sim, true);
			host_attach(&h, h.sim);
		}
		host_open_application(&h);
		CHECK_INT(host_code(&h, derive), 0x01);
	}
	EVP_PKEY_free(own);
	sim_close(h.sim);
}

static void a_session_holds_one_thing(void)
{
	static const char sign[] = "31 11 0012 01 000A 00112233445566778899 03 0002 E102";
	static const char derive[] = "34 01 0018 01 0002 E102 " SEED_8 " 03 0002 0010 07 0000";
	EVP_PKEY *own = EVP_EC_gen("P-256");
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E102 02 0001 30"), 0);
	CHECK_INT(host_code(&h, sign), 0);
	CHECK_INT(host_code(&h, derive), 0x01);
	CHECK_INT(agree(&h, &curves[0], 0xE102, own, 0xE102), 0); /* over the key itself */
	CHECK_INT(host_code(&h, sign), 0x0B);
	CHECK_INT(host_code(&h, derive), 0);
	CHECK_INT(agree(&h, &curves[0], 0xE102, own, 0), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "0B");
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E102 02 0001 30"), 0);
	CHECK_INT(host_code(&h, sign), 0);
	CHECK_INT(host_code(&h, derive), 0x01);
	EVP_PKEY_free(own);
	sim_close(h.sim);
}

#define POINT                                                                               \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B"
#define OFF_CURVE                                                                           \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5C"
#define HALF_POINT \
	"06 0024 03220004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285"

static void agreement_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "33 00 0053 01 0002 E0F1 05 0001 03" POINT "07 0000", 0x03 },
		{ "33 02 0053 01 0002 E0F1 05 0001 03" POINT "07 0000", 0x03 },
		{ "33 01 0000", 0x04 },
		{ "33 01 0050 01 0002 E0F1 05 0001 03" POINT, 0x04 },
		{ "33 01 0054 01 0002 E0F1 05 0001 03" POINT "07 0000 00", 0x04 },
		{ "33 01 0054 01 0002 E0F1 05 0001 03" POINT "07 0001 00", 0x04 },
		{ "33 01 0054 01 0003 E0F100 05 0001 03" POINT "07 0000", 0x04 },
		{ "33 01 0054 01 0002 E0F1 05 0002 0300" POINT "07 0000", 0x04 },
		{ "33 01 0054 01 0002 E0F1 05 0001 03" POINT "08 0001 E1", 0x04 },
		{ "33 01 0033 01 0002 E0F1 05 0001 03" HALF_POINT "07 0000", 0x04 },
		{ "33 01 0053 01 0002 E0F1 05 0001 04" POINT "07 0000", 0x04 },
		{ "33 01 0053 02 0002 E0F1 05 0001 03" POINT "07 0000", 0x05 },
		{ "33 01 0053 01 0002 E0F1 06 0001 03" POINT "07 0000", 0x05 },
		{ "33 01 0053 01 0002 E0F1 05 0001 03" POINT "09 0000", 0x05 },
		{ "33 01 0053 01 0002 E0F4 05 0001 03" POINT "07 0000", 0x01 },
		{ "33 01 0053 01 0002 E0E1 05 0001 03" POINT "07 0000", 0x01 },
		{ "33 01 0055 01 0002 E0F1 05 0001 03" POINT "08 0002 E104", 0x01 },
		{ "33 01 0055 01 0002 E0F1 05 0001 03" POINT "08 0002 F1D0", 0x01 },
		{ "33 01 0053 01 0002 E0F3 05 0001 03" POINT "07 0000", 0x07 },
		{ "33 01 0053 01 0002 E100 05 0001 03" POINT "07 0000", 0x0B },
		{ "33 01 0053 01 0002 E0F2 05 0001 03" POINT "07 0000", 0x24 },
		{ "33 01 0053 01 0002 E0F1 05 0001 07" POINT "07 0000", 0x24 },
		{ "33 01 0053 01 0002 E0F1 05 0001 03" OFF_CURVE "07 0000", 0x05 },
		{ "33 01 0053 01 0002 E0F1 05 0001 03" POINT "07 0000", 0x00 },
		{ "33 01 0055 01 0002 E0F1 05 0001 03" POINT "08 0002 E100", 0x00 },
	};
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 20"), 0);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F2 02 0001 13"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		host_refuses(&h, cases[i].apdu, cases[i].code);
	CHECK_INT(host_code(&h, "02 01 0009 E0F1 0000 20 03 D3 01 FF"), 0);
	host_refuses(&h, "33 01 0053 01 0002 E0F1 05 0001 03" POINT "07 0000", 0x07);
	CHECK_INT(host_run(&h, "38 04 0009 01 0002 E0F3 02 0001 20"), 0);
	host_refuses(&h, "33 01 0053 01 0002 E0F3 05 0001 03" POINT "07 0000", 0x24);
	sim_close(h.sim);
	CHECK_INT(look().key_uses[1], 2);
}

/* 0xF1D0 holds this secret and may be used. */
static void store_secret(struct host *h)
{
	host_yields(h, "02 40 0014 F1D0 0000" VECTOR_SECRET, "");
	CHECK_INT(
		host_code(h, "34 01 002A 01 0002 F1D0 02 001A" VECTOR_SEED "03 0002 0064 07 0000"),
		0x07); /* no execute condition */
	host_yields(h, "02 01 0009 F1D0 0000 20 03 D3 01 00", "");
}

static void the_published_vector_is_derived_from_an_object(void)
{
	struct host h;

	start(&h);
	store_secret(&h);
	host_yields(&h, "34 01 002A 01 0002 F1D0 02 001A" VECTOR_SEED "03 0002 0064 07 0000",
		VECTOR_OUT);
	sim_close(h.sim);
}

static void derivation_has_limits(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "34 00 0018 01 0002 F1D0 " SEED_8 " 03 0002 0010 07 0000", 0x03 },
		{ "34 01 0000", 0x04 },
		{ "34 01 0015 01 0002 F1D0 " SEED_8 " 03 0002 0010", 0x04 },
		{ "34 01 0019 01 0002 F1D0 " SEED_8 " 03 0002 0010 07 0000 00", 0x04 },
		{ "34 01 0019 01 0002 F1D0 " SEED_8 " 03 0003 000010 07 0000", 0x04 },
		{ "34 01 0018 01 0002 F1D0 " SEED_8 " 04 0002 0010 07 0000", 0x05 },
		{ "34 01 0018 02 0002 F1D0 " SEED_8 " 03 0002 0010 07 0000", 0x05 },
		{ "34 01 0017 01 0002 F1D0 02 0007 01020304050607 03 0002 0010 07 0000", 0x05 },
		{ "34 01 0018 01 0002 F1D0 " SEED_8 " 03 0002 000F 07 0000", 0x05 },
		{ "34 01 0018 01 0002 F1D0 " SEED_8 " 03 0002 0101 07 0000", 0x05 },
		{ "34 01 001A 01 0002 F1D0 " SEED_8 " 03 0002 000F 08 0002 E100", 0x05 },
		{ "34 01 001A 01 0002 F1D0 " SEED_8 " 03 0002 0031 08 0002 E100", 0x05 },
		{ "34 01 001A 01 0002 F1D0 " SEED_8 " 03 0002 0030 08 0002 F1D1", 0x01 },
		{ "34 01 0018 01 0002 E0F1 " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "34 01 0018 01 0002 E0E8 " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "34 01 0018 01 0002 E140 " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "34 01 0018 01 0002 E103 " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "34 01 0018 01 0002 F1D1 " SEED_8 " 03 0002 0010 07 0000", 0x07 },
		{ "34 01 0018 01 0002 F1D2 " SEED_8 " 03 0002 0010 07 0000", 0x05 },
		{ "34 01 0018 01 0002 F1D0 " SEED_8 " 03 0002 0010 07 0000", 0x00 },
		{ "34 01 0018 01 0002 F1D0 " SEED_8 " 03 0002 0100 07 0000", 0x00 },
		{ "34 01 001A 01 0002 F1D0 " SEED_8 " 03 0002 0030 08 0002 E100", 0x00 },
	};
	struct host h;

	start(&h);
	store_secret(&h);
	host_yields(&h, "02 01 0009 F1D2 0000 20 03 D3 01 00", ""); /* 100 bytes: too many */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		host_refuses(&h, cases[i].apdu, cases[i].code);
	sim_close(h.sim);
}

/* A seed of so many bytes; the answer is checked when it is one. */
static uint8_t derive_with_seed(struct host *h, size_t seed_len)
{
	uint8_t apdu[HOST_MAX] = { 0x34, 0x01 }, secret[16], want[256], *seed = apdu + 12;
	size_t len;

	host_bytes(apdu + 4, 5, "01 0002 F1D0");
	apdu[9] = 0x02;
	apdu[10] = (uint8_t)(seed_len >> 8);
	apdu[11] = (uint8_t)seed_len;
	memset(seed, 0xA7, seed_len);
	len = 12 + seed_len;
	len += host_bytes(apdu + len, 8, "03 0002 0100 07 0000");
	apdu[2] = (uint8_t)((len - 4) >> 8);
	apdu[3] = (uint8_t)(len - 4);
	host_bytes(secret, sizeof(secret), VECTOR_SECRET);
	if (host_apdu(h, apdu, len) != 0)
		return h->sta;
	crypto_prf(want, sizeof(want), secret, sizeof(secret), seed, seed_len);
	CHECK_INT(h->len, sizeof(want));
	CHECK_MEM(h->data, want, sizeof(want));
	return 0;
}

static void seeds_have_eight_to_1024_bytes(void)
{
	struct host h;

	start(&h);
	store_secret(&h);
	for (size_t len = 8; len <= 1024; len += len < 80 ? 1 : 118)
		CHECK_INT(derive_with_seed(&h, len), 0);
	CHECK_INT(derive_with_seed(&h, 1024), 0);
	CHECK_INT(derive_with_seed(&h, 1025), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "05");
	sim_close(h.sim);
}

static void derivation_is_no_security_event_on_this_chip(void)
{
	struct host h;

	start(&h);
	store_secret(&h);
	for (int i = 0; i < 8; i++)
		CHECK_INT(
			host_run(&h, "34 01 0018 01 0002 F1D0 " SEED_8 " 03 0002 0010 07 0000"), 0);
	host_yields(&h, "01 00 0002 E0C5", "00");
	sim_close(h.sim);
}

static void agreement_with_a_stored_key_is_a_security_event(void)
{
	static const char stored[] = "33 01 0053 01 0002 E0F1 05 0001 03" POINT "07 0000";
	static const char session[] = "33 01 0053 01 0002 E102 05 0001 03" POINT "07 0000";
	struct host h;

	start(&h);
	CHECK_INT(host_run(&h, curves[0].in_slot), 0);
	CHECK_INT(host_run(&h, curves[0].in_session), 0);
	for (int i = 0; i < 6; i++)
		CHECK_INT(host_run(&h, session), 0);
	host_yields(&h, "01 00 0002 E0C5", "00");
	for (int i = 0; i < 3; i++)
		CHECK_INT(host_run(&h, stored), 0);
	CHECK_INT(host_run(&h, "33 01 0053 01 0002 E0F1 05 0001 03" OFF_CURVE "07 0000"), 0xFF);
	host_yields(&h, "01 00 0002 E0C5", "03");
	sim_close(h.sim);
	CHECK_INT(look().key_uses[1], 3);
}

int main(void)
{
	RUN(both_sides_agree_on_a_secret);
	RUN(sessions_keep_a_secret_for_derivation);
	RUN(secrets_do_not_outlive_the_application);
	RUN(a_session_holds_one_thing);
	RUN(agreement_checks_its_input);
	RUN(the_published_vector_is_derived_from_an_object);
	RUN(derivation_has_limits);
	RUN(seeds_have_eight_to_1024_bytes);
	RUN(derivation_is_no_security_event_on_this_chip);
	RUN(agreement_with_a_stored_key_is_a_security_event);
	return 0;
}
