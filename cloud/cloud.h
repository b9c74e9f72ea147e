/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Signed requests to AWS: one client for one account and region, several requests in flight over
 * kept connections (libcurl multi, no threads). Knows no chip. Times are the computer's.
 */
#ifndef CLOUD_CLOUD_H
#define CLOUD_CLOUD_H

#include "fail.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All members may be 0 for the default: then as the AWS tools resolve them. Lent until closed. */
struct cloud_options {
	const char *profile;	   /* --profile; an explicit one takes the environment's keys out */
	const char *region;	   /* --region */
	const char *endpoint_url;  /* --endpoint-url */
	const char *ca_bundle;	   /* --ca-bundle: PEM of the roots to trust */
	const char *account;	   /* 12 digits that the credentials must belong to, or NULL */
	const char *aws_program;   /* the AWS CLI, for SSO and roles; default "aws" */
	bool allow_http;	   /* http:// to other hosts than loopback */
	bool imds;		   /* ask the EC2 instance metadata service, too */
	unsigned backoff_ms;	   /* before a first repetition, doubled for each; default 500 */
	unsigned stations;	   /* that share the account's quota; default 1 */
	bool (*interrupted)(void); /* asked while waiting; NULL: never */
};

struct cloud;

/*
 * Resolve region, endpoint and credentials; nothing is sent to AWS yet. TRUSTX_ERR_INPUT: files or
 * options cannot be used (named), no region, http:// refused. TRUSTX_ERR_ISSUER: no credentials
 * found (lists where was looked and what to do), credential_process or the AWS CLI failed.
 */
TRUSTX_MUST_CHECK enum trustx_err cloud_open(
	struct cloud **cloud, const struct cloud_options *opt, struct fail *f);
void cloud_close(struct cloud *cloud); /* ends what is in flight, wipes secrets; NULL is fine */

const char *cloud_region(const struct cloud *cloud);
const char *cloud_partition(const struct cloud *cloud); /* "aws", "aws-cn", "aws-us-gov" */

/* What was sent so far, and seconds by which the computer's clock was found to be off. */
struct cloud_stats {
	unsigned requests, retries, connections;
	int64_t clock_off;
	uint64_t busy_us; /* with at least one request in flight */
};
void cloud_stats(const struct cloud *cloud, struct cloud_stats *stats);

/* ---- one request ---- */

/* What AWS answered when it refused; all empty otherwise. */
struct cloud_error {
	int http;	       /* status; 0: no answer came */
	char name[80];	       /* "ResourceNotFoundException" */
	char message[256];     /* printable */
	char request_id[80];   /* x-amzn-RequestId */
	char resource_id[160]; /* of ResourceAlreadyExistsException */
	char resource_arn[256];
};

#define CLOUD_QUERY_MAX 6
struct cloud_pair {
	const char *name, *value;
};

/* Strings are copied by cloud_start and not encoded yet: the client encodes path and query. */
struct cloud_request {
	const char *operation; /* "CreateThing": for messages, quotas, and the test of rights */
	const char *service;   /* "iot", "sts" */
	const char *method;
	const char *path[6]; /* labels between slashes: {"things", name, "principals", NULL} */
	struct cloud_pair query[CLOUD_QUERY_MAX]; /* to the first without a name */
	const char *principal;			  /* of the header x-amzn-principal; NULL: none */
	const char *body;			  /* JSON or form text; NULL: none */
	bool is_form; /* application/x-www-form-urlencoded instead of JSON */
	/*
	 * May the request be sent again when its answer was lost (no answer, 5xx)? Throttling and
	 * what was refused before it was executed are repeated in any case.
	 */
	bool repeatable;
};

struct cloud_call; /* a request in flight, with its repetitions */

TRUSTX_MUST_CHECK enum trustx_err cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f);

/* Let what is in flight go on, waiting wait_ms at most for something to happen. */
void cloud_pump(struct cloud *cloud, unsigned wait_ms);
bool cloud_is_done(const struct cloud_call *call);

/*
 * Wait for its end and free it. *answer: the JSON of the body (XML of sts: an object of its
 * elements), NULL if the body was empty; the caller's to json_decref. error: may be NULL.
 *   TRUSTX_ERR_ISSUER       AWS refused: by name, its message, the request id; or no connection,
 *                           TLS, answer that is not JSON
 *   TRUSTX_ERR_THROTTLED    throttled beyond the repetitions
 *   TRUSTX_ERR_UNKNOWN_OUTCOME  the answer to a request that is not repeatable was lost
 *   TRUSTX_ERR_INTERRUPTED, _MEMORY
 */
TRUSTX_MUST_CHECK enum trustx_err cloud_finish(
	struct cloud_call *call, json_t **answer, struct cloud_error *error, struct fail *f);
void cloud_cancel(struct cloud_call *call); /* forget it: its outcome is unknown; NULL is fine */

#endif
