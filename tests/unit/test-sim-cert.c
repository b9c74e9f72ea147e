/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-crypto.h"

#define CERT_MAX       1728
#define ECDSA	       "06 08 2A8648CE3D040302"
#define RSA	       "06 09 2A864886F70D01010B 05 00"
#define EC_KEY	       "06 07 2A8648CE3D0201"
#define P256	       "06 08 2A8648CE3D030107"
#define NAME	       "31 09 30 07 06 03 550403 0C 00"
#define EMAIL	       "31 0F 30 0D 06 09 2A864886F70D010901 16 00"
#define DATES	       "17 0D 3234303130313030303030305A 17 0D 3334303130313030303030305A"
#define USAGE(bits)    "30 0B 06 03 551D0F 04 04 03 02 00 " bits
#define BASIC(content) "30 0C 06 03 551D13 04 05 30 03 " content

/* What a certificate is made of, in hexadecimal; NULL: what is usual. */
struct form {
	const char *what;
	uint8_t on_x, on_m; /* the verdicts */
	const char *version, *serial, *algorithm, *issuer, *validity, *subject;
	const char *key_algorithm, *key_head, *extensions, *outer, *tail;
	uint8_t validity_tag;
	bool by_another; /* the signature to verify is another key's */
	bool is_off_curve;
};

struct bytes {
	uint8_t data[CERT_MAX];
	size_t len;
};

static void put(struct bytes *b, const char *hex, const char *usual)
{
	b->len += host_bytes(b->data + b->len, CERT_MAX - b->len, hex != NULL ? hex : usual);
}

/* All that was put since mark becomes one element. */
static void wrap(struct bytes *b, size_t mark, uint8_t tag)
{
	size_t len = b->len - mark, head = len < 0x80 ? 2 : len < 0x100 ? 3 : 4;
	uint8_t *at = b->data + mark;

	CHECK(b->len + head <= CERT_MAX);
	memmove(at + head, at, len);
	at[0] = tag;
	at[1] = (uint8_t)(head == 2 ? len : 0x7E + head);
	if (head > 2)
		at[head - 1] = (uint8_t)len;
	if (head > 3)
		at[2] = (uint8_t)(len >> 8);
	b->len += head;
}

static void put_element(struct bytes *b, uint8_t tag, const char *hex, const char *usual)
{
	size_t mark = b->len;

	put(b, hex, usual);
	wrap(b, mark, tag);
}

static void put_key(struct bytes *b, const struct form *f, EVP_PKEY *key)
{
	size_t mark = b->len, bits;
	uint8_t point[97];
	size_t len = crypto_point(point, sizeof(point), key);

	put_element(b, 0x30, f->key_algorithm, EC_KEY P256);
	bits = b->len;
	put(b, f->key_head, "00 04");
	memcpy(b->data + b->len, point + 1, len - 1);
	b->len += len - 1;
	if (f->is_off_curve)
		b->data[b->len - 1] ^= 1;
	wrap(b, bits, 0x03);
	wrap(b, mark, 0x30);
}

static void make(struct bytes *b, const struct form *f, EVP_PKEY *key)
{
	size_t tbs = 0;

	b->len = 0;
	put(b, f->version, "A0 03 02 01 02");
	put_element(b, 0x02, f->serial, "05");
	put_element(b, 0x30, f->algorithm, ECDSA);
	put_element(b, 0x30, f->issuer, NAME);
	put_element(b, f->validity_tag != 0 ? f->validity_tag : 0x30, f->validity, DATES);
	put_element(b, 0x30, f->subject, "");
	put_key(b, f, key);
	put(b, f->extensions, "");
	wrap(b, tbs, 0x30);
	put_element(b, 0x30, f->outer != NULL ? f->outer : f->algorithm, ECDSA);
	put_element(b, 0x03, NULL, "00 30 06 02 01 01 02 01 01");
	wrap(b, 0, 0x30);
	put(b, f->tail, "");
}

static void start(struct host *h, const char *profile)
{
	struct sim_options opt = { .profile = profile };

	host_remove("chip");
	host_attach(h, host_open("chip", &opt));
	host_open_application(h);
}

static void store(struct host *h, const struct bytes *b)
{
	uint8_t apdu[HOST_MAX];

	for (size_t at = 0, n; at < b->len; at += n) {
		n = b->len - at < 1500 ? b->len - at : 1500;
		host_bytes(apdu, 8, at == 0 ? "02 40 0000 E0E1 0000" : "02 00 0000 E0E1 0000");
		apdu[2] = (uint8_t)((n + 4) >> 8);
		apdu[3] = (uint8_t)(n + 4);
		apdu[6] = (uint8_t)(at >> 8);
		apdu[7] = (uint8_t)at;
		memcpy(apdu + 8, b->data + at, n);
		CHECK_INT(host_apdu(h, apdu, 8 + n), 0);
	}
}

/* VerifySign by 0xE0E1 of a signature over a digest of ones. */
static uint8_t verdict(struct host *h, EVP_PKEY *signer)
{
	uint8_t apdu[HOST_MAX], sig[120];
	size_t sig_len = sizeof(sig), len;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(signer, NULL);

	len = host_bytes(apdu, sizeof(apdu), "32 11 0000 01 0020");
	memset(apdu + len, 0x11, 32);
	CHECK_INT(EVP_PKEY_sign_init(ctx), 1);
	CHECK_INT(EVP_PKEY_sign(ctx, sig, &sig_len, apdu + len, 32), 1);
	EVP_PKEY_CTX_free(ctx);
	len += 32;
	len += host_bytes(apdu + len, 8, "02 0000");
	apdu[len - 1] = (uint8_t)(sig_len - 2);
	memcpy(apdu + len, sig + 2, sig_len - 2);
	len += sig_len - 2;
	len += host_bytes(apdu + len, 8, "04 0002 E0E1");
	apdu[3] = (uint8_t)(len - 4);
	if (host_apdu(h, apdu, len) == 0)
		return 0;
	CHECK_INT(host_run(h, "01 00 0002 F1C2"), 0);
	return h->data[0];
}

#define BOTH(code) .on_x = code, .on_m = code
#define OK	   BOTH(0)

static const struct form forms[] = {
	{ "the usual one", OK },
	{ "with bytes after it", OK, .tail = "00 01 02" },
	{ "another signer", BOTH(0x2C), .by_another = true },
	{ "a subject", OK, .subject = NAME NAME },
	{ "version 1", BOTH(0x29), .version = "" },
	{ "version 2", BOTH(0x29), .version = "A0 03 02 01 01" },
	{ "a long version", BOTH(0x29), .version = "A0 04 02 02 00 02" },
	{ "a serial of 20 bytes", OK, .serial = "0102030405060708090A0B0C0D0E0F1011121314" },
	{ "a serial of 21 bytes", BOTH(0x29),
		.serial = "000102030405060708090A0B0C0D0E0F1011121314" },
	{ "no serial", BOTH(0x29), .serial = "" },
	{ "signed by RSA", OK, .algorithm = RSA },
	{ "ECDSA with parameters", BOTH(0x29), .algorithm = ECDSA "05 00" },
	{ "two algorithms", BOTH(0x29), .outer = RSA },
	{ "no algorithm", BOTH(0x29), .algorithm = "" },
	{ "no issuer", BOTH(0x29), .issuer = "" },
	{ "an issuer with emailAddress", .on_x = 0x29, .issuer = NAME EMAIL },
	{ "a subject with emailAddress", .on_x = 0x29, .subject = EMAIL },
	{ "an issuer with an empty set", BOTH(0x29), .issuer = "31 00" },
	{ "an issuer that is no set", BOTH(0x29), .issuer = "30 00" },
	{ "an attribute without a value", BOTH(0x29), .issuer = "31 07 30 05 06 03 550403" },
	{ "two attributes in a set", OK,
		.issuer = "31 12 30 07 06 03 550403 0C 00 30 07 06 03 550406 0C 00" },
	{ "validity of another type", .on_m = 0x29, .validity_tag = 0x31 },
	{ "a key of RSA", BOTH(0x2A), .key_algorithm = "06 09 2A864886F70D010101 05 00" },
	{ "a key on an unknown curve", BOTH(0x2A), .key_algorithm = EC_KEY "06 05 2B81040023" },
	{ "a curve with explicit parameters", BOTH(0x2A), .key_algorithm = EC_KEY "30 00" },
	{ "a compressed point", BOTH(0x29), .key_head = "00 02" },
	{ "a point with a byte too many", BOTH(0x29), .key_head = "00 04 00" },
	{ "a point beside the curve", BOTH(0x29), .is_off_curve = true },
	{ "usage digitalSignature", OK, .extensions = "A3 0F 30 0D" USAGE("80") },
	{ "usage keyCertSign", OK, .extensions = "A3 0F 30 0D" USAGE("04") },
	{ "usage keyAgreement", BOTH(0x24), .extensions = "A3 0F 30 0D" USAGE("08") },
	{ "usage of nothing", BOTH(0x24),
		.extensions = "A3 0E 30 0C 30 0A 06 03 551D0F 04 03 03 01 00" },
	{ "usage that is none", BOTH(0x29),
		.extensions = "A3 0D 30 0B 30 09 06 03 551D0F 04 02 03 00" },
	{ "critical usage", OK,
		.extensions = "A3 12 30 10 30 0E 06 03 551D0F 01 01 FF 04 04 03 02 00 80" },
	{ "a CA", OK, .extensions = "A3 10 30 0E" BASIC("01 01 FF") },
	{ "a path length", OK, .extensions = "A3 10 30 0E" BASIC("02 01 00") },
	{ "constraints of another type", BOTH(0x29),
		.extensions = "A3 10 30 0E" BASIC("04 01 00") },
	{ "an unknown extension", OK,
		.extensions = "A3 0F 30 0D 30 0B 06 03 551D0E 04 04 04 02 0102" },
	{ "identifiers of issuer and subject", OK, .extensions = "81 02 00 01 82 02 00 02" },
	{ "extensions in a wrong place", BOTH(0x29),
		.extensions = "A3 0F 30 0D" USAGE("80") "82 02 00 02" },
	{ "two lists of extensions", BOTH(0x29),
		.extensions = "A3 1C 30 0D" USAGE("80") "30 0D" USAGE("80") },
};

static void judge(struct host *h, const struct form *f, uint8_t want)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
	struct bytes b;
	uint8_t got;

	make(&b, f, key);
	store(h, &b);
	got = verdict(h, f->by_another ? other : key);
	if (got != want)
		fprintf(stderr, "%s\n", f->what);
	CHECK_INT(got, want);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void trust_x_parses_by_its_rules(void)
{
	struct host h;

	start(&h, "trust-x");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		judge(&h, &forms[i], forms[i].on_x);
	sim_close(h.sim);
}

static void trust_m_parses_by_its_own(void)
{
	struct host h;

	start(&h, "trust-m1");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		judge(&h, &forms[i], forms[i].on_m);
	sim_close(h.sim);
}

/* A certificate with n bytes in an extension that nobody knows. */
static void make_long(struct bytes *b, EVP_PKEY *key, size_t n)
{
	char text[2 * CERT_MAX + 1] = "";
	struct form f = { .extensions = text };
	struct bytes e = { .len = 0 };
	size_t value;

	put(&e, "06 03 551D0E", NULL);
	value = e.len;
	e.len += n;
	memset(e.data + value, 0, n);
	wrap(&e, value, 0x04);
	wrap(&e, 0, 0x30);
	wrap(&e, 0, 0x30);
	wrap(&e, 0, 0xA3);
	for (size_t i = 0; i < e.len; i++)
		snprintf(text + 2 * i, 3, "%02X", e.data[i]);
	make(b, &f, key);
}

static void certificates_have_up_to_1300_bytes(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct bytes b;
	struct host h;
	size_t other;

	start(&h, "trust-x");
	make_long(&b, key, 1000);
	other = b.len - 1000;
	for (size_t size = 1299; size <= 1301; size++) {
		make_long(&b, key, size - other);
		CHECK_INT(b.len, size);
		store(&h, &b);
		CHECK_INT(verdict(&h, key), size <= 1300 ? 0 : 0x2A);
	}
	EVP_PKEY_free(key);
	sim_close(h.sim);
}

static bool is_verdict(uint8_t code)
{
	return code == 0 || code == 0x24 || code == 0x29 || code == 0x2A || code == 0x2C;
}

/* Whatever stands in the slot is judged, not believed. */
static void no_damage_leads_astray(void)
{
	struct sim_options opt = { .has_scale = true, .scale_milli = 0 };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct form f = { .extensions = "A3 0F 30 0D" USAGE("80"), .subject = NAME };
	struct bytes good, bad;
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	host_open_application(&h);
	make(&good, &f, key);
	for (size_t i = 0; i < good.len; i++) {
		bad = good;
		bad.data[i] ^= (uint8_t)(1u << (i % 8));
		store(&h, &bad);
		CHECK(is_verdict(verdict(&h, key)));
		bad = good;
		bad.data[i] = 0xFF;
		store(&h, &bad);
		CHECK(is_verdict(verdict(&h, key)));
	}
	for (size_t len = 1; len < good.len; len += 5) {
		bad = good;
		bad.len = len;
		store(&h, &bad);
		CHECK_INT(verdict(&h, key), 0x29);
	}
	EVP_PKEY_free(key);
	sim_close(h.sim);
}

int main(void)
{
	RUN(trust_x_parses_by_its_rules);
	RUN(trust_m_parses_by_its_own);
	RUN(certificates_have_up_to_1300_bytes);
	RUN(no_damage_leads_astray);
	return 0;
}
