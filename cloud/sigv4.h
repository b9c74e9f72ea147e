/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * AWS Signature Version 4 (AWS IAM User Guide, "Create a signed AWS API request"), for every service
 * but S3: the path that is signed is the path on the wire, percent-encoded once more.
 */
#ifndef CLOUD_SIGV4_H
#define CLOUD_SIGV4_H

#include "blob.h"
#include "fail.h"

#define SIGV4_DATE_LEN 16 /* "20150830T123600Z" */

struct sigv4_header {
	const char *name, *value; /* any case; blanks around the value do not count */
};

/* What goes over the wire. */
struct sigv4_request {
	const char *method;
	const char *path;  /* as sent */
	const char *query; /* as sent, behind the '?'; "" if there is none */
	const struct sigv4_header
		*headers; /* all of them are signed; host and x-amz-date among them */
	size_t header_count;
	const void *body;
	size_t body_len;
	const char *date; /* of x-amz-date */
	const char *region, *service;
};

struct sigv4_keys {
	const char *access_key, *secret; /* the session token is one of the headers */
};

/* Append the value of the header Authorization. TRUSTX_ERR_MEMORY, _CRYPTO. */
TRUSTX_MUST_CHECK enum trustx_err sigv4_authorize(struct blob *out,
	const struct sigv4_request *request, const struct sigv4_keys *keys, struct fail *f);

/* Append text with all but A-Z a-z 0-9 - . _ ~ and what also contains percent-encoded (RFC 3986). */
TRUSTX_MUST_CHECK enum trustx_err sigv4_encode(
	struct blob *out, const char *text, size_t len, const char *also);

#endif
