/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Options that all commands have which talk to AWS, and the client that they make. */
#ifndef TOOL_AWS_OPTS_H
#define TOOL_AWS_OPTS_H

#include "cloud.h"
#include "opt.h"
#include "tool.h"

#include <stddef.h>

struct aws_args {
	const char *profile, *region, *endpoint_url, *ca_bundle, *account;
	struct opt_number stations;
	bool allow_http, imds;
};

/* type.aws is a struct aws_args. */
#define AWS_OPTS(type)                                                                            \
	{ .kind = OPT_TEXT,                                                                       \
		.name = "profile",                                                                \
		.value = "NAME",                                                                  \
		.help = "of the AWS configuration files; else AWS_PROFILE",                       \
		.at = offsetof(type, aws.profile) },                                              \
		{ .kind = OPT_TEXT,                                                               \
			.name = "region",                                                         \
			.value = "REGION",                                                        \
			.help = "of AWS; else AWS_REGION, AWS_DEFAULT_REGION, the profile's",     \
			.at = offsetof(type, aws.region) },                                       \
		{ .kind = OPT_TEXT,                                                               \
			.name = "account",                                                        \
			.value = "ID",                                                            \
			.help = "12 digits; AWS's answers must come from this account",           \
			.at = offsetof(type, aws.account) },                                      \
		{ .kind = OPT_TEXT,                                                               \
			.name = "endpoint-url",                                                   \
			.value = "URL",                                                           \
			.help = "of AWS IoT's API; else AWS_ENDPOINT_URL_IOT, AWS_ENDPOINT_URL",  \
			.at = offsetof(type, aws.endpoint_url) },                                 \
		{ .kind = OPT_TEXT,                                                               \
			.name = "ca-bundle",                                                      \
			.value = "FILE",                                                          \
			.help = "roots to trust for it, PEM; else AWS_CA_BUNDLE, the system's",   \
			.at = offsetof(type, aws.ca_bundle),                                      \
			.hint = HINT_FILE },                                                      \
		{ .kind = OPT_NUMBER,                                                             \
			.name = "stations",                                                       \
			.value = "N",                                                             \
			.help = "that share the account's quota, 1 if not given",                 \
			.at = offsetof(type, aws.stations) },                                     \
		{ .kind = OPT_FLAG,                                                               \
			.name = "allow-http",                                                     \
			.help = "http:// to other computers than this one, too: all can read it", \
			.at = offsetof(type, aws.allow_http) },                                   \
	{                                                                                         \
		.kind = OPT_FLAG, .name = "imds",                                                 \
		.help = "ask the metadata service of EC2 for credentials, too",                   \
		.at = offsetof(type, aws.imds)                                                    \
	}

/*
 * Open the client; errors of cloud_open, and TRUSTX_ERR_INPUT for an account that is none. Nothing
 * is sent yet.
 */
TRUSTX_MUST_CHECK enum trustx_err aws_open(
	struct cloud **cloud, struct tool *t, const struct aws_args *args);

/* Close it; a note says when the computer's clock was found to be off. NULL is fine. */
void aws_close(struct cloud *cloud, struct tool *t);

#endif
