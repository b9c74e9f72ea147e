/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is longer than out loses its middle: a path may be long, and the reason stands behind it. */
static void cut_middle(char *out, size_t cap, const char *text, size_t len)
{
	static const char dots[] = " ... ";
	size_t head = (cap - sizeof(dots)) / 2, tail = cap - sizeof(dots) - head;

	while (head > 0 && ((unsigned char)text[head] & 0xC0) == 0x80)
		head--;
	while (tail > 0 && ((unsigned char)text[len - tail] & 0xC0) == 0x80)
		tail--;
	snprintf(out, cap, "%.*s%s%s", (int)head, text, dots, text + len - tail);
}

static void print(char *out, size_t cap, const char *fmt, va_list ap)
{
	va_list again;
	char *whole;
	int n;

	va_copy(again, ap);
	n = vsnprintf(out, cap, fmt, ap);
	if (n >= 0 && (size_t)n >= cap && (whole = malloc((size_t)n + 1)) != NULL) {
		vsnprintf(whole, (size_t)n + 1, fmt, again);
		cut_middle(out, cap, whole, (size_t)n);
		free(whole);
	}
	va_end(again);
}

void fail_clear(struct fail *f)
{
	memset(f, 0, sizeof(*f));
}

void fail_put(struct fail *f, enum trustx_err err, const char *fmt, ...)
{
	va_list ap;

	fail_clear(f);
	f->err = err;
	va_start(ap, fmt);
	print(f->why, sizeof(f->why), fmt, ap);
	va_end(ap);
}

enum trustx_err fail_errno(struct fail *f, enum trustx_err err, const char *fmt, ...)
{
	int number = errno;
	va_list ap;
	char tail[128];
	size_t n;

	err = number == ENOMEM ? TRUSTX_ERR_MEMORY : err;
	n = (size_t)snprintf(tail, sizeof(tail), ": %.100s", fail_errno_text(number));
	fail_clear(f);
	f->err = err;
	va_start(ap, fmt);
	print(f->why, sizeof(f->why) - n, fmt, ap);
	va_end(ap);
	memcpy(f->why + strlen(f->why), tail, n + 1);
	errno = number;
	return err;
}

enum trustx_err fail_what(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	if (f->what[0] == '\0') {
		va_start(ap, fmt);
		print(f->what, sizeof(f->what), fmt, ap);
		va_end(ap);
	}
	return f->err;
}

enum trustx_err fail_next(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	if (f->next[0] == '\0') {
		va_start(ap, fmt);
		print(f->next, sizeof(f->next), fmt, ap);
		va_end(ap);
	}
	return f->err;
}

enum trustx_err fail_cause(struct fail *f, const char *cause)
{
	if (f->cause == NULL)
		f->cause = cause;
	return f->err;
}
