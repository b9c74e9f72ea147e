/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ini.h"

#include "file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define INI_MAX ((size_t)1 << 20)

struct place {
	const char *path, *section, *parent;
	unsigned line;
};

/* Without the blanks around it; cuts text. */
static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

static enum trustx_err add(struct ini *ini, const struct ini_entry *entry, struct fail *f)
{
	struct ini_entry *more = realloc(ini->at, (ini->count + 1) * sizeof(*more));

	if (more == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	ini->at = more;
	ini->at[ini->count++] = *entry;
	return TRUSTX_OK;
}

static enum trustx_err bad_line(const struct place *place, const char *what, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "%s, line %u: %s", place->path, place->line, what);
	return fail_next(f, "a line is [section], key = value, or begins with #");
}

/* [profile "a  b"] is [profile a b]. */
static void tidy(char *name)
{
	char *to = name;

	for (; *name != '\0'; name++)
		if (!isspace((unsigned char)*name) && *name != '"' && *name != '\'')
			*to++ = *name;
		else if (isspace((unsigned char)*name) && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
}

static enum trustx_err take_section(
	struct ini *ini, struct place *place, char *text, struct fail *f)
{
	struct ini_entry entry = { .key = NULL };
	char *end = strchr(text, ']');

	if (end == NULL)
		return bad_line(place, "the section has no ']'", f);
	*end = '\0';
	text = trim(text + 1);
	tidy(text);
	place->section = text;
	place->parent = NULL;
	entry.section = place->section;
	return add(ini, &entry, f);
}

/* A comment behind a value begins with a blank. */
static void cut_comment(char *value)
{
	for (char *c = value; *c != '\0'; c++)
		if ((*c == '#' || *c == ';') && c > value && isspace((unsigned char)c[-1])) {
			*c = '\0';
			return;
		}
}

static enum trustx_err take_value(struct ini *ini, struct place *place, char *line, struct fail *f)
{
	bool indented = isspace((unsigned char)line[0]);
	struct ini_entry entry = { .section = place->section };
	char *equals = strpbrk(line, "=:");

	if (place->section == NULL)
		return bad_line(place, "a value stands before the first section", f);
	if (equals == NULL)
		return bad_line(place, "it has no '='", f);
	*equals = '\0';
	cut_comment(equals + 1);
	line = trim(line);
	for (char *c = line; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	entry.key = line;
	entry.value = trim(equals + 1);
	entry.parent = indented ? place->parent : NULL;
	if (!indented)
		place->parent = entry.value[0] == '\0' ? entry.key : NULL;
	return add(ini, &entry, f);
}

static enum trustx_err take_line(struct ini *ini, struct place *place, char *line, struct fail *f)
{
	const char *start = line + strspn(line, " \t\r");

	place->line++;
	if (*start == '\0' || *start == '#' || *start == ';')
		return TRUSTX_OK;
	if (*line == '[')
		return take_section(ini, place, line, f);
	return take_value(ini, place, line, f);
}

static enum trustx_err parse(struct ini *ini, const char *path, struct fail *f)
{
	struct place place = { .path = path };
	char *at = (char *)ini->text.data;
	enum trustx_err err = TRUSTX_OK;

	if (at != NULL && strlen(at) != ini->text.len)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s is no text file", path);
	if (at != NULL && strncmp(at, "\xEF\xBB\xBF", 3) == 0)
		at += 3;
	while (at != NULL && err == TRUSTX_OK) {
		char *end = strchr(at, '\n');

		if (end != NULL)
			*end++ = '\0';
		err = take_line(ini, &place, at, f);
		at = end;
	}
	return err;
}

enum trustx_err ini_read(struct ini *ini, const char *path, struct fail *f)
{
	enum trustx_err err;

	memset(ini, 0, sizeof(*ini));
	blob_init(&ini->text, INI_MAX);
	if (!file_exists(path))
		return TRUSTX_OK;
	if ((err = file_read(&ini->text, path, f)) != TRUSTX_OK)
		return err;
	return parse(ini, path, f);
}

void ini_free(struct ini *ini)
{
	blob_free(&ini->text);
	free(ini->at);
	ini->at = NULL;
	ini->count = 0;
}

bool ini_has(const struct ini *ini, const char *section)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->at[i].section, section) == 0)
			return true;
	return false;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The last one counts, as with the AWS tools. */
const char *ini_get(const struct ini *ini, const char *section, const char *parent, const char *key)
{
	for (size_t i = ini->count; i-- > 0;) {
		const struct ini_entry *e = &ini->at[i];

		if (e->key != NULL && strcmp(e->section, section) == 0 &&
			strcmp(e->key, key) == 0 && same(e->parent, parent))
			return e->value;
	}
	return NULL;
}
