/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the program's exit status says. The man page carries the same table. */
#ifndef TOOL_EXITCODE_H
#define TOOL_EXITCODE_H

#include "trustx_err.h"

#include <stddef.h>

int exitcode_of(enum trustx_err err);

struct exitcode {
	int code;
	const char *sentence;
};
extern const struct exitcode exitcodes[];
extern const size_t exitcodes_count;

#endif
