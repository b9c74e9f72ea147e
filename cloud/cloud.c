/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cloud.h"

#include "mem.h"
#include "message.h"
#include "quota.h"
#include "refusal.h"
#include "utc.h"

#include <openssl/rand.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RENEW_S	       300 /* before credentials expire */
#define BACKOFF_MS     500u
#define BACKOFF_MAX_MS 20000u
#define THROTTLED_MAX  8u
#define TRANSIENT_MAX  3u
#define DEADLINE_MS    120000u
#define WAIT_MS	       100u

struct cloud {
	struct cloud_options opt;
	struct config config;
	struct credentials credentials;
	struct http *http;
	struct quota quota;
	struct cloud_call *calls;
	struct cloud_stats stats;
	uint64_t busy_since; /* us; 0: nothing is in flight */
};

struct cloud_call {
	struct cloud *cloud;
	struct cloud_call *next;
	struct message message;
	bool repeatable;
	struct http_call *http;	    /* in flight */
	uint64_t send_at, deadline; /* ms */
	unsigned throttled, transient;
	bool renewed, corrected, done;
	enum trustx_err err;
	struct fail fail;
	struct cloud_error error;
	json_t *answer;
};

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t now_ms(void)
{
	return now_us() / 1000;
}

/* ---- the client ---- */

static enum trustx_err open_all(struct cloud *c, struct fail *f)
{
	const char *roots;
	enum trustx_err err;

	if ((err = config_load(&c->config, &c->opt, f)) != TRUSTX_OK)
		return err;
	roots = c->config.ca_bundle[0] != '\0' ? c->config.ca_bundle : NULL;
	if ((err = http_new(&c->http, roots, f)) != TRUSTX_OK)
		return err;
	return credentials_find(&c->credentials, &c->config, &c->opt, c->http, f);
}

enum trustx_err cloud_open(struct cloud **cloud, const struct cloud_options *opt, struct fail *f)
{
	struct cloud *c = calloc(1, sizeof(*c));
	enum trustx_err err;

	*cloud = NULL;
	fail_clear(f);
	if (c == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	c->opt = *opt;
	c->quota.stations = opt->stations;
	if ((err = open_all(c, f)) != TRUSTX_OK) {
		cloud_close(c);
		return err;
	}
	*cloud = c;
	return TRUSTX_OK;
}

void cloud_close(struct cloud *cloud)
{
	if (cloud == NULL)
		return;
	while (cloud->calls != NULL)
		cloud_cancel(cloud->calls);
	http_free(cloud->http);
	credentials_wipe(&cloud->credentials);
	config_free(&cloud->config);
	free(cloud);
}

const char *cloud_region(const struct cloud *cloud)
{
	return cloud->config.region;
}

const char *cloud_partition(const struct cloud *cloud)
{
	return config_partition(cloud->config.region);
}

void cloud_stats(const struct cloud *cloud, struct cloud_stats *stats)
{
	*stats = cloud->stats;
	if (cloud->busy_since != 0)
		stats->busy_us += now_us() - cloud->busy_since;
}

static time_t aws_time(const struct cloud *cloud)
{
	return time(NULL) + (time_t)cloud->stats.clock_off;
}

/* ---- the end of a call ---- */

/* err is that of call->fail. */
static void end(struct cloud_call *call, enum trustx_err err)
{
	call->err = err;
	call->done = true;
	fail_what(&call->fail, "ask AWS: %s", call->message.operation);
}

static void end_refused(struct cloud_call *call, enum trustx_err err)
{
	const struct cloud_error *e = &call->error;
	const char *next = refusal_next(e);

	fail_set(&call->fail, err, "%s%s%s (request %s)", e->name, e->message[0] ? ": " : "",
		e->message, e->request_id[0] != '\0' ? e->request_id : "without an id");
	if (next != NULL)
		fail_next(&call->fail, "%s", next);
	end(call, err);
}

static void end_lost(struct cloud_call *call, const char *why)
{
	fail_set(&call->fail, TRUSTX_ERR_UNKNOWN_OUTCOME, "the answer was lost: %s", why);
	fail_next(&call->fail, "run the same command again: it finds out what AWS did");
	end(call, TRUSTX_ERR_UNKNOWN_OUTCOME);
}

static void end_unreachable(struct cloud_call *call, const struct http_answer *answer)
{
	const char *service = call->message.service;
	const char *url =
		strcmp(service, "sts") == 0 ? call->cloud->config.sts : call->cloud->config.iot;

	if (answer->outcome == HTTP_UNTRUSTED) {
		fail_set(&call->fail, TRUSTX_ERR_ISSUER, "%s is not trusted: %s", url, answer->why);
		fail_next(&call->fail, "check the computer's clock, a proxy in between, and the "
				       "roots (--ca-bundle, AWS_CA_BUNDLE)");
	} else {
		fail_set(&call->fail, TRUSTX_ERR_ISSUER, "%s cannot be reached: %s", url,
			answer->why);
		fail_next(&call->fail, "check the network, the proxy (HTTPS_PROXY) and the region");
	}
	end(call, TRUSTX_ERR_ISSUER);
}

/* ---- repetition ---- */

/* Full jitter: anything up to the backoff, which doubles. */
static uint32_t backoff(const struct cloud *cloud, unsigned attempt)
{
	uint32_t most = cloud->opt.backoff_ms > 0 ? cloud->opt.backoff_ms : BACKOFF_MS, r = 0;

	for (unsigned i = 0; i < attempt && most < BACKOFF_MAX_MS; i++)
		most *= 2;
	most = most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS;
	if (RAND_bytes((unsigned char *)&r, sizeof(r)) != 1)
		return most;
	return r % (most + 1);
}

static bool again(struct cloud_call *call, unsigned *count, unsigned most)
{
	uint64_t at = now_ms() + backoff(call->cloud, *count);

	if (*count >= most || at > call->deadline)
		return false;
	++*count;
	call->cloud->stats.retries++;
	call->send_at = at;
	return true;
}

static void after_transient(struct cloud_call *call, const char *why)
{
	if (!call->repeatable)
		end_lost(call, why);
	else if (!again(call, &call->transient, TRANSIENT_MAX)) {
		fail_set(&call->fail, TRUSTX_ERR_ISSUER, "no usable answer, %u times: %s",
			call->transient + 1, why);
		fail_next(&call->fail, "try again later: nothing is lost");
		end(call, TRUSTX_ERR_ISSUER);
	}
}

static void after_throttling(struct cloud_call *call)
{
	struct cloud *cloud = call->cloud;

	quota_slow(&cloud->quota, call->message.operation, now_ms());
	if (again(call, &call->throttled, THROTTLED_MAX))
		return;
	call->fail.next[0] = '\0';
	end_refused(call, TRUSTX_ERR_THROTTLED);
	fail_next(&call->fail, "run it again later; several stations share the account's quota");
}

/* The old ones stay when there are no fresh ones. */
static enum trustx_err refresh(struct cloud *cloud, struct fail *f)
{
	struct credentials fresh = { .source = NULL };
	enum trustx_err err;

	err = credentials_find(&fresh, &cloud->config, &cloud->opt, cloud->http, f);
	if (err != TRUSTX_OK) {
		credentials_wipe(&fresh);
		return err;
	}
	credentials_wipe(&cloud->credentials);
	cloud->credentials = fresh;
	mem_wipe(&fresh, sizeof(fresh));
	return TRUSTX_OK;
}

static void after_expiry(struct cloud_call *call)
{
	struct cloud *cloud = call->cloud;
	struct fail f;

	if (call->renewed || refresh(cloud, &f) != TRUSTX_OK) {
		end_refused(call, TRUSTX_ERR_ISSUER);
		return;
	}
	call->renewed = true;
	call->cloud->stats.retries++;
	call->send_at = now_ms();
}

/* "Tue, 24 Nov 2026 12:00:00 GMT"; 0: not that. */
static time_t parse_date(const char *text)
{
	int64_t seconds;

	return utc_parse_http(&seconds, text) ? (time_t)seconds : 0;
}

static void after_clock(struct cloud_call *call, const char *date)
{
	time_t theirs = parse_date(date);

	if (call->corrected || theirs == 0) {
		end_refused(call, TRUSTX_ERR_ISSUER);
		return;
	}
	call->cloud->stats.clock_off = (int64_t)(theirs - time(NULL));
	call->cloud->stats.retries++;
	call->corrected = true;
	call->send_at = now_ms();
}

/* ---- what came ---- */

static void end_with_answer(struct cloud_call *call, const struct http_answer *answer)
{
	enum trustx_err err = call->repeatable ? TRUSTX_ERR_ISSUER : TRUSTX_ERR_UNKNOWN_OUTCOME;
	const struct blob *body = &answer->body;

	if (body->len > 0 && call->answer == NULL) {
		fail_put(&call->fail, err, "the answer is no JSON; it begins with '%.40s'",
			blob_text(body));
		for (char *c = call->fail.why; *c != '\0'; c++)
			*c = *c >= ' ' && *c <= '~' ? *c : ' ';
		fail_next(&call->fail, "check the endpoint, and for a proxy that answers itself");
		end(call, err);
		return;
	}
	call->err = TRUSTX_OK;
	call->done = true;
}

static void judge_refusal(struct cloud_call *call, const struct http_answer *answer)
{
	refusal_read(&call->error, answer, call->answer);
	json_decref(call->answer);
	call->answer = NULL;
	switch (refusal_kind(&call->error)) {
	case REFUSAL_THROTTLED:
		after_throttling(call);
		break;
	case REFUSAL_TRANSIENT:
		after_transient(call, call->error.name);
		break;
	case REFUSAL_EXPIRED:
		after_expiry(call);
		break;
	case REFUSAL_CLOCK:
		after_clock(call, answer->date);
		break;
	case REFUSAL_FINAL:
		end_refused(call, TRUSTX_ERR_ISSUER);
		break;
	}
}

/* STS may answer in XML; from anything else that begins with '<' it is a page of somebody else. */
static json_t *parse_body(const struct blob *body, bool is_sts)
{
	json_t *object = json_loadb(blob_text(body), body->len, 0, NULL);

	if (object != NULL && !json_is_object(object)) {
		json_decref(object);
		return NULL;
	}
	return object != NULL || !is_sts ? object : refusal_xml(blob_text(body));
}

static void judge(struct cloud_call *call, const struct http_answer *answer)
{
	call->cloud->stats.connections += answer->connections;
	switch (answer->outcome) {
	case HTTP_UNTRUSTED:
		end_unreachable(call, answer);
		return;
	case HTTP_NOT_SENT:
		if (!again(call, &call->transient, TRANSIENT_MAX))
			end_unreachable(call, answer);
		return;
	case HTTP_NO_ANSWER:
		after_transient(call, answer->why);
		return;
	case HTTP_ANSWER:
		break;
	}
	call->answer = parse_body(&answer->body, strcmp(call->message.service, "sts") == 0);
	if (answer->status == 200)
		end_with_answer(call, answer);
	else
		judge_refusal(call, answer);
}

/* ---- going on ---- */

static enum trustx_err renew(struct cloud *cloud, struct fail *f)
{
	int64_t left = cloud->credentials.expires - (int64_t)aws_time(cloud);
	enum trustx_err err;

	if (cloud->credentials.expires == 0 || left > RENEW_S)
		return TRUSTX_OK;
	err = refresh(cloud, f);
	return left > 0 && err != TRUSTX_ERR_INTERRUPTED ? TRUSTX_OK : err;
}

static void send_now(struct cloud_call *call)
{
	struct cloud *cloud = call->cloud;
	uint32_t wait = quota_take(&cloud->quota, call->message.operation, now_ms());
	enum trustx_err err;

	if (wait > 0) {
		call->send_at = now_ms() + wait;
		return;
	}
	if ((err = renew(cloud, &call->fail)) != TRUSTX_OK ||
		(err = message_send(&call->http, cloud->http, &call->message, &cloud->config,
			 &cloud->credentials, aws_time(cloud), &call->fail)) != TRUSTX_OK) {
		end(call, err);
		return;
	}
	cloud->stats.requests++;
}

static void step(struct cloud_call *call)
{
	const struct http_answer *answer;

	if (call->done)
		return;
	if (call->http == NULL) {
		if (now_ms() >= call->send_at)
			send_now(call);
		return;
	}
	if ((answer = http_answer(call->http)) == NULL)
		return;
	judge(call, answer);
	http_end(call->http);
	call->http = NULL;
}

static void measure(struct cloud *cloud)
{
	bool busy = false;

	for (const struct cloud_call *c = cloud->calls; c != NULL; c = c->next)
		busy |= !c->done;
	if (busy && cloud->busy_since == 0)
		cloud->busy_since = now_us();
	if (!busy && cloud->busy_since != 0) {
		cloud->stats.busy_us += now_us() - cloud->busy_since;
		cloud->busy_since = 0;
	}
}

/* No longer than until a call has to be sent again. */
static unsigned until_next(const struct cloud *cloud, unsigned wait_ms)
{
	uint64_t now = now_ms();

	for (const struct cloud_call *c = cloud->calls; c != NULL; c = c->next) {
		if (c->done || c->http != NULL)
			continue;
		if (c->send_at <= now)
			return 0;
		if (c->send_at - now < wait_ms)
			wait_ms = (unsigned)(c->send_at - now);
	}
	return wait_ms;
}

void cloud_pump(struct cloud *cloud, unsigned wait_ms)
{
	for (struct cloud_call *c = cloud->calls; c != NULL; c = c->next)
		step(c);
	http_pump(cloud->http, until_next(cloud, wait_ms));
	for (struct cloud_call *c = cloud->calls; c != NULL; c = c->next)
		step(c);
	measure(cloud);
}

/* ---- one request ---- */

enum trustx_err cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f)
{
	struct cloud_call *c = calloc(1, sizeof(*c));
	enum trustx_err err;

	*call = NULL;
	if (c == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	c->cloud = cloud;
	c->repeatable = request->repeatable;
	c->send_at = now_ms();
	c->deadline = c->send_at + DEADLINE_MS;
	fail_clear(&c->fail);
	if ((err = message_make(&c->message, request, f)) != TRUSTX_OK) {
		message_free(&c->message);
		free(c);
		return err;
	}
	c->next = cloud->calls;
	cloud->calls = c;
	cloud_pump(cloud, 0);
	*call = c;
	return TRUSTX_OK;
}

bool cloud_is_done(const struct cloud_call *call)
{
	return call->done;
}

void cloud_cancel(struct cloud_call *call)
{
	struct cloud_call **at;

	if (call == NULL)
		return;
	at = &call->cloud->calls;
	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	measure(call->cloud);
	http_end(call->http);
	message_free(&call->message);
	json_decref(call->answer);
	free(call);
}

/* What was sent may have been executed. */
static enum trustx_err interrupted(const struct cloud_call *call, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
	return fail_what(f, "ask AWS: %s", call->message.operation);
}

enum trustx_err cloud_finish(
	struct cloud_call *call, json_t **answer, struct cloud_error *error, struct fail *f)
{
	struct cloud *cloud = call->cloud;
	enum trustx_err err;

	*answer = NULL;
	while (!call->done) {
		if (cloud->opt.interrupted != NULL && cloud->opt.interrupted()) {
			err = interrupted(call, f);
			goto out;
		}
		cloud_pump(cloud, WAIT_MS);
	}
	if ((err = call->err) != TRUSTX_OK)
		*f = call->fail;
	*answer = call->answer; /* transferred */
	call->answer = NULL;
out:
	if (error != NULL)
		*error = call->error;
	cloud_cancel(call);
	return err;
}
