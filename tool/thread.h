/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What threads of POSIX have their own way on each system. */
#ifndef TOOL_THREAD_H
#define TOOL_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* A thread that signals do not reach: they are for the one that works. */
bool thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx);

/* A condition that is waited for with thread_wait. */
void thread_cond_init(pthread_cond_t *cond);

/* Until the condition was signalled, or for ms: false. Earlier now and then, as with POSIX. */
bool thread_wait(pthread_cond_t *cond, pthread_mutex_t *lock, unsigned ms);

#endif
