/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Hexadecimal text. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "trustx_err.h"

/* 2 * len lower-case digits and a NUL into out, which has room for 2 * len + 1. */
void hex_print(char *out, const uint8_t *data, size_t len);

/*
 * text (digits of any case, even number, nothing else) to bytes. *len: capacity in, length out.
 * TRUSTX_ERR_INPUT: not such a text. TRUSTX_ERR_TOO_BIG: more than fits.
 */
TRUSTX_MUST_CHECK enum trustx_err hex_parse(uint8_t *out, size_t *len, const char *text);

#endif
