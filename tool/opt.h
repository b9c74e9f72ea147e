/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Options and arguments from tables. A table says what a word is called and where its value goes
 * in the command's own struct; parsing, usage lines, man page check and completion follow from it.
 */
#ifndef TOOL_OPT_H
#define TOOL_OPT_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
	OPT_END,    /* closes a table */
	OPT_FLAG,   /* bool */
	OPT_COUNT,  /* unsigned: how often */
	OPT_TEXT,   /* const char * */
	OPT_LIST,   /* struct opt_list: repeatable */
	OPT_NUMBER, /* struct opt_number */
	OPT_MILLI,  /* struct opt_number: thousandths */
	OPT_CURVE,  /* enum trustx_curve */
	OPT_USAGE,  /* uint8_t */
	OPT_FORMAT, /* enum cert_format */
	OPT_SLOT,   /* struct slot */
	OPT_OID,    /* uint16_t */
	OPT_KINDS_,
};

#define OPT_LIST_MAX 16
struct opt_list {
	const char *at[OPT_LIST_MAX];
	size_t count;
};
struct opt_number {
	bool given;
	uint64_t v;
};

/* What completion offers for a value. */
enum opt_hint { HINT_NONE, HINT_FILE, HINT_DIR, HINT_SLOT, HINT_WORDS };

/* An option, or (letter 0, name NULL) an argument by its place. */
struct opt {
	enum opt_kind kind;
	bool required;
	char letter;	      /* 0: none */
	const char *name;     /* without dashes; NULL: none */
	const char *value;    /* name of the value, "FILE"; NULL: takes none */
	const char *help;     /* half a sentence */
	size_t at;	      /* offset in the values */
	const char *fallback; /* value if not given; NULL: zero */
	enum opt_hint hint;
	const char *words; /* of HINT_WORDS, between blanks */
};

struct opt_table {
	const struct opt *opts; /* NULL: none */
	void *values;
};

/* One pass over the words of the command line; tables may be exchanged in between. */
struct opt_scan {
	int argc;
	char *const *argv;
	bool rest; /* behind "--" */
	struct opt_table table[2];
	uint64_t given[2]; /* by index in the table */
};

/*
 * Take options until the next word that is none: *word, NULL at the end. TRUSTX_ERR_USAGE:
 * unknown option (abbreviations are unknown), value missing or unwanted. TRUSTX_ERR_INPUT: bad
 * value. Uses getopt_long: one scan per process.
 */
TRUSTX_MUST_CHECK enum trustx_err opt_next(
	struct opt_scan *scan, const char **word, struct fail *f);

/* Put the value of one argument where it belongs. TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err opt_set(
	const struct opt *opt, void *values, const char *text, struct fail *f);

/* At the end: fallbacks, and TRUSTX_ERR_USAGE for what is required and was not given. */
TRUSTX_MUST_CHECK enum trustx_err opt_complete(
	const struct opt *opts, void *values, uint64_t given, struct fail *f);

/* "[-o FILE] --issuer WHO FILE" appended; "  -o, --out FILE   where to" lines appended. */
TRUSTX_MUST_CHECK enum trustx_err opt_usage(struct blob *text, const struct opt *opts);
TRUSTX_MUST_CHECK enum trustx_err opt_help(struct blob *text, const struct opt *opts);

#endif
