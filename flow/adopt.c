/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "adopt.h"

#include "cert.h"
#include "enroll-part.h"
#include "finish.h"
#include "hex.h"
#include "jsontext.h"
#include "state.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANSWER_MAX 131072u
#define AGAIN_MS   1000u
#define PUMP_MS	   50u
#define EARLIER_S  300 /* clocks may differ by as much as signatures allow */

/* ---- AWS's answer, whole ---- */

static enum trustx_err save_answer(
	struct enroll *e, const struct iot_certificate *cert, struct fail *f)
{
	json_t *answer = json_pack("{s:s, s:s, s:s}", "certificateId", cert->id, "certificateArn",
		cert->arn, "certificatePem", blob_text(&cert->pem));
	struct blob text;
	enum trustx_err err;

	blob_init(&text, ANSWER_MAX);
	if (answer == NULL || jsontext_add(&text, answer) != TRUSTX_OK)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	else
		err = state_save(e->dev, e->oid, STATE_ANSWER, &text, f);
	blob_free(&text);
	json_decref(answer);
	return err;
}

static bool copy_member(char *out, size_t cap, const json_t *answer, const char *name)
{
	const char *text = json_string_value(json_object_get(answer, name));

	return text != NULL && text[0] != '\0' && (size_t)snprintf(out, cap, "%s", text) < cap;
}

static bool read_answer(STACK_OF(X509) **certs, struct record_name *cert, const struct blob *text)
{
	json_t *answer = json_loadb(blob_text(text), text->len, 0, NULL);
	const char *pem = json_string_value(json_object_get(answer, "certificatePem"));
	struct fail ignored;
	bool ok;

	ok = pem != NULL && copy_member(cert->id, sizeof(cert->id), answer, "certificateId") &&
	     copy_member(cert->arn, sizeof(cert->arn), answer, "certificateArn") &&
	     cert_parse(certs, pem, strlen(pem), &ignored) == TRUSTX_OK;
	json_decref(answer);
	return ok;
}

/* The file is written whole: what cannot be read was never our answer. */
enum trustx_err enroll_stored(STACK_OF(X509) **certs, struct enroll *e, struct fail *f)
{
	struct record_name cert = { .id = "" };
	struct blob text;
	enum trustx_err err;

	*certs = NULL;
	blob_init(&text, ANSWER_MAX);
	err = state_load(&text, e->dev, e->oid, STATE_ANSWER, f);
	if (err == TRUSTX_OK && text.len > 0 && read_answer(certs, &cert, &text))
		e->cert = cert;
	blob_free(&text);
	return err;
}

/* ---- accounting ---- */

static double aws_time(const struct enroll *e)
{
	struct cloud_stats stats;
	struct timespec t;

	cloud_stats(e->opt->cloud, &stats);
	clock_gettime(CLOCK_REALTIME, &t);
	return (double)(t.tv_sec + (time_t)stats.clock_off) + (double)t.tv_nsec / 1e9;
}

/* As flow/journal.c knows the step, and what record.c wants to know of it. */
static json_t *issue_detail(const struct enroll *e, const char *certificate)
{
	json_t *detail = enroll_detail(e);
	char asked[32];

	snprintf(asked, sizeof(asked), "%.3f", aws_time(e));
	json_object_set_new(detail, "issuer", json_string(e->issuer));
	json_object_set_new(detail, "days", json_string(e->days));
	json_object_set_new(detail, "certificate", json_string(certificate));
	json_object_set_new(detail, "asked", json_string(asked));
	json_object_set_new(detail, "region", json_string(cloud_region(e->opt->cloud)));
	return detail;
}

enum trustx_err enroll_accept(struct enroll *e, STACK_OF(X509) *certs, struct fail *f)
{
	char fingerprint[65];
	enum trustx_err err;

	if ((err = finish_fingerprint(fingerprint, certs, f)) != TRUSTX_OK)
		return err;
	if (strcmp(fingerprint, e->cert.id) != 0)
		enroll_say(e, "AWS's id %s is not the certificate's SHA-256", e->cert.id);
	return journal_note(e->journal, "issue", "done", issue_detail(e, fingerprint), f);
}

enum trustx_err enroll_reject(struct enroll *e, const char *why, struct fail *f)
{
	enum trustx_err err;

	if ((err = enroll_orphan(e, &e->cert, why, f)) != TRUSTX_OK)
		return err;
	e->cert = (struct record_name){ .id = "" };
	return state_drop(e->dev, e->oid, STATE_ANSWER, f);
}

/* ---- the one before ---- */

bool enroll_has_key(const struct enroll *e, STACK_OF(X509) *certs)
{
	unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
	char key[65] = "";
	size_t hash_len;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(sk_X509_value(certs, 0)), &der);

	if (len > 0 && EVP_Q_digest(NULL, "SHA256", NULL, der, (size_t)len, hash, &hash_len) == 1)
		hex_print(key, hash, 32);
	OPENSSL_free(der);
	return strcmp(key, e->key) == 0;
}

/* Whoever lost the journal still knows it from the chip. AWS's ARNs end in the id. */
enum trustx_err enroll_replaces(struct enroll *e, STACK_OF(X509) *old, struct fail *f)
{
	const struct record *record = &e->journal->record;
	struct record_name name = { .id = "" };
	enum trustx_err err;

	if (old == NULL || !enroll_has_key(e, old))
		return TRUSTX_OK;
	if ((err = finish_fingerprint(name.id, old, f)) != TRUSTX_OK)
		return err;
	if (strcmp(name.id, e->cert.id) == 0 || strcmp(name.id, record->retired.id) == 0 ||
		record_has_orphan(record, name.id))
		return TRUSTX_OK;
	if (strlen(e->cert.arn) > IOT_ID_LEN)
		snprintf(name.arn, sizeof(name.arn), "%.*s%s",
			(int)(strlen(e->cert.arn) - IOT_ID_LEN), e->cert.arn, name.id);
	return journal_note(e->journal, "retire", "done",
		json_pack("{s:s, s:s, s:s}", "key", e->key, "id", name.id, "arn", name.arn), f);
}

/* ---- a certificate whose making was never answered ---- */

struct search {
	double since;
	const struct record *record;
	char (*ids)[IOT_ID_LEN + 1];
	size_t count;
	bool out_of_memory;
};

static bool gather(void *ctx, const struct iot_certificate *cert)
{
	struct search *s = ctx;
	void *more;

	if (cert->created > 0 && cert->created < s->since)
		return false; /* newest first: all others are older */
	if (cert->status != IOT_INACTIVE || record_has_orphan(s->record, cert->id))
		return true;
	if ((more = realloc(s->ids, (s->count + 1) * sizeof(*s->ids))) == NULL) {
		s->out_of_memory = true;
		return false;
	}
	s->ids = more;
	memcpy(s->ids[s->count++], cert->id, sizeof(cert->id));
	return true;
}

struct found {
	enroll_fits *fits;
	void *ctx;
	STACK_OF(X509) *certs; /* the newest that fits */
};

/* Ours and not the newest, or of no use: it stays INACTIVE and belongs to nothing. */
static enum trustx_err take_candidate(struct enroll *e, struct found *found,
	const struct iot_certificate *cert, STACK_OF(X509) **certs, struct fail *f)
{
	struct record_name name;
	const char *why = "another one of the same chip is newer";
	enum trustx_err err;

	memcpy(name.id, cert->id, sizeof(name.id));
	memcpy(name.arn, cert->arn, sizeof(name.arn));
	if (found->certs == NULL && found->fits(found->ctx, *certs)) {
		if ((err = save_answer(e, cert, f)) != TRUSTX_OK)
			return err;
		e->cert = name;
		found->certs = *certs;
		*certs = NULL; /* transferred */
		return TRUSTX_OK;
	}
	if (found->certs == NULL)
		why = "it was made for an earlier request";
	return enroll_orphan(e, &name, why, f);
}

static enum trustx_err try_candidate(
	struct enroll *e, struct found *found, const char *id, struct fail *f)
{
	STACK_OF(X509) *certs = NULL;
	struct iot_certificate cert;
	struct fail ignored;
	enum trustx_err err;

	if ((err = iot_describe_certificate(&cert, e->opt->cloud, id, f)) != TRUSTX_OK) {
		err = err == TRUSTX_ERR_INPUT ? TRUSTX_OK : err; /* scrapped meanwhile */
		goto out;
	}
	if (cert.status == IOT_INACTIVE &&
		cert_parse(&certs, cert.pem.data, cert.pem.len, &ignored) == TRUSTX_OK &&
		enroll_has_key(e, certs))
		err = take_candidate(e, found, &cert, &certs, f);
out:
	sk_X509_pop_free(certs, X509_free);
	iot_certificate_free(&cert);
	return err;
}

/* Whoever may not look cannot know; what may be there cannot connect. */
static enum trustx_err suspect(struct enroll *e, struct fail *f)
{
	const struct record_name nobody = { .id = "" };

	enroll_say(e, "AWS does not let us look for a certificate of a run that was stopped: %s",
		f->why);
	return enroll_orphan(e, &nobody, "its answer was lost, and there is no right to search", f);
}

static bool is_forbidden(const struct fail *f)
{
	return f->err == TRUSTX_ERR_ISSUER && (strncmp(f->why, "AccessDenied", 12) == 0 ||
						      strncmp(f->why, "Unauthorized", 12) == 0);
}

static enum trustx_err find_lost(struct enroll *e, struct found *found, struct fail *f)
{
	struct search s = { .since = e->journal->record.intent - EARLIER_S,
		.record = &e->journal->record };
	enum trustx_err err;

	err = iot_list_certificates(e->opt->cloud, gather, &s, f);
	if (err == TRUSTX_OK && s.out_of_memory)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < s.count && err == TRUSTX_OK; i++)
		err = try_candidate(e, found, s.ids[i], f);
	free(s.ids);
	return err != TRUSTX_OK && is_forbidden(f) ? suspect(e, f) : err;
}

/* ---- a new one ---- */

static enum trustx_err begin_issue(struct enroll *e, struct fail *f)
{
	return journal_note(e->journal, "issue", "begin", issue_detail(e, ""), f);
}

/* A lost answer is AWS's silence, not the chip's: exit code 6. */
static enum trustx_err fail_issue(struct enroll *e, enum trustx_err err, struct fail *f)
{
	bool refused = err == TRUSTX_ERR_ISSUER || err == TRUSTX_ERR_THROTTLED ||
		       err == TRUSTX_ERR_INPUT || err == TRUSTX_ERR_EXISTS;

	enroll_failed(e, "issue", refused ? "no" : "unknown", f);
	if (err == TRUSTX_ERR_UNKNOWN_OUTCOME)
		f->err = TRUSTX_ERR_ISSUER;
	return f->err;
}

static enum trustx_err create(
	struct enroll *e, struct iot_certificate *cert, const char *csr_pem, struct fail *f)
{
	struct cloud_error error;
	struct cloud_call *call;
	enum trustx_err err;

	err = iot_create_certificate_start(&call, e->opt->cloud, csr_pem, f);
	return err == TRUSTX_OK ? iot_create_certificate_take(cert, call, &error, f) : err;
}

/* What AWS calls a certificate is none: its id is all that can be kept of it. */
static enum trustx_err reject_unread(struct enroll *e, struct fail *f)
{
	struct fail second;

	f->err = TRUSTX_ERR_ISSUER;
	enroll_failed(e, "issue", "no", f);
	if (enroll_reject(e, "it cannot be read", &second) != TRUSTX_OK)
		fail_next(f, "mind the journal too: %.200s", second.why);
	return f->err;
}

/* It is in another account than this run's: what this one has is a thing of that name. */
static enum trustx_err reject_foreign(STACK_OF(X509) **certs, struct enroll *e, struct fail *f)
{
	struct fail second;

	sk_X509_pop_free(*certs, X509_free);
	*certs = NULL;
	enroll_failed(e, "issue", "no", f);
	if (enroll_reject(e, "it is in another account", &second) != TRUSTX_OK)
		fail_next(f, "mind the journal too: %.200s", second.why);
	return f->err;
}

static enum trustx_err ask_for_new(
	STACK_OF(X509) **certs, struct enroll *e, const char *csr_pem, struct fail *f)
{
	struct iot_certificate cert = { .id = "" };
	enum trustx_err err;

	if ((err = state_drop(e->dev, e->oid, STATE_ANSWER, f)) != TRUSTX_OK ||
		(err = begin_issue(e, f)) != TRUSTX_OK)
		return err;
	if ((err = create(e, &cert, csr_pem, f)) != TRUSTX_OK) {
		err = fail_issue(e, err, f);
		goto out;
	}
	if ((err = save_answer(e, &cert, f)) != TRUSTX_OK) {
		err = fail_issue(e, err, f);
		goto out;
	}
	memcpy(e->cert.id, cert.id, sizeof(e->cert.id));
	memcpy(e->cert.arn, cert.arn, sizeof(e->cert.arn));
	if (cert_parse(certs, cert.pem.data, cert.pem.len, f) != TRUSTX_OK)
		err = reject_unread(e, f);
	else if ((err = enroll_check_arn(e, cert.arn, f)) != TRUSTX_OK)
		err = reject_foreign(certs, e, f);
out:
	iot_certificate_free(&cert);
	return err;
}

/* A certificate of this key that the journal names, and whose answer is gone. */
static enum trustx_err find_named(struct enroll *e, struct found *found, struct fail *f)
{
	const struct record *record = &e->journal->record;
	char id[IOT_ID_LEN + 1];
	enum trustx_err err;

	if (strcmp(record->key, e->key) != 0 || record->cert.id[0] == '\0' ||
		(record->done & RECORD_ACTIVE) != 0 || record_has_orphan(record, record->cert.id))
		return TRUSTX_OK;
	memcpy(id, record->cert.id, sizeof(id));
	if ((err = try_candidate(e, found, id, f)) != TRUSTX_OK || found->certs != NULL)
		return err;
	return enroll_orphan(
		e, &record->cert, "AWS does not have it here, and its answer is gone", f);
}

/* What AWS has just made it may not list yet. */
static enum trustx_err find_here(struct enroll *e, struct found *found, struct fail *f)
{
	const struct record *record = &e->journal->record;
	double settle = e->settle_ms / 1000.0;
	uint64_t next;
	enum trustx_err err;

	while ((err = find_lost(e, found, f)) == TRUSTX_OK && found->certs == NULL &&
		aws_time(e) - record->latest < settle) {
		for (next = enroll_now_ms() + AGAIN_MS; enroll_now_ms() < next;) {
			if (e->stop != NULL && e->stop())
				return fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
			cloud_pump(e->opt->cloud, PUMP_MS);
		}
	}
	return err;
}

/* Of another region nothing can be known from here. */
static enum trustx_err find_settled(struct enroll *e, struct found *found, struct fail *f)
{
	static const struct record_name nobody = { .id = "" };
	const struct record *record = &e->journal->record;
	char why[160];

	if (strcmp(record->key, e->key) != 0 || record->intent <= 0)
		return TRUSTX_OK;
	if (strcmp(record->region, cloud_region(e->opt->cloud)) == 0)
		return find_here(e, found, f);
	snprintf(why, sizeof(why), "its answer was lost in the region %s", record->region);
	return enroll_orphan(e, &nobody, why, f);
}

enum trustx_err enroll_issue(STACK_OF(X509) **certs, struct enroll *e, const char *csr_pem,
	enroll_fits *fits, void *ctx, struct fail *f)
{
	struct found found = { .fits = fits, .ctx = ctx };
	enum trustx_err err;

	*certs = NULL;
	if ((err = find_named(e, &found, f)) != TRUSTX_OK ||
		(err = find_settled(e, &found, f)) != TRUSTX_OK) {
		sk_X509_pop_free(found.certs, X509_free);
		return err;
	}
	e->result.adopted = found.certs != NULL;
	*certs = found.certs;
	if (*certs == NULL && (err = ask_for_new(certs, e, csr_pem, f)) != TRUSTX_OK)
		return err;
	return enroll_accept(e, *certs, f);
}
