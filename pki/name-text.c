/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "name.h"

#include "hex.h"
#include "name-attr.h"
#include "value.h"

#include <openssl/err.h>

#include <stdbool.h>
#include <string.h>

#define VALUE_BYTES_MAX 4096

/* A subject being read: "CN=..,O=.." or, with '/' as separator, "/CN=../O=..". */
struct scan {
	const char *at;
	char separator;
	const char *refused; /* what a value may contain only behind a backslash */
};

static const char *skip_spaces(const char *at)
{
	return at + strspn(at, " ");
}

static enum trustx_err bad_part(const char *at, const char *why, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, at, strlen(at));
	return fail_set(f, TRUSTX_ERR_INPUT, "at \"%s\": %s", shown, why);
}

static enum trustx_err take_key(const struct name_attr **attr, struct scan *s, struct fail *f)
{
	const char *start = skip_spaces(s->at);
	size_t len = strcspn(start, "=,/+;");

	if (*start == '\0')
		return fail_set(
			f, TRUSTX_ERR_INPUT, "the subject ends where KEY=VALUE is expected");
	if (start[len] != '=')
		return bad_part(start, "KEY=VALUE is expected", f);
	s->at = skip_spaces(start + len + 1);
	while (len > 0 && start[len - 1] == ' ')
		len--;
	return name_attr_find(attr, start, len, NAME_ANY_CASE, f);
}

/* Characters that RFC 4514 reserves, and why a value may not have them bare. */
static enum trustx_err refuse(const char *at, struct fail *f)
{
	const char *why = "write a backslash in front of ; < and >";

	if (*at == '+')
		why = "a name with + (several values in one part) cannot be made; write \\+ for a "
		      "plus sign";
	else if (*at == '"')
		why = "quotes do not protect a value here; write \\, or \\\"";
	else if (*at == '#')
		why = "a value in hexadecimal cannot be given; write \\# for a value that begins "
		      "with #";
	return bad_part(at, why, f);
}

/* Where the value at s->at ends without the spaces behind it, and where the text goes on. */
static enum trustx_err find_end(
	const char **end, const char **next, const struct scan *s, struct fail *f)
{
	const char *at = s->at;

	*end = at;
	if (*at == '#' && s->separator == ',')
		return refuse(at, f);
	for (bool escaped; *at != '\0' && *at != s->separator; at++) {
		if (strchr(s->refused, *at) != NULL)
			return refuse(at, f);
		escaped = *at == '\\';
		if (escaped && *++at == '\0')
			return fail_set(f, TRUSTX_ERR_INPUT, "the subject ends with a backslash");
		if (escaped || *at != ' ')
			*end = at + 1;
	}
	*next = at;
	return TRUSTX_OK;
}

/* RFC 4514 2.4: the pair behind the backslash at at. */
static enum trustx_err take_escape(
	struct blob *value, const char **at, const char *end, struct fail *f)
{
	char pair[3] = { 0 };
	size_t len = 1;
	uint8_t byte;

	memcpy(pair, *at + 1, end - *at > 2 ? 2 : 1);
	if (hex_parse(&byte, &len, pair) == TRUSTX_OK && len == 1) {
		if (byte == 0)
			return bad_part(*at, "\\00 has no place in a name", f);
		*at += 3;
		return blob_add(value, &byte, 1);
	}
	if (strchr(" \"#+,;<=>\\/", pair[0]) == NULL)
		return bad_part(*at,
			"behind a backslash stands one of \"#+,;<=>\\/, a space, or "
			"two hexadecimal digits",
			f);
	*at += 2;
	return blob_add(value, pair, 1);
}

static enum trustx_err take_value(struct blob *value, struct scan *s, struct fail *f)
{
	const char *at = s->at, *end = NULL, *next = NULL;
	enum trustx_err err;

	if ((err = find_end(&end, &next, s, f)) != TRUSTX_OK)
		return err;
	fail_clear(f);
	while (at < end && err == TRUSTX_OK) {
		if (*at == '\\')
			err = take_escape(value, &at, end, f);
		else
			err = blob_add(value, at++, 1);
	}
	if (err != TRUSTX_OK && f->err == TRUSTX_OK)
		return fail_set(f, err, "the subject is too long");
	s->at = next;
	return err;
}

static enum trustx_err take_part(
	X509_NAME *name, const struct name_vars *vars, struct scan *s, struct fail *f)
{
	const struct name_attr *attr;
	struct blob value;
	enum trustx_err err;

	blob_init(&value, VALUE_BYTES_MAX);
	if ((err = take_key(&attr, s, f)) != TRUSTX_OK ||
		(err = take_value(&value, s, f)) != TRUSTX_OK)
		goto out;
	err = name_attr_add(name, attr, vars, blob_text(&value), f);
out:
	blob_free(&value);
	return err;
}

enum trustx_err name_from_text(
	X509_NAME **name, const struct name_vars *vars, const char *text, struct fail *f)
{
	struct scan s = { skip_spaces(text), ',', "\"+;<>" };
	X509_NAME *made = X509_NAME_new();
	enum trustx_err err;

	*name = NULL;
	if (made == NULL) {
		ERR_clear_error();
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	if (*s.at == '\0') {
		err = fail_set(f, TRUSTX_ERR_INPUT, "the subject is empty");
		goto out;
	}
	if (*s.at == '/')
		s = (struct scan){ s.at + 1, '/', "+" };
	for (;; s.at++) {
		if ((err = take_part(made, vars, &s, f)) != TRUSTX_OK)
			goto out;
		if (*s.at == '\0')
			break;
	}
	*name = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	X509_NAME_free(made);
	return err;
}
