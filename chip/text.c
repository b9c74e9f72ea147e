/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "text.h"

void text_init(struct text *t, char *out, size_t cap)
{
	t->at = out;
	t->end = out + cap - 1;
	t->cut = false;
	*t->at = '\0';
}

void text_add(struct text *t, const char *s)
{
	while (*s != '\0' && t->at < t->end)
		*t->at++ = *s++;
	*t->at = '\0';
	if (*s != '\0')
		t->cut = true;
}

void text_add_hex(struct text *t, unsigned value, unsigned digits)
{
	char s[2] = "";

	while (digits-- > 0) {
		s[0] = "0123456789ABCDEF"[value >> 4 * digits & 15];
		text_add(t, s);
	}
}

void text_add_number(struct text *t, uint32_t value)
{
	char s[11];
	char *at = s + sizeof(s) - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	text_add(t, at);
}
