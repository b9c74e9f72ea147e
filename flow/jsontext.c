/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "jsontext.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* jansson does not look at every result of add_part: the first failure is kept here. */
struct sink {
	struct blob *out;
	enum trustx_err err;
};

static int add_part(const char *part, size_t len, void *to)
{
	struct sink *sink = to;

	if (sink->err == TRUSTX_OK)
		sink->err = blob_add(sink->out, part, len);
	return sink->err == TRUSTX_OK ? 0 : -1;
}

enum trustx_err jsontext_add(struct blob *out, const json_t *value)
{
	struct sink sink = { out, TRUSTX_OK };
	int rc = json_dump_callback(value, add_part, &sink, JSON_COMPACT);

	if (sink.err != TRUSTX_OK)
		return sink.err;
	return rc == 0 ? TRUSTX_OK : TRUSTX_ERR_MEMORY;
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

json_t *jsontext_words(const char *text)
{
	json_t *value = json_string(text);
	char *ascii;

	/* ASCII is UTF-8: it was the memory then. */
	if (value != NULL || is_ascii(text) || (ascii = strdup(text)) == NULL)
		return value;
	for (char *p = ascii; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	value = json_string(ascii);
	free(ascii);
	return value;
}
