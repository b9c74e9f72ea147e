/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* AWS IoT policies (AWS IoT Developer Guide, "AWS IoT Core policies"): ours, and a look at others'. */
#ifndef CLOUD_POLICY_H
#define CLOUD_POLICY_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

#define POLICY_MAX 2048 /* characters that are no white space */

struct policy_place {
	const char *partition, *region, *account;
};

/*
 * Least privilege for every device, by policy variables: connect as the thing that the certificate
 * is attached to; publish under dt/THING/ and to its shadow; receive from cmd/THING/, its shadow
 * and jobs, and dt/THING/selftest.
 */
TRUSTX_MUST_CHECK enum trustx_err policy_least(
	struct blob *document, const struct policy_place *place, struct fail *f);

/* Everything to everyone, as the ancestor's IoT_Thing_Weak_Policy. */
TRUSTX_MUST_CHECK enum trustx_err policy_weak(struct blob *document, struct fail *f);

/* What the station needs, and nothing else, and who scraps devices: IAM policies. */
struct policy_names {
	const char *thing_prefix; /* names of things begin so; "" any */
	const char *group, *policy;
};
TRUSTX_MUST_CHECK enum trustx_err policy_station(struct blob *document,
	const struct policy_place *place, const struct policy_names *names, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err policy_scrap(struct blob *document,
	const struct policy_place *place, const struct policy_names *names, struct fail *f);

/* Told once for each finding: a whole sentence, lent for the call. */
typedef void policy_finding(void *ctx, const char *text);

/*
 * Look at a policy for devices. TRUSTX_ERR_INPUT: AWS would refuse it (no JSON, no statement, more
 * than POLICY_MAX). What it allows too much is told, and counted in *findings.
 */
TRUSTX_MUST_CHECK enum trustx_err policy_lint(
	const char *document, unsigned *findings, policy_finding *tell, void *ctx, struct fail *f);

/* The same JSON value, however it is written? Also false if one is none. */
bool policy_equal(const char *a, const char *b);

#endif
