/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The objects of the chip: which there are, how big, and what they hold when new. */
#ifndef SIM_CATALOG_H
#define SIM_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"
#include "tags.h"

#define CATALOG_OBJECTS 48 /* of the chip with the most */
#define OBJECT_DATA_MAX 1728
#define HIBERNATED_MAX	214

enum {
	OID_BUS_SETTINGS = 0x0000, /* not reachable by commands: address, mode */
	OID_HIBERNATED = 0x0001,   /* the same: an application that sleeps */
	OID_LCSG = 0xE0C0,
	OID_GLOBAL_STATUS = 0xE0C1,
	OID_UID = 0xE0C2,
	OID_SLEEP_DELAY = 0xE0C3,
	OID_CURRENT_LIMIT = 0xE0C4,
	OID_SEC = 0xE0C5,
	OID_INFINEON_CERT = 0xE0E0,
	OID_TRUST_ANCHOR = 0xE0E8,
	OID_FIRST_KEY = 0xE0F0,
	OID_FIRST_SESSION = 0xE100,
	OID_FIRST_COUNTER = 0xE120,
	OID_BINDING_SECRET = 0xE140,
	OID_LCSA = 0xF1C0,
	OID_APP_STATUS = 0xF1C1,
	OID_LAST_ERROR = 0xF1C2,
};

enum object_kind {
	KIND_INTERNAL,
	KIND_BYTES,
	KIND_LIFE_CYCLE,
	KIND_STATUS,
	KIND_LIMITED, /* one byte within limits */
	KIND_CERTIFICATE,
	KIND_KEY,     /* data is the private scalar, used 0 when empty */
	KIND_RSA_KEY, /* always empty: there is no RSA here */
	KIND_COUNTER, /* value and threshold, four bytes each */
	KIND_SESSION,
};

struct object_type {
	uint16_t first, last; /* OIDs */
	enum object_kind kind;
	uint16_t max; /* size of the data */
	bool in_ram;  /* lost by a reset */
	struct tags tags;
	uint8_t low, high; /* of KIND_LIMITED and KIND_LIFE_CYCLE */
	uint8_t fill[2];   /* the data when new: these bytes, then zeros */
};

struct object {
	uint16_t oid;
	const struct object_type *type;
	struct tags tags;
	uint32_t cycles; /* how often it was programmed */
	size_t used;
	uint8_t data[OBJECT_DATA_MAX]; /* zero from used on */
};

/* All objects as new. Places that are left over hold an object that no command can name. */
void catalog_fill(struct object objects[static CATALOG_OBJECTS], enum model model);

/* One object as new: oid and type are set already. */
void object_renew(struct object *o);

/* Set the used size and the tag that shows it. false: the metadata has no room. */
bool object_set_used(struct object *o, size_t used);

/* Life cycle of the object; operational where it has none. */
uint8_t object_lcso(const struct object *o);

#endif
