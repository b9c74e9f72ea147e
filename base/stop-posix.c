/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "stop.h"

#include <signal.h>
#include <stdlib.h>

/* Signals stay blocked and are looked for, so that no handler and no global is needed. */
struct stop {
	sigset_t watched, mask;
	struct sigaction on_int, on_term;
};

struct stop *stop_watch(void)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	struct stop *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	sigemptyset(&s->watched);
	sigaddset(&s->watched, SIGINT);
	sigaddset(&s->watched, SIGTERM);
	sigprocmask(SIG_BLOCK, &s->watched, &s->mask);
	/* An ignored signal, as a shell gives it to background jobs, need not become pending. */
	sigaction(SIGINT, &plain, &s->on_int);
	sigaction(SIGTERM, &plain, &s->on_term);
	return s;
}

bool stop_wished(void)
{
	sigset_t pending;

	sigemptyset(&pending);
	sigpending(&pending);
	return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

void stop_unwatch(struct stop *stop)
{
	int number;

	if (stop == NULL)
		return;
	while (stop_wished())
		sigwait(&stop->watched, &number);
	sigaction(SIGINT, &stop->on_int, NULL);
	sigaction(SIGTERM, &stop->on_term, NULL);
	sigprocmask(SIG_SETMASK, &stop->mask, NULL);
	free(stop);
}
