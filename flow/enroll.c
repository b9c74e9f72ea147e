/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "enroll.h"

#include "enroll-name.h"
#include "enroll-part.h"
#include "hex.h"
#include "policy.h"

#include <openssl/evp.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PEM_MAX	    65536u
#define SETTLE_MS   10000u
#define WEAK_POLICY "IoT_Thing_Weak_Policy" /* of the ancestor's instructions */

uint64_t enroll_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void enroll_say(const struct enroll *e, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (e->opt->note == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	e->opt->note(e->opt->ctx, text);
}

/* ---- the journal ---- */

json_t *enroll_detail(const struct enroll *e)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "key", e->key, "thing", e->thing, "id", e->cert.id,
		"arn", e->cert.arn);
}

enum trustx_err enroll_note(struct enroll *e, const char *step, const char *event, struct fail *f)
{
	return journal_note(e->journal, step, event, enroll_detail(e), f);
}

void enroll_failed(struct enroll *e, const char *step, const char *made, struct fail *f)
{
	json_t *detail = enroll_detail(e), *why = json_string(f->why);
	struct fail second;

	if (made != NULL)
		json_object_set_new(detail, "made", json_string(made));
	json_object_set_new(detail, "error", json_string(trustx_err_name(f->err)));
	json_object_set_new(detail, "why", why != NULL ? why : json_string(""));
	if (journal_note(e->journal, step, "failed", detail, &second) != TRUSTX_OK)
		fail_next(f, "mind the journal too: %.200s", second.why);
}

enum trustx_err enroll_orphan(
	struct enroll *e, const struct record_name *cert, const char *why, struct fail *f)
{
	if (cert->id[0] != '\0' && record_has_orphan(&e->journal->record, cert->id))
		return TRUSTX_OK;
	if (cert->id[0] != '\0')
		enroll_say(e, "certificate %s is an orphan: %s", cert->id, why);
	return journal_note(e->journal, "orphan", "done",
		json_pack("{s:s, s:s, s:s, s:s}", "key", e->key, "id", cert->id, "arn", cert->arn,
			"why", why),
		f);
}

/* ---- begin and end ---- */

static enum trustx_err take_attributes(struct enroll *e, struct fail *f)
{
	const struct name_vars vars = { e->dev->uid_hex, e->dev->serial_hex };
	const struct enroll_options *opt = e->opt;
	enum trustx_err err;

	e->attributes[0] = (struct iot_attribute){ ENROLL_UID, e->dev->uid_hex };
	e->attribute_count = 1;
	if ((err = enroll_name_count(opt->attribute_count, opt->type != NULL, f)) != TRUSTX_OK)
		return err;
	for (size_t i = 0; i < opt->attribute_count; i++) {
		struct blob *value = &e->values[i];

		blob_init(value, IOT_VALUE_MAX);
		err = enroll_name_attribute(value, &vars, &opt->attributes[i], f);
		if (err != TRUSTX_OK)
			return err;
		e->attributes[e->attribute_count++] =
			(struct iot_attribute){ opt->attributes[i].name, blob_text(value) };
	}
	return TRUSTX_OK;
}

enum trustx_err enroll_open(struct enroll *e, const struct enroll_options *opt,
	const struct enroll_run *run, struct fail *f)
{
	const struct name_vars vars = { run->dev->uid_hex, run->dev->serial_hex };
	enum trustx_err err;

	*e = (struct enroll){ .opt = opt,
		.dev = run->dev,
		.journal = run->journal,
		.oid = run->oid,
		.registers = run->registers,
		.issuer = run->issuer,
		.days = run->days,
		.stop = run->stop,
		.settle_ms = opt->settle_ms > 0 ? opt->settle_ms : SETTLE_MS };
	blob_init(&e->pem, PEM_MAX);
	err = enroll_name_thing(e->thing, &vars, opt->thing, run->sample, f);
	if (err == TRUSTX_OK)
		err = enroll_name_others(opt->type, opt->group, opt->policy, f);
	if (err == TRUSTX_OK)
		err = take_attributes(e, f);
	if (err != TRUSTX_OK)
		return fail_what(f, "register the device");
	snprintf(e->result.thing, sizeof(e->result.thing), "%s", e->thing);
	return TRUSTX_OK;
}

void enroll_close(struct enroll *e)
{
	cloud_cancel(e->make_thing.call);
	cloud_cancel(e->lane.call);
	for (size_t i = 0; i < ENROLL_ATTRIBUTES; i++)
		blob_free(&e->values[i]);
	blob_free(&e->pem);
	e->make_thing.call = e->lane.call = NULL;
	e->opt = NULL;
}

/* What was made for the key before is of no use to anybody now. */
static enum trustx_err replaced_key(struct enroll *e, struct fail *f)
{
	static const struct record_name nobody = { .id = "" };
	const struct record *record = &e->journal->record;
	const struct record_name old = record->cert;
	enum trustx_err err = TRUSTX_OK;

	if (record->intent > 0)
		err = enroll_orphan(e, &nobody, "its answer was lost, and its key replaced", f);
	if (err == TRUSTX_OK && old.id[0] != '\0' && (record->done & RECORD_ACTIVE) == 0)
		err = enroll_orphan(e, &old, "it is for a key that was replaced", f);
	return err;
}

enum trustx_err enroll_set_key(struct enroll *e, const struct pubkey *key, struct fail *f)
{
	const struct record *record = &e->journal->record;
	struct trustx_public_key view = pubkey_view(key);
	uint8_t spki[TRUSTX_SPKI_MAX], hash[EVP_MAX_MD_SIZE];
	size_t len = sizeof(spki), hash_len;

	if (trustx_spki(spki, &len, &view) != TRUSTX_OK ||
		EVP_Q_digest(NULL, "SHA256", NULL, spki, len, hash, &hash_len) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "SHA-256 failed");
	hex_print(e->key, hash, 32);
	if (strcmp(record->key, e->key) == 0)
		e->cert = record->cert;
	else if (record->key[0] != '\0')
		return replaced_key(e, f);
	return TRUSTX_OK;
}

/* ---- whose account ---- */

/* "arn:partition:iot:region:account:...": from the fifth part on. */
static const char *account_of(const char *arn)
{
	for (unsigned i = 0; i < 4 && arn != NULL; i++)
		if ((arn = strchr(arn, ':')) != NULL)
			arn++;
	return arn != NULL ? arn : "";
}

enum trustx_err enroll_check_arn(const struct enroll *e, const char *arn, struct fail *f)
{
	const char *account = account_of(arn), *wanted = e->opt->account;
	size_t len = strcspn(account, ":");

	if (wanted == NULL || (len == strlen(wanted) && memcmp(account, wanted, len) == 0))
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_MISMATCH, "AWS answers from the account %.*s, not %s",
		(int)(len < 20 ? len : 20), account, wanted);
	return fail_next(f, "check the profile and credentials: trustx aws whoami");
}

/* ---- the policy ---- */

static void remember_finding(void *ctx, const char *text)
{
	char *first = ctx;

	if (first[0] == '\0')
		snprintf(first, 320, "%s", text);
}

static enum trustx_err make_weak(struct enroll *e, struct fail *f)
{
	struct blob document;
	enum trustx_err err;

	blob_init(&document, POLICY_MAX);
	if ((err = policy_weak(&document, f)) == TRUSTX_OK)
		err = iot_create_policy(e->opt->cloud, e->opt->policy, blob_text(&document), f);
	blob_free(&document);
	return err == TRUSTX_ERR_EXISTS ? TRUSTX_OK : err;
}

static enum trustx_err judge_policy(struct enroll *e, const char *document, struct fail *f)
{
	char first[320] = "";
	unsigned findings;
	enum trustx_err err;

	err = policy_lint(document, &findings, remember_finding, first, f);
	if (err != TRUSTX_OK || findings == 0)
		return err;
	if (e->opt->weak_policy) {
		enroll_say(e, "the policy %s allows too much: %s", e->opt->policy, first);
		return TRUSTX_OK;
	}
	fail_set(f, TRUSTX_ERR_CONSENT, "%s%s", first, findings > 1 ? ", and more" : "");
	return fail_next(f, "narrow it down (trustx aws setup makes one), or say --weak-policy");
}

enum trustx_err enroll_policy(struct enroll *e, struct fail *f)
{
	const char *name = e->opt->policy;
	bool weak = strcmp(name, WEAK_POLICY) == 0;
	struct blob document;
	enum trustx_err err;

	if (weak)
		enroll_say(
			e, "the policy %s allows every device everything: not for products", name);
	blob_init(&document, PEM_MAX);
	err = iot_get_policy(&document, e->opt->cloud, name, f);
	if (err == TRUSTX_ERR_INPUT && weak)
		err = make_weak(e, f);
	else if (err == TRUSTX_ERR_INPUT) {
		fail_set(f, err, "AWS has no policy of this name");
		fail_next(f, "make it once: trustx aws setup");
	} else if (err == TRUSTX_OK && !weak)
		err = judge_policy(e, blob_text(&document), f);
	blob_free(&document);
	if (err != TRUSTX_OK)
		fail_what(f, "use the policy %s", name);
	return err;
}

/* ---- the thing ---- */

enum trustx_err enroll_start_thing(struct enroll *e, struct fail *f)
{
	const struct iot_thing_wish wish = { .name = e->thing,
		.type = e->opt->type,
		.attributes = e->attributes,
		.attribute_count = e->attribute_count };
	enum trustx_err err;

	if (e->thing_done || e->make_thing.call != NULL)
		return TRUSTX_OK;
	err = journal_note(e->journal, "thing", "begin", json_pack("{s:s}", "thing", e->thing), f);
	if (err != TRUSTX_OK)
		return err;
	return iot_create_thing_start(&e->make_thing.call, e->opt->cloud, &wish, f);
}

static enum trustx_err not_ours(const struct enroll *e, const char *uid, struct fail *f)
{
	if (uid == NULL) {
		fail_set(f, TRUSTX_ERR_EXISTS,
			"there is a thing %s that says nothing of a chip (no attribute %s)",
			e->thing, ENROLL_UID);
		return fail_next(f, "use another name: --thing");
	}
	fail_set(f, TRUSTX_ERR_MISMATCH, "the thing %s is that of another chip, %.60s", e->thing,
		uid);
	return fail_next(f, "put that chip in, or use another name: --thing");
}

/* One of that name, but with other attributes: a run with another recipe, or somebody else's. */
static enum trustx_err compare_thing(struct enroll *e, struct fail *f)
{
	const char *uid;
	json_t *thing;
	enum trustx_err err;

	if ((err = iot_describe_thing(&thing, e->opt->cloud, e->thing, f)) != TRUSTX_OK)
		return err;
	uid = json_string_value(json_object_get(json_object_get(thing, "attributes"), ENROLL_UID));
	if (uid == NULL || strcmp(uid, e->dev->uid_hex) != 0)
		err = not_ours(e, uid, f);
	else
		enroll_say(e,
			"the thing %s has other attributes or another type already: they stay",
			e->thing);
	json_decref(thing);
	return err;
}

static enum trustx_err take_answer(struct enroll *e, struct fail *f)
{
	struct cloud_call *call = e->make_thing.call;
	struct cloud_error error;
	char arn[IOT_ARN_MAX];
	enum trustx_err err;

	e->make_thing.call = NULL;
	err = iot_create_thing_take(arn, call, &error, f);
	if (err == TRUSTX_ERR_EXISTS)
		return compare_thing(e, f);
	if (err == TRUSTX_ERR_INPUT && e->opt->type != NULL)
		snprintf(f->next, sizeof(f->next), "make the thing type %s once: trustx aws setup",
			e->opt->type);
	return err == TRUSTX_OK ? enroll_check_arn(e, arn, f) : err;
}

enum trustx_err enroll_take_thing(struct enroll *e, struct fail *f)
{
	enum trustx_err err;

	if (e->thing_done)
		return TRUSTX_OK;
	if ((err = enroll_start_thing(e, f)) != TRUSTX_OK)
		return err;
	if ((err = take_answer(e, f)) != TRUSTX_OK) {
		enroll_failed(e, "thing", NULL, f);
		return err;
	}
	e->thing_done = true;
	err = journal_note(e->journal, "thing", "done", json_pack("{s:s}", "thing", e->thing), f);
	/* Of a run that was stopped right behind the activation. */
	if (err == TRUSTX_OK && (e->journal->record.done & RECORD_ACTIVE) != 0)
		err = enroll_retire(e, f);
	return err;
}
