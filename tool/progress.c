/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "progress.h"

#include "terminal.h"
#include "thread.h"

#include <stdio.h>
#include <string.h>

#define SILENT_MS 1000

/* Carriage return and "erase to the end of the line": ECMA-48 EL. */
#define ERASE "\r\033[K"

static void draw(struct progress *p)
{
	fprintf(stderr, ERASE "%s", p->text);
	fflush(stderr);
	p->shown = p->text[0] != '\0';
}

/* A step may take long by itself: somebody else has to look at the clock. */
static void *wait_second(void *ctx)
{
	struct progress *p = ctx;

	pthread_mutex_lock(&p->lock);
	while (!p->ended && thread_wait(&p->end, &p->lock, SILENT_MS))
		;
	p->late = !p->ended;
	if (p->late && p->text[0] != '\0')
		draw(p);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void progress_init(struct progress *p, bool wanted)
{
	memset(p, 0, sizeof(*p));
	if (!wanted || !terminal_shows_errors())
		return;
	pthread_mutex_init(&p->lock, NULL);
	thread_cond_init(&p->end);
	p->wanted = thread_start(&p->thread, wait_second, p);
}

void progress_free(struct progress *p)
{
	if (!p->wanted)
		return;
	progress_clear(p);
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	pthread_cond_signal(&p->end);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->end);
	pthread_mutex_destroy(&p->lock);
	p->wanted = false;
}

void progress_show(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->wanted)
		return;
	pthread_mutex_lock(&p->lock);
	va_start(ap, fmt);
	vsnprintf(p->text, sizeof(p->text), fmt, ap);
	va_end(ap);
	if (p->late)
		draw(p);
	pthread_mutex_unlock(&p->lock);
}

static void print_line(const char *fmt, va_list ap)
{
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	fflush(stderr);
}

void progress_above(struct progress *p, const char *fmt, va_list ap)
{
	if (!p->wanted) {
		print_line(fmt, ap);
		return;
	}
	pthread_mutex_lock(&p->lock);
	if (p->shown)
		fputs(ERASE, stderr);
	print_line(fmt, ap);
	if (p->shown)
		draw(p);
	pthread_mutex_unlock(&p->lock);
}

void progress_clear(struct progress *p)
{
	if (!p->wanted)
		return;
	pthread_mutex_lock(&p->lock);
	p->text[0] = '\0';
	if (p->shown)
		draw(p);
	pthread_mutex_unlock(&p->lock);
}
