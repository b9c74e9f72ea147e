/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The words that options take, and back: curves, key usages, formats, OIDs, life cycles. */
#ifndef TOOL_WORDS_H
#define TOOL_WORDS_H

#include "cert.h"
#include "fail.h"
#include "trustx.h"

#include <stddef.h>
#include <stdint.h>

/* Each: any case; TRUSTX_ERR_INPUT lists the words there are. */
TRUSTX_MUST_CHECK enum trustx_err words_curve(
	enum trustx_curve *curve, const char *text, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err words_format(
	enum cert_format *format, const char *text, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err words_lcs(uint8_t *lcs, const char *text, struct fail *f);

/* "sign,auth": bits of enum trustx_usage. */
TRUSTX_MUST_CHECK enum trustx_err words_usage(uint8_t *usage, const char *text, struct fail *f);

/* "0xE0F1", "e0f1". */
TRUSTX_MUST_CHECK enum trustx_err words_oid(uint16_t *oid, const char *text, struct fail *f);

const char *words_curve_text(enum trustx_curve curve);	/* "P-256"; static */
const char *words_curve_name(enum trustx_curve curve);	/* "p256"; static */
const char *words_format_text(enum cert_format format); /* static */
const char *words_lcs_text(uint8_t lcs);		/* static; "unknown" */

/* One usage bit after the other: *bits loses it. NULL when none is left; "unknown" bits last. */
const char *words_usage_next(uint8_t *bits);
#define WORDS_USAGE_MAX 64
void words_usage_text(char out[WORDS_USAGE_MAX], uint8_t usage); /* "sign, auth" or "none" */

#endif
