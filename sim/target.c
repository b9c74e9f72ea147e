/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "target.h"

#include <assert.h>
#include <string.h>

#define TAG_EXPORT  0x07
#define TAG_SESSION 0x08

enum code target_parse(struct target *t, struct call *c)
{
	enum code code = CODE_OK;
	size_t len;

	t->session = NULL;
	t->exports = reader_left(&c->in) > 0 && c->in.at[0] == TAG_EXPORT;
	if (!t->exports) {
		if (!command_number(&t->oid, c, &code, TAG_SESSION))
			return code;
	} else if (command_element(c, &len, &code, TAG_EXPORT) == NULL) {
		return code;
	} else if (len != 0) {
		return CODE_LENGTH;
	}
	return reader_done(&c->in) ? CODE_OK : CODE_LENGTH;
}

enum code target_find(struct target *t, struct call *c)
{
	if (t->exports)
		return CODE_OK;
	t->session = command_object(c, t->oid);
	return t->session != NULL && t->session->type->kind == KIND_SESSION ? CODE_OK : CODE_OID;
}

void target_put(const struct target *t, struct call *c, const uint8_t *secret, size_t len)
{
	struct object *after = &c->change.after;

	if (t->exports) {
		writer_bytes(&c->out, secret, len);
		return;
	}
	assert(len <= t->session->type->max);
	change_begin(&c->change, t->session);
	object_renew(after);
	memcpy(after->data, secret, len);
	after->used = len;
}
