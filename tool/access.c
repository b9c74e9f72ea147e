/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "access.h"

#include "num.h"
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX  32u
#define VALUE_MAX TRUSTX_ACCESS_MAX

enum operand { OPERAND_NONE, OPERAND_COMPARED, OPERAND_MASK, OPERAND_OID, OPERAND_JOIN };

/* SRM "Access conditions": the codes of an expression. */
static const struct element {
	const char *name;
	uint8_t code;
	enum operand operand;
} elements[] = {
	{ "always", 0x00, OPERAND_NONE },
	{ "never", 0xFF, OPERAND_NONE },
	{ "LcsG", 0x70, OPERAND_COMPARED },
	{ "LcsA", 0xE0, OPERAND_COMPARED },
	{ "LcsO", 0xE1, OPERAND_COMPARED },
	{ "SecStaG", 0x10, OPERAND_MASK },
	{ "SecStaA", 0x90, OPERAND_MASK },
	{ "Conf", 0x20, OPERAND_OID },
	{ "Int", 0x21, OPERAND_OID },
	{ "Auto", 0x23, OPERAND_OID },
	{ "Luc", 0x40, OPERAND_OID },
	{ "and", 0xFD, OPERAND_JOIN },
	{ "or", 0xFE, OPERAND_JOIN },
	{ "&&", 0xFD, OPERAND_JOIN },
	{ "||", 0xFE, OPERAND_JOIN },
	{ "==", 0xFA, OPERAND_NONE },
	{ ">", 0xFB, OPERAND_NONE },
	{ "<", 0xFC, OPERAND_NONE },
};
#define FIRST_OPERATOR 15u
#define ELEMENTS       (sizeof(elements) / sizeof(elements[0]))

static bool is_sign(char c)
{
	return c != '\0' && strchr("&|=<>", c) != NULL;
}

/* The next word: letters and digits, or signs. Empty at the end or if it is too long. */
static void next_word(char word[WORD_MAX], const char **at)
{
	size_t n = 0;
	bool sign;

	while (**at == ' ' || **at == '\t')
		++*at;
	sign = is_sign(**at);
	while ((*at)[n] != '\0' && (*at)[n] != ' ' && (*at)[n] != '\t' && is_sign((*at)[n]) == sign)
		n++;
	snprintf(word, WORD_MAX, "%.*s", (int)n, *at);
	*at += n;
}

static const struct element *find(const char *word, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (strcasecmp(elements[i].name, word) == 0)
			return &elements[i];
	return NULL;
}

static enum trustx_err bad_word(const char *word, const char *expected, struct fail *f)
{
	if (word[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the access condition ends where %s is expected", expected);
	return fail_set(
		f, TRUSTX_ERR_INPUT, "'%s' in the access condition is not %s", word, expected);
}

static enum trustx_err parse_compared(struct writer *w, const char **at, struct fail *f)
{
	const struct element *op;
	char word[WORD_MAX];
	uint8_t lcs;

	next_word(word, at);
	if ((op = find(word, FIRST_OPERATOR, ELEMENTS)) == NULL)
		return bad_word(word, "one of ==, >, <", f);
	next_word(word, at);
	if (words_lcs(&lcs, word, f) != TRUSTX_OK)
		return bad_word(word,
			"a life cycle: creation, initialization, operational, termination", f);
	writer_u8(w, op->code);
	writer_u8(w, lcs);
	return TRUSTX_OK;
}

static enum trustx_err parse_number(
	struct writer *w, const char **at, enum operand operand, struct fail *f)
{
	char word[WORD_MAX];
	uint64_t v;

	next_word(word, at);
	if (num_parse_range(&v, word, 0, operand == OPERAND_OID ? 0xFFFF : 0xFF) != TRUSTX_OK)
		return bad_word(word,
			operand == OPERAND_OID ? "an object, as 0xE140" : "a byte, as 0x20", f);
	if (operand == OPERAND_OID)
		writer_u16(w, (uint16_t)v);
	else
		writer_u8(w, (uint8_t)v);
	return TRUSTX_OK;
}

static enum trustx_err parse_condition(struct writer *w, const char **at, struct fail *f)
{
	const struct element *e;
	char word[WORD_MAX];

	next_word(word, at);
	e = find(word, 0, FIRST_OPERATOR);
	if (e == NULL || e->operand == OPERAND_JOIN)
		return bad_word(word, "a condition: always, never, LcsO, LcsG, LcsA", f);
	writer_u8(w, e->code);
	if (e->operand == OPERAND_NONE)
		return TRUSTX_OK;
	if (e->operand == OPERAND_COMPARED)
		return parse_compared(w, at, f);
	return parse_number(w, at, e->operand, f);
}

enum trustx_err access_parse(struct writer *w, const char *text, struct fail *f)
{
	const struct element *join;
	char word[WORD_MAX];
	enum trustx_err err;

	for (;;) {
		if ((err = parse_condition(w, &text, f)) != TRUSTX_OK)
			return err;
		next_word(word, &text);
		if (word[0] == '\0')
			break;
		join = find(word, 0, FIRST_OPERATOR);
		if (join == NULL || join->operand != OPERAND_JOIN)
			return bad_word(word, "and or or", f);
		writer_u8(w, join->code);
	}
	if (w->failed)
		return fail_set(f, TRUSTX_ERR_INPUT, "the access condition is too long");
	return TRUSTX_OK;
}

static enum trustx_err parse_lcs(struct writer *w, const char *text, struct fail *f)
{
	uint8_t v = 0;
	enum trustx_err err = words_lcs(&v, text, f);

	writer_u8(w, v);
	return err;
}

static enum trustx_err parse_usage(struct writer *w, const char *text, struct fail *f)
{
	uint8_t v = 0;
	enum trustx_err err = words_usage(&v, text, f);

	writer_u8(w, v);
	return err;
}

static enum trustx_err parse_type(struct writer *w, const char *text, struct fail *f)
{
	uint64_t v = 0;

	if (num_parse_range(&v, text, 0, 0xFF) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "'%.60s' is no byte, as 0x12", text);
	writer_u8(w, (uint8_t)v);
	return TRUSTX_OK;
}

/* SRM "Metadata": the tags that can be changed. */
static const struct tag {
	const char *name;
	uint8_t tag;
	enum trustx_err (*parse)(struct writer *w, const char *text, struct fail *f);
} tags[] = {
	{ "lcso", 0xC0, parse_lcs },
	{ "change", 0xD0, access_parse },
	{ "read", 0xD1, access_parse },
	{ "execute", 0xD3, access_parse },
	{ "usage", 0xE1, parse_usage },
	{ "type", 0xE8, parse_type },
};

static const struct tag *find_tag(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strlen(tags[i].name) == len && strncasecmp(tags[i].name, text, len) == 0)
			return &tags[i];
	return NULL;
}

enum trustx_err access_assignment(struct writer *w, const char *text, struct fail *f)
{
	size_t len = strcspn(text, "=");
	const struct tag *tag = find_tag(text, len);
	uint8_t value[VALUE_MAX];
	struct writer v;
	enum trustx_err err;

	if (text[len] != '=' || tag == NULL) {
		fail_set(f, TRUSTX_ERR_INPUT, "'%.80s' is no assignment", text);
		return fail_next(f, "lcso=, change=, read=, execute=, usage=, type=, or the "
				    "metadata in hexadecimal, 20...");
	}
	writer_init(&v, value, sizeof(value));
	if ((err = tag->parse(&v, text + len + 1, f)) != TRUSTX_OK)
		return err;
	writer_u8(w, tag->tag);
	writer_u8(w, (uint8_t)writer_len(&v));
	writer_bytes(w, value, writer_len(&v));
	return TRUSTX_OK;
}
