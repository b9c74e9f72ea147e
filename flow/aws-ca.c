/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-ca.h"

#include "cert.h"
#include "csr.h"
#include "hex.h"
#include "iot-look.h"
#include "iot-setup.h"
#include "name.h"
#include "ossl.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <string.h>

#define PEM_MAX	    65536u
#define CODE_MAX    64 /* RFC 5280, ub-common-name */
#define PROOF_DAYS  1
#define CODE_LETTER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* A request for the code, by a key that nobody needs again. */
static enum trustx_err make_request(struct blob *pem, const char *code, struct fail *f)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = NULL;
	char subject[CODE_MAX + sizeof("CN=")];
	struct csr_request request = { .san = NULL };
	enum trustx_err err;

	if (key == NULL) {
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "no key could be made");
		goto out;
	}
	snprintf(subject, sizeof(subject), "CN=%s", code);
	if ((err = name_from_text(&name, NULL, subject, f)) != TRUSTX_OK)
		goto out;
	request.subject = name;
	err = csr_create(pem, &request, key, f);
out:
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return err;
}

static enum trustx_err sign_request(
	struct blob *proof, const struct aws_ca_wish *wish, const struct blob *csr, struct fail *f)
{
	STACK_OF(X509) *certs = NULL;
	X509_REQ *req = NULL;
	struct ca *ca = NULL;
	enum trustx_err err;

	if ((err = csr_parse(&req, csr->data, csr->len, f)) == TRUSTX_OK &&
		(err = ca_open(&ca, wish->dir, wish->passphrase, f)) == TRUSTX_OK &&
		(err = ca_sign(&certs, ca, req, PROOF_DAYS, f)) == TRUSTX_OK)
		err = cert_pem(proof, sk_X509_value(certs, 0), f);
	ca_close(ca);
	X509_REQ_free(req);
	sk_X509_pop_free(certs, X509_free);
	return err;
}

static enum trustx_err make_proof(
	struct blob *proof, struct cloud *cloud, const struct aws_ca_wish *wish, struct fail *f)
{
	char code[IOT_ARN_MAX];
	struct blob csr;
	enum trustx_err err;

	if ((err = iot_registration_code(code, cloud, f)) != TRUSTX_OK)
		return err;
	if (strlen(code) > CODE_MAX || strspn(code, CODE_LETTER) != strlen(code))
		return fail_set(f, TRUSTX_ERR_ISSUER, "AWS's registration code cannot be one");
	blob_init(&csr, PEM_MAX);
	if ((err = make_request(&csr, code, f)) == TRUSTX_OK)
		err = sign_request(proof, wish, &csr, f);
	blob_free(&csr);
	return err;
}

/* ---- registration ---- */

static enum trustx_err read_issuer(
	struct aws_ca_result *result, struct blob *pem, const char *dir, struct fail *f)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	X509 *issuer;
	unsigned len;
	enum trustx_err err;

	if ((err = ca_issuer(&issuer, dir, f)) != TRUSTX_OK)
		return err;
	if (X509_digest(issuer, EVP_sha256(), digest, &len) != 1)
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "the CA's certificate cannot be hashed");
	else
		err = cert_pem(pem, issuer, f);
	if (err == TRUSTX_OK)
		hex_print(result->id, digest, len);
	X509_free(issuer);
	return err;
}

static enum trustx_err other_mode(const struct iot_authority *there, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_EXISTS, "the CA is registered already, in the mode %s",
		there->sni_only ? "SNI_ONLY" : "DEFAULT");
	return fail_next(f, "leave it so, or take it out first: aws iot update-ca-certificate "
			    "--new-status INACTIVE, aws iot delete-ca-certificate");
}

static enum trustx_err look(
	struct aws_ca_result *result, struct cloud *cloud, bool sni_only, struct fail *f)
{
	struct iot_authority there;
	enum trustx_err err;

	err = iot_describe_ca(&there, cloud, result->id, f);
	result->was_there = err == TRUSTX_OK;
	if (err != TRUSTX_OK)
		return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
	result->active = there.active;
	snprintf(result->arn, sizeof(result->arn), "%s", there.arn);
	return there.sni_only == sni_only ? TRUSTX_OK : other_mode(&there, f);
}

static enum trustx_err add(struct aws_ca_result *result, struct cloud *cloud,
	const struct aws_ca_wish *wish, const char *pem, struct fail *f)
{
	struct blob proof;
	enum trustx_err err = TRUSTX_OK;

	blob_init(&proof, PEM_MAX);
	if (!wish->sni_only)
		err = make_proof(&proof, cloud, wish, f);
	if (err == TRUSTX_OK)
		err = iot_register_ca(
			result->arn, cloud, pem, wish->sni_only ? NULL : blob_text(&proof), f);
	blob_free(&proof);
	result->active = err == TRUSTX_OK;
	/* Somebody else was faster: see in which mode. */
	return err == TRUSTX_ERR_EXISTS ? look(result, cloud, wish->sni_only, f) : err;
}

enum trustx_err aws_ca_register(struct aws_ca_result *result, struct cloud *cloud,
	const struct aws_ca_wish *wish, struct fail *f)
{
	struct blob pem;
	enum trustx_err err;

	memset(result, 0, sizeof(*result));
	blob_init(&pem, PEM_MAX);
	if ((err = read_issuer(result, &pem, wish->dir, f)) == TRUSTX_OK &&
		(err = look(result, cloud, wish->sni_only, f)) == TRUSTX_OK && !result->was_there)
		err = add(result, cloud, wish, blob_text(&pem), f);
	blob_free(&pem);
	return err;
}
