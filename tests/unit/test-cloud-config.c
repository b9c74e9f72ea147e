/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Profile, region, endpoints and credentials, found where the AWS tools find them. */
#include "config.h"
#include "credentials.h"
#include "test.h"

#include <limits.h>
#include <sys/stat.h>

#define ANSWER "TEST_ANSWER" /* of another program, as which this one calls itself */

static const char *const variables[] = { "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION",
	"AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_IOT", "AWS_ENDPOINT_URL_STS",
	"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_CA_BUNDLE", "AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" };

static void put_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	CHECK(chmod(path, mode) == 0);
}

/* Files of these contents, and none of the variables. */
static void start(const char *config, const char *credentials)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	setenv("AWS_CONFIG_FILE", "aws-config", 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "aws-credentials", 1);
	setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
	put_file("aws-config", config, 0600);
	put_file("aws-credentials", credentials, 0600);
}

static enum trustx_err load(struct config *config, const struct cloud_options *opt, struct fail *f)
{
	static const struct cloud_options none;

	return config_load(config, opt != NULL ? opt : &none, f);
}

static void check_region(const struct cloud_options *opt, const char *want, const char *from)
{
	struct config config;
	struct fail f;

	CHECK_OK(load(&config, opt, &f));
	CHECK_STR(config.region, want);
	CHECK_STR(config.region_from, from);
	config_free(&config);
}

static void the_region_is_the_first_that_is_given(void)
{
	const struct cloud_options opt = { .region = "eu-west-1" };
	struct config config;
	struct fail f;

	start("[default]\nregion = eu-central-1 # here\n", "");
	check_region(NULL, "eu-central-1", "the profile");
	setenv("AWS_DEFAULT_REGION", "us-east-1", 1);
	check_region(NULL, "us-east-1", "AWS_DEFAULT_REGION");
	setenv("AWS_REGION", "us-west-2", 1);
	check_region(NULL, "us-west-2", "AWS_REGION");
	check_region(&opt, "eu-west-1", "--region");

	start("", "");
	CHECK_ERR(load(&config, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.next, "--region") != NULL);
	config_free(&config);
	setenv("AWS_REGION", "eu west", 1);
	CHECK_ERR(load(&config, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "AWS_REGION") != NULL);
	config_free(&config);
}

static void files_may_be_written_in_many_ways(void)
{
	struct cloud_options opt = { .profile = "my line" };

	start("[ profile  \"my  line\" ]\nRegion: eu-west-3\n", "");
	check_region(&opt, "eu-west-3", "the profile");
	start("\xEF\xBB\xBF# by hand\r\n[profile 'my line']\r\n; so\r\nregion=eu-west-3\r\n", "");
	check_region(&opt, "eu-west-3", "the profile");
}

static void check_endpoint(const struct cloud_options *opt, const char *iot, const char *sts)
{
	struct config config;
	struct fail f;

	CHECK_OK(load(&config, opt, &f));
	CHECK_STR(config.iot, iot);
	CHECK_STR(config.sts, sts);
	config_free(&config);
}

static void the_endpoint_follows_region_and_partition(void)
{
	static const char iot[] = "https://iot.eu-central-1.amazonaws.com";
	const struct cloud_options china = { .region = "cn-north-1" };

	start("[default]\nregion=eu-central-1\n", "");
	check_endpoint(NULL, iot, "https://sts.eu-central-1.amazonaws.com");
	check_endpoint(&china, "https://iot.cn-north-1.amazonaws.com.cn",
		"https://sts.cn-north-1.amazonaws.com.cn");
	CHECK_STR(config_partition("cn-north-1"), "aws-cn");
	CHECK_STR(config_partition("us-gov-west-1"), "aws-us-gov");
	CHECK_STR(config_partition("us-west-1"), "aws");
}

static void an_endpoint_may_be_given_in_many_places(void)
{
	static const char config[] = "[default]\nregion=eu-central-1\n"
				     "endpoint_url = https://p.example\nservices = s\n"
				     "[services s]\niot =\n  endpoint_url = https://s.example/\n";
	const struct cloud_options opt = { .endpoint_url = "http://127.0.0.1:5000/" };

	start(config, "");
	check_endpoint(NULL, "https://s.example", "https://p.example");
	setenv("AWS_ENDPOINT_URL", "https://e.example", 1);
	check_endpoint(NULL, "https://e.example", "https://e.example");
	setenv("AWS_ENDPOINT_URL_IOT", "https://i.example", 1);
	check_endpoint(NULL, "https://i.example", "https://e.example");
	setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE", 1);
	check_endpoint(NULL, "https://iot.eu-central-1.amazonaws.com",
		"https://sts.eu-central-1.amazonaws.com");
	check_endpoint(&opt, "http://127.0.0.1:5000", "http://127.0.0.1:5000");
}

static void what_is_in_the_clear_needs_a_word(void)
{
	static const char *const bad[] = { "http://iot.example", "ftp://x", "https://",
		"https:///x", "iot.example", "http://127.0.0.1.example", "https://a b" };
	struct cloud_options opt = { .region = "eu-west-1" };
	struct config config;
	struct fail f;

	start("", "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		opt.endpoint_url = bad[i];
		CHECK_ERR(load(&config, &opt, &f), TRUSTX_ERR_INPUT);
		config_free(&config);
	}
	opt.endpoint_url = "http://iot.example";
	opt.allow_http = true;
	CHECK_OK(load(&config, &opt, &f));
	config_free(&config);
}

static void an_unknown_profile_names_those_there_are(void)
{
	const struct cloud_options opt = { .profile = "lin" };
	struct config config;
	struct fail f;

	start("[profile line]\nregion=eu-west-1\n", "[old]\naws_access_key_id=A\n");
	CHECK_ERR(load(&config, &opt, &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.next, "known are line, old");
	config_free(&config);
}

static void a_broken_file_is_named_by_line(void)
{
	static const char *const bad[] = { "region=x\n", "[default\n", "[default]\nregion\n" };
	struct config config;
	struct fail f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start(bad[i], "");
		CHECK_ERR(load(&config, NULL, &f), TRUSTX_ERR_INPUT);
		CHECK(strstr(f.why, "aws-config, line") != NULL);
		config_free(&config);
	}
}

/* ---- credentials ---- */

static enum trustx_err find(
	struct credentials *out, const struct cloud_options *opt, struct fail *f)
{
	struct config config;
	struct http *http;
	enum trustx_err err;

	memset(out, 0, sizeof(*out));
	CHECK_OK(http_new(&http, NULL, f));
	CHECK_OK(load(&config, opt, f));
	err = credentials_find(out, &config, opt, http, f);
	config_free(&config);
	http_free(http);
	return err;
}

static void check_found(const struct cloud_options *opt, const char *key, const char *source)
{
	struct credentials found;
	struct fail f;

	CHECK_OK(find(&found, opt, &f));
	CHECK_STR(found.access_key, key);
	CHECK_STR(found.source, source);
	credentials_wipe(&found);
}

static void credentials_come_in_the_order_of_the_aws_tools(void)
{
	struct cloud_options opt = { .region = "eu-west-1" };

	start("[profile p]\ncredential_process = process \"a b\"\n",
		"[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
	check_found(&opt, "FILE", "the AWS profile");
	setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
	setenv("AWS_SESSION_TOKEN", "t", 1);
	check_found(&opt, "ENV", "the environment");
	opt.profile = "default";
	check_found(&opt, "FILE", "the AWS profile");
}

static void a_program_may_give_them(const char *self)
{
	struct cloud_options opt = { .region = "eu-west-1", .profile = "p" };
	struct credentials found;
	struct fail f;
	char config[PATH_MAX + 100];

	snprintf(config, sizeof(config),
		"[profile p]\ncredential_process = \"%s\" \"a b\" c\" \"d e\\\"f\n", self);
	start(config, "");
	setenv(ANSWER,
		"{\"Version\":1,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"s\","
		"\"SessionToken\":\"t\",\"Expiration\":\"2030-01-01T00:00:00Z\"}",
		1);
	CHECK_OK(find(&found, &opt, &f));
	CHECK_STR(found.access_key, "P");
	CHECK_STR(blob_text(&found.token), "t");
	CHECK_INT(found.expires, 1893456000);
	credentials_wipe(&found);

	setenv(ANSWER, "fail", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "exit status 7") != NULL);
	setenv(ANSWER, "[]", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	setenv(ANSWER, "{\"Version\":2,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"s\"}", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "unknown version") != NULL);
	setenv(ANSWER, "{\"AccessKeyId\":\"P\"}", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	credentials_wipe(&found);
	unsetenv(ANSWER);
}

static void sso_and_roles_are_the_aws_clis_part(const char *self)
{
	struct cloud_options opt = { .region = "eu-west-1", .profile = "p", .aws_program = self };
	struct credentials found;
	struct fail f;

	start("[profile p]\nsso_session = x\n", "");
	setenv(ANSWER, "{\"AccessKeyId\":\"C\",\"SecretAccessKey\":\"s\"}", 1);
	CHECK_OK(find(&found, &opt, &f));
	CHECK_STR(found.access_key, "C");
	credentials_wipe(&found);
	unsetenv(ANSWER);
	opt.aws_program = "./no-such-aws";
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.next, "aws sso login") != NULL);
	credentials_wipe(&found);
}

static void what_is_missing_or_broken_is_said(void)
{
	struct cloud_options opt = { .region = "eu-west-1" };
	struct credentials found;
	struct fail f;

	start("", "");
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.next, "aws configure") != NULL);
	setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.why, "AWS_SECRET_ACCESS_KEY is not") != NULL);
	setenv("AWS_SECRET_ACCESS_KEY", "a\nb", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_INPUT);
	start("", "[default]\naws_access_key_id = A\n");
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	start("", "");
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.org/x", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_INPUT);
	setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_ISSUER);
	setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nb", 1);
	CHECK_ERR(find(&found, &opt, &f), TRUSTX_ERR_INPUT);
	credentials_wipe(&found);
}

/* As the program of a profile, or as the AWS CLI. */
static int give_credentials(int argc, char **argv, const char *answer)
{
	static const char *const words[] = { "a b", "c d", "e\"f" };
	static const char *const cli[] = { "configure", "export-credentials", "--profile", "p",
		"--format", "process" };
	const bool is_cli = argc == 7;

	CHECK(argc == 4 || is_cli);
	for (int i = 1; i < argc; i++)
		CHECK_STR(argv[i], is_cli ? cli[i - 1] : words[i - 1]);
	if (strcmp(answer, "fail") == 0)
		return 7;
	puts(answer);
	return 0;
}

int main(int argc, char **argv)
{
	char self[PATH_MAX];

	if (getenv(ANSWER) != NULL)
		return give_credentials(argc, argv, getenv(ANSWER));
	CHECK(argc == 1 && realpath(argv[0], self) != NULL);
	RUN(the_region_is_the_first_that_is_given);
	RUN(files_may_be_written_in_many_ways);
	RUN(the_endpoint_follows_region_and_partition);
	RUN(an_endpoint_may_be_given_in_many_places);
	RUN(what_is_in_the_clear_needs_a_word);
	RUN(an_unknown_profile_names_those_there_are);
	RUN(a_broken_file_is_named_by_line);
	RUN(credentials_come_in_the_order_of_the_aws_tools);
	a_program_may_give_them(self);
	sso_and_roles_are_the_aws_clis_part(self);
	RUN(what_is_missing_or_broken_is_said);
	return 0;
}
