/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* One run of personalize.h: what its steps share, and the steps of a registration at AWS. */
#ifndef FLOW_RUN_H
#define FLOW_RUN_H

#include "finish.h"
#include "personalize.h"

struct step;

struct run {
	struct personalize_result *result;
	struct device *dev;
	const struct personalize_options *opt;
	struct slot slot;
	struct finish_wish wish;
	struct journal journal;
	struct slot_state state;
	struct enroll enroll;  /* begun if opt->aws */
	STACK_OF(X509) *certs; /* to be written */
	struct blob request, content;
	char issuer[JOURNAL_ISSUER_MAX], days[16], fingerprint[65]; /* as the journal has them */
	const struct step *steps;
	unsigned step, total;
	bool finished; /* the chip */
	bool enrolled; /* and AWS has it, active */
};

struct step {
	const char *name, *text;
	bool (*needed)(const struct run *run);
	enum trustx_err (*run)(struct run *run, struct fail *f);
	enum file_sync sync; /* of its intent: what only the journal can tell afterwards */
	bool own_lines;	     /* it writes the journal's lines itself */
};

/* ---- personalize.c ---- */

bool run_signs_at_aws(const struct run *run);

/* Is it the certificate of an earlier run that was stopped, and what this one asks for? */
bool run_fits_stored(const struct run *run, STACK_OF(X509) *certs, const char *fingerprint);

/* Nothing has been written yet, and nothing is unless all this holds. */
TRUSTX_MUST_CHECK enum trustx_err run_check(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_write(struct run *run, struct fail *f);

/* ---- run-aws.c ---- */

/* A registration needs the journal. */
TRUSTX_MUST_CHECK enum trustx_err run_aws_prepare(struct run *run, struct fail *f);

/* finish_check_issued, by AWS's clock if it is AWS's certificate. */
TRUSTX_MUST_CHECK enum trustx_err run_check_issued(
	const struct run *run, STACK_OF(X509) *certs, struct fail *f);

/* A chip that is finished, but for AWS. difference: why it is not, if it is not. */
TRUSTX_MUST_CHECK enum trustx_err run_aws_look(
	struct run *run, struct fail *difference, struct fail *f);

/* The certificate in AWS's answer to an earlier run is used, or accounted for. */
TRUSTX_MUST_CHECK enum trustx_err run_aws_find_answer(struct run *run, struct fail *f);

/* Steps. */
bool run_aws_has_policy(const struct run *run);
TRUSTX_MUST_CHECK enum trustx_err run_aws_policy(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_thing(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_issue(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_check(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_write(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_attach(struct run *run, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err run_aws_activate(struct run *run, struct fail *f);

#endif
