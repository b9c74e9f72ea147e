/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "stop.h"

#include <windows.h>

#include <stdlib.h>

/* Windows ends us as soon as the handler of such an event returns. */
#define LAST_MS 4000

/* A handler has no other way to tell. */
static volatile LONG wished;

struct stop {
	char unused;
};

static BOOL WINAPI on_event(DWORD event)
{
	InterlockedExchange(&wished, 1);
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		Sleep(LAST_MS);
	return TRUE;
}

struct stop *stop_watch(void)
{
	struct stop *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	InterlockedExchange(&wished, 0);
	/* A console may have been told to let us ignore Ctrl-C: not a server. */
	SetConsoleCtrlHandler(NULL, FALSE);
	SetConsoleCtrlHandler(on_event, TRUE);
	return s;
}

bool stop_wished(void)
{
	return wished != 0;
}

void stop_unwatch(struct stop *stop)
{
	if (stop != NULL)
		SetConsoleCtrlHandler(on_event, FALSE);
	free(stop);
}
