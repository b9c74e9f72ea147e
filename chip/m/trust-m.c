/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What only a Trust M knows (SRM "CloseApplication", "SetDataObject"). */
#include "apdu.h"

enum trustx_family trustx_family(const struct trustx *se)
{
	return (enum trustx_family)handle_of_const(se)->dlink.phys.family;
}

enum trustx_err trustx_close_application(struct trustx *se)
{
	struct handle *h = handle_of(se);
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_CLOSE, PARAM_DATA, 0);
	err = apdu_run(h, &a);
	if (err == TRUSTX_OK)
		h->open = false;
	return call_done(h, err);
}

enum trustx_err trustx_count(struct trustx *se, uint16_t oid, uint8_t step)
{
	struct handle *h = handle_of(se);
	struct apdu a;
	enum trustx_err err;

	call_begin(h);
	apdu_begin(h, &a, CMD_WRITE, PARAM_COUNT, oid);
	apdu_u16(&a, oid);
	apdu_u16(&a, 0);
	apdu_u8(&a, step);
	err = step != 0 ? apdu_run(h, &a) : TRUSTX_ERR_ARGUMENT;
	return call_done(h, err);
}
