/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "enroll.h"

#include "enroll-part.h"

#include <string.h>

#define AGAIN_MS 500u
#define WAIT_MS	 50u

struct job {
	const char *step; /* of the journal */
	unsigned bit;	  /* enum record_done */
	bool (*wanted)(const struct enroll *e);
	enum trustx_err (*start)(struct cloud_call **call, struct enroll *e, struct fail *f);
	/* NULL: the answer says nothing. */
	enum trustx_err (*take)(struct enroll *e, struct cloud_call *call, struct fail *f);
};

/* ---- the jobs ---- */

static bool wants_register(const struct enroll *e)
{
	return e->registers;
}

static enum trustx_err start_register(struct cloud_call **call, struct enroll *e, struct fail *f)
{
	return iot_register_certificate_start(call, e->opt->cloud, blob_text(&e->pem), f);
}

static enum trustx_err check_registered(struct enroll *e, struct fail *f)
{
	struct iot_certificate cert;
	enum trustx_err err;

	if ((err = iot_describe_certificate(&cert, e->opt->cloud, e->cert.id, f)) == TRUSTX_OK &&
		cert.status == IOT_REVOKED)
		err = fail_set(
			f, TRUSTX_ERR_MISMATCH, "the certificate %s is revoked at AWS", e->cert.id);
	iot_certificate_free(&cert);
	return err;
}

/* Its id was known before: SHA-256 of the certificate. */
static enum trustx_err take_register(struct enroll *e, struct cloud_call *call, struct fail *f)
{
	struct iot_certificate cert;
	enum trustx_err err;
	bool is_there;

	err = iot_register_certificate_take(&cert, call, &e->lane_error, f);
	is_there = err == TRUSTX_ERR_EXISTS;
	if (err != TRUSTX_OK && !is_there)
		goto out;
	if (strcmp(cert.id, e->cert.id) != 0) {
		err = fail_set(f, TRUSTX_ERR_ISSUER,
			"AWS calls the certificate %s, which is not its SHA-256", cert.id);
		goto out;
	}
	if ((err = enroll_check_arn(e, cert.arn, f)) != TRUSTX_OK)
		goto out;
	memcpy(e->cert.arn, cert.arn, sizeof(e->cert.arn));
	err = is_there ? check_registered(e, f) : TRUSTX_OK;
out:
	iot_certificate_free(&cert);
	return err;
}

static bool always(const struct enroll *e)
{
	(void)e;
	return true;
}

static enum trustx_err start_attach(struct cloud_call **call, struct enroll *e, struct fail *f)
{
	return iot_attach_thing_start(call, e->opt->cloud, e->thing, e->cert.arn, f);
}

static bool wants_group(const struct enroll *e)
{
	return e->opt->group != NULL;
}

static enum trustx_err start_group(struct cloud_call **call, struct enroll *e, struct fail *f)
{
	return iot_add_to_group_start(call, e->opt->cloud, e->thing, e->opt->group, f);
}

static bool wants_policy(const struct enroll *e)
{
	return e->opt->policy != NULL;
}

static enum trustx_err start_policy(struct cloud_call **call, struct enroll *e, struct fail *f)
{
	return iot_attach_policy_start(call, e->opt->cloud, e->opt->policy, e->cert.arn, f);
}

static const struct job jobs[] = {
	{ "register", RECORD_REGISTER, wants_register, start_register, take_register },
	{ "attach", RECORD_ATTACH, always, start_attach, NULL },
	{ "group", RECORD_GROUP, wants_group, start_group, NULL },
	{ "policy", RECORD_POLICY, wants_policy, start_policy, NULL },
};
#define JOBS (sizeof(jobs) / sizeof(jobs[0]))

/* ---- one after the other, without waiting ---- */

static void stop_lane(struct enroll *e, const struct job *job, enum trustx_err err)
{
	enroll_failed(e, job->step, NULL, &e->lane_fail);
	e->lane_err = err;
	e->lane_open = false;
}

static void begin_job(struct enroll *e, const struct job *job)
{
	struct enroll_call *lane = &e->lane;
	enum trustx_err err = TRUSTX_OK;

	if (enroll_now_ms() < lane->retry)
		return;
	if (lane->since == 0)
		err = enroll_note(e, job->step, "begin", &e->lane_fail);
	if (err == TRUSTX_OK)
		err = job->start(&lane->call, e, &e->lane_fail);
	if (lane->since == 0)
		lane->since = enroll_now_ms();
	if (err != TRUSTX_OK)
		stop_lane(e, job, err);
}

static void end_job(struct enroll *e, const struct job *job)
{
	struct cloud_call *call = e->lane.call;
	uint64_t now = enroll_now_ms();
	enum trustx_err err;

	e->lane.call = NULL;
	err = job->take != NULL ? job->take(e, call, &e->lane_fail)
				: iot_take(call, &e->lane_error, &e->lane_fail);
	/* AWS may not know everywhere yet what it just made. */
	if (err == TRUSTX_ERR_INPUT && e->lane_error.http == 404 &&
		now - e->lane.since < e->settle_ms) {
		e->lane.retry = now + AGAIN_MS;
		return;
	}
	if (err == TRUSTX_OK)
		err = enroll_note(e, job->step, "done", &e->lane_fail);
	if (err != TRUSTX_OK) {
		stop_lane(e, job, err);
		return;
	}
	e->lane = (struct enroll_call){ .call = NULL };
	e->lane_at++;
}

/* All of them are idempotent: what an earlier run did is done again. */
static void advance(struct enroll *e)
{
	while (e->lane_open) {
		if (e->lane_at == JOBS)
			e->lane_open = false;
		else if (e->lane.call != NULL) {
			if (!cloud_is_done(e->lane.call))
				return;
			end_job(e, &jobs[e->lane_at]);
		} else if (!jobs[e->lane_at].wanted(e))
			e->lane_at++;
		else {
			begin_job(e, &jobs[e->lane_at]);
			if (e->lane.call == NULL)
				return;
		}
	}
}

void enroll_start(struct enroll *e)
{
	if (e->lane_open || e->lane_at == JOBS || e->lane_err != TRUSTX_OK)
		return;
	if (e->opt->group == NULL && e->opt->policy == NULL)
		enroll_say(e, "no group and no policy: AWS will not let the device connect");
	e->lane_open = true;
	advance(e);
}

/* ---- beside the chip ---- */

static bool is_waiting(const struct enroll *e)
{
	return (e->make_thing.call != NULL && !cloud_is_done(e->make_thing.call)) || e->lane_open;
}

/* Short waits of the chip are too many to look at the network in each. */
void enroll_idle(void *ctx, uint32_t us)
{
	struct enroll *e = ctx;
	uint64_t now = enroll_now_ms(), end = now + us / 1000;

	if (!is_waiting(e) || (us < 1000 && now == e->pumped))
		return;
	do {
		cloud_pump(e->opt->cloud, (unsigned)(end - now));
		advance(e);
		now = enroll_now_ms();
	} while (is_waiting(e) && now < end);
	e->pumped = now;
}

/* ---- the end ---- */

/* With EXCLUSIVE_THING AWS refuses a second thing, and says so only in words. */
static enum trustx_err explain_attach(struct enroll *e, struct fail *f)
{
	struct fail ignored;
	json_t *names;
	const char *other;

	if (strcmp(e->lane_error.name, "InvalidRequestException") != 0 ||
		iot_principal_things(&names, e->opt->cloud, e->cert.arn, &ignored) != TRUSTX_OK)
		return f->err;
	other = json_string_value(json_array_get(names, 0));
	if (other != NULL && strcmp(other, e->thing) != 0) {
		fail_set(f, TRUSTX_ERR_MISMATCH,
			"the certificate belongs to the thing %.128s, and can belong to one only",
			other);
		fail_next(f, "register it under that name: --thing %.128s", other);
	}
	json_decref(names);
	return f->err;
}

static enum trustx_err lane_failed(struct enroll *e, struct fail *f)
{
	const struct job *job = &jobs[e->lane_at];

	*f = e->lane_fail;
	if (f->err == TRUSTX_ERR_INPUT && job->bit == RECORD_GROUP)
		fail_put(f, f->err, "AWS has no thing group %s", e->opt->group);
	if (f->err == TRUSTX_ERR_INPUT)
		fail_next(f, "trustx aws setup makes groups and policies");
	return job->bit == RECORD_ATTACH ? explain_attach(e, f) : f->err;
}

enum trustx_err enroll_wait(struct enroll *e, struct fail *f)
{
	enroll_start(e);
	while (e->lane_open) {
		if (e->stop != NULL && e->stop())
			return fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
		cloud_pump(e->opt->cloud, WAIT_MS);
		advance(e);
	}
	return e->lane_err != TRUSTX_OK ? lane_failed(e, f) : TRUSTX_OK;
}

/* ---- activation ---- */

static enum trustx_err update(struct enroll *e, const char *id, enum iot_status status,
	struct cloud_error *error, struct fail *f)
{
	struct cloud_call *call;
	enum trustx_err err;

	err = iot_update_certificate_start(&call, e->opt->cloud, id, status, f);
	return err == TRUSTX_OK ? iot_take(call, error, f) : err;
}

/* One that is revoked, or that AWS does not have, is as good as deactivated. */
enum trustx_err enroll_retire(struct enroll *e, struct fail *f)
{
	const struct record_name old = e->journal->record.retired;
	struct cloud_error error = { .http = 0 };
	enum trustx_err err;

	if (old.id[0] == '\0')
		return TRUSTX_OK;
	err = update(e, old.id, IOT_INACTIVE, &error, f);
	if (err == TRUSTX_OK || strcmp(error.name, "CertificateStateException") == 0)
		err = enroll_orphan(e, &old, "it was replaced", f);
	if (err != TRUSTX_OK && err != TRUSTX_ERR_INPUT)
		return err;
	return enroll_note(e, "deactivate", "done", f);
}

enum trustx_err enroll_activate(struct enroll *e, struct fail *f)
{
	const struct record *record = &e->journal->record;
	struct cloud_error error;
	enum trustx_err err;

	if ((record->done & RECORD_ACTIVE) == 0 || strcmp(record->cert.id, e->cert.id) != 0) {
		if ((err = enroll_note(e, "activate", "begin", f)) != TRUSTX_OK)
			return err;
		if ((err = update(e, e->cert.id, IOT_ACTIVE, &error, f)) != TRUSTX_OK) {
			enroll_failed(e, "activate", NULL, f);
			return err;
		}
		if ((err = enroll_note(e, "activate", "done", f)) != TRUSTX_OK)
			return err;
	}
	return enroll_retire(e, f);
}
