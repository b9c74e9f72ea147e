/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "opt.h"

#include "num.h"
#include "slot.h"
#include "words.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define OPTS_MAX    48
#define USAGE_WIDTH 78	/* columns */
#define LONG_BASE   256 /* getopt_long's values below are letters */

static enum trustx_err set_flag(void *at, const char *text, struct fail *f)
{
	(void)text;
	(void)f;
	*(bool *)at = true;
	return TRUSTX_OK;
}

static enum trustx_err set_count(void *at, const char *text, struct fail *f)
{
	(void)text;
	(void)f;
	++*(unsigned *)at;
	return TRUSTX_OK;
}

static enum trustx_err set_text(void *at, const char *text, struct fail *f)
{
	(void)f;
	*(const char **)at = text;
	return TRUSTX_OK;
}

static enum trustx_err set_list(void *at, const char *text, struct fail *f)
{
	struct opt_list *list = at;

	if (list->count == OPT_LIST_MAX)
		return fail_set(f, TRUSTX_ERR_INPUT, "given more than %d times", OPT_LIST_MAX);
	list->at[list->count++] = text;
	return TRUSTX_OK;
}

static enum trustx_err set_number(void *at, const char *text, struct fail *f)
{
	struct opt_number *number = at;

	number->given = true;
	if (num_parse(&number->v, text) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "'%.60s' is no number", text);
	return TRUSTX_OK;
}

static enum trustx_err set_milli(void *at, const char *text, struct fail *f)
{
	struct opt_number *number = at;
	uint32_t v;

	number->given = true;
	if (num_parse_milli(&v, text) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"'%.60s' is no number with up to three decimal places", text);
	number->v = v;
	return TRUSTX_OK;
}

static enum trustx_err set_curve(void *at, const char *text, struct fail *f)
{
	return words_curve(at, text, f);
}

static enum trustx_err set_usage(void *at, const char *text, struct fail *f)
{
	return words_usage(at, text, f);
}

static enum trustx_err set_format(void *at, const char *text, struct fail *f)
{
	return words_format(at, text, f);
}

static enum trustx_err set_slot(void *at, const char *text, struct fail *f)
{
	return slot_parse(at, text, f);
}

static enum trustx_err set_oid(void *at, const char *text, struct fail *f)
{
	return words_oid(at, text, f);
}

static enum trustx_err (*const setters[OPT_KINDS_])(void *at, const char *text, struct fail *f) = {
	[OPT_FLAG] = set_flag,
	[OPT_COUNT] = set_count,
	[OPT_TEXT] = set_text,
	[OPT_LIST] = set_list,
	[OPT_NUMBER] = set_number,
	[OPT_MILLI] = set_milli,
	[OPT_CURVE] = set_curve,
	[OPT_USAGE] = set_usage,
	[OPT_FORMAT] = set_format,
	[OPT_SLOT] = set_slot,
	[OPT_OID] = set_oid,
};

/* "--slot", "-o" or "FILE". */
static const char *opt_label(char out[40], const struct opt *opt)
{
	if (opt->name != NULL)
		snprintf(out, 40, "--%s", opt->name);
	else if (opt->letter != 0)
		snprintf(out, 40, "-%c", opt->letter);
	else
		snprintf(out, 40, "%s", opt->value);
	return out;
}

/* A table names the member and its kind together: the one place where a cast trusts it. */
enum trustx_err opt_set(const struct opt *opt, void *values, const char *text, struct fail *f)
{
	enum trustx_err err = setters[opt->kind]((unsigned char *)values + opt->at, text, f);
	char label[40];

	if (err != TRUSTX_OK)
		fail_what(f, "%s", opt_label(label, opt));
	return err;
}

/* getopt_long's two tables. The value of a long option is LONG_BASE + table * OPTS_MAX + index. */
struct tables {
	struct option longs[2 * OPTS_MAX + 1];
	char shorts[4 * OPTS_MAX + 3];
};

static void add_table(struct tables *t, size_t *longs, const struct opt *opts, int base)
{
	size_t n = strlen(t->shorts);

	for (int i = 0; opts != NULL && opts[i].kind != OPT_END; i++) {
		assert(i < OPTS_MAX);
		if (opts[i].letter != 0) {
			t->shorts[n++] = opts[i].letter;
			if (opts[i].value != NULL)
				t->shorts[n++] = ':';
		}
		if (opts[i].name != NULL)
			t->longs[(*longs)++] = (struct option){ opts[i].name,
				opts[i].value != NULL ? required_argument : no_argument, NULL,
				base + i };
	}
	t->shorts[n] = '\0';
}

/* '-': words that are no option are returned in their place; ':': a missing value is told apart. */
static void build_tables(struct tables *t, const struct opt_scan *scan)
{
	size_t longs = 0;

	memset(t, 0, sizeof(*t));
	memcpy(t->shorts, "-:", 3);
	for (int i = 0; i < 2; i++)
		add_table(t, &longs, scan->table[i].opts, LONG_BASE + i * OPTS_MAX);
}

static bool find_letter(const struct opt_scan *scan, int letter, size_t *table, size_t *index)
{
	for (*table = 0; *table < 2; ++*table) {
		const struct opt *opts = scan->table[*table].opts;

		for (*index = 0; opts != NULL && opts[*index].kind != OPT_END; ++*index)
			if (opts[*index].letter == letter)
				return true;
	}
	return false;
}

/* getopt_long takes unambiguous beginnings; a consent must be spelled out. */
static bool is_whole_name(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, n) == 0 &&
	       (word[2 + n] == '\0' || word[2 + n] == '=');
}

static enum trustx_err unknown_option(const char *word, int letter, struct fail *f)
{
	if (strncmp(word, "--", 2) == 0)
		return fail_set(f, TRUSTX_ERR_USAGE, "unknown option %.80s", word);
	return fail_set(f, TRUSTX_ERR_USAGE, "unknown option -%c", letter);
}

static const struct opt *long_option(const struct opt_scan *scan, int c)
{
	return &scan->table[(c - LONG_BASE) / OPTS_MAX].opts[(c - LONG_BASE) % OPTS_MAX];
}

/* For --flag=value, some C libraries return '?', that of mingw-w64 ':'. */
static enum trustx_err refuse(const struct opt_scan *scan, int c, const char *word, struct fail *f)
{
	if (optopt >= LONG_BASE && long_option(scan, optopt)->value == NULL)
		return fail_set(f, TRUSTX_ERR_USAGE, "%.80s: this option takes no value", word);
	if (c == ':')
		return fail_set(f, TRUSTX_ERR_USAGE, "%.80s wants a value", word);
	return unknown_option(word, optopt, f);
}

/* optind is behind the option and its value: the option's own word is one or two back. */
static enum trustx_err take_option(struct opt_scan *scan, int c, struct fail *f)
{
	const char *word = scan->argv[optind - 1];
	size_t table, index;
	const struct opt *opt;

	if (c == ':' || c == '?')
		return refuse(scan, c, word, f);
	if (optarg == word)
		word = scan->argv[optind - 2];
	if (c >= LONG_BASE) {
		table = (size_t)(c - LONG_BASE) / OPTS_MAX;
		index = (size_t)(c - LONG_BASE) % OPTS_MAX;
	} else if (!find_letter(scan, c, &table, &index))
		return unknown_option(word, c, f);
	opt = &scan->table[table].opts[index];
	if (c >= LONG_BASE && !is_whole_name(word, opt->name))
		return unknown_option(word, 0, f);
	scan->given[table] |= UINT64_C(1) << index;
	return opt_set(opt, scan->table[table].values, optarg, f);
}

enum trustx_err opt_next(struct opt_scan *scan, const char **word, struct fail *f)
{
	struct tables t;
	enum trustx_err err;
	int c;

	build_tables(&t, scan);
	opterr = 0;
	while (!scan->rest) {
		c = getopt_long(scan->argc, scan->argv, t.shorts, t.longs, NULL);
		if (c == 1) {
			*word = optarg;
			return TRUSTX_OK;
		}
		if (c == -1)
			scan->rest = true;
		else if ((err = take_option(scan, c, f)) != TRUSTX_OK)
			return err;
	}
	*word = optind < scan->argc ? scan->argv[optind++] : NULL;
	return TRUSTX_OK;
}

enum trustx_err opt_complete(const struct opt *opts, void *values, uint64_t given, struct fail *f)
{
	enum trustx_err err;
	char label[40];

	for (size_t i = 0; opts != NULL && opts[i].kind != OPT_END; i++) {
		if ((given >> i & 1) != 0)
			continue;
		if (opts[i].required)
			return fail_set(
				f, TRUSTX_ERR_USAGE, "%s is missing", opt_label(label, &opts[i]));
		if (opts[i].fallback == NULL)
			continue;
		if ((err = opt_set(&opts[i], values, opts[i].fallback, f)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

/* On the last line of text, or on a new one if it would be too long. */
static enum trustx_err add_wrapped(struct blob *text, const char *word)
{
	const char *newline = strrchr(blob_text(text), '\n');
	const char *line = newline != NULL ? newline + 1 : blob_text(text);
	bool fits = strlen(line) + 1 + strlen(word) <= USAGE_WIDTH;

	return blob_addf(text, "%s%s", fits ? " " : "\n        ", word);
}

enum trustx_err opt_usage(struct blob *text, const struct opt *opts)
{
	enum trustx_err err;
	char label[40], word[120];

	for (; opts != NULL && opts->kind != OPT_END; opts++) {
		bool named = opts->name != NULL || opts->letter != 0;

		if (opts->letter != 0)
			snprintf(label, sizeof(label), "-%c", opts->letter);
		else
			opt_label(label, opts);
		snprintf(word, sizeof(word), "%s%s%s%.40s%s%s", opts->required ? "" : "[", label,
			named && opts->value != NULL ? " " : "",
			named && opts->value != NULL ? opts->value : "", opts->required ? "" : "]",
			opts->kind == OPT_LIST ? "..." : "");
		if ((err = add_wrapped(text, word)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

enum trustx_err opt_help(struct blob *text, const struct opt *opts)
{
	enum trustx_err err;
	char word[64];

	for (; opts != NULL && opts->kind != OPT_END; opts++) {
		snprintf(word, sizeof(word), "%s%c%s%s%s%s%s", opts->letter != 0 ? "-" : "   ",
			opts->letter != 0 ? opts->letter : ' ',
			opts->letter != 0 && opts->name != NULL ? ", " : "",
			opts->name != NULL ? "--" : "", opts->name != NULL ? opts->name : "",
			opts->value != NULL ? " " : "", opts->value != NULL ? opts->value : "");
		if ((err = blob_addf(text, "  %-28s  %s\n", word, opts->help)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}
