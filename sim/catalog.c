/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "catalog.h"

#include <assert.h>
#include <string.h>

#include "access.h"

/* The metadata of most objects of a new Trust X is not published: doc/simulator.md. */
#define META_OPEN(size)                                             \
	{                                                           \
		9,                                                  \
		{                                                   \
			0xC4, 1, size, 0xD0, 1, 0x00, 0xD1, 1, 0x00 \
		}                                                   \
	}
#define META_LOCKED(size)                                           \
	{                                                           \
		9,                                                  \
		{                                                   \
			0xC4, 1, size, 0xD0, 1, 0xFF, 0xD1, 1, 0x00 \
		}                                                   \
	}
#define META_FIXED(size)                             \
	{                                            \
		6,                                   \
		{                                    \
			0xC4, 1, size, 0xD1, 1, 0x00 \
		}                                    \
	}
#define UNTIL_OP 0xD0, 3, 0xE1, 0xFC, 0x07

static const struct object_type trust_x[] = {
	{ OID_BUS_SETTINGS, OID_BUS_SETTINGS, KIND_INTERNAL, 2, .fill = { 0x30, 0x03 } },
	{ OID_LCSG, OID_LCSG, KIND_LIFE_CYCLE, 1, .tags = META_OPEN(1), .high = LCS_TERMINATION,
		.fill = { LCS_OPERATIONAL } },
	{ OID_GLOBAL_STATUS, OID_GLOBAL_STATUS, KIND_STATUS, 1, .in_ram = true,
		.tags = META_OPEN(1) },
	{ OID_UID, OID_UID, KIND_BYTES, 27, .tags = META_LOCKED(27) },
	{ OID_SLEEP_DELAY, OID_SLEEP_DELAY, KIND_LIMITED, 1, false, META_OPEN(1), 20, 255, { 20 } },
	{ OID_CURRENT_LIMIT, OID_CURRENT_LIMIT, KIND_LIMITED, 1, false, META_OPEN(1), 6, 15,
		{ 6 } },
	{ OID_SEC, OID_SEC, KIND_BYTES, 1, .tags = META_LOCKED(1) },
	{ 0xE0C6, 0xE0C6, KIND_BYTES, 2, .tags = META_FIXED(2), .fill = { 0x06, 0x15 } },
	{ OID_INFINEON_CERT, OID_INFINEON_CERT, KIND_CERTIFICATE, 1728,
		.tags = { 17, { 0xC0, 1, 1, 0xC4, 2, 0x06, 0xC0, 0xC5, 2, 0x06, 0xC0, 0xD0, 1, 0xFF,
				      0xD1, 1, 0x00 } } },
	{ 0xE0E1, 0xE0E3, KIND_CERTIFICATE, 1728,
		.tags = { 19, { 0xC0, 1, 1, 0xC4, 2, 0x06, 0xC0, 0xC5, 2, 0x06, 0xC0, UNTIL_OP,
				      0xD1, 1, 0x00 } } },
	{ OID_TRUST_ANCHOR, OID_TRUST_ANCHOR, KIND_CERTIFICATE, 1024,
		.tags = { 19, { 0xC0, 1, 1, 0xC4, 2, 0x04, 0x00, 0xC5, 2, 0x04, 0x00, UNTIL_OP,
				      0xD1, 1, 0x00 } } },
	{ 0xE0EF, 0xE0EF, KIND_CERTIFICATE, 1024,
		.tags = { 19, { 0xC0, 1, 1, 0xC4, 2, 0x04, 0x00, 0xC5, 2, 0x04, 0x00, UNTIL_OP,
				      0xD1, 1, 0x00 } } },
	{ OID_FIRST_KEY, OID_FIRST_KEY, KIND_KEY, 48,
		.tags = { 9, { 0xC0, 1, 1, 0xD0, 1, 0xFF, 0xD3, 1, 0x00 } } },
	{ 0xE0F1, 0xE0F3, KIND_KEY, 48, .tags = { 11, { 0xC0, 1, 1, UNTIL_OP, 0xD3, 1, 0x00 } } },
	{ OID_FIRST_SESSION, 0xE103, KIND_SESSION, 48, .in_ram = true,
		.tags = { 6, { 0xD0, 1, 0xFF, 0xD1, 1, 0xFF } } },
	{ OID_LCSA, OID_LCSA, KIND_LIFE_CYCLE, 1, .tags = META_OPEN(1), .high = LCS_OPERATIONAL,
		.fill = { LCS_CREATION } },
	{ OID_APP_STATUS, OID_APP_STATUS, KIND_STATUS, 1, .in_ram = true, .tags = META_OPEN(1) },
	{ OID_LAST_ERROR, OID_LAST_ERROR, KIND_BYTES, 1, .in_ram = true, .tags = META_FIXED(1) },
	{ 0xF1D0, 0xF1DF, KIND_BYTES, 100,
		.tags = { 17,
			{ 0xC0, 1, 1, 0xC4, 1, 100, 0xC5, 1, 100, UNTIL_OP, 0xD1, 1, 0x00 } } },
	{ 0xF1E0, 0xF1E1, KIND_BYTES, 1500,
		.tags = { 19, { 0xC0, 1, 1, 0xC4, 2, 0x05, 0xDC, 0xC5, 2, 0x05, 0xDC, UNTIL_OP,
				      0xD1, 1, 0x00 } } },
};

#define META_SLOT(high, low, type)                                                                \
	{                                                                                         \
		25,                                                                               \
		{                                                                                 \
			0xC0, 1, 1, 0xC4, 2, high, low, 0xC5, 2, high, low, UNTIL_OP, 0xD1, 1, 0, \
				0xD3, 1, 0, 0xE8, 1, type                                         \
		}                                                                                 \
	}
#define META_KEY                                         \
	{                                                \
		11,                                      \
		{                                        \
			0xC0, 1, 1, UNTIL_OP, 0xD3, 1, 0 \
		}                                        \
	}

/* As read from chips with firmware build 0809, but for sessions, the last error, our own objects. */
static const struct object_type trust_m1[] = {
	{ OID_BUS_SETTINGS, OID_BUS_SETTINGS, KIND_INTERNAL, 2, .fill = { 0x30, 0x03 } },
	{ OID_HIBERNATED, OID_HIBERNATED, KIND_INTERNAL, HIBERNATED_MAX, .in_ram = false },
	{ OID_LCSG, OID_LCSG, KIND_LIFE_CYCLE, 1, .tags = META_OPEN(1), .high = LCS_TERMINATION,
		.fill = { LCS_OPERATIONAL } },
	{ OID_GLOBAL_STATUS, OID_GLOBAL_STATUS, KIND_STATUS, 1, .in_ram = true,
		.tags = META_OPEN(1) },
	{ OID_UID, OID_UID, KIND_BYTES, 27, .tags = META_LOCKED(27) },
	{ OID_SLEEP_DELAY, OID_SLEEP_DELAY, KIND_LIMITED, 1, false, META_OPEN(1), 20, 255, { 20 } },
	{ OID_CURRENT_LIMIT, OID_CURRENT_LIMIT, KIND_LIMITED, 1, false, META_OPEN(1), 6, 15,
		{ 6 } },
	{ OID_SEC, OID_SEC, KIND_BYTES, 1, .tags = META_LOCKED(1) },
	{ 0xE0C6, 0xE0C6, KIND_BYTES, 2, .tags = META_FIXED(2), .fill = { 0x06, 0x15 } },
	{ OID_INFINEON_CERT, OID_INFINEON_CERT, KIND_CERTIFICATE, 1728,
		.tags = { 23, { 0xC0, 1, 1, 0xC4, 2, 0x06, 0xC0, 0xC5, 2, 0x06, 0xC0, 0xD0, 1, 0xFF,
				      0xD1, 1, 0, 0xD3, 1, 0, 0xE8, 1, 0x12 } } },
	{ 0xE0E1, 0xE0E3, KIND_CERTIFICATE, 1728, .tags = META_SLOT(0x06, 0xC0, 0x12) },
	{ OID_TRUST_ANCHOR, 0xE0E9, KIND_CERTIFICATE, 1200, .tags = META_SLOT(0x04, 0xB0, 0x11) },
	{ 0xE0EF, 0xE0EF, KIND_CERTIFICATE, 1200, .tags = META_SLOT(0x04, 0xB0, 0x11) },
	{ OID_FIRST_KEY, OID_FIRST_KEY, KIND_KEY, 48,
		.tags = { 9, { 0xC0, 1, 1, 0xD0, 1, 0xFF, 0xD3, 1, 0x00 } } },
	{ 0xE0F1, 0xE0F3, KIND_KEY, 48, .tags = META_KEY },
	{ 0xE0FC, 0xE0FD, KIND_RSA_KEY, 0, .tags = META_KEY },
	{ OID_FIRST_SESSION, 0xE103, KIND_SESSION, 48, .in_ram = true,
		.tags = { 6, { 0xD0, 1, 0xFF, 0xD1, 1, 0xFF } } },
	{ OID_FIRST_COUNTER, 0xE123, KIND_COUNTER, 8,
		.tags = { 23, { 0xC0, 1, 1, 0xC4, 1, 8, 0xC5, 1, 8, UNTIL_OP, 0xD1, 1, 0, 0xD3, 1,
				      0, 0xE8, 1, 0x01 } } },
	{ OID_BINDING_SECRET, OID_BINDING_SECRET, KIND_BYTES, 64,
		.tags = { 29, { 0xC0, 1, 1, 0xC4, 1, 64, 0xC5, 1, 64, 0xD0, 7, 0xE1, 0xFC, 0x07,
				      0xFE, 0x20, 0xE1, 0x40, 0xD1, 3, 0xE1, 0xFC, 0x07, 0xD3, 1, 0,
				      0xE8, 1, 0x22 } } },
	{ OID_LCSA, OID_LCSA, KIND_LIFE_CYCLE, 1, .tags = META_OPEN(1), .high = LCS_OPERATIONAL,
		.fill = { LCS_CREATION } },
	{ OID_APP_STATUS, OID_APP_STATUS, KIND_STATUS, 1, .in_ram = true, .tags = META_OPEN(1) },
	{ OID_LAST_ERROR, OID_LAST_ERROR, KIND_BYTES, 1, .in_ram = true, .tags = META_FIXED(1) },
	{ 0xF1D0, 0xF1DB, KIND_BYTES, 140,
		.tags = { 17,
			{ 0xC0, 1, 1, 0xC4, 1, 140, 0xC5, 1, 100, UNTIL_OP, 0xD1, 1, 0x00 } } },
	{ 0xF1E0, 0xF1E1, KIND_BYTES, 1500,
		.tags = { 19, { 0xC0, 1, 1, 0xC4, 2, 0x05, 0xDC, 0xC5, 2, 0x05, 0xDC, UNTIL_OP,
				      0xD1, 1, 0x00 } } },
};

static const struct object_type nothing = { 0xFFFF, 0xFFFF, KIND_INTERNAL, 0, .in_ram = true };

static bool is_key(const struct object *o)
{
	return o->type->kind == KIND_KEY || o->type->kind == KIND_RSA_KEY ||
	       o->type->kind == KIND_SESSION;
}

/* What the metadata say, or all there is. */
static size_t used_when_new(const struct object *o)
{
	size_t len;
	const uint8_t *v = tags_find(&o->tags, &len, TAG_USED_SIZE);

	if (is_key(o))
		return 0;
	if (v == NULL)
		return o->type->max;
	return len == 1 ? v[0] : (size_t)(v[0] << 8 | v[1]);
}

void object_renew(struct object *o)
{
	o->tags = o->type->tags;
	memset(o->data, 0, sizeof(o->data));
	memcpy(o->data, o->type->fill, sizeof(o->type->fill));
	o->used = used_when_new(o);
}

static struct object *fill(struct object *o, const struct object_type *type)
{
	for (unsigned oid = type->first; oid <= type->last; oid++, o++) {
		o->oid = (uint16_t)oid;
		o->type = type;
		object_renew(o);
	}
	return o;
}

void catalog_fill(struct object objects[static CATALOG_OBJECTS], enum model model)
{
	bool is_x = model == MODEL_TRUST_X;
	const struct object_type *types = is_x ? trust_x : trust_m1;
	size_t n = is_x ? sizeof(trust_x) / sizeof(trust_x[0])
			: sizeof(trust_m1) / sizeof(trust_m1[0]);
	struct object *o = objects;

	for (size_t i = 0; i < n; i++)
		o = fill(o, &types[i]);
	assert(o <= objects + CATALOG_OBJECTS);
	while (o < objects + CATALOG_OBJECTS)
		o = fill(o, &nothing);
}

bool object_set_used(struct object *o, size_t used)
{
	size_t len;

	if (!is_key(o) && tags_find(&o->tags, &len, TAG_USED_SIZE) == NULL)
		return true;
	if (!is_key(o) && !tags_put_size(&o->tags, TAG_USED_SIZE, used))
		return false;
	o->used = used;
	return true;
}

uint8_t object_lcso(const struct object *o)
{
	size_t len;
	const uint8_t *lcso = tags_find(&o->tags, &len, TAG_LCSO);

	return lcso != NULL ? lcso[0] : LCS_OPERATIONAL;
}
