/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "certparse.h"

#include <string.h>

#define CERTIFICATE_MAX 1300
#define SERIAL_MAX	20
#define VERSION_3	2
#define FIRST_ARC_2	80   /* the first byte of an OID that begins with 2 */
#define MAY_VERIFY	0x84 /* digitalSignature, keyCertSign in the first byte of a key usage */

enum {
	ANY = 0x00,
	BOOLEAN = 0x01,
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	OCTET_STRING = 0x04,
	OID = 0x06,
	SEQUENCE = 0x30,
	SET = 0x31,
	ISSUER_ID = 0x81,
	SUBJECT_ID = 0x82,
	VERSION = 0xA0,
	EXTENSIONS = 0xA3,
};

static const uint8_t oid_ec_key[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01 };
static const uint8_t oid_ecdsa[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04 }; /* they begin so */
static const uint8_t oid_p256[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 };
static const uint8_t oid_p384[] = { 0x2B, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t oid_key_usage[] = { 0x55, 0x1D, 0x0F };
static const uint8_t oid_constraints[] = { 0x55, 0x1D, 0x13 };

/* The parts of a certificate that are looked at once its form is right. */
struct cert {
	struct reader key_algorithm, key;
	bool has_usage;
	uint8_t usage;
};

/* The content of the next element, which has this tag. Lengths are of two bytes at most. */
static struct reader take(struct reader *r, uint8_t tag)
{
	uint8_t found = reader_u8(r);
	size_t len = reader_u8(r);
	struct reader in;
	const uint8_t *p;

	if (len == 0x81)
		len = reader_u8(r);
	else if (len == 0x82)
		len = reader_u16(r);
	else if (len > 0x7F)
		r->failed = true;
	p = reader_bytes(r, len);
	r->failed = r->failed || (tag != ANY && found != tag);
	reader_init(&in, p, p != NULL ? len : 0);
	return in;
}

static bool comes(const struct reader *r, uint8_t tag)
{
	return reader_left(r) > 0 && r->at[0] == tag;
}

static bool begins_with(const struct reader *r, const uint8_t *oid, size_t len)
{
	return reader_left(r) >= len && memcmp(r->at, oid, len) == 0;
}

static bool is_oid(const struct reader *r, const uint8_t *oid, size_t len)
{
	return reader_left(r) == len && begins_with(r, oid, len);
}

/* A Trust X cannot read attributes such as emailAddress, whose OID begins with 1. */
static bool parse_attributes(struct reader *set, bool only_arc_2)
{
	do {
		struct reader attribute = take(set, SEQUENCE), oid = take(&attribute, OID);

		(void)take(&attribute, ANY);
		if (set->failed || !reader_done(&attribute) || reader_left(&oid) == 0 ||
			(only_arc_2 && oid.at[0] < FIRST_ARC_2))
			return false;
	} while (reader_left(set) > 0);
	return true;
}

static bool parse_name(struct reader *name, bool only_arc_2)
{
	while (reader_left(name) > 0) {
		struct reader set = take(name, SET);

		if (name->failed || !parse_attributes(&set, only_arc_2))
			return false;
	}
	return true;
}

static bool parse_usage(struct cert *x, struct reader *value)
{
	struct reader bits = take(value, BIT_STRING);

	reader_skip(&bits, 1); /* the number of unused bits */
	x->has_usage = true;
	x->usage = reader_left(&bits) > 0 ? reader_u8(&bits) : 0;
	return reader_done(value) && !bits.failed;
}

static bool parse_constraints(struct reader *value)
{
	struct reader in = take(value, SEQUENCE);

	if (comes(&in, BOOLEAN)) {
		struct reader ca = take(&in, BOOLEAN);

		if (reader_left(&ca) != 1)
			return false;
	}
	if (comes(&in, INTEGER)) {
		struct reader path_len = take(&in, INTEGER);

		if (reader_left(&path_len) != 1)
			return false;
	}
	return reader_done(value) && reader_done(&in);
}

static bool parse_extension(struct cert *x, struct reader *extension)
{
	struct reader oid = take(extension, OID), value;

	if (comes(extension, BOOLEAN))
		(void)take(extension, BOOLEAN);
	value = take(extension, OCTET_STRING);
	if (!reader_done(extension))
		return false;
	if (is_oid(&oid, oid_key_usage, sizeof(oid_key_usage)))
		return parse_usage(x, &value);
	return !is_oid(&oid, oid_constraints, sizeof(oid_constraints)) || parse_constraints(&value);
}

static bool parse_extensions(struct cert *x, struct reader *tbs)
{
	struct reader outer, list;

	if (reader_left(tbs) == 0)
		return true;
	outer = take(tbs, EXTENSIONS);
	list = take(&outer, SEQUENCE);
	while (reader_left(&list) > 0) {
		struct reader extension = take(&list, SEQUENCE);

		if (list.failed || !parse_extension(x, &extension))
			return false;
	}
	return reader_done(&outer) && reader_done(tbs);
}

static bool parse_version(struct reader *tbs)
{
	struct reader outer = take(tbs, VERSION), version = take(&outer, INTEGER);

	return reader_left(&version) == 1 && reader_u8(&version) == VERSION_3 &&
	       reader_done(&outer);
}

static bool parse_serial(struct reader *tbs)
{
	struct reader serial = take(tbs, INTEGER);

	return reader_left(&serial) >= 1 && reader_left(&serial) <= SERIAL_MAX;
}

/* ECDSA has no parameters. */
static bool algorithm_is_legal(struct reader algorithm)
{
	struct reader oid = take(&algorithm, OID);

	return !algorithm.failed &&
	       (!begins_with(&oid, oid_ecdsa, sizeof(oid_ecdsa)) || reader_done(&algorithm));
}

static bool parse_tbs(struct cert *x, struct reader *algorithm, struct reader *tbs, bool is_x)
{
	struct reader name, spki;

	if (!parse_version(tbs) || !parse_serial(tbs))
		return false;
	*algorithm = take(tbs, SEQUENCE);
	name = take(tbs, SEQUENCE);
	if (reader_left(&name) == 0 || !parse_name(&name, is_x))
		return false;
	(void)take(tbs, is_x ? ANY : SEQUENCE); /* validity: its tag is not checked by a Trust X */
	name = take(tbs, SEQUENCE);
	if (!parse_name(&name, is_x))
		return false;
	spki = take(tbs, SEQUENCE);
	x->key_algorithm = take(&spki, SEQUENCE);
	x->key = take(&spki, BIT_STRING);
	if (comes(tbs, ISSUER_ID))
		(void)take(tbs, ISSUER_ID);
	if (comes(tbs, SUBJECT_ID))
		(void)take(tbs, SUBJECT_ID);
	return reader_done(&spki) && parse_extensions(x, tbs) && reader_done(tbs);
}

static bool parse(struct cert *x, struct reader in, bool is_x)
{
	struct reader tbs = take(&in, SEQUENCE), inner, outer;

	if (!parse_tbs(x, &inner, &tbs, is_x))
		return false;
	outer = take(&in, SEQUENCE);
	(void)take(&in, BIT_STRING);
	return reader_done(&in) && algorithm_is_legal(inner) &&
	       is_oid(&inner, outer.at, reader_left(&outer));
}

static uint8_t curve_of(struct reader algorithm)
{
	struct reader kind = take(&algorithm, OID), curve = take(&algorithm, OID);

	if (!reader_done(&algorithm) || !is_oid(&kind, oid_ec_key, sizeof(oid_ec_key)))
		return 0;
	if (is_oid(&curve, oid_p256, sizeof(oid_p256)))
		return CURVE_P256;
	return is_oid(&curve, oid_p384, sizeof(oid_p384)) ? CURVE_P384 : 0;
}

static enum code key_of(struct public_key *pub, struct cert *x)
{
	size_t n;

	if ((pub->alg = curve_of(x->key_algorithm)) == 0)
		return CODE_UNSUPPORTED_CERTIFICATE;
	n = 2 * curve_size(pub->alg);
	if (reader_left(&x->key) != 2 + n || reader_u16(&x->key) != 0x0004)
		return CODE_CERTIFICATE;
	memcpy(pub->xy, reader_bytes(&x->key, n), n);
	return x->has_usage && (x->usage & MAY_VERIFY) == 0 ? CODE_USAGE : CODE_OK;
}

enum code certparse(struct public_key *pub, const uint8_t *data, size_t len, enum model model)
{
	struct reader r, in;
	struct cert x = { 0 };

	reader_init(&r, data, len);
	in = take(&r, SEQUENCE);
	if (r.failed)
		return CODE_CERTIFICATE;
	if (len - reader_left(&r) > CERTIFICATE_MAX)
		return CODE_UNSUPPORTED_CERTIFICATE;
	if (!parse(&x, in, model == MODEL_TRUST_X))
		return CODE_CERTIFICATE;
	return key_of(pub, &x);
}
