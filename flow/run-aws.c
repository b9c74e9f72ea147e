/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "run.h"

#include "adopt.h"
#include "utc.h"

#include <string.h>
#include <time.h>

/* AWS issues from now on: a certificate that begins later only shows that our clock is behind. */
static enum trustx_err check_by_aws_time(
	const struct run *run, STACK_OF(X509) *certs, struct fail *f)
{
	struct finish_wish wish = run->wish;
	struct tm begin;
	int64_t at;

	if (ASN1_TIME_to_tm(X509_get0_notBefore(sk_X509_value(certs, 0)), &begin) == 1 &&
		(at = utc_seconds(&begin)) > wish.now)
		wish.now = (time_t)at;
	return finish_check_issued(certs, &run->result->key, &wish, f);
}

enum trustx_err run_check_issued(const struct run *run, STACK_OF(X509) *certs, struct fail *f)
{
	return run_signs_at_aws(run) ? check_by_aws_time(run, certs, f)
				     : finish_check_issued(certs, &run->result->key, &run->wish, f);
}

/* A chip that is finished, but for AWS. */
enum trustx_err run_aws_look(struct run *run, struct fail *difference, struct fail *f)
{
	enum enroll_state state;
	enum trustx_err err;

	if ((err = enroll_set_key(&run->enroll, &run->result->key, f)) != TRUSTX_OK ||
		!run->finished)
		return err;
	if ((err = enroll_look(&state, &run->enroll, run->state.certs, difference)) != TRUSTX_OK) {
		*f = *difference;
		return err;
	}
	run->enrolled = state == ENROLL_ACTIVE;
	run->finished = state != ENROLL_FOREIGN;
	return TRUSTX_OK;
}

static bool fits_run(void *ctx, STACK_OF(X509) *certs)
{
	const struct run *run = ctx;
	struct fail ignored;

	return run_check_issued(run, certs, &ignored) == TRUSTX_OK;
}

/* AWS's answer to an earlier run is used, or accounted for. */
enum trustx_err run_aws_find_answer(struct run *run, struct fail *f)
{
	STACK_OF(X509) *certs;
	enum trustx_err err;

	if ((err = enroll_stored(&certs, &run->enroll, f)) != TRUSTX_OK || certs == NULL)
		return err;
	if ((err = finish_fingerprint(run->fingerprint, certs, f)) != TRUSTX_OK)
		goto out;
	if (!run_fits_stored(run, certs, run->fingerprint)) {
		err = enroll_reject(&run->enroll, "it is not what a later run asked for", f);
		goto out;
	}
	if (run->journal.issue_open && (err = enroll_accept(&run->enroll, certs, f)) != TRUSTX_OK)
		goto out;
	run->result->reused_certificate = true;
	run->certs = certs;
	certs = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	sk_X509_pop_free(certs, X509_free);
	return err;
}

enum trustx_err run_aws_issue(struct run *run, struct fail *f)
{
	enum trustx_err err;

	err = enroll_issue(&run->certs, &run->enroll, blob_text(&run->request), fits_run, run, f);
	if (err == TRUSTX_OK)
		err = finish_fingerprint(run->fingerprint, run->certs, f);
	return err;
}

/* AWS may have taken its time: whoever changed the chip meanwhile shall not get the certificate. */
static enum trustx_err check_same_chip(struct run *run, struct fail *f)
{
	uint8_t uid[TRUSTX_UID_LEN];
	enum trustx_err err;

	if ((err = trustx_read_uid(&run->dev->se, uid)) != TRUSTX_OK)
		return device_fail(run->dev, err, f, "read the chip's UID");
	if (memcmp(uid, run->dev->uid, sizeof(uid)) == 0)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_MISMATCH, "this is another chip than the one of this run, %s",
		run->dev->uid_hex);
	return fail_next(f, "put that chip in again and run it again; nothing was written");
}

enum trustx_err run_aws_check(struct run *run, struct fail *f)
{
	struct fail second;
	enum trustx_err err;

	if ((err = check_same_chip(run, f)) != TRUSTX_OK)
		return err;
	err = run_check(run, f);
	if (err == TRUSTX_OK && !run_signs_at_aws(run))
		err = enroll_local(&run->enroll, run->certs, f);
	if (err == TRUSTX_OK)
		return enroll_replaces(&run->enroll, run->state.certs, f);
	if (run_signs_at_aws(run) && enroll_reject(&run->enroll, f->why, &second) != TRUSTX_OK)
		fail_next(f, "mind the journal too: %.200s", second.why);
	return err;
}

bool run_aws_has_policy(const struct run *run)
{
	return run->opt->aws->policy != NULL;
}

enum trustx_err run_aws_policy(struct run *run, struct fail *f)
{
	return enroll_policy(&run->enroll, f);
}

enum trustx_err run_aws_thing(struct run *run, struct fail *f)
{
	return enroll_take_thing(&run->enroll, f);
}

enum trustx_err run_aws_write(struct run *run, struct fail *f)
{
	enroll_start(&run->enroll);
	return run_write(run, f);
}

enum trustx_err run_aws_attach(struct run *run, struct fail *f)
{
	return enroll_wait(&run->enroll, f);
}

/* Last: until here the certificate is of no use to anybody. */
enum trustx_err run_aws_activate(struct run *run, struct fail *f)
{
	if (!run->result->key.proved)
		return fail_set(f, TRUSTX_ERR_INTERNAL, "the key is not proved");
	return enroll_activate(&run->enroll, f);
}

/* A registration needs the journal. */
enum trustx_err run_aws_prepare(struct run *run, struct fail *f)
{
	const struct enroll_run about = { .dev = run->dev,
		.journal = &run->journal,
		.oid = run->slot.key,
		.sample = run->wish.sample,
		.issuer = run->wish.issuer,
		.days = run->days,
		.registers = !run_signs_at_aws(run),
		.stop = run->opt->stop };
	enum trustx_err err;

	if ((err = enroll_open(&run->enroll, run->opt->aws, &about, f)) != TRUSTX_OK)
		return err;
	run->dev->idle.run = enroll_idle;
	run->dev->idle.ctx = &run->enroll;
	return TRUSTX_OK;
}
