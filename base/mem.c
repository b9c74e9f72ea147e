/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "mem.h"

void mem_wipe(void *p, size_t len)
{
	volatile unsigned char *byte = p;

	while (len-- > 0)
		*byte++ = 0;
}

bool mem_equal(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a, *y = b;
	unsigned char diff = 0;

	for (size_t i = 0; i < len; i++)
		diff = (unsigned char)(diff | (x[i] ^ y[i]));
	return diff == 0;
}
