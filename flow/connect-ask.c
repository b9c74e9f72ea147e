/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "connect.h"

#include "aws-status.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The broker's own words stay in front. */
static void put_reason(struct fail *f, const char *why, const char *next)
{
	size_t n = strlen(f->why);

	snprintf(f->why + n, sizeof(f->why) - n, "; AWS says why: %s", why);
	f->next[0] = '\0';
	fail_next(f, "%s", next);
}

static bool other_endpoint(const struct connect_options *opt, const char *right,
	struct connect_result *r, struct fail *f)
{
	char next[320];

	if (strcasecmp(right, opt->endpoint->host) == 0)
		return false;
	snprintf(next, sizeof(next), "trustx connect --endpoint %s", right);
	r->cause = "endpoint-other";
	put_reason(f, "the endpoint of this account and region is another one", next);
	return true;
}

enum trustx_err connect_ask(struct connect_result *r, bool *found, struct cloud *cloud,
	const struct connect_options *opt, struct fail *f)
{
	const struct aws_status_wish wish = { .thing = r->thing, .state = &r->state };
	struct aws_status status;
	struct fail mine;
	char right[IOT_ARN_MAX];
	enum trustx_err err;

	*found = false;
	memset(&status, 0, sizeof(status));
	fail_clear(&mine);
	err = aws_status_look(&status, cloud, &wish, &mine);
	if (err == TRUSTX_OK && status.gap_count > 0) {
		*found = true;
		r->cause = "aws";
		put_reason(f, status.gaps[0].what, status.gaps[0].next);
	} else if (err == TRUSTX_OK && (err = iot_endpoint(right, cloud, &mine)) == TRUSTX_OK)
		*found = other_endpoint(opt, right, r, f);
	aws_status_free(&status);
	return err;
}
