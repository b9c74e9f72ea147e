/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "http.h"

#include "file.h"

#include "mem.h"
#include "trust.h"

#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ANSWER_MAX ((size_t)1 << 20)
#define CONNECT_MS 5000u
#define TOTAL_MS   30000u

struct http {
	CURLM *multi;
	const char *ca_bundle;
};

struct http_call {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	struct http_answer answer;
	bool sent, done, too_long;
	char reason[CURL_ERROR_SIZE];
};

static enum trustx_err no_bundle(const char *path, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "the file of trusted roots %s is not there", path);
	return fail_next(f, "correct --ca-bundle, AWS_CA_BUNDLE or ca_bundle of the profile");
}

enum trustx_err http_new(struct http **http, const char *ca_bundle, struct fail *f)
{
	struct http *h;

	*http = NULL;
	if (ca_bundle != NULL && !file_exists(ca_bundle))
		return no_bundle(ca_bundle, f);
	h = calloc(1, sizeof(*h));
	if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		(h->multi = curl_multi_init()) == NULL) {
		free(h);
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	h->ca_bundle = ca_bundle != NULL ? ca_bundle : trust_bundle();
	/* One connection, one handshake: requests are queued on it in order. */
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
	*http = h;
	return TRUSTX_OK;
}

void http_free(struct http *http)
{
	if (http == NULL)
		return;
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	free(http);
}

/* ---- what comes ---- */

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
	struct http_call *call = ctx;

	if (blob_add(&call->answer.body, data, size * count) == TRUSTX_OK)
		return size * count;
	call->too_long = true;
	return 0;
}

/* Printable, without blanks around it, cut to what fits. */
static void copy_value(char *out, size_t cap, const char *value, size_t len)
{
	size_t n = 0;

	while (len > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		len--;
	}
	while (n < len && n < cap - 1 && value[n] >= ' ' && value[n] <= '~') {
		out[n] = value[n];
		n++;
	}
	out[n] = '\0';
}

/*
 * libcurl sends a request again by itself when a kept connection ends without an answer. Only the
 * caller knows whether that may be done: a second time is refused.
 */
static int before_sending(void *ctx, char *their_ip, char *our_ip, int their_port, int our_port)
{
	struct http_call *call = ctx;

	(void)their_ip;
	(void)our_ip;
	(void)their_port;
	(void)our_port;
	if (call->sent)
		return CURL_PREREQFUNC_ABORT;
	call->sent = true;
	return CURL_PREREQFUNC_OK;
}

static size_t take_header(char *data, size_t size, size_t count, void *ctx)
{
	struct http_call *call = ctx;
	struct http_answer *a = &call->answer;
	const struct {
		const char *name;
		char *out;
		size_t cap;
	} wanted[] = {
		{ "date:", a->date, sizeof(a->date) },
		{ "x-amzn-errortype:", a->error_type, sizeof(a->error_type) },
		{ "x-amzn-requestid:", a->request_id, sizeof(a->request_id) },
	};
	size_t len = size * count;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t n = strlen(wanted[i].name);

		if (len > n && strncasecmp(data, wanted[i].name, n) == 0)
			copy_value(wanted[i].out, wanted[i].cap, data + n, len - n);
	}
	return len;
}

/* ---- a request ---- */

static bool append(struct http_call *call, const char *line)
{
	struct curl_slist *list = curl_slist_append(call->headers, line);

	if (list != NULL)
		call->headers = list;
	return list != NULL;
}

static bool has_header(const struct http_request *rq, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < HTTP_HEADERS_MAX && rq->headers[i] != NULL; i++)
		if (strncasecmp(rq->headers[i], name, len) == 0 && rq->headers[i][len] == ':')
			return true;
	return false;
}

static bool set_headers(struct http_call *call, const struct http_request *rq)
{
	/* What libcurl would add by itself would not be signed. */
	static const char *const own[] = { "Expect", "Accept", "Content-Type" };
	char line[32];
	bool ok = true;

	for (size_t i = 0; ok && i < HTTP_HEADERS_MAX && rq->headers[i] != NULL; i++)
		ok = append(call, rq->headers[i]);
	for (size_t i = 0; ok && i < sizeof(own) / sizeof(own[0]); i++) {
		snprintf(line, sizeof(line), "%s:", own[i]);
		ok = has_header(rq, own[i]) || append(call, line);
	}
	return ok && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK;
}

static bool set_body(struct http_call *call, const struct http_request *rq)
{
	CURL *e = call->easy;

	if (strcmp(rq->method, "GET") == 0)
		return true;
	/* Also where nothing is sent: the length 0 has to be said. */
	return curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body_len) ==
		       CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_POSTFIELDS, rq->body != NULL ? rq->body : "") ==
		       CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, rq->method) == CURLE_OK;
}

static bool set_limits(CURL *e, const struct http_request *rq)
{
	unsigned connect_ms = rq->connect_ms > 0 ? rq->connect_ms : CONNECT_MS;
	unsigned total_ms = rq->total_ms > 0 ? rq->total_ms : TOTAL_MS;

	return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https,http") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)total_ms) == CURLE_OK;
}

static bool set_options(struct http_call *call, const struct http_request *rq)
{
	const struct http *http = call->http;
	CURL *e = call->easy;

	if (http->ca_bundle != NULL &&
		curl_easy_setopt(e, CURLOPT_CAINFO, http->ca_bundle) != CURLE_OK)
		return false;
	if (rq->no_proxy && curl_easy_setopt(e, CURLOPT_NOPROXY, "*") != CURLE_OK)
		return false;
	return curl_easy_setopt(e, CURLOPT_URL, rq->url) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_ERRORBUFFER, call->reason) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_WRITEDATA, call) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HEADERDATA, call) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_sending) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PREREQDATA, call) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PRIVATE, call) == CURLE_OK;
}

enum trustx_err http_begin(
	struct http_call **call, struct http *http, const struct http_request *rq, struct fail *f)
{
	struct http_call *c = calloc(1, sizeof(*c));

	*call = NULL;
	if (c == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	c->http = http;
	blob_init(&c->answer.body, ANSWER_MAX);
	if ((c->easy = curl_easy_init()) == NULL || !set_options(c, rq) ||
		!set_limits(c->easy, rq) || !set_headers(c, rq) || !set_body(c, rq) ||
		curl_multi_add_handle(http->multi, c->easy) != CURLM_OK) {
		http_end(c);
		return fail_set(f, TRUSTX_ERR_MEMORY, "the request could not be set up");
	}
	*call = c;
	return TRUSTX_OK;
}

void http_end(struct http_call *call)
{
	if (call == NULL)
		return;
	if (call->easy != NULL)
		curl_multi_remove_handle(call->http->multi, call->easy);
	curl_easy_cleanup(call->easy);
	for (struct curl_slist *line = call->headers; line != NULL; line = line->next)
		mem_wipe(line->data, strlen(line->data));
	curl_slist_free_all(call->headers);
	blob_free(&call->answer.body);
	free(call);
}

/* ---- what became of it ---- */

static enum http_outcome outcome_of(const struct http_call *call, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWER;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
		return HTTP_UNTRUSTED;
	default:
		return call->sent ? HTTP_NO_ANSWER : HTTP_NOT_SENT;
	}
}

static const char *reason_of(const struct http_call *call, CURLcode code)
{
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return "the connection ended without an answer";
	return call->reason[0] != '\0' ? call->reason : curl_easy_strerror(code);
}

static void finish(struct http_call *call, CURLcode code)
{
	struct http_answer *a = &call->answer;
	long connections = 0;

	a->outcome = outcome_of(call, code);
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &a->status);
	curl_easy_getinfo(call->easy, CURLINFO_NUM_CONNECTS, &connections);
	a->connections = (unsigned)connections;
	if (call->too_long)
		snprintf(a->why, sizeof(a->why), "the answer is longer than %zu bytes", ANSWER_MAX);
	else if (code != CURLE_OK)
		snprintf(a->why, sizeof(a->why), "%s", reason_of(call, code));
	call->done = true;
}

void http_pump(struct http *http, unsigned wait_ms)
{
	int running, left;
	CURLMsg *msg;
	char *call;

	if (wait_ms > 0)
		curl_multi_poll(http->multi, NULL, 0, (int)wait_ms, NULL);
	curl_multi_perform(http->multi, &running);
	while ((msg = curl_multi_info_read(http->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE &&
			curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &call) == CURLE_OK)
			finish((struct http_call *)(void *)call, msg->data.result);
}

const struct http_answer *http_answer(const struct http_call *call)
{
	return call->done ? &call->answer : NULL;
}
