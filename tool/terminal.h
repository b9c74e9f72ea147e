/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The terminal in front of the user, whatever standard input and output are. */
#ifndef TOOL_TERMINAL_H
#define TOOL_TERMINAL_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

struct terminal;

/* NULL: there is none. */
struct terminal *terminal_open(void);
void terminal_close(struct terminal *terminal);

/*
 * Prompt, and append what is typed up to the end of the line, without showing it. TRUSTX_ERR_INPUT:
 * longer than line allows, or unreadable. TRUSTX_ERR_INTERRUPTED.
 */
TRUSTX_MUST_CHECK enum trustx_err terminal_ask(
	struct terminal *terminal, struct blob *line, const char *prompt, struct fail *f);

/* Is standard error a terminal on which a line can be written over another one? */
bool terminal_shows_errors(void);

#endif
