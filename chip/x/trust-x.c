/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The calls for Trust M in a build without it. */
#include "handle.h"

enum trustx_family trustx_family(const struct trustx *se)
{
	(void)se;
	return TRUSTX_FAMILY_X;
}

static enum trustx_err refuse(struct trustx *se)
{
	struct handle *h = handle_of(se);

	call_begin(h);
	return call_done(h, TRUSTX_ERR_ARGUMENT);
}

enum trustx_err trustx_close_application(struct trustx *se)
{
	return refuse(se);
}

enum trustx_err trustx_count(struct trustx *se, uint16_t oid, uint8_t step)
{
	(void)oid;
	(void)step;
	return refuse(se);
}
