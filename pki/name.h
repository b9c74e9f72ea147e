/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Subject names from the ancestor's config.jsn or from text, and back to text. */
#ifndef PKI_NAME_H
#define PKI_NAME_H

#include "blob.h"
#include "fail.h"

#include <openssl/x509.h>

/* What {uid} and {serial} in a value become; NULL: such a placeholder is an error, as is any other
 * { in a value. */
struct name_vars {
	const char *uid, *serial;
};

/*
 * config.jsn: one JSON object, keys CN O C ST OU L serialNumber emailAddress dnQualifier, string
 * values, order kept. TRUSTX_ERR_INPUT names line and column, or the key, and the reason: not
 * JSON, truncated, trailing bytes, unknown or duplicate key, wrong type, empty, too long (RFC 5280
 * upper bounds), country not two letters, not UTF-8. The caller frees *name with X509_NAME_free.
 */
TRUSTX_MUST_CHECK enum trustx_err name_from_config(X509_NAME **name, const struct name_vars *vars,
	const void *json, size_t len, struct fail *f);

/* "CN=..,O=.." (RFC 4514, escapes included; given order kept) or "/CN=../O=..". Same checks. */
TRUSTX_MUST_CHECK enum trustx_err name_from_text(
	X509_NAME **name, const struct name_vars *vars, const char *text, struct fail *f);

/* "CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany", in the name's order;
 * separator is "," or ", ". RFC 4514 escapes. */
TRUSTX_MUST_CHECK enum trustx_err name_print(
	struct blob *text, const X509_NAME *name, const char *separator);

/* Value with its placeholders filled in, for SANs. */
TRUSTX_MUST_CHECK enum trustx_err name_fill(
	struct blob *out, const struct name_vars *vars, const char *value, struct fail *f);

#endif
