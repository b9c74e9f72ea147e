/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A condition of macOS or Windows cannot be given the monotonic clock, but waits for so long as well. */
#include "thread.h"

#include <errno.h>
#include <time.h>

void thread_cond_init(pthread_cond_t *cond)
{
	pthread_cond_init(cond, NULL);
}

bool thread_wait(pthread_cond_t *cond, pthread_mutex_t *lock, unsigned ms)
{
	const struct timespec left = { .tv_sec = ms / 1000,
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	return pthread_cond_timedwait_relative_np(cond, lock, &left) != ETIMEDOUT;
}
