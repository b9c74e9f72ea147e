/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "credentials.h"

#include "child.h"
#include "file.h"
#include "mem.h"
#include "utc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN_MAX      16384u
#define OUTPUT_MAX     65536u
#define WORDS_MAX      32
#define COMMAND_MAX    1024
#define PROCESS_S      60u
#define METADATA       "http://169.254.169.254/latest/"
#define METADATA_MS    1000u
#define CONTAINER_HOST "http://169.254.170.2"

/* One place to look; *found stays false when there is nothing of that kind. */
struct search {
	struct credentials *out;
	const struct config *config;
	const struct cloud_options *opt;
	struct http *http;
	bool found;
};

void credentials_wipe(struct credentials *out)
{
	blob_free(&out->token);
	mem_wipe(out, sizeof(*out));
	blob_init(&out->token, TOKEN_MAX);
}

/* A blank or a line end in one of them would break the request it is put in. */
static bool is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static enum trustx_err take(
	struct credentials *out, const char *const keys[3], const char *source, struct fail *f)
{
	credentials_wipe(out);
	if (strlen(keys[0]) >= CREDENTIALS_KEY_MAX || strlen(keys[1]) >= CREDENTIALS_KEY_MAX ||
		!is_clean(keys[0]) || !is_clean(keys[1]) || !is_clean(keys[2] ? keys[2] : ""))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the credentials of %s are too long, or hold characters that keys have not",
			source);
	snprintf(out->access_key, sizeof(out->access_key), "%s", keys[0]);
	snprintf(out->secret, sizeof(out->secret), "%s", keys[1]);
	out->source = source;
	if (keys[2] == NULL || keys[2][0] == '\0')
		return TRUSTX_OK;
	if (blob_addf(&out->token, "%s", keys[2]) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "the session token of %s is too long", source);
	return TRUSTX_OK;
}

/* ---- environment and files ---- */

static enum trustx_err from_environment(struct search *s, struct fail *f)
{
	const char *keys[3] = { config_env("AWS_ACCESS_KEY_ID"),
		config_env("AWS_SECRET_ACCESS_KEY"), config_env("AWS_SESSION_TOKEN") };

	if (s->config->profile_by_option || (keys[0] == NULL && keys[1] == NULL))
		return TRUSTX_OK;
	if (keys[0] == NULL || keys[1] == NULL) {
		fail_set(f, TRUSTX_ERR_ISSUER, "%s is set, but %s is not",
			keys[0] != NULL ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
			keys[0] != NULL ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
		return fail_next(f, "set both, or none and use a profile");
	}
	s->found = true;
	return take(s->out, keys, "the environment", f);
}

static enum trustx_err from_profile(struct search *s, struct fail *f)
{
	const char *keys[3] = { config_secret(s->config, "aws_access_key_id"),
		config_secret(s->config, "aws_secret_access_key"),
		config_secret(s->config, "aws_session_token") };

	if (keys[0] == NULL && keys[1] == NULL)
		return TRUSTX_OK;
	if (keys[0] == NULL || keys[1] == NULL)
		return fail_set(f, TRUSTX_ERR_ISSUER, "the AWS profile '%s' has no %s",
			s->config->profile,
			keys[0] == NULL ? "aws_access_key_id" : "aws_secret_access_key");
	s->found = true;
	return take(s->out, keys, "the AWS profile", f);
}

/* ---- JSON ---- */

/* "2026-01-31T12:00:00Z", also with a fraction or "+00:00". 0: not that. */
static int64_t parse_time(const char *text)
{
	int64_t seconds;

	return text != NULL && utc_parse_iso(&seconds, text) ? seconds : 0;
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static enum trustx_err take_json(
	struct credentials *out, const json_t *object, const char *from, struct fail *f)
{
	const char *keys[3] = { text_of(object, "AccessKeyId"), text_of(object, "SecretAccessKey"),
		text_of(object, "SessionToken") };
	const json_t *version = json_object_get(object, "Version");
	enum trustx_err err;

	if (version != NULL && json_integer_value(version) != 1)
		return fail_set(
			f, TRUSTX_ERR_ISSUER, "what %s gave is of an unknown version", from);

	if (keys[2] == NULL)
		keys[2] = text_of(object, "Token");
	if (keys[0] == NULL || keys[1] == NULL)
		return fail_set(f, TRUSTX_ERR_ISSUER,
			"what %s gave has no AccessKeyId and SecretAccessKey", from);
	if ((err = take(out, keys, from, f)) != TRUSTX_OK)
		return err;
	out->expires = parse_time(text_of(object, "Expiration"));
	return TRUSTX_OK;
}

enum trustx_err credentials_parse(
	struct credentials *out, const struct blob *json, const char *from, struct fail *f)
{
	json_error_t where;
	json_t *object = json_loadb(blob_text(json), json->len, JSON_REJECT_DUPLICATES, &where);
	enum trustx_err err;

	if (json_is_object(object))
		err = take_json(out, object, from, f);
	else
		err = fail_set(f, TRUSTX_ERR_ISSUER, "what %s gave is no JSON object", from);
	json_decref(object);
	return err;
}

/* ---- programs ---- */

static enum trustx_err run_program(
	struct search *s, const char *const *argv, const char *from, struct fail *f)
{
	struct child child = { .argv = argv, .timeout_s = PROCESS_S, .stop = s->opt->interrupted };
	struct blob output;
	enum trustx_err err;

	blob_init(&output, OUTPUT_MAX);
	if ((err = child_run(&output, &child, f)) == TRUSTX_OK)
		err = credentials_parse(s->out, &output, from, f);
	blob_free(&output);
	s->found = true;
	return err;
}

static enum trustx_err from_process(struct search *s, struct fail *f)
{
	const char *command = config_secret(s->config, "credential_process");
	const char *words[WORDS_MAX];
	char text[COMMAND_MAX];

	if (command == NULL)
		return TRUSTX_OK;
	snprintf(text, sizeof(text), "%s", command);
	if (strlen(command) >= sizeof(text) || !child_split(text, words, WORDS_MAX))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the credential_process of the AWS profile '%s' is no command",
			s->config->profile);
	return run_program(s, words, "credential_process", f);
}

static bool needs_aws_cli(const struct config *config)
{
	static const char *const keys[] = { "sso_session", "sso_start_url", "role_arn",
		"web_identity_token_file", "login_session" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (config_secret(config, keys[i]) != NULL)
			return true;
	return config_env("AWS_WEB_IDENTITY_TOKEN_FILE") != NULL && !config->profile_given;
}

/* Its tokens and their renewal are its own; it knows how to hand the result on. */
static enum trustx_err from_aws_cli(struct search *s, struct fail *f)
{
	const char *program = s->opt->aws_program != NULL ? s->opt->aws_program : "aws";
	const char *argv[] = { program, "configure", "export-credentials", "--profile",
		s->config->profile, "--format", "process", NULL };
	enum trustx_err err;

	if (!needs_aws_cli(s->config))
		return TRUSTX_OK;
	if ((err = run_program(s, argv, "the AWS CLI", f)) != TRUSTX_ERR_ISSUER)
		return err;
	f->next[0] = '\0';
	return fail_next(f,
		"the profile '%s' needs the AWS CLI version 2: log in (aws sso login "
		"--profile %s), then try: aws configure export-credentials --profile %s",
		s->config->profile, s->config->profile, s->config->profile);
}

/* ---- endpoints ---- */

static enum trustx_err ask(struct blob *body, struct search *s, const struct http_request *rq,
	const char *from, struct fail *f)
{
	const struct http_answer *answer;
	struct http_call *call;
	enum trustx_err err;

	if ((err = http_begin(&call, s->http, rq, f)) != TRUSTX_OK)
		return err;
	while ((answer = http_answer(call)) == NULL)
		http_pump(s->http, 100);
	if (answer->outcome != HTTP_ANSWER)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "%s does not answer: %s", from, answer->why);
	else if (answer->status != 200)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "%s answered with HTTP status %ld", from,
			answer->status);
	else if (blob_add(body, answer->body.data, answer->body.len) != TRUSTX_OK)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "the answer of %s is too long", from);
	http_end(call);
	return err;
}

/* Where credentials may be sent in the clear: this computer and the fixed addresses of AWS. */
static bool is_container_host(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]", "169.254.170.2",
		"169.254.170.23", "[fd00:ec2::23]" };
	const char *host = strstr(url, "://") + 3;
	size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strlen(hosts[i]) == len && strncmp(host, hosts[i], len) == 0)
			return true;
	return false;
}

static enum trustx_err container_url(char *url, size_t cap, struct fail *f)
{
	const char *relative = config_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = config_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");

	url[0] = '\0';
	if (relative != NULL)
		snprintf(url, cap, CONTAINER_HOST "%s", relative);
	else if (full != NULL &&
		 (strncmp(full, "https://", 8) == 0 ||
			 (strncmp(full, "http://", 7) == 0 && is_container_host(full))))
		snprintf(url, cap, "%s", full);
	else if (full != NULL)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that is not known to give "
			"credentials");
	return TRUSTX_OK;
}

static enum trustx_err container_token(struct blob *header, struct fail *f)
{
	const char *path = config_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = config_env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	enum trustx_err err;

	if (path == NULL && token == NULL)
		return TRUSTX_OK;
	if ((err = blob_addf(header, "Authorization: %s", path == NULL ? token : "")) != TRUSTX_OK)
		return fail_set(f, err, "the container's token is too long");
	if (path != NULL && (err = file_read(header, path, f)) != TRUSTX_OK)
		return err;
	if (strpbrk(blob_text(header), "\r\n") != NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "the container's token has a line end in it");
	return TRUSTX_OK;
}

static enum trustx_err from_container(struct search *s, struct fail *f)
{
	struct http_request rq = { .method = "GET", .no_proxy = true };
	struct blob header, body;
	char url[512];
	enum trustx_err err;

	if ((err = container_url(url, sizeof(url), f)) != TRUSTX_OK || url[0] == '\0')
		return err;
	blob_init(&header, TOKEN_MAX);
	blob_init(&body, OUTPUT_MAX);
	rq.url = url;
	if ((err = container_token(&header, f)) != TRUSTX_OK)
		goto out;
	rq.headers[0] = header.len > 0 ? blob_text(&header) : NULL;
	s->found = true;
	if ((err = ask(&body, s, &rq, "the container's endpoint", f)) == TRUSTX_OK)
		err = credentials_parse(s->out, &body, "the container's endpoint", f);
out:
	blob_free(&header);
	blob_free(&body);
	return err;
}

static enum trustx_err get_metadata(
	struct blob *body, struct search *s, const char *path, const char *token, struct fail *f)
{
	struct http_request rq = { .method = "GET",
		.connect_ms = METADATA_MS,
		.total_ms = METADATA_MS,
		.no_proxy = true };
	char url[256];

	snprintf(url, sizeof(url), METADATA "%s", path);
	rq.url = url;
	rq.headers[0] = token;
	if (strcmp(path, "api/token") == 0)
		rq.method = "PUT";
	return ask(body, s, &rq, "the instance metadata service", f);
}

/* IMDSv2: a token, the name of the role, its credentials. */
static enum trustx_err ask_metadata(
	struct search *s, struct blob *token, struct blob *role, struct blob *body, struct fail *f)
{
	static const char list[] = "meta-data/iam/security-credentials/";
	char path[160], header[600];
	enum trustx_err err;

	err = get_metadata(token, s, "api/token", "x-aws-ec2-metadata-token-ttl-seconds: 21600", f);
	if (err != TRUSTX_OK)
		return err;
	if (!is_clean(blob_text(token)) || token->len >= sizeof(header) - 40)
		return fail_set(
			f, TRUSTX_ERR_ISSUER, "the instance metadata service gave no token");
	snprintf(header, sizeof(header), "x-aws-ec2-metadata-token: %s", blob_text(token));
	if ((err = get_metadata(role, s, list, header, f)) != TRUSTX_OK)
		return err;
	if (!is_clean(blob_text(role)) || role->len == 0 || role->len >= 100)
		return fail_set(f, TRUSTX_ERR_ISSUER, "this instance has no role");
	snprintf(path, sizeof(path), "%s%s", list, blob_text(role));
	if ((err = get_metadata(body, s, path, header, f)) != TRUSTX_OK)
		return err;
	return credentials_parse(s->out, body, "the instance metadata service", f);
}

static enum trustx_err from_metadata(struct search *s, struct fail *f)
{
	struct blob work[3];
	enum trustx_err err;

	if (!s->opt->imds || config_is_true(config_env("AWS_EC2_METADATA_DISABLED")))
		return TRUSTX_OK;
	for (size_t i = 0; i < 3; i++)
		blob_init(&work[i], OUTPUT_MAX);
	s->found = true;
	err = ask_metadata(s, &work[0], &work[1], &work[2], f);
	for (size_t i = 0; i < 3; i++)
		blob_free(&work[i]);
	return err;
}

/* ---- the search ---- */

static enum trustx_err none_found(const struct config *config, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_ISSUER,
		"no AWS credentials: none in the environment, in the profile '%s', from a "
		"container",
		config->profile);
	return fail_next(f,
		"set them up (aws configure), name a profile that has some (--profile), "
		"or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

enum trustx_err credentials_find(struct credentials *out, const struct config *config,
	const struct cloud_options *opt, struct http *http, struct fail *f)
{
	static enum trustx_err (*const places[])(
		struct search *, struct fail *) = { from_environment, from_aws_cli, from_profile,
		from_process, from_container, from_metadata };
	struct search s = { .out = out, .config = config, .opt = opt, .http = http };

	credentials_wipe(out);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (places[i](&s, f) != TRUSTX_OK)
			return fail_what(f, "find AWS credentials");
		if (s.found)
			return TRUSTX_OK;
	}
	none_found(config, f);
	return fail_what(f, "find AWS credentials");
}
