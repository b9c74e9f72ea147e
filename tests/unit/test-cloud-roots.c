/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The roots that are compiled in, against what Amazon Trust Services publishes of them. */
#include "roots.h"
#include "test.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *fingerprint; /* SHA-256 of the DER */
} published[] = {
	{ "Amazon Root CA 1", "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e" },
	{ "Amazon Root CA 2", "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4" },
	{ "Amazon Root CA 3", "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4" },
	{ "Amazon Root CA 4", "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092" },
	{ "Starfield Services Root Certificate Authority - G2",
		"568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5" },
};
#define COUNT (sizeof(published) / sizeof(published[0]))

static void check_root(X509 *root, size_t i)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char name[100] = "", hex[65] = "";
	unsigned len = 0;

	CHECK(X509_digest(root, EVP_sha256(), digest, &len) == 1 && len == 32);
	for (unsigned k = 0; k < len && k < 32; k++)
		snprintf(hex + 2 * k, 3, "%02x", digest[k]);
	CHECK(strcmp(hex, published[i].fingerprint) == 0);
	X509_NAME_get_text_by_NID(X509_get_subject_name(root), NID_commonName, name, sizeof(name));
	CHECK(strcmp(name, published[i].name) == 0);
	CHECK(X509_check_ca(root) == 1);
	CHECK(X509_verify(root, X509_get0_pubkey(root)) == 1);
	CHECK(X509_cmp_current_time(X509_get0_notAfter(root)) > 0);
}

static void roots_are_amazons_and_no_others(void)
{
	BIO *bio = BIO_new_mem_buf(roots_amazon, (int)roots_amazon_len);
	X509 *root;
	size_t i = 0;

	while ((root = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		CHECK(i < COUNT);
		if (i < COUNT)
			check_root(root, i);
		X509_free(root);
		i++;
	}
	CHECK(i == COUNT);
	BIO_free(bio);
}

int main(void)
{
	RUN(roots_are_amazons_and_no_others);
	return 0;
}
