/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "name.h"

#include <jansson.h>
#include <openssl/err.h>

#include <string.h>

#include "name-attr.h"
#include "value.h"

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

static enum trustx_err load(json_t **config, const char *json, size_t len, struct fail *f)
{
	json_error_t error;

	if (len >= 3 && memcmp(json, "\xEF\xBB\xBF", 3) == 0) {
		json += 3;
		len -= 3;
	}
	if (len == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the file is empty");
	if ((*config = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error)) == NULL)
		return syntax_error(&error, f);
	return TRUSTX_OK;
}

static enum trustx_err add_all(
	X509_NAME *name, const struct name_vars *vars, json_t *config, struct fail *f)
{
	const struct name_attr *attr;
	enum trustx_err err;
	const char *key;
	json_t *value;

	json_object_foreach(config, key, value)
	{
		if ((err = name_attr_find(&attr, key, strlen(key), NAME_EXACT, f)) != TRUSTX_OK)
			return err;
		if (!json_is_string(value))
			return fail_set(f, TRUSTX_ERR_INPUT,
				"key %s: the value must be a string, not %s", key,
				type_name(value));
		err = name_attr_add(name, attr, vars, json_string_value(value), f);
		if (err != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

enum trustx_err name_from_config(X509_NAME **name, const struct name_vars *vars, const void *json,
	size_t len, struct fail *f)
{
	X509_NAME *made = NULL;
	json_t *config = NULL;
	enum trustx_err err;

	*name = NULL;
	if ((err = load(&config, json, len, f)) != TRUSTX_OK)
		goto out;
	if (!json_is_object(config) || json_object_size(config) == 0) {
		err = fail_set(f, TRUSTX_ERR_INPUT,
			"%s where an object such as {\"CN\": "
			"\"device\"} is expected",
			json_is_object(config) ? "an empty object" : type_name(config));
		goto out;
	}
	if ((made = X509_NAME_new()) == NULL) {
		ERR_clear_error();
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((err = add_all(made, vars, config, f)) != TRUSTX_OK)
		goto out;
	*name = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	X509_NAME_free(made);
	json_decref(config);
	return err;
}
