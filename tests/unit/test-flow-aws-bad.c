/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What AWS, or who asks, has wrong: refused before it does harm, and said in words. */
#include "aws-world.h"

#include "keygen.h"
#include "recipe.h"

static struct standin aws;
static struct world w;
static struct aws_outcome o;
static unsigned number;

static void begin(const char *rule)
{
	char body[200];

	standin_fault(&aws, NULL);
	aws_prepare(&aws);
	snprintf(body, sizeof(body), "{\"faults\":[\"%s\"]}", rule != NULL ? rule : "cut%0");
	standin_control(&aws, body);
	world_new(&w, ++number, "");
}

static void end(void)
{
	world_free(&w);
}

static void refused(const struct aws_run *run, enum trustx_err err, const char *why)
{
	aws_run(&o, &w, &aws, run);
	CHECK_ERR(o.err, err);
	if (strstr(o.fail.why, why) == NULL)
		test_die(__FILE__, __LINE__, o.fail.why);
}

static size_t certificates(const char *status)
{
	json_t *state = standin_ask(&aws, "/state", NULL), *cert;
	const char *id;
	size_t count = 0;

	json_object_foreach(json_object_get(state, "certificates"), id, cert) count +=
		strcmp(aws_text(cert, "status"), status) == 0;
	json_decref(state);
	return count;
}

static void nothing_is_in_the_slot(void)
{
	struct slot_state state;
	struct fail f = { 0 };

	MUST(slot_inspect(&state, &w.dev, &aws_slot, false, &f), f);
	CHECK(state.cert_empty);
	slot_state_free(&state);
}

/* ---- certificates ---- */

/* It is refused, accounted for, and the next one is good. */
static void foreign(const char *what, enum trustx_err err, const char *why, const char *orphan)
{
	const struct aws_run run = { .account = STANDIN_ACCOUNT };
	struct record record;
	char rule[80];

	snprintf(rule, sizeof(rule), "foreign=%s@CreateCertificateFromCsr#1", what);
	begin(rule);
	refused(&run, err, why);
	nothing_is_in_the_slot();
	CHECK_INT(certificates("ACTIVE"), 0);
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK_INT(strlen(record.orphans[0].id), 64);
	CHECK(strstr(record.orphans[0].why, orphan) != NULL);
	record_free(&record);
	CHECK_INT(standin_count(&aws, "AttachThingPrincipal"), 0);
	aws_must(&w, &aws, &run);
	CHECK_INT(certificates("ACTIVE"), 1);
	CHECK_INT(certificates("INACTIVE"), 1);
	end();
}

static void a_certificate_for_another_key_is_refused(void)
{
	foreign("key", TRUSTX_ERR_MISMATCH, "for another key than the chip's", "another key");
}

static void a_certificate_for_another_subject_is_refused(void)
{
	foreign("subject", TRUSTX_ERR_MISMATCH, "subject", "subject");
}

static void a_certificate_that_cannot_be_read_is_refused(void)
{
	foreign("pem", TRUSTX_ERR_ISSUER, "", "it cannot be read");
}

static void a_certificate_of_another_account_is_refused(void)
{
	foreign("account", TRUSTX_ERR_MISMATCH,
		"AWS answers from the account 999999999999, not 123456789012",
		"it is in another account");
}

static void an_id_that_is_no_fingerprint_is_said_once(void)
{
	begin("foreign=id@CreateCertificateFromCsr#1");
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK_INT(o.note_count, 1);
	CHECK(aws_noted(&o, "is not the certificate's SHA-256"));
	CHECK_INT(certificates("ACTIVE"), 1);
	end();
}

static void a_certificate_that_is_none_is_an_orphan(void)
{
	static const char rule[] = "truncate@CreateCertificateFromCsr#1";

	begin(rule);
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "");
	nothing_is_in_the_slot();
	standin_control(&aws, "{\"faults\":[]}");
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static bool is_issued;

static void see_issued(void *ctx, unsigned step, unsigned total, const char *text)
{
	(void)ctx;
	(void)step;
	(void)total;
	is_issued = strcmp(text, "check the certificate") == 0;
}

static bool when_issued(void)
{
	return is_issued;
}

/* Issued, and the run was stopped there; the file with AWS's answer is gone. */
static void lose_the_answer(void)
{
	const struct aws_run run = { .tell = see_issued, .stop = when_issued };
	struct fail f = { 0 };

	begin(NULL);
	is_issued = false;
	refused(&run, TRUSTX_ERR_INTERRUPTED, "stopped before the step write");
	nothing_is_in_the_slot();
	MUST(state_drop(&w.dev, aws_slot.key, STATE_ANSWER, &f), f);
}

static void a_certificate_that_the_journal_names_is_fetched_again(void)
{
	lose_the_answer();
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void one_that_aws_has_no_more_is_an_orphan(void)
{
	struct record record;

	lose_the_answer();
	standin_control(&aws, "{\"reset\":true}");
	aws_prepare(&aws);
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(!o.result.aws.adopted);
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK(strstr(record.orphans[0].why, "AWS does not have it here") != NULL);
	record_free(&record);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

/* Twice an answer was lost, and the second run could not see yet what the first had made. */
static void of_two_lost_ones_the_newer_is_adopted(void)
{
	struct record record;

	begin("lost@CreateCertificateFromCsr#1-2");
	standin_control(&aws, "{\"settle\":60000}");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "answer was lost");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "answer was lost");
	standin_control(&aws, "{\"faults\":[],\"settle\":0}");
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK_STR(record.orphans[0].why, "another one of the same chip is newer");
	record_free(&record);
	CHECK_INT(aws_check(&aws, &w), 1);
	end();
}

/* ---- things ---- */

static void make_thing(const char *name, const struct iot_attribute *attribute)
{
	const struct iot_thing_wish wish = {
		.name = name, .attributes = attribute, .attribute_count = attribute != NULL
	};
	struct cloud *cloud = standin_open(aws.url);
	struct cloud_error error;
	struct cloud_call *call;
	char arn[IOT_ARN_MAX];
	struct fail f = { 0 };

	MUST(iot_create_thing_start(&call, cloud, &wish, &f), f);
	MUST(iot_create_thing_take(arn, call, &error, &f), f);
	cloud_close(cloud);
}

static void the_thing_of_another_chip_is_left_alone(void)
{
	static const struct iot_attribute other = { "chipUid", "cd16aa" };

	begin(NULL);
	make_thing("pump-7", &other);
	refused(&(struct aws_run){ .thing = "pump-7" }, TRUSTX_ERR_MISMATCH,
		"the thing pump-7 is that of another chip, cd16aa");
	CHECK_INT(certificates("INACTIVE") + certificates("ACTIVE"), 0);
	nothing_is_in_the_slot();
	end();
}

static void the_thing_of_nobody_is_left_alone(void)
{
	begin(NULL);
	make_thing("pump-8", NULL);
	refused(&(struct aws_run){ .thing = "pump-8" }, TRUSTX_ERR_EXISTS,
		"says nothing of a chip");
	CHECK_INT(certificates("INACTIVE") + certificates("ACTIVE"), 0);
	end();
}

static void our_thing_with_other_attributes_stays(void)
{
	struct iot_attribute own = { "chipUid", NULL }, line = { "line", "2" };

	begin(NULL);
	own.value = w.dev.uid_hex;
	make_thing("pump-9", &own);
	aws_run(&o, &w, &aws,
		&(struct aws_run){ .thing = "pump-9", .attributes = &line, .attribute_count = 1 });
	MUST(o.err, o.fail);
	CHECK(aws_noted(&o, "other attributes"));
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void a_second_chip_does_not_get_the_first_ones_thing(void)
{
	begin(NULL);
	aws_must(&w, &aws, &(struct aws_run){ .thing = "one" });
	world_free(&w);
	world_new(&w, ++number, "");
	refused(&(struct aws_run){ .thing = "one" }, TRUSTX_ERR_MISMATCH, "another chip");
	CHECK_INT(certificates("ACTIVE"), 1);
	end();
}

/* Registered under one name, and now to be under another. */
static void a_certificate_belongs_to_one_thing(void)
{
	begin("error=500@UpdateCertificate#1-9");
	refused(&(struct aws_run){ .thing = "first" }, TRUSTX_ERR_ISSUER, "");
	standin_control(&aws, "{\"faults\":[]}");
	refused(&(struct aws_run){ .thing = "second" }, TRUSTX_ERR_MISMATCH,
		"belongs to the thing first");
	CHECK_INT(certificates("ACTIVE"), 0);
	aws_must(&w, &aws, &(struct aws_run){ .thing = "first" });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void what_is_missing_at_aws_is_named(void)
{
	begin(NULL);
	refused(&(struct aws_run){ .type = "pump" }, TRUSTX_ERR_INPUT, "pump");
	CHECK(strstr(o.fail.next, "trustx aws setup") != NULL);
	refused(&(struct aws_run){ .group = "line9" }, TRUSTX_ERR_INPUT, "no thing group line9");
	CHECK(strstr(o.fail.next, "trustx aws setup") != NULL);
	refused(&(struct aws_run){ .policy = "nobodys" }, TRUSTX_ERR_INPUT, "no policy");
	CHECK_INT(certificates("ACTIVE"), 0);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

/* ---- the account ---- */

static void another_account_is_noticed(void)
{
	begin(NULL);
	refused(&(struct aws_run){ .account = "999999999999" }, TRUSTX_ERR_MISMATCH,
		"AWS answers from the account 123456789012, not 999999999999");
	CHECK_INT(certificates("INACTIVE"), 0);
	aws_must(&w, &aws, &(struct aws_run){ .account = STANDIN_ACCOUNT });
	end();
}

static void a_quota_that_is_reached_is_said(void)
{
	begin("refuse=LimitExceededException@CreateCertificateFromCsr");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "LimitExceededException");
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	/* It was refused: there is nothing to look for. */
	standin_control(&aws, "{\"faults\":[]}");
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(standin_count(&aws, "ListCertificates"), 0);
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void throttled_for_too_long_it_gives_up(void)
{
	begin("throttle@UpdateCertificate");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_THROTTLED, "ThrottlingException");
	standin_control(&aws, "{\"faults\":[]}");
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

static void missing_rights_are_said_by_name(void)
{
	begin("refuse=AccessDeniedException@AttachThingPrincipal");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "AccessDeniedException");
	CHECK_INT(certificates("ACTIVE"), 0);
	end();
}

static void a_clock_off_by_a_day_is_corrected(void)
{
	begin("lost@CreateCertificateFromCsr#1");
	standin_control(&aws, "{\"clock\":86400}");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "answer was lost");
	CHECK(o.stats.clock_off > 86000);
	aws_run(&o, &w, &aws, &(struct aws_run){ 0 });
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

/* ---- policies ---- */

static void put_policy(const char *name, const char *document)
{
	struct cloud *cloud = standin_open(aws.url);
	struct fail f = { 0 };

	MUST(iot_create_policy(cloud, name, document, &f), f);
	cloud_close(cloud);
}

#define ANYTHING                                                                       \
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":" \
	"\"iot:*\",\"Resource\":\"*\"}]}"

static void a_policy_that_allows_too_much_needs_consent(void)
{
	struct aws_run run = { .policy = "loose" };

	begin(NULL);
	put_policy("loose", ANYTHING);
	refused(&run, TRUSTX_ERR_CONSENT, "iot:*");
	CHECK(strstr(o.fail.next, "--weak-policy") != NULL);
	CHECK(!o.result.made_key);
	run.weak_policy = true;
	aws_run(&o, &w, &aws, &run);
	MUST(o.err, o.fail);
	CHECK(aws_noted(&o, "allows too much"));
	end();
}

static void the_ancestors_policy_is_used_by_its_name(void)
{
	const struct aws_run run = { .policy = "IoT_Thing_Weak_Policy", .no_group = true };
	json_t *state;

	begin(NULL);
	aws_run(&o, &w, &aws, &run);
	MUST(o.err, o.fail);
	CHECK(aws_noted(&o, "not for products"));
	state = standin_ask(&aws, "/state", NULL);
	CHECK(json_object_get(json_object_get(state, "policies"), run.policy) != NULL);
	json_decref(state);
	end();
}

/* ---- chips ---- */

struct swap {
	struct world *other;
	bool done;
};

/* While AWS signs, somebody puts another chip into the socket. */
static void swap_chip(void *ctx, unsigned step, unsigned total, const char *text)
{
	struct swap *swap = ctx;
	struct trustx_bus bus = w.dev.bus;

	(void)step;
	(void)total;
	if (swap->done || strcmp(text, "check the certificate") != 0)
		return;
	w.dev.bus = swap->other->dev.bus;
	swap->other->dev.bus = bus;
	swap->done = true;
}

static void another_chip_in_the_socket_is_noticed(void)
{
	struct world other;
	struct swap swap = { .other = &other };
	struct slot_state state;
	struct fail f = { 0 };

	begin(NULL);
	world_new(&other, ++number, "");
	refused(&(struct aws_run){ .tell = swap_chip, .ctx = &swap }, TRUSTX_ERR_MISMATCH,
		"this is another chip than the one of this run");
	CHECK(swap.done);
	CHECK_INT(certificates("ACTIVE"), 0);
	world_free(&w);
	world_free(&other);
	world_connect(&other);
	MUST(slot_inspect(&state, &other.dev, &aws_slot, false, &f), f);
	CHECK(state.cert_empty && !state.has_key);
	slot_state_free(&state);
	world_free(&other);
	world_connect(&w);
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	CHECK_INT(aws_check(&aws, &w), 0);
	end();
}

/* What AWS had signed for the key before is accounted for. */
static void a_replaced_key_leaves_an_orphan(void)
{
	const struct keygen_options options = { .replace = true, .confirm = w.dev.uid_hex };
	struct record record;
	struct pubkey key;
	struct fail f = { 0 };

	begin("error=500@AttachThingPrincipal#1-9");
	refused(&(struct aws_run){ 0 }, TRUSTX_ERR_ISSUER, "");
	MUST(keygen_run(&key, &w.dev, &aws_slot, &options, &f), f);
	standin_control(&aws, "{\"faults\":[]}");
	aws_must(&w, &aws, &(struct aws_run){ .replace_cert = true });
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK(strstr(record.orphans[0].why, "key that was replaced") != NULL);
	record_free(&record);
	CHECK_INT(certificates("ACTIVE"), 1);
	end();
}

/* ---- what is given ---- */

static void names_that_aws_does_not_take_are_refused(void)
{
	struct iot_attribute four[4] = { { "a", "1" }, { "b", "2" }, { "c", "3" }, { "d", "4" } };
	struct iot_attribute uid = { "chipUid", "x" }, blank = { "line", "a b" };
	long long before;

	begin(NULL);
	before = standin_count(&aws, "requests");
	refused(&(struct aws_run){ .subject = "CN=AWS IoT Certificate" }, TRUSTX_ERR_INPUT,
		"the subject's CN cannot be the name of a thing");
	CHECK(strstr(o.fail.next, "--thing") != NULL);
	refused(&(struct aws_run){ .subject = "O=None" }, TRUSTX_ERR_INPUT, "the subject's CN");
	refused(&(struct aws_run){ .thing = "a b" }, TRUSTX_ERR_INPUT, "the thing's name 'a b'");
	refused(&(struct aws_run){ .thing = "a{who}" }, TRUSTX_ERR_INPUT, "who");
	refused(&(struct aws_run){ .type = "a/b" }, TRUSTX_ERR_INPUT, "the thing type 'a/b'");
	refused(&(struct aws_run){ .group = "" }, TRUSTX_ERR_INPUT, "the thing group ''");
	refused(&(struct aws_run){ .policy = "a b" }, TRUSTX_ERR_INPUT, "the policy 'a b'");
	refused(&(struct aws_run){ .attributes = four, .attribute_count = 3 }, TRUSTX_ERR_INPUT,
		"AWS takes 3 of a thing without a type");
	refused(&(struct aws_run){ .attributes = &uid, .attribute_count = 1 }, TRUSTX_ERR_INPUT,
		"set in any case");
	refused(&(struct aws_run){ .attributes = &blank, .attribute_count = 1 }, TRUSTX_ERR_INPUT,
		"the attribute's value 'a b'");
	CHECK_INT(standin_count(&aws, "requests"), before);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	end();
}

static void bad_recipe(const char *text, const char *why)
{
	struct recipe recipe;
	struct fail f = { 0 };

	CHECK_ERR(recipe_parse(&recipe, text, strlen(text), &f), TRUSTX_ERR_INPUT);
	if (strstr(f.why, why) == NULL)
		test_die(__FILE__, __LINE__, f.why);
	recipe_free(&recipe);
}

static void bad_recipes_are_named_by_path(void)
{
	bad_recipe("{", "line 1, column 1");
	bad_recipe("[]", "it must be an object");
	bad_recipe("{\"thing\":\"a\",\"thing\":\"b\"}", "duplicate");
	bad_recipe("{\"thnig\":\"a\"}", "thnig: there is no such key");
	bad_recipe("{\"thing\":7}", "thing: it must be text in quotes");
	bad_recipe("{\"thing\":\"\"}", "thing: it must be text in quotes");
	bad_recipe("{\"allow-http\":\"yes\"}", "allow-http: it must be true or false");
	bad_recipe("{\"stations\":0}", "stations: it must be a number from 1 to 1000");
	bad_recipe("{\"attributes\":[]}", "attributes: it must be an object");
	bad_recipe("{\"attributes\":{\"line\":1}}", "attributes.line: it must be text in quotes");
	bad_recipe("{\"thing\":\"a\"}x", "end of file expected");
}

static void a_recipe_says_all_that_options_say(void)
{
	static const char text[] =
		"{\"thing\":\"t-{serial}\",\"thing-type\":\"sensor\",\"group\":\"g\",\"policy\":"
		"\"p\",\"attributes\":{\"line\":\"1\",\"empty\":\"\"},\"profile\":\"x\","
		"\"region\":\"cn-north-1\",\"account\":\"1\",\"endpoint-url\":\"u\","
		"\"ca-bundle\":\"c\",\"allow-http\":true,\"imds\":false,\"weak-policy\":true,"
		"\"stations\":3}";
	struct recipe r;
	struct fail f = { 0 };

	MUST(recipe_parse(&r, text, sizeof(text) - 1, &f), f);
	CHECK_STR(r.thing, "t-{serial}");
	CHECK_STR(r.thing_type, "sensor");
	CHECK_STR(r.group, "g");
	CHECK_STR(r.policy, "p");
	CHECK_STR(r.profile, "x");
	CHECK_STR(r.region, "cn-north-1");
	CHECK_STR(r.endpoint_url, "u");
	CHECK_STR(r.ca_bundle, "c");
	CHECK(r.allow_http && !r.imds && r.weak_policy);
	CHECK_INT(r.stations, 3);
	CHECK_INT(r.attribute_count, 2);
	MUST(recipe_add_attribute(&r, "line=2", &f), f);
	MUST(recipe_add_attribute(&r, "more=a=b", &f), f);
	CHECK_INT(r.attribute_count, 3);
	CHECK_STR(r.attributes[0].value, "2");
	CHECK_STR(r.attributes[2].value, "a=b");
	CHECK_ERR(recipe_add_attribute(&r, "none", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(recipe_add_attribute(&r, "=x", &f), TRUSTX_ERR_INPUT);
	recipe_free(&r);
}

int main(void)
{
	world_init();
	aws_start(&aws, NULL);
	RUN(a_certificate_for_another_key_is_refused);
	RUN(a_certificate_for_another_subject_is_refused);
	RUN(a_certificate_that_cannot_be_read_is_refused);
	RUN(a_certificate_of_another_account_is_refused);
	RUN(an_id_that_is_no_fingerprint_is_said_once);
	RUN(a_certificate_that_is_none_is_an_orphan);
	RUN(a_certificate_that_the_journal_names_is_fetched_again);
	RUN(one_that_aws_has_no_more_is_an_orphan);
	RUN(of_two_lost_ones_the_newer_is_adopted);
	RUN(the_thing_of_another_chip_is_left_alone);
	RUN(the_thing_of_nobody_is_left_alone);
	RUN(our_thing_with_other_attributes_stays);
	RUN(a_second_chip_does_not_get_the_first_ones_thing);
	RUN(a_certificate_belongs_to_one_thing);
	RUN(what_is_missing_at_aws_is_named);
	RUN(another_account_is_noticed);
	RUN(a_quota_that_is_reached_is_said);
	RUN(throttled_for_too_long_it_gives_up);
	RUN(missing_rights_are_said_by_name);
	RUN(a_clock_off_by_a_day_is_corrected);
	RUN(a_policy_that_allows_too_much_needs_consent);
	RUN(the_ancestors_policy_is_used_by_its_name);
	RUN(another_chip_in_the_socket_is_noticed);
	RUN(a_replaced_key_leaves_an_orphan);
	RUN(names_that_aws_does_not_take_are_refused);
	RUN(bad_recipes_are_named_by_path);
	RUN(a_recipe_says_all_that_options_say);
	standin_stop(&aws);
	return 0;
}
