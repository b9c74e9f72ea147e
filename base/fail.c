/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
	vsnprintf(f->why, sizeof(f->why), fmt, ap);
	va_end(ap);
}

enum trustx_err fail_errno(struct fail *f, enum trustx_err err, const char *fmt, ...)
{
	int number = errno;
	va_list ap;
	size_t n;

	fail_clear(f);
	f->err = err;
	va_start(ap, fmt);
	vsnprintf(f->why, sizeof(f->why), fmt, ap);
	va_end(ap);
	n = strlen(f->why);
	snprintf(f->why + n, sizeof(f->why) - n, ": %s", fail_errno_text(number));
	return err;
}

enum trustx_err fail_what(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	if (f->what[0] == '\0') {
		va_start(ap, fmt);
		vsnprintf(f->what, sizeof(f->what), fmt, ap);
		va_end(ap);
	}
	return f->err;
}

enum trustx_err fail_next(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	if (f->next[0] == '\0') {
		va_start(ap, fmt);
		vsnprintf(f->next, sizeof(f->next), fmt, ap);
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
