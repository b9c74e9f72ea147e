/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What an answer of AWS that is no success means (rest-json and query protocols). */
#ifndef CLOUD_REFUSAL_H
#define CLOUD_REFUSAL_H

#include "cloud.h"
#include "http.h"

enum refusal {
	REFUSAL_FINAL,	   /* a repetition would end the same */
	REFUSAL_THROTTLED, /* not executed; later */
	REFUSAL_TRANSIENT, /* may have been executed */
	REFUSAL_EXPIRED,   /* the session token; with fresh credentials */
	REFUSAL_CLOCK,	   /* the signature's time; with AWS's */
};

/* Name, message, request id, resource of an answer; body is its JSON or that of its XML, or NULL. */
void refusal_read(struct cloud_error *error, const struct http_answer *answer, const json_t *body);
enum refusal refusal_kind(const struct cloud_error *error);

/* What somebody can do about it, by name, or NULL. */
const char *refusal_next(const struct cloud_error *error);

/* The elements of an XML document that hold text only, as members of an object; NULL: no XML. */
json_t *refusal_xml(const char *text);

#endif
