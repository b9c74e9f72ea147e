/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "policy.h"

#include <jansson.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 8192
#define THING	 "${iot:Connection.Thing.ThingName}"

/* ---- ours ---- */

/*
 * Text with placeholders: @A is arn:PARTITION:iot:REGION:ACCOUNT, @R the region, @T the beginning
 * of thing names, @G the group, @P the policy. Policy variables pass as they are.
 */
static enum trustx_err expand(struct blob *out, const char *text, const struct policy_place *place,
	const struct policy_names *names, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	for (; *text != '\0' && err == TRUSTX_OK; text++) {
		size_t len = strcspn(text, "@");

		if (len > 0) {
			err = blob_add(out, text, len);
			text += len - 1;
			continue;
		}
		switch (*++text) {
		case 'A':
			err = blob_addf(out, "arn:%s:iot:%s:%s", place->partition, place->region,
				place->account);
			break;
		case 'R':
			err = blob_addf(out, "%s", place->region);
			break;
		case 'T':
			err = blob_addf(out, "%s", names->thing_prefix);
			break;
		case 'G':
			err = blob_addf(out, "%s", names->group);
			break;
		default:
			err = blob_addf(out, "%s", names->policy);
			break;
		}
	}
	return err == TRUSTX_OK ? err : fail_set(f, err, "the policy is too long");
}

enum trustx_err policy_least(
	struct blob *document, const struct policy_place *place, struct fail *f)
{
	static const char text[] =
		"{\"Version\":\"2012-10-17\",\"Statement\":["
		"{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\","
		"\"Resource\":\"@A:client/" THING "\","
		"\"Condition\":{\"Bool\":{\"iot:Connection.Thing.IsAttached\":[\"true\"]}}},"
		"{\"Effect\":\"Allow\",\"Action\":[\"iot:Publish\",\"iot:RetainPublish\"],"
		"\"Resource\":[\"@A:topic/dt/" THING "/*\","
		"\"@A:topic/$aws/things/" THING "/shadow/*\"]},"
		"{\"Effect\":\"Allow\",\"Action\":\"iot:Subscribe\","
		"\"Resource\":[\"@A:topicfilter/cmd/" THING "/*\","
		"\"@A:topicfilter/dt/" THING "/selftest\","
		"\"@A:topicfilter/$aws/things/" THING "/*\"]},"
		"{\"Effect\":\"Allow\",\"Action\":\"iot:Receive\","
		"\"Resource\":[\"@A:topic/cmd/" THING "/*\","
		"\"@A:topic/dt/" THING "/selftest\","
		"\"@A:topic/$aws/things/" THING "/*\"]}]}";

	return expand(document, text, place, NULL, f);
}

enum trustx_err policy_weak(struct blob *document, struct fail *f)
{
	return expand(document,
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
		"\"Action\":\"iot:*\",\"Resource\":\"*\"}]}",
		NULL, NULL, f);
}

/* A right to attach policies would be one to any policy of the account: the group has it. */
enum trustx_err policy_station(struct blob *document, const struct policy_place *place,
	const struct policy_names *names, struct fail *f)
{
	static const char text[] =
		"{\"Version\":\"2012-10-17\",\"Statement\":["
		"{\"Sid\":\"Account\",\"Effect\":\"Allow\",\"Action\":[\"iot:DescribeEndpoint\","
		"\"iot:CreateCertificateFromCsr\",\"iot:RegisterCertificateWithoutCA\","
		"\"iot:ListCertificates\"],\"Resource\":\"*\","
		"\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"@R\"}}},"
		"{\"Sid\":\"Certificates\",\"Effect\":\"Allow\","
		"\"Action\":[\"iot:DescribeCertificate\",\"iot:UpdateCertificate\","
		"\"iot:AttachThingPrincipal\",\"iot:ListPrincipalThings\","
		"\"iot:ListAttachedPolicies\"],\"Resource\":\"@A:cert/*\"},"
		"{\"Sid\":\"Things\",\"Effect\":\"Allow\",\"Action\":[\"iot:CreateThing\","
		"\"iot:DescribeThing\",\"iot:ListThingPrincipals\","
		"\"iot:ListThingGroupsForThing\"],\"Resource\":\"@A:thing/@T*\"},"
		"{\"Sid\":\"Group\",\"Effect\":\"Allow\",\"Action\":\"iot:AddThingToThingGroup\","
		"\"Resource\":[\"@A:thing/@T*\",\"@A:thinggroup/@G\"]},"
		"{\"Sid\":\"GroupPolicies\",\"Effect\":\"Allow\","
		"\"Action\":\"iot:ListAttachedPolicies\",\"Resource\":\"@A:thinggroup/@G\"},"
		"{\"Sid\":\"Policy\",\"Effect\":\"Allow\",\"Action\":\"iot:GetPolicy\","
		"\"Resource\":\"@A:policy/@P\"}]}";

	return expand(document, text, place, names, f);
}

enum trustx_err policy_scrap(struct blob *document, const struct policy_place *place,
	const struct policy_names *names, struct fail *f)
{
	static const char text[] =
		"{\"Version\":\"2012-10-17\",\"Statement\":["
		"{\"Sid\":\"Account\",\"Effect\":\"Allow\",\"Action\":\"iot:ListCertificates\","
		"\"Resource\":\"*\","
		"\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"@R\"}}},"
		"{\"Sid\":\"Certificates\",\"Effect\":\"Allow\","
		"\"Action\":[\"iot:DescribeCertificate\",\"iot:UpdateCertificate\","
		"\"iot:DeleteCertificate\",\"iot:DetachThingPrincipal\","
		"\"iot:ListPrincipalThings\",\"iot:ListAttachedPolicies\","
		"\"iot:DetachPolicy\"],\"Resource\":\"@A:cert/*\"},"
		"{\"Sid\":\"Things\",\"Effect\":\"Allow\",\"Action\":[\"iot:DescribeThing\","
		"\"iot:ListThingPrincipals\",\"iot:ListThingGroupsForThing\","
		"\"iot:DeleteThing\"],\"Resource\":\"@A:thing/@T*\"},"
		"{\"Sid\":\"GroupPolicies\",\"Effect\":\"Allow\","
		"\"Action\":\"iot:ListAttachedPolicies\",\"Resource\":\"@A:thinggroup/@G\"}]}";

	return expand(document, text, place, names, f);
}

/* ---- others' ---- */

struct lint {
	policy_finding *tell;
	void *ctx;
	unsigned findings;
};

/* What somebody wrote may be meant for a terminal. */
static void make_printable(char *text)
{
	for (; *text != '\0'; text++)
		*text = *text >= ' ' && *text <= '~' ? *text : '?';
}

static void find(struct lint *l, const char *fmt, const char *what)
{
	char text[320];

	snprintf(text, sizeof(text), fmt, what);
	make_printable(text);
	l->findings++;
	if (l->tell != NULL)
		l->tell(l->ctx, text);
}

/* A member is one string or an array of them. */
static void each(struct lint *l, const json_t *member, void (*look)(struct lint *, const char *))
{
	if (json_is_string(member))
		look(l, json_string_value(member));
	for (size_t i = 0; i < json_array_size(member); i++)
		if (json_is_string(json_array_get(member, i)))
			look(l, json_string_value(json_array_get(member, i)));
}

static void look_at_action(struct lint *l, const char *action)
{
	if (strchr(action, '*') != NULL || strchr(action, '?') != NULL)
		find(l, "it allows the actions \"%.100s\": name those that devices need", action);
}

/* "arn:aws:iot:REGION:ACCOUNT:topic/...": what stands behind the account. */
static const char *resource_of(const char *arn)
{
	for (unsigned i = 0; i < 5 && arn != NULL; i++)
		if ((arn = strchr(arn, ':')) != NULL)
			arn++;
	return arn;
}

static void look_at_resource(struct lint *l, const char *arn)
{
	const char *name = resource_of(arn);

	if (strcmp(arn, "*") == 0 || (name != NULL && strcmp(name, "*") == 0) ||
		(name != NULL && strchr(name, '/') != NULL && strcmp(strchr(name, '/'), "/*") == 0))
		find(l, "it allows all of \"%.100s\": every device could act for every other", arn);
	else if (name == NULL)
		find(l, "\"%.100s\" is no ARN", arn);
	else if (strstr(name, "${iot:") == NULL)
		find(l, "\"%.100s\" has no policy variable: it is the same for every device", arn);
	else if (strstr(name, "${iot:ClientId}") != NULL && strncmp(name, "client/", 7) != 0)
		find(l,
			"\"%.100s\" follows the client id, which a device chooses itself: use the "
			"thing's "
			"name",
			arn);
}

static bool has_action(const json_t *statement, const char *action)
{
	const json_t *member = json_object_get(statement, "Action");
	bool found = json_is_string(member) && strcasecmp(json_string_value(member), action) == 0;

	for (size_t i = 0; i < json_array_size(member) && !found; i++) {
		const char *one = json_string_value(json_array_get(member, i));

		found = one != NULL && strcasecmp(one, action) == 0;
	}
	return found;
}

static void look_at_filter(struct lint *l, const char *arn)
{
	const char *name = resource_of(arn);

	if (name != NULL && strncmp(name, "topic/", 6) == 0)
		find(l, "\"%.100s\" never matches iot:Subscribe, whose resources are topicfilter/",
			arn);
}

static void look_at_statement(struct lint *l, const json_t *statement)
{
	const char *effect = json_string_value(json_object_get(statement, "Effect"));
	const json_t *resource = json_object_get(statement, "Resource");

	if (effect == NULL || strcmp(effect, "Allow") != 0)
		return;
	each(l, json_object_get(statement, "Action"), look_at_action);
	each(l, resource, look_at_resource);
	if (has_action(statement, "iot:Subscribe"))
		each(l, resource, look_at_filter);
	if (json_object_get(statement, "NotAction") != NULL ||
		json_object_get(statement, "NotResource") != NULL)
		find(l, "%s", "it allows all but what it names: name what devices need instead");
}

static size_t count_characters(const char *document)
{
	size_t n = 0;

	for (; *document != '\0'; document++)
		n += !isspace((unsigned char)*document);
	return n;
}

enum trustx_err policy_lint(
	const char *document, unsigned *findings, policy_finding *tell, void *ctx, struct fail *f)
{
	struct lint l = { .tell = tell, .ctx = ctx };
	json_error_t where = { .line = 0 };
	json_t *policy = json_loads(document, JSON_REJECT_DUPLICATES, &where);
	const json_t *statements = json_object_get(policy, "Statement");
	enum trustx_err err = TRUSTX_OK;

	make_printable(where.text);
	if (policy == NULL)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the policy is no JSON: line %d, column %d: %s",
			where.line, where.column, where.text);
	else if (!json_is_object(statements) && json_array_size(statements) == 0)
		err = fail_set(f, TRUSTX_ERR_INPUT, "the policy has no \"Statement\"");
	else if (count_characters(document) > POLICY_MAX)
		err = fail_set(f, TRUSTX_ERR_INPUT,
			"the policy has %zu characters without white space; AWS takes %d",
			count_characters(document), POLICY_MAX);
	if (err == TRUSTX_OK && json_is_object(statements))
		look_at_statement(&l, statements);
	for (size_t i = 0; err == TRUSTX_OK && i < json_array_size(statements); i++)
		look_at_statement(&l, json_array_get(statements, i));
	json_decref(policy);
	*findings = l.findings;
	return err;
}

bool policy_equal(const char *a, const char *b)
{
	json_t *one = json_loads(a, 0, NULL), *other = json_loads(b, 0, NULL);
	bool equal = one != NULL && other != NULL && json_equal(one, other);

	json_decref(one);
	json_decref(other);
	return equal;
}
