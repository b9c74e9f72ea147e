/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * One line at the bottom of the terminal that says what a long command is doing: from its first
 * second on, so that short work stays silent.
 */
#ifndef TOOL_PROGRESS_H
#define TOOL_PROGRESS_H

#include "blob.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>

#define PROGRESS_MAX 160

struct progress {
	bool wanted; /* stderr is a terminal, and the thread runs; the rest belongs to lock */
	bool late, shown, ended;
	char text[PROGRESS_MAX];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t end;
};

/* From here on the second counts. Silent if the line is not wanted or stderr is no terminal. */
void progress_init(struct progress *p, bool wanted);
void progress_free(struct progress *p); /* fine on a zeroed struct */

/* What is being done now, over the line before. Cut to PROGRESS_MAX. */
void progress_show(struct progress *p, const char *fmt, ...) BLOB_PRINTF(2, 3);

/* A line on standard error that stays, above the line of progress. */
void progress_above(struct progress *p, const char *fmt, va_list ap);

/* Take the line away, before anything else is written. */
void progress_clear(struct progress *p);

#endif
