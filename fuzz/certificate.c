/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certificate files: PEM, DER, PKCS#7. */
#include "cert.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	STACK_OF(X509) *certs = NULL, *again = NULL;
	struct fail f = { 0 };
	struct blob text;

	if (cert_parse(&certs, data, size, &f) != TRUSTX_OK) {
		PROPERTY(certs == NULL && f.why[0] != '\0');
		return 0;
	}
	blob_init(&text, 4 * size + (1u << 16));
	for (int i = 0; i < sk_X509_num(certs); i++)
		PROPERTY(cert_pem(&text, sk_X509_value(certs, i), &f) == TRUSTX_OK);
	PROPERTY(cert_parse(&again, text.data, text.len, &f) == TRUSTX_OK);
	PROPERTY(sk_X509_num(again) == sk_X509_num(certs));
	for (int i = 0; i < sk_X509_num(certs); i++)
		PROPERTY(X509_cmp(sk_X509_value(again, i), sk_X509_value(certs, i)) == 0);
	sk_X509_pop_free(again, X509_free);
	sk_X509_pop_free(certs, X509_free);
	blob_free(&text);
	return 0;
}
