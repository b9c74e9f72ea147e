/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "pause.h"

#include <windows.h>

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

/* Sleep rounds up to a tick of 16 ms; a timer of this kind does not, since Windows 10 1803. */
void pause_us(uint32_t us)
{
	const LARGE_INTEGER due = { .QuadPart = -10 * (LONGLONG)us };
	HANDLE timer = CreateWaitableTimerExW(
		NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);

	if (timer == NULL || !SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE) ||
		WaitForSingleObject(timer, INFINITE) != WAIT_OBJECT_0)
		Sleep(us / 1000 + (us % 1000 != 0));
	if (timer != NULL)
		CloseHandle(timer);
}
