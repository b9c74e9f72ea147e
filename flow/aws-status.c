/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-status.h"

#include "enroll.h"
#include "hex.h"
#include "iot-look.h"

#include <openssl/evp.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct look {
	struct aws_status *status;
	struct cloud *cloud;
	const struct aws_status_wish *wish;
	char chip_id[IOT_ID_LEN + 1]; /* of the certificate in the chip, or "" */
};

/* For a terminal, whatever somebody in between has put into an answer. */
static void set(char *out, size_t cap, const char *text)
{
	snprintf(out, cap, "%s", text != NULL ? text : "");
	for (; *out != '\0'; out++)
		*out = *out >= ' ' && *out <= '~' ? *out : '?';
}

/* ---- what AWS says ---- */

static enum trustx_err chip_id(struct look *l, struct fail *f)
{
	const struct slot_state *state = l->wish->state;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	if (state == NULL || sk_X509_num(state->certs) < 1)
		return TRUSTX_OK;
	if (X509_digest(sk_X509_value(state->certs, 0), EVP_sha256(), digest, &len) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "the certificate cannot be hashed");
	hex_print(l->chip_id, digest, len);
	return TRUSTX_OK;
}

static struct aws_status_cert *find(struct aws_status *s, const char *id)
{
	for (size_t i = 0; i < s->cert_count; i++)
		if (strcmp(s->certs[i].name.id, id) == 0)
			return &s->certs[i];
	return NULL;
}

static enum trustx_err see_certificate(struct look *l, struct aws_status_cert *cert, struct fail *f)
{
	struct iot_certificate found;
	enum trustx_err err;

	err = iot_describe_certificate(&found, l->cloud, cert->name.id, f);
	cert->there = err == TRUSTX_OK;
	if (cert->there) {
		cert->status = found.status;
		set(cert->name.arn, sizeof(cert->name.arn), found.arn);
		err = iot_attached_policies(&cert->policies, l->cloud, found.arn, false, f);
	}
	iot_certificate_free(&found);
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

static enum trustx_err add(
	struct look *l, const char *id, struct aws_status_cert **added, struct fail *f)
{
	struct aws_status *s = l->status;

	*added = NULL;
	if (id == NULL || strlen(id) != IOT_ID_LEN)
		return TRUSTX_OK;
	if ((*added = find(s, id)) != NULL || s->cert_count == AWS_STATUS_CERTS)
		return TRUSTX_OK;
	*added = &s->certs[s->cert_count++];
	set((*added)->name.id, sizeof((*added)->name.id), id);
	(*added)->in_chip = strcmp(id, l->chip_id) == 0;
	(*added)->in_journal =
		l->wish->known != NULL && strcmp(id, l->wish->known->record.cert.id) == 0;
	return see_certificate(l, *added, f);
}

/* Without a journal only the certificate leads from the chip to its thing. */
static enum trustx_err find_thing(struct look *l, struct fail *f)
{
	struct aws_status *s = l->status;
	struct aws_status_cert *cert;
	json_t *things = NULL;
	enum trustx_err err;

	set(s->thing, sizeof(s->thing), l->wish->thing);
	if ((err = add(l, l->chip_id, &cert, f)) != TRUSTX_OK)
		return err;
	if (s->thing[0] != '\0' || cert == NULL || !cert->there)
		return TRUSTX_OK;
	err = iot_principal_things(&things, l->cloud, cert->name.arn, f);
	if (err == TRUSTX_OK)
		set(s->thing, sizeof(s->thing), json_string_value(json_array_get(things, 0)));
	json_decref(things);
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

static enum trustx_err see_principals(struct look *l, struct fail *f)
{
	struct aws_status_cert *cert;
	json_t *arns;
	enum trustx_err err;

	if ((err = iot_thing_principals(&arns, l->cloud, l->status->thing, f)) != TRUSTX_OK)
		return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
	for (size_t i = 0; i < json_array_size(arns) && err == TRUSTX_OK; i++) {
		const char *arn = json_string_value(json_array_get(arns, i));
		const char *id = arn != NULL ? strstr(arn, ":cert/") : NULL;

		err = add(l, id != NULL ? id + strlen(":cert/") : NULL, &cert, f);
		if (cert != NULL)
			cert->attached = true;
	}
	json_decref(arns);
	return err;
}

static enum trustx_err see_group(
	struct look *l, const char *arn_of_thing, const char *group, struct fail *f)
{
	const char *end = strstr(arn_of_thing, ":thing/");
	char arn[IOT_ARN_MAX];
	json_t *policies;
	enum trustx_err err;

	if (end == NULL)
		return TRUSTX_OK;
	snprintf(arn, sizeof(arn), "%.*s:thinggroup/%s", (int)(end - arn_of_thing), arn_of_thing,
		group);
	if ((err = iot_attached_policies(&policies, l->cloud, arn, true, f)) == TRUSTX_OK)
		json_object_set_new(l->status->groups, group, policies);
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

static enum trustx_err see_groups(struct look *l, const char *arn_of_thing, struct fail *f)
{
	json_t *names;
	enum trustx_err err;

	if ((err = iot_thing_groups(&names, l->cloud, l->status->thing, f)) != TRUSTX_OK)
		return err;
	for (size_t i = 0; i < json_array_size(names) && err == TRUSTX_OK; i++) {
		char name[IOT_NAME_MAX + 1];

		set(name, sizeof(name), json_string_value(json_array_get(names, i)));
		err = see_group(l, arn_of_thing, name, f);
	}
	json_decref(names);
	return err;
}

static enum trustx_err see_thing(struct look *l, struct fail *f)
{
	struct aws_status *s = l->status;
	json_t *thing = NULL;
	const char *arn;
	enum trustx_err err;

	if (s->thing[0] == '\0')
		return TRUSTX_OK;
	err = iot_describe_thing(&thing, l->cloud, s->thing, f);
	s->thing_there = err == TRUSTX_OK;
	if (!s->thing_there)
		return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
	set(s->type, sizeof(s->type), json_string_value(json_object_get(thing, "thingTypeName")));
	set(s->uid, sizeof(s->uid),
		json_string_value(
			json_object_get(json_object_get(thing, "attributes"), ENROLL_UID)));
	arn = json_string_value(json_object_get(thing, "thingArn"));
	if ((err = see_principals(l, f)) == TRUSTX_OK)
		err = see_groups(l, arn != NULL ? arn : "", f);
	json_decref(thing);
	return err;
}

static enum trustx_err see_orphan(struct look *l, const char *id, struct fail *f)
{
	struct iot_certificate found;
	enum trustx_err err;

	err = iot_describe_certificate(&found, l->cloud, id, f);
	if (err == TRUSTX_OK || err == TRUSTX_ERR_INPUT)
		json_object_set_new(l->status->orphans, id,
			err == TRUSTX_OK ? json_string(iot_status_text(found.status))
					 : json_null());
	iot_certificate_free(&found);
	return err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err;
}

static enum trustx_err see_journal(struct look *l, struct fail *f)
{
	const struct aws_known *known = l->wish->known;
	struct aws_status_cert *cert;
	enum trustx_err err;

	if (known == NULL)
		return TRUSTX_OK;
	err = add(l, known->record.cert.id, &cert, f);
	for (size_t i = 0; i < known->record.orphan_count && err == TRUSTX_OK; i++)
		if (known->record.orphans[i].id[0] != '\0')
			err = see_orphan(l, known->record.orphans[i].id, f);
	return err;
}

/* ---- what is missing ---- */

static void gap(struct aws_status *s, const char *next, const char *fmt, ...) FAIL_PRINTF(3, 4);
static void gap(struct aws_status *s, const char *next, const char *fmt, ...)
{
	struct aws_status_gap *g = &s->gaps[s->gap_count];
	va_list ap;

	if (s->gap_count == AWS_STATUS_GAPS)
		return;
	s->gap_count++;
	va_start(ap, fmt);
	vsnprintf(g->what, sizeof(g->what), fmt, ap);
	va_end(ap);
	set(g->next, sizeof(g->next), next);
}

static const char again[] = "run trustx personalize again: it goes on where it stopped",
		  enable[] = "let it connect again: aws iot update-certificate --new-status "
			     "ACTIVE --certificate-id ID; or replace it: trustx personalize "
			     "--replace-cert";

static void judge_thing(struct look *l)
{
	struct aws_status *s = l->status;
	const char *uid = l->wish->uid;

	if (s->thing[0] == '\0')
		gap(s, "run trustx personalize --issuer aws, or name the thing",
			"no thing of this chip is known");
	else if (!s->thing_there)
		gap(s, l->wish->known != NULL ? again : "compare the name: aws iot list-things",
			"AWS has no thing %s", s->thing);
	else if (uid != NULL && s->uid[0] != '\0' && strcasecmp(uid, s->uid) != 0)
		gap(s, "give this chip another thing: trustx personalize --thing NAME",
			"the thing %s belongs to another chip, %s", s->thing, s->uid);
}

static void judge_chip(struct look *l)
{
	const struct slot_state *state = l->wish->state;
	struct aws_status *s = l->status;
	const struct aws_status_cert *cert;

	if (state == NULL)
		return;
	if (state->verdict != SLOT_FITS)
		gap(s, state->verdict == SLOT_DIFFERS ? "trustx personalize --replace-cert" : again,
			"slot %u of the chip: %s", state->slot.number,
			slot_verdict_text(state->verdict));
	cert = find(s, l->chip_id);
	if (cert != NULL && !cert->there)
		gap(s, "trustx personalize --replace-cert, or --issuer ca:DIR --register",
			"AWS has not the certificate that is in the chip");
}

/* The one that counts: in the chip, else of the journal, else attached. */
static const struct aws_status_cert *main_cert(const struct look *l)
{
	const struct aws_status *s = l->status;
	const struct aws_status_cert *best = NULL;
	unsigned most = 0;

	for (size_t i = 0; i < s->cert_count; i++) {
		const struct aws_status_cert *c = &s->certs[i];
		unsigned rank = c->in_chip * 8u + c->in_journal * 4u + c->attached * 2u +
				(c->status == IOT_ACTIVE);

		if (c->there && (best == NULL || rank > most)) {
			best = c;
			most = rank;
		}
	}
	return best;
}

static bool has_policy(const struct aws_status *s, const struct aws_status_cert *cert)
{
	bool has = json_array_size(cert->policies) > 0;
	const char *group;
	json_t *policies;

	json_object_foreach(s->groups, group, policies) has |= json_array_size(policies) > 0;
	return has;
}

static void judge_others(struct aws_status *s, const struct aws_status_cert *cert)
{
	for (size_t i = 0; i < s->cert_count; i++) {
		const struct aws_status_cert *other = &s->certs[i];

		if (other != cert && other->attached && other->status == IOT_ACTIVE)
			gap(s, "find out who uses it; aws iot detach-thing-principal takes it off",
				"another certificate is ACTIVE and attached, too: %s",
				other->name.id);
	}
}

/* A run that ended well: personalize leaves it as somebody wanted it. */
static bool was_active(const struct look *l, const struct aws_status_cert *cert)
{
	const struct aws_known *known = l->wish->known;

	return known == NULL || ((known->record.done & RECORD_ACTIVE) != 0 &&
					strcmp(known->record.cert.id, cert->name.id) == 0);
}

static void judge_certificate(struct look *l)
{
	const struct aws_status_cert *cert = main_cert(l);
	struct aws_status *s = l->status;

	if (cert == NULL) {
		if (s->gap_count == 0)
			gap(s, again, "no certificate is attached to the thing");
		return;
	}
	if (!cert->attached && s->thing_there)
		gap(s, again, "the certificate is not attached to the thing");
	if (cert->status == IOT_REVOKED)
		gap(s, "trustx personalize --replace-cert", "the certificate is REVOKED, for good");
	else if (cert->status != IOT_ACTIVE)
		gap(s, was_active(l, cert) ? enable : again, "the certificate is %s",
			iot_status_text(cert->status));
	if (!has_policy(s, cert))
		gap(s, "trustx aws setup makes a group that has one; then personalize --group NAME",
			"no policy reaches the certificate: it may not connect");
	judge_others(s, cert);
}

enum trustx_err aws_status_look(struct aws_status *status, struct cloud *cloud,
	const struct aws_status_wish *wish, struct fail *f)
{
	struct look l = { .status = status, .cloud = cloud, .wish = wish };
	enum trustx_err err;

	memset(status, 0, sizeof(*status));
	status->groups = json_object();
	status->orphans = json_object();
	if ((err = chip_id(&l, f)) != TRUSTX_OK || (err = find_thing(&l, f)) != TRUSTX_OK ||
		(err = see_thing(&l, f)) != TRUSTX_OK || (err = see_journal(&l, f)) != TRUSTX_OK)
		return err;
	judge_thing(&l);
	judge_chip(&l);
	judge_certificate(&l);
	return TRUSTX_OK;
}

void aws_status_free(struct aws_status *status)
{
	for (size_t i = 0; i < status->cert_count; i++)
		json_decref(status->certs[i].policies);
	json_decref(status->groups);
	json_decref(status->orphans);
	memset(status, 0, sizeof(*status));
}
