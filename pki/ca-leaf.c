/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca-leaf.h"

#include "ca-index.h"
#include "csr.h"
#include "hex.h"
#include "name.h"
#include "san.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <string.h>
#include <time.h>

/* One key has one name in the index only if its encoding is the one RFC 5480 wants. */
static enum trustx_err hash_key(struct ca_leaf *leaf, X509_REQ *req, struct fail *f)
{
	static const unsigned char p256[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
		0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
		0x03, 0x42, 0x00, 0x04 };
	static const unsigned char p384[] = { 0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48,
		0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00,
		0x04 };
	unsigned char hash[EVP_MAX_MD_SIZE], *spki = NULL;
	int len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(req), &spki);
	enum trustx_err err = TRUSTX_OK;

	if (!(len == 91 && memcmp(spki, p256, sizeof(p256)) == 0) &&
		!(len == 120 && memcmp(spki, p384, sizeof(p384)) == 0))
		err = fail_set(f, TRUSTX_ERR_INPUT,
			"the request's public key is no uncompressed P-256 or P-384 point");
	else if (EVP_Digest(spki, (size_t)len, hash, NULL, EVP_sha256(), NULL) != 1)
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "OpenSSL could not hash the public key");
	else
		hex_print(leaf->key_hash, hash, 32);
	OPENSSL_free(spki);
	return err;
}

static enum trustx_err take_san(struct ca_leaf *leaf, X509_REQ *req, struct fail *f)
{
	X509_EXTENSIONS *list;
	enum trustx_err err;
	int found = -1;

	if ((err = san_extensions(&list, req, f)) != TRUSTX_OK)
		return err;
	leaf->san = X509V3_get_d2i(list, NID_subject_alt_name, &found, NULL);
	if (leaf->san == NULL && found != -1)
		err = fail_set(
			f, TRUSTX_ERR_INPUT, "the request's SAN is malformed or there twice");
	else if (leaf->san != NULL && sk_GENERAL_NAME_num(leaf->san) == 0)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the request's SAN is empty");
	else if (leaf->san == NULL && X509_NAME_entry_count(X509_REQ_get_subject_name(req)) == 0)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the request has neither a subject nor a SAN");
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	ERR_clear_error();
	return err;
}

static bool print_time(char out[static 21], const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 &&
	       strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &tm) == 20;
}

static bool print_serial(char out[static 41], X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);

	if (ASN1_STRING_length(serial) > 20)
		return false;
	hex_print(out, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
	return true;
}

enum trustx_err ca_leaf_take(struct ca_leaf *leaf, X509_REQ *req, struct fail *f)
{
	enum trustx_err err;

	*leaf = (struct ca_leaf){ .req = req };
	blob_init(&leaf->subject, CA_SUBJECT_MAX);
	if ((err = csr_verify(req, f)) != TRUSTX_OK)
		return err;
	if ((err = hash_key(leaf, req, f)) != TRUSTX_OK)
		return err;
	if ((err = take_san(leaf, req, f)) != TRUSTX_OK)
		return err;
	if ((err = name_print(&leaf->subject, X509_REQ_get_subject_name(req), ",")) != TRUSTX_OK)
		return fail_set(f, err, "the request's subject cannot be printed: %s",
			trustx_err_text(err));
	return TRUSTX_OK;
}

enum trustx_err ca_leaf_make(struct ca_leaf *leaf, const struct ca_profile *profile, struct fail *f)
{
	struct ca_profile full = *profile;
	ASN1_TIME *now = ASN1_TIME_set(NULL, profile->now);
	enum trustx_err err;

	full.subject = X509_REQ_get_subject_name(leaf->req);
	full.key = X509_REQ_get0_pubkey(leaf->req);
	full.san = leaf->san;
	if ((err = ca_certify(&leaf->cert, &full, f)) != TRUSTX_OK)
		goto out;
	if (now == NULL || !print_time(leaf->issued, now) ||
		!print_time(leaf->expires, X509_get0_notAfter(leaf->cert)) ||
		!print_serial(leaf->serial, leaf->cert))
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "OpenSSL could not print the certificate");
out:
	ASN1_TIME_free(now);
	return err;
}

void ca_leaf_free(struct ca_leaf *leaf)
{
	X509_free(leaf->cert);
	GENERAL_NAMES_free(leaf->san);
	blob_free(&leaf->subject);
}
