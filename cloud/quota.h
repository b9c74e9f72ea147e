/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * How often an operation may be sent: a token bucket each, filled at 80 % of AWS's default quota
 * (AWS General Reference, "AWS IoT Core endpoints and quotas"), shared by the stations of a line.
 */
#ifndef CLOUD_QUOTA_H
#define CLOUD_QUOTA_H

#include <stdint.h>

#define QUOTA_OPERATIONS 32

struct quota {
	unsigned stations;
	struct {
		double tokens;
		uint64_t at_ms;	     /* when tokens was true; 0: never used */
		uint64_t slow_until; /* after a throttling: half the rate */
	} bucket[QUOTA_OPERATIONS];
};

/* Take a token at now_ms: 0, or the milliseconds until there is one. */
uint32_t quota_take(struct quota *quota, const char *operation, uint64_t now_ms);

/* AWS throttled it. */
void quota_slow(struct quota *quota, const char *operation, uint64_t now_ms);

#endif
