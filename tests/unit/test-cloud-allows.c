/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What policies let a thing do. */
#include "blob.h"
#include "policy-allows.h"
#include "policy.h"
#include "test.h"

#define ARN "arn:aws:iot:eu-central-1:123456789012:"

static const struct policy_place place = { "aws", "eu-central-1", "123456789012" };

static enum policy_answer ask(const char *document, const char *action, const char *resource)
{
	const struct policy_wish wish = { action, resource, "thing-1" };

	return policy_answer(document, &wish);
}

static enum policy_answer ask_one(const char *effect, const char *action, const char *resource)
{
	char document[400];

	snprintf(document, sizeof(document),
		"{\"Statement\":{\"Effect\":\"%s\",\"Action\":\"%s\",\"Resource\":[\"%s\"]}}",
		effect, action, resource);
	return ask(document, "iot:Publish", "topic/dt/thing-1/selftest");
}

static void the_shipped_policy_allows_the_self_test_and_no_more(void)
{
	struct blob least;
	struct fail f;
	const char *text;

	blob_init(&least, 65536);
	CHECK_OK(policy_least(&least, &place, &f));
	text = blob_text(&least);
	CHECK_INT(ask(text, "iot:Connect", "client/thing-1"), POLICY_ALLOWS);
	CHECK_INT(ask(text, "iot:Subscribe", "topicfilter/dt/thing-1/selftest"), POLICY_ALLOWS);
	CHECK_INT(ask(text, "iot:Publish", "topic/dt/thing-1/selftest"), POLICY_ALLOWS);
	CHECK_INT(ask(text, "iot:Receive", "topic/dt/thing-1/selftest"), POLICY_ALLOWS);
	CHECK_INT(ask(text, "iot:Connect", "client/thing-2"), POLICY_SILENT);
	CHECK_INT(ask(text, "iot:Publish", "topic/dt/thing-2/selftest"), POLICY_SILENT);
	CHECK_INT(ask(text, "iot:Subscribe", "topicfilter/dt/#"), POLICY_SILENT);
	blob_free(&least);
}

static void patterns_match_as_aws_matches_them(void)
{
	CHECK_INT(ask_one("Allow", "*", "*"), POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "IOT:publish", ARN "topic/dt/*"), POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/*/selftest"), POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/dt/thing-?/selftest"), POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/dt/${iot:ClientId}/*t"), POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "*${iot:Connection.Thing.ThingName}*"),
		POLICY_ALLOWS);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/dt/${iot:Other}/selftest"), POLICY_SILENT);
	CHECK_INT(ask_one("Allow", "iot:Subscribe", "*"), POLICY_SILENT);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/dt/thing-1"), POLICY_SILENT);
	CHECK_INT(ask_one("Allow", "iot:*", ARN "topic/dt/thing-1/selftest/x"), POLICY_SILENT);
	CHECK_INT(ask_one("Allow", "iot:*", "topic/dt/thing-1/selftest"), POLICY_SILENT);
	CHECK_INT(ask_one("Deny", "iot:*", "*"), POLICY_DENIES);
}

static void a_denial_wins_wherever_it_stands(void)
{
	CHECK_INT(ask("{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"iot:A\",\"iot:Publish\"],"
		      "\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*"
		      "\"}]}",
			  "iot:Publish", "topic/x"),
		POLICY_DENIES);
}

static void what_is_no_policy_is_silent(void)
{
	static const char *const texts[] = { "", "{}", "[]", "{\"Statement\":1}",
		"{\"Statement\":[1,[],{},{\"Effect\":\"Allow\"}]}",
		"{\"Statement\":{\"Effect\":1,\"Action\":\"*\",\"Resource\":\"*\"}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[1],\"Resource\":{}}}" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_INT(ask(texts[i], "iot:Publish", "topic/x"), POLICY_SILENT);
}

int main(void)
{
	RUN(the_shipped_policy_allows_the_self_test_and_no_more);
	RUN(patterns_match_as_aws_matches_them);
	RUN(a_denial_wins_wherever_it_stands);
	RUN(what_is_no_policy_is_silent);
	return 0;
}
