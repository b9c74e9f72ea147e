/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "recipe.h"

#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES   "attributes"
#define STATIONS_MAX 1000

enum kind { TEXT, FLAG, NUMBER, TEXTS };

static const char *const kind_texts[] = { "text in quotes", "true or false",
	"a number from 1 to 1000", "an object whose values are text" };

static const struct key {
	const char *name;
	enum kind kind;
	size_t at;
} keys[] = {
	{ "thing", TEXT, offsetof(struct recipe, thing) },
	{ "thing-type", TEXT, offsetof(struct recipe, thing_type) },
	{ ATTRIBUTES, TEXTS, 0 },
	{ "group", TEXT, offsetof(struct recipe, group) },
	{ "policy", TEXT, offsetof(struct recipe, policy) },
	{ "weak-policy", FLAG, offsetof(struct recipe, weak_policy) },
	{ "profile", TEXT, offsetof(struct recipe, profile) },
	{ "region", TEXT, offsetof(struct recipe, region) },
	{ "account", TEXT, offsetof(struct recipe, account) },
	{ "endpoint-url", TEXT, offsetof(struct recipe, endpoint_url) },
	{ "ca-bundle", TEXT, offsetof(struct recipe, ca_bundle) },
	{ "allow-http", FLAG, offsetof(struct recipe, allow_http) },
	{ "imds", FLAG, offsetof(struct recipe, imds) },
	{ "stations", NUMBER, offsetof(struct recipe, stations) },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static enum trustx_err wrong(const char *path, const char *member, const char *why, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, member, strlen(member));
	return fail_set(
		f, TRUSTX_ERR_INPUT, "%s%s%s: %s", path, path[0] != '\0' ? "." : "", shown, why);
}

static enum trustx_err unknown(const char *name, struct fail *f)
{
	size_t n = 0;

	wrong("", name, "there is no such key", f);
	f->next[0] = '\0';
	for (size_t i = 0; i < KEYS && n < sizeof(f->next); i++)
		n += (size_t)snprintf(f->next + n, sizeof(f->next) - n, "%s%s",
			i > 0 ? ", " : "there are ", keys[i].name);
	return f->err;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool is_text(const json_t *value)
{
	return json_string_length(value) > 0 &&
	       strlen(json_string_value(value)) == json_string_length(value);
}

static enum trustx_err take_attributes(struct recipe *recipe, json_t *object, struct fail *f)
{
	const char *name;
	json_t *value;

	recipe->attribute_count = 0;
	json_object_foreach(object, name, value)
	{
		if (!json_is_string(value) ||
			strlen(json_string_value(value)) != json_string_length(value))
			return wrong(ATTRIBUTES, name, "it must be text in quotes", f);
		if (recipe->attribute_count == ENROLL_ATTRIBUTES)
			return wrong(
				"", ATTRIBUTES, "AWS takes 50 at most, the chip's UID included", f);
		recipe->attributes[recipe->attribute_count++] =
			(struct iot_attribute){ name, json_string_value(value) };
	}
	return TRUSTX_OK;
}

static bool take(struct recipe *recipe, const struct key *key, const json_t *value)
{
	void *at = (unsigned char *)recipe + key->at;

	if (key->kind == TEXT && is_text(value))
		*(const char **)at = json_string_value(value);
	else if (key->kind == FLAG && json_is_boolean(value))
		*(bool *)at = json_is_true(value);
	else if (key->kind == NUMBER && json_integer_value(value) >= 1 &&
		 json_integer_value(value) <= STATIONS_MAX)
		*(uint64_t *)at = (uint64_t)json_integer_value(value);
	else
		return key->kind == TEXTS && json_is_object(value);
	return true;
}

static enum trustx_err take_all(struct recipe *recipe, struct fail *f)
{
	const struct key *key;
	const char *name;
	char why[80];
	json_t *value;
	enum trustx_err err;

	json_object_foreach(recipe->root, name, value)
	{
		if ((key = find_key(name)) == NULL)
			return unknown(name, f);
		if (!take(recipe, key, value)) {
			snprintf(why, sizeof(why), "it must be %s", kind_texts[key->kind]);
			return wrong("", name, why, f);
		}
		if (key->kind == TEXTS && (err = take_attributes(recipe, value, f)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

static enum trustx_err not_json(const json_error_t *where, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, where->text, strlen(where->text));
	return fail_set(
		f, TRUSTX_ERR_INPUT, "line %d, column %d: %s", where->line, where->column, shown);
}

enum trustx_err recipe_parse(struct recipe *recipe, const void *json, size_t len, struct fail *f)
{
	json_error_t where;

	memset(recipe, 0, sizeof(*recipe));
	if (len == 0) {
		recipe->root = json_object();
		return recipe->root != NULL ? TRUSTX_OK
					    : fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	recipe->root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &where);
	if (recipe->root == NULL)
		return not_json(&where, f);
	if (!json_is_object(recipe->root))
		return fail_set(f, TRUSTX_ERR_INPUT, "it must be an object, {\"thing\": ...}");
	return take_all(recipe, f);
}

void recipe_free(struct recipe *recipe)
{
	json_decref(recipe->root);
	memset(recipe, 0, sizeof(*recipe));
}

enum trustx_err recipe_add_attribute(struct recipe *recipe, const char *text, struct fail *f)
{
	const char *equals = strchr(text, '=');
	json_t *all = json_object_get(recipe->root, ATTRIBUTES), *value;
	char name[IOT_NAME_MAX + 1];

	if (equals == NULL || equals == text || (size_t)(equals - text) > IOT_NAME_MAX)
		return fail_set(f, TRUSTX_ERR_INPUT, "'%.60s' is not NAME=VALUE", text);
	memcpy(name, text, (size_t)(equals - text));
	name[equals - text] = '\0';
	if (all == NULL) {
		all = json_object();
		json_object_set_new(recipe->root, ATTRIBUTES, all);
	}
	if ((value = json_string(equals + 1)) == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "the value of '%.60s' is not UTF-8", name);
	if (json_object_set_new(all, name, value) != 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the name in '%.60s' is not UTF-8", text);
	return take_attributes(recipe, all, f);
}
