/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Numbers from text: the whole text or TRUSTX_ERR_INPUT; no sign, no blank, no octal. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>

#include "trustx_err.h"

/* Decimal, or hexadecimal after 0x. */
TRUSTX_MUST_CHECK enum trustx_err num_parse(uint64_t *v, const char *text);

/* The same, and within min..max. */
TRUSTX_MUST_CHECK enum trustx_err num_parse_range(
	uint64_t *v, const char *text, uint64_t min, uint64_t max);

/* A decimal with up to three places, in thousandths: "0.25" is 250. Below 4 million. */
TRUSTX_MUST_CHECK enum trustx_err num_parse_milli(uint32_t *v, const char *text);

#endif
