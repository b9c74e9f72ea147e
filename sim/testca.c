/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "testca.h"

#include <string.h>

#include <openssl/evp.h>

#include "mem.h"

#define SEED_ROOT	 0x74657374726F6F74u /* "testroot" */
#define SEED_ISSUING	 0x7465737463613030u /* "testca00" */
#define SEED_SERVER_ROOT 0x7465737473727672u /* "testsrvr" */

#define NAME_ROOT	 "trustx simulator test root CA"
#define NAME_ISSUING	 "trustx simulator test CA 000"
#define NAME_SERVER_ROOT "trustx simulator test server root CA"
#define ORGANIZATION	 "trustx simulator"

#define VALID_FROM	"200101000000Z"
#define VALID_TO_CHIP	"400101000000Z"
#define VALID_TO_ISSUER "491231235959Z"

#define SERIAL_LEN  16
#define KEY_ID_LEN  20
#define CRITICAL    0x01, 0x01, 0xFF
#define EXPLICIT(n) (0xA0 | (n))
#define DIGEST_LEN  32

static const uint8_t oid_ecdsa_sha256[] = { 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2 };
static const uint8_t oids_p256[] = { 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 8, 0x2A, 0x86,
	0x48, 0xCE, 0x3D, 3, 1, 7 };
static const uint8_t oid_cn[] = { 6, 3, 0x55, 4, 3 };
static const uint8_t oid_o[] = { 6, 3, 0x55, 4, 10 };
static const uint8_t oid_key_id[] = { 6, 3, 0x55, 0x1D, 14 };
static const uint8_t oid_authority[] = { 6, 3, 0x55, 0x1D, 35 };

/* Whole contents of extensions: OID, critical, value. */
static const uint8_t chip_usage[] = { 6, 3, 0x55, 0x1D, 15, CRITICAL, 4, 4, 3, 2, 7, 0x80 };
static const uint8_t issuer_usage[] = { 6, 3, 0x55, 0x1D, 15, CRITICAL, 4, 4, 3, 2, 1, 0x06 };
static const uint8_t no_issuer[] = { 6, 3, 0x55, 0x1D, 19, CRITICAL, 4, 2, 0x30, 0 };
static const uint8_t any_issuer[] = { 6, 3, 0x55, 0x1D, 19, CRITICAL, 4, 5, 0x30, 3, 1, 1, 0xFF };
static const uint8_t last_issuer[] = { 6, 3, 0x55, 0x1D, 19, CRITICAL, 4, 8, 0x30, 6, 1, 1, 0xFF, 2,
	1, 0 };

struct party {
	const char *name;
	struct private_key key;
	struct public_key pub;
};

struct profile_of_cert {
	const char *subject; /* NULL: empty */
	const char *valid_to;
	uint8_t serial[SERIAL_LEN];
	bool is_issuer, is_last;
};

static enum trustx_err make_party(
	struct party *p, struct curves *c, const char *name, uint64_t seed)
{
	struct rng rng = { .seeded = true, .seed = seed };
	enum trustx_err err;

	p->name = name;
	if ((err = curve_generate(c, &p->key, CURVE_P256, &rng)) != TRUSTX_OK)
		return err;
	return curve_public(c, &p->pub, &p->key);
}

static void put_attribute(struct der *d, const uint8_t oid[static 5], const char *value)
{
	size_t mark = d->at;

	der_element(d, DER_UTF8_STRING, value, strlen(value));
	der_bytes(d, oid, 5);
	der_wrap(d, DER_SEQUENCE, mark);
	der_wrap(d, DER_SET, mark);
}

static void put_name(struct der *d, const char *cn)
{
	size_t mark = d->at;

	if (cn != NULL) {
		put_attribute(d, oid_cn, cn);
		put_attribute(d, oid_o, ORGANIZATION);
	}
	der_wrap(d, DER_SEQUENCE, mark);
}

static void put_point(struct der *d, const struct public_key *pub)
{
	static const uint8_t head[] = { 0x00, 0x04 }; /* no unused bits, uncompressed */

	der_bytes(d, pub->xy, 2 * curve_size(pub->alg));
	der_bytes(d, head, sizeof(head));
}

static void put_key(struct der *d, const struct public_key *pub)
{
	size_t mark = d->at;

	put_point(d, pub);
	der_wrap(d, DER_BIT_STRING, mark);
	der_element(d, DER_SEQUENCE, oids_p256, sizeof(oids_p256));
	der_wrap(d, DER_SEQUENCE, mark);
}

static enum trustx_err put_key_id(struct der *d, uint8_t tag, const struct public_key *pub)
{
	uint8_t id[DIGEST_LEN];
	struct der point;

	der_init(&point);
	put_point(&point, pub);
	if (EVP_Digest(der_data(&point), der_len(&point), id, NULL, EVP_sha256(), NULL) != 1)
		return TRUSTX_ERR_CRYPTO;
	der_element(d, tag, id, KEY_ID_LEN);
	return TRUSTX_OK;
}

/* RFC 5280 section 4.2.1.1 and 4.2.1.2; how the identifier is made is free. */
static enum trustx_err put_key_ids(
	struct der *d, const struct public_key *pub, const struct public_key *issuer)
{
	size_t mark = d->at;
	enum trustx_err err;

	if ((err = put_key_id(d, 0x80, issuer)) != TRUSTX_OK)
		return err;
	der_wrap(d, DER_SEQUENCE, mark);
	der_wrap(d, DER_OCTET_STRING, mark);
	der_bytes(d, oid_authority, sizeof(oid_authority));
	der_wrap(d, DER_SEQUENCE, mark);
	mark = d->at;
	if ((err = put_key_id(d, DER_OCTET_STRING, pub)) != TRUSTX_OK)
		return err;
	der_wrap(d, DER_OCTET_STRING, mark);
	der_bytes(d, oid_key_id, sizeof(oid_key_id));
	der_wrap(d, DER_SEQUENCE, mark);
	return TRUSTX_OK;
}

static void put_rights(struct der *d, const struct profile_of_cert *p)
{
	if (p->is_issuer)
		der_element(d, DER_SEQUENCE, issuer_usage, sizeof(issuer_usage));
	else
		der_element(d, DER_SEQUENCE, chip_usage, sizeof(chip_usage));
	if (p->is_last)
		der_element(d, DER_SEQUENCE, last_issuer, sizeof(last_issuer));
	else if (p->is_issuer)
		der_element(d, DER_SEQUENCE, any_issuer, sizeof(any_issuer));
	else
		der_element(d, DER_SEQUENCE, no_issuer, sizeof(no_issuer));
}

static void put_algorithm(struct der *d)
{
	der_element(d, DER_SEQUENCE, oid_ecdsa_sha256, sizeof(oid_ecdsa_sha256));
}

static void put_validity(struct der *d, const char *to)
{
	size_t mark = d->at;

	der_element(d, DER_UTC_TIME, to, strlen(to));
	der_element(d, DER_UTC_TIME, VALID_FROM, strlen(VALID_FROM));
	der_wrap(d, DER_SEQUENCE, mark);
}

static enum trustx_err put_body(struct der *d, const struct profile_of_cert *p,
	const struct public_key *pub, const struct party *issuer)
{
	static const uint8_t version_3[] = { DER_INTEGER, 1, 2 };
	size_t mark = d->at;
	enum trustx_err err;

	if ((err = put_key_ids(d, pub, &issuer->pub)) != TRUSTX_OK)
		return err;
	put_rights(d, p);
	der_wrap(d, DER_SEQUENCE, mark);
	der_wrap(d, EXPLICIT(3), mark);
	put_key(d, pub);
	put_name(d, p->subject);
	put_validity(d, p->valid_to);
	put_name(d, issuer->name);
	put_algorithm(d);
	der_number(d, p->serial, SERIAL_LEN);
	der_element(d, EXPLICIT(0), version_3, sizeof(version_3));
	der_wrap(d, DER_SEQUENCE, mark);
	return TRUSTX_OK;
}

static enum trustx_err sign_body(
	struct signature *sig, struct curves *c, const struct der *body, const struct party *issuer)
{
	uint8_t hash[DIGEST_LEN];

	if (EVP_Digest(der_data(body), der_len(body), hash, NULL, EVP_sha256(), NULL) != 1)
		return TRUSTX_ERR_CRYPTO;
	return curve_sign(c, sig, &issuer->key, (struct digest){ hash, sizeof(hash) }, NULL);
}

static enum trustx_err issue(struct der *cert, struct curves *c, const struct profile_of_cert *p,
	const struct public_key *pub, const struct party *issuer)
{
	static const uint8_t no_unused_bits = 0;
	size_t mark, n = curve_size(issuer->pub.alg);
	struct signature sig;
	enum trustx_err err;
	struct der body;

	der_init(&body);
	der_init(cert);
	if ((err = put_body(&body, p, pub, issuer)) != TRUSTX_OK)
		return err;
	if ((err = sign_body(&sig, c, &body, issuer)) != TRUSTX_OK)
		return err;
	mark = cert->at;
	der_number(cert, sig.s, n);
	der_number(cert, sig.r, n);
	der_wrap(cert, DER_SEQUENCE, mark);
	der_bytes(cert, &no_unused_bits, 1);
	der_wrap(cert, DER_BIT_STRING, mark);
	put_algorithm(cert);
	der_bytes(cert, der_data(&body), der_len(&body));
	der_wrap(cert, DER_SEQUENCE, mark);
	return TRUSTX_OK;
}

static enum trustx_err self_signed(
	struct der *cert, struct curves *c, const char *name, uint64_t seed)
{
	const struct profile_of_cert profile = { name, VALID_TO_ISSUER, { [SERIAL_LEN - 1] = 1 },
		true, false };
	struct party root;
	enum trustx_err err;

	if ((err = make_party(&root, c, name, seed)) != TRUSTX_OK)
		return err;
	return issue(cert, c, &profile, &root.pub, &root);
}

enum trustx_err testca_root(struct der *cert, struct curves *c)
{
	return self_signed(cert, c, NAME_ROOT, SEED_ROOT);
}

enum trustx_err testca_server_root(struct der *cert, struct curves *c)
{
	return self_signed(cert, c, NAME_SERVER_ROOT, SEED_SERVER_ROOT);
}

enum trustx_err testca_issuing(struct der *cert, struct curves *c)
{
	const struct profile_of_cert profile = { NAME_ISSUING, VALID_TO_ISSUER,
		{ [SERIAL_LEN - 1] = 2 }, true, true };
	struct party root, ca;
	enum trustx_err err;

	if ((err = make_party(&root, c, NAME_ROOT, SEED_ROOT)) != TRUSTX_OK ||
		(err = make_party(&ca, c, NAME_ISSUING, SEED_ISSUING)) != TRUSTX_OK)
		return err;
	return issue(cert, c, &profile, &ca.pub, &root);
}

enum trustx_err testca_chip(
	struct der *cert, struct curves *c, const struct public_key *pub, struct rng *rng)
{
	struct profile_of_cert profile = { .valid_to = VALID_TO_CHIP };
	struct party ca;
	enum trustx_err err;

	if ((err = make_party(&ca, c, NAME_ISSUING, SEED_ISSUING)) != TRUSTX_OK)
		return err;
	if ((err = rng_bytes(rng, profile.serial, SERIAL_LEN)) != TRUSTX_OK)
		return err;
	/* Positive, and of one length for all chips. */
	profile.serial[0] = (profile.serial[0] & 0x3F) | 0x40;
	return issue(cert, c, &profile, pub, &ca);
}
