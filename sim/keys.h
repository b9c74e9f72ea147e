/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Private keys of slots and sessions in the hands of commands, and public keys from the host. */
#ifndef SIM_KEYS_H
#define SIM_KEYS_H

#include "command.h"

enum {
	USAGE_AUTH = 0x01,
	USAGE_SIGN = 0x10,
	USAGE_AGREE = 0x20,
};

/* The object of a private key that may be used in one of these ways. */
enum code keys_find(struct object **o, struct call *c, uint16_t oid, uint8_t usage);

/* The key of such an object, to be wiped by the caller. */
void keys_load(struct private_key *key, const struct object *o);

/* Sign into the output: two INTEGERs. This uses the key. */
enum code keys_sign(struct call *c, const struct object *o, struct digest digest);

/* Book the use of the key: that of a slot is an event for the security monitor. */
void keys_used(struct call *c, const struct object *o);

/* An uncompressed point in a BIT STRING; pub->alg is set already. */
enum code keys_parse_public(struct public_key *pub, const uint8_t *v, size_t len);

#endif
