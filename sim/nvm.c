/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "nvm.h"

#include <assert.h>
#include <string.h>

#include "buf.h"
#include "image.h"
#include "mem.h"

void nvm_init(struct nvm *nvm, const struct profile *profile)
{
	memset(nvm, 0, sizeof(*nvm));
	nvm->profile = profile;
	catalog_fill(nvm->objects, profile->model);
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

struct access_counter nvm_counter(struct nvm *nvm, uint16_t i)
{
	const struct object *o = nvm_find(nvm, (uint16_t)(OID_FIRST_COUNTER + i));
	struct access_counter counter;
	struct reader r;

	assert(o != NULL);
	reader_init(&r, o->data, o->type->max);
	counter.value = reader_u32(&r);
	counter.threshold = reader_u32(&r);
	return counter;
}

void change_begin(struct change *c, struct object *target)
{
	c->target = target;
	c->after = *target;
	c->count = NULL;
	c->cycles = 1;
	c->used_up = 0;
	c->erases = false;
	c->from = c->to = 0;
}

static bool programs_target(const struct change *c)
{
	return c->target != NULL && !c->target->type->in_ram;
}

bool change_programs(const struct change *c)
{
	return programs_target(c) || c->used_up != 0;
}

static bool has_pages(const struct change *c)
{
	return c->target != NULL && c->target->type->kind == KIND_CERTIFICATE && c->to > c->from;
}

size_t change_steps(const struct change *c)
{
	if (!has_pages(c))
		return 1;
	return c->erases + (c->to + NVM_PAGE - 1) / NVM_PAGE - c->from / NVM_PAGE;
}

static void erase(struct object *o)
{
	bool fits = object_set_used(o, 0);

	assert(fits);
	memset(o->data, 0, sizeof(o->data));
}

/* The pages up to end are as they will be, and the used size does not say more. */
static void put_pages(struct object *o, const struct object *after, size_t end)
{
	bool fits = end <= o->used || object_set_used(o, end);

	assert(fits);
	memcpy(o->data, after->data, end);
}

/* Make the change what it was when only so many of its steps were done. */
static void stop_after(struct change *c, size_t steps)
{
	size_t pages = steps - (steps > 0 && c->erases), end;
	struct object after;

	if (steps >= change_steps(c))
		return;
	c->count = NULL;
	c->used_up = 0;
	if (steps == 0) {
		c->target = NULL;
		return;
	}
	after = c->after;
	c->after = *c->target;
	if (c->erases)
		erase(&c->after);
	end = (c->from / NVM_PAGE + pages) * NVM_PAGE;
	if (pages > 0)
		put_pages(&c->after, &after, end < c->to ? end : c->to);
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

/* Up, or back after a failure. */
static void move_counters(struct nvm *nvm, uint8_t used_up, int by)
{
	for (uint16_t i = 0; i < ACCESS_COUNTERS; i++) {
		struct object *o;
		struct writer w;

		if ((used_up >> i & 1) == 0)
			continue;
		o = nvm_find(nvm, (uint16_t)(OID_FIRST_COUNTER + i));
		writer_init(&w, o->data, 4);
		writer_u32(&w, nvm_counter(nvm, i).value + (uint32_t)by);
		o->cycles += (uint32_t)by;
		nvm->writes += (uint32_t)by;
	}
}

static enum trustx_err store(struct nvm *nvm, struct change *c)
{
	uint32_t unused = 0, *count = c->count != NULL ? c->count : &unused;
	uint32_t cycles = programs_target(c) ? c->cycles : 0;
	enum trustx_err err = TRUSTX_OK;
	struct fail f;

	c->after.cycles += cycles;
	swap(c);
	nvm->writes += cycles;
	++*count;
	move_counters(nvm, c->used_up, 1);
	if (change_programs(c) || c->count != NULL || nvm->pending)
		err = nvm_save(nvm, &f);
	if (err != TRUSTX_OK) {
		move_counters(nvm, c->used_up, -1);
		swap(c);
		nvm->writes -= cycles;
		--*count;
	}
	return err;
}

/* Count down by the points that come now. The first of them at which the power goes; 0: none. */
static size_t pass_points(uint32_t *left, size_t points)
{
	uint32_t at = *left <= points ? *left : 0;

	*left -= *left < points ? *left : (uint32_t)points;
	return at;
}

enum trustx_err nvm_commit(struct nvm *nvm, struct change *c)
{
	size_t points, one, other;

	if (nvm->gone)
		return TRUSTX_ERR_NO_DEVICE;
	points = change_programs(c) ? 1 + change_steps(c) : 0;
	one = pass_points(&nvm->cut_after, points);
	other = pass_points(&nvm->cut, points);
	if (one == 0 || (other > 0 && other < one))
		one = other;
	if (one == 0)
		return store(nvm, c);
	nvm->gone = true;
	return nvm_interrupt(nvm, c, one - 1);
}

enum trustx_err nvm_interrupt(struct nvm *nvm, struct change *c, size_t steps)
{
	stop_after(c, steps);
	nvm->pending = true;
	return store(nvm, c);
}

/* A file that cannot be written says so with the next change. */
void nvm_settle(struct nvm *nvm)
{
	struct fail f;

	if (!nvm->pending)
		return;
	nvm->pending = false;
	if (nvm_save(nvm, &f) != TRUSTX_OK)
		return;
}
