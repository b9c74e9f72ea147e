/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Calls of an administrator, once for an account: types, groups, certificate authorities. */
#ifndef CLOUD_IOT_SETUP_H
#define CLOUD_IOT_SETUP_H

#include "iot.h"

/* CreateThingType, CreateThingGroup; equal ones may exist. arn of the group. */
TRUSTX_MUST_CHECK enum trustx_err iot_create_type(
	struct cloud *cloud, const char *name, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_create_group(
	char arn[static IOT_ARN_MAX], struct cloud *cloud, const char *name, struct fail *f);

TRUSTX_MUST_CHECK enum trustx_err iot_registration_code(
	char code[static IOT_ARN_MAX], struct cloud *cloud, struct fail *f);

/* verification_pem NULL: SNI_ONLY, else DEFAULT. TRUSTX_ERR_EXISTS: it is registered. */
TRUSTX_MUST_CHECK enum trustx_err iot_register_ca(char arn[static IOT_ARN_MAX], struct cloud *cloud,
	const char *ca_pem, const char *verification_pem, struct fail *f);

#endif
