/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net.h"

#define SLOW_NS UINT64_C(1000000000)

void progress_init(struct progress *p, bool wanted)
{
	p->terminal = wanted && isatty(STDERR_FILENO) == 1;
	p->shown = false;
	p->started_ns = net_now_ns();
}

/* Carriage return and "erase to the end of the line": ECMA-48 EL. */
void progress_show(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->terminal)
		return;
	fputs("\r\033[K", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fflush(stderr);
	p->shown = true;
}

bool progress_is_slow(const struct progress *p)
{
	return net_now_ns() - p->started_ns > SLOW_NS;
}

void progress_clear(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
}
