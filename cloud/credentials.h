/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Who asks: access key, secret and session token, found where the AWS tools find them (AWS SDKs and
 * Tools Reference Guide, "Standardized credential providers"), in this order: environment (unless a
 * profile is named), profile with a role or SSO (through the AWS CLI), keys and credential_process
 * of the profile, container endpoint, instance metadata (on request).
 */
#ifndef CLOUD_CREDENTIALS_H
#define CLOUD_CREDENTIALS_H

#include "config.h"
#include "http.h"

#include <stdint.h>

#define CREDENTIALS_KEY_MAX 256

struct credentials {
	char access_key[CREDENTIALS_KEY_MAX], secret[CREDENTIALS_KEY_MAX];
	struct blob token;  /* "" none */
	int64_t expires;    /* Unix seconds; 0: not known to */
	const char *source; /* "the environment" */
};

/* TRUSTX_ERR_ISSUER as cloud_open says. out may hold earlier ones, which are wiped. */
TRUSTX_MUST_CHECK enum trustx_err credentials_find(struct credentials *out,
	const struct config *config, const struct cloud_options *opt, struct http *http,
	struct fail *f);
void credentials_wipe(struct credentials *out);

/* {"AccessKeyId","SecretAccessKey","SessionToken" or "Token","Expiration"}: programs and endpoints. */
TRUSTX_MUST_CHECK enum trustx_err credentials_parse(
	struct credentials *out, const struct blob *json, const char *from, struct fail *f);

#endif
