/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "manufacture.h"

#include <assert.h>
#include <string.h>

#include "buf.h"
#include "mem.h"
#include "testca.h"

#define USAGE_AUTH	 0x01
#define TLS_IDENTITY	 0xC0
#define TLS_IDENTITY_LEN 9

/* What the UIDs of a kind of chip have in common. */
struct family {
	uint8_t platform[12], firmware[6];
};

/* Trust X with firmware build 1118, Trust M with 0809. */
static const struct family trust_x = {
	{ 0xCD, 0x16, 0x33, 0x6B, 0x01, 0x00, 0x1C, 0x00, 0x01, 0x00, 0x00, 0x0A },
	{ 0x80, 0x10, 0x10, 0x71, 0x11, 0x18 },
};
static const struct family trust_m1 = {
	{ 0xCD, 0x16, 0x33, 0x82, 0x01, 0x00, 0x1C, 0x00, 0x05, 0x00, 0x00, 0x0A },
	{ 0x80, 0x10, 0x10, 0x71, 0x08, 0x09 },
};

static bool is_trust_x(const struct nvm *nvm)
{
	return nvm->profile->model == MODEL_TRUST_X;
}

static enum trustx_err make_uid(struct nvm *nvm)
{
	const struct family *family = is_trust_x(nvm) ? &trust_x : &trust_m1;
	uint8_t *uid = nvm_find(nvm, OID_UID)->data;

	memcpy(uid, family->platform, sizeof(family->platform));
	memcpy(uid + 21, family->firmware, sizeof(family->firmware));
	return rng_bytes(&nvm->rng, uid + sizeof(family->platform), 21 - sizeof(family->platform));
}

static enum trustx_err make_key(struct public_key *pub, struct nvm *nvm, struct curves *c)
{
	static const uint8_t alg = CURVE_P256, usage = USAGE_AUTH;
	struct object *o = nvm_find(nvm, OID_FIRST_KEY);
	struct private_key key;
	enum trustx_err err;
	bool fits;

	if ((err = curve_generate(c, &key, alg, &nvm->rng)) != TRUSTX_OK)
		return err;
	memcpy(o->data, key.d, curve_size(alg));
	fits = object_set_used(o, curve_size(alg)) && tags_put(&o->tags, TAG_ALGORITHM, &alg, 1) &&
	       tags_put(&o->tags, TAG_KEY_USAGE, &usage, 1);
	assert(fits);
	err = curve_public(c, pub, &key);
	mem_wipe(&key, sizeof(key));
	return err;
}

/* The whole content of a slot that was made with zeros up to its end. */
static void put(struct object *o, const uint8_t *head, size_t head_len, const struct der *cert)
{
	bool fits = object_set_used(o, head_len + der_len(cert));

	assert(fits);
	if (head_len > 0)
		memcpy(o->data, head, head_len);
	memcpy(o->data + head_len, der_data(cert), der_len(cert));
}

static enum trustx_err make_certificate(
	struct nvm *nvm, struct curves *c, const struct public_key *pub)
{
	uint8_t head[TLS_IDENTITY_LEN];
	enum trustx_err err;
	struct writer w;
	struct der cert;

	if ((err = testca_chip(&cert, c, pub, &nvm->rng)) != TRUSTX_OK)
		return err;
	writer_init(&w, head, sizeof(head));
	writer_u8(&w, TLS_IDENTITY);
	writer_u16(&w, (uint16_t)(der_len(&cert) + 6));
	writer_u24(&w, (uint32_t)der_len(&cert) + 3);
	writer_u24(&w, (uint32_t)der_len(&cert));
	put(nvm_find(nvm, OID_INFINEON_CERT), head, sizeof(head), &cert);
	return TRUSTX_OK;
}

/* Which slot holds the test root for servers is not published. */
static enum trustx_err make_trust_anchor(struct nvm *nvm, struct curves *c)
{
	enum trustx_err err;
	struct der cert;

	if ((err = testca_server_root(&cert, c)) != TRUSTX_OK)
		return err;
	put(nvm_find(nvm, OID_TRUST_ANCHOR), NULL, 0, &cert);
	return TRUSTX_OK;
}

/* The same in every new chip, for the host to replace. */
static void make_binding_secret(struct nvm *nvm)
{
	struct object *o = nvm_find(nvm, OID_BINDING_SECRET);

	for (size_t i = 0; i < o->used; i++)
		o->data[i] = (uint8_t)(i + 1);
}

enum trustx_err manufacture(struct nvm *nvm, struct curves *c)
{
	struct public_key pub;
	enum trustx_err err;

	if ((err = make_uid(nvm)) != TRUSTX_OK)
		return err;
	if ((err = make_key(&pub, nvm, c)) != TRUSTX_OK)
		return err;
	if ((err = make_certificate(nvm, c, &pub)) != TRUSTX_OK)
		return err;
	if (is_trust_x(nvm))
		return make_trust_anchor(nvm, c);
	make_binding_secret(nvm);
	return TRUSTX_OK;
}
