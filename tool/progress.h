/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* One line at the bottom of the terminal that says what a long command is doing. */
#ifndef TOOL_PROGRESS_H
#define TOOL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "blob.h"

struct progress {
	bool terminal; /* stderr is one, and the line is wanted */
	bool shown;
	uint64_t started_ns;
};

void progress_init(struct progress *p, bool wanted);

/* Show the line, over the one before. */
void progress_show(struct progress *p, const char *fmt, ...) BLOB_PRINTF(2, 3);

/* The same once the command has taken more than a second: for loops of short steps. */
bool progress_is_slow(const struct progress *p);

/* Take the line away, before anything else is written. */
void progress_clear(struct progress *p);

#endif
