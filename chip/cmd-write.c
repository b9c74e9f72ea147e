/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* SetDataObject: data and metadata (SRM "SetDataObject"). */
#include "apdu.h"

#define RANGE_END   0x10000u /* offsets have two bytes */
#define OBJECT_HEAD 4u	     /* OID, offset */

static enum trustx_err write_object(struct trustx *se, unsigned param, uint16_t oid, size_t offset,
	const uint8_t *data, size_t len)
{
	struct handle *h = handle_of(se);
	struct apdu a;
	size_t room, part, end = offset + len;
	enum trustx_err err;

	call_begin(h);
	apdu_note(h, CMD_WRITE, param, oid);
	err = len == 0 || len >= RANGE_END || offset >= RANGE_END || end > RANGE_END
		      ? TRUSTX_ERR_ARGUMENT
		      : apdu_room(h, &room, len);
	for (; err == TRUSTX_OK && offset < end; offset += part, data += part) {
		part = end - offset;
		if (part > room - OBJECT_HEAD)
			part = room - OBJECT_HEAD;
		apdu_begin(h, &a, CMD_WRITE, param, oid);
		apdu_u16(&a, oid);
		apdu_u16(&a, offset);
		apdu_data(&a, data, part);
		err = apdu_run(h, &a);
		param = PARAM_DATA;
	}
	return call_done(h, err);
}

enum trustx_err trustx_write(
	struct trustx *se, uint16_t oid, size_t offset, const uint8_t *data, size_t len)
{
	return write_object(se, PARAM_DATA, oid, offset, data, len);
}

enum trustx_err trustx_replace(struct trustx *se, uint16_t oid, const uint8_t *data, size_t len)
{
	return write_object(se, PARAM_ERASE, oid, 0, data, len);
}

enum trustx_err trustx_write_metadata(
	struct trustx *se, uint16_t oid, const uint8_t *data, size_t len)
{
	/* Nothing that cannot be metadata is tried on a chip that may never forget it. */
	if (len < 2 || len > TRUSTX_METADATA_MAX || data[0] != 0x20 || data[1] != len - 2)
		len = 0;
	return write_object(se, PARAM_METADATA, oid, 0, data, len);
}
