/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "refusal.h"

#include "str.h"

#include <stdio.h>
#include <string.h>

/* Names of AWS's errors that are not final, and what to do about those that are. */
static const struct {
	const char *name;
	enum refusal kind;
	const char *next;
} known[] = {
	{ "ThrottlingException", REFUSAL_THROTTLED, NULL },
	{ "Throttling", REFUSAL_THROTTLED, NULL },
	{ "ThrottledException", REFUSAL_THROTTLED, NULL },
	{ "TooManyRequestsException", REFUSAL_THROTTLED, NULL },
	{ "RequestLimitExceeded", REFUSAL_THROTTLED, NULL },
	{ "ConflictingResourceUpdateException", REFUSAL_THROTTLED, NULL },
	{ "InternalFailureException", REFUSAL_TRANSIENT, NULL },
	{ "InternalException", REFUSAL_TRANSIENT, NULL },
	{ "ServiceUnavailableException", REFUSAL_TRANSIENT, NULL },
	{ "ExpiredTokenException", REFUSAL_EXPIRED,
		"log in again, or get fresh credentials for the profile" },
	{ "ExpiredToken", REFUSAL_EXPIRED,
		"log in again, or get fresh credentials for the profile" },
	{ "RequestExpired", REFUSAL_CLOCK, "set this computer's clock" },
	{ "RequestTimeTooSkewed", REFUSAL_CLOCK, "set this computer's clock" },
	{ "AccessDeniedException", REFUSAL_FINAL,
		"give this identity the rights that `trustx aws setup` prints" },
	{ "ForbiddenException", REFUSAL_FINAL,
		"give this identity the rights that `trustx aws setup` prints" },
	{ "UnauthorizedException", REFUSAL_FINAL,
		"give this identity the rights that `trustx aws setup` prints" },
	{ "UnrecognizedClientException", REFUSAL_FINAL,
		"the access key is not known in this partition: check profile and region" },
	{ "InvalidClientTokenId", REFUSAL_FINAL,
		"the access key is not known in this partition: check profile and region" },
	{ "SignatureDoesNotMatch", REFUSAL_FINAL, "check the secret access key of the profile" },
	{ "InvalidSignatureException", REFUSAL_FINAL,
		"check the secret access key of the profile" },
	{ "LimitExceededException", REFUSAL_FINAL,
		"a quota of the account is reached: remove what is no longer needed, or ask AWS to "
		"raise it" },
	{ "VersionsLimitExceededException", REFUSAL_FINAL,
		"the policy has five versions: delete one that is not in use" },
};

/* "not yet current", "Signature expired": the same name as a wrong signature. */
static bool is_about_time(const char *message)
{
	return str_has(message, "signature expired") || str_has(message, "not yet current");
}

enum refusal refusal_kind(const struct cloud_error *error)
{
	if (is_about_time(error->message))
		return REFUSAL_CLOCK;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(error->name, known[i].name) == 0)
			return known[i].kind;
	if (error->http == 429 || error->http == 509)
		return REFUSAL_THROTTLED;
	return error->http >= 500 ? REFUSAL_TRANSIENT : REFUSAL_FINAL;
}

const char *refusal_next(const struct cloud_error *error)
{
	if (is_about_time(error->message))
		return "set this computer's clock";
	/* By the same name as a wrong key. */
	if (str_has(error->message, "scoped to a valid region"))
		return "check the region: --region, AWS_REGION, or the profile's";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(error->name, known[i].name) == 0)
			return known[i].next;
	return NULL;
}

/* ---- reading ---- */

/* Printable, cut to what fits. */
static void copy(char *out, size_t cap, const char *text, size_t len)
{
	size_t n = 0;

	while (n < cap - 1 && n < len) {
		out[n] = (text[n] >= ' ' && text[n] <= '~') ? text[n] : '?';
		n++;
	}
	out[n] = '\0';
}

static void copy_member(char *out, size_t cap, const json_t *body, const char *name)
{
	const char *text = json_string_value(json_object_get(body, name));

	if (text != NULL && out[0] == '\0')
		copy(out, cap, text, strlen(text));
}

/* "prefix#Name:http://..." is Name. */
static void copy_name(char *out, size_t cap, const char *text)
{
	const char *hash = strrchr(text, '#');

	text = hash != NULL ? hash + 1 : text;
	copy(out, cap, text, strcspn(text, ":"));
}

void refusal_read(struct cloud_error *error, const struct http_answer *answer, const json_t *body)
{
	static const char *const types[] = { "__type", "code", "Code" };

	memset(error, 0, sizeof(*error));
	error->http = (int)answer->status;
	copy(error->request_id, sizeof(error->request_id), answer->request_id,
		strlen(answer->request_id));
	copy_member(error->request_id, sizeof(error->request_id), body, "RequestId");
	copy_name(error->name, sizeof(error->name), answer->error_type);
	for (size_t i = 0; i < 3 && error->name[0] == '\0'; i++) {
		const char *text = json_string_value(json_object_get(body, types[i]));

		if (text != NULL)
			copy_name(error->name, sizeof(error->name), text);
	}
	copy_member(error->message, sizeof(error->message), body, "message");
	copy_member(error->message, sizeof(error->message), body, "Message");
	copy_member(error->resource_id, sizeof(error->resource_id), body, "resourceId");
	copy_member(error->resource_arn, sizeof(error->resource_arn), body, "resourceArn");
	if (error->name[0] == '\0')
		snprintf(error->name, sizeof(error->name), "HTTP status %d", error->http);
}

json_t *refusal_xml(const char *text)
{
	json_t *object;

	if (text[strspn(text, " \t\r\n")] != '<' || (object = json_object()) == NULL)
		return NULL;
	while ((text = strchr(text, '<')) != NULL) {
		size_t name = strcspn(++text, "> \t\r\n/");
		const char *value = strchr(text, '>');
		size_t len = value != NULL ? strcspn(value + 1, "<") : 0;

		if (value == NULL)
			break;
		if (name > 0 && text[0] != '?' && strncmp(value + 1 + len, "</", 2) == 0 &&
			strncmp(value + 3 + len, text, name) == 0)
			json_object_setn_new(object, text, name, json_stringn(value + 1, len));
		text = value;
	}
	return object;
}
