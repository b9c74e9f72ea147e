/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "csr.h"

#include "ossl.h"
#include "pem.h"
#include "x509-kind.h"

#include <openssl/err.h>

#include <string.h>

#define DER_MAX 65536u
#define WANTED	"a certificate request"

/* Only what encodes back to the same bytes is DER. */
static enum trustx_err check_canonical(X509_REQ *req, const struct blob *der, struct fail *f)
{
	unsigned char *again = NULL;
	int len = i2d_X509_REQ(req, &again);
	enum trustx_err err;

	if (len < 0)
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the request could not be encoded");
	else if ((size_t)len != der->len || memcmp(again, der->data, der->len) != 0)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the request is not encoded in strict DER");
	else
		err = TRUSTX_OK;
	OPENSSL_free(again);
	return err;
}

static enum trustx_err parse_der(X509_REQ **req, const struct blob *der, struct fail *f)
{
	const unsigned char *at = der->data;
	X509_REQ *parsed = NULL;
	enum trustx_err err;

	if ((err = x509_kind_check_length(der->data, der->len, f)) != TRUSTX_OK)
		return err;
	if ((parsed = d2i_X509_REQ(NULL, &at, (long)der->len)) == NULL) {
		ERR_clear_error();
		return x509_kind_wrong(x509_kind_of_der(der->data, der->len), WANTED, f);
	}
	if ((err = check_canonical(parsed, der, f)) != TRUSTX_OK)
		goto out;
	if (X509_REQ_get_version(parsed) != X509_REQ_VERSION_1) {
		err = fail_set(f, TRUSTX_ERR_INPUT, "the request is not of version 1");
		goto out;
	}
	if (X509_REQ_get0_pubkey(parsed) == NULL) {
		err = ossl_fail(f, TRUSTX_ERR_INPUT, "the request's public key cannot be used");
		goto out;
	}
	*req = parsed;
	parsed = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	X509_REQ_free(parsed);
	return err;
}

static enum trustx_err read_pem(struct blob *der, const void *data, size_t len, struct fail *f)
{
	enum trustx_err err;
	struct pem pem;
	bool found;

	pem_init(&pem, data, len);
	if (pem_begin(&pem, &found, f) != TRUSTX_OK)
		return x509_kind_wrong(x509_kind_of_der(data, len), WANTED, f);
	if (!found && pem.skipped == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the file is empty");
	if (!found)
		return x509_kind_wrong(x509_kind_of_der(data, len), WANTED, f);
	if (x509_kind_of_label(pem.label) != X509_KIND_REQUEST)
		return x509_kind_wrong(x509_kind_of_label(pem.label), WANTED, f);
	if ((err = pem_body(der, &pem, f)) != TRUSTX_OK ||
		(err = pem_begin(&pem, &found, f)) != TRUSTX_OK)
		return err;
	if (found || pem.skipped > 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "something follows the request");
	return TRUSTX_OK;
}

enum trustx_err csr_parse(X509_REQ **req, const void *data, size_t len, struct fail *f)
{
	enum trustx_err err;
	struct blob der;

	*req = NULL;
	blob_init(&der, DER_MAX);
	if (!x509_kind_is_binary(data, len))
		err = read_pem(&der, data, len, f);
	else if ((err = blob_add(&der, data, len)) != TRUSTX_OK)
		fail_set(f, err, "too big for a certificate request");
	if (err == TRUSTX_OK)
		err = parse_der(req, &der, f);
	blob_free(&der);
	return err;
}

enum trustx_err csr_verify(X509_REQ *req, struct fail *f)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);

	if (key != NULL && X509_REQ_verify(req, key) == 1)
		return TRUSTX_OK;
	ERR_clear_error();
	return fail_set(f, TRUSTX_ERR_MISMATCH,
		"the signature of the request was not made by the key in it");
}
