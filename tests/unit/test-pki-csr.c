/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca-leaf.h"
#include "csr.h"
#include "name.h"
#include "san.h"
#include "test.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "file.h"

#define GOLDEN_DER_LEN 317
#define SUBJECT	       "CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany"

static void load(struct blob *b, const char *path)
{
	struct fail f;

	blob_init(b, 65536);
	CHECK_OK(file_read(b, path, &f));
}

/* The golden request's DER by OpenSSL's own reader. */
static void golden_der(uint8_t der[GOLDEN_DER_LEN])
{
	unsigned char *at = der;
	struct blob pem;
	X509_REQ *req;
	BIO *in;

	load(&pem, GOLDEN "/trust-x.csr.pem");
	in = BIO_new_mem_buf(pem.data, (int)pem.len);
	req = PEM_read_bio_X509_REQ(in, NULL, NULL, NULL);
	CHECK(req != NULL);
	CHECK_INT(i2d_X509_REQ(req, NULL), GOLDEN_DER_LEN);
	i2d_X509_REQ(req, &at);
	X509_REQ_free(req);
	BIO_free(in);
	blob_free(&pem);
}

static void expect_why(const struct fail *f, const char *want)
{
	if (strstr(f->why, want) == NULL) {
		fprintf(stderr, "\"%s\" does not contain \"%s\"\n", f->why, want);
		exit(1);
	}
	CHECK(ERR_peek_error() == 0);
}

static void expect_refused(const void *data, size_t len, const char *want)
{
	X509_REQ *req;
	struct fail f;
	void *copy = malloc(len > 0 ? len : 1); /* so that a byte too far is noticed */

	CHECK(copy != NULL);
	memcpy(copy, data, len);
	CHECK_ERR(csr_parse(&req, copy, len, &f), TRUSTX_ERR_INPUT);
	CHECK(req == NULL);
	expect_why(&f, want);
	free(copy);
}

static void expect_accepted(const void *data, size_t len)
{
	X509_REQ *req;
	struct fail f;

	CHECK_OK(csr_parse(&req, data, len, &f));
	CHECK_OK(csr_verify(req, &f));
	X509_REQ_free(req);
}

static X509_NAME *make_subject(const char *text)
{
	X509_NAME *name;
	struct fail f;

	CHECK_OK(name_from_text(&name, NULL, text, &f));
	return name;
}

/* A request made with a fresh key of the curve, parsed and verified. */
static X509_REQ *make_request(
	const char *curve, const char *subject, const char *const *san, size_t san_count)
{
	EVP_PKEY *key = EVP_EC_gen(curve);
	X509_NAME *name = make_subject(subject);
	struct csr_request request = { name, san, san_count, NULL };
	struct blob pem;
	struct fail f;
	X509_REQ *req;

	blob_init(&pem, CSR_PEM_MAX);
	CHECK_OK(csr_create(&pem, &request, key, &f));
	CHECK(strncmp(blob_text(&pem), "-----BEGIN CERTIFICATE REQUEST-----\n", 36) == 0);
	CHECK_OK(csr_parse(&req, pem.data, pem.len, &f));
	CHECK_OK(csr_verify(req, &f));
	CHECK(EVP_PKEY_eq(X509_REQ_get0_pubkey(req), key) == 1);
	CHECK_INT(X509_REQ_get_version(req), 0);
	CHECK(ERR_peek_error() == 0);
	blob_free(&pem);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return req;
}

/* ---- create ---- */

static void same_request_as_the_golden_one_but_for_key_and_signature(void)
{
	uint8_t golden[GOLDEN_DER_LEN];
	unsigned char *der = NULL;
	X509_REQ *req = make_request("P-256", SUBJECT, NULL, 0);
	int len = i2d_X509_REQ(req, &der);
	size_t head = 10, point = 134, rest = 199, usage = 229, sig = 243;

	golden_der(golden);
	CHECK(len > 300);
	golden[usage] = 0x07; /* the ancestor's BIT STRING was not minimal: 03 02 01 80 */
	CHECK_MEM(der + 4, golden + 4, 3);
	CHECK_MEM(der + head, golden + head, point - head);
	CHECK_MEM(der + rest, golden + rest, sig - rest);
	OPENSSL_free(der);
	X509_REQ_free(req);
}

static void digest_follows_the_curve(void)
{
	X509_REQ *req = make_request("P-384", "CN=a", NULL, 0);

	CHECK_INT(X509_REQ_get_signature_nid(req), NID_ecdsa_with_SHA384);
	X509_REQ_free(req);
	req = make_request("P-256", "CN=a", NULL, 0);
	CHECK_INT(X509_REQ_get_signature_nid(req), NID_ecdsa_with_SHA256);
	X509_REQ_free(req);
}

static void alternative_names_come_back(void)
{
	static const char *const san[] = { "dns:a-1.example.com", "DNS:xn--mnchen-3ya.de",
		"uri:urn:dev:os:32473-123456", "ip:192.0.2.1", "ip:2001:db8::1",
		"email:ops@example.com" };
	static const char *const want[] = { "dns:a-1.example.com", "dns:xn--mnchen-3ya.de",
		"uri:urn:dev:os:32473-123456", "ip:192.0.2.1", "ip:2001:db8::1",
		"email:ops@example.com" };
	size_t count = sizeof(san) / sizeof(san[0]);
	X509_REQ *req = make_request("P-256", "CN=a", san, count);
	GENERAL_NAMES *names;
	struct blob text;
	struct fail f;

	CHECK_OK(san_of_request(&names, req, &f));
	CHECK_INT(sk_GENERAL_NAME_num(names), count);
	blob_init(&text, 1000);
	for (int i = 0; i < (int)count; i++) {
		CHECK_OK(san_print(&text, sk_GENERAL_NAME_value(names, i)));
		CHECK_STR(blob_text(&text), want[i]);
		blob_free(&text);
	}
	GENERAL_NAMES_free(names);
	X509_REQ_free(req);
}

static void expect_san_refused(const char *san, EVP_PKEY *key, const X509_NAME *name)
{
	struct csr_request request = { name, &san, 1, NULL };
	char want[80];
	struct blob pem;
	struct fail f;

	blob_init(&pem, CSR_PEM_MAX);
	CHECK_ERR(csr_create(&pem, &request, key, &f), TRUSTX_ERR_INPUT);
	CHECK_INT(pem.len, 0);
	snprintf(want, sizeof(want), "SAN \"%.40s", san);
	expect_why(&f, want);
}

static void malformed_alternative_names_are_refused(void)
{
	static const char *const bad[] = { "", "a.example", "dns", "dns:", "dns:a_b", "dns:-a",
		"dns:a-", "dns:a..b", "dns:.a", "dns:a.", "dns:a b", "dns:\xC3\xA4.de", "dns:*.a",
		"dns:0123456789012345678901234567890123456789012345678901234567890123",
		"ip:", "ip:1.2.3", "ip:1.2.3.256", "ip:1.2.3.4 ", "ip:01.2.3.4/24",
		"ip:::1::", "ip:fe80::1%1", "uri:", "uri:nothing", "uri:a:", "uri:1a:b",
		"uri:a:b c", "uri:a:\xC3\xA4", "uri:a:%4", "uri:a:%zz", "uri:a:<b>",
		"email:", "email:a", "email:a@", "email:@b", "email:a@b@c", "email:a b@c",
		"email:.a@b", "email:a..b@c", "rid:1.2.3" };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = make_subject("CN=a");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_san_refused(bad[i], key, name);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
}

static void the_same_alternative_name_twice_is_refused(void)
{
	static const char *const twice[] = { "ip:1.2.3.4", "dns:a.b", "uri:x:a.b", "DNS:a.b" };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = make_subject("CN=a");
	struct csr_request request = { name, twice, 4, NULL };
	struct blob pem;
	struct fail f;

	blob_init(&pem, CSR_PEM_MAX);
	CHECK_ERR(csr_create(&pem, &request, key, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "SAN \"DNS:a.b\" is there twice");
	request.san_count = 3;
	CHECK_OK(csr_create(&pem, &request, key, &f));
	blob_free(&pem);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
}

/* The PEM of a request with n long names, or the refusal. */
static enum trustx_err create_long(struct blob *pem, size_t n, struct fail *f)
{
	char uri[100][64];
	const char *san[100];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = make_subject("CN=a");
	struct csr_request request = { name, san, n, NULL };
	enum trustx_err err;

	CHECK(n <= 100);
	for (size_t i = 0; i < n; i++) {
		snprintf(uri[i], sizeof(uri[i]), "uri:urn:x:%040zu", i);
		san[i] = uri[i];
	}
	err = csr_create(pem, &request, key, f);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return err;
}

static void a_request_longer_than_aws_takes_is_refused(void)
{
	struct blob pem;
	struct fail f;
	size_t n = 40;

	blob_init(&pem, 100000);
	while (create_long(&pem, n, &f) == TRUSTX_OK) {
		CHECK(pem.len <= CSR_PEM_MAX);
		blob_free(&pem);
		n++;
	}
	CHECK_INT(f.err, TRUSTX_ERR_TOO_BIG);
	CHECK_INT(pem.len, 0);
	expect_why(&f, "AWS IoT takes at most 4096");
	blob_free(&pem);
}

static void other_keys_are_refused(void)
{
	static const char *const curves[] = { "P-521", "secp256k1" };
	X509_NAME *name = make_subject("CN=a");
	struct csr_request request = { name, NULL, 0, NULL };
	struct blob pem;
	struct fail f;

	blob_init(&pem, CSR_PEM_MAX);
	for (size_t i = 0; i < 3; i++) {
		EVP_PKEY *key =
			i < 2 ? EVP_EC_gen(curves[i]) : EVP_PKEY_Q_keygen(NULL, NULL, "X25519");

		CHECK(key != NULL);
		CHECK_ERR(csr_create(&pem, &request, key, &f), TRUSTX_ERR_INPUT);
		expect_why(&f, "neither P-256 nor P-384");
		EVP_PKEY_free(key);
	}
	X509_NAME_free(name);
}

static void a_key_without_private_half_does_not_sign(void)
{
	X509_REQ *req = make_request("P-256", "CN=a", NULL, 0);
	X509_NAME *name = make_subject("CN=a");
	struct csr_request request = { name, NULL, 0, NULL };
	struct blob pem;
	struct fail f;

	blob_init(&pem, CSR_PEM_MAX);
	CHECK_ERR(csr_create(&pem, &request, X509_REQ_get0_pubkey(req), &f), TRUSTX_ERR_CRYPTO);
	CHECK_INT(pem.len, 0);
	expect_why(&f, "the key did not sign the request");
	X509_NAME_free(name);
	X509_REQ_free(req);
}

static void a_key_in_another_context_signs_there(void)
{
	OSSL_LIB_CTX *libctx = OSSL_LIB_CTX_new();
	EVP_PKEY *key = EVP_PKEY_Q_keygen(libctx, NULL, "EC", "P-256");
	X509_NAME *name = make_subject("CN=a");
	struct csr_request request = { name, NULL, 0, libctx };
	struct blob pem;
	struct fail f;

	blob_init(&pem, CSR_PEM_MAX);
	CHECK_OK(csr_create(&pem, &request, key, &f));
	expect_accepted(pem.data, pem.len);
	blob_free(&pem);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	OSSL_LIB_CTX_free(libctx);
}

/* ---- parse and verify ---- */

static void golden_request_is_accepted_as_pem_and_der(void)
{
	uint8_t der[GOLDEN_DER_LEN];
	struct blob pem;

	load(&pem, GOLDEN "/trust-x.csr.pem");
	expect_accepted(pem.data, pem.len);
	golden_der(der);
	expect_accepted(der, sizeof(der));
	blob_free(&pem);
}

static void every_flipped_bit_is_refused(void)
{
	uint8_t der[GOLDEN_DER_LEN];
	int refused = 0;

	golden_der(der);
	for (size_t bit = 0; bit < 8 * sizeof(der); bit++) {
		X509_REQ *req;
		struct fail f;

		der[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (csr_parse(&req, der, sizeof(der), &f) != TRUSTX_OK ||
			csr_verify(req, &f) != TRUSTX_OK)
			refused++;
		CHECK(ERR_peek_error() == 0);
		X509_REQ_free(req);
		der[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	CHECK_INT(refused, 2536);
}

static void every_truncation_is_refused(void)
{
	uint8_t der[GOLDEN_DER_LEN + 3] = { 0 };
	struct blob pem;

	golden_der(der);
	for (size_t len = 0; len < GOLDEN_DER_LEN; len++)
		expect_refused(der, len, "");
	expect_refused(der, 100, "it is cut off: its DER has 317 bytes, 100 are there");
	expect_refused(der, GOLDEN_DER_LEN + 3, "3 bytes too many");
	load(&pem, GOLDEN "/trust-x.csr.pem");
	for (size_t len = 0; len + 2 < pem.len; len++)
		expect_refused(pem.data, len, "");
	expect_refused(pem.data, 300, "it is cut off: the line -----END CERTIFICATE REQUEST-----");
	blob_free(&pem);
}

/* The golden file with from replaced by to and tail behind it. */
static void change(struct blob *out, const char *from, const char *to, const char *tail)
{
	const char *at, *text;
	struct blob pem;

	load(&pem, GOLDEN "/trust-x.csr.pem");
	blob_init(out, 65536);
	text = blob_text(&pem);
	while (from[0] != '\0' && (at = strstr(text, from)) != NULL) {
		CHECK_OK(blob_addf(out, "%.*s%s", (int)(at - text), text, to));
		text = at + strlen(from);
	}
	CHECK_OK(blob_addf(out, "%s%s", text, tail));
	blob_free(&pem);
}

static void forms_of_pem_that_are_accepted(void)
{
	static const char *const forms[][3] = {
		{ "REQUEST", "REQUEST", "\n\n \n" },
		{ "\n", "\r\n", "" },
		{ "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "" },
		{ "-----BEGIN", "Certificate Request:\n    Data:\n-----BEGIN", "" },
		{ "-----BEGIN", "\xEF\xBB\xBF-----BEGIN", "" },
	};
	struct blob b;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		change(&b, forms[i][0], forms[i][1], forms[i][2]);
		expect_accepted(b.data, b.len);
		blob_free(&b);
	}
}

static void forms_of_pem_that_are_refused(void)
{
	static const char *const forms[][4] = {
		{ "", "", "garbage\n", "something follows the request" },
		{ "", "", "-----BEGIN CERTIFICATE REQUEST-----\n", "something follows" },
		{ "", "", "\x01", "line 10 is neither text nor PEM" },
		{ "END CERTIFICATE REQUEST", "END CERTIFICATE", "",
			"line 9: the line -----END CERT" },
		{ "-----BEGIN CERTIFICATE REQUEST-----", "----BEGIN CERTIFICATE REQUEST-----", "",
			"this is not a certificate request" },
		{ "-----BEGIN CERTIFICATE REQUEST-----", "-----BEGIN CERTIFICATE REQUEST----", "",
			"this is not a certificate request" },
		{ "CERTIFICATE REQUEST", "CERTIFICATE", "",
			"this is a certificate, not a certificate request" },
		{ "CERTIFICATE REQUEST", "EC PRIVATE KEY", "", "this is a private key, not" },
		{ "CERTIFICATE REQUEST", "X Y", "", "this is not a certificate request" },
		{ "VQQKEx", "VQQK!x", "", "line 3: this is not base64" },
		{ "VQQKEx", "VQQK=x", "", "line 3: this is not base64" },
		{ "VQQKEx", "VQQKE", "", "its base64 is incomplete" },
	};
	struct blob b;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		change(&b, forms[i][0], forms[i][1], forms[i][2]);
		expect_refused(b.data, b.len, forms[i][3]);
		blob_free(&b);
	}
}

/* Else a certificate would be made without the names that were asked for. */
static void extensions_that_cannot_be_read_are_refused(void)
{
	static const unsigned char junk[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509_REQ *req = X509_REQ_new();
	GENERAL_NAMES *names = NULL;
	struct ca_leaf leaf;
	struct fail f = { 0 };

	CHECK(key != NULL && req != NULL && X509_REQ_set_pubkey(req, key) == 1);
	CHECK(X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1);
	CHECK(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN", MBSTRING_ASC,
		      (const unsigned char *)"a", -1, -1, 0) == 1);
	CHECK(X509_REQ_add1_attr_by_NID(
		      req, NID_ext_req, V_ASN1_SEQUENCE, junk, (int)sizeof(junk)) == 1);
	CHECK(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	CHECK_ERR(san_of_request(&names, req, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "malformed");
	CHECK(names == NULL);
	CHECK_ERR(ca_leaf_take(&leaf, req, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "malformed");
	ca_leaf_free(&leaf);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

static void other_files_are_named(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	unsigned char *der = NULL;
	struct blob pem;
	int len;

	load(&pem, GOLDEN "/aws-certificate.pem");
	expect_refused(pem.data, pem.len, "this is a certificate, not a certificate request");
	blob_free(&pem);
	load(&pem, GOLDEN "/aws-certificate.slot.bin");
	expect_refused(pem.data + 9, pem.len - 9, "this is a certificate, not");
	expect_refused(pem.data, pem.len, "this is not a certificate request");
	blob_free(&pem);
	len = i2d_PrivateKey(key, &der);
	expect_refused(der, (size_t)len, "this is a private key, not a certificate request");
	OPENSSL_free(der);
	der = NULL;
	len = i2d_PUBKEY(key, &der);
	expect_refused(der, (size_t)len, "this is a public key, not a certificate request");
	OPENSSL_free(der);
	EVP_PKEY_free(key);
	expect_refused("", 0, "the file is empty");
	expect_refused(" \r\n\n", 4, "the file is empty");
	expect_refused("hello", 5, "this is not a certificate request");
	expect_refused("\0\0\0\0", 4, "this is not a certificate request");
}

int main(void)
{
	RUN(same_request_as_the_golden_one_but_for_key_and_signature);
	RUN(digest_follows_the_curve);
	RUN(alternative_names_come_back);
	RUN(malformed_alternative_names_are_refused);
	RUN(the_same_alternative_name_twice_is_refused);
	RUN(a_request_longer_than_aws_takes_is_refused);
	RUN(other_keys_are_refused);
	RUN(a_key_without_private_half_does_not_sign);
	RUN(a_key_in_another_context_signs_there);
	RUN(golden_request_is_accepted_as_pem_and_der);
	RUN(every_flipped_bit_is_refused);
	RUN(every_truncation_is_refused);
	RUN(forms_of_pem_that_are_accepted);
	RUN(forms_of_pem_that_are_refused);
	RUN(extensions_that_cannot_be_read_are_refused);
	RUN(other_files_are_named);
	return 0;
}
