/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "message.h"

#include "sigv4.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX    ((size_t)256 * 1024)
#define HEADERS_MAX 6

/* What is signed and sent, and room for it. */
struct envelope {
	char host[CONFIG_URL_MAX], date[SIGV4_DATE_LEN + 1];
	const char *prefix; /* of the path: what stands behind the endpoint's host */
	struct sigv4_header headers[HEADERS_MAX];
	size_t count;
	struct blob path, url, authorization, lines[HEADERS_MAX + 1];
};

static enum trustx_err encode_path(struct blob *out, const char *const labels[6])
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < 6 && labels[i] != NULL && err == TRUSTX_OK; i++)
		if ((err = blob_add(out, "/", 1)) == TRUSTX_OK)
			err = sigv4_encode(out, labels[i], strlen(labels[i]), "");
	return err == TRUSTX_OK && out->len == 0 ? blob_add(out, "/", 1) : err;
}

static enum trustx_err encode_query(
	struct blob *out, const struct cloud_pair query[CLOUD_QUERY_MAX])
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < CLOUD_QUERY_MAX && query[i].name != NULL; i++) {
		const char *value = query[i].value;

		if ((err = blob_addf(out, "%s%s=", i > 0 ? "&" : "", query[i].name)) != TRUSTX_OK ||
			(err = sigv4_encode(out, value, strlen(value), "")) != TRUSTX_OK)
			return err;
	}
	return err;
}

enum trustx_err message_make(struct message *m, const struct cloud_request *request, struct fail *f)
{
	enum trustx_err err;

	memset(m, 0, sizeof(*m));
	m->operation = request->operation;
	m->service = request->service;
	m->is_form = request->is_form;
	snprintf(m->method, sizeof(m->method), "%s", request->method);
	blob_init(&m->path, TEXT_MAX);
	blob_init(&m->query, TEXT_MAX);
	blob_init(&m->body, TEXT_MAX);
	blob_init(&m->principal, TEXT_MAX);
	err = encode_path(&m->path, request->path);
	if (err == TRUSTX_OK)
		err = encode_query(&m->query, request->query);
	if (err == TRUSTX_OK && request->body != NULL)
		err = blob_addf(&m->body, "%s", request->body);
	if (err == TRUSTX_OK && request->principal != NULL)
		err = blob_addf(&m->principal, "%s", request->principal);
	return err == TRUSTX_OK ? err : fail_set(f, err, "%s is too long", request->operation);
}

void message_free(struct message *message)
{
	blob_free(&message->path);
	blob_free(&message->query);
	blob_free(&message->body);
	blob_free(&message->principal);
}

/* ---- sending ---- */

static void add_header(struct envelope *e, const char *name, const char *value)
{
	e->headers[e->count].name = name;
	e->headers[e->count].value = value;
	e->count++;
}

static void address(struct envelope *e, const char *endpoint)
{
	const char *host = strstr(endpoint, "://") + 3;
	size_t len = strcspn(host, "/");

	snprintf(e->host, sizeof(e->host), "%.*s", (int)len, host);
	e->prefix = host + len;
}

static void fill(
	struct envelope *e, const struct message *m, const struct credentials *who, time_t now)
{
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(e->date, sizeof(e->date), "%Y%m%dT%H%M%SZ", &tm);
	add_header(e, "Host", e->host);
	add_header(e, "X-Amz-Date", e->date);
	if (who->token.len > 0)
		add_header(e, "X-Amz-Security-Token", blob_text(&who->token));
	if (m->principal.len > 0)
		add_header(e, "x-amzn-principal", blob_text(&m->principal));
	if (m->is_form)
		add_header(e, "Content-Type", "application/x-www-form-urlencoded");
	else if (strcmp(m->method, "GET") != 0)
		add_header(e, "Content-Type", "application/json");
	/* STS answers in XML otherwise. */
	if (m->is_form)
		add_header(e, "Accept", "application/json");
}

static enum trustx_err seal(struct envelope *e, const struct message *m,
	const struct config *config, const struct credentials *who, struct fail *f)
{
	struct sigv4_keys keys = { who->access_key, who->secret };
	struct sigv4_request rq = { .method = m->method,
		.query = blob_text(&m->query),
		.headers = e->headers,
		.header_count = e->count,
		.body = blob_text(&m->body),
		.body_len = m->body.len,
		.date = e->date,
		.region = config->region,
		.service = m->service };
	enum trustx_err err;

	if ((err = blob_addf(&e->path, "%s%s", e->prefix, blob_text(&m->path))) != TRUSTX_OK)
		return fail_set(f, err, "out of memory");
	rq.path = blob_text(&e->path);
	return sigv4_authorize(&e->authorization, &rq, &keys, f);
}

static enum trustx_err print_lines(struct envelope *e, const char *lines[HTTP_HEADERS_MAX])
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < e->count && err == TRUSTX_OK; i++) {
		err = blob_addf(&e->lines[i], "%s: %s", e->headers[i].name, e->headers[i].value);
		lines[i] = blob_text(&e->lines[i]);
	}
	if (err == TRUSTX_OK)
		err = blob_addf(
			&e->lines[e->count], "Authorization: %s", blob_text(&e->authorization));
	lines[e->count] = blob_text(&e->lines[e->count]);
	return err;
}

static enum trustx_err post(struct http_call **call, struct http *http, struct envelope *e,
	const struct message *m, const char *endpoint, struct fail *f)
{
	struct http_request rq = { .method = m->method,
		.body = m->body.len > 0 ? blob_text(&m->body) : NULL,
		.body_len = m->body.len };
	enum trustx_err err;

	if ((err = print_lines(e, rq.headers)) == TRUSTX_OK)
		err = blob_addf(&e->url, "%s%s%s%s", endpoint, blob_text(&m->path),
			m->query.len > 0 ? "?" : "", blob_text(&m->query));
	if (err != TRUSTX_OK)
		return fail_set(f, err, "out of memory");
	rq.url = blob_text(&e->url);
	return http_begin(call, http, &rq, f);
}

enum trustx_err message_send(struct http_call **call, struct http *http,
	const struct message *message, const struct config *config, const struct credentials *who,
	time_t now, struct fail *f)
{
	const char *endpoint = strcmp(message->service, "sts") == 0 ? config->sts : config->iot;
	struct envelope e = { .count = 0 };
	enum trustx_err err;

	*call = NULL;
	blob_init(&e.path, TEXT_MAX);
	blob_init(&e.url, TEXT_MAX);
	blob_init(&e.authorization, TEXT_MAX);
	for (size_t i = 0; i <= HEADERS_MAX; i++)
		blob_init(&e.lines[i], TEXT_MAX);
	address(&e, endpoint);
	fill(&e, message, who, now);
	if ((err = seal(&e, message, config, who, f)) == TRUSTX_OK)
		err = post(call, http, &e, message, endpoint, f);
	blob_free(&e.path);
	blob_free(&e.url);
	blob_free(&e.authorization);
	for (size_t i = 0; i <= HEADERS_MAX; i++)
		blob_free(&e.lines[i]);
	return err;
}
