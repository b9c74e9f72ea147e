/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "num.h"

#include <string.h>

#define MILLI_WHOLE_MAX 3999999u

static int digit_of(char c, unsigned base)
{
	const char *digits = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	if (c == '\0' || (at = strchr(digits, c)) == NULL || at - digits >= (int)base)
		return -1;
	return (int)(at - digits);
}

/* Digits up to end, at least one. */
static enum trustx_err parse_digits(uint64_t *v, const char *at, const char *end, unsigned base)
{
	uint64_t sum = 0;
	int digit;

	if (at == end)
		return TRUSTX_ERR_INPUT;
	for (; at != end; at++) {
		if ((digit = digit_of(*at, base)) < 0)
			return TRUSTX_ERR_INPUT;
		if (sum > (UINT64_MAX - (unsigned)digit) / base)
			return TRUSTX_ERR_INPUT;
		sum = sum * base + (unsigned)digit;
	}
	*v = sum;
	return TRUSTX_OK;
}

enum trustx_err num_parse(uint64_t *v, const char *text)
{
	const char *end = text + strlen(text);

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return parse_digits(v, text + 2, end, 16);
	return parse_digits(v, text, end, 10);
}

enum trustx_err num_parse_range(uint64_t *v, const char *text, uint64_t min, uint64_t max)
{
	uint64_t got;

	if (num_parse(&got, text) != TRUSTX_OK || got < min || got > max)
		return TRUSTX_ERR_INPUT;
	*v = got;
	return TRUSTX_OK;
}

enum trustx_err num_parse_milli(uint32_t *v, const char *text)
{
	const char *end = text + strlen(text);
	const char *dot = strchr(text, '.');
	uint64_t whole, part = 0;

	if (parse_digits(&whole, text, dot != NULL ? dot : end, 10) != TRUSTX_OK)
		return TRUSTX_ERR_INPUT;
	if (whole > MILLI_WHOLE_MAX)
		return TRUSTX_ERR_INPUT;
	if (dot != NULL) {
		if (end - dot > 4 || parse_digits(&part, dot + 1, end, 10) != TRUSTX_OK)
			return TRUSTX_ERR_INPUT;
		for (const char *p = end; p - dot <= 3; p++)
			part *= 10;
	}
	*v = (uint32_t)(whole * 1000 + part);
	return TRUSTX_OK;
}
