/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "image.h"

#include <assert.h>
#include <string.h>

#include <openssl/evp.h>

#include "access.h"
#include "buf.h"
#include "curve.h"

#define MAGIC	     "TRUSTXSM"
#define MAGIC_LEN    8
#define VERSION	     2
#define PROFILE_LEN  16
#define CHECKSUM_LEN 32

static void encode_object(struct writer *w, const struct object *o)
{
	writer_u16(w, o->oid);
	writer_u32(w, o->cycles);
	writer_u8(w, o->tags.len);
	writer_bytes(w, o->tags.bytes, o->tags.len);
	writer_u16(w, (uint16_t)o->used);
	writer_bytes(w, o->data, o->used);
}

static void encode_header(struct writer *w, const struct nvm *nvm)
{
	char profile[PROFILE_LEN] = "";

	memcpy(profile, nvm->profile->name, strlen(nvm->profile->name));
	writer_bytes(w, MAGIC, MAGIC_LEN);
	writer_u16(w, VERSION);
	writer_bytes(w, profile, sizeof(profile));
	for (size_t i = 0; i < NVM_KEYS; i++)
		writer_u32(w, nvm->generations[i]);
	for (size_t i = 0; i < NVM_KEYS; i++)
		writer_u32(w, nvm->uses[i]);
	writer_u32(w, nvm->writes);
	writer_u8(w, nvm->pending);
	writer_u32(w, nvm->cut_after);
	writer_u8(w, nvm->rng.seeded);
	writer_u64(w, nvm->rng.seed);
	writer_u64(w, nvm->rng.drawn);
}

static enum trustx_err checksum(uint8_t sum[static CHECKSUM_LEN], const uint8_t *data, size_t len)
{
	return EVP_Digest(data, len, sum, NULL, EVP_sha256(), NULL) == 1 ? TRUSTX_OK
									 : TRUSTX_ERR_CRYPTO;
}

enum trustx_err image_encode(uint8_t out[static IMAGE_MAX], size_t *len, const struct nvm *nvm)
{
	uint8_t sum[CHECKSUM_LEN];
	enum trustx_err err;
	struct writer w;

	writer_init(&w, out, IMAGE_MAX);
	encode_header(&w, nvm);
	for (size_t i = 0; i < CATALOG_OBJECTS; i++)
		if (!nvm->objects[i].type->in_ram)
			encode_object(&w, &nvm->objects[i]);
	if ((err = checksum(sum, out, writer_len(&w))) != TRUSTX_OK)
		return err;
	writer_bytes(&w, sum, sizeof(sum));
	assert(!w.failed);
	*len = writer_len(&w);
	return TRUSTX_OK;
}

static bool key_fits(const struct object *o)
{
	size_t len;
	const uint8_t *alg = tags_find(&o->tags, &len, TAG_ALGORITHM);

	return alg == NULL ? o->used == 0 : len == 1 && o->used == curve_size(*alg);
}

/* The used size is what the metadata say, or all there is. */
static bool used_fits(const struct object *o)
{
	size_t len;
	const uint8_t *v = tags_find(&o->tags, &len, TAG_USED_SIZE);

	if (v == NULL)
		return o->used == o->type->max;
	return o->used == (len == 1 ? v[0] : len == 2 ? (size_t)(v[0] << 8 | v[1]) : SIZE_MAX);
}

/* Tags that the program relies on have the length it relies on. */
static bool tags_fit(const struct object *o)
{
	size_t lcso = 1, usage = 1;

	(void)tags_find(&o->tags, &lcso, TAG_LCSO);
	return (tags_find(&o->tags, &usage, TAG_KEY_USAGE) != NULL ||
		       tags_find(&o->tags, &usage, TAG_ALGORITHM) == NULL) &&
	       lcso == 1 && usage == 1;
}

static bool decode_object(struct reader *r, struct object *o)
{
	const uint8_t *p;
	size_t len;

	if (reader_u16(r) != o->oid)
		return false;
	o->cycles = reader_u32(r);
	if ((len = reader_u8(r)) > TAGS_MAX)
		return false;
	if ((p = reader_bytes(r, len)) == NULL)
		return false;
	memcpy(o->tags.bytes, p, len);
	o->tags.len = (uint8_t)len;
	if ((len = reader_u16(r)) > o->type->max || (p = reader_bytes(r, len)) == NULL)
		return false;
	memset(o->data, 0, sizeof(o->data));
	memcpy(o->data, p, len);
	o->used = len;
	if (!tags_valid(&o->tags) || !tags_fit(o))
		return false;
	return o->type->kind == KIND_KEY ? key_fits(o) : used_fits(o);
}

static bool decode_counters(struct reader *r, struct nvm *nvm)
{
	uint8_t pending, seeded;

	for (size_t i = 0; i < NVM_KEYS; i++)
		nvm->generations[i] = reader_u32(r);
	for (size_t i = 0; i < NVM_KEYS; i++)
		nvm->uses[i] = reader_u32(r);
	nvm->writes = reader_u32(r);
	pending = reader_u8(r);
	nvm->pending = pending == 1;
	nvm->cut_after = reader_u32(r);
	seeded = reader_u8(r);
	nvm->rng.seeded = seeded == 1;
	nvm->rng.seed = reader_u64(r);
	nvm->rng.drawn = reader_u64(r);
	return pending <= 1 && seeded <= 1;
}

static bool decode_body(struct reader *r, struct nvm *nvm)
{
	if (!decode_counters(r, nvm))
		return false;
	for (size_t i = 0; i < CATALOG_OBJECTS; i++)
		if (!nvm->objects[i].type->in_ram && !decode_object(r, &nvm->objects[i]))
			return false;
	return reader_done(r);
}

static enum trustx_err damaged(const char *path, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "%s is damaged", path);
	return fail_next(f, "restore it from a copy, or remove it to start with a new chip");
}

static bool checksum_is_right(const uint8_t *data, size_t len)
{
	uint8_t sum[CHECKSUM_LEN];

	return len > CHECKSUM_LEN && checksum(sum, data, len - CHECKSUM_LEN) == TRUSTX_OK &&
	       memcmp(sum, data + len - CHECKSUM_LEN, CHECKSUM_LEN) == 0;
}

enum trustx_err image_decode(
	struct nvm *nvm, const uint8_t *data, size_t len, const char *path, struct fail *f)
{
	const struct profile *profile;
	char name[PROFILE_LEN + 1] = "";
	struct reader r;
	unsigned version;

	if (len < MAGIC_LEN + 2 + PROFILE_LEN + CHECKSUM_LEN ||
		memcmp(data, MAGIC, MAGIC_LEN) != 0) {
		fail_set(f, TRUSTX_ERR_INPUT, "%s is not the image of a simulated chip", path);
		return fail_next(f, "name a file that does not exist yet to make a new chip");
	}
	reader_init(&r, data + MAGIC_LEN, len - MAGIC_LEN);
	if ((version = reader_u16(&r)) != VERSION)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"%s has version %u, this program reads version %d", path, version, VERSION);
	memcpy(name, reader_bytes(&r, PROFILE_LEN), PROFILE_LEN);
	if (!checksum_is_right(data, len))
		return damaged(path, f);
	if ((profile = profile_find(name)) == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s has the unknown profile %s", path, name);
	nvm_init(nvm, profile);
	r.end -= CHECKSUM_LEN;
	return decode_body(&r, nvm) ? TRUSTX_OK : damaged(path, f);
}
