/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-scrap.h"

#include "aws-lost.h"
#include "aws-wait.h"
#include "enroll.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct scrap {
	struct cloud *cloud;
	const struct aws_scrap_options *opt;
};

static void say(const struct scrap *s, const char *fmt, ...) FAIL_PRINTF(2, 3);
static void say(const struct scrap *s, const char *fmt, ...)
{
	char text[320];
	va_list ap;

	if (s->opt->tell == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->opt->tell(s->opt->ctx, text);
}

/* What AWS does not have is what was wanted. */
static enum trustx_err gone_is_fine(enum trustx_err err)
{
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

/* ---- the plan ---- */

static bool has_cert(const struct aws_scrap_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->cert_count; i++)
		if (strcmp(plan->certs[i].name.id, id) == 0)
			return true;
	return false;
}

/* The certificate's id stands at the end of its ARN; other principals have no certificate. */
static const char *id_of_arn(const char *arn)
{
	const char *id = arn != NULL ? strstr(arn, ":cert/") : NULL;

	return id != NULL && strlen(id + 6) == IOT_ID_LEN ? id + 6 : NULL;
}

static enum trustx_err see_certificate(
	struct aws_scrap_cert *cert, bool *there, const struct scrap *s, struct fail *f)
{
	struct iot_certificate found;
	json_t *things = NULL;
	enum trustx_err err;

	err = iot_describe_certificate(&found, s->cloud, cert->name.id, f);
	*there = err == TRUSTX_OK;
	if (err == TRUSTX_OK) {
		cert->status = found.status;
		snprintf(cert->name.arn, sizeof(cert->name.arn), "%s", found.arn);
		err = iot_principal_things(&things, s->cloud, found.arn, f);
	}
	for (size_t i = 0; i < json_array_size(things); i++) {
		const char *name = json_string_value(json_array_get(things, i));
		bool mine =
			name != NULL && s->opt->thing != NULL && strcmp(name, s->opt->thing) == 0;

		cert->attached |= mine;
		cert->shared |= !mine;
	}
	json_decref(things);
	iot_certificate_free(&found);
	return gone_is_fine(err);
}

static enum trustx_err add_cert(
	struct aws_scrap_plan *plan, const struct scrap *s, const char *id, struct fail *f)
{
	struct aws_scrap_cert *cert = &plan->certs[plan->cert_count];
	enum trustx_err err;
	bool there;

	if (id == NULL || id[0] == '\0' || has_cert(plan, id))
		return TRUSTX_OK;
	if (plan->cert_count == AWS_SCRAP_CERTS)
		return fail_set(f, TRUSTX_ERR_INPUT, "the thing has more than %d certificates",
			AWS_SCRAP_CERTS);
	memset(cert, 0, sizeof(*cert));
	snprintf(cert->name.id, sizeof(cert->name.id), "%s", id);
	if ((err = see_certificate(cert, &there, s, f)) == TRUSTX_OK && there)
		plan->cert_count++;
	return err;
}

static enum trustx_err see_thing(struct aws_scrap_plan *plan, const struct scrap *s, struct fail *f)
{
	const char *uid;
	json_t *thing;
	enum trustx_err err;

	err = iot_describe_thing(&thing, s->cloud, s->opt->thing, f);
	plan->thing_there = err == TRUSTX_OK;
	uid = json_string_value(json_object_get(json_object_get(thing, "attributes"), ENROLL_UID));
	if (uid != NULL)
		snprintf(plan->uid, sizeof(plan->uid), "%s", uid);
	json_decref(thing);
	if (err != TRUSTX_OK || s->opt->uid == NULL || plan->uid[0] == '\0' ||
		strcasecmp(plan->uid, s->opt->uid) == 0)
		return gone_is_fine(err);
	fail_set(f, TRUSTX_ERR_MISMATCH, "the thing %s belongs to another chip, %s", s->opt->thing,
		plan->uid);
	return fail_next(
		f, "nothing was changed; name the thing instead of the chip if it shall go");
}

static enum trustx_err see_principals(
	struct aws_scrap_plan *plan, const struct scrap *s, struct fail *f)
{
	json_t *arns = NULL;
	enum trustx_err err = TRUSTX_OK;

	if (plan->thing_there)
		err = iot_thing_principals(&arns, s->cloud, s->opt->thing, f);
	for (size_t i = 0; i < json_array_size(arns) && err == TRUSTX_OK; i++)
		err = add_cert(plan, s, id_of_arn(json_string_value(json_array_get(arns, i))), f);
	json_decref(arns);
	return gone_is_fine(err);
}

enum trustx_err aws_scrap_look(struct aws_scrap_plan *plan, struct cloud *cloud,
	const struct aws_scrap_options *opt, struct fail *f)
{
	const struct scrap s = { cloud, opt };
	enum trustx_err err;

	memset(plan, 0, sizeof(*plan));
	if ((err = see_thing(plan, &s, f)) != TRUSTX_OK ||
		(err = see_principals(plan, &s, f)) != TRUSTX_OK || opt->known == NULL)
		return err;
	if ((err = add_cert(plan, &s, opt->known->record.cert.id, f)) != TRUSTX_OK)
		return err;
	return add_cert(plan, &s, opt->known->record.retired.id, f);
}

/* ---- one certificate ---- */

static enum trustx_err take(struct cloud_call *call, struct fail *f)
{
	struct cloud_error error;

	return gone_is_fine(iot_take(call, &error, f));
}

static enum trustx_err deactivate(
	const struct scrap *s, const struct aws_scrap_cert *cert, struct fail *f)
{
	struct cloud_call *call;
	enum trustx_err err;

	if (cert->status != IOT_ACTIVE)
		return TRUSTX_OK;
	say(s, "deactivate certificate %.12s..", cert->name.id);
	err = iot_update_certificate_start(&call, s->cloud, cert->name.id, IOT_INACTIVE, f);
	return err == TRUSTX_OK ? take(call, f) : err;
}

static enum trustx_err detach_thing(
	const struct scrap *s, const struct aws_scrap_cert *cert, struct fail *f)
{
	struct cloud_call *call;
	enum trustx_err err;

	if (!cert->attached)
		return TRUSTX_OK;
	say(s, "detach certificate %.12s.. from %s", cert->name.id, s->opt->thing);
	err = iot_detach_thing_start(&call, s->cloud, s->opt->thing, cert->name.arn, f);
	return err == TRUSTX_OK ? take(call, f) : err;
}

static enum trustx_err detach_policies(
	const struct scrap *s, const struct aws_scrap_cert *cert, struct fail *f)
{
	struct cloud_call *call;
	json_t *names;
	enum trustx_err err;

	err = iot_attached_policies(&names, s->cloud, cert->name.arn, false, f);
	for (size_t i = 0; i < json_array_size(names) && err == TRUSTX_OK; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		say(s, "detach policy %s", name != NULL ? name : "");
		if (name != NULL && (err = iot_detach_policy_start(&call, s->cloud, name,
					     cert->name.arn, f)) == TRUSTX_OK)
			err = take(call, f);
	}
	json_decref(names);
	return gone_is_fine(err);
}

/* AWS says so as long as it is still detaching. */
static bool is_conflict(const struct cloud_error *error)
{
	return strcmp(error->name, "DeleteConflictException") == 0 ||
	       (strcmp(error->name, "InvalidRequestException") == 0 &&
		       strstr(error->message, "attached") != NULL);
}

static enum trustx_err too_slow(const struct scrap *s, const struct aws_wait *wait, struct fail *f)
{
	if (s->opt->stop != NULL && s->opt->stop())
		return fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
	fail_set(f, TRUSTX_ERR_ISSUER, "AWS has not finished detaching after %u s",
		aws_wait_seconds(wait));
	return fail_next(f, "run the same command again later: it goes on where it stopped");
}

static enum trustx_err delete_once(
	const struct scrap *s, const char *id, bool *conflict, struct fail *f)
{
	struct cloud_error error;
	struct cloud_call *call;
	enum trustx_err err;

	*conflict = false;
	err = id != NULL ? iot_delete_certificate_start(&call, s->cloud, id, f)
			 : iot_delete_thing_start(&call, s->cloud, s->opt->thing, f);
	if (err != TRUSTX_OK)
		return err;
	err = gone_is_fine(iot_take(call, &error, f));
	*conflict = err == TRUSTX_ERR_ISSUER && is_conflict(&error);
	return err;
}

/* id NULL: the thing. */
static enum trustx_err delete_when_free(
	const struct scrap *s, const char *id, struct aws_wait *wait, struct fail *f)
{
	enum trustx_err err;
	bool conflict;

	for (;;) {
		if ((err = delete_once(s, id, &conflict, f)) == TRUSTX_OK || !conflict)
			return err;
		say(s, "wait for AWS to detach, %u s so far", aws_wait_seconds(wait));
		if (!aws_wait_more(wait))
			return too_slow(s, wait, f);
	}
}

static enum trustx_err scrap_cert(const struct scrap *s, const struct aws_scrap_cert *cert,
	struct aws_wait *wait, struct fail *f)
{
	enum trustx_err err;

	if (cert->shared)
		return detach_thing(s, cert, f);
	if ((err = deactivate(s, cert, f)) != TRUSTX_OK ||
		(err = detach_thing(s, cert, f)) != TRUSTX_OK ||
		(err = detach_policies(s, cert, f)) != TRUSTX_OK)
		return err;
	say(s, "delete certificate %.12s..", cert->name.id);
	return delete_when_free(s, cert->name.id, wait, f);
}

/* What was gone before this run: the journal shall say how it is. */
static enum trustx_err settle_journal(
	const struct aws_scrap_plan *plan, const struct aws_known *known, struct fail *f)
{
	const char *id = known->record.cert.id;
	enum trustx_err err;

	if (id[0] != '\0' && !has_cert(plan, id) &&
		(err = aws_known_scrapped(known, id, f)) != TRUSTX_OK)
		return err;
	return aws_known_scrapped(known, NULL, f);
}

enum trustx_err aws_scrap_run(const struct aws_scrap_plan *plan, struct cloud *cloud,
	const struct aws_scrap_options *opt, struct fail *f)
{
	struct aws_wait wait = aws_wait_for(opt->seconds, opt->stop);
	const struct scrap s = { cloud, opt };
	const struct aws_known *known = opt->known;
	enum trustx_err err;

	for (size_t i = 0; i < plan->cert_count; i++) {
		const struct aws_scrap_cert *cert = &plan->certs[i];

		if ((err = scrap_cert(&s, cert, &wait, f)) != TRUSTX_OK)
			return err;
		if (known != NULL && !cert->shared &&
			(err = aws_known_scrapped(known, cert->name.id, f)) != TRUSTX_OK)
			return err;
	}
	if (plan->thing_there) {
		say(&s, "delete thing %s", opt->thing);
		if ((err = delete_when_free(&s, NULL, &wait, f)) != TRUSTX_OK)
			return err;
	}
	return known != NULL ? settle_journal(plan, known, f) : TRUSTX_OK;
}

/* ---- orphans ---- */

static enum trustx_err scrap_orphan(
	struct aws_scrap_orphans *o, const struct scrap *s, const char *id, struct fail *f)
{
	struct aws_wait wait = aws_wait_for(s->opt->seconds, s->opt->stop);
	struct aws_scrap_cert cert = { .attached = false };
	enum trustx_err err;
	bool there;

	snprintf(cert.name.id, sizeof(cert.name.id), "%s", id);
	if ((err = see_certificate(&cert, &there, s, f)) != TRUSTX_OK)
		return err;
	if (there && (cert.status == IOT_ACTIVE || cert.shared)) {
		o->kept++;
		snprintf(o->why, sizeof(o->why), "certificate %s is %s%s", id,
			iot_status_text(cert.status),
			cert.shared ? " and attached to another thing" : "");
		return TRUSTX_OK;
	}
	if (there && (err = scrap_cert(s, &cert, &wait, f)) != TRUSTX_OK)
		return err;
	*(there ? &o->deleted : &o->gone) += 1;
	return aws_known_scrapped(s->opt->known, id, f);
}

struct lost_orphan {
	struct aws_scrap_orphans *sum;
	const struct scrap *s;
};

static enum trustx_err scrap_lost(void *ctx, const char *id, struct fail *f)
{
	struct lost_orphan *lost = ctx;

	return scrap_orphan(lost->sum, lost->s, id, f);
}

/* One of unknown id: all of its key are looked for, so that once is enough. */
static enum trustx_err search(
	struct aws_scrap_orphans *sum, const struct scrap *s, size_t at, struct fail *f)
{
	const struct record *record = &s->opt->known->record;
	const char *key = record->orphans[at].key;
	struct lost_orphan ctx = { sum, s };
	const struct aws_lost lost = { s->cloud, record, scrap_lost, &ctx };
	enum trustx_err err;

	for (size_t i = 0; i < at; i++)
		if (record->orphans[i].id[0] == '\0' && strcmp(record->orphans[i].key, key) == 0)
			return TRUSTX_OK;
	sum->searched++;
	say(s, "look for certificates whose making was never answered");
	if ((err = aws_lost_each(&lost, key, f)) != TRUSTX_OK)
		return err;
	return aws_known_searched(s->opt->known, key, f);
}

enum trustx_err aws_scrap_journal(struct aws_scrap_orphans *orphans, struct cloud *cloud,
	const struct aws_known *known, const struct aws_scrap_options *opt, struct fail *f)
{
	struct aws_scrap_options mine = *opt;
	const struct scrap s = { cloud, &mine };
	enum trustx_err err = TRUSTX_OK;

	/* A certificate that was replaced may still be attached to it. */
	mine.thing = known->record.thing;
	mine.known = known;
	for (size_t i = 0; i < known->record.orphan_count && err == TRUSTX_OK; i++) {
		const char *id = known->record.orphans[i].id;

		err = id[0] != '\0' ? scrap_orphan(orphans, &s, id, f) : search(orphans, &s, i, f);
	}
	return err;
}
