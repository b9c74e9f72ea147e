/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the chip signs, in the eyes of the program openssl. */
#include "test.h"

#include <openssl/pem.h>

#include "provider-world.h"
#include "shell.h"

#define TEXT "openssl req -in chip.csr -noout -text | grep -q 'Signature Algorithm: ecdsa-with-SHA"

static X509_REQ *make_request(const struct setup *s, const EVP_MD *md)
{
	X509_REQ *req = X509_REQ_new_ex(s->p.libctx, NULL);
	X509_NAME *name = X509_NAME_new();

	CHECK(X509_NAME_add_entry_by_txt(
		      name, "CN", MBSTRING_UTF8, (const unsigned char *)"chip", -1, -1, 0) == 1);
	CHECK(X509_REQ_set_version(req, 0) == 1 && X509_REQ_set_subject_name(req, name) == 1);
	CHECK(X509_REQ_set_pubkey(req, s->d.key) == 1);
	CHECK(X509_REQ_sign(req, s->d.key, md) > 0);
	X509_NAME_free(name);
	return req;
}

static void a_request_signed_by_the_chip_satisfies_openssl(void)
{
	X509_REQ *req;
	struct setup s;
	BIO *out;

	for (int i = TRUSTX_P256; i <= TRUSTX_P384; i++) {
		setup(&s, (enum trustx_curve)i);
		req = make_request(&s, i == TRUSTX_P256 ? EVP_sha256() : EVP_sha384());
		CHECK((out = BIO_new_file("chip.csr", "w")) != NULL);
		CHECK(PEM_write_bio_X509_REQ(out, req) == 1);
		BIO_free(out);
		run("openssl req -in chip.csr -verify -noout 2>/dev/null");
		run(i == TRUSTX_P256 ? TEXT "256'" : TEXT "384'");
		CHECK(X509_REQ_verify(req, s.d.key) == 1);
		X509_REQ_free(req);
		teardown(&s);
	}
}

int main(void)
{
	RUN(a_request_signed_by_the_chip_satisfies_openssl);
	return 0;
}
