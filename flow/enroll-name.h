/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Names that AWS IoT takes (API reference: patterns and lengths). Errors: TRUSTX_ERR_INPUT. */
#ifndef FLOW_ENROLL_NAME_H
#define FLOW_ENROLL_NAME_H

#include "iot.h"
#include "name.h"

#include <openssl/x509.h>

/* text with its placeholders filled in; NULL: the CN of sample's subject. */
TRUSTX_MUST_CHECK enum trustx_err enroll_name_thing(char name[static IOT_NAME_MAX + 1],
	const struct name_vars *vars, const char *text, X509_REQ *sample, struct fail *f);

/* NULL is fine. */
TRUSTX_MUST_CHECK enum trustx_err enroll_name_others(
	const char *type, const char *group, const char *policy, struct fail *f);

/* Name and value, which is appended with its placeholders filled in. */
TRUSTX_MUST_CHECK enum trustx_err enroll_name_attribute(struct blob *value,
	const struct name_vars *vars, const struct iot_attribute *attribute, struct fail *f);

/* count: without the chip's UID. */
TRUSTX_MUST_CHECK enum trustx_err enroll_name_count(size_t count, bool has_type, struct fail *f);

#endif
