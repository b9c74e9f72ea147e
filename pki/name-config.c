/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "name.h"

#include "name-attr.h"
#include "value.h"

#include <jansson.h>
#include <openssl/err.h>

#include <stdio.h>
#include <string.h>

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		return "null";
	default:
		return "a string";
	}
}

/* What jansson's codes mean to somebody who wrote the file; its own words for the rest. */
static const char *syntax_text(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_premature_end_of_input:
		return "the file ends too early: a quote, a comma or a } is missing";
	case json_error_end_of_input_expected:
		return "something follows the closing brace";
	case json_error_invalid_utf8:
		return "this is not UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "\\u0000 has no place in a name";
	default:
		return error->text;
	}
}

static enum trustx_err duplicate_key(const json_error_t *error, struct fail *f)
{
	const char *key = strstr(error->text, "'\"");
	size_t len = key != NULL ? strcspn(key + 2, "\"") : 0;
	char shown[VALUE_SHOW];

	if (key == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "line %d, column %d: a key is there twice",
			error->line, error->column);
	value_show(shown, key + 2, len);
	return fail_set(f, TRUSTX_ERR_INPUT, "line %d, column %d: key %s is there twice",
		error->line, error->column, shown);
}

static enum trustx_err syntax_error(const json_error_t *error, struct fail *f)
{
	/* jansson has a text for every mistake in the file. */
	if (json_error_code(error) == json_error_out_of_memory || error->text[0] == '\0')
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (json_error_code(error) == json_error_duplicate_key)
		return duplicate_key(error, f);
	return fail_set(f, TRUSTX_ERR_INPUT, "line %d, column %d: %s", error->line,
		error->column > 0 ? error->column : 1, syntax_text(error));
}

/* A place in a text that is known to be JSON; lines and columns count from 1, in characters. */
struct place {
	const char *at, *end;
	unsigned line, column;
	unsigned depth;
	bool in_string, key_next;
};

static struct place place_begin(const char *json, size_t len)
{
	struct place p = { .at = json, .end = json + len, .line = 1, .column = 1 };

	if (len >= 3 && memcmp(json, "\xEF\xBB\xBF", 3) == 0)
		p.at += 3;
	return p;
}

static void place_step(struct place *p)
{
	unsigned char c = (unsigned char)*p->at++;

	if (c == '\n') {
		p->line++;
		p->column = 1;
	} else if ((c & 0xC0) != 0x80) {
		p->column++;
	}
}

static void place_next(struct place *p)
{
	char c = *p->at;

	if (c == '"') {
		p->in_string = !p->in_string;
		p->key_next = false;
	} else if (p->in_string) {
		if (c == '\\' && p->at + 1 < p->end)
			place_step(p);
	} else if (c == '{' || c == '[') {
		p->key_next = ++p->depth == 1;
	} else if (c == '}' || c == ']') {
		p->depth--;
	} else if (c == ',') {
		p->key_next = p->depth == 1;
	}
	place_step(p);
}

/* To the index-th key of the outermost object. */
static void place_find_key(struct place *p, size_t index)
{
	for (; p->at < p->end; place_next(p))
		if (*p->at == '"' && p->key_next && index-- == 0)
			return;
}

static void place_skip_blank(struct place *p)
{
	while (p->at < p->end && strchr(" \t\r\n", *p->at) != NULL)
		place_step(p);
}

/* Where in the file, before what is wrong there. */
static enum trustx_err at_place(const struct place *p, struct fail *f)
{
	char why[sizeof(f->why)];

	if (f->err != TRUSTX_ERR_INPUT)
		return f->err;
	memcpy(why, f->why, sizeof(why));
	snprintf(f->why, sizeof(f->why), "line %u, column %u: %.430s", p->line, p->column, why);
	return f->err;
}

static enum trustx_err load(json_t **config, struct place text, struct fail *f)
{
	size_t len = (size_t)(text.end - text.at);
	json_error_t error;

	if (len == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the file is empty");
	if ((*config = json_loadb(text.at, len, JSON_REJECT_DUPLICATES, &error)) == NULL)
		return syntax_error(&error, f);
	return TRUSTX_OK;
}

static enum trustx_err add_one(X509_NAME *name, const struct name_vars *vars, const char *key,
	const json_t *value, struct fail *f)
{
	const struct name_attr *attr;
	enum trustx_err err;

	if ((err = name_attr_find(&attr, key, strlen(key), NAME_EXACT, f)) != TRUSTX_OK)
		return err;
	if (!json_is_string(value))
		return fail_set(f, TRUSTX_ERR_INPUT, "key %s: the value must be a string, not %s",
			key, type_name(value));
	return name_attr_add(name, attr, vars, json_string_value(value), f);
}

/* jansson keeps the order of the file, and no key is there twice: a key is found by its index. */
static enum trustx_err add_all(X509_NAME *name, const struct name_vars *vars, json_t *config,
	struct place text, struct fail *f)
{
	const char *key;
	json_t *value;
	size_t index = 0;

	json_object_foreach(config, key, value)
	{
		if (add_one(name, vars, key, value, f) != TRUSTX_OK) {
			place_find_key(&text, index);
			return at_place(&text, f);
		}
		index++;
	}
	return TRUSTX_OK;
}

enum trustx_err name_from_config(X509_NAME **name, const struct name_vars *vars, const void *json,
	size_t len, struct fail *f)
{
	struct place text = place_begin(json, len);
	X509_NAME *made = NULL;
	json_t *config = NULL;
	enum trustx_err err;

	*name = NULL;
	if ((err = load(&config, text, f)) != TRUSTX_OK)
		goto out;
	if (!json_is_object(config) || json_object_size(config) == 0) {
		fail_set(f, TRUSTX_ERR_INPUT,
			"%s where an object such as {\"CN\": "
			"\"device\"} is expected",
			json_is_object(config) ? "an empty object" : type_name(config));
		place_skip_blank(&text);
		err = at_place(&text, f);
		goto out;
	}
	if ((made = X509_NAME_new()) == NULL) {
		ERR_clear_error();
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((err = add_all(made, vars, config, text, f)) != TRUSTX_OK)
		goto out;
	*name = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	X509_NAME_free(made);
	json_decref(config);
	return err;
}
