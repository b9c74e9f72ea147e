/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the two programs of the ancestor share: its options, its way to talk, our exit codes. */
#ifndef TOOL_COMPAT_H
#define TOOL_COMPAT_H

#include "slot.h"
#include "tool.h"

struct compat_args {
	const char *device; /* -f: a path or any URI */
	const char *in;	    /* -i or -c */
	const char *out;    /* -o of optiga_generate_csr */
	const char *object; /* -p, or -o of optiga_upload_crt */
	const char *random; /* -r */
	bool force;	    /* -F */
};

#define COMPAT_GREETING "OPTIGA(TM) Trust X initialized.\n"

/* Start t for program; program_begin has been called. */
void compat_begin(struct tool *t, const char *program);

/* Open the chip that -f names; NULL: the only FT260 that is connected. */
TRUSTX_MUST_CHECK enum trustx_err compat_open(struct tool *t, const char *device);

struct compat_option {
	char letter;
	const char **value; /* NULL: a flag */
	bool *flag;
};

struct compat_syntax {
	const char *letters;		     /* for getopt */
	const char *usage, *help;	     /* a line; what the options mean */
	const struct compat_option *options; /* up to letter 0; not -h */
};

/*
 * Options to their places. -h and --help, and --version alone, are answered at once, and *answered
 * is true. TRUSTX_ERR_USAGE.
 */
TRUSTX_MUST_CHECK enum trustx_err compat_parse(
	struct tool *t, bool *answered, const struct compat_syntax *syntax, int argc, char **argv);

/* "-i FILE is missing" with the usage as the next step. */
TRUSTX_MUST_CHECK enum trustx_err compat_missing(
	struct tool *t, const char *option, const char *usage);

/* Close, print the failure if there is one, return the exit code. other_slot: "-o 0xE0E1". */
int compat_end(struct tool *t, enum trustx_err err, const char *other_slot);

/* Upper-case hexadecimal to standard output, without a newline. */
void compat_print_hex(const uint8_t *data, size_t len);

#endif
