/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-call.h"

#include <string.h>

#define IOT "iot"

/* XML gave the elements themselves, JSON has them two objects deeper. */
static const json_t *identity_of(const json_t *answer)
{
	const json_t *inner = json_object_get(answer, "GetCallerIdentityResponse");

	inner = json_object_get(inner, "GetCallerIdentityResult");
	return inner != NULL ? inner : answer;
}

enum trustx_err iot_whoami(struct iot_identity *who, struct cloud *cloud, struct fail *f)
{
	struct cloud_request rq = { .operation = "GetCallerIdentity",
		.service = "sts",
		.method = "POST",
		.body = "Action=GetCallerIdentity&Version=2011-06-15",
		.is_form = true,
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	memset(who, 0, sizeof(*who));
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(who->account, sizeof(who->account), identity_of(answer), "Account", f);
	if (err == TRUSTX_OK)
		err = iot_copy(who->arn, sizeof(who->arn), identity_of(answer), "Arn", f);
	json_decref(answer);
	return err;
}

enum trustx_err iot_endpoint(char host[static IOT_ARN_MAX], struct cloud *cloud, struct fail *f)
{
	/* Without a type AWS names the endpoint under the old VeriSign root. */
	struct cloud_request rq = { .operation = "DescribeEndpoint",
		.service = IOT,
		.method = "GET",
		.path = { "endpoint" },
		.query = { { "endpointType", "iot:Data-ATS" } },
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	host[0] = '\0';
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(host, IOT_ARN_MAX, answer, "endpointAddress", f);
	json_decref(answer);
	return err;
}
