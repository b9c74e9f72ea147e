/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Metadata from readable words: the way back from trustx_access_print. */
#ifndef TOOL_ACCESS_H
#define TOOL_ACCESS_H

#include "buf.h"
#include "fail.h"

/*
 * "always", "never", "LcsO < operational and LcsG == operational or Conf 0xE140", any case, to the
 * bytes of an access condition, written to w. TRUSTX_ERR_INPUT names the word.
 */
TRUSTX_MUST_CHECK enum trustx_err access_parse(struct writer *w, const char *text, struct fail *f);

/*
 * "lcso=operational", "change=EXPR", "read=EXPR", "execute=EXPR", "usage=sign,auth", "type=12" to
 * tag, length, value, written to w. TRUSTX_ERR_INPUT.
 */
TRUSTX_MUST_CHECK enum trustx_err access_assignment(
	struct writer *w, const char *text, struct fail *f);

#endif
