/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *str_cut(const char *text, size_t len)
{
	const char *end = memchr(text, '\0', len);
	const size_t kept = end != NULL ? (size_t)(end - text) : len;
	char *copy = malloc(kept + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, text, kept);
	copy[kept] = '\0';
	return copy;
}

bool str_has(const char *text, const char *part)
{
	const size_t len = strlen(part);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, part, len) == 0)
			return true;
	return false;
}

char *str_word(char **rest, char separator)
{
	char *word = *rest, *end = word != NULL ? strchr(word, separator) : NULL;

	if (end != NULL)
		*end++ = '\0';
	*rest = end;
	return word;
}
