/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-wait.h"

#include <stddef.h>
#include <time.h>

#define PAUSE_MS     100u
#define PAUSE_MAX_MS 2000u

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct aws_wait aws_wait_for(unsigned seconds, bool (*stop)(void))
{
	uint64_t now = now_ms();

	return (struct aws_wait){ now, now + (uint64_t)seconds * 1000, PAUSE_MS, stop };
}

bool aws_wait_more(struct aws_wait *wait)
{
	struct timespec pause = { (time_t)(wait->pause / 1000),
		(long)(wait->pause % 1000) * 1000000L };

	if (now_ms() + wait->pause > wait->until)
		return false;
	nanosleep(&pause, NULL);
	wait->pause = wait->pause * 2 < PAUSE_MAX_MS ? wait->pause * 2 : PAUSE_MAX_MS;
	return wait->stop == NULL || !wait->stop();
}

unsigned aws_wait_seconds(const struct aws_wait *wait)
{
	return (unsigned)((now_ms() - wait->begun) / 1000);
}
