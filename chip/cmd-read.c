/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* GetDataObject: data and metadata (SRM "GetDataObject"). */
#include "apdu.h"

#define CODE_BOUNDARY 0x08u
#define OFFSET_MAX    0xFFFFu

/* One command: *len bytes asked for, *len bytes that came. */
static enum trustx_err read_part(
	struct handle *h, uint8_t *data, size_t *len, uint16_t oid, size_t offset)
{
	struct apdu a;
	enum trustx_err err;

	apdu_begin(h, &a, CMD_READ, PARAM_DATA, oid);
	apdu_u16(&a, oid);
	apdu_u16(&a, offset);
	apdu_u16(&a, *len);
	apdu_answer(&a, 0, data, *len);
	err = apdu_run(h, &a);
	*len = a.len;
	return err;
}

/* The chip says that offset is out of bounds: is it just behind the last byte? */
static bool is_end(struct handle *h, uint8_t *spare, uint16_t oid, size_t offset)
{
	size_t len = 1;

	if (h->error.chip_code != CODE_BOUNDARY)
		return false;
	return offset == 0 || read_part(h, spare, &len, oid, offset - 1) == TRUSTX_OK;
}

enum trustx_err trustx_read(
	struct trustx *se, uint8_t *data, size_t *len, uint16_t oid, size_t offset)
{
	struct handle *h = handle_of(se);
	size_t done = 0, room, ask, part;
	enum trustx_err err;

	call_begin(h);
	apdu_note(h, CMD_READ, PARAM_DATA, oid);
	err = offset > OFFSET_MAX ? TRUSTX_ERR_ARGUMENT : apdu_room(h, &room, *len);
	while (err == TRUSTX_OK && done < *len && offset + done <= OFFSET_MAX) {
		ask = *len - done;
		if (ask > room)
			ask = room;
		part = ask;
		err = read_part(h, data + done, &part, oid, offset + done);
		if (err == TRUSTX_ERR_CHIP && h->error.chip_code == CODE_BOUNDARY &&
			(done > 0 || is_end(h, data, oid, offset))) {
			err = TRUSTX_OK;
			part = 0;
		}
		if (err == TRUSTX_OK)
			done += part;
		if (part < ask)
			break;
	}
	return call_end(h, err, data, len, done);
}

enum trustx_err trustx_read_uid(struct trustx *se, uint8_t uid[TRUSTX_UID_LEN])
{
	struct handle *h = handle_of(se);
	size_t len = TRUSTX_UID_LEN, part = len;
	enum trustx_err err;

	call_begin(h);
	err = read_part(h, uid, &part, TRUSTX_OID_UID, 0);
	if (err == TRUSTX_OK && part != len)
		err = dlink_fail(&h->dlink, TRUSTX_LAYER_APDU, TRUSTX_ERR_PROTOCOL);
	return call_end(h, err, uid, &len, len);
}

uint16_t trustx_uid_build(const uint8_t uid[TRUSTX_UID_LEN])
{
	return (uint16_t)(uid[25] << 8 | uid[26]);
}

enum trustx_err trustx_read_metadata(struct trustx *se, uint8_t *data, size_t *len, uint16_t oid)
{
	struct handle *h = handle_of(se);
	struct apdu a;
	enum trustx_err err;

	a.len = 0;
	call_begin(h);
	apdu_begin(h, &a, CMD_READ, PARAM_METADATA, oid);
	apdu_u16(&a, oid);
	apdu_answer(&a, 0, data, *len);
	err = apdu_run(h, &a);
	if (err == TRUSTX_ERR_PROTOCOL && a.len > *len && a.len <= TRUSTX_METADATA_MAX)
		err = TRUSTX_ERR_TOO_SMALL;
	return call_end(h, err, data, len, a.len);
}
