/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "words.h"

#include "num.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct word {
	const char *name, *text;
	uint8_t value;
};

static const struct word curves[] = {
	{ "p256", "P-256", TRUSTX_P256 },
	{ "p384", "P-384", TRUSTX_P384 },
	{ "p-256", "P-256", TRUSTX_P256 },
	{ "p-384", "P-384", TRUSTX_P384 },
	{ NULL, NULL, 0 },
};

static const struct word formats[] = {
	{ "tls-identity", "tls-identity", CERT_FORMAT_TLS_IDENTITY },
	{ "der", "der", CERT_FORMAT_DER },
	{ NULL, NULL, 0 },
};

static const struct word states[] = {
	{ "creation", "creation", TRUSTX_LCS_CREATION },
	{ "initialization", "initialization", TRUSTX_LCS_INITIALIZATION },
	{ "operational", "operational", TRUSTX_LCS_OPERATIONAL },
	{ "termination", "termination", TRUSTX_LCS_TERMINATION },
	{ NULL, NULL, 0 },
};

static const struct word usages[] = {
	{ "sign", "sign", TRUSTX_USAGE_SIGN },
	{ "auth", "auth", TRUSTX_USAGE_AUTH },
	{ "enc", "enc", TRUSTX_USAGE_ENC },
	{ "agree", "agree", TRUSTX_USAGE_AGREE },
	{ NULL, NULL, 0 },
};

static const struct word *find_word(const struct word *words, const char *text, size_t len)
{
	for (; words->name != NULL; words++)
		if (strlen(words->name) == len && strncasecmp(words->name, text, len) == 0)
			return words;
	return NULL;
}

static const struct word *find_value(const struct word *words, uint8_t value)
{
	for (; words->name != NULL; words++)
		if (words->value == value)
			return words;
	return NULL;
}

static enum trustx_err parse_word(
	uint8_t *value, const struct word *words, const char *text, struct fail *f)
{
	const struct word *word = find_word(words, text, strlen(text));
	char list[160] = "";

	if (word != NULL) {
		*value = word->value;
		return TRUSTX_OK;
	}
	for (word = words; word->name != NULL; word++) {
		size_t n = strlen(list);

		snprintf(list + n, sizeof(list) - n, "%s%s", n > 0 ? ", " : "", word->name);
	}
	return fail_set(f, TRUSTX_ERR_INPUT, "'%.60s' is none of %s", text, list);
}

enum trustx_err words_curve(enum trustx_curve *curve, const char *text, struct fail *f)
{
	uint8_t value;
	enum trustx_err err;

	if ((err = parse_word(&value, curves, text, f)) == TRUSTX_OK)
		*curve = (enum trustx_curve)value;
	return err;
}

enum trustx_err words_format(enum cert_format *format, const char *text, struct fail *f)
{
	uint8_t value;
	enum trustx_err err;

	if ((err = parse_word(&value, formats, text, f)) == TRUSTX_OK)
		*format = (enum cert_format)value;
	return err;
}

enum trustx_err words_lcs(uint8_t *lcs, const char *text, struct fail *f)
{
	return parse_word(lcs, states, text, f);
}

enum trustx_err words_usage(uint8_t *usage, const char *text, struct fail *f)
{
	const struct word *word;
	uint8_t bits = 0;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if ((word = find_word(usages, text, len)) == NULL)
			return fail_set(f, TRUSTX_ERR_INPUT,
				"'%.60s' is no list of sign, auth, enc, agree", text);
		bits |= word->value;
		if (text[len] == '\0')
			break;
	}
	*usage = bits;
	return TRUSTX_OK;
}

/* Always four digits: an OID that lost one must not become another. */
enum trustx_err words_oid(uint16_t *oid, const char *text, struct fail *f)
{
	bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = prefixed ? text + 2 : text;
	char hex[7];
	uint64_t v;

	snprintf(hex, sizeof(hex), "0x%.4s", digits);
	if (strlen(digits) != 4 || num_parse(&v, hex) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"'%.60s' is no object identifier: four hexadecimal digits, as in 0xE0E1",
			text);
	*oid = (uint16_t)v;
	return TRUSTX_OK;
}

const char *words_curve_text(enum trustx_curve curve)
{
	const struct word *word = find_value(curves, (uint8_t)curve);

	return word != NULL ? word->text : "unknown curve";
}

const char *words_curve_name(enum trustx_curve curve)
{
	const struct word *word = find_value(curves, (uint8_t)curve);

	return word != NULL ? word->name : "unknown";
}

const char *words_format_text(enum cert_format format)
{
	return find_value(formats, (uint8_t)format)->text;
}

const char *words_lcs_text(uint8_t lcs)
{
	const struct word *word = find_value(states, lcs);

	return word != NULL ? word->text : "unknown";
}

const char *words_usage_next(uint8_t *bits)
{
	for (const struct word *word = usages; word->name != NULL; word++) {
		if ((*bits & word->value) == 0)
			continue;
		*bits = (uint8_t)(*bits & ~word->value);
		return word->name;
	}
	if (*bits == 0)
		return NULL;
	*bits = 0;
	return "unknown";
}

void words_usage_text(char out[WORDS_USAGE_MAX], uint8_t usage)
{
	const char *name;
	size_t n = 0;

	snprintf(out, WORDS_USAGE_MAX, "none");
	while ((name = words_usage_next(&usage)) != NULL)
		n += (size_t)snprintf(
			out + n, WORDS_USAGE_MAX - n, "%s%s", n > 0 ? ", " : "", name);
}
