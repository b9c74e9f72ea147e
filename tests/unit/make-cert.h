/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certificates for tests, of every right and wrong kind. */
#ifndef TESTS_MAKE_CERT_H
#define TESTS_MAKE_CERT_H

#include <openssl/x509v3.h>

#include "test.h"

#define NOW 1700000000 /* 2023-11-14 22:13:20 UTC */
#define DAY 86400

struct recipe {
	const char *cn;
	EVP_PKEY *key;					  /* its own */
	X509 *issuer;					  /* NULL: self-signed */
	EVP_PKEY *signer;				  /* NULL: key */
	const char *constraints, *usage, *extended, *san; /* OpenSSL's notation; NULL: none */
	long from, to;					  /* days around NOW; 0, 0: -10 .. 10 */
	int plain;					  /* version 1, no extension at all */
};

static inline void make_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension;

	if (value == NULL)
		return;
	extension = X509V3_EXT_nconf_nid(NULL, NULL, nid, value);
	CHECK(extension != NULL);
	CHECK(X509_add_ext(cert, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static inline X509 *make_cert(const struct recipe *r)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	long from = r->from == 0 && r->to == 0 ? -10 : r->from;
	long to = r->from == 0 && r->to == 0 ? 10 : r->to;

	CHECK(X509_set_version(cert, r->plain ? X509_VERSION_1 : X509_VERSION_3) == 1);
	CHECK(ASN1_INTEGER_set(X509_get_serialNumber(cert), 0x80F1) == 1);
	if (r->cn != NULL)
		CHECK(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
			      (const unsigned char *)r->cn, -1, -1, 0) == 1);
	CHECK(X509_set_issuer_name(
		      cert, r->issuer != NULL ? X509_get_subject_name(r->issuer) : name) == 1);
	CHECK(ASN1_TIME_set(X509_getm_notBefore(cert), NOW + from * DAY) != NULL);
	CHECK(ASN1_TIME_set(X509_getm_notAfter(cert), NOW + to * DAY) != NULL);
	CHECK(X509_set_pubkey(cert, r->key) == 1);
	make_extension(cert, NID_basic_constraints, r->constraints);
	make_extension(cert, NID_key_usage, r->usage);
	make_extension(cert, NID_ext_key_usage, r->extended);
	make_extension(cert, NID_subject_alt_name, r->san);
	CHECK(X509_sign(cert, r->signer != NULL ? r->signer : r->key, EVP_sha256()) > 0);
	return cert;
}

/* Root, intermediate and leaf that fit; each with its own key. */
struct family {
	EVP_PKEY *root_key, *middle_key, *leaf_key;
	X509 *root, *middle, *leaf;
};

#define CA_BITS "critical,CA:TRUE"

static inline void family_make(struct family *m)
{
	m->root_key = EVP_EC_gen("P-256");
	m->middle_key = EVP_EC_gen("P-384");
	m->leaf_key = EVP_EC_gen("P-256");
	m->root = make_cert(&(struct recipe){
		.cn = "root", .key = m->root_key, .constraints = CA_BITS, .usage = "keyCertSign" });
	m->middle = make_cert(&(struct recipe){ .cn = "middle",
		.key = m->middle_key,
		.issuer = m->root,
		.signer = m->root_key,
		.constraints = "critical,CA:TRUE,pathlen:0" });
	m->leaf = make_cert(&(struct recipe){ .cn = "leaf",
		.key = m->leaf_key,
		.issuer = m->middle,
		.signer = m->middle_key,
		.constraints = "critical,CA:FALSE" });
}

static inline void family_free(struct family *m)
{
	X509_free(m->root);
	X509_free(m->middle);
	X509_free(m->leaf);
	EVP_PKEY_free(m->root_key);
	EVP_PKEY_free(m->middle_key);
	EVP_PKEY_free(m->leaf_key);
}

/* A stack that borrows up to three certificates; NULL is left out. Free with sk_X509_free. */
static inline STACK_OF(X509) *stack_of(X509 *a, X509 *b, X509 *c)
{
	STACK_OF(X509) *stack = sk_X509_new_null();
	X509 *all[] = { a, b, c };

	for (size_t i = 0; i < 3; i++)
		if (all[i] != NULL)
			CHECK(sk_X509_push(stack, all[i]) > 0);
	return stack;
}

#endif
