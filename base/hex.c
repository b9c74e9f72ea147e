/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hex.h"

#include <string.h>

void hex_print(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum trustx_err hex_parse(uint8_t *out, size_t *len, const char *text)
{
	size_t n = strlen(text), cap = *len;

	*len = 0;
	if (n % 2 != 0)
		return TRUSTX_ERR_INPUT;
	if (n / 2 > cap)
		return TRUSTX_ERR_TOO_BIG;
	for (size_t i = 0; i < n / 2; i++) {
		int hi = digit(text[2 * i]), lo = digit(text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return TRUSTX_ERR_INPUT;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	*len = n / 2;
	return TRUSTX_OK;
}
