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

static const struct object_type types[] = {
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

static bool is_key(const struct object *o)
{
	return o->type->kind == KIND_KEY || o->type->kind == KIND_SESSION;
}

void object_renew(struct object *o)
{
	o->tags = o->type->tags;
	memset(o->data, 0, sizeof(o->data));
	memcpy(o->data, o->type->fill, sizeof(o->type->fill));
	o->used = is_key(o) ? 0 : o->type->max;
}

void catalog_fill(struct object objects[static CATALOG_OBJECTS])
{
	struct object *o = objects;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		for (unsigned oid = types[i].first; oid <= types[i].last; oid++, o++) {
			o->oid = (uint16_t)oid;
			o->type = &types[i];
			object_renew(o);
		}
	}
	assert(o == objects + CATALOG_OBJECTS);
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
