/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What an account needs once, before devices are registered: thing type, thing group, and the
 * devices' policy attached to the group. Repeating it changes nothing.
 */
#ifndef FLOW_AWS_SETUP_H
#define FLOW_AWS_SETUP_H

#include "iot.h"
#include "policy.h"

#define AWS_WEAK_POLICY "IoT_Thing_Weak_Policy" /* of the ancestor's instructions */

struct aws_setup_wish {
	const char *account;		   /* that the credentials must belong to; NULL: any */
	const char *type, *group, *policy; /* names */
	const char *thing_prefix;	   /* names of things begin so, for the station's rights */
	const char *document; /* NULL: least privilege, or the ancestor's by its name */
	policy_finding *tell; /* what the policy allows too much; may be NULL */
	void *ctx;
	bool (*stop)(void); /* may be NULL */
};

struct aws_setup_result {
	struct iot_identity who;
	char group_arn[IOT_ARN_MAX];
	bool policy_made, attached; /* by this run */
	unsigned findings;
	struct blob document, station, scrap; /* the devices' policy, and two of IAM */
};

/*
 * TRUSTX_ERR_MISMATCH: the credentials are another account's. TRUSTX_ERR_INPUT: names or document
 * that AWS does not take. TRUSTX_ERR_EXISTS: a policy of that name with another document, which
 * stays; nothing was changed. Then errors of cloud_finish. Free in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err aws_setup_run(struct aws_setup_result *result,
	struct cloud *cloud, const struct aws_setup_wish *wish, struct fail *f);
void aws_setup_free(struct aws_setup_result *result);

/* Whose credentials are they? TRUSTX_ERR_MISMATCH: not account's, if that is not NULL. */
TRUSTX_MUST_CHECK enum trustx_err aws_identify(
	struct iot_identity *who, struct cloud *cloud, const char *account, struct fail *f);

#endif
