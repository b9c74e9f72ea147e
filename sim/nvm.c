/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "nvm.h"

#include <assert.h>
#include <string.h>

#include "image.h"
#include "mem.h"

void nvm_init(struct nvm *nvm, const struct profile *profile)
{
	memset(nvm, 0, sizeof(*nvm));
	nvm->profile = profile;
	catalog_fill(nvm->objects);
}

enum trustx_err nvm_load(struct nvm *nvm, const char *path, struct fail *f)
{
	enum trustx_err err;
	struct blob b;

	blob_init(&b, IMAGE_MAX);
	err = file_read(&b, path, f);
	if (err == TRUSTX_ERR_TOO_BIG)
		err = fail_set(f, TRUSTX_ERR_INPUT, "%s is not the image of a chip", path);
	if (err == TRUSTX_OK)
		err = image_decode(nvm, b.data, b.len, path, f);
	nvm->path = path;
	blob_free(&b);
	return err;
}

enum trustx_err nvm_save(struct nvm *nvm, struct fail *f)
{
	uint8_t image[IMAGE_MAX];
	enum trustx_err err;
	size_t len;

	if ((err = image_encode(image, &len, nvm)) != TRUSTX_OK)
		err = fail_set(f, err, "cannot compute the checksum of %s", nvm->path);
	else
		err = file_write(nvm->path, image, len, FILE_PRIVATE, nvm->sync, f);
	mem_wipe(image, sizeof(image));
	return err;
}

void nvm_forget(struct nvm *nvm)
{
	mem_wipe(nvm->objects, sizeof(nvm->objects));
}

void nvm_reset(struct nvm *nvm)
{
	for (size_t i = 0; i < CATALOG_OBJECTS; i++)
		if (nvm->objects[i].type->in_ram)
			object_renew(&nvm->objects[i]);
}

void nvm_close_sessions(struct nvm *nvm)
{
	for (size_t i = 0; i < CATALOG_OBJECTS; i++)
		if (nvm->objects[i].type->kind == KIND_SESSION ||
			nvm->objects[i].oid == OID_APP_STATUS)
			object_renew(&nvm->objects[i]);
}

struct object *nvm_find(struct nvm *nvm, uint16_t oid)
{
	for (size_t i = 0; i < CATALOG_OBJECTS; i++)
		if (nvm->objects[i].oid == oid)
			return &nvm->objects[i];
	return NULL;
}

uint8_t nvm_byte(struct nvm *nvm, uint16_t oid)
{
	const struct object *o = nvm_find(nvm, oid);

	assert(o != NULL);
	return o->data[0];
}

void change_begin(struct change *c, struct object *target)
{
	c->target = target;
	c->after = *target;
	c->count = NULL;
}

/* Exchange what is for what will be; twice is nothing. */
static void swap(struct change *c)
{
	struct object before;

	if (c->target == NULL)
		return;
	before = *c->target;
	*c->target = c->after;
	c->after = before;
	mem_wipe(&before, sizeof(before));
}

enum trustx_err nvm_commit(struct nvm *nvm, struct change *c)
{
	bool programs = c->target != NULL && !c->target->type->in_ram;
	uint32_t unused = 0, *count = c->count != NULL ? c->count : &unused;
	enum trustx_err err = TRUSTX_OK;
	struct fail f;

	swap(c);
	nvm->writes += programs;
	++*count;
	if (programs || c->count != NULL)
		err = nvm_save(nvm, &f);
	if (err != TRUSTX_OK) {
		swap(c);
		nvm->writes -= programs;
		--*count;
	}
	return err;
}
