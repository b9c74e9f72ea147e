/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Waiting for what AWS does in its own time: longer and longer pauses, up to an end. */
#ifndef FLOW_AWS_WAIT_H
#define FLOW_AWS_WAIT_H

#include "fail.h"

#include <stdbool.h>
#include <stdint.h>

#define AWS_SETTLE_S 10u /* until AWS knows everywhere what it has just made */

struct aws_wait {
	uint64_t begun, until; /* ms */
	unsigned pause;	       /* ms */
	bool (*stop)(void);    /* asked while waiting; may be NULL */
};

struct aws_wait aws_wait_for(unsigned seconds, bool (*stop)(void));

/* Pause, then try again? false: time is up, or stop said so. */
bool aws_wait_more(struct aws_wait *wait);

/* So far, in seconds. */
unsigned aws_wait_seconds(const struct aws_wait *wait);

#endif
