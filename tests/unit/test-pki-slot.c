/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"
#include "test.h"

#include <openssl/err.h>

#include "file.h"
#include "make-cert.h"

#define HEADER 9
#define DER    724

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

static void expect_refused(const void *data, size_t len, const char *want)
{
	void *copy = malloc(len > 0 ? len : 1); /* so that a byte too far is noticed */
	STACK_OF(X509) *certs;
	enum cert_format format;
	struct fail f;

	CHECK(copy != NULL);
	memcpy(copy, data, len);
	CHECK_ERR(cert_from_slot(&certs, &format, copy, len, &f), TRUSTX_ERR_INPUT);
	CHECK(certs == NULL);
	expect_why(&f, want);
	free(copy);
}

static STACK_OF(X509) *read_slot(const struct blob *slot, enum cert_format want)
{
	STACK_OF(X509) *certs;
	enum cert_format format;
	struct fail f;

	CHECK_OK(cert_from_slot(&certs, &format, slot->data, slot->len, &f));
	CHECK_INT(format, want);
	CHECK(ERR_peek_error() == 0);
	return certs;
}

static void golden_certificate_becomes_the_golden_slot(void)
{
	struct blob pem, want, slot;
	STACK_OF(X509) *certs;
	struct fail f;

	load(&pem, GOLDEN "/aws-certificate.pem");
	load(&want, GOLDEN "/aws-certificate.slot.bin");
	blob_init(&slot, 1728);
	CHECK_OK(cert_parse(&certs, pem.data, pem.len, &f));
	CHECK_OK(cert_to_slot(&slot, certs, CERT_FORMAT_TLS_IDENTITY, &f));
	CHECK_INT(slot.len, want.len);
	CHECK_MEM(slot.data, want.data, want.len);
	blob_free(&slot);
	CHECK_OK(cert_to_slot(&slot, certs, CERT_FORMAT_DER, &f));
	CHECK_INT(slot.len, DER);
	CHECK_MEM(slot.data, want.data + HEADER, DER);
	free_certs(certs);
	blob_free(&slot);
	blob_free(&want);
	blob_free(&pem);
}

static void both_formats_are_read_with_zeros_behind(void)
{
	static const uint8_t zeros[100] = { 0 };
	struct blob slot, der;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	blob_init(&der, 2000);
	CHECK_OK(blob_add(&der, slot.data + HEADER, DER));
	for (int i = 0; i < 2; i++) {
		STACK_OF(X509) *a = read_slot(&slot, CERT_FORMAT_TLS_IDENTITY);
		STACK_OF(X509) *b = read_slot(&der, CERT_FORMAT_DER);

		CHECK_INT(sk_X509_num(a), 1);
		CHECK_INT(sk_X509_num(b), 1);
		CHECK_INT(X509_cmp(sk_X509_value(a, 0), sk_X509_value(b, 0)), 0);
		free_certs(a);
		free_certs(b);
		CHECK_OK(blob_add(&slot, zeros, sizeof(zeros)));
		CHECK_OK(blob_add(&der, zeros, sizeof(zeros)));
	}
	CHECK_OK(blob_add(&slot, "x", 1));
	CHECK_OK(blob_add(&der, "x", 1));
	expect_refused(slot.data, slot.len, "201 bytes behind the certificate are not zero");
	expect_refused(der.data, der.len, "201 bytes behind the certificate are not zero");
	blob_free(&der);
	blob_free(&slot);
}

static void chains_go_in_and_out(void)
{
	STACK_OF(X509) *chain, *back;
	struct family m;
	struct blob slot;
	struct fail f;

	family_make(&m);
	chain = stack_of(m.leaf, m.middle, m.root);
	blob_init(&slot, 4000);
	CHECK_OK(cert_to_slot(&slot, chain, CERT_FORMAT_TLS_IDENTITY, &f));
	back = read_slot(&slot, CERT_FORMAT_TLS_IDENTITY);
	CHECK_INT(sk_X509_num(back), 3);
	for (int i = 0; i < 3; i++)
		CHECK_INT(X509_cmp(sk_X509_value(back, i), sk_X509_value(chain, i)), 0);
	for (size_t len = 0; len < slot.len; len++)
		expect_refused(slot.data, len, "");
	blob_free(&slot);
	CHECK_ERR(cert_to_slot(&slot, chain, CERT_FORMAT_DER, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "3 certificates do not fit into the format der");
	CHECK_INT(slot.len, 0);
	free_certs(back);
	sk_X509_free(chain);
	family_free(&m);
}

static void what_is_too_big_for_the_slot_is_refused_whole(void)
{
	STACK_OF(X509) *one, *chain;
	struct family m;
	struct blob slot;
	struct fail f;

	family_make(&m);
	one = stack_of(m.leaf, NULL, NULL);
	chain = stack_of(m.leaf, m.middle, NULL);
	blob_init(&slot, 100);
	CHECK_ERR(cert_to_slot(&slot, one, CERT_FORMAT_DER, &f), TRUSTX_ERR_TOO_BIG);
	expect_why(&f, "the certificate needs ");
	CHECK_ERR(cert_to_slot(&slot, chain, CERT_FORMAT_TLS_IDENTITY, &f), TRUSTX_ERR_TOO_BIG);
	expect_why(&f, "the certificate chain needs ");
	CHECK_STR(f.next, "write the leaf certificate alone");
	CHECK_INT(slot.len, 0);
	sk_X509_zero(one);
	CHECK_ERR(cert_to_slot(&slot, one, CERT_FORMAT_DER, &f), TRUSTX_ERR_INPUT);
	expect_why(&f, "there is no certificate to write");
	sk_X509_free(one);
	sk_X509_free(chain);
	family_free(&m);
}

/* More than two bytes of length can say, in a slot that would take it. */
static void a_chain_longer_than_its_length_field_is_refused(void)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	struct family m;
	struct blob slot;
	struct fail f;

	family_make(&m);
	for (int i = 0; i < 250; i++)
		CHECK(sk_X509_push(chain, m.middle) > 0);
	blob_init(&slot, 1u << 20);
	CHECK_ERR(cert_to_slot(&slot, chain, CERT_FORMAT_TLS_IDENTITY, &f), TRUSTX_ERR_TOO_BIG);
	expect_why(&f, "the slot has 65535");
	CHECK_INT(slot.len, 0);
	sk_X509_free(chain);
	family_free(&m);
}

static void an_empty_slot_is_none_or_zeros(void)
{
	static const uint8_t zeros[1728] = { 0 };
	uint8_t last[16] = { [15] = 1 };

	CHECK(cert_slot_is_empty(NULL, 0));
	CHECK(cert_slot_is_empty(zeros, sizeof(zeros)));
	CHECK(!cert_slot_is_empty(last, sizeof(last)));
	expect_refused(zeros, 0, "the slot is empty");
	expect_refused(zeros, sizeof(zeros), "the slot is empty");
	expect_refused(last, sizeof(last), "its first byte is 0x00");
}

static void every_flip_in_the_header_is_refused(void)
{
	struct blob slot;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	for (size_t bit = 0; bit < 8 * (HEADER + 4); bit++) {
		slot.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		expect_refused(slot.data, slot.len, "");
		slot.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	slot.data[0] = 0xC2;
	expect_refused(slot.data, slot.len, "USB Type-C");
	slot.data[0] = 0xFF;
	expect_refused(slot.data, slot.len, "its first byte is 0xFF");
	slot.data[0] = 0xC0;
	slot.data[2]++;
	expect_refused(slot.data, slot.len, "the lengths in the slot contradict each other");
	blob_free(&slot);
}

static void every_truncation_is_refused(void)
{
	struct blob slot;

	load(&slot, GOLDEN "/aws-certificate.slot.bin");
	for (size_t len = 0; len < slot.len; len++)
		expect_refused(slot.data, len, "");
	for (size_t len = 0; len < DER; len++)
		expect_refused(slot.data + HEADER, len, "");
	blob_free(&slot);
}

static void chains_without_certificates_are_refused(void)
{
	static const uint8_t none[] = { 0xC0, 0, 3, 0, 0, 0 };
	static const uint8_t hollow[] = { 0xC0, 0, 6, 0, 0, 3, 0, 0, 0 };
	static const uint8_t huge[] = { 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t huge_der[] = { 0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t odd_der[] = { 0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 2 };

	expect_refused(none, sizeof(none), "contradict");
	expect_refused(hollow, sizeof(hollow), "contradict");
	expect_refused(huge, sizeof(huge), "contradict");
	expect_refused(huge_der, sizeof(huge_der), "contradict");
	expect_refused(odd_der, sizeof(odd_der), "contradict");
}

int main(void)
{
	RUN(golden_certificate_becomes_the_golden_slot);
	RUN(both_formats_are_read_with_zeros_behind);
	RUN(chains_go_in_and_out);
	RUN(what_is_too_big_for_the_slot_is_refused_whole);
	RUN(a_chain_longer_than_its_length_field_is_refused);
	RUN(an_empty_slot_is_none_or_zeros);
	RUN(every_flip_in_the_header_is_refused);
	RUN(every_truncation_is_refused);
	RUN(chains_without_certificates_are_refused);
	return 0;
}
