/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keys.h"

#define DIGEST_MIN 10

static enum code parse(struct digest *digest, uint16_t *oid, struct call *c)
{
	enum code code = CODE_OK;

	if ((digest->data = command_element(c, &digest->len, &code, 0x01)) == NULL ||
		!command_number(oid, c, &code, 0x03))
		return code;
	if (!reader_done(&c->in))
		return CODE_LENGTH;
	return digest->len < DIGEST_MIN || digest->len > CURVE_MAX ? CODE_DATA : CODE_OK;
}

enum code command_sign(struct call *c)
{
	struct digest digest;
	struct object *o = NULL;
	enum code code;
	uint16_t oid = 0;

	if ((code = command_check_scheme(c)) != CODE_OK)
		return code;
	if ((code = parse(&digest, &oid, c)) != CODE_OK)
		return code;
	if ((code = keys_find(&o, c, oid, USAGE_SIGN | USAGE_AUTH)) != CODE_OK)
		return code;
	return keys_sign(c, o, digest);
}
