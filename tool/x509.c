/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "x509.h"

#include "cert.h"
#include "hex.h"
#include "name.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NAME_MAX_BYTES ((size_t)8192)

static enum trustx_err print_time(char out[X509_TIME_MAX], const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 ||
		strftime(out, X509_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return TRUSTX_ERR_CRYPTO;
	return TRUSTX_OK;
}

/* The content octets of the INTEGER, without a sign byte of its own: as openssl x509 -serial. */
static enum trustx_err print_serial(char out[X509_SERIAL_MAX], X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	size_t len = (size_t)ASN1_STRING_length(serial);

	if (2 * len + 1 > X509_SERIAL_MAX)
		return TRUSTX_ERR_CRYPTO;
	hex_print(out, ASN1_STRING_get0_data(serial), len);
	return TRUSTX_OK;
}

static enum trustx_err print_fingerprint(char out[X509_FINGERPRINT_MAX], X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (X509_digest(cert, EVP_sha256(), digest, &len) != 1 ||
		2 * len + 1 != X509_FINGERPRINT_MAX)
		return TRUSTX_ERR_CRYPTO;
	hex_print(out, digest, len);
	return TRUSTX_OK;
}

enum trustx_err x509_words(struct x509_words *words, X509 *cert, struct fail *f)
{
	enum trustx_err err;

	memset(words, 0, sizeof(*words));
	blob_init(&words->subject, NAME_MAX_BYTES);
	blob_init(&words->issuer, NAME_MAX_BYTES);
	if ((err = print_serial(words->serial, cert)) != TRUSTX_OK ||
		(err = print_fingerprint(words->fingerprint, cert)) != TRUSTX_OK ||
		(err = print_time(words->not_before, X509_get0_notBefore(cert))) != TRUSTX_OK ||
		(err = print_time(words->not_after, X509_get0_notAfter(cert))) != TRUSTX_OK ||
		(err = name_print(&words->subject, X509_get_subject_name(cert), ",")) !=
			TRUSTX_OK ||
		(err = name_print(&words->issuer, X509_get_issuer_name(cert), ",")) != TRUSTX_OK)
		return fail_set(f, err, "cannot print the certificate");
	return TRUSTX_OK;
}

void x509_words_free(struct x509_words *words)
{
	blob_free(&words->subject);
	blob_free(&words->issuer);
}

enum trustx_err x509_print(struct out *o, const char *key, X509 *cert, struct fail *f)
{
	struct x509_words words;
	enum trustx_err err;

	if ((err = x509_words(&words, cert, f)) == TRUSTX_OK) {
		out_object(o, key);
		out_str(o, "subject", "Subject:", blob_text(&words.subject));
		out_str(o, "issuer", "Issuer:", blob_text(&words.issuer));
		out_str(o, "serial", "Serial:", words.serial);
		out_str(o, "not_before", "Valid from:", words.not_before);
		out_str(o, "not_after", "Valid to:", words.not_after);
		out_str(o, "fingerprint", "SHA-256:", words.fingerprint);
		out_end(o);
	}
	x509_words_free(&words);
	return err;
}

enum trustx_err x509_print_all(
	struct out *o, const char *key, STACK_OF(X509) *certs, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	out_array(o, key);
	for (int i = 0; i < sk_X509_num(certs) && err == TRUSTX_OK; i++)
		err = x509_print(o, NULL, sk_X509_value(certs, i), f);
	out_end(o);
	return err;
}

enum trustx_err x509_pem_all(struct blob *pem, STACK_OF(X509) *certs, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	for (int i = 0; i < sk_X509_num(certs) && err == TRUSTX_OK; i++)
		err = cert_pem(pem, sk_X509_value(certs, i), f);
	return err;
}
