/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-look.h"

#include "iot-call.h"

#include <string.h>

#define IOT "iot"

enum trustx_err iot_thing_groups(
	json_t **names, struct cloud *cloud, const char *thing, struct fail *f)
{
	static const struct iot_paging paging = { "thingGroups", "groupName", "nextToken",
		"nextToken" };
	struct cloud_request rq = { .operation = "ListThingGroupsForThing",
		.service = IOT,
		.method = "GET",
		.path = { "things", thing, "thing-groups" },
		.repeatable = true };

	return iot_list_all(names, cloud, &rq, 0, &paging, f);
}

static bool is_text(const json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value != NULL && strcmp(value, text) == 0;
}

enum trustx_err iot_describe_ca(
	struct iot_authority *ca, struct cloud *cloud, const char *id, struct fail *f)
{
	struct cloud_request rq = { .operation = "DescribeCACertificate",
		.service = IOT,
		.method = "GET",
		.path = { "cacertificate", id },
		.repeatable = true };
	const json_t *about;
	json_t *answer;
	enum trustx_err err;

	memset(ca, 0, sizeof(*ca));
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	about = json_object_get(answer, "certificateDescription");
	err = iot_copy(ca->arn, sizeof(ca->arn), about, "certificateArn", f);
	ca->active = is_text(about, "status", "ACTIVE");
	ca->sni_only = is_text(about, "certificateMode", "SNI_ONLY");
	json_decref(answer);
	return err;
}
