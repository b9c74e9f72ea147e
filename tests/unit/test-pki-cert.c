/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"
#include "test.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "file.h"
#include "make-cert.h"

static const char golden_report[] =
	"cert. version     : 3\n"
	"serial number     : 46:90:F7:C5:84:90:6E:2C:07:51:4F:E0:D1:AA:4F:F5:2D:2A:3F:8E\n"
	"issuer name       : OU=Amazon Web Services O=Amazon.com Inc. L=Seattle ST=Washington "
	"C=US\n"
	"subject name      : CN=AWS IoT Certificate, O=Infineon Technologies AG, C=DE, ST=Germany\n"
	"issued  on        : 2019-04-11 08:22:11\n"
	"expires on        : 2049-12-31 23:59:59\n"
	"signed using      : RSA with SHA-256\n"
	"EC key size       : 256 bits\n"
	"basic constraints : CA=false\n"
	"key usage         : Digital Signature\n";

static void load(struct blob *b, const char *path)
{
	struct fail f;

	blob_init(b, 65536);
	CHECK_OK(file_read(b, path, &f));
}

static void free_certs(STACK_OF(X509) *certs)
{
	sk_X509_pop_free(certs, X509_free);
}

static void expect_why(const struct fail *f, const char *want)
{
	if (strstr(f->why, want) == NULL) {
		fprintf(stderr, "\"%s\" does not contain \"%s\"\n", f->why, want);
		exit(1);
	}
	CHECK(ERR_peek_error() == 0);
}

static STACK_OF(X509) *parse(const void *data, size_t len)
{
	STACK_OF(X509) *certs;
	struct fail f;

	if (cert_parse(&certs, data, len, &f) != TRUSTX_OK) {
		fprintf(stderr, "refused: %s\n", f.why);
		exit(1);
	}
	CHECK(ERR_peek_error() == 0);
	return certs;
}

static X509 *golden_cert(void)
{
	STACK_OF(X509) *certs;
	struct blob pem;
	X509 *cert;

	load(&pem, GOLDEN "/aws-certificate.pem");
	certs = parse(pem.data, pem.len);
	CHECK_INT(sk_X509_num(certs), 1);
	cert = sk_X509_pop(certs);
	sk_X509_free(certs);
	blob_free(&pem);
	return cert;
}

static void expect_refused(const void *data, size_t len, const char *want)
{
	void *copy = malloc(len > 0 ? len : 1); /* so that a byte too far is noticed */
	STACK_OF(X509) *certs;
	struct fail f;

	CHECK(copy != NULL);
	memcpy(copy, data, len);
	CHECK_ERR(cert_parse(&certs, copy, len, &f), TRUSTX_ERR_INPUT);
	CHECK(certs == NULL);
	expect_why(&f, want);
	free(copy);
}

/* ---- files ---- */

/* The golden file with from replaced by to everywhere, and tail behind it. */
static void change(struct blob *out, const char *from, const char *to, const char *tail)
{
	const char *at, *text;
	struct blob pem;

	load(&pem, GOLDEN "/aws-certificate.pem");
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
		{ "", "", "" },
		{ "", "", "\r\n\n  \n" },
		{ "\n", "\r\n", "" },
		{ "CERTIFICATE", "X509 CERTIFICATE", "" },
		{ "-----BEGIN", "Certificate:\n\tData: \xC3\xA4\n-----BEGIN", "" },
		{ "-----BEGIN", "\xEF\xBB\xBF-----BEGIN", "" },
		{ "-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----", "" },
	};
	X509 *golden = golden_cert();

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		STACK_OF(X509) *certs;
		struct blob b;

		change(&b, forms[i][0], forms[i][1], forms[i][2]);
		certs = parse(b.data, b.len);
		CHECK_INT(sk_X509_num(certs), 1);
		CHECK_INT(X509_cmp(sk_X509_value(certs, 0), golden), 0);
		free_certs(certs);
		blob_free(&b);
	}
	X509_free(golden);
}

static void forms_of_pem_that_are_refused(void)
{
	static const char *const forms[][4] = {
		{ "", "", "garbage\n", "7 bytes too many behind the certificate" },
		{ "", "", "\x01\x02", "line 19 is neither text nor PEM" },
		{ "", "", "-----BEGIN CERTIFICATE-----\nMIIC\n",
			"cut off: the line -----END CERTIFICATE----- is missing" },
		{ "", "", "-----BEGIN EC PRIVATE KEY-----\n",
			"line 19: a private key among the certificates has no place there" },
		{ "-----END CERTIFICATE-----", "", "",
			"cut off: the line -----END CERTIFICATE----- is missing" },
		{ "-----BEGIN CERTIFICATE-----\n", "", "", "this is not a certificate" },
		{ "CERTIFICATE", "CERTIFICATE REQUEST", "",
			"this is a certificate request, not a certificate" },
		{ "CERTIFICATE", "PRIVATE KEY", "", "this is a private key, not a certificate" },
		{ "CERTIFICATE", "RSA PRIVATE KEY", "", "this is a private key" },
		{ "CERTIFICATE", "PUBLIC KEY", "", "this is a public key, not a certificate" },
		{ "CERTIFICATE", "X509 CRL", "", "this is a certificate revocation list, not" },
		{ "CERTIFICATE", "TRUSTED CERTIFICATE", "", "OpenSSL's trust settings, not" },
		{ "CERTIFICATE", "PKCS7", "", "this is a certificate, not a PKCS#7 file" },
		{ "CERTIFICATE", "NONSENSE", "", "this is not a certificate" },
		{ "MIIC0D", "MIIC*D", "", "line 2: this is not base64" },
		{ "TiTNmw==", "TiTNmw=", "", "its base64 is incomplete" },
		{ "TiTNmw==", "TiQ=", "", "cut off: its DER has 724 bytes" },
		{ "TiTNmw==", "TiTNm/Y=", "", "1 bytes too many" },
	};
	struct blob b;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		change(&b, forms[i][0], forms[i][1], forms[i][2]);
		expect_refused(b.data, b.len, forms[i][3]);
		blob_free(&b);
	}
}

static void der_must_be_whole_and_alone(void)
{
	struct blob slot;
	uint8_t *der;
	size_t len;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	der = slot.data + 9;
	len = slot.len - 9;
	free_certs(parse(der, len));
	for (size_t n = 0; n < len; n++)
		expect_refused(der, n, "");
	expect_refused(der, 700, "it is cut off: its DER has 724 bytes, 700 are there");
	CHECK_OK(blob_add(&slot, "garbage", 7));
	expect_refused(slot.data + 9, len + 7, "7 bytes too many: its DER ends after 724 bytes");
	expect_refused(slot.data, slot.len, "this is not a certificate");
	blob_free(&slot);
}

static void a_length_in_a_longer_form_is_no_der(void)
{
	uint8_t longer[1024] = { 0x30, 0x83, 0x00 };
	struct blob slot;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	memcpy(longer + 3, slot.data + 11, slot.len - 11);
	expect_refused(longer, slot.len - 8, "not encoded in strict DER");
	blob_free(&slot);
}

static void broken_bytes_never_crash(void)
{
	struct blob slot;
	uint8_t *der;
	size_t len;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	der = slot.data + 9;
	len = slot.len - 9;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		STACK_OF(X509) *certs;
		struct blob text;
		struct fail f;

		der[bit / 8] ^= (uint8_t)(1u << bit % 8);
		blob_init(&text, 65536);
		if (cert_parse(&certs, der, len, &f) == TRUSTX_OK)
			CHECK_OK(cert_report(&text, sk_X509_value(certs, 0), &f));
		CHECK(ERR_peek_error() == 0);
		blob_free(&text);
		free_certs(certs);
		der[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	blob_free(&slot);
}

static void expect_der_refused(int len, unsigned char *der, const char *want)
{
	CHECK(len > 0);
	expect_refused(der, (size_t)len, want);
	OPENSSL_free(der);
}

static void other_files_are_named(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(1024);
	PKCS8_PRIV_KEY_INFO *pkcs8 = EVP_PKEY2PKCS8(key);
	X509_REQ *req = X509_REQ_new();
	unsigned char *der = NULL;
	int len;

	len = i2d_PrivateKey(key, &der);
	expect_der_refused(len, der, "this is a private key, not a certificate");
	der = NULL;
	len = i2d_PrivateKey(rsa, &der);
	expect_der_refused(len, der, "this is a private key, not a certificate");
	der = NULL;
	len = i2d_PKCS8_PRIV_KEY_INFO(pkcs8, &der);
	expect_der_refused(len, der, "this is a private key, not a certificate");
	der = NULL;
	len = i2d_PUBKEY(key, &der);
	expect_der_refused(len, der, "this is a public key, not a certificate");
	CHECK(X509_REQ_set_pubkey(req, key) == 1 && X509_REQ_sign(req, key, EVP_sha256()) > 0);
	der = NULL;
	len = i2d_X509_REQ(req, &der);
	expect_der_refused(len, der, "this is a certificate request, not a certificate");
	expect_refused("", 0, "the file is empty");
	expect_refused("\n \r\n", 4, "the file is empty");
	expect_refused("hello\n", 6, "this is not a certificate");
	expect_refused("\x89PNG\r\n\x1A\n", 8, "this is not a certificate");
	expect_refused("\0\0\0\0\0\0", 6, "this is not a certificate");
	expect_refused("0 text\n", 7, "this is not a certificate");
	X509_REQ_free(req);
	PKCS8_PRIV_KEY_INFO_free(pkcs8);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(key);
}

static void expect_chain(const struct blob *file, X509 *first, X509 *second, X509 *third)
{
	STACK_OF(X509) *certs = parse(file->data, file->len);

	CHECK_INT(sk_X509_num(certs), 3);
	CHECK_INT(X509_cmp(sk_X509_value(certs, 0), first), 0);
	CHECK_INT(X509_cmp(sk_X509_value(certs, 1), second), 0);
	CHECK_INT(X509_cmp(sk_X509_value(certs, 2), third), 0);
	free_certs(certs);
}

static void chains_begin_with_the_leaf_and_keep_their_order(void)
{
	struct family m;
	struct blob file;
	struct fail f;

	family_make(&m);
	blob_init(&file, 65536);
	CHECK_OK(cert_pem(&file, m.leaf, &f));
	CHECK_OK(blob_addf(&file, "\nissuer: middle\n"));
	CHECK_OK(cert_pem(&file, m.middle, &f));
	CHECK_OK(cert_pem(&file, m.root, &f));
	expect_chain(&file, m.leaf, m.middle, m.root);
	blob_free(&file);
	CHECK_OK(cert_pem(&file, m.root, &f));
	CHECK_OK(cert_pem(&file, m.leaf, &f));
	CHECK_OK(cert_pem(&file, m.middle, &f));
	expect_chain(&file, m.leaf, m.root, m.middle);
	CHECK_OK(blob_add(&file, "x", 1));
	expect_refused(file.data, file.len, "1 bytes too many behind the certificate");
	blob_free(&file);
	family_free(&m);
}

static PKCS7 *make_pkcs7(const struct family *m)
{
	PKCS7 *p7 = PKCS7_new();

	CHECK(PKCS7_set_type(p7, NID_pkcs7_signed) == 1);
	CHECK(PKCS7_content_new(p7, NID_pkcs7_data) == 1);
	if (m != NULL) {
		CHECK(PKCS7_add_certificate(p7, m->root) == 1);
		CHECK(PKCS7_add_certificate(p7, m->middle) == 1);
		CHECK(PKCS7_add_certificate(p7, m->leaf) == 1);
	}
	return p7;
}

static void expect_leaf_of_three(const void *data, size_t len, X509 *leaf)
{
	STACK_OF(X509) *certs = parse(data, len);

	CHECK_INT(sk_X509_num(certs), 3);
	CHECK_INT(X509_cmp(sk_X509_value(certs, 0), leaf), 0);
	free_certs(certs);
}

static void pkcs7_is_read_as_pem_and_der(void)
{
	struct family m;
	PKCS7 *p7;
	unsigned char *der = NULL, longer[4096];
	BIO *out = BIO_new(BIO_s_mem());
	char *pem;
	long pem_len;
	int len;

	family_make(&m);
	p7 = make_pkcs7(&m);
	len = i2d_PKCS7(p7, &der);
	CHECK(len > 0 && len < 4000);
	expect_leaf_of_three(der, (size_t)len, m.leaf);
	for (int n = 0; n < len; n++)
		expect_refused(der, (size_t)n, "");
	memcpy(longer, der, (size_t)len);
	longer[len] = 0;
	expect_refused(longer, (size_t)len + 1, "1 bytes too many behind the PKCS#7 file");
	CHECK(PEM_write_bio_PKCS7(out, p7) == 1);
	pem_len = BIO_get_mem_data(out, &pem);
	expect_leaf_of_three(pem, (size_t)pem_len, m.leaf);
	PKCS7_free(p7);
	OPENSSL_free(der);
	der = NULL;
	p7 = make_pkcs7(NULL);
	len = i2d_PKCS7(p7, &der);
	expect_refused(der, (size_t)len, "not a certificate");
	OPENSSL_free(der);
	PKCS7_free(p7);
	BIO_free(out);
	family_free(&m);
}

/* ---- words ---- */

static void golden_report_as_the_ancestor_printed_it(void)
{
	X509 *cert = golden_cert();
	struct blob text;
	struct fail f;

	blob_init(&text, 65536);
	CHECK_OK(cert_report(&text, cert, &f));
	CHECK_STR(blob_text(&text), golden_report);
	blob_free(&text);
	X509_free(cert);
}

static void report_of_a_ca_with_everything(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-384");
	X509 *cert = make_cert(&(struct recipe){ .cn = "a,b\x1B[2J",
		.key = key,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "keyCertSign,cRLSign",
		.extended = "clientAuth,1.2.3.4",
		.san = "DNS:a.example,DNS:b.example,IP:192.0.2.1,URI:urn:x:1" });
	struct blob text;
	struct fail f;

	blob_init(&text, 65536);
	CHECK_OK(cert_report(&text, cert, &f));
	CHECK_STR(blob_text(&text),
		"cert. version     : 3\n"
		"serial number     : 80:F1\n"
		"issuer name       : CN=a\\,b\\1B[2J\n"
		"subject name      : CN=a\\,b\\1B[2J\n"
		"issued  on        : 2023-11-04 22:13:20\n"
		"expires on        : 2023-11-24 22:13:20\n"
		"signed using      : ECDSA with SHA256\n"
		"EC key size       : 384 bits\n"
		"basic constraints : CA=true, max_pathlen=0\n"
		"subject alt name  : a.example, b.example, ip:192.0.2.1, uri:urn:x:1\n"
		"key usage         : Key Cert Sign, CRL Sign\n"
		"ext key usage     : TLS Web Client Authentication, 1.2.3.4\n");
	blob_free(&text);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void report_of_a_bare_rsa_certificate(void)
{
	EVP_PKEY *key = EVP_RSA_gen(1024);
	X509 *cert = make_cert(&(struct recipe){ .cn = "x", .key = key, .plain = 1 });
	struct blob text;
	struct fail f;

	blob_init(&text, 65536);
	CHECK_OK(cert_report(&text, cert, &f));
	CHECK(strncmp(blob_text(&text), "cert. version     : 1\n", 22) == 0);
	CHECK(strstr(blob_text(&text), "\nRSA key size      : 1024 bits\n") != NULL);
	CHECK(strstr(blob_text(&text), "usage") == NULL);
	blob_free(&text);
	blob_init(&text, 20);
	CHECK_ERR(cert_report(&text, cert, &f), TRUSTX_ERR_TOO_BIG);
	blob_free(&text);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void hexdump_equals_the_golden_one(void)
{
	struct blob slot, want, text;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	load(&want, GOLDEN "/upload-hexdump.txt");
	blob_init(&text, 65536);
	CHECK_OK(cert_hexdump(&text, slot.data, slot.len));
	CHECK_STR(blob_text(&text), blob_text(&want));
	blob_free(&text);
	CHECK_OK(cert_hexdump(&text, slot.data, 0));
	CHECK_INT(text.len, 0);
	blob_free(&want);
	blob_free(&slot);
}

int main(void)
{
	RUN(forms_of_pem_that_are_accepted);
	RUN(forms_of_pem_that_are_refused);
	RUN(der_must_be_whole_and_alone);
	RUN(a_length_in_a_longer_form_is_no_der);
	RUN(broken_bytes_never_crash);
	RUN(other_files_are_named);
	RUN(chains_begin_with_the_leaf_and_keep_their_order);
	RUN(pkcs7_is_read_as_pem_and_der);
	RUN(golden_report_as_the_ancestor_printed_it);
	RUN(report_of_a_ca_with_everything);
	RUN(report_of_a_bare_rsa_certificate);
	RUN(hexdump_equals_the_golden_one);
	return 0;
}
