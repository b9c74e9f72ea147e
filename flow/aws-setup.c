/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-setup.h"

#include "aws-wait.h"
#include "iot-setup.h"

#include <stdio.h>
#include <string.h>

#define DOCUMENT_MAX 65536u
#define ALNUM	     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define OF_THING     ALNUM ":_-"
#define OF_POLICY    ALNUM "_+=,.@-"

struct setup {
	struct cloud *cloud;
	const struct aws_setup_wish *wish;
	struct aws_setup_result *result;
	struct policy_place place;
	bool policy_there;
};

enum trustx_err aws_identify(
	struct iot_identity *who, struct cloud *cloud, const char *account, struct fail *f)
{
	enum trustx_err err;

	if ((err = iot_whoami(who, cloud, f)) != TRUSTX_OK)
		return err;
	if (account == NULL || strcmp(account, who->account) == 0)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_MISMATCH, "the credentials belong to account %s, not to %s",
		who->account, account);
	return fail_next(f, "choose the profile of that account: --profile NAME");
}

/* ---- what is wished ---- */

static enum trustx_err check_name(
	const char *option, const char *name, const char *alphabet, struct fail *f)
{
	size_t len = strlen(name);

	if (len > 0 && len <= IOT_NAME_MAX && strspn(name, alphabet) == len)
		return TRUSTX_OK;
	return fail_set(f, TRUSTX_ERR_INPUT,
		"--%s '%.60s': AWS takes 1 to %d characters, letters, digits and any of %s", option,
		name, IOT_NAME_MAX, alphabet + strlen(ALNUM));
}

static enum trustx_err check_names(const struct aws_setup_wish *wish, struct fail *f)
{
	enum trustx_err err;

	if ((err = check_name("thing-type", wish->type, OF_THING, f)) != TRUSTX_OK ||
		(err = check_name("group", wish->group, OF_THING, f)) != TRUSTX_OK ||
		(err = check_name("policy", wish->policy, OF_POLICY, f)) != TRUSTX_OK)
		return err;
	return wish->thing_prefix[0] == '\0'
		       ? TRUSTX_OK
		       : check_name("thing-prefix", wish->thing_prefix, OF_THING, f);
}

static enum trustx_err make_documents(struct setup *s, struct fail *f)
{
	const struct aws_setup_wish *wish = s->wish;
	const struct policy_names names = { wish->thing_prefix, wish->group, wish->policy };
	struct aws_setup_result *r = s->result;
	enum trustx_err err;

	if (wish->document != NULL)
		err = blob_addf(&r->document, "%s", wish->document);
	else if (strcmp(wish->policy, AWS_WEAK_POLICY) == 0)
		err = policy_weak(&r->document, f);
	else
		err = policy_least(&r->document, &s->place, f);
	if (err == TRUSTX_OK)
		err = policy_station(&r->station, &s->place, &names, f);
	if (err == TRUSTX_OK)
		err = policy_scrap(&r->scrap, &s->place, &names, f);
	return err;
}

/* ---- the policy ---- */

static enum trustx_err other_document(const struct setup *s, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_EXISTS, "the policy %s is there already, with another document",
		s->wish->policy);
	return fail_next(f,
		"it was left as it is; choose another name with --policy, or compare: aws iot "
		"get-policy --policy-name %s",
		s->wish->policy);
}

/* Before anything is made: a name that is taken must not leave half a setup. */
static enum trustx_err look_for_policy(struct setup *s, struct fail *f)
{
	struct blob there;
	enum trustx_err err;

	blob_init(&there, DOCUMENT_MAX);
	err = iot_get_policy(&there, s->cloud, s->wish->policy, f);
	s->policy_there = err == TRUSTX_OK;
	if (err == TRUSTX_ERR_INPUT)
		err = TRUSTX_OK;
	else if (err == TRUSTX_OK &&
		 !policy_equal(blob_text(&there), blob_text(&s->result->document)))
		err = other_document(s, f);
	blob_free(&there);
	return err;
}

static enum trustx_err make_policy(struct setup *s, struct fail *f)
{
	enum trustx_err err;

	if (s->policy_there)
		return TRUSTX_OK;
	err = iot_create_policy(s->cloud, s->wish->policy, blob_text(&s->result->document), f);
	s->result->policy_made = err == TRUSTX_OK;
	/* Somebody else was faster. */
	return err == TRUSTX_ERR_EXISTS ? look_for_policy(s, f) : err;
}

/* ---- type and group ---- */

/* One of that name with a description of its own serves as well. */
static enum trustx_err make_type_and_group(struct setup *s, struct fail *f)
{
	const struct policy_place *place = &s->place;
	enum trustx_err err;

	err = iot_create_type(s->cloud, s->wish->type, f);
	if (err != TRUSTX_OK && err != TRUSTX_ERR_EXISTS)
		return err;
	err = iot_create_group(s->result->group_arn, s->cloud, s->wish->group, f);
	if (err != TRUSTX_ERR_EXISTS)
		return err;
	snprintf(s->result->group_arn, sizeof(s->result->group_arn),
		"arn:%s:iot:%s:%s:thinggroup/%s", place->partition, place->region, place->account,
		s->wish->group);
	return TRUSTX_OK;
}

static void tell_other(struct setup *s, const char *policy)
{
	char text[320];

	snprintf(text, sizeof(text),
		"it is not the only one of the group: %.128s is attached, too, and devices get "
		"what both allow",
		policy);
	s->result->findings++;
	if (s->wish->tell != NULL)
		s->wish->tell(s->wish->ctx, text);
}

/* A group that was just made may not be known everywhere: then nothing is attached to it. */
static enum trustx_err is_attached(bool *attached, struct setup *s, struct fail *f)
{
	json_t *names;
	enum trustx_err err;

	err = iot_attached_policies(&names, s->cloud, s->result->group_arn, false, f);
	*attached = false;
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));

		if (name != NULL && strcmp(name, s->wish->policy) == 0)
			*attached = true;
		else if (name != NULL)
			tell_other(s, name);
	}
	json_decref(names);
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

static enum trustx_err attach(struct setup *s, struct fail *f)
{
	struct aws_wait wait = aws_wait_for(AWS_SETTLE_S, s->wish->stop);
	struct cloud_error error;
	struct cloud_call *call;
	enum trustx_err err;
	bool attached;

	if ((err = is_attached(&attached, s, f)) != TRUSTX_OK || attached)
		return err;
	do {
		if ((err = iot_attach_policy_start(&call, s->cloud, s->wish->policy,
			     s->result->group_arn, f)) != TRUSTX_OK)
			return err;
		err = iot_take(call, &error, f);
	} while (err == TRUSTX_ERR_INPUT && aws_wait_more(&wait));
	s->result->attached = err == TRUSTX_OK;
	return err;
}

static enum trustx_err run(struct setup *s, struct fail *f)
{
	const struct aws_setup_wish *wish = s->wish;
	struct aws_setup_result *r = s->result;
	enum trustx_err err;

	if ((err = check_names(wish, f)) != TRUSTX_OK ||
		(err = aws_identify(&r->who, s->cloud, wish->account, f)) != TRUSTX_OK)
		return err;
	s->place = (struct policy_place){ cloud_partition(s->cloud), cloud_region(s->cloud),
		r->who.account };
	if ((err = make_documents(s, f)) != TRUSTX_OK ||
		(err = policy_lint(blob_text(&r->document), &r->findings, wish->tell, wish->ctx,
			 f)) != TRUSTX_OK ||
		(err = look_for_policy(s, f)) != TRUSTX_OK ||
		(err = make_type_and_group(s, f)) != TRUSTX_OK ||
		(err = make_policy(s, f)) != TRUSTX_OK)
		return err;
	return attach(s, f);
}

enum trustx_err aws_setup_run(struct aws_setup_result *result, struct cloud *cloud,
	const struct aws_setup_wish *wish, struct fail *f)
{
	struct setup s = { .cloud = cloud, .wish = wish, .result = result };

	memset(result, 0, sizeof(*result));
	blob_init(&result->document, DOCUMENT_MAX);
	blob_init(&result->station, DOCUMENT_MAX);
	blob_init(&result->scrap, DOCUMENT_MAX);
	return run(&s, f);
}

void aws_setup_free(struct aws_setup_result *result)
{
	blob_free(&result->document);
	blob_free(&result->station);
	blob_free(&result->scrap);
}
