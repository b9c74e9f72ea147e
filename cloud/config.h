/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Profile, region, endpoints and trust store, resolved as the AWS tools do (AWS SDKs and Tools
 * Reference Guide, "Settings reference").
 */
#ifndef CLOUD_CONFIG_H
#define CLOUD_CONFIG_H

#include "cloud.h"
#include "ini.h"

#define CONFIG_URL_MAX 256

struct config {
	struct ini config, credentials; /* ~/.aws/config and ~/.aws/credentials */
	char profile[64];
	bool profile_given; /* by option or environment, not "default" by default */
	bool profile_by_option;
	char region[32];
	const char *region_from;		       /* "--region", "AWS_REGION", ..: who won */
	char iot[CONFIG_URL_MAX], sts[CONFIG_URL_MAX]; /* without '/' at the end */
	char ca_bundle[CONFIG_URL_MAX];		       /* "": that of the system */
};

/* Errors of cloud_open. Free in every case. */
TRUSTX_MUST_CHECK enum trustx_err config_load(
	struct config *config, const struct cloud_options *opt, struct fail *f);
void config_free(struct config *config);

/* A value of the profile, from the credentials file first if secret; NULL: not there. */
const char *config_value(const struct config *config, const char *key);
const char *config_secret(const struct config *config, const char *key);

/* Of a region: "aws", "aws-cn", "aws-us-gov"; the domain of its hosts. */
const char *config_partition(const char *region);
const char *config_suffix(const char *region);

/* An environment variable that is not empty, else NULL. */
const char *config_env(const char *name);

/* true, 1, yes or on, in any case? */
bool config_is_true(const char *text);

#endif
