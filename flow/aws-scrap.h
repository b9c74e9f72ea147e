/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Taking a device out of AWS IoT again: certificates are deactivated, detached and deleted, then
 * the thing. What is gone already is done. A certificate that another thing uses, too, stays.
 */
#ifndef FLOW_AWS_SCRAP_H
#define FLOW_AWS_SCRAP_H

#include "aws-known.h"

#define AWS_SCRAP_CERTS 32

struct aws_scrap_options {
	const char *thing;			   /* name */
	const char *uid;			   /* of its chip, if that was named; else NULL */
	const struct aws_known *known;		   /* its journal, or NULL */
	unsigned seconds;			   /* to wait for AWS at most */
	void (*tell)(void *ctx, const char *text); /* what is done now */
	void *ctx;
	bool (*stop)(void); /* may be NULL */
};

struct aws_scrap_cert {
	struct record_name name;
	enum iot_status status;
	bool attached; /* to the thing */
	bool shared;   /* with another thing: not deleted */
};

struct aws_scrap_plan {
	bool thing_there;
	char uid[AWS_UID_LEN + 1]; /* the thing's attribute, or "" */
	struct aws_scrap_cert certs[AWS_SCRAP_CERTS];
	size_t cert_count;
};

/*
 * What there is to delete; nothing is changed. TRUSTX_ERR_MISMATCH: the thing belongs to another
 * chip than uid.
 */
TRUSTX_MUST_CHECK enum trustx_err aws_scrap_look(struct aws_scrap_plan *plan, struct cloud *cloud,
	const struct aws_scrap_options *opt, struct fail *f);

/*
 * Delete it, and tell the journal. TRUSTX_ERR_ISSUER also if AWS has not finished after
 * opt->seconds: then it is continued by the next run. TRUSTX_ERR_INTERRUPTED.
 */
TRUSTX_MUST_CHECK enum trustx_err aws_scrap_run(const struct aws_scrap_plan *plan,
	struct cloud *cloud, const struct aws_scrap_options *opt, struct fail *f);

/* ---- orphans ---- */

struct aws_scrap_orphans {
	unsigned deleted, gone; /* by this run; by somebody before */
	unsigned kept;		/* ACTIVE, or attached to another thing: no orphans */
	unsigned searched;	/* times that one was looked for which nobody knew */
	char why[320];		/* of the last one kept */
};

/*
 * Delete those of a journal. One that is ACTIVE or attached to another thing is kept: somebody uses
 * it. orphans is added to. opt->thing does not matter.
 */
TRUSTX_MUST_CHECK enum trustx_err aws_scrap_journal(struct aws_scrap_orphans *orphans,
	struct cloud *cloud, const struct aws_known *known, const struct aws_scrap_options *opt,
	struct fail *f);

#endif
