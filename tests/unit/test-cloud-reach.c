/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The way to AWS: TLS, proxies, time, who gives credentials, and what must not be left behind. */
#include "standin.h"

#include "http.h"
#include "shell.h"

#include <curl/curl.h>

#include <sys/stat.h>
#include <time.h>

#define JOURNAL "reach.jsonl"

static struct standin aws;
static struct cloud_error error;
static struct cloud_stats stats;
static struct fail f;

/* The linker leads the product's calls here: other time-outs, and AWS's fixed addresses at home. */
static long timeout_ms;
static const char *metadata;

CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	static const char *const services[] = { "http://169.254.169.254", "http://169.254.170.2" };
	char url[512];
	va_list args;
	void *value;

	va_start(args, option);
	value = va_arg(args, void *);
	va_end(args);
	if (option == CURLOPT_TIMEOUT_MS && timeout_ms != 0)
		return __real_curl_easy_setopt(easy, option, timeout_ms);
	for (size_t i = 0; i < 2 && option == CURLOPT_URL && metadata != NULL; i++) {
		size_t len = strlen(services[i]);

		if (strncmp(value, services[i], len) != 0)
			continue;
		snprintf(url, sizeof(url), "%s%s", metadata, (char *)value + len);
		return __real_curl_easy_setopt(easy, option, url);
	}
	return __real_curl_easy_setopt(easy, option, value);
}

/* ---- TLS ---- */

static void start_tls(const char *kind)
{
	const char *const options[] = { "--tls", kind, "--journal", JOURNAL, NULL };

	remove(JOURNAL);
	standin_start(&aws, options);
}

static enum trustx_err ask_endpoint(const char *url, const char *roots)
{
	const struct cloud_options opt = {
		.region = STANDIN_REGION, .endpoint_url = url, .ca_bundle = roots, .backoff_ms = 1
	};
	struct cloud *cloud;
	char host[IOT_ARN_MAX];
	enum trustx_err err;

	DO(cloud_open(&cloud, &opt, &f), f);
	err = iot_endpoint(host, cloud, &f);
	cloud_stats(cloud, &stats);
	cloud_close(cloud);
	return err;
}

static void one_handshake_serves_all_requests(void)
{
	const struct iot_thing_wish a = { .name = "a" }, b = { .name = "b" };
	struct cloud_options opt = { .region = STANDIN_REGION, .ca_bundle = "tls/roots.pem" };
	struct cloud *cloud;
	unsigned requests, connections;
	char arn[IOT_ARN_MAX];
	struct cloud_call *calls[2];

	start_tls("good");
	opt.endpoint_url = aws.url;
	DO(cloud_open(&cloud, &opt, &f), f);
	DO(iot_endpoint(arn, cloud, &f), f);
	DO(iot_create_thing_start(&calls[0], cloud, &a, &f), f);
	DO(iot_create_thing_start(&calls[1], cloud, &b, &f), f);
	DO(iot_create_thing_take(arn, calls[1], &error, &f), f);
	DO(iot_create_thing_take(arn, calls[0], &error, &f), f);
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.connections, 1);
	standin_read_journal(JOURNAL, &requests, &connections);
	CHECK_INT(requests, 3);
	CHECK_INT(connections, 1);
	cloud_close(cloud);
	standin_stop(&aws);
}

static void a_server_that_is_not_aws_gets_no_request(void)
{
	static const struct {
		const char *kind, *roots;
	} cases[] = {
		{ "self-signed", "tls/roots.pem" },
		{ "wrong-host", "tls/roots.pem" },
		{ "expired", "tls/roots.pem" },
		{ "good", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned requests, connections;

		start_tls(cases[i].kind);
		CHECK_ERR(ask_endpoint(aws.url, cases[i].roots), TRUSTX_ERR_ISSUER);
		CHECK(strstr(f.why, "is not trusted: ") != NULL);
		CHECK(strstr(f.why, aws.url) != NULL);
		CHECK(strstr(f.next, "clock") != NULL && strstr(f.next, "--ca-bundle") != NULL);
		CHECK_INT(stats.requests, 1);
		standin_read_journal(JOURNAL, &requests, &connections);
		CHECK_INT(requests, 0);
		standin_stop(&aws);
	}
}

static void roots_that_are_not_there_are_named(void)
{
	const struct cloud_options opt = { .region = STANDIN_REGION,
		.endpoint_url = "https://localhost",
		.ca_bundle = "no-such-roots.pem" };
	struct cloud *cloud;

	CHECK_ERR(cloud_open(&cloud, &opt, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "no-such-roots.pem") != NULL);
}

static void a_server_without_tls_is_not_reached(void)
{
	char url[80];

	standin_start(&aws, NULL);
	snprintf(url, sizeof(url), "https://127.0.0.1:%u", aws.port);
	CHECK_ERR(ask_endpoint(url, NULL), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "cannot be reached: ") != NULL);
	standin_stop(&aws);
}

/* ---- the network ---- */

static void a_host_that_is_not_there_is_named(void)
{
	CHECK_ERR(ask_endpoint("http://127.0.0.1:1", NULL), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "http://127.0.0.1:1 cannot be reached: ") != NULL);
	CHECK(strstr(f.next, "network") != NULL && strstr(f.next, "region") != NULL);
	CHECK_INT(stats.requests, 4);
	CHECK_ERR(ask_endpoint("https://nowhere.invalid", NULL), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "nowhere.invalid cannot be reached: ") != NULL);
}

static void a_proxy_that_is_not_there_is_named(void)
{
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	CHECK_ERR(ask_endpoint("https://iot.eu-central-1.amazonaws.com", NULL), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "cannot be reached: ") != NULL);
	CHECK(strstr(f.why, "127.0.0.1") != NULL);
	CHECK(strstr(f.next, "HTTPS_PROXY") != NULL);
	unsetenv("https_proxy");
}

static void a_proxy_that_refuses_is_no_lost_answer(void)
{
	struct cloud_options opt = { .region = STANDIN_REGION, .backoff_ms = 1 };
	struct cloud *cloud;
	struct cloud_call *call;
	struct iot_certificate cert;

	standin_start(&aws, NULL);
	setenv("https_proxy", aws.url, 1);
	opt.endpoint_url = "https://iot.eu-central-1.amazonaws.com";
	DO(cloud_open(&cloud, &opt, &f), f);
	DO(iot_create_certificate_start(&call, cloud, "CSR", &f), f);
	CHECK_ERR(iot_create_certificate_take(&cert, call, &error, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "cannot be reached: ") != NULL);
	cloud_close(cloud);
	unsetenv("https_proxy");
	standin_stop(&aws);
}

static void a_server_that_says_nothing_is_given_up(void)
{
	const char *const options[] = { "--fault", "stall", NULL };

	standin_start(&aws, options);
	timeout_ms = 200;
	CHECK_ERR(ask_endpoint(aws.url, NULL), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "no usable answer, 4 times: ") != NULL);
	timeout_ms = 0;
	CHECK_INT(standin_count(&aws, "requests"), 4);
	standin_stop(&aws);
}

/* As while a chip makes its key: AWS ends connections that are not used. */
static void a_connection_that_ended_meanwhile_loses_nothing(void)
{
	const struct timespec pause = { 0, 100 * 1000000 };
	const char *const options[] = { "--fault", "hangup", NULL };
	struct iot_certificate cert;
	struct cloud_call *call;
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	standin_start(&aws, options);
	cloud = standin_open(aws.url);
	DO(iot_endpoint(host, cloud, &f), f);
	nanosleep(&pause, NULL);
	DO(iot_create_certificate_start(&call, cloud, "CSR", &f), f);
	CHECK_ERR(iot_create_certificate_take(&cert, call, &error, &f), TRUSTX_ERR_ISSUER);
	CHECK_STR(error.name, "InvalidRequestException");
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.connections, 2);
	CHECK_INT(stats.retries, 0);
	cloud_close(cloud);
	standin_stop(&aws);
}

/* ---- who gives credentials ---- */

static enum trustx_err whoami(bool imds)
{
	struct cloud_options opt = {
		.region = STANDIN_REGION, .endpoint_url = aws.url, .imds = imds
	};
	struct iot_identity who;
	struct cloud *cloud;
	enum trustx_err err;

	if ((err = cloud_open(&cloud, &opt, &f)) == TRUSTX_OK)
		err = iot_whoami(&who, cloud, &f);
	cloud_close(cloud);
	return err;
}

static void put_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	CHECK(chmod(path, 0700) == 0);
}

static void a_container_gives_credentials(void)
{
	char url[128];

	standin_start(&aws, NULL);
	standin_forget();
	snprintf(url, sizeof(url), "%s/_container", aws.url);
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
	setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token", 1);
	/* It is on this computer, whatever stands in between to others. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("no_proxy", "", 1);
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "cannot be reached") != NULL);
	unsetenv("http_proxy");
	DO(whoami(false), f);
	put_text("container-token", "container-token");
	setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "container-token", 1);
	setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this one", 1);
	DO(whoami(false), f);

	put_text("container-token", "a\r\nb: c");
	CHECK_ERR(whoami(false), TRUSTX_ERR_INPUT);
	put_text("container-token", "wrong");
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "the container's endpoint answered with HTTP status 401") != NULL);
	CHECK_STR(f.what, "find AWS credentials");
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/", 1);
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "the container's endpoint does not answer") != NULL);
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/", 1);
	CHECK_ERR(whoami(false), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "AWS_CONTAINER_CREDENTIALS_FULL_URI") != NULL);
	standin_stop(&aws);
}

/* As in ECS: a path at an address that is always the same. */
static void a_task_gives_credentials(void)
{
	standin_start(&aws, NULL);
	standin_forget();
	setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/_container", 1);
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/", 1);
	setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token", 1);
	metadata = aws.url;
	DO(whoami(false), f);
	setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/latest/nothing", 1);
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "the container's endpoint answered with HTTP status 401") != NULL);
	metadata = NULL;
	standin_stop(&aws);
}

static void an_instance_gives_credentials_only_when_asked(void)
{
	standin_start(&aws, NULL);
	standin_forget();
	metadata = aws.url;
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "no AWS credentials") != NULL);
	DO(whoami(true), f);
	setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
	CHECK_ERR(whoami(true), TRUSTX_ERR_ISSUER);
	unsetenv("AWS_EC2_METADATA_DISABLED");
	metadata = "http://127.0.0.1:1";
	CHECK_ERR(whoami(true), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "the instance metadata service does not answer") != NULL);
	metadata = NULL;
	standin_stop(&aws);
}

static unsigned runs(void)
{
	struct stat st;

	return stat("runs", &st) == 0 ? (unsigned)st.st_size : 0;
}

/* A program that gives credentials for so many seconds; "fail" there makes it fail. */
static void give_by_process(int seconds)
{
	char text[1024];

	remove("runs");
	remove("fail");
	snprintf(text, sizeof(text),
		"#!/bin/sh\n[ ! -e fail ] || exit 1\nprintf . >>runs\nprintf '{\"Version\":1,"
		"\"AccessKeyId\":\"" STANDIN_SESSION_KEY "\",\"SecretAccessKey\":"
		"\"" STANDIN_SESSION_SECRET "\",\"SessionToken\":\"" STANDIN_TOKEN "\","
		"\"Expiration\":\"%%s\"}' \"$(date -u -d '%d seconds' "
		"+%%Y-%%m-%%dT%%H:%%M:%%SZ)\"\n",
		seconds);
	put_text("process", text);
	put_text("process-config", "[default]\ncredential_process = ./process\n");
	standin_forget();
	setenv("AWS_CONFIG_FILE", "process-config", 1);
}

static void credentials_are_renewed_in_time(void)
{
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	standin_start(&aws, NULL);
	give_by_process(3600);
	cloud = standin_open(aws.url);
	DO(iot_endpoint(host, cloud, &f), f);
	CHECK_INT(runs(), 1);
	cloud_close(cloud);

	give_by_process(200);
	cloud = standin_open(aws.url);
	DO(iot_endpoint(host, cloud, &f), f);
	CHECK_INT(runs(), 2);
	put_text("fail", "");
	DO(iot_endpoint(host, cloud, &f), f);
	cloud_close(cloud);

	give_by_process(-10);
	cloud = standin_open(aws.url);
	put_text("fail", "");
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "process") != NULL);
	cloud_close(cloud);
	standin_stop(&aws);
}

static void an_expired_token_is_replaced_once(void)
{
	const char *const options[] = { "--fault", "expired#1", NULL };
	struct cloud *cloud;
	char host[IOT_ARN_MAX];

	standin_start(&aws, options);
	give_by_process(3600);
	cloud = standin_open(aws.url);
	DO(iot_endpoint(host, cloud, &f), f);
	CHECK_INT(runs(), 2);
	cloud_stats(cloud, &stats);
	CHECK_INT(stats.requests, 2);

	standin_fault(&aws, "expired");
	CHECK_ERR(iot_endpoint(host, cloud, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "ExpiredTokenException") != NULL);
	CHECK(strstr(f.next, "log in again") != NULL);
	CHECK_INT(standin_count(&aws, "requests"), 2);
	standin_fault(&aws, NULL);
	DO(iot_endpoint(host, cloud, &f), f);
	cloud_close(cloud);

	standin_environment();
	setenv("AWS_ACCESS_KEY_ID", STANDIN_SESSION_KEY, 1);
	setenv("AWS_SECRET_ACCESS_KEY", STANDIN_SESSION_SECRET, 1);
	setenv("AWS_SESSION_TOKEN", "expired", 1);
	CHECK_ERR(whoami(false), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "ExpiredToken: ") != NULL);
	standin_stop(&aws);
}

/* ---- secrets ---- */

/* Is secret in the heap, but for where it stands now? */
static bool is_in_heap(const char *secret)
{
	size_t len = strlen(secret);
	const char *from = NULL, *to = NULL;
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long begin, end;
	char line[512];
	bool found = false;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL)
		if (strstr(line, "[heap]") != NULL && sscanf(line, "%lx-%lx", &begin, &end) == 2) {
			from = (const char *)(uintptr_t)begin;
			to = (const char *)(uintptr_t)end;
		}
	if (maps != NULL)
		fclose(maps);
	for (; from != NULL && from + len <= to && !found; from++)
		found = memcmp(from, secret, len) == 0;
	return found;
}

static void write_backwards(int fd, const char *text)
{
	for (size_t i = strlen(text); i-- > 0;)
		CHECK(write(fd, &text[i], 1) == 1);
}

static void no_secret_is_left_in_memory(void)
{
	/* Backwards here: it must not be anywhere by itself. */
	static const char backwards[] = "YEKELPMAXEYCifRxPb/GNEDM7K/IMEFntUXrlaJw",
			  beginning[] = "[default]\naws_access_key_id = " STANDIN_KEY
					"\naws_secret_access_key = ";
	char secret[sizeof(backwards)] = "", derived[sizeof(backwards) + 4] = "AWS4";
	struct iot_identity who;
	struct cloud *cloud;
	int fd = open("secret-credentials", O_CREAT | O_TRUNC | O_WRONLY, 0600);

	CHECK(write(fd, beginning, sizeof(beginning) - 1) == sizeof(beginning) - 1);
	write_backwards(fd, backwards);
	close(fd);
	standin_start(&aws, NULL);
	standin_forget();
	setenv("AWS_SHARED_CREDENTIALS_FILE", "secret-credentials", 1);
	cloud = standin_open(aws.url);
	DO(iot_whoami(&who, cloud, &f), f);
	for (size_t i = 0; i + 1 < sizeof(backwards); i++)
		secret[i] = backwards[sizeof(backwards) - 2 - i];
	memcpy(derived + 4, secret, sizeof(secret));
#if !defined(__SANITIZE_ADDRESS__)
	CHECK(is_in_heap(secret));
#endif
	CHECK(!is_in_heap(derived));
	cloud_close(cloud);
	CHECK(!is_in_heap(secret));
	standin_stop(&aws);
}

/* What is said when something goes wrong, and what other programs see of us. */
static void no_secret_is_said(void)
{
	static const char *const faults[] = { "refuse=AccessDeniedException", "html", "error=500",
		"lost", "expired", "garbage" };

	standin_environment();
	setenv("AWS_ACCESS_KEY_ID", STANDIN_SESSION_KEY, 1);
	setenv("AWS_SECRET_ACCESS_KEY", STANDIN_SESSION_SECRET, 1);
	setenv("AWS_SESSION_TOKEN", STANDIN_TOKEN, 1);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *const options[] = { "--fault", faults[i], NULL };

		standin_start(&aws, options);
		CHECK_ERR(ask_endpoint(aws.url, NULL), TRUSTX_ERR_ISSUER);
		CHECK(strstr(f.why, STANDIN_SESSION_SECRET) == NULL);
		CHECK(strstr(f.why, STANDIN_TOKEN) == NULL);
		CHECK(strstr(f.next, STANDIN_TOKEN) == NULL);
		standin_stop(&aws);
	}
	standin_environment();
}

int main(void)
{
	/* Before anything of the secret can have come into the heap. */
	RUN(no_secret_is_left_in_memory);
	standin_environment();
	RUN(one_handshake_serves_all_requests);
	RUN(a_server_that_is_not_aws_gets_no_request);
	RUN(roots_that_are_not_there_are_named);
	RUN(a_server_without_tls_is_not_reached);
	RUN(a_host_that_is_not_there_is_named);
	RUN(a_proxy_that_is_not_there_is_named);
	RUN(a_proxy_that_refuses_is_no_lost_answer);
	RUN(a_server_that_says_nothing_is_given_up);
	RUN(a_connection_that_ended_meanwhile_loses_nothing);
	RUN(a_container_gives_credentials);
	RUN(a_task_gives_credentials);
	RUN(an_instance_gives_credentials_only_when_asked);
	RUN(credentials_are_renewed_in_time);
	RUN(an_expired_token_is_replaced_once);
	RUN(no_secret_is_said);
	return 0;
}
