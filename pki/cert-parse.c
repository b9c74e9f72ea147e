/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"

#include "cert-der.h"
#include "ossl.h"
#include "pem.h"
#include "x509-kind.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <limits.h>
#include <string.h>

#define WANTED	"a certificate"
#define DER_MAX (16u << 20)

/* ---- one ---- */

static enum trustx_err check_canonical(X509 *cert, const uint8_t *der, size_t len, struct fail *f)
{
	unsigned char *again = NULL;
	int again_len = i2d_X509(cert, &again);
	enum trustx_err err;

	if (again_len < 0)
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the certificate could not be encoded");
	else if ((size_t)again_len != len || memcmp(again, der, len) != 0)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the certificate is not encoded in strict DER");
	else
		err = TRUSTX_OK;
	OPENSSL_free(again);
	return err;
}

enum trustx_err cert_from_der(X509 **cert, const uint8_t *der, size_t len, struct fail *f)
{
	const unsigned char *at = der;
	enum trustx_err err;
	X509 *parsed;

	*cert = NULL;
	if ((err = x509_kind_check_length(der, len, f)) != TRUSTX_OK)
		return err;
	if (len > LONG_MAX || (parsed = d2i_X509(NULL, &at, (long)len)) == NULL) {
		ERR_clear_error();
		return x509_kind_wrong(x509_kind_of_der(der, len), WANTED, f);
	}
	if ((err = check_canonical(parsed, der, len, f)) != TRUSTX_OK) {
		X509_free(parsed);
		return err;
	}
	*cert = parsed;
	return TRUSTX_OK;
}

/* Takes cert over, also on failure. */
static enum trustx_err push(STACK_OF(X509) *certs, X509 *cert, struct fail *f)
{
	if (sk_X509_push(certs, cert) > 0)
		return TRUSTX_OK;
	X509_free(cert);
	return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
}

enum trustx_err cert_push_der(STACK_OF(X509) *certs, const uint8_t *der, size_t len, struct fail *f)
{
	enum trustx_err err;
	X509 *cert;

	if ((err = cert_from_der(&cert, der, len, f)) != TRUSTX_OK)
		return err;
	return push(certs, cert, f);
}

/* ---- PKCS#7 ---- */

static enum trustx_err take_pkcs7(STACK_OF(X509) *certs, const PKCS7 *p7, struct fail *f)
{
	const STACK_OF(X509) *inside = NULL;
	enum trustx_err err;

	if (PKCS7_type_is_signed(p7) && p7->d.sign != NULL)
		inside = p7->d.sign->cert;
	if (sk_X509_num(inside) <= 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "this PKCS#7 file contains no certificate");
	for (int i = 0; i < sk_X509_num(inside); i++) {
		X509 *cert = sk_X509_value(inside, i);

		X509_up_ref(cert);
		if ((err = push(certs, cert, f)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

static enum trustx_err push_pkcs7(
	STACK_OF(X509) *certs, const uint8_t *der, size_t len, struct fail *f)
{
	const unsigned char *at = der;
	enum trustx_err err;
	PKCS7 *p7;

	if (len > LONG_MAX || (p7 = d2i_PKCS7(NULL, &at, (long)len)) == NULL) {
		ERR_clear_error();
		return x509_kind_wrong(x509_kind_of_der(der, len), "a PKCS#7 file", f);
	}
	if (at != der + len)
		err = fail_set(f, TRUSTX_ERR_INPUT, "%zu bytes too many behind the PKCS#7 file",
			(size_t)(der + len - at));
	else
		err = take_pkcs7(certs, p7, f);
	PKCS7_free(p7);
	return err;
}

/* ---- files ---- */

static enum trustx_err take_block(STACK_OF(X509) *certs, struct pem *pem, struct fail *f)
{
	enum x509_kind kind = x509_kind_of_label(pem->label);
	unsigned line = pem->line - 1;
	enum trustx_err err;
	struct blob der;

	if (kind != X509_KIND_CERTIFICATE && kind != X509_KIND_PKCS7) {
		if (sk_X509_num(certs) == 0)
			return x509_kind_wrong(kind, WANTED, f);
		return fail_set(f, TRUSTX_ERR_INPUT,
			"line %u: %s among the certificates has no place there", line,
			x509_kind_text(kind));
	}
	blob_init(&der, DER_MAX);
	if ((err = pem_body(&der, pem, f)) == TRUSTX_OK) {
		err = kind == X509_KIND_PKCS7 ? push_pkcs7(certs, der.data, der.len, f)
					      : cert_push_der(certs, der.data, der.len, f);
	}
	blob_free(&der);
	return err;
}

static enum trustx_err parse_pem(
	STACK_OF(X509) *certs, const uint8_t *data, size_t len, struct fail *f)
{
	enum trustx_err err;
	struct pem pem;
	bool found;

	pem_init(&pem, data, len);
	for (;;) {
		err = pem_begin(&pem, &found, f);
		if (err != TRUSTX_OK && sk_X509_num(certs) == 0)
			return x509_kind_wrong(x509_kind_of_der(data, len), WANTED, f);
		if (err != TRUSTX_OK)
			return err;
		if (!found)
			break;
		if ((err = take_block(certs, &pem, f)) != TRUSTX_OK)
			return err;
	}
	if (sk_X509_num(certs) == 0 && pem.skipped == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the file is empty");
	if (sk_X509_num(certs) == 0)
		return x509_kind_wrong(x509_kind_of_der(data, len), WANTED, f);
	if (pem.skipped > 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "%zu bytes too many behind the certificate",
			pem.skipped);
	return TRUSTX_OK;
}

static enum trustx_err parse_der(
	STACK_OF(X509) *certs, const uint8_t *der, size_t len, struct fail *f)
{
	if (x509_kind_of_der(der, len) == X509_KIND_PKCS7)
		return push_pkcs7(certs, der, len, f);
	return cert_push_der(certs, der, len, f);
}

static bool issued_another(STACK_OF(X509) *certs, int issuer)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (i != issuer && X509_check_issued(sk_X509_value(certs, issuer),
					   sk_X509_value(certs, i)) == X509_V_OK)
			return true;
	return false;
}

/* The set in PKCS#7 has no order of its own, and some people's files begin with the root. */
static enum trustx_err move_leaf_first(STACK_OF(X509) *certs, struct fail *f)
{
	int leaf = 0;
	X509 *cert;

	while (leaf < sk_X509_num(certs) && issued_another(certs, leaf))
		leaf++;
	ERR_clear_error();
	if (leaf == 0 || leaf == sk_X509_num(certs))
		return TRUSTX_OK;
	cert = sk_X509_delete(certs, leaf);
	if (sk_X509_insert(certs, cert, 0) > 0)
		return TRUSTX_OK;
	X509_free(cert);
	return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
}

enum trustx_err cert_parse(STACK_OF(X509) **certs, const void *data, size_t len, struct fail *f)
{
	STACK_OF(X509) *made = sk_X509_new_null();
	enum trustx_err err;

	*certs = NULL;
	if (made == NULL)
		return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
	err = x509_kind_is_binary(data, len) ? parse_der(made, data, len, f)
					     : parse_pem(made, data, len, f);
	if (err != TRUSTX_OK || (err = move_leaf_first(made, f)) != TRUSTX_OK)
		goto out;
	*certs = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	sk_X509_pop_free(made, X509_free);
	return err;
}

enum trustx_err cert_pem(struct blob *pem, X509 *cert, struct fail *f)
{
	BIO *out = BIO_new(BIO_s_mem());
	enum trustx_err err;

	if (out == NULL || PEM_write_bio_X509(out, cert) != 1)
		err = ossl_fail(f, TRUSTX_ERR_MEMORY, "the certificate could not be encoded");
	else if ((err = ossl_take(pem, out)) != TRUSTX_OK)
		fail_set(f, err, "the certificate is too big");
	BIO_free(out);
	return err;
}
