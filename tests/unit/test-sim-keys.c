/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-crypto.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define ABC_DIGEST "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static const struct sim_options seeded = { .has_seed = true, .seed = 7 };

static void start(struct host *h, const struct sim_options *opt)
{
	host_remove("chip");
	host_attach(h, host_open("chip", opt));
	host_open_application(h);
}

/* The certificate in 0xE0E0, its TLS-identity header checked and taken off. */
static X509 *infineon_certificate(struct host *h)
{
	const unsigned char *at = h->data + 9;
	X509 *x;

	CHECK_INT(host_run(h, "01 00 0002 E0E0"), 0);
	CHECK_INT(h->data[0], 0xC0);
	CHECK_INT(h->data[1] << 8 | h->data[2], h->len - 3);
	CHECK_INT(h->data[3] << 16 | h->data[4] << 8 | h->data[5], h->len - 6);
	CHECK_INT(h->data[6] << 16 | h->data[7] << 8 | h->data[8], h->len - 9);
	x = d2i_X509(NULL, &at, (long)h->len - 9);
	CHECK(x != NULL && at == h->data + h->len);
	return x;
}

static X509_STORE *exported_root(void)
{
	X509_STORE *store = X509_STORE_new();
	struct blob pem;
	struct fail f;
	BIO *bio;
	X509 *x;
	int n = 0;

	blob_init(&pem, 8192);
	CHECK_OK(sim_root_pem(&pem, &f));
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		CHECK_INT(X509_STORE_add_cert(store, x), 1);
		X509_free(x);
		n++;
	}
	CHECK_INT(n, 2);
	BIO_free(bio);
	blob_free(&pem);
	return store;
}

static void the_infineon_certificate_chains_to_the_root_and_names_the_key(void)
{
	X509_STORE *store = exported_root();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct host h;
	X509 *x;

	start(&h, NULL);
	x = infineon_certificate(&h);
	CHECK_INT(X509_STORE_CTX_init(ctx, store, x, NULL), 1);
	CHECK_INT(X509_verify_cert(ctx), 1);
	CHECK_INT(X509_NAME_entry_count(X509_get_subject_name(x)), 0);
	CHECK_INT(X509_get_signature_nid(x), NID_ecdsa_with_SHA256);
	CHECK_INT(X509_get_key_usage(x), KU_DIGITAL_SIGNATURE);
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F0"), 0);
	CHECK(crypto_verifies(X509_get0_pubkey(x), &h, ABC_DIGEST));
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	X509_free(x);
	sim_close(h.sim);
}

static void sign_in_slot(struct host *h, const char *group, const char *generate, size_t len)
{
	char apdu[400];
	EVP_PKEY *key;

	CHECK_INT(host_run(h, generate), 0);
	CHECK_INT(h->len, 3 + 3 + len);
	key = crypto_key(group, h->data + 6, len);
	for (int i = 0; i < 20; i++) {
		snprintf(apdu, sizeof(apdu), "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F1");
		CHECK_INT(host_run(h, apdu), 0);
		CHECK(crypto_verifies(key, h, ABC_DIGEST));
	}
	EVP_PKEY_free(key);
}

static void generated_keys_sign(void)
{
	struct host h;

	start(&h, &seeded);
	sign_in_slot(&h, "prime256v1", "38 03 0009 01 0002 E0F1 02 0001 10", 65);
	sign_in_slot(&h, "secp384r1", "38 04 0009 01 0002 E0F1 02 0001 10", 97);
	sim_close(h.sim);
}

static void exported_keys_belong_together(void)
{
	static const struct {
		const char *apdu, *group;
		size_t size;
	} cases[] = {
		{ "38 03 0003 07 0000", "prime256v1", 32 },
		{ "38 04 0003 07 0000", "secp384r1", 48 },
	};
	struct host h;

	start(&h, NULL);
	for (size_t i = 0; i < 2; i++) {
		size_t n = cases[i].size;
		EC_GROUP *group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(cases[i].group));
		EC_POINT *p = EC_POINT_new(group);
		BIGNUM *d = NULL;
		uint8_t point[97];

		CHECK_INT(host_run(&h, cases[i].apdu), 0);
		CHECK_INT(h.len, 5 + n + 7 + 2 * n);
		CHECK_INT(h.data[0], 0x01);
		CHECK_INT(h.data[2], n + 2);
		CHECK_INT(h.data[3], 0x04);
		CHECK_INT(h.data[4], n);
		d = BN_bin2bn(h.data + 5, (int)n, NULL);
		CHECK_INT(EC_POINT_mul(group, p, d, NULL, NULL, NULL), 1);
		CHECK_INT(EC_POINT_point2oct(group, p, POINT_CONVERSION_UNCOMPRESSED, point,
				  sizeof(point), NULL),
			1 + 2 * n);
		CHECK_MEM(h.data + 5 + n + 6, point, 1 + 2 * n);
		BN_free(d);
		EC_POINT_free(p);
		EC_GROUP_free(group);
	}
	sim_close(h.sim);
}

static void a_generated_key_shows_in_the_metadata(void)
{
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F2 02 0001 13"), 0);
	host_yields(
		&h, "01 01 0002 E0F2", "20 11 C0 01 01 D0 03 E1FC07 D3 01 00 E0 01 03 E1 01 13");
	CHECK_INT(host_run(&h, "38 04 0009 01 0002 E0F2 02 0001 11"), 0);
	host_yields(
		&h, "01 01 0002 E0F2", "20 11 C0 01 01 D0 03 E1FC07 D3 01 00 E0 01 04 E1 01 11");
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL));
	host_open_application(&h);
	host_yields(
		&h, "01 01 0002 E0F2", "20 11 C0 01 01 D0 03 E1FC07 D3 01 00 E0 01 04 E1 01 11");
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F2"), 0);
	CHECK(h.len >= 100 && h.len <= 102);
	sim_close(h.sim);
}

static void generation_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "38 00 0009 01 0002 E0F1 02 0001 10", 0x03 },
		{ "38 05 0009 01 0002 E0F1 02 0001 10", 0x03 },
		{ "38 03 0000", 0x04 },
		{ "38 03 0004 07 0001 00", 0x04 },
		{ "38 03 0004 07 0000 00", 0x04 },
		{ "38 03 0005 01 0002 E0F1", 0x04 },
		{ "38 03 000A 01 0002 E0F1 02 0001 10 00", 0x04 },
		{ "38 03 000A 01 0002 E0F1 02 0002 1010", 0x04 },
		{ "38 03 0009 01 0003 E0F1 02 0001 10", 0x04 },
		{ "38 03 0009 02 0002 E0F1 02 0001 10", 0x05 },
		{ "38 03 0009 01 0002 E0F1 03 0001 10", 0x05 },
		{ "38 03 0009 01 0002 E0F1 02 0001 00", 0x05 },
		{ "38 03 0009 01 0002 E0F1 02 0001 40", 0x05 },
		{ "38 03 0009 01 0002 E0F4 02 0001 10", 0x01 },
		{ "38 03 0009 01 0002 E0E1 02 0001 10", 0x01 },
		{ "38 03 0009 01 0002 E0F0 02 0001 10", 0x07 },
	};
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(host_code(&h, cases[i].apdu), cases[i].code);
	sim_close(h.sim);
	CHECK_OK(sim_info(&info, "chip", &f));
	for (int i = 0; i < SIM_KEY_SLOTS; i++)
		CHECK_INT(info.key_generations[i], 0);
}

static void signing_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "31 10 0028 01 0020 " ABC_DIGEST " 03 0002 E0F1", 0x03 },
		{ "31 11 0000", 0x04 },
		{ "31 11 0023 01 0020 " ABC_DIGEST, 0x04 },
		{ "31 11 0029 01 0020 " ABC_DIGEST " 03 0002 E0F1 00", 0x04 },
		{ "31 11 0028 02 0020 " ABC_DIGEST " 03 0002 E0F1", 0x05 },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 04 0002 E0F1", 0x05 },
		{ "31 11 0011 01 0009 010203040506070809 03 0002 E0F1", 0x05 },
		{ "31 11 0029 01 0021 00 " ABC_DIGEST " 03 0002 E0F1", 0x05 },
		{ "31 11 0039 01 0031 0102030405060708090A0B0C0D0E0F1011 " ABC_DIGEST
		  " 03 0002 E0F1",
			0x05 },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0E1", 0x01 },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F4", 0x01 },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F3", 0x07 },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E100", 0x0B },
		{ "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F2", 0x24 },
	};
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F2 02 0001 22"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(host_code(&h, cases[i].apdu), cases[i].code);
	CHECK_INT(host_code(&h, "02 01 0009 E0F1 0000 20 03 D3 01 FF"), 0);
	CHECK_INT(host_code(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F1"), 0x07);
	sim_close(h.sim);
	CHECK_OK(sim_info(&info, "chip", &f));
	for (int i = 0; i < SIM_KEY_SLOTS; i++)
		CHECK_INT(info.key_uses[i], 0);
}

static void session_keys_sign_and_are_lost(void)
{
	EVP_PKEY *key;
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E101 02 0001 01"), 0);
	key = crypto_key("prime256v1", h.data + 6, 65);
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E101"), 0);
	CHECK(crypto_verifies(key, &h, ABC_DIGEST));
	EVP_PKEY_free(key);
	host_open_application(&h);
	CHECK_INT(host_code(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E101"), 0x0B);
	sim_close(h.sim);
}

/* A key and two signatures that a real chip made; the digest has eleven bytes. */
#define REAL_DIGEST "01 000B 68656C6C6F776F726C640A"
#define REAL_KEY                                                                            \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B"
#define REAL_SIG                                                                         \
	"02 0046 022100A9A339368A7F9C3205CBEAB641623FEAB0783B37F43B96C1683FAAB3CFD37175" \
	"022100E7A66D6A76888101F4543E03342E2A6E77472B0AFDFC791EACDF6B3F5D5C7752"
#define INFINEON_KEY                                                                        \
	"06 0044 03420004 9B266790374035012EBD7B58131E4CA616EB2542B6877698E88B68F66C71CA58" \
	"6F022F91D3616B102910AA2E496605B0D442A7BA393C074D5929D9CF332DAF0F"
#define INFINEON_SIG                                                                   \
	"02 0044 02204CDAD4B859D0A7091F398CC133C82725011FF066567468CADE1951D25914D6DF" \
	"02205591BF8B7A50AA960AFD3BFFFD1361669BFCD4E6E0ED5DF89584AC48A10A688C"

static void signatures_of_real_chips_verify(void)
{
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "32 11 00A2 " REAL_DIGEST REAL_SIG "05 0001 03" REAL_KEY), 0);
	CHECK_INT(
		host_run(&h, "32 11 00A0 " REAL_DIGEST INFINEON_SIG "05 0001 03" INFINEON_KEY), 0);
	CHECK_INT(
		host_code(&h, "32 11 00A2 " REAL_DIGEST REAL_SIG "05 0001 03" INFINEON_KEY), 0x2C);
	sim_close(h.sim);
}

static void a_short_digest_has_zeros_in_front(void)
{
	static const char padded[] =
		"000000000000000000000000000000000000000000 68656C6C6F776F726C640A";
	EVP_PKEY *key;
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F3 02 0001 13"), 0);
	key = crypto_key("prime256v1", h.data + 6, 65);
	CHECK_INT(host_run(&h, "31 11 0013 " REAL_DIGEST " 03 0002 E0F3"), 0);
	CHECK(crypto_verifies(key, &h, padded));
	EVP_PKEY_free(key);
	sim_close(h.sim);
}

static void verification_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "32 10 00A2 " REAL_DIGEST REAL_SIG "05 0001 03" REAL_KEY, 0x03 },
		{ "32 11 0000", 0x04 }, { "32 11 0057 " REAL_DIGEST REAL_SIG, 0x04 },
		{ "32 11 00A3 " REAL_DIGEST REAL_SIG "05 0001 03" REAL_KEY "00", 0x04 },
		{ "32 11 00A2 " REAL_DIGEST REAL_SIG "07 0001 03" REAL_KEY, 0x05 },
		{ "32 11 00A2 " REAL_DIGEST REAL_SIG "05 0001 05" REAL_KEY, 0x24 },
		{ "32 11 00A2 " REAL_DIGEST REAL_SIG "05 0001 04" REAL_KEY, 0x04 },
		{ "32 11 0097 01 0000" REAL_SIG "05 0001 03" REAL_KEY, 0x05 },
		{ "32 11 00B8 01 0021 00" ABC_DIGEST REAL_SIG "05 0001 03" REAL_KEY, 0x05 },
		{ "32 11 005C " REAL_DIGEST "02 0000"
		  "05 0001 03" REAL_KEY,
			0x05 },
		{ "32 11 0062 " REAL_DIGEST "02 0006 020101 028101"
		  "05 0001 03" REAL_KEY,
			0x05 },
		{ "32 11 0063 " REAL_DIGEST "02 0007 020101 02020180"
		  "05 0001 03" REAL_KEY,
			0x2C },
		{ "32 11 0062 " REAL_DIGEST "02 0006 020101 020180"
		  "05 0001 03" REAL_KEY,
			0x05 },
		{ "32 11 0062 " REAL_DIGEST "02 0006 020101 020100"
		  "05 0001 03" REAL_KEY,
			0x2C },
		{ "32 11 0063 " REAL_DIGEST "02 0007 020101 020101 00"
		  "05 0001 03" REAL_KEY,
			0x05 },
		{ "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0E9", 0x01 },
		{ "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0F1", 0x01 },
		{ "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0E0", 0x29 }, /* TLS identity */
		{ "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0E1", 0x29 }, /* zeros */
	};
	static const char off_curve[] =
		"32 11 00A2 " REAL_DIGEST REAL_SIG "05 0001 03 06 0044 03420004"
		"8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285"
		"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5C";
	struct host h;

	start(&h, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t code = host_code(&h, cases[i].apdu);

		if (code != cases[i].code)
			fprintf(stderr, "%s\n", cases[i].apdu);
		CHECK_INT(code, cases[i].code);
	}
	CHECK_INT(host_code(&h, off_curve), 0x05);
	sim_close(h.sim);
}

/* What may be wrong with a certificate that a host puts into a slot. */
struct cert_form {
	const char *group; /* NULL: RSA */
	const char *issuer_field, *usage;
	int version;
	size_t padding;
	uint8_t verdict;
};

static void add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	CHECK(e != NULL);
	CHECK_INT(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static size_t make_certificate(uint8_t *der, EVP_PKEY *key, const struct cert_form *form)
{
	X509 *x = X509_new();
	unsigned char *at = der;
	char padding[1400];
	size_t len;

	X509_set_version(x, form->version);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 5);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	if (form->issuer_field != NULL)
		X509_NAME_add_entry_by_txt(X509_get_issuer_name(x), form->issuer_field,
			MBSTRING_ASC, (const unsigned char *)"a@b", -1, -1, 0);
	if (form->usage != NULL)
		add_extension(x, NID_key_usage, form->usage);
	if (form->padding > 0) {
		memset(padding, 'x', form->padding);
		padding[form->padding] = '\0';
		add_extension(x, NID_netscape_comment, padding);
	}
	CHECK(X509_sign(x, key, EVP_sha256()) > 0);
	len = (size_t)i2d_X509(x, NULL);
	CHECK(len <= 1728);
	i2d_X509(x, &at);
	X509_free(x);
	return len;
}

/* Put the certificate into 0xE0E2 and verify a signature of its key by that OID. */
static uint8_t verify_by_slot(struct host *h, const struct cert_form *form)
{
	EVP_PKEY *key = form->group == NULL ? EVP_RSA_gen(1024) : EVP_EC_gen(form->group);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t apdu[HOST_MAX] = { 0x02, 0x40 }, der[1728], sig[256];
	size_t len = make_certificate(der, key, form), sig_len = sizeof(sig), head;
	uint8_t code = 0;

	for (size_t at = 0, n; at < len; at += n) {
		n = len - at < 1000 ? len - at : 1000;
		host_bytes(apdu, 8, at == 0 ? "02 40 0000 E0E2 0000" : "02 00 0000 E0E2 0000");
		apdu[2] = (uint8_t)((n + 4) >> 8);
		apdu[3] = (uint8_t)(n + 4);
		apdu[6] = (uint8_t)(at >> 8);
		apdu[7] = (uint8_t)at;
		memcpy(apdu + 8, der + at, n);
		CHECK_INT(host_apdu(h, apdu, 8 + n), 0);
	}
	host_bytes(apdu, HOST_MAX, "32 11 0000 01 0020 " ABC_DIGEST " 02 0000");
	CHECK_INT(EVP_PKEY_sign_init(ctx), 1);
	CHECK_INT(EVP_PKEY_sign(ctx, sig, &sig_len, apdu + 7, 32), 1);
	EVP_PKEY_CTX_free(ctx);
	head = form->group != NULL ? 2 : sig_len - 6; /* without the SEQUENCE around the numbers */
	apdu[41] = (uint8_t)(sig_len - head);
	memcpy(apdu + 42, sig + head, sig_len - head);
	len = 42 + sig_len - head;
	host_bytes(apdu + len, 5, "04 0002 E0E2");
	apdu[3] = (uint8_t)(len + 5 - 4);
	if (host_apdu(h, apdu, len + 5) != 0) {
		CHECK_INT(host_run(h, "01 00 0002 F1C2"), 0);
		code = h->data[0];
	}
	EVP_PKEY_free(key);
	return code;
}

static void certificates_in_slots_verify_signatures(void)
{
	static const struct cert_form forms[] = {
		{ "P-256", "CN", "digitalSignature", 2, 0, 0 },
		{ "P-256", "CN", NULL, 2, 0, 0 },
		{ "P-256", "CN", "keyCertSign", 2, 0, 0 },
		{ "P-384", "CN", "digitalSignature", 2, 0, 0 },
		{ "P-256", "CN", "keyAgreement", 2, 0, 0x24 },
		{ "P-256", "CN", NULL, 2, 900, 0 },
		{ "P-256", "CN", NULL, 2, 1100, 0x2A },
		{ "P-521", "CN", NULL, 2, 0, 0x2A },
		{ NULL, "CN", NULL, 2, 0, 0x2A },
		{ "P-256", "CN", NULL, 1, 0, 0x29 },
		{ "P-256", NULL, NULL, 2, 0, 0x29 },
		{ "P-256", "emailAddress", NULL, 2, 0, 0x29 },
	};
	struct host h;

	start(&h, NULL);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		CHECK_INT(verify_by_slot(&h, &forms[i]), forms[i].verdict);
	CHECK_INT(host_code(&h, "02 01 0009 E0E2 0000 20 03 D3 01 FF"), 0);
	CHECK_INT(host_code(&h, "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0E2"), 0x07);
	sim_close(h.sim);
}

static void the_trust_anchor_of_a_new_chip_parses(void)
{
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_code(&h, "32 11 005C " REAL_DIGEST REAL_SIG "04 0002 E0E8"), 0x2C);
	sim_close(h.sim);
}

static void seeded_chips_are_reproducible(void)
{
	uint8_t first[2][HOST_MAX], second[32];
	struct host h;

	for (int round = 0; round < 2; round++) {
		start(&h, &seeded);
		CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
		memcpy(first[round], h.data, 27);
		CHECK_INT(host_run(&h, "0C 00 0002 0020"), 0);
		memcpy(first[round] + 27, h.data, 32);
		CHECK_INT(host_run(&h, "0C 00 0002 0020"), 0);
		memcpy(second, h.data, 32);
		CHECK(memcmp(first[round] + 27, second, 32) != 0);
		CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
		memcpy(first[round] + 59, h.data, 71);
		CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F1"), 0);
		memcpy(first[round] + 130, h.data, 68);
		CHECK_INT(host_run(&h, "01 00 0002 E0E0"), 0);
		memcpy(first[round] + 200, h.data, h.len);
		sim_close(h.sim);
	}
	CHECK_MEM(first[0], first[1], 600);
}

static void chips_without_a_seed_differ(void)
{
	uint8_t uid[27];
	struct host h;

	start(&h, NULL);
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	memcpy(uid, h.data, 27);
	sim_close(h.sim);
	start(&h, NULL);
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	CHECK(memcmp(uid, h.data, 27) != 0);
	sim_close(h.sim);
}

static void a_seeded_chip_goes_on_where_it_was(void)
{
	uint8_t first[71];
	struct host h;

	start(&h, &seeded);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	memcpy(first, h.data, 71);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", NULL));
	host_open_application(&h);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	CHECK(memcmp(first, h.data, 71) != 0);
	sim_close(h.sim);
}

static void keys_are_counted(void)
{
	struct sim_info info;
	struct fail f;
	struct host h;

	start(&h, NULL);
	for (int i = 0; i < 3; i++)
		CHECK_INT(host_run(&h, "38 03 0009 01 0002 E0F2 02 0001 10"), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F2"), 0);
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E0F0"), 0);
	CHECK_INT(host_run(&h, "38 03 0009 01 0002 E100 02 0001 10"), 0);
	CHECK_INT(host_run(&h, "31 11 0028 01 0020 " ABC_DIGEST " 03 0002 E100"), 0);
	sim_close(h.sim);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_INT(info.key_generations[2], 3);
	CHECK_INT(info.key_generations[0] + info.key_generations[1] + info.key_generations[3], 0);
	CHECK_INT(info.key_uses[2], 5);
	CHECK_INT(info.key_uses[0], 1);
}

int main(void)
{
	RUN(the_infineon_certificate_chains_to_the_root_and_names_the_key);
	RUN(generated_keys_sign);
	RUN(exported_keys_belong_together);
	RUN(a_generated_key_shows_in_the_metadata);
	RUN(generation_checks_its_input);
	RUN(signing_checks_its_input);
	RUN(session_keys_sign_and_are_lost);
	RUN(signatures_of_real_chips_verify);
	RUN(a_short_digest_has_zeros_in_front);
	RUN(verification_checks_its_input);
	RUN(certificates_in_slots_verify_signatures);
	RUN(the_trust_anchor_of_a_new_chip_parses);
	RUN(seeded_chips_are_reproducible);
	RUN(chips_without_a_seed_differ);
	RUN(a_seeded_chip_goes_on_where_it_was);
	RUN(keys_are_counted);
	return 0;
}
