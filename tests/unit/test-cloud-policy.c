/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Policies: ours are as small as they claim, others' are looked at. */
#include "policy.h"
#include "test.h"

#include <ctype.h>
#include <jansson.h>

static const struct policy_place china = { "aws-cn", "cn-north-1", "111122223333" };

struct heard {
	unsigned count;
	char last[400];
};

static void hear(void *ctx, const char *text)
{
	struct heard *heard = ctx;

	heard->count++;
	snprintf(heard->last, sizeof(heard->last), "%s", text);
}

static unsigned lint(struct heard *heard, const char *document)
{
	unsigned findings;
	struct fail f;

	memset(heard, 0, sizeof(*heard));
	CHECK_OK(policy_lint(document, &findings, hear, heard, &f));
	CHECK_INT(findings, heard->count);
	return findings;
}

/* One statement that allows. */
static unsigned lint_one(struct heard *heard, const char *action, const char *resource)
{
	char text[600];

	snprintf(text, sizeof(text),
		"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"%s\","
		"\"Resource\":[\"%s\"]}}",
		action, resource);
	return lint(heard, text);
}

static void the_least_policy_has_nothing_to_find_and_fits(void)
{
	struct heard heard;
	struct blob text;
	struct fail f;
	size_t n = 0;

	blob_init(&text, 8192);
	CHECK_OK(policy_least(&text, &china, &f));
	CHECK_INT(lint(&heard, blob_text(&text)), 0);
	CHECK(strstr(blob_text(&text), "arn:aws-cn:iot:cn-north-1:111122223333:client/"
				       "${iot:Connection.Thing.ThingName}\"") != NULL);
	CHECK(strstr(blob_text(&text), "arn:aws:") == NULL);
	CHECK(strchr(blob_text(&text), '@') == NULL);
	for (const char *c = blob_text(&text); *c != '\0'; c++)
		n += !isspace((unsigned char)*c);
	printf("    %zu of %d characters\n", n, POLICY_MAX);
	CHECK(n <= POLICY_MAX);
	blob_free(&text);
}

static void the_station_cannot_delete_nor_attach_policies(void)
{
	const struct policy_names names = { "line1-", "factory", "device" };
	struct blob text;
	json_t *policy;
	struct fail f;

	blob_init(&text, 8192);
	CHECK_OK(policy_station(&text, &china, &names, &f));
	CHECK((policy = json_loads(blob_text(&text), 0, NULL)) != NULL);
	json_decref(policy);
	CHECK(strstr(blob_text(&text), "Delete") == NULL);
	CHECK(strstr(blob_text(&text), "iot:AttachPolicy") == NULL);
	CHECK(strstr(blob_text(&text), ":thing/line1-*") != NULL);
	CHECK(strstr(blob_text(&text), ":thinggroup/factory") != NULL);
	blob_free(&text);
	CHECK_OK(policy_scrap(&text, &china, &names, &f));
	CHECK(strstr(blob_text(&text), "iot:DeleteCertificate") != NULL);
	CHECK(strstr(blob_text(&text), "iot:Create") == NULL);
	blob_free(&text);
}

static void what_allows_too_much_is_found(void)
{
	struct heard heard;
	struct blob text;
	struct fail f;

	blob_init(&text, 8192);
	CHECK_OK(policy_weak(&text, &f));
	CHECK_INT(lint(&heard, blob_text(&text)), 2);
	blob_free(&text);
	CHECK_INT(lint_one(&heard, "iot:Publish", "arn:aws:iot:eu-west-1:1:*"), 1);
	CHECK_INT(lint_one(&heard, "iot:Publish", "arn:aws:iot:eu-west-1:1:topic/*"), 1);
	CHECK_INT(lint_one(&heard, "iot:P*", "arn:aws:iot:eu-west-1:1:topic/${iot:ClientId}"), 2);
	CHECK_INT(lint_one(&heard, "iot:Publish", "arn:aws:iot:eu-west-1:1:topic/all"), 1);
	CHECK(strstr(heard.last, "no policy variable") != NULL);
	CHECK_INT(lint_one(&heard, "iot:Publish", "topic"), 1);
	CHECK(strstr(heard.last, "no ARN") != NULL);
	CHECK_INT(lint_one(&heard, "iot:Subscribe",
			  "arn:aws:iot:eu-west-1:1:topic/${iot:Connection.Thing.ThingName}"),
		1);
	CHECK(strstr(heard.last, "topicfilter/") != NULL);
	CHECK_INT(lint(&heard, "{\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"iot:X\"}]}"),
		1);
	CHECK_INT(lint(&heard, "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\"}]}"), 0);
}

static void what_aws_would_refuse_is_refused(void)
{
	char text[POLICY_MAX + 200];
	unsigned findings;
	struct fail f;

	CHECK_ERR(policy_lint("{", &findings, NULL, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "line 1") != NULL);
	CHECK_ERR(policy_lint("[]", &findings, NULL, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(policy_lint("{\"Statement\":[]}", &findings, NULL, NULL, &f), TRUSTX_ERR_INPUT);
	snprintf(text, sizeof(text), "{\"Statement\":[{\"Effect\":\"Deny\",\"Sid\":\"%0*d\"}]}",
		POLICY_MAX, 0);
	CHECK_ERR(policy_lint(text, &findings, NULL, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "2048") != NULL);
}

static void a_terminal_gets_no_orders(void)
{
	struct heard heard = { .count = 0 };
	unsigned findings;
	struct fail f;

	CHECK_INT(lint(&heard, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"\\u001b[2J*\"}}"),
		1);
	CHECK(strstr(heard.last, "\"?[2J*\"") != NULL);
	CHECK_ERR(policy_lint("\x1b[2J", &findings, NULL, NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strchr(f.why, '\x1b') == NULL);
}

static void documents_are_compared_as_json(void)
{
	CHECK(policy_equal("{\"a\":1,\"b\":[2]}", " {\"b\": [2], \"a\": 1}\n"));
	CHECK(!policy_equal("{\"a\":1}", "{\"a\":2}"));
	CHECK(!policy_equal("{", "{"));
}

int main(void)
{
	RUN(the_least_policy_has_nothing_to_find_and_fits);
	RUN(the_station_cannot_delete_nor_attach_policies);
	RUN(what_allows_too_much_is_found);
	RUN(what_aws_would_refuse_is_refused);
	RUN(a_terminal_gets_no_orders);
	RUN(documents_are_compared_as_json);
	return 0;
}
