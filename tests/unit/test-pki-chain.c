/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"
#include "csr.h"
#include "name.h"
#include "test.h"

#include <openssl/err.h>

#include "file.h"
#include "make-cert.h"

static void expect_why(const struct fail *f, const char *want)
{
	if (strstr(f->why, want) == NULL) {
		fprintf(stderr, "\"%s\" does not contain \"%s\"\n", f->why, want);
		exit(1);
	}
	CHECK(ERR_peek_error() == 0);
}

/* Certificates and roots, freed here, and what must be said; NULL: nothing, they fit. */
static void expect_chain(STACK_OF(X509) *certs, STACK_OF(X509) *roots, time_t now, const char *want)
{
	struct fail f;

	if (want != NULL) {
		CHECK_ERR(cert_check_chain(certs, roots, now, &f), TRUSTX_ERR_MISMATCH);
		expect_why(&f, want);
	} else if (cert_check_chain(certs, roots, now, &f) != TRUSTX_OK) {
		fprintf(stderr, "%s\n", f.why);
		exit(1);
	}
	sk_X509_free(certs);
	sk_X509_free(roots);
}

static void chains_that_fit(void)
{
	struct family m;

	family_make(&m);
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, m.middle, m.root), stack_of(m.root, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, m.root, m.middle), stack_of(m.root, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, NULL, NULL), stack_of(m.root, m.middle, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, NULL, NULL), stack_of(m.middle, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.root, NULL, NULL), stack_of(m.root, NULL, NULL), NOW, NULL);
	family_free(&m);
}

static void gaps_are_named(void)
{
	struct family m, other;

	family_make(&m);
	family_make(&other);
	expect_chain(stack_of(m.leaf, NULL, NULL), stack_of(m.root, NULL, NULL), NOW,
		"certificate 0 of the chain, CN=leaf, was issued by CN=middle, which is not among");
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(m.leaf, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(other.leaf, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=middle, was issued by CN=root, which is not");
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(NULL, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=middle");
	expect_chain(stack_of(m.leaf, m.middle, m.root), stack_of(NULL, NULL, NULL), NOW,
		"certificate 2 of the chain, CN=root, is self-signed and not among the trusted");
	expect_chain(stack_of(m.root, NULL, NULL), stack_of(other.leaf, NULL, NULL), NOW,
		"certificate 0 of the chain, CN=root, is self-signed and not among the trusted");
	family_free(&other);
	family_free(&m);
}

static void a_namesake_of_the_issuer_is_no_issuer(void)
{
	struct family m, other;

	family_make(&m);
	family_make(&other);
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(other.root, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=middle, has a signature that its issuer did not");
	expect_chain(stack_of(m.leaf, other.middle, NULL), stack_of(other.root, NULL, NULL), NOW,
		"certificate 0 of the chain, CN=leaf, has a signature that its issuer did not");
	family_free(&other);
	family_free(&m);
}

static void set_key_ids(X509 *cert, EVP_PKEY *signer, const char *own, const char *issuer)
{
	ASN1_OCTET_STRING *subject_id = ASN1_OCTET_STRING_new();
	AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();

	authority->keyid = ASN1_OCTET_STRING_new();
	CHECK(ASN1_STRING_set(subject_id, own, -1) == 1);
	CHECK(ASN1_STRING_set(authority->keyid, issuer, -1) == 1);
	CHECK(X509_add1_ext_i2d(cert, NID_subject_key_identifier, subject_id, 0, 0) == 1);
	CHECK(X509_add1_ext_i2d(cert, NID_authority_key_identifier, authority, 0, 0) == 1);
	CHECK(X509_sign(cert, signer, EVP_sha256()) > 0);
	AUTHORITY_KEYID_free(authority);
	ASN1_OCTET_STRING_free(subject_id);
}

static void key_identifiers_tell_namesakes_apart(void)
{
	struct family m, other;

	family_make(&m);
	family_make(&other);
	set_key_ids(m.root, m.root_key, "one", "one");
	set_key_ids(other.root, other.root_key, "two", "two");
	set_key_ids(m.middle, m.root_key, "three", "one");
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(other.root, NULL, NULL), NOW,
		"CN=middle, was issued by another CN=root than the one given");
	family_free(&other);
	family_free(&m);
}

static void issuers_must_be_certificate_authorities(void)
{
	struct family m;
	X509 *middle, *leaf;

	family_make(&m);
	middle = make_cert(&(struct recipe){ .cn = "middle",
		.key = m.middle_key,
		.issuer = m.root,
		.signer = m.root_key,
		.constraints = "CA:FALSE" });
	expect_chain(stack_of(m.leaf, middle, NULL), stack_of(m.root, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=middle, is no CA and must not issue certificates");
	X509_free(middle);
	middle = make_cert(&(struct recipe){ .cn = "middle",
		.key = m.middle_key,
		.issuer = m.root,
		.signer = m.root_key,
		.constraints = "critical,CA:TRUE",
		.usage = "digitalSignature" });
	expect_chain(stack_of(m.leaf, middle, NULL), stack_of(m.root, NULL, NULL), NOW,
		"of the chain, CN=");
	X509_free(middle);
	leaf = make_cert(&(struct recipe){
		.cn = "below", .key = m.leaf_key, .issuer = m.leaf, .signer = m.leaf_key });
	expect_chain(stack_of(leaf, m.leaf, m.middle), stack_of(m.root, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=leaf, is no CA");
	X509_free(leaf);
	family_free(&m);
}

static void path_length_is_kept(void)
{
	struct family m;
	X509 *lower, *leaf;
	EVP_PKEY *key = EVP_EC_gen("P-256");

	family_make(&m);
	lower = make_cert(&(struct recipe){ .cn = "lower",
		.key = key,
		.issuer = m.middle,
		.signer = m.middle_key,
		.constraints = "critical,CA:TRUE" });
	leaf = make_cert(&(struct recipe){
		.cn = "below", .key = m.leaf_key, .issuer = lower, .signer = key });
	expect_chain(stack_of(leaf, lower, m.middle), stack_of(m.root, NULL, NULL), NOW,
		"certificate 2 of the chain, CN=middle, is refused: path length");
	X509_free(leaf);
	X509_free(lower);
	EVP_PKEY_free(key);
	family_free(&m);
}

static void dates_of_every_link_count(void)
{
	struct family m;
	X509 *middle, *leaf;

	family_make(&m);
	leaf = make_cert(&(struct recipe){ .cn = "brief",
		.key = m.leaf_key,
		.issuer = m.middle,
		.signer = m.middle_key,
		.from = -1,
		.to = 1 });
	expect_chain(stack_of(leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW, NULL);
	expect_chain(stack_of(leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW + 2 * DAY,
		"certificate 0 of the chain, CN=brief, expired on 2023-11-15 22:13:20 UTC");
	expect_chain(stack_of(leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW - 2 * DAY,
		"CN=brief, is not valid before 2023-11-13 22:13:20 UTC");
	expect_chain(stack_of(m.leaf, m.middle, NULL), stack_of(m.root, NULL, NULL), NOW + 11 * DAY,
		"certificate 2 of the chain, CN=root, expired on 2023-11-24 22:13:20 UTC");
	X509_free(leaf);
	middle = make_cert(&(struct recipe){ .cn = "middle",
		.key = m.middle_key,
		.issuer = m.root,
		.signer = m.root_key,
		.constraints = CA_BITS,
		.from = -9,
		.to = -1 });
	expect_chain(stack_of(m.leaf, middle, NULL), stack_of(m.root, NULL, NULL), NOW,
		"certificate 1 of the chain, CN=middle, expired on 2023-11-13 22:13:20 UTC");
	expect_chain(
		stack_of(m.leaf, middle, NULL), stack_of(m.root, NULL, NULL), NOW - 5 * DAY, NULL);
	X509_free(middle);
	family_free(&m);
}

static void nothing_to_check_is_an_error(void)
{
	STACK_OF(X509) *none = sk_X509_new_null();
	struct fail f;

	CHECK_ERR(cert_check_chain(none, none, NOW, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "there is no certificate to check");
	sk_X509_free(none);
}

/* ---- dates ---- */

static void dates_include_both_ends(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_cert(&(struct recipe){ .cn = "device", .key = key });
	struct fail f;

	CHECK_OK(cert_check_dates(cert, NOW, &f));
	CHECK_OK(cert_check_dates(cert, NOW - 10 * DAY, &f));
	CHECK_OK(cert_check_dates(cert, NOW + 10 * DAY, &f));
	CHECK_ERR(cert_check_dates(cert, NOW - 10 * DAY - 1, &f), TRUSTX_ERR_MISMATCH);
	expect_why(&f, "the certificate CN=device is not valid before 2023-11-04 22:13:20 UTC");
	CHECK_ERR(cert_check_dates(cert, NOW + 10 * DAY + 1, &f), TRUSTX_ERR_MISMATCH);
	expect_why(&f, "the certificate CN=device expired on 2023-11-24 22:13:20 UTC");
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void the_last_day_of_9999_never_comes(void)
{
	const int64_t much_later = (int64_t)NOW + 1000000000;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_cert(&(struct recipe){ .key = key });
	struct fail f;

	CHECK(ASN1_TIME_set_string(X509_getm_notAfter(cert), "99991231235959Z") == 1);
	/* Where time_t has 32 bits, that day cannot be said. */
	if ((time_t)much_later == much_later)
		CHECK_OK(cert_check_dates(cert, (time_t)much_later, &f));
	CHECK_ERR(cert_check_dates(cert, 0, &f), TRUSTX_ERR_MISMATCH);
	expect_why(&f, "the certificate (no name) is not valid before");
	CHECK(ASN1_STRING_set(X509_getm_notAfter(cert), "20231332000000Z", -1) == 1);
	CHECK_ERR(cert_check_dates(cert, NOW, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "a date of the certificate (no name) is invalid");
	X509_free(cert);
	EVP_PKEY_free(key);
}

/* ---- key ---- */

static void expect_no_point(EVP_PKEY *key)
{
	X509 *cert = make_cert(&(struct recipe){ .cn = "x", .key = key });
	uint8_t point[97];
	size_t len = sizeof(point);
	struct fail f;

	CHECK_ERR(cert_point(point, &len, cert, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "neither P-256 nor P-384");
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void points_come_out_uncompressed(void)
{
	static const char *const curves[] = { "P-256", "P-384" };
	static const size_t sizes[] = { 65, 97 };
	uint8_t point[97];
	struct fail f;

	for (int i = 0; i < 2; i++) {
		EVP_PKEY *key = EVP_EC_gen(curves[i]);
		X509 *cert = make_cert(&(struct recipe){ .cn = "x", .key = key });
		unsigned char *want = NULL;
		size_t len = sizeof(point);

		CHECK_OK(cert_point(point, &len, cert, &f));
		CHECK_INT(len, sizes[i]);
		CHECK_INT(EVP_PKEY_get1_encoded_public_key(key, &want), len);
		CHECK_MEM(point, want, len);
		len = sizes[i] - 1;
		CHECK_ERR(cert_point(point, &len, cert, &f), TRUSTX_ERR_TOO_SMALL);
		OPENSSL_free(want);
		X509_free(cert);
		EVP_PKEY_free(key);
	}
	expect_no_point(EVP_EC_gen("P-521"));
	expect_no_point(EVP_RSA_gen(1024));
}

/* ---- request ---- */

static X509_REQ *make_request(const char *subject, const char *const *san, size_t count)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct csr_request request = { NULL, san, count, NULL };
	X509_NAME *name;
	struct blob pem;
	struct fail f;
	X509_REQ *req;

	CHECK_OK(name_from_text(&name, NULL, subject, &f));
	request.subject = name;
	blob_init(&pem, CSR_PEM_MAX);
	CHECK_OK(csr_create(&pem, &request, key, &f));
	CHECK_OK(csr_parse(&req, pem.data, pem.len, &f));
	blob_free(&pem);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return req;
}

static void expect_match(const char *cn, const char *cert_san, X509_REQ *req, const char *want)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_cert(&(struct recipe){ .cn = cn, .key = key, .san = cert_san });
	struct fail f;

	if (want == NULL) {
		CHECK_OK(cert_check_request(cert, req, &f));
	} else {
		CHECK_ERR(cert_check_request(cert, req, &f), TRUSTX_ERR_MISMATCH);
		expect_why(&f, want);
	}
	CHECK(ERR_peek_error() == 0);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void subject_and_names_must_be_those_of_the_request(void)
{
	static const char *const san[] = { "dns:a.example", "ip:192.0.2.1" };
	X509_REQ *plain = make_request("CN=device", NULL, 0);
	X509_REQ *named = make_request("CN=device", san, 2);

	expect_match("device", NULL, plain, NULL);
	expect_match("other", NULL, plain,
		"the certificate's subject is CN=other, the request's is CN=device");
	expect_match("device", "DNS:a.example,IP:192.0.2.1", named, NULL);
	expect_match("device", "IP:192.0.2.1,DNS:a.example", named, NULL);
	expect_match("device", "DNS:a.example", named,
		"the SAN ip:192.0.2.1 is in the request, but not in the certificate");
	expect_match("device", NULL, named,
		"the SAN dns:a.example is in the request, but not in the certificate");
	expect_match("device", "DNS:a.example,IP:192.0.2.1,DNS:b.example", named,
		"the SAN dns:b.example is in the certificate, but not in the request");
	expect_match("device", "DNS:a.example", plain, "is in the certificate, but not in the");
	X509_REQ_free(named);
	X509_REQ_free(plain);
}

static void golden_certificate_fits_the_golden_request(void)
{
	STACK_OF(X509) *certs;
	struct blob pem;
	struct fail f;
	X509_REQ *req;

	blob_init(&pem, 65536);
	CHECK_OK(file_read(&pem, GOLDEN "/aws-certificate.pem", &f));
	CHECK_OK(cert_parse(&certs, pem.data, pem.len, &f));
	blob_free(&pem);
	CHECK_OK(file_read(&pem, GOLDEN "/trust-x.csr.pem", &f));
	CHECK_OK(csr_parse(&req, pem.data, pem.len, &f));
	CHECK_OK(cert_check_request(sk_X509_value(certs, 0), req, &f));
	CHECK_OK(cert_check_dates(sk_X509_value(certs, 0), NOW, &f));
	X509_REQ_free(req);
	sk_X509_pop_free(certs, X509_free);
	blob_free(&pem);
}

int main(void)
{
	RUN(chains_that_fit);
	RUN(gaps_are_named);
	RUN(a_namesake_of_the_issuer_is_no_issuer);
	RUN(key_identifiers_tell_namesakes_apart);
	RUN(issuers_must_be_certificate_authorities);
	RUN(path_length_is_kept);
	RUN(dates_of_every_link_count);
	RUN(nothing_to_check_is_an_error);
	RUN(dates_include_both_ends);
	RUN(the_last_day_of_9999_never_comes);
	RUN(points_come_out_uncompressed);
	RUN(subject_and_names_must_be_those_of_the_request);
	RUN(golden_certificate_fits_the_golden_request);
	return 0;
}
