/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The registration of a device at the stand-in for AWS, on good days. */
#include "aws-world.h"

#include "policy.h"

static struct standin aws;
static struct world w;
static unsigned number;

static void begin(const char *fault)
{
	standin_fault(&aws, fault);
	aws_prepare(&aws);
	world_new(&w, ++number, "");
}

static void end(void)
{
	world_free(&w);
}

static long long requests_since(long long before)
{
	return standin_count(&aws, "requests") - before;
}

static void a_clean_run_takes_five_requests_on_one_connection(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_run(&o, &w, &aws, &(struct aws_run){ .group = AWS_GROUP });
	MUST(o.err, o.fail);
	CHECK(o.result.made_key && !o.result.was_finished);
	CHECK_INT(o.stats.requests, 5);
	CHECK_INT(o.stats.connections, 1);
	CHECK_INT(aws_check(&aws, &w), 0);
	CHECK_INT(standin_count(&aws, "CreateThing"), 1);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	CHECK_INT(standin_count(&aws, "AttachThingPrincipal"), 1);
	CHECK_INT(standin_count(&aws, "AddThingToThingGroup"), 1);
	CHECK_INT(standin_count(&aws, "UpdateCertificate"), 1);
	end();
}

static void activation_is_the_last_request(void)
{
	const json_t *last;
	json_t *journal;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	journal = standin_ask(&aws, "/journal", NULL);
	last = json_array_get(journal, json_array_size(journal) - 1);
	CHECK_STR(aws_text(last, "operation"), "UpdateCertificate");
	json_decref(journal);
	end();
}

static void a_second_run_only_looks_and_changes_nothing(void)
{
	struct aws_outcome o;
	long long before;
	char id[65], same[65], key[65];

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	aws_chip_certificate(id, key, &w);
	world_free(&w);
	copy_file("before", w.path);
	world_connect(&w);
	before = standin_count(&aws, "requests");
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished && o.result.aws.was_active);
	CHECK_INT(requests_since(before), 3);
	CHECK_INT(standin_count(&aws, "DescribeCertificate"), 1);
	CHECK_INT(standin_count(&aws, "ListPrincipalThings"), 1);
	CHECK_INT(standin_count(&aws, "ListThingGroupsForThing"), 1);
	aws_chip_certificate(same, key, &w);
	CHECK_STR(same, id);
	world_free(&w);
	CHECK(images_equal("before", w.path));
	world_connect(&w);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

/* Another station, or the state directory is lost: AWS itself knows. */
static void a_second_run_without_the_journal_changes_nothing(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	nftw(w.state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished && o.result.aws.was_active);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	end();
}

static void set_status(const char *status)
{
	struct cloud *cloud = standin_open(aws.url);
	struct cloud_error error;
	struct cloud_call *call;
	char id[65], key[65];
	struct fail f = { 0 };

	aws_chip_certificate(id, key, &w);
	MUST(iot_update_certificate_start(&call, cloud, id,
		     strcmp(status, "REVOKED") == 0 ? IOT_REVOKED : IOT_INACTIVE, &f),
		f);
	MUST(iot_take(call, &error, &f), f);
	cloud_close(cloud);
}

static void a_certificate_that_somebody_deactivated_stays_so(void)
{
	struct aws_outcome o;
	json_t *state;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	set_status("INACTIVE");
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	CHECK_ERR(o.err, TRUSTX_ERR_EXISTS);
	CHECK(strstr(o.fail.why, "INACTIVE at AWS: somebody deactivated it") != NULL);
	state = standin_ask(&aws, "/state", NULL);
	CHECK_INT(json_object_size(json_object_get(state, "certificates")), 1);
	json_decref(state);
	/* With consent it is replaced, and accounted for. */
	aws_must(&w, &aws, &(struct aws_run){ .replace_cert = true });
	CHECK_INT(aws_check(&aws, &w), 1);
	end();
}

/* ---- finished, but not as this run wants it ---- */

#define TAKE(start, ...)                                              \
	do {                                                          \
		struct cloud_error error;                             \
		struct cloud_call *call;                              \
		struct fail f = { 0 };                                \
		MUST(iot_##start##_start(&call, __VA_ARGS__, &f), f); \
		MUST(iot_take(call, &error, &f), f);                  \
	} while (0)

/* What somebody did with the console. */
static void undo(const char *thing, bool delete)
{
	struct cloud *cloud = standin_open(aws.url);
	char id[65], key[65], arn[IOT_ARN_MAX];

	aws_chip_certificate(id, key, &w);
	snprintf(
		arn, sizeof(arn), "arn:aws:iot:" STANDIN_REGION ":" STANDIN_ACCOUNT ":cert/%s", id);
	TAKE(detach_thing, cloud, thing, arn);
	if (delete)
		TAKE(delete_thing, cloud, thing);
	cloud_close(cloud);
}

static void what_somebody_took_away_comes_back(bool without_journal, bool delete)
{
	static const struct aws_run run = { .thing = "pump" };
	struct aws_outcome o;

	begin(NULL);
	aws_must(&w, &aws, &run);
	undo("pump", delete);
	if (without_journal)
		nftw(w.state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	aws_run(&o, &w, &aws, &run);
	MUST(o.err, o.fail);
	CHECK(!o.result.was_finished && !o.result.aws.was_active);
	CHECK_INT(aws_check(&aws, &w), 0);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	aws_run(&o, &w, &aws, &run);
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished);
	end();
}

static void a_thing_that_was_detached_or_deleted_comes_back(void)
{
	for (unsigned i = 0; i < 4; i++)
		what_somebody_took_away_comes_back(i / 2, i % 2);
}

static void a_finished_device_keeps_its_thing(void)
{
	struct aws_outcome o;

	for (unsigned without_journal = 0; without_journal < 2; without_journal++) {
		begin(NULL);
		aws_must(&w, &aws, &(struct aws_run){ .thing = "one" });
		if (without_journal)
			nftw(w.state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
		aws_run(&o, &w, &aws, &(struct aws_run){ .thing = "two" });
		CHECK_ERR(o.err, TRUSTX_ERR_EXISTS);
		CHECK(strstr(o.fail.why, "belongs to the thing one, not to two") != NULL);
		CHECK_INT(standin_count(&aws, "CreateThing"), 1);
		end();
	}
}

static void a_group_and_a_policy_can_be_added_later(void)
{
	struct aws_outcome o;
	json_t *state;

	begin(NULL);
	aws_run(&o, &w, &aws, &(struct aws_run){ .thing = "bare", .no_group = true });
	MUST(o.err, o.fail);
	CHECK(aws_noted(&o, "AWS will not let the device connect"));
	aws_run(&o, &w, &aws, &(struct aws_run){ .thing = "bare", .group = "none" });
	CHECK_ERR(o.err, TRUSTX_ERR_INPUT);
	CHECK(strstr(o.fail.why, "no thing group none") != NULL);
	aws_run(&o, &w, &aws, &(struct aws_run){ .thing = "bare", .policy = AWS_POLICY });
	MUST(o.err, o.fail);
	CHECK(!o.result.was_finished);
	CHECK_INT(standin_count(&aws, "AttachPolicy"), 2); /* the first of the set-up */
	state = standin_ask(&aws, "/state", NULL);
	CHECK_INT(json_array_size(json_object_get(
			  json_object_get(json_object_get(state, "things"), "bare"), "groups")),
		1);
	json_decref(state);
	aws_run(&o, &w, &aws, &(struct aws_run){ .thing = "bare", .policy = AWS_POLICY });
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished);
	CHECK_INT(standin_count(&aws, "AttachPolicy"), 2);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	end();
}

static void a_replaced_certificate_is_deactivated(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	aws_run(&o, &w, &aws, &(struct aws_run){ .subject = "CN={serial},O=Other" });
	CHECK_ERR(o.err, TRUSTX_ERR_EXISTS);
	aws_must(&w, &aws,
		&(struct aws_run){ .subject = "CN={serial},O=Other", .replace_cert = true });
	CHECK_INT(aws_check(&aws, &w), 1);
	end();
}

/* The chip itself still tells which one it was. */
static void a_replaced_certificate_without_the_journal_is_deactivated(void)
{
	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	nftw(w.state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	aws_must(&w, &aws,
		&(struct aws_run){ .subject = "CN={serial},O=Other", .replace_cert = true });
	CHECK_INT(aws_check(&aws, &w), 1);
	end();
}

static void a_revoked_certificate_can_be_replaced(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	set_status("REVOKED");
	aws_run(&o, &w, &aws, &(struct aws_run){ .replace_cert = true });
	MUST(o.err, o.fail);
	CHECK_INT(o.result.aws.orphans, 1);
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished);
	end();
}

static void another_region_is_not_this_one(void)
{
	struct aws_outcome o;
	long long before;

	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	before = standin_count(&aws, "requests");
	aws_run(&o, &w, &aws, &(struct aws_run){ .region = "us-east-1" });
	CHECK_ERR(o.err, TRUSTX_ERR_EXISTS);
	CHECK(strstr(o.fail.why, "eu-central-1") != NULL);
	CHECK(strstr(o.fail.why, "not in us-east-1") != NULL);
	CHECK_INT(requests_since(before), 0);
	end();
}

/* ---- with a local CA ---- */

static const struct aws_run local = { .issuer = "ca:" CA_DIR };

static void a_local_certificate_is_registered(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_run(&o, &w, &aws, &local);
	MUST(o.err, o.fail);
	CHECK_INT(o.stats.requests, 5);
	CHECK_INT(standin_count(&aws, "RegisterCertificateWithoutCA"), 1);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 0);
	CHECK_INT(aws_check(&aws, &w), 0);
	aws_run(&o, &w, &aws, &local);
	MUST(o.err, o.fail);
	CHECK(o.result.was_finished);
	CHECK_INT(standin_count(&aws, "RegisterCertificateWithoutCA"), 1);
	end();
}

/* Personalized without AWS: that can be made up for. */
static void a_finished_chip_is_registered_later(void)
{
	struct personalize_options options = { .subject = { .text = TEST_SUBJECT } };
	struct personalize_result result;
	struct aws_outcome o;
	struct issuer issuer;
	struct fail f = { 0 };

	begin(NULL);
	MUST(issuer_init(&issuer, "ca:" CA_DIR, NULL, NULL, &f), f);
	options.issuer = &issuer;
	MUST(personalize_run(&result, &w.dev, &aws_slot, &options, &f), f);
	personalize_free(&result);
	issuer_free(&issuer);
	aws_run(&o, &w, &aws, &local);
	MUST(o.err, o.fail);
	CHECK(!o.result.was_finished);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void a_revoked_certificate_is_not_registered_again(void)
{
	struct aws_outcome o;

	begin(NULL);
	aws_must(&w, &aws, &local);
	set_status("REVOKED");
	nftw(w.state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	aws_run(&o, &w, &aws, &local);
	CHECK_ERR(o.err, TRUSTX_ERR_MISMATCH);
	CHECK(strstr(o.fail.why, "revoked at AWS") != NULL);
	end();
}

/* ---- names ---- */

static const json_t *only_thing(const json_t *state, const char *name)
{
	const json_t *things = json_object_get(state, "things");

	CHECK_INT(json_object_size(things), 1);
	CHECK(json_object_get(things, name) != NULL);
	return json_object_get(things, name);
}

static void the_recipe_is_followed(void)
{
	const struct iot_attribute attributes[] = { { "line", "1" }, { "batch", "b-{serial}" } };
	const struct aws_run run = { .thing = "line1-{serial}",
		.type = "sensor",
		.attributes = attributes,
		.attribute_count = 2 };
	const json_t *thing;
	char name[64], batch[64];
	json_t *state;

	begin(NULL);
	aws_must(&w, &aws, &run);
	state = standin_ask(&aws, "/state", NULL);
	snprintf(name, sizeof(name), "line1-%s", w.dev.serial_hex);
	snprintf(batch, sizeof(batch), "b-%s", w.dev.serial_hex);
	thing = only_thing(state, name);
	CHECK_STR(aws_text(thing, "type"), "sensor");
	CHECK_STR(aws_text(json_object_get(thing, "attributes"), "line"), "1");
	CHECK_STR(aws_text(json_object_get(thing, "attributes"), "batch"), batch);
	json_decref(state);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void the_policy_is_attached_to_the_certificate(void)
{
	struct aws_outcome o;
	char id[65], key[65];
	const json_t *cert;
	json_t *state;

	begin(NULL);
	aws_run(&o, &w, &aws, &(struct aws_run){ .policy = AWS_POLICY, .no_group = true });
	MUST(o.err, o.fail);
	CHECK_INT(o.stats.requests, 6);
	aws_chip_certificate(id, key, &w);
	state = standin_ask(&aws, "/state", NULL);
	cert = json_object_get(json_object_get(state, "certificates"), id);
	CHECK_STR(json_string_value(json_array_get(json_object_get(cert, "policies"), 0)),
		AWS_POLICY);
	CHECK_STR(aws_text(cert, "status"), "ACTIVE");
	json_decref(state);
	end();
}

/* ---- rights ---- */

static void a_run_needs_no_right_but_the_stations(void)
{
	static const struct policy_place place = { "aws", STANDIN_REGION, STANDIN_ACCOUNT };
	static const struct policy_names names = { "line1-", AWS_GROUP, AWS_POLICY };
	static const struct aws_run run = { .thing = "line1-{serial}" };
	struct blob document, body;
	struct fail f = { 0 };

	begin(NULL);
	blob_init(&document, 1u << 16);
	blob_init(&body, 1u << 16);
	MUST(policy_station(&document, &place, &names, &f), f);
	CHECK_OK(blob_addf(&body, "{\"iam\":%s}", blob_text(&document)));
	standin_control(&aws, blob_text(&body));
	aws_must(&w, &aws, &run);
	aws_must(&w, &aws, &run);
	/* Nor one that looks for what an earlier run lost. */
	world_free(&w);
	world_new(&w, ++number, "");
	standin_control(&aws, "{\"faults\":[\"lost@CreateCertificateFromCsr#1\"]}");
	{
		struct aws_outcome o;

		aws_run(&o, &w, &aws, &run);
		CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	}
	aws_must(&w, &aws, &run);
	CHECK_INT(aws_check(&aws, &w), 0);
	CHECK_INT(standin_count(&aws, "refused"), 0);
	standin_control(&aws, "{\"iam\":null}");
	blob_free(&document);
	blob_free(&body);
	end();
}

int main(void)
{
	world_init();
	aws_start(&aws, NULL);
	RUN(a_clean_run_takes_five_requests_on_one_connection);
	RUN(activation_is_the_last_request);
	RUN(a_second_run_only_looks_and_changes_nothing);
	RUN(a_second_run_without_the_journal_changes_nothing);
	RUN(a_certificate_that_somebody_deactivated_stays_so);
	RUN(a_thing_that_was_detached_or_deleted_comes_back);
	RUN(a_finished_device_keeps_its_thing);
	RUN(a_group_and_a_policy_can_be_added_later);
	RUN(a_replaced_certificate_is_deactivated);
	RUN(a_replaced_certificate_without_the_journal_is_deactivated);
	RUN(a_revoked_certificate_can_be_replaced);
	RUN(another_region_is_not_this_one);
	RUN(a_local_certificate_is_registered);
	RUN(a_finished_chip_is_registered_later);
	RUN(a_revoked_certificate_is_not_registered_again);
	RUN(the_recipe_is_followed);
	RUN(the_policy_is_attached_to_the_certificate);
	RUN(a_run_needs_no_right_but_the_stations);
	standin_stop(&aws);
	return 0;
}
