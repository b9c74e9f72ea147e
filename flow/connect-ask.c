/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "connect.h"

#include "aws-status.h"
#include "policy-allows.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DOCUMENT_MAX 65536u

/* The broker's own words stay in front. */
static void put_reason(struct fail *f, const char *why, const char *next)
{
	size_t n = strlen(f->why);

	snprintf(f->why + n, sizeof(f->why) - n, "; AWS says why: %s", why);
	f->next[0] = '\0';
	fail_next(f, "%s", next);
}

static bool other_endpoint(const struct connect_options *opt, const char *right,
	struct connect_result *r, struct fail *f)
{
	char next[320];

	if (strcasecmp(right, opt->endpoint->host) == 0)
		return false;
	snprintf(next, sizeof(next), "trustx connect --endpoint %s", right);
	r->cause = "aws-other-endpoint";
	put_reason(f, "the endpoint of this account and region is another one", next);
	return true;
}

static const struct aws_status_cert *in_chip(const struct aws_status *status)
{
	for (size_t i = 0; i < status->cert_count; i++)
		if (status->certs[i].in_chip && status->certs[i].there)
			return &status->certs[i];
	return NULL;
}

/* Another thing's certificate is why the thing that was asked for has none. */
static enum trustx_err other_thing(struct connect_result *r, bool *found, struct cloud *cloud,
	const struct aws_status *status, struct fail *f, struct fail *mine)
{
	const struct aws_status_cert *cert = in_chip(status);
	char why[320], next[240];
	json_t *things = NULL;
	const char *name;
	enum trustx_err err;

	if (cert == NULL || cert->attached)
		return TRUSTX_OK;
	if ((err = iot_principal_things(&things, cloud, cert->name.arn, mine)) != TRUSTX_OK)
		return err;
	name = json_string_value(json_array_get(things, 0));
	if (name != NULL) {
		snprintf(why, sizeof(why), "the certificate belongs to the thing %.128s, not to %s",
			name, r->thing);
		snprintf(next, sizeof(next), "trustx connect --thing %.128s", name);
		r->cause = "aws-other-thing";
		put_reason(f, why, next);
		*found = true;
	}
	json_decref(things);
	return TRUSTX_OK;
}

/* Over all policies that reach the certificate; *names: theirs. */
struct judgement {
	struct cloud *cloud;
	struct policy_wish wish;
	enum policy_answer answer;
	char names[160];
};

static enum trustx_err judge_policies(struct judgement *j, const json_t *names, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < json_array_size(names) && err == TRUSTX_OK; i++) {
		const char *name = json_string_value(json_array_get(names, i));
		size_t n = strlen(j->names);
		struct blob document;

		blob_init(&document, DOCUMENT_MAX);
		snprintf(j->names + n, sizeof(j->names) - n, "%s%s", n > 0 ? ", " : "", name);
		if ((err = iot_get_policy(&document, j->cloud, name, f)) == TRUSTX_OK) {
			enum policy_answer one = policy_answer(blob_text(&document), &j->wish);

			if (one > j->answer)
				j->answer = one;
		}
		blob_free(&document);
	}
	return err;
}

/* Only where the broker knew the certificate and refused what it wanted. */
static enum trustx_err look_at_policies(struct connect_result *r, bool *found, struct cloud *cloud,
	const struct aws_status *status, struct fail *f, struct fail *mine)
{
	struct judgement j = { .cloud = cloud, .wish = { r->action, r->resource, r->thing } };
	const struct aws_status_cert *cert = in_chip(status);
	char why[640];
	const char *group;
	json_t *names;
	enum trustx_err err;

	if (r->action == NULL || cert == NULL)
		return TRUSTX_OK;
	err = judge_policies(&j, cert->policies, mine);
	json_object_foreach(status->groups, group, names) if (err == TRUSTX_OK) err =
		judge_policies(&j, names, mine);
	if (err != TRUSTX_OK || j.answer == POLICY_ALLOWS)
		return err;
	snprintf(why, sizeof(why), "%s (%s) %s %s on %s",
		j.answer == POLICY_DENIES ? "a policy" : "no policy", j.names,
		j.answer == POLICY_DENIES ? "denies" : "allows", r->action, r->resource);
	r->cause = "aws-policy";
	put_reason(f, why,
		"trustx aws setup makes a group whose policy allows it; then trustx personalize "
		"--group NAME");
	*found = true;
	return TRUSTX_OK;
}

static enum trustx_err look(struct connect_result *r, bool *found, struct cloud *cloud,
	const struct aws_status *status, struct fail *f, struct fail *mine)
{
	enum trustx_err err;

	if ((err = other_thing(r, found, cloud, status, f, mine)) != TRUSTX_OK || *found)
		return err;
	if (status->gap_count == 0)
		return look_at_policies(r, found, cloud, status, f, mine);
	*found = true;
	r->cause = "aws-incomplete";
	put_reason(f, status->gaps[0].what, status->gaps[0].next);
	return TRUSTX_OK;
}

enum trustx_err connect_ask(struct connect_result *r, bool *found, struct cloud *cloud,
	const struct connect_options *opt, struct fail *f)
{
	const struct aws_status_wish wish = {
		.thing = r->thing, .uid = r->uid, .state = &r->state
	};
	struct aws_status status;
	struct fail mine;
	char right[IOT_ARN_MAX];
	enum trustx_err err;

	*found = false;
	memset(&status, 0, sizeof(status));
	fail_clear(&mine);
	err = aws_status_look(&status, cloud, &wish, &mine);
	if (err == TRUSTX_OK)
		err = look(r, found, cloud, &status, f, &mine);
	if (err == TRUSTX_OK && !*found && (err = iot_endpoint(right, cloud, &mine)) == TRUSTX_OK)
		*found = other_endpoint(opt, right, r, f);
	aws_status_free(&status);
	if (err != TRUSTX_OK)
		*f = mine;
	return err;
}
