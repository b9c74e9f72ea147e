/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "policy-allows.h"

#include <jansson.h>

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define ARN_COLONS 5 /* in front of the resource */

static const char *const variables[] = { "${iot:Connection.Thing.ThingName}", "${iot:ClientId}" };

static size_t variable_len(const char *pattern)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (strncasecmp(pattern, variables[i], strlen(variables[i])) == 0)
			return strlen(variables[i]);
	return 0;
}

/* One character or variable of the pattern against the text; false: it is not that. */
static bool step(const char **pattern, const char **text, const char *thing)
{
	size_t len = variable_len(*pattern), thing_len = strlen(thing);

	if (len > 0 && strncmp(*text, thing, thing_len) == 0) {
		*pattern += len;
		*text += thing_len;
		return true;
	}
	if (len > 0 || **text == '\0' || (**pattern != '?' && **pattern != **text))
		return false;
	++*pattern;
	++*text;
	return true;
}

/* As a shell matches '*' and '?'; the last star is where it goes back to. */
static bool matches(const char *pattern, const char *text, const char *thing)
{
	const char *star = NULL, *from = NULL;

	while (*text != '\0' || *pattern != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (step(&pattern, &text, thing)) {
			continue;
		} else if (star != NULL && *from != '\0') {
			pattern = star;
			text = ++from;
		} else
			return false;
	}
	return true;
}

static bool is_action(const char *pattern, const struct policy_wish *wish)
{
	char lower[80], wanted[80];
	size_t i;

	for (i = 0; i + 1 < sizeof(lower) && pattern[i] != '\0'; i++)
		lower[i] = (char)tolower((unsigned char)pattern[i]);
	lower[i] = '\0';
	for (i = 0; i + 1 < sizeof(wanted) && wish->action[i] != '\0'; i++)
		wanted[i] = (char)tolower((unsigned char)wish->action[i]);
	wanted[i] = '\0';
	return matches(lower, wanted, "");
}

/* Region and account are the endpoint's business. */
static bool is_resource(const char *arn, const struct policy_wish *wish)
{
	if (strcmp(arn, "*") == 0)
		return true;
	for (unsigned i = 0; i < ARN_COLONS; i++) {
		if ((arn = strchr(arn, ':')) == NULL)
			return false;
		arn++;
	}
	return matches(arn, wish->resource, wish->thing);
}

/* A text, or an array of texts. */
static bool any(const json_t *member, const struct policy_wish *wish,
	bool (*is)(const char *, const struct policy_wish *))
{
	bool found = json_is_string(member) && is(json_string_value(member), wish);

	for (size_t i = 0; i < json_array_size(member); i++) {
		const json_t *one = json_array_get(member, i);

		found = found || (json_is_string(one) && is(json_string_value(one), wish));
	}
	return found;
}

static enum policy_answer ask_statement(const json_t *statement, const struct policy_wish *wish)
{
	const char *effect = json_string_value(json_object_get(statement, "Effect"));

	if (effect == NULL || !any(json_object_get(statement, "Action"), wish, is_action) ||
		!any(json_object_get(statement, "Resource"), wish, is_resource))
		return POLICY_SILENT;
	return strcmp(effect, "Allow") == 0 ? POLICY_ALLOWS : POLICY_DENIES;
}

enum policy_answer policy_answer(const char *document, const struct policy_wish *wish)
{
	json_t *policy = json_loads(document, 0, NULL);
	const json_t *statements = json_object_get(policy, "Statement");
	enum policy_answer answer = ask_statement(statements, wish);

	for (size_t i = 0; i < json_array_size(statements); i++) {
		enum policy_answer one = ask_statement(json_array_get(statements, i), wish);

		if (one > answer)
			answer = one;
	}
	json_decref(policy);
	return answer;
}
