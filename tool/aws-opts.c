/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-opts.h"

#include "interrupt.h"

#include <stdlib.h>
#include <string.h>

#define ACCOUNT_LEN  12
#define STATIONS_MAX 1000

static enum trustx_err check(const struct aws_args *args, struct fail *f)
{
	const char *account = args->account;

	if (account != NULL &&
		(strlen(account) != ACCOUNT_LEN || strspn(account, "0123456789") != ACCOUNT_LEN))
		return fail_set(f, TRUSTX_ERR_INPUT, "--account '%.40s' has not %d digits", account,
			ACCOUNT_LEN);
	if (args->stations.given && (args->stations.v < 1 || args->stations.v > STATIONS_MAX))
		return fail_set(f, TRUSTX_ERR_INPUT, "--stations must be 1 to %d", STATIONS_MAX);
	return TRUSTX_OK;
}

/* Old AWS tools know the second only: who set both may expect the other region. */
static void tell_region(struct tool *t, const struct aws_args *args)
{
	const char *first = getenv("AWS_REGION"), *second = getenv("AWS_DEFAULT_REGION");

	if (args->region == NULL && first != NULL && first[0] != '\0' && second != NULL &&
		second[0] != '\0' && strcmp(first, second) != 0)
		tool_note(t, "AWS_REGION, %.40s, is used; AWS_DEFAULT_REGION is %.40s", first,
			second);
}

enum trustx_err aws_open(struct cloud **cloud, struct tool *t, const struct aws_args *args)
{
	const struct cloud_options options = { .profile = args->profile,
		.region = args->region,
		.endpoint_url = args->endpoint_url,
		.ca_bundle = args->ca_bundle,
		.account = args->account,
		.allow_http = args->allow_http,
		.imds = args->imds,
		.stations = args->stations.given ? (unsigned)args->stations.v : 1,
		.interrupted = interrupt_seen };
	enum trustx_err err;

	*cloud = NULL;
	if ((err = check(args, &t->fail)) != TRUSTX_OK)
		return err;
	tell_region(t, args);
	return cloud_open(cloud, &options, &t->fail);
}

void aws_close(struct cloud *cloud, struct tool *t)
{
	struct cloud_stats stats;

	if (cloud == NULL)
		return;
	cloud_stats(cloud, &stats);
	if (stats.clock_off != 0)
		tool_note(t, "this computer's clock is %lld s %s AWS's: set it",
			(long long)(stats.clock_off > 0 ? stats.clock_off : -stats.clock_off),
			stats.clock_off > 0 ? "behind" : "ahead of");
	cloud_close(cloud);
}
