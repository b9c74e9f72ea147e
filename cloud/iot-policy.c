/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-call.h"

#define IOT "iot"

enum trustx_err iot_create_policy(
	struct cloud *cloud, const char *name, const char *document, struct fail *f)
{
	struct cloud_request rq = { .operation = "CreatePolicy",
		.service = IOT,
		.method = "POST",
		.path = { "policies", name },
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	err = iot_ask_json(&answer, cloud, &rq, json_pack("{ss}", "policyDocument", document), f);
	json_decref(answer);
	return err;
}

enum trustx_err iot_get_policy(
	struct blob *document, struct cloud *cloud, const char *name, struct fail *f)
{
	struct cloud_request rq = { .operation = "GetPolicy",
		.service = IOT,
		.method = "GET",
		.path = { "policies", name },
		.repeatable = true };
	const char *text;
	json_t *answer;
	enum trustx_err err;

	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	text = json_string_value(json_object_get(answer, "policyDocument"));
	if (text == NULL)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "AWS's answer has no policyDocument");
	else if ((err = blob_addf(document, "%s", text)) != TRUSTX_OK)
		fail_set(f, err, "the document of the policy %s is too long", name);
	json_decref(answer);
	return err;
}

static enum trustx_err start_target(struct cloud_call **call, struct cloud *cloud,
	struct cloud_request *rq, const char *target, struct fail *f)
{
	return iot_start_json(call, cloud, rq, json_pack("{ss}", "target", target), f);
}

enum trustx_err iot_attach_policy_start(struct cloud_call **call, struct cloud *cloud,
	const char *policy, const char *target, struct fail *f)
{
	struct cloud_request rq = { .operation = "AttachPolicy",
		.service = IOT,
		.method = "PUT",
		.path = { "target-policies", policy },
		.repeatable = true };

	return start_target(call, cloud, &rq, target, f);
}

enum trustx_err iot_detach_policy_start(struct cloud_call **call, struct cloud *cloud,
	const char *policy, const char *target, struct fail *f)
{
	struct cloud_request rq = { .operation = "DetachPolicy",
		.service = IOT,
		.method = "POST",
		.path = { "target-policies", policy },
		.repeatable = true };

	return start_target(call, cloud, &rq, target, f);
}

enum trustx_err iot_attached_policies(
	json_t **names, struct cloud *cloud, const char *target, bool recursive, struct fail *f)
{
	static const struct iot_paging paging = { "policies", "policyName", "marker",
		"nextMarker" };
	struct cloud_request rq = { .operation = "ListAttachedPolicies",
		.service = IOT,
		.method = "POST",
		.path = { "attached-policies", target },
		.query = { { "recursive", recursive ? "true" : "false" } },
		.repeatable = true };

	return iot_list_all(names, cloud, &rq, 1, &paging, f);
}
