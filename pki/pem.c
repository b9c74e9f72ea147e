/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "pem.h"

#include "value.h"

#include <openssl/evp.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* A line without its end and the blanks in front of that. */
struct line {
	const char *at;
	size_t len;
};

void pem_init(struct pem *p, const void *data, size_t len)
{
	*p = (struct pem){ .at = data, .line = 1 };
	p->end = len > 0 ? p->at + len : p->at;
	if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
		p->at += 3;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool take_line(struct line *line, struct pem *p)
{
	const char *newline;

	if (p->at == p->end)
		return false;
	newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
	line->at = p->at;
	line->len = (size_t)((newline != NULL ? newline : p->end) - p->at);
	p->at = newline != NULL ? newline + 1 : p->end;
	p->line++;
	while (line->len > 0 && is_blank(line->at[line->len - 1]))
		line->len--;
	return true;
}

static bool starts_with(const struct line *line, const char *word)
{
	return line->len >= strlen(word) && memcmp(line->at, word, strlen(word)) == 0;
}

static bool is_text(const struct line *line)
{
	size_t count;

	for (size_t i = 0; i < line->len; i++)
		if (line->at[i] != '\t' && value_has_control(line->at + i, 1))
			return false;
	return value_is_utf8(&count, line->at, line->len);
}

static enum trustx_err take_label(struct pem *p, const struct line *line, struct fail *f)
{
	size_t around = strlen(BEGIN) + strlen(DASHES);
	size_t len = line->len > around ? line->len - around : 0;

	if (len == 0 || len >= sizeof(p->label) || !is_text(line) ||
		memcmp(line->at + line->len - strlen(DASHES), DASHES, strlen(DASHES)) != 0)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "line %u: this BEGIN line is damaged", p->line - 1);
	memcpy(p->label, line->at + strlen(BEGIN), len);
	p->label[len] = '\0';
	return TRUSTX_OK;
}

enum trustx_err pem_begin(struct pem *p, bool *found, struct fail *f)
{
	struct line line;

	*found = false;
	p->skipped = 0;
	while (take_line(&line, p)) {
		if (starts_with(&line, BEGIN)) {
			*found = true;
			return take_label(p, &line, f);
		}
		if (starts_with(&line, END))
			return fail_set(f, TRUSTX_ERR_INPUT,
				"line %u: an END line without its BEGIN line", p->line - 1);
		if (!is_text(&line))
			return fail_set(f, TRUSTX_ERR_INPUT, "line %u is neither text nor PEM",
				p->line - 1);
		p->skipped += line.len;
	}
	return TRUSTX_OK;
}

static bool is_end(const struct pem *p, const struct line *line)
{
	size_t len = strlen(p->label);

	return line->len == strlen(END) + len + strlen(DASHES) &&
	       memcmp(line->at + strlen(END), p->label, len) == 0 &&
	       memcmp(line->at + strlen(END) + len, DASHES, strlen(DASHES)) == 0;
}

static bool is_base64_digit(char c)
{
	return c != '\0' && strchr(BASE64, c) != NULL;
}

static bool is_base64(const struct line *line, bool padded)
{
	size_t at = 0;

	while (!padded && at < line->len && is_base64_digit(line->at[at]))
		at++;
	while (at < line->len && line->at[at] == '=')
		at++;
	return at == line->len;
}

static enum trustx_err no_room(enum trustx_err err, struct fail *f)
{
	return fail_set(f, err, "%s",
		err == TRUSTX_ERR_MEMORY ? "out of memory" : "the PEM block is too big");
}

static enum trustx_err collect(struct blob *base64, struct pem *p, struct fail *f)
{
	enum trustx_err err;
	struct line line;
	bool padded = false;

	while (take_line(&line, p)) {
		if (starts_with(&line, END) && is_end(p, &line))
			return TRUSTX_OK;
		if (starts_with(&line, DASHES))
			return fail_set(f, TRUSTX_ERR_INPUT,
				"line %u: the line -----END %s----- is expected", p->line - 1,
				p->label);
		if (!is_base64(&line, padded))
			return fail_set(
				f, TRUSTX_ERR_INPUT, "line %u: this is not base64", p->line - 1);
		padded = padded || (line.len > 0 && line.at[line.len - 1] == '=');
		if ((err = blob_add(base64, line.at, line.len)) != TRUSTX_OK)
			return no_room(err, f);
	}
	return fail_set(f, TRUSTX_ERR_INPUT, "it is cut off: the line -----END %s----- is missing",
		p->label);
}

static enum trustx_err decode(struct blob *der, const struct blob *base64, struct fail *f)
{
	size_t padding = 0, size = base64->len / 4 * 3;
	enum trustx_err err;
	uint8_t *bytes;

	while (padding < base64->len && base64->data[base64->len - 1 - padding] == '=')
		padding++;
	if (base64->len == 0 || base64->len % 4 != 0 || padding > 2)
		return fail_set(f, TRUSTX_ERR_INPUT, "its base64 is incomplete");
	if ((bytes = malloc(size)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (EVP_DecodeBlock(bytes, base64->data, (int)base64->len) != (int)size)
		err = fail_set(f, TRUSTX_ERR_INPUT, "its base64 is damaged");
	else if ((err = blob_add(der, bytes, size - padding)) != TRUSTX_OK)
		no_room(err, f);
	free(bytes);
	return err;
}

enum trustx_err pem_body(struct blob *der, struct pem *p, struct fail *f)
{
	enum trustx_err err;
	struct blob base64;

	blob_init(&base64, INT_MAX / 2);
	if ((err = collect(&base64, p, f)) == TRUSTX_OK)
		err = decode(der, &base64, f);
	blob_free(&base64);
	return err;
}
