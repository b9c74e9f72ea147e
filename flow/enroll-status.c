/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "enroll.h"

#include "adopt.h"
#include "cert.h"
#include "finish.h"

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

static void judge(enum enroll_state *state, struct enroll *e, const struct iot_certificate *cert,
	struct fail *f)
{
	const struct record *record = &e->journal->record;

	if (cert->status == IOT_ACTIVE && record->retired.id[0] != '\0')
		*state = ENROLL_BEGUN;
	else if (cert->status == IOT_ACTIVE) {
		*state = ENROLL_ACTIVE;
		snprintf(e->cert.arn, sizeof(e->cert.arn), "%s", cert->arn);
		e->result.was_active = true;
	} else
		fail_set(f, TRUSTX_ERR_EXISTS, "its certificate %s is %s at AWS: %s", e->cert.id,
			iot_status_text(cert->status),
			(record->done & RECORD_ACTIVE) != 0
				? "somebody deactivated it"
				: "it was deactivated, or never activated");
}

static enum trustx_err ask(
	enum enroll_state *state, struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	struct iot_certificate cert;
	enum trustx_err err;

	*state = ENROLL_FOREIGN;
	err = iot_describe_certificate(&cert, e->opt->cloud, e->cert.id, f);
	if (err == TRUSTX_OK)
		judge(state, e, &cert, f);
	else if (err == TRUSTX_ERR_INPUT && e->registers)
		*state = ENROLL_BEGUN;
	else if (err == TRUSTX_ERR_INPUT)
		fail_set(f, TRUSTX_ERR_EXISTS,
			"AWS does not know its certificate in this account and region (%s)",
			cloud_region(e->opt->cloud));
	if (err == TRUSTX_OK || err == TRUSTX_ERR_INPUT)
		err = *state == ENROLL_BEGUN ? keep_pem(e, certs, f) : TRUSTX_OK;
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
