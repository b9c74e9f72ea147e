/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-setup.h"

#include "iot-call.h"

#define IOT "iot"

enum trustx_err iot_create_type(struct cloud *cloud, const char *name, struct fail *f)
{
	struct cloud_request rq = { .operation = "CreateThingType",
		.service = IOT,
		.method = "POST",
		.path = { "thing-types", name },
		.body = "{}",
		.repeatable = true };
	json_t *answer;
	enum trustx_err err = iot_ask(&answer, cloud, &rq, f);

	json_decref(answer);
	return err;
}

enum trustx_err iot_create_group(
	char arn[static IOT_ARN_MAX], struct cloud *cloud, const char *name, struct fail *f)
{
	struct cloud_request rq = { .operation = "CreateThingGroup",
		.service = IOT,
		.method = "POST",
		.path = { "thing-groups", name },
		.body = "{}",
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	arn[0] = '\0';
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(arn, IOT_ARN_MAX, answer, "thingGroupArn", f);
	json_decref(answer);
	return err;
}

enum trustx_err iot_registration_code(
	char code[static IOT_ARN_MAX], struct cloud *cloud, struct fail *f)
{
	struct cloud_request rq = { .operation = "GetRegistrationCode",
		.service = IOT,
		.method = "GET",
		.path = { "registrationcode" },
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	code[0] = '\0';
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(code, IOT_ARN_MAX, answer, "registrationCode", f);
	json_decref(answer);
	return err;
}

enum trustx_err iot_register_ca(char arn[static IOT_ARN_MAX], struct cloud *cloud,
	const char *ca_pem, const char *verification_pem, struct fail *f)
{
	struct cloud_request rq = { .operation = "RegisterCACertificate",
		.service = IOT,
		.method = "POST",
		.path = { "cacertificate" },
		.query = { { "setAsActive", "true" } },
		.repeatable = true };
	json_t *answer, *body = json_pack("{ss,ss}", "caCertificate", ca_pem, "certificateMode",
				verification_pem != NULL ? "DEFAULT" : "SNI_ONLY");
	enum trustx_err err;

	arn[0] = '\0';
	if (verification_pem != NULL && json_object_set_new(body, "verificationCertificate",
						json_string(verification_pem)) != 0) {
		json_decref(body);
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	if ((err = iot_ask_json(&answer, cloud, &rq, body, f)) != TRUSTX_OK)
		return err;
	err = iot_copy(arn, IOT_ARN_MAX, answer, "certificateArn", f);
	json_decref(answer);
	return err;
}
