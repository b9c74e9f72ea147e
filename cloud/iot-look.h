/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Calls that only look, for who wants to know what is set up. */
#ifndef CLOUD_IOT_LOOK_H
#define CLOUD_IOT_LOOK_H

#include "iot.h"

/* ListThingGroupsForThing: an array of names; the caller's. TRUSTX_ERR_INPUT: no such thing. */
TRUSTX_MUST_CHECK enum trustx_err iot_thing_groups(
	json_t **names, struct cloud *cloud, const char *thing, struct fail *f);

struct iot_authority {
	char arn[IOT_ARN_MAX];
	bool active, sni_only;
};

/* DescribeCACertificate. TRUSTX_ERR_INPUT: none is registered under this id. */
TRUSTX_MUST_CHECK enum trustx_err iot_describe_ca(
	struct iot_authority *ca, struct cloud *cloud, const char *id, struct fail *f);

#endif
