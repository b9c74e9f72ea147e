/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The chips of flow-world.h, registered at the stand-in, and what has to hold in the end. */
#ifndef TESTS_AWS_WORLD_H
#define TESTS_AWS_WORLD_H

#include "flow-world.h"
#include "standin.h"

#include "finish.h"
#include "personalize.h"
#include "state.h"

#include <openssl/evp.h>

#define AWS_GROUP  "line1"
#define AWS_POLICY "devices"
#define AWS_VICTIM "victim"
#define AWS_SETTLE 1 /* ms: the stand-in shows at once what it made */
#define AWS_NOTES  8

static const struct slot aws_slot = { 1, 0xE0F1, 0xE0E1 };

/* What is asked of one run; all members may be 0. */
struct aws_run {
	const char *issuer, *thing, *type, *group, *policy, *account, *region, *subject;
	const struct iot_attribute *attributes;
	size_t attribute_count;
	unsigned settle_ms;
	bool weak_policy, replace_cert, no_group;
	void (*tell)(void *ctx, unsigned step, unsigned total, const char *text);
	void *ctx;
	bool (*stop)(void);
};

struct aws_outcome {
	enum trustx_err err;
	struct fail fail;
	struct personalize_result result;
	struct cloud_stats stats;
	char notes[AWS_NOTES][400];
	size_t note_count;
};

static inline void aws_take_note(void *ctx, const char *text)
{
	struct aws_outcome *o = ctx;

	if (o->note_count < AWS_NOTES)
		snprintf(o->notes[o->note_count++], sizeof(o->notes[0]), "%s", text);
}

static inline bool aws_noted(const struct aws_outcome *o, const char *text)
{
	for (size_t i = 0; i < o->note_count; i++)
		if (strstr(o->notes[i], text) != NULL)
			return true;
	return false;
}

/* The stand-in with a policy, a group that has it, and a thing type. options: NULL, or to NULL. */
static inline void aws_start(struct standin *aws, const char *const *options)
{
	standin_environment();
	standin_start(aws, options);
}

static inline void aws_prepare(const struct standin *aws)
{
	struct cloud *cloud = standin_open(aws->url);
	static const char document[] =
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
		"\"iot:Connect\",\"Resource\":\"arn:aws:iot:eu-central-1:123456789012:client/"
		"${iot:Connection.Thing.ThingName}\"}]}";
	char arn[IOT_ARN_MAX];
	struct cloud_error error;
	struct cloud_call *call;
	struct fail f = { 0 };

	MUST(iot_create_policy(cloud, AWS_POLICY, document, &f), f);
	MUST(iot_create_group(arn, cloud, AWS_GROUP, &f), f);
	MUST(iot_create_type(cloud, "sensor", &f), f);
	MUST(iot_attach_policy_start(&call, cloud, AWS_POLICY, arn, &f), f);
	MUST(iot_take(call, &error, &f), f);
	cloud_close(cloud);
}

static inline void aws_try(
	struct aws_outcome *o, struct world *w, struct cloud *cloud, const struct aws_run *run)
{
	struct enroll_options aws = { .cloud = cloud,
		.thing = run->thing,
		.type = run->type,
		.group = run->no_group	      ? NULL
			 : run->group != NULL ? run->group
					      : AWS_GROUP,
		.policy = run->policy,
		.attributes = run->attributes,
		.attribute_count = run->attribute_count,
		.account = run->account,
		.weak_policy = run->weak_policy,
		.settle_ms = run->settle_ms > 0 ? run->settle_ms : AWS_SETTLE,
		.note = aws_take_note,
		.ctx = o };
	struct personalize_options options = { .aws = &aws,
		.subject = { .text = run->subject != NULL ? run->subject : TEST_SUBJECT },
		.replace_cert = run->replace_cert,
		.progress = { run->tell, run->ctx },
		.stop = run->stop };
	struct personalize_result result;
	struct issuer issuer;

	memset(o, 0, sizeof(*o));
	MUST(issuer_init(&issuer, run->issuer != NULL ? run->issuer : "aws", NULL, NULL, &o->fail),
		o->fail);
	options.issuer = &issuer;
	o->err = personalize_run(&result, &w->dev, &aws_slot, &options, &o->fail);
	cloud_stats(cloud, &o->stats);
	o->result = result;
	o->result.certs = NULL;
	personalize_free(&result);
	issuer_free(&issuer);
}

/* With a client of its own. o->result.certs is gone. */
static inline void aws_run(struct aws_outcome *o, struct world *w, const struct standin *aws,
	const struct aws_run *run)
{
	const struct cloud_options opt = { .region = run->region != NULL ? run->region
									 : STANDIN_REGION,
		.endpoint_url = aws->url,
		.backoff_ms = 1 };
	struct cloud *cloud;

	MUST(cloud_open(&cloud, &opt, &o->fail), o->fail);
	aws_try(o, w, cloud, run);
	cloud_close(cloud);
}

static inline void aws_must(struct world *w, const struct standin *aws, const struct aws_run *run)
{
	struct aws_outcome o;

	aws_run(&o, w, aws, run);
	MUST(o.err, o.fail);
}

/* ---- in a process of its own, that may be killed ---- */

static inline pid_t aws_fork(struct world *w, const struct standin *aws, const struct aws_run *run)
{
	struct aws_outcome o;
	FILE *victim;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) != 0)
		return pid;
	if ((victim = fopen(AWS_VICTIM, "w")) == NULL || fprintf(victim, "%d", getpid()) < 0 ||
		fclose(victim) != 0)
		_exit(98);
	world_connect(w);
	aws_run(&o, w, aws, run);
	world_free(w);
	_exit(o.err == TRUSTX_OK ? 0 : 97);
}

static inline int aws_end(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

/* ---- what has to hold ---- */

static inline void aws_spki(char hex[65], X509 *cert)
{
	unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
	size_t hash_len;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);

	CHECK(len > 0);
	CHECK(EVP_Q_digest(NULL, "SHA256", NULL, der, (size_t)len, hash, &hash_len) == 1);
	for (size_t i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	OPENSSL_free(der);
}

static inline void aws_chip_certificate(char id[65], char key[65], struct world *w)
{
	STACK_OF(X509) *certs;
	struct fail f = { 0 };

	MUST(slotcert_read(&certs, NULL, &w->dev, &aws_slot, &f), f);
	MUST(finish_fingerprint(id, certs, &f), f);
	aws_spki(key, sk_X509_value(certs, 0));
	sk_X509_pop_free(certs, X509_free);
}

static inline void aws_read_record(struct record *record, struct world *w)
{
	struct fail f = { 0 };
	struct blob path;
	bool found;

	blob_init(&path, 4096);
	MUST(state_path(&path, &w->dev, aws_slot.key, STATE_JOURNAL, &f), f);
	MUST(record_load(record, &found, blob_text(&path), &f), f);
	CHECK(found);
	blob_free(&path);
}

static inline const char *aws_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static inline bool aws_has_key(const json_t *cert, const char *key)
{
	const char *pem = aws_text(cert, "pem");
	STACK_OF(X509) *certs;
	struct fail f = { 0 };
	char hex[65];

	MUST(cert_parse(&certs, pem, strlen(pem), &f), f);
	aws_spki(hex, sk_X509_value(certs, 0));
	sk_X509_pop_free(certs, X509_free);
	return strcmp(hex, key) == 0;
}

static inline void aws_check_thing(const json_t *state, const json_t *cert, struct world *w)
{
	const char *name = json_object_iter_key(json_object_iter(json_object_get(cert, "things")));
	const json_t *thing = json_object_get(json_object_get(state, "things"), name);

	CHECK_INT(json_object_size(json_object_get(cert, "things")), 1);
	CHECK_STR(aws_text(json_object_get(cert, "things"), name), "EXCLUSIVE_THING");
	CHECK_STR(aws_text(json_object_get(thing, "attributes"), "chipUid"), w->dev.uid_hex);
	CHECK_INT(json_array_size(json_object_get(thing, "groups")), 1);
	CHECK_STR(
		json_string_value(json_array_get(json_object_get(thing, "groups"), 0)), AWS_GROUP);
}

/* It belonged to the thing once: only who scraps it may change that. */
static inline bool aws_was_replaced(const struct record *record, const char *id)
{
	for (size_t i = 0; i < record->orphan_count; i++)
		if (strcmp(record->orphans[i].id, id) == 0)
			return strcmp(record->orphans[i].why, "it was replaced") == 0;
	return false;
}

/*
 * Exactly one active certificate, the chip's own, attached to its thing, which is in the group;
 * every other one of its key inert and accounted for. Returns how many others there are.
 */
static inline size_t aws_check_state(const json_t *state, struct world *w)
{
	char id[65], key[65];
	struct record record;
	size_t others = 0, own = 0;
	const char *name;
	json_t *cert;

	aws_chip_certificate(id, key, w);
	aws_read_record(&record, w);
	CHECK_STR(record.cert.id, id);
	CHECK((record.done & RECORD_ACTIVE) != 0);
	json_object_foreach(json_object_get(state, "certificates"), name, cert)
	{
		if (!aws_has_key(cert, key))
			continue;
		if (strcmp(name, id) == 0) {
			CHECK_STR(aws_text(cert, "status"), "ACTIVE");
			aws_check_thing(state, cert, w);
			own++;
			continue;
		}
		others++;
		CHECK_STR(aws_text(cert, "status"), "INACTIVE");
		if (!aws_was_replaced(&record, name))
			CHECK_INT(json_object_size(json_object_get(cert, "things")), 0);
		CHECK_INT(json_array_size(json_object_get(cert, "policies")), 0);
		CHECK(record_has_orphan(&record, name));
	}
	CHECK_INT(own, 1);
	record_free(&record);
	return others;
}

static inline size_t aws_check(const struct standin *aws, struct world *w)
{
	json_t *state = standin_ask(aws, "/state", NULL);
	size_t others = aws_check_state(state, w);

	json_decref(state);
	CHECK_INT(world_info(w).key_generations[1], 1);
	return others;
}

#endif
