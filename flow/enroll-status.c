/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "enroll.h"

#include "adopt.h"
#include "cert.h"
#include "finish.h"
#include "iot-look.h"

#include <stdio.h>
#include <string.h>

/* "arn:partition:iot:region:...": is it of the client's region? */
static bool is_here(const struct enroll *e, const char *arn)
{
	const char *region = cloud_region(e->opt->cloud);

	for (unsigned i = 0; i < 3 && arn != NULL; i++)
		if ((arn = strchr(arn, ':')) != NULL)
			arn++;
	return arn != NULL && strncmp(arn, region, strlen(region)) == 0 &&
	       arn[strlen(region)] == ':';
}

static enum trustx_err keep_pem(struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	blob_free(&e->pem);
	return cert_pem(&e->pem, sk_X509_value(certs, 0), f);
}

enum trustx_err enroll_local(struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	enum trustx_err err;

	if ((err = finish_fingerprint(e->cert.id, certs, f)) != TRUSTX_OK)
		return err;
	e->cert.arn[0] = '\0';
	return keep_pem(e, certs, f);
}

void enroll_tell(struct enroll_result *result, const struct enroll *e)
{
	*result = e->result;
	result->cert = e->cert;
	result->orphans = e->journal->record.orphan_count;
}

/* A certificate of a local CA can be registered whenever that is missing, too. */
static enum trustx_err begin_again(
	enum enroll_state *state, struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	*state = ENROLL_BEGUN;
	return keep_pem(e, certs, f);
}

static bool is_name(const json_t *value, const char *name)
{
	const char *text = json_string_value(value);

	return text != NULL && strcmp(text, name) == 0;
}

static bool has_name(const json_t *names, const char *name)
{
	for (size_t i = 0; i < json_array_size(names); i++)
		if (is_name(json_array_get(names, i), name))
			return true;
	return false;
}

/* A certificate belongs to one thing. */
static enum trustx_err see_things(enum enroll_state *state, struct enroll *e,
	const struct iot_certificate *cert, struct fail *f)
{
	json_t *names;
	enum trustx_err err;

	if ((err = iot_principal_things(&names, e->opt->cloud, cert->arn, f)) != TRUSTX_OK)
		return err;
	if (!has_name(names, e->thing)) {
		*state = json_array_size(names) == 0 ? ENROLL_BEGUN : ENROLL_FOREIGN;
		if (*state == ENROLL_FOREIGN)
			fail_set(f, TRUSTX_ERR_EXISTS,
				"its certificate belongs to the thing %.128s, not to %s",
				json_string_value(json_array_get(names, 0)), e->thing);
	}
	json_decref(names);
	return TRUSTX_OK;
}

/* Somebody may have taken them away, and this run may want others than the one before. */
static enum trustx_err see_group_and_policy(enum enroll_state *state, struct enroll *e,
	const struct iot_certificate *cert, struct fail *f)
{
	const struct enroll_options *opt = e->opt;
	json_t *names = NULL;
	enum trustx_err err;

	if (opt->group != NULL) {
		err = iot_thing_groups(&names, opt->cloud, e->thing, f);
		if (err != TRUSTX_OK)
			return err;
		if (!has_name(names, opt->group))
			*state = ENROLL_BEGUN;
		json_decref(names);
	}
	if (opt->policy == NULL)
		return TRUSTX_OK;
	err = iot_attached_policies(&names, opt->cloud, cert->arn, false, f);
	if (err == TRUSTX_OK && !has_name(names, opt->policy))
		*state = ENROLL_BEGUN;
	json_decref(names);
	return err;
}

static enum trustx_err judge_active(enum enroll_state *state, struct enroll *e,
	const struct iot_certificate *cert, struct fail *f)
{
	enum trustx_err err;

	*state = e->journal->record.retired.id[0] != '\0' ? ENROLL_BEGUN : ENROLL_ACTIVE;
	snprintf(e->cert.arn, sizeof(e->cert.arn), "%s", cert->arn);
	if ((err = see_things(state, e, cert, f)) == TRUSTX_OK && *state == ENROLL_ACTIVE)
		err = see_group_and_policy(state, e, cert, f);
	e->result.was_active = *state == ENROLL_ACTIVE;
	return err;
}

static enum trustx_err judge(enum enroll_state *state, struct enroll *e,
	const struct iot_certificate *cert, struct fail *f)
{
	const struct record *record = &e->journal->record;

	if (cert->status == IOT_ACTIVE)
		return judge_active(state, e, cert, f);
	fail_set(f, TRUSTX_ERR_EXISTS, "its certificate %s is %s at AWS: %s", e->cert.id,
		iot_status_text(cert->status),
		(record->done & RECORD_ACTIVE) != 0 ? "somebody deactivated it"
						    : "it was deactivated, or never activated");
	return TRUSTX_OK;
}

static enum trustx_err not_known(enum enroll_state *state, struct enroll *e, struct fail *f)
{
	*state = e->registers ? ENROLL_BEGUN : ENROLL_FOREIGN;
	if (*state == ENROLL_FOREIGN)
		fail_set(f, TRUSTX_ERR_EXISTS,
			"AWS does not know its certificate in this account and region (%s)",
			cloud_region(e->opt->cloud));
	return TRUSTX_OK;
}

static enum trustx_err ask(
	enum enroll_state *state, struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	struct iot_certificate cert;
	enum trustx_err err;

	*state = ENROLL_FOREIGN;
	err = iot_describe_certificate(&cert, e->opt->cloud, e->cert.id, f);
	if (err == TRUSTX_OK)
		err = judge(state, e, &cert, f);
	else if (err == TRUSTX_ERR_INPUT)
		err = not_known(state, e, f);
	if (err == TRUSTX_OK && *state == ENROLL_BEGUN)
		err = keep_pem(e, certs, f);
	iot_certificate_free(&cert);
	return err;
}

enum trustx_err enroll_look(
	enum enroll_state *state, struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	const struct record *record = &e->journal->record;
	char id[IOT_ID_LEN + 1];
	enum trustx_err err;
	bool known;

	*state = ENROLL_FOREIGN;
	if ((err = finish_fingerprint(id, certs, f)) != TRUSTX_OK)
		return err;
	known = strcmp(record->key, e->key) == 0 && strcmp(record->cert.id, id) == 0;
	e->cert = (struct record_name){ .id = "" };
	memcpy(e->cert.id, id, sizeof(id));
	if (known)
		e->cert = record->cert;
	if (known && !is_here(e, e->cert.arn)) {
		fail_set(f, TRUSTX_ERR_EXISTS, "it is registered as %.120s, not in %s", e->cert.arn,
			cloud_region(e->opt->cloud));
		return TRUSTX_OK;
	}
	if ((known || e->registers) && (!known || (record->done & RECORD_ACTIVE) == 0))
		return begin_again(state, e, certs, f);
	return ask(state, e, certs, f);
}
