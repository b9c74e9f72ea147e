/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Text that grows in an array and is cut at its end; always terminated. */
#ifndef CHIP_TEXT_H
#define CHIP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *at, *end; /* end: where the last possible terminator stands */
	bool cut;
};

void text_init(struct text *t, char *out, size_t cap); /* cap > 0 */
void text_add(struct text *t, const char *s);
void text_add_hex(struct text *t, unsigned value, unsigned digits); /* digits only, upper case */
void text_add_number(struct text *t, uint32_t value);

#endif
