/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "interrupt.h"

#include <windows.h>

/* Windows ends us as soon as the handler of such an event returns. */
#define LAST_MS 4000

/* A handler has no other way to tell. */
static volatile LONG seen;

/* It runs in a thread of its own. FALSE: Windows ends the process. */
static BOOL WINAPI on_event(DWORD event)
{
	if (InterlockedExchange(&seen, 1) != 0)
		return FALSE;
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		Sleep(LAST_MS);
	return TRUE;
}

void interrupt_install(void)
{
	SetConsoleCtrlHandler(on_event, TRUE);
}

bool interrupt_seen(void)
{
	return seen != 0;
}
