/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "interrupt.h"

#include <signal.h>
#include <string.h>

/* A handler has no other way to tell. */
static volatile sig_atomic_t seen;

static void on_sigint(int number)
{
	(void)number;
	seen = 1;
}

void interrupt_install(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_sigint;
	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

bool interrupt_seen(void)
{
	return seen != 0;
}
