/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Every call, as a strict verifier sees it and as AWS answers it. */
#include "standin.h"

#include "file.h"
#include "shell.h"

static struct standin aws;
static struct fail f;
static struct cloud_error error;

#define COLONS "line:1:a_b-c"
#define POLICY "Own+=,.@-1"

static const char document[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
			       "\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":"
			       "\"arn:aws:iot:eu-central-1:123456789012:client/"
			       "${iot:Connection.Thing.ThingName}\"}]}";

/* All of them were well signed: the verifier refused none. */
static void check_signatures(void)
{
	json_t *journal = standin_ask(&aws, "/journal", NULL);

	for (size_t i = 0; i < json_array_size(journal); i++) {
		const json_t *entry = json_array_get(journal, i);

		if (json_integer_value(json_object_get(entry, "status")) == 403)
			test_die(__FILE__, __LINE__,
				json_string_value(json_object_get(entry, "target")));
	}
	CHECK(json_array_size(journal) > 0);
	json_decref(journal);
}

static void read_text(struct blob *text, const char *path)
{
	blob_init(text, 1u << 16);
	CHECK_OK(file_read(text, path, &f));
}

static void create_certificate(struct iot_certificate *cert, struct cloud *cloud)
{
	struct cloud_call *call;
	struct blob csr;

	read_text(&csr, "csr.pem");
	DO(iot_create_certificate_start(&call, cloud, blob_text(&csr), &f), f);
	DO(iot_create_certificate_take(cert, call, &error, &f), f);
	blob_free(&csr);
}

/* Start the call and take its end, which must be good. */
#define TAKE(start, ...)                                             \
	do {                                                         \
		struct cloud_call *taken;                            \
		DO(iot_##start##_start(&taken, __VA_ARGS__, &f), f); \
		DO(iot_take(taken, &error, &f), f);                  \
	} while (0)

static void create_thing(struct cloud *cloud, const char *name, const char *uid)
{
	const struct iot_attribute attributes[] = { { "chipUid", uid }, { "lot#1", "a=b[c]" } };
	const struct iot_thing_wish wish = {
		.name = name, .attributes = attributes, .attribute_count = 2
	};
	char arn[IOT_ARN_MAX], want[IOT_ARN_MAX];
	struct cloud_call *call;

	DO(iot_create_thing_start(&call, cloud, &wish, &f), f);
	DO(iot_create_thing_take(arn, call, &error, &f), f);
	snprintf(want, sizeof(want), "arn:aws:iot:%s:%s:thing/%s", STANDIN_REGION, STANDIN_ACCOUNT,
		name);
	CHECK_STR(arn, want);
}

static void identity_endpoint_and_code_are_told(void)
{
	struct cloud *cloud = standin_open(aws.url);
	char text[IOT_ARN_MAX];
	struct iot_identity who;

	DO(iot_whoami(&who, cloud, &f), f);
	CHECK_STR(who.account, STANDIN_ACCOUNT);
	CHECK_STR(who.arn, "arn:aws:iam::123456789012:user/station");
	DO(iot_endpoint(text, cloud, &f), f);
	CHECK_STR(text, "a1b2c3d4e5f6g7-ats.iot.eu-central-1.amazonaws.com");
	DO(iot_registration_code(text, cloud, &f), f);
	CHECK_INT(strlen(text), 64);
	CHECK_STR(cloud_region(cloud), STANDIN_REGION);
	CHECK_STR(cloud_partition(cloud), "aws");
	cloud_close(cloud);
	check_signatures();
}

static void a_certificate_lives_from_request_to_deletion(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_certificate cert, same;
	struct cloud_call *call;

	create_certificate(&cert, cloud);
	CHECK_INT(cert.status, IOT_INACTIVE);
	CHECK(strstr(blob_text(&cert.pem), "BEGIN CERTIFICATE") != NULL);
	DO(iot_describe_certificate(&same, cloud, cert.id, &f), f);
	CHECK_STR(same.arn, cert.arn);
	CHECK_STR(blob_text(&same.pem), blob_text(&cert.pem));
	CHECK(same.created > 1.6e9);
	iot_certificate_free(&same);

	TAKE(update_certificate, cloud, cert.id, IOT_ACTIVE);
	DO(iot_describe_certificate(&same, cloud, cert.id, &f), f);
	CHECK_INT(same.status, IOT_ACTIVE);
	iot_certificate_free(&same);

	DO(iot_delete_certificate_start(&call, cloud, cert.id, &f), f);
	CHECK_ERR(iot_take(call, &error, &f), TRUSTX_ERR_ISSUER);
	CHECK_INT(error.http, 406);
	CHECK_STR(error.name, "CertificateStateException");
	TAKE(update_certificate, cloud, cert.id, IOT_INACTIVE);
	TAKE(delete_certificate, cloud, cert.id);
	CHECK_ERR(iot_describe_certificate(&same, cloud, cert.id, &f), TRUSTX_ERR_INPUT);
	iot_certificate_free(&same);
	iot_certificate_free(&cert);
	cloud_close(cloud);
	check_signatures();
}

static void a_certificate_is_registered_once(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_certificate first, second;
	struct cloud_call *call;
	struct blob pem;

	read_text(&pem, "device.pem");
	DO(iot_register_certificate_start(&call, cloud, blob_text(&pem), &f), f);
	DO(iot_register_certificate_take(&first, call, &error, &f), f);
	DO(iot_register_certificate_start(&call, cloud, blob_text(&pem), &f), f);
	CHECK_ERR(iot_register_certificate_take(&second, call, &error, &f), TRUSTX_ERR_EXISTS);
	CHECK_STR(second.id, first.id);
	CHECK_STR(second.arn, first.arn);
	iot_certificate_free(&first);
	iot_certificate_free(&second);
	blob_free(&pem);
	cloud_close(cloud);
}

static void a_thing_is_made_once_and_compared(void)
{
	struct cloud *cloud = standin_open(aws.url);
	const struct iot_attribute other = { "chipUid", "00" };
	const struct iot_thing_wish wish = { COLONS, NULL, &other, 1 };
	char arn[IOT_ARN_MAX];
	struct cloud_call *call;
	json_t *thing;

	create_thing(cloud, COLONS, "d2760000");
	create_thing(cloud, COLONS, "d2760000");
	DO(iot_create_thing_start(&call, cloud, &wish, &f), f);
	CHECK_ERR(iot_create_thing_take(arn, call, &error, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(error.resource_arn, ":thing/" COLONS) != NULL);
	DO(iot_describe_thing(&thing, cloud, COLONS, &f), f);
	CHECK_STR(
		json_string_value(json_object_get(json_object_get(thing, "attributes"), "chipUid")),
		"d2760000");
	json_decref(thing);
	TAKE(delete_thing, cloud, COLONS);
	CHECK_ERR(iot_describe_thing(&thing, cloud, COLONS, &f), TRUSTX_ERR_INPUT);
	TAKE(delete_thing, cloud, COLONS);
	cloud_close(cloud);
	check_signatures();
}

static void check_one(json_t *list, const char *want)
{
	CHECK_INT(json_array_size(list), 1);
	CHECK_STR(json_string_value(json_array_get(list, 0)), want);
	json_decref(list);
}

static void thing_certificate_policy_and_group_are_tied_and_untied(void)
{
	struct cloud *cloud = standin_open(aws.url);
	char group[IOT_ARN_MAX];
	struct iot_certificate cert;
	json_t *list;

	create_certificate(&cert, cloud);
	DO(iot_create_type(cloud, "Trust-X", &f), f);
	DO(iot_create_type(cloud, "Trust-X", &f), f);
	DO(iot_create_group(group, cloud, "line:1", &f), f);
	CHECK_STR(group, "arn:aws:iot:eu-central-1:123456789012:thinggroup/line:1");
	DO(iot_create_policy(cloud, POLICY, document, &f), f);
	CHECK_ERR(iot_create_policy(cloud, POLICY, document, &f), TRUSTX_ERR_EXISTS);
	create_thing(cloud, COLONS, "d2760000");
	TAKE(attach_thing, cloud, COLONS, cert.arn);
	TAKE(attach_thing, cloud, COLONS, cert.arn);
	TAKE(attach_policy, cloud, POLICY, cert.arn);
	TAKE(attach_policy, cloud, POLICY, group);
	TAKE(add_to_group, cloud, COLONS, "line:1");
	DO(iot_thing_principals(&list, cloud, COLONS, &f), f);
	check_one(list, cert.arn);
	DO(iot_principal_things(&list, cloud, cert.arn, &f), f);
	check_one(list, COLONS);
	DO(iot_attached_policies(&list, cloud, cert.arn, true, &f), f);
	check_one(list, POLICY);
	DO(iot_attached_policies(&list, cloud, group, false, &f), f);
	check_one(list, POLICY);
	TAKE(detach_policy, cloud, POLICY, cert.arn);
	TAKE(detach_policy, cloud, POLICY, cert.arn);
	TAKE(detach_thing, cloud, COLONS, cert.arn);
	DO(iot_principal_things(&list, cloud, cert.arn, &f), f);
	CHECK_INT(json_array_size(list), 0);
	json_decref(list);
	iot_certificate_free(&cert);
	cloud_close(cloud);
	check_signatures();
}

static void a_policy_comes_back_as_it_was_sent(void)
{
	static const char odd[] =
		"{ \"Version\": \"2012-10-17\",\n\t\"Statement\": [{\"Effect\":"
		"\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"\\u00e4\\\"\"}]}";
	struct cloud *cloud = standin_open(aws.url);
	struct blob back;

	blob_init(&back, 8192);
	DO(iot_create_policy(cloud, "Odd", odd, &f), f);
	DO(iot_get_policy(&back, cloud, "Odd", &f), f);
	CHECK_STR(blob_text(&back), odd);
	blob_free(&back);
	CHECK_ERR(iot_get_policy(&back, cloud, "None", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(iot_create_policy(cloud, "Bad", "not JSON", &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "MalformedPolicyException") != NULL);
	blob_free(&back);
	cloud_close(cloud);
}

static void a_ca_is_registered_in_both_modes(void)
{
	struct cloud *cloud = standin_open(aws.url);
	char arn[IOT_ARN_MAX], code[IOT_ARN_MAX], line[600];
	struct blob ca, proof;

	DO(iot_registration_code(code, cloud, &f), f);
	snprintf(line, sizeof(line),
		"openssl req -new -key device.key -subj /CN=%s -out proof.csr && openssl x509 -req "
		"-in proof.csr -CA ca.pem -CAkey ca.key -set_serial 9 -days 2 -out proof.pem 2>log",
		code);
	run(line);
	read_text(&ca, "ca.pem");
	read_text(&proof, "proof.pem");
	DO(iot_register_ca(arn, cloud, blob_text(&ca), blob_text(&proof), &f), f);
	CHECK(strstr(arn, ":cacert/") != NULL);
	CHECK_ERR(iot_register_ca(arn, cloud, blob_text(&ca), blob_text(&proof), &f),
		TRUSTX_ERR_EXISTS);
	standin_fault(&aws, NULL);
	DO(iot_register_ca(arn, cloud, blob_text(&ca), NULL, &f), f);
	blob_free(&proof);
	read_text(&proof, "device.pem");
	standin_fault(&aws, NULL);
	CHECK_ERR(iot_register_ca(arn, cloud, blob_text(&ca), blob_text(&proof), &f),
		TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "RegistrationCodeValidationException") != NULL);
	blob_free(&ca);
	blob_free(&proof);
	cloud_close(cloud);
}

struct seen {
	unsigned count, most;
	double last;
};

static bool see(void *ctx, const struct iot_certificate *cert)
{
	struct seen *seen = ctx;

	CHECK(seen->count == 0 || cert->created <= seen->last);
	seen->last = cert->created;
	return ++seen->count < seen->most;
}

static void lists_are_read_to_their_end_over_markers_with_a_plus(void)
{
	enum { CERTIFICATES = 230, POLICIES = 10 };
	struct cloud *cloud = standin_open(aws.url);
	struct seen all = { .most = 1000 }, some = { .most = 3 };
	struct iot_certificate cert;
	json_t *names, *journal;
	bool plus = false;

	standin_fault(&aws, NULL);
	create_certificate(&cert, cloud);
	standin_control(&aws, "{\"copies\":{\"certificates\":229,\"things\":60}}");
	DO(iot_list_certificates(cloud, see, &some, &f), f);
	CHECK_INT(some.count, 3);
	CHECK_INT(standin_count(&aws, "ListCertificates"), 1);
	DO(iot_list_certificates(cloud, see, &all, &f), f);
	CHECK_INT(all.count, CERTIFICATES);
	CHECK_INT(standin_count(&aws, "ListCertificates"), 4);
	DO(iot_principal_things(&names, cloud, cert.arn, &f), f);
	CHECK_INT(json_array_size(names), 60);
	CHECK_INT(standin_count(&aws, "ListPrincipalThings"), 3);
	json_decref(names);
	for (unsigned i = 0; i < POLICIES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "P+%u", i);
		DO(iot_create_policy(cloud, name, document, &f), f);
		TAKE(attach_policy, cloud, name, cert.arn);
	}
	DO(iot_attached_policies(&names, cloud, cert.arn, false, &f), f);
	CHECK_INT(json_array_size(names), POLICIES);
	json_decref(names);
	journal = standin_ask(&aws, "/journal", NULL);
	for (size_t i = 0; i < json_array_size(journal); i++)
		plus |= strstr(json_string_value(
				       json_object_get(json_array_get(journal, i), "target")),
				"marker=%2B") != NULL;
	CHECK(plus);
	json_decref(journal);
	iot_certificate_free(&cert);
	cloud_close(cloud);
	check_signatures();
}

static void a_session_token_is_signed(void)
{
	struct cloud *cloud;
	struct iot_identity who;
	char host[IOT_ARN_MAX];

	standin_environment();
	setenv("AWS_ACCESS_KEY_ID", STANDIN_SESSION_KEY, 1);
	setenv("AWS_SECRET_ACCESS_KEY", STANDIN_SESSION_SECRET, 1);
	setenv("AWS_SESSION_TOKEN", STANDIN_TOKEN, 1);
	cloud = standin_open(aws.url);
	DO(iot_whoami(&who, cloud, &f), f);
	DO(iot_endpoint(host, cloud, &f), f);
	cloud_close(cloud);
	standin_environment();
	check_signatures();
}

static void requests_behind_a_path_are_signed_with_it(void)
{
	char url[128], host[IOT_ARN_MAX];
	struct cloud *cloud;

	snprintf(url, sizeof(url), "%s/prefix%%3A1/", aws.url);
	cloud = standin_open(url);
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "UnknownOperationException") != NULL);
	cloud_close(cloud);
}

static bool is_done_with_pumping(struct cloud *cloud, const struct cloud_call *call)
{
	for (unsigned i = 0; i < 200 && !cloud_is_done(call); i++)
		cloud_pump(cloud, 50);
	return cloud_is_done(call);
}

static void requests_go_on_side_by_side_over_one_connection(void)
{
	const struct iot_thing_wish a = { .name = "a" }, b = { .name = "b" };
	struct cloud *cloud = standin_open(aws.url);
	struct cloud_call *calls[3];
	struct cloud_stats stats;
	char arn[IOT_ARN_MAX];
	struct iot_certificate cert;

	standin_fault(&aws, NULL);
	create_certificate(&cert, cloud);
	DO(iot_create_thing_start(&calls[0], cloud, &a, &f), f);
	DO(iot_create_thing_start(&calls[1], cloud, &b, &f), f);
	DO(iot_update_certificate_start(&calls[2], cloud, cert.id, IOT_ACTIVE, &f), f);
	for (size_t i = 0; i < 3; i++)
		CHECK(is_done_with_pumping(cloud, calls[i]));
	DO(iot_take(calls[2], &error, &f), f);
	DO(iot_create_thing_take(arn, calls[1], &error, &f), f);
	CHECK(strstr(arn, "thing/b") != NULL);
	DO(iot_create_thing_take(arn, calls[0], &error, &f), f);
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.requests, 4);
	CHECK_INT(stats.retries, 0);
	CHECK_INT(stats.connections, 1);
	CHECK(stats.busy_us > 0);
	CHECK_INT(standin_count(&aws, "connections"), 1);
	iot_certificate_free(&cert);
	cloud_close(cloud);
}

static void what_is_under_way_is_forgotten_when_the_client_closes(void)
{
	const struct iot_thing_wish a = { .name = "a" };
	struct cloud *cloud = standin_open(aws.url);
	struct cloud_call *call, *other;

	DO(iot_create_thing_start(&call, cloud, &a, &f), f);
	DO(iot_create_thing_start(&other, cloud, &a, &f), f);
	cloud_cancel(other);
	cloud_cancel(NULL);
	cloud_close(cloud);
	cloud_close(NULL);
}

int main(void)
{
	standin_environment();
	run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key "
	    "-out ca.pem -subj /CN=ca -days 9 2>log && openssl req -new -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -keyout device.key -out csr.pem -subj /CN=device "
	    "2>log && openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -set_serial 7 -days 9 "
	    "-out device.pem 2>log");
	standin_start(&aws, NULL);
	RUN(identity_endpoint_and_code_are_told);
	RUN(a_certificate_lives_from_request_to_deletion);
	RUN(a_certificate_is_registered_once);
	RUN(a_thing_is_made_once_and_compared);
	RUN(thing_certificate_policy_and_group_are_tied_and_untied);
	RUN(a_policy_comes_back_as_it_was_sent);
	RUN(a_ca_is_registered_in_both_modes);
	RUN(lists_are_read_to_their_end_over_markers_with_a_plus);
	RUN(a_session_token_is_signed);
	RUN(requests_behind_a_path_are_signed_with_it);
	RUN(requests_go_on_side_by_side_over_one_connection);
	RUN(what_is_under_way_is_forgotten_when_the_client_closes);
	standin_stop(&aws);
	return 0;
}
