/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-call.h"

#define IOT "iot"

/* NULL: out of memory. Without one of its attributes it would be another thing. */
static json_t *thing_body(const struct iot_thing_wish *wish)
{
	json_t *attributes = json_object(), *body;
	bool ok = attributes != NULL;

	for (size_t i = 0; i < wish->attribute_count && ok; i++)
		ok = json_object_set_new(attributes, wish->attributes[i].name,
			     json_string(wish->attributes[i].value)) == 0;
	body = json_pack("{s{so}}", "attributePayload", "attributes", attributes);
	if (wish->type != NULL)
		ok = ok && json_object_set_new(body, "thingTypeName", json_string(wish->type)) == 0;
	if (ok)
		return body;
	json_decref(body);
	return NULL;
}

enum trustx_err iot_create_thing_start(struct cloud_call **call, struct cloud *cloud,
	const struct iot_thing_wish *wish, struct fail *f)
{
	struct cloud_request rq = { .operation = "CreateThing",
		.service = IOT,
		.method = "POST",
		.path = { "things", wish->name },
		.repeatable = true };

	return iot_start_json(call, cloud, &rq, thing_body(wish), f);
}

enum trustx_err iot_create_thing_take(char arn[static IOT_ARN_MAX], struct cloud_call *call,
	struct cloud_error *error, struct fail *f)
{
	json_t *answer;
	enum trustx_err err;

	arn[0] = '\0';
	if ((err = iot_take_answer(&answer, call, error, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(arn, IOT_ARN_MAX, answer, "thingArn", f);
	json_decref(answer);
	return err;
}

enum trustx_err iot_describe_thing(
	json_t **thing, struct cloud *cloud, const char *name, struct fail *f)
{
	struct cloud_request rq = { .operation = "DescribeThing",
		.service = IOT,
		.method = "GET",
		.path = { "things", name },
		.repeatable = true };

	return iot_ask(thing, cloud, &rq, f);
}

enum trustx_err iot_delete_thing_start(
	struct cloud_call **call, struct cloud *cloud, const char *name, struct fail *f)
{
	struct cloud_request rq = { .operation = "DeleteThing",
		.service = IOT,
		.method = "DELETE",
		.path = { "things", name },
		.repeatable = true };

	return cloud_start(call, cloud, &rq, f);
}

enum trustx_err iot_attach_thing_start(struct cloud_call **call, struct cloud *cloud,
	const char *thing, const char *cert_arn, struct fail *f)
{
	struct cloud_request rq = { .operation = "AttachThingPrincipal",
		.service = IOT,
		.method = "PUT",
		.path = { "things", thing, "principals" },
		.query = { { "thingPrincipalType", "EXCLUSIVE_THING" } },
		.principal = cert_arn,
		.repeatable = true };

	return cloud_start(call, cloud, &rq, f);
}

enum trustx_err iot_detach_thing_start(struct cloud_call **call, struct cloud *cloud,
	const char *thing, const char *cert_arn, struct fail *f)
{
	struct cloud_request rq = { .operation = "DetachThingPrincipal",
		.service = IOT,
		.method = "DELETE",
		.path = { "things", thing, "principals" },
		.principal = cert_arn,
		.repeatable = true };

	return cloud_start(call, cloud, &rq, f);
}

enum trustx_err iot_add_to_group_start(struct cloud_call **call, struct cloud *cloud,
	const char *thing, const char *group, struct fail *f)
{
	struct cloud_request rq = { .operation = "AddThingToThingGroup",
		.service = IOT,
		.method = "PUT",
		.path = { "thing-groups", "addThingToThingGroup" },
		.repeatable = true };
	json_t *body = json_pack("{ss,ss}", "thingGroupName", group, "thingName", thing);

	return iot_start_json(call, cloud, &rq, body, f);
}

enum trustx_err iot_thing_principals(
	json_t **arns, struct cloud *cloud, const char *thing, struct fail *f)
{
	static const struct iot_paging paging = { "principals", NULL, "nextToken", "nextToken" };
	struct cloud_request rq = { .operation = "ListThingPrincipals",
		.service = IOT,
		.method = "GET",
		.path = { "things", thing, "principals" },
		.repeatable = true };

	return iot_list_all(arns, cloud, &rq, 0, &paging, f);
}

enum trustx_err iot_principal_things(
	json_t **names, struct cloud *cloud, const char *cert_arn, struct fail *f)
{
	static const struct iot_paging paging = { "things", NULL, "nextToken", "nextToken" };
	struct cloud_request rq = { .operation = "ListPrincipalThings",
		.service = IOT,
		.method = "GET",
		.path = { "principals", "things" },
		.principal = cert_arn,
		.repeatable = true };

	return iot_list_all(names, cloud, &rq, 0, &paging, f);
}
