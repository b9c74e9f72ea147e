/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Run another program: bytes to its standard input, bytes from its standard output. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

struct child {
	const char *const *argv; /* argv[0]: path, or name on PATH; no shell; NULL ends it */
	const char *const
		*env;	    /* "NAME=value" that replace inherited ones; NULL ends it, or none */
	const char *input;  /* text, or NULL */
	unsigned timeout_s; /* 0: 60 */
	bool (*stop)(void); /* asked while it runs: end it now? NULL: never */
};

/*
 * Run it to its end; standard error is passed on. It gets a process group of its own and none of
 * our files; what it leaves running is ended with it when it fails.
 * TRUSTX_ERR_ISSUER: not startable, exit status not 0, killed by a signal, too slow (killed then).
 * TRUSTX_ERR_TOO_BIG: more output than blob allows. TRUSTX_ERR_INTERRUPTED: stop said so.
 */
TRUSTX_MUST_CHECK enum trustx_err child_run(
	struct blob *output, const struct child *child, struct fail *f);

/*
 * Take a command line apart, in place, as programs of this system expect it: quotes, and backslashes
 * where they escape. words: room for max, the last is NULL. false: no word, too many, or a quote
 * that is not closed.
 */
bool child_split(char *command, const char **words, size_t max);

#endif
