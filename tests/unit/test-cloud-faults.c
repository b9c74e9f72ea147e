/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* AWS on a bad day: what is asked again, what is not, and what is said in the end. */
#include "standin.h"

#include "file.h"
#include "shell.h"

#include <time.h>

static struct standin aws;
static struct cloud_error error;
static struct cloud_stats stats;
static struct fail f;

static struct blob csr;

/* One request of each kind with this fault; the stand-in then knows how often it was asked. */
static enum trustx_err thing_with(const char *fault)
{
	const struct iot_thing_wish wish = { .name = "thing" };
	struct cloud *cloud = standin_open(aws.url);
	struct cloud_call *call;
	char arn[IOT_ARN_MAX];
	enum trustx_err err;

	standin_fault(&aws, fault);
	DO(iot_create_thing_start(&call, cloud, &wish, &f), f);
	err = iot_create_thing_take(arn, call, &error, &f);
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.requests, standin_count(&aws, "requests"));
	cloud_close(cloud);
	return err;
}

/* With a first request, so that the connection is there already. */
static enum trustx_err certificate_with(const char *fault)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_certificate cert;
	char host[IOT_ARN_MAX];
	struct cloud_call *call;
	enum trustx_err err;

	standin_fault(&aws, fault);
	DO(iot_endpoint(host, cloud, &f), f);
	DO(iot_create_certificate_start(&call, cloud, blob_text(&csr), &f), f);
	err = iot_create_certificate_take(&cert, call, &error, &f);
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.requests, standin_count(&aws, "requests"));
	iot_certificate_free(&cert);
	cloud_close(cloud);
	return err;
}

static size_t certificates_made(void)
{
	json_t *state = standin_ask(&aws, "/state", NULL);
	size_t count = json_object_size(json_object_get(state, "certificates"));

	json_decref(state);
	return count;
}

static size_t things_made(void)
{
	json_t *state = standin_ask(&aws, "/state", NULL);
	size_t count = json_object_size(json_object_get(state, "things"));

	json_decref(state);
	return count;
}

static void what_may_be_repeated_is(void)
{
	static const char *const faults[] = { "cut", "lost", "half", "error=500", "error=502",
		"error=503", "error=504", "late-error=500", "throttle", "error=429",
		"refuse=ConflictingResourceUpdateException" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char rule[64];

		snprintf(rule, sizeof(rule), "%s@CreateThing#1", faults[i]);
		DO(thing_with(rule), f);
		CHECK_INT(stats.requests, 2);
		CHECK_INT(stats.retries, 1);
		CHECK_INT(things_made(), 1);
	}
}

static void a_certificate_is_asked_for_once_when_its_answer_is_lost(void)
{
	static const char *const faults[] = { "lost", "half", "late-error=500", "late-error=503",
		"late-error=504", "truncate", "empty", "garbage", "html-late", "huge" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char rule[64];

		snprintf(rule, sizeof(rule), "%s@CreateCertificateFromCsr#1", faults[i]);
		CHECK_ERR(certificate_with(rule), TRUSTX_ERR_UNKNOWN_OUTCOME);
		CHECK_INT(f.err, TRUSTX_ERR_UNKNOWN_OUTCOME);
		CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
		CHECK_INT(certificates_made(), 1);
		CHECK(f.why[0] != '\0');
	}
	/* Whether it was executed cannot be told apart. */
	CHECK_ERR(certificate_with("cut@CreateCertificateFromCsr#1"), TRUSTX_ERR_UNKNOWN_OUTCOME);
	CHECK_INT(certificates_made(), 0);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 1);
	CHECK(strstr(f.next, "run the same command again") != NULL);
}

static void a_certificate_that_was_surely_not_made_is_asked_for_again(void)
{
	DO(certificate_with("throttle@CreateCertificateFromCsr#1-2"), f);
	CHECK_INT(certificates_made(), 1);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 3);
	DO(certificate_with("error=429@CreateCertificateFromCsr#1"), f);
	CHECK_INT(certificates_made(), 1);
}

static void throttling_ends_when_it_does_not_stop(void)
{
	CHECK_ERR(thing_with("throttle@CreateThing"), TRUSTX_ERR_THROTTLED);
	CHECK_INT(stats.requests, 9);
	CHECK(strstr(f.why, "ThrottlingException: Rate exceeded (request ") != NULL);
	CHECK(strstr(f.next, "later") != NULL);
	CHECK_STR(f.what, "ask AWS: CreateThing");
	CHECK_INT(error.http, 400);
}

static void lasting_trouble_ends_after_four_requests(void)
{
	CHECK_ERR(thing_with("error=503@CreateThing"), TRUSTX_ERR_ISSUER);
	CHECK_INT(stats.requests, 4);
	CHECK(strstr(f.why, "4 times: ServiceUnavailableException") != NULL);
	CHECK_ERR(thing_with("lost@CreateThing"), TRUSTX_ERR_ISSUER);
	CHECK_INT(stats.requests, 4);
	CHECK_INT(things_made(), 1);
}

static void what_aws_refuses_is_not_asked_again(void)
{
	static const struct {
		const char *name, *next;
	} cases[] = {
		{ "LimitExceededException", "quota" },
		{ "AccessDeniedException", "trustx aws setup" },
		{ "UnauthorizedException", "trustx aws setup" },
		{ "InvalidRequestException", "" },
		{ "SomethingNewException", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char rule[80];

		snprintf(rule, sizeof(rule), "refuse=%s", cases[i].name);
		CHECK_ERR(thing_with(rule), TRUSTX_ERR_ISSUER);
		CHECK_INT(stats.requests, 1);
		CHECK_STR(error.name, cases[i].name);
		CHECK_INT(strlen(error.request_id), 36);
		CHECK(strstr(f.why, error.request_id) != NULL);
		CHECK(strstr(f.next, cases[i].next) != NULL);
	}
}

static void a_page_of_somebody_else_is_no_success(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_identity who;
	struct cloud_call *call;

	CHECK_ERR(thing_with("html@CreateThing"), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "no JSON; it begins with '<!DOCTYPE html>") != NULL);
	CHECK(strstr(f.next, "proxy") != NULL);
	CHECK_INT(stats.requests, 1);
	CHECK_ERR(thing_with("html=403@CreateThing"), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "HTTP status 403") != NULL);
	CHECK_ERR(thing_with("html=302@CreateThing"), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "HTTP status 302") != NULL);

	/* Whose answer says nothing, and who may answer in XML. */
	standin_fault(&aws, "html");
	DO(iot_delete_thing_start(&call, cloud, "x", &f), f);
	CHECK_ERR(iot_take(call, &error, &f), TRUSTX_ERR_ISSUER);
	CHECK_ERR(iot_whoami(&who, cloud, &f), TRUSTX_ERR_ISSUER);
	cloud_close(cloud);
}

static void answers_that_break_off_are_no_success(void)
{
	static const char *const faults[] = { "truncate", "empty", "garbage", "huge" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		CHECK_ERR(thing_with(faults[i]), TRUSTX_ERR_ISSUER);
		CHECK(f.why[0] != '\0');
		for (const char *c = f.why; *c != '\0'; c++)
			CHECK(*c >= ' ' && *c <= '~');
	}
}

static bool go_on(void *ctx, const struct iot_certificate *cert)
{
	(void)cert;
	++*(unsigned *)ctx;
	return true;
}

static void a_list_without_an_end_is_left(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_certificate cert;
	struct cloud_call *call;
	unsigned seen = 0;
	json_t *names;

	standin_fault(&aws, NULL);
	DO(iot_create_certificate_start(&call, cloud, blob_text(&csr), &f), f);
	DO(iot_create_certificate_take(&cert, call, &error, &f), f);
	standin_control(
		&aws, "{\"copies\":{\"certificates\":150,\"things\":30},\"faults\":[\"endless\"]}");
	CHECK_ERR(iot_list_certificates(cloud, go_on, &seen, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "no end") != NULL);
	CHECK_INT(seen, 100);
	CHECK_ERR(iot_principal_things(&names, cloud, cert.arn, &f), TRUSTX_ERR_ISSUER);
	CHECK(names == NULL);
	iot_certificate_free(&cert);
	cloud_close(cloud);
}

static void nothing_is_found_until_aws_has_settled(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_certificate cert, same;
	struct cloud_call *call;
	enum trustx_err err;
	unsigned refused = 0;

	standin_fault(&aws, NULL);
	standin_control(&aws, "{\"settle\":300}");
	DO(iot_create_certificate_start(&call, cloud, blob_text(&csr), &f), f);
	DO(iot_create_certificate_take(&cert, call, &error, &f), f);
	while ((err = iot_describe_certificate(&same, cloud, cert.id, &f)) != TRUSTX_OK) {
		CHECK_ERR(err, TRUSTX_ERR_INPUT);
		CHECK(++refused < 100);
		iot_certificate_free(&same);
	}
	CHECK(refused > 0);
	standin_control(&aws, "{\"settle\":0}");
	iot_certificate_free(&cert);
	iot_certificate_free(&same);
	cloud_close(cloud);
}

/* ---- the clock ---- */

static void a_clock_that_is_off_is_corrected_once_and_told(void)
{
	static const long long offsets[] = { 86400, -86400, 1000 };

	for (size_t i = 0; i < 3; i++) {
		struct cloud *cloud = standin_open(aws.url);
		char host[IOT_ARN_MAX], wish[64];
		struct iot_identity who;

		standin_fault(&aws, NULL);
		snprintf(wish, sizeof(wish), "{\"clock\":%lld}", offsets[i]);
		standin_control(&aws, wish);
		DO(iot_endpoint(host, cloud, &f), f);
		DO(iot_endpoint(host, cloud, &f), f);
		DO(iot_whoami(&who, cloud, &f), f);
		cloud_stats(cloud, &stats);
		CHECK_INT(stats.requests, 4);
		CHECK(llabs(stats.clock_off - offsets[i]) <= 3);
		cloud_close(cloud);
	}
}

static void sts_tells_the_clock_too(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct iot_identity who;

	standin_fault(&aws, NULL);
	standin_control(&aws, "{\"clock\":-7200}");
	DO(iot_whoami(&who, cloud, &f), f);
	cloud_stats(cloud, &stats);
	CHECK(llabs(stats.clock_off + 7200) <= 3);
	cloud_close(cloud);
}

static void a_clock_that_cannot_be_corrected_is_an_error(void)
{
	CHECK_ERR(thing_with("refuse=RequestTimeTooSkewed"), TRUSTX_ERR_ISSUER);
	CHECK_INT(stats.requests, 2);
	CHECK(strstr(f.next, "clock") != NULL);
}

/* ---- who asks ---- */

static void a_wrong_secret_and_an_unknown_key_are_told_apart(void)
{
	struct iot_identity who;
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	standin_fault(&aws, NULL);
	setenv("AWS_SECRET_ACCESS_KEY", "wrong", 1);
	cloud = standin_open(aws.url);
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK_STR(f.next, "check the secret access key of the profile");
	CHECK_ERR(iot_whoami(&who, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "SignatureDoesNotMatch") != NULL);
	CHECK_STR(f.next, "check the secret access key of the profile");
	cloud_close(cloud);

	setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN", 1);
	cloud = standin_open(aws.url);
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.next, "check profile and region") != NULL);
	CHECK_ERR(iot_whoami(&who, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "InvalidClientTokenId") != NULL);
	CHECK(strstr(f.next, "check profile and region") != NULL);
	cloud_close(cloud);
	standin_environment();
}

static void another_region_is_refused(void)
{
	const struct cloud_options opt = { .region = "us-east-1", .endpoint_url = aws.url };
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	standin_fault(&aws, NULL);
	CHECK_OK(cloud_open(&cloud, &opt, &f));
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "valid region") != NULL);
	cloud_close(cloud);
}

/* ---- waiting ---- */

static bool stopped(void)
{
	return true;
}

static void a_request_that_waits_can_be_interrupted(void)
{
	struct cloud_options opt = { .region = STANDIN_REGION, .endpoint_url = aws.url };
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	opt.interrupted = stopped;
	standin_fault(&aws, "stall");
	CHECK_OK(cloud_open(&cloud, &opt, &f));
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_INTERRUPTED);
	CHECK_STR(f.what, "ask AWS: DescribeEndpoint");
	cloud_close(cloud);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Twenty requests of an operation that has 8 tokens, and gets 8 a second. */
static void requests_are_spread_before_aws_has_to_throttle(void)
{
	struct cloud *cloud = standin_open(aws.url);
	double begin = now();
	struct blob document;

	standin_fault(&aws, NULL);
	standin_control(&aws, "{\"rate\":10}");
	for (unsigned i = 0; i < 20; i++) {
		blob_init(&document, 1000);
		CHECK_ERR(iot_get_policy(&document, cloud, "none", &f), TRUSTX_ERR_INPUT);
		blob_free(&document);
	}
	CHECK(now() - begin > 1.2);
	CHECK(now() - begin < 10);
	CHECK_INT(standin_count(&aws, "requests"), 20);
	cloud_close(cloud);
}

static void a_throttled_account_is_asked_more_slowly(void)
{
	struct cloud *cloud = standin_open(aws.url);
	struct blob document;

	standin_fault(&aws, NULL);
	standin_control(&aws, "{\"rate\":2}");
	for (unsigned i = 0; i < 8; i++) {
		blob_init(&document, 1000);
		CHECK_ERR(iot_get_policy(&document, cloud, "none", &f), TRUSTX_ERR_INPUT);
		blob_free(&document);
	}
	cloud_stats(cloud, &stats);
	CHECK(stats.retries > 0);
	CHECK_INT(stats.requests, 8 + stats.retries);
	CHECK_INT(standin_count(&aws, "requests"), stats.requests);
	cloud_close(cloud);
}

/* Whatever happens to each of them, it is accounted for. */
static void seeded_trouble_ends_well_or_says_so(void)
{
	struct cloud *cloud = standin_open(aws.url);
	unsigned good = 0, unknown = 0;

	standin_control(&aws,
		"{\"reset\":true,\"clock\":0,\"rate\":0,\"seed\":7,\"faults\":[\"lost%0.1\","
		"\"error=500%0.1\",\"late-error=503%0.05\",\"half%0.05\",\"cut%0.05\"]}");
	for (unsigned i = 0; i < 12; i++) {
		struct iot_certificate cert;
		struct cloud_call *call;
		enum trustx_err err;

		DO(iot_create_certificate_start(&call, cloud, blob_text(&csr), &f), f);
		err = iot_create_certificate_take(&cert, call, &error, &f);
		good += err == TRUSTX_OK;
		unknown += err == TRUSTX_ERR_UNKNOWN_OUTCOME;
		iot_certificate_free(&cert);
	}
	CHECK_INT(good + unknown, 12);
	CHECK(good > 0 && unknown > 0);
	CHECK_INT(standin_count(&aws, "CreateCertificateFromCsr"), 12);
	CHECK(certificates_made() >= good && certificates_made() <= good + unknown);
	cloud_close(cloud);
}

int main(void)
{
	standin_environment();
	run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
	    "device.key "
	    "-out csr.pem -subj /CN=device 2>log");
	blob_init(&csr, 4096);
	CHECK_OK(file_read(&csr, "csr.pem", &f));
	standin_start(&aws, NULL);
	RUN(what_may_be_repeated_is);
	RUN(a_certificate_is_asked_for_once_when_its_answer_is_lost);
	RUN(a_certificate_that_was_surely_not_made_is_asked_for_again);
	RUN(throttling_ends_when_it_does_not_stop);
	RUN(lasting_trouble_ends_after_four_requests);
	RUN(what_aws_refuses_is_not_asked_again);
	RUN(a_page_of_somebody_else_is_no_success);
	RUN(answers_that_break_off_are_no_success);
	RUN(a_list_without_an_end_is_left);
	RUN(nothing_is_found_until_aws_has_settled);
	RUN(a_clock_that_is_off_is_corrected_once_and_told);
	RUN(sts_tells_the_clock_too);
	RUN(a_clock_that_cannot_be_corrected_is_an_error);
	RUN(a_wrong_secret_and_an_unknown_key_are_told_apart);
	RUN(another_region_is_refused);
	RUN(a_request_that_waits_can_be_interrupted);
	RUN(requests_are_spread_before_aws_has_to_throttle);
	RUN(a_throttled_account_is_asked_more_slowly);
	RUN(seeded_trouble_ends_well_or_says_so);
	standin_stop(&aws);
	blob_free(&csr);
	return 0;
}
