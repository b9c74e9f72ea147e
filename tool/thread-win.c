/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "thread.h"

bool thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx)
{
	return pthread_create(thread, NULL, run, ctx) == 0;
}
