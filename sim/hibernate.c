/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hibernate.h"

#include <string.h>

#include "buf.h"
#include "curve.h"
#include "mem.h"

#define SESSIONS     4
#define SESSION_DATA 48

_Static_assert(1 + HANDLE_LEN + 1 + SESSIONS * (3 + SESSION_DATA) == HIBERNATED_MAX,
	"present, handle, security state, and of each session algorithm, usage, length, data");

static uint8_t tag_byte(const struct object *o, uint8_t tag)
{
	size_t len;
	const uint8_t *v = tags_find(&o->tags, &len, tag);

	return v != NULL ? v[0] : 0;
}

void hibernate_save(uint8_t data[static HIBERNATED_MAX], struct nvm *nvm,
	const uint8_t handle[static HANDLE_LEN])
{
	struct writer w;

	writer_init(&w, data, HIBERNATED_MAX);
	writer_u8(&w, true);
	writer_bytes(&w, handle, HANDLE_LEN);
	writer_u8(&w, nvm_byte(nvm, OID_APP_STATUS));
	for (uint16_t i = 0; i < SESSIONS; i++) {
		const struct object *o = nvm_find(nvm, (uint16_t)(OID_FIRST_SESSION + i));

		writer_u8(&w, tag_byte(o, TAG_ALGORITHM));
		writer_u8(&w, tag_byte(o, TAG_KEY_USAGE));
		writer_u8(&w, (uint8_t)o->used);
		writer_bytes(&w, o->data, SESSION_DATA);
	}
}

bool hibernate_fits(const uint8_t data[static HIBERNATED_MAX], const uint8_t *handle)
{
	return data[0] && mem_equal(data + 1, handle, HANDLE_LEN);
}

static void restore_session(struct object *o, struct reader *r)
{
	uint8_t alg = reader_u8(r), usage = reader_u8(r), used = reader_u8(r);
	const uint8_t *data = reader_bytes(r, SESSION_DATA);

	if (used > SESSION_DATA || (alg != 0 && used != curve_size(alg)))
		return;
	if (alg != 0 && (!tags_put(&o->tags, TAG_ALGORITHM, &alg, 1) ||
				!tags_put(&o->tags, TAG_KEY_USAGE, &usage, 1)))
		return;
	memcpy(o->data, data, used);
	o->used = used;
}

void hibernate_restore(struct nvm *nvm, const uint8_t data[static HIBERNATED_MAX])
{
	struct reader r;

	reader_init(&r, data + 1 + HANDLE_LEN, HIBERNATED_MAX - 1 - HANDLE_LEN);
	nvm_find(nvm, OID_APP_STATUS)->data[0] = reader_u8(&r);
	for (uint16_t i = 0; i < SESSIONS; i++)
		restore_session(nvm_find(nvm, (uint16_t)(OID_FIRST_SESSION + i)), &r);
}
