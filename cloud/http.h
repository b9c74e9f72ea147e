/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* HTTP requests over libcurl's multi interface: several in flight, no threads, kept connections. */
#ifndef CLOUD_HTTP_H
#define CLOUD_HTTP_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

struct http;

/* ca_bundle: PEM of the roots to trust, NULL: those of the system. Lent. */
TRUSTX_MUST_CHECK enum trustx_err http_new(
	struct http **http, const char *ca_bundle, struct fail *f);
void http_free(struct http *http); /* after its requests; NULL is fine */

#define HTTP_HEADERS_MAX 10
struct http_request { /* strings are copied, all but the body */
	const char *method, *url;
	const char *headers[HTTP_HEADERS_MAX]; /* "name: value", to the first NULL */
	const char *body;		       /* lent until http_end; NULL: none */
	size_t body_len;
	unsigned connect_ms, total_ms; /* 0: 5 s, 30 s */
	bool no_proxy;		       /* metadata services are on this computer */
};

enum http_outcome {
	HTTP_ANSWER,	/* status and body are valid */
	HTTP_NOT_SENT,	/* no connection: the request has not been executed */
	HTTP_NO_ANSWER, /* it may have been */
	HTTP_UNTRUSTED, /* TLS: the server's certificate, or the roots; not executed */
};

struct http_answer {
	enum http_outcome outcome;
	long status;
	struct blob body;
	char date[48], error_type[160], request_id[80]; /* of headers; "" */
	char why[256];					/* unless HTTP_ANSWER */
	unsigned connections;				/* that were made for it */
};

struct http_call;

TRUSTX_MUST_CHECK enum trustx_err http_begin(
	struct http_call **call, struct http *http, const struct http_request *rq, struct fail *f);

/* Let requests go on, waiting wait_ms at most for something to happen. */
void http_pump(struct http *http, unsigned wait_ms);

/* NULL: not yet. Lent until http_end. */
const struct http_answer *http_answer(const struct http_call *call);
void http_end(struct http_call *call); /* forget it, also in the middle; NULL is fine */

#endif
