/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"

#include "name.h"
#include "ossl.h"
#include "san.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <string.h>

#define SHOWN_MAX 200 /* of a name in a message */

/* ---- words ---- */

/* The name, or as much of it as a message bears; "(no name)" for an empty one. */
static void show_name(char shown[SHOWN_MAX], const X509_NAME *name)
{
	const char *text = "(no name)";
	struct blob whole;

	blob_init(&whole, 65536);
	if (X509_NAME_entry_count(name) > 0 && name_print(&whole, name, ",") == TRUSTX_OK)
		text = blob_text(&whole);
	snprintf(shown, SHOWN_MAX, "%s", text);
	blob_free(&whole);
}

static void show_date(char shown[32], const ASN1_TIME *date)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(date, &tm) == 1)
		strftime(shown, 32, "%Y-%m-%d %H:%M:%S UTC", &tm);
	else
		snprintf(shown, 32, "an invalid date");
}

/* ---- the key ---- */

enum trustx_err cert_point(uint8_t *point, size_t *len, X509 *cert, struct fail *f)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	unsigned char *encoded = NULL;
	enum trustx_err err;
	char group[32];
	size_t size;

	if (key == NULL || EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1 ||
		(strcmp(group, SN_X9_62_prime256v1) != 0 && strcmp(group, SN_secp384r1) != 0)) {
		ERR_clear_error();
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the key of the certificate is neither P-256 nor P-384");
	}
	if ((size = EVP_PKEY_get1_encoded_public_key(key, &encoded)) == 0)
		return ossl_fail(f, TRUSTX_ERR_CRYPTO, "the key of the certificate is unreadable");
	if (encoded[0] != POINT_CONVERSION_UNCOMPRESSED) {
		err = fail_set(f, TRUSTX_ERR_INPUT,
			"the key of the certificate is not an uncompressed point");
		goto out;
	}
	if (size > *len) {
		err = fail_set(f, TRUSTX_ERR_TOO_SMALL, "no room for a point of %zu bytes", size);
		goto out;
	}
	memcpy(point, encoded, size);
	*len = size;

	err = TRUSTX_OK;
out:
	OPENSSL_free(encoded);
	return err;
}

/* ---- dates ---- */

enum trustx_err cert_check_dates(X509 *cert, time_t now, struct fail *f)
{
	int begun = ASN1_TIME_cmp_time_t(X509_get0_notBefore(cert), now);
	int ended = ASN1_TIME_cmp_time_t(X509_get0_notAfter(cert), now);
	char name[SHOWN_MAX], date[32];

	ERR_clear_error();
	show_name(name, X509_get_subject_name(cert));
	if (begun == -2 || ended == -2)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "a date of the certificate %s is invalid", name);
	if (begun > 0) {
		show_date(date, X509_get0_notBefore(cert));
		return fail_set(f, TRUSTX_ERR_MISMATCH, "the certificate %s is not valid before %s",
			name, date);
	}
	if (ended < 0) {
		show_date(date, X509_get0_notAfter(cert));
		return fail_set(
			f, TRUSTX_ERR_MISMATCH, "the certificate %s expired on %s", name, date);
	}
	return TRUSTX_OK;
}

/* ---- the chain ---- */

static bool is_named(STACK_OF(X509) *certs, const X509_NAME *name)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(certs, i)), name) == 0)
			return true;
	return false;
}

/* Why the certificate at fault does not connect to a root. */
static void explain_gap(char *why, size_t size, X509_STORE_CTX *ctx, STACK_OF(X509) *roots)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	char name[SHOWN_MAX];

	show_name(name, issuer);
	if (X509_NAME_cmp(issuer, X509_get_subject_name(cert)) == 0)
		snprintf(why, size, "is self-signed and not among the trusted certificates");
	else if (is_named(roots, issuer) || is_named(X509_STORE_CTX_get0_untrusted(ctx), issuer))
		snprintf(why, size, "was issued by another %s than the one given", name);
	else
		snprintf(why, size, "was issued by %s, which is not among the certificates given",
			name);
}

static void explain(char *why, size_t size, X509_STORE_CTX *ctx, STACK_OF(X509) *roots)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	int code = X509_STORE_CTX_get_error(ctx);
	char date[32];

	switch (code) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
		show_date(date, X509_get0_notBefore(cert));
		snprintf(why, size, "is not valid before %s", date);
		break;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		show_date(date, X509_get0_notAfter(cert));
		snprintf(why, size, "expired on %s", date);
		break;
	case X509_V_ERR_INVALID_CA:
		snprintf(why, size, "is no CA and must not issue certificates");
		break;
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		snprintf(why, size, "has a signature that its issuer did not make");
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		explain_gap(why, size, ctx, roots);
		break;
	default:
		snprintf(why, size, "is refused: %s", X509_verify_cert_error_string(code));
	}
}

static enum trustx_err chain_broken(X509_STORE_CTX *ctx, STACK_OF(X509) *roots, struct fail *f)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	int code = X509_STORE_CTX_get_error(ctx);
	char name[SHOWN_MAX], why[SHOWN_MAX + 80];

	ERR_clear_error();
	if (code == X509_V_ERR_OUT_OF_MEM)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (cert == NULL)
		return fail_set(f, TRUSTX_ERR_MISMATCH, "the chain is refused: %s",
			X509_verify_cert_error_string(code));
	show_name(name, X509_get_subject_name(cert));
	explain(why, sizeof(why), ctx, roots);
	return fail_set(f, TRUSTX_ERR_MISMATCH, "certificate %d of the chain, %s, %s",
		X509_STORE_CTX_get_error_depth(ctx), name, why);
}

static X509_STORE *make_store(STACK_OF(X509) *roots)
{
	X509_STORE *store = X509_STORE_new();

	for (int i = 0; store != NULL && i < sk_X509_num(roots); i++) {
		if (X509_STORE_add_cert(store, sk_X509_value(roots, i)) == 1)
			continue;
		X509_STORE_free(store);
		store = NULL;
	}
	return store;
}

enum trustx_err cert_check_chain(
	STACK_OF(X509) *certs, STACK_OF(X509) *roots, time_t now, struct fail *f)
{
	X509_STORE *store = make_store(roots);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	enum trustx_err err;

	if (sk_X509_num(certs) <= 0) {
		err = fail_set(f, TRUSTX_ERR_INPUT, "there is no certificate to check");
		goto out;
	}
	if (store == NULL || ctx == NULL ||
		X509_STORE_CTX_init(ctx, store, sk_X509_value(certs, 0), certs) != 1) {
		err = ossl_fail(f, TRUSTX_ERR_MEMORY, "the chain could not be checked");
		goto out;
	}
	X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_CTX_set_time(ctx, 0, now);
	if (X509_verify_cert(ctx) != 1) {
		err = chain_broken(ctx, roots, f);
		goto out;
	}

	err = TRUSTX_OK;
out:
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return err;
}

/* ---- the request ---- */

static enum trustx_err check_subject(X509 *cert, X509_REQ *req, struct fail *f)
{
	const X509_NAME *got = X509_get_subject_name(cert);
	const X509_NAME *asked = X509_REQ_get_subject_name(req);
	char got_text[SHOWN_MAX], asked_text[SHOWN_MAX];

	if (X509_NAME_cmp(got, asked) == 0)
		return TRUSTX_OK;
	show_name(got_text, got);
	show_name(asked_text, asked);
	return fail_set(f, TRUSTX_ERR_MISMATCH,
		"the certificate's subject is %s, the request's is %s", got_text, asked_text);
}

/* Is every name of a in b? */
static enum trustx_err check_names(const GENERAL_NAMES *a, const char *a_is, const GENERAL_NAMES *b,
	const char *b_is, struct fail *f)
{
	GENERAL_NAME *missing = san_missing(a, b);
	struct blob name;

	if (missing == NULL)
		return TRUSTX_OK;
	blob_init(&name, 65536);
	if (san_print(&name, missing) != TRUSTX_OK)
		blob_free(&name);
	fail_set(f, TRUSTX_ERR_MISMATCH, "the SAN %s is in the %s, but not in the %s",
		blob_text(&name), a_is, b_is);
	blob_free(&name);
	return f->err;
}

enum trustx_err cert_check_request(X509 *cert, X509_REQ *req, struct fail *f)
{
	GENERAL_NAMES *got = NULL, *asked = NULL;
	enum trustx_err err;

	if ((err = check_subject(cert, req, f)) != TRUSTX_OK ||
		(err = san_of_cert(&got, cert, f)) != TRUSTX_OK ||
		(err = san_of_request(&asked, req, f)) != TRUSTX_OK)
		goto out;
	if ((err = check_names(asked, "request", got, "certificate", f)) != TRUSTX_OK)
		goto out;
	err = check_names(got, "certificate", asked, "request", f);
out:
	GENERAL_NAMES_free(got);
	GENERAL_NAMES_free(asked);
	return err;
}
