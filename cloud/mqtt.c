/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "mqtt.h"

#include "hex.h"
#include "net.h"
#include "quiet.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <openssl/rand.h>

#include <stdio.h>
#include <string.h>

#define KEEPALIVE_S  60
#define SLICE_MS     50
#define AGAIN_MS     1000
#define RANDOM_LEN   16u
#define REFUSED_FROM 0x80 /* MQTT 5, 2.4 */

struct visit {
	const struct mqtt_options *opt;
	struct mqtt_report *report;
	struct mosquitto *mosq;
	char payload[2 * RANDOM_LEN + 1];
	uint64_t sent_ns;
	bool acknowledged, back;
};

static void end(struct visit *v, enum mqtt_end how)
{
	if (v->report->end == MQTT_END_NONE)
		v->report->end = how;
}

static void end_with(struct visit *v, enum mqtt_end how, int code)
{
	struct mqtt_report *r = v->report;
	bool connack = r->stage == MQTT_CONNECT && v->opt->v311;

	if (r->end != MQTT_END_NONE)
		return;
	r->end = how;
	r->code = code;
	snprintf(r->words, sizeof(r->words), "%s",
		connack ? mosquitto_connack_string(code) : mosquitto_reason_string(code));
}

/* ---- what the broker says ---- */

static void on_connect(struct mosquitto *mosq, void *ctx, int code, int flags,
	const mosquitto_property *properties)
{
	struct visit *v = ctx;

	(void)flags;
	(void)properties;
	v->report->stage = MQTT_CONNECT;
	if (code != 0) {
		end_with(v, MQTT_END_REFUSED, code);
		return;
	}
	v->report->stage = MQTT_SUBSCRIBE;
	if (mosquitto_subscribe(mosq, NULL, v->opt->topic, 1) != MOSQ_ERR_SUCCESS)
		end(v, MQTT_END_CLOSED);
}

static void on_subscribe(struct mosquitto *mosq, void *ctx, int mid, int count, const int *granted)
{
	struct visit *v = ctx;

	(void)mid;
	if (count != 1 || granted[0] >= REFUSED_FROM) {
		end_with(v, MQTT_END_REFUSED, count > 0 ? granted[0] : REFUSED_FROM);
		return;
	}
	v->report->stage = MQTT_PUBLISH;
	v->sent_ns = net_now_ns();
	if (mosquitto_publish(mosq, NULL, v->opt->topic, (int)strlen(v->payload), v->payload, 1,
		    false) != MOSQ_ERR_SUCCESS)
		end(v, MQTT_END_CLOSED);
}

static void advance(struct visit *v)
{
	v->report->stage = v->acknowledged ? MQTT_RECEIVE : MQTT_PUBLISH;
	if (!v->acknowledged || !v->back)
		return;
	v->report->stage = MQTT_DONE;
	end(v, MQTT_END_DONE);
}

static void on_publish(
	struct mosquitto *mosq, void *ctx, int mid, int code, const mosquitto_property *properties)
{
	struct visit *v = ctx;

	(void)mosq;
	(void)mid;
	(void)properties;
	if (code >= REFUSED_FROM) {
		end_with(v, MQTT_END_REFUSED, code);
		return;
	}
	v->acknowledged = true;
	advance(v);
}

/* Somebody else may publish to the topic, too. */
static void on_message(struct mosquitto *mosq, void *ctx, const struct mosquitto_message *message)
{
	struct visit *v = ctx;

	(void)mosq;
	if (v->back || message->payloadlen != (int)strlen(v->payload) ||
		memcmp(message->payload, v->payload, strlen(v->payload)) != 0)
		return;
	v->back = true;
	v->report->round_us = (net_now_ns() - v->sent_ns) / 1000;
	advance(v);
}

/* Below REFUSED_FROM it is an error of the library's own: the connection is gone. */
static void on_disconnect(
	struct mosquitto *mosq, void *ctx, int code, const mosquitto_property *properties)
{
	struct visit *v = ctx;

	(void)mosq;
	(void)properties;
	if (code >= REFUSED_FROM)
		end_with(v, MQTT_END_SENT_OFF, code);
	else
		end(v, MQTT_END_CLOSED);
}

/* TLS's errors leave the library only in its log. */
static void on_log(struct mosquitto *mosq, void *ctx, int level, const char *text)
{
	struct visit *v = ctx;
	char *out = v->report->detail;
	size_t n = 0;

	(void)mosq;
	if (level != MOSQ_LOG_ERR || out[0] != '\0')
		return;
	for (; text[n] != '\0' && n + 1 < sizeof(v->report->detail); n++)
		out[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	out[n] = '\0';
}

/* ---- the visit ---- */

static bool configure(struct visit *v, SSL_CTX *tls)
{
	struct mosquitto *mosq = v->mosq;

	mosquitto_connect_v5_callback_set(mosq, on_connect);
	mosquitto_subscribe_callback_set(mosq, on_subscribe);
	mosquitto_publish_v5_callback_set(mosq, on_publish);
	mosquitto_message_callback_set(mosq, on_message);
	mosquitto_disconnect_v5_callback_set(mosq, on_disconnect);
	mosquitto_log_callback_set(mosq, on_log);
	return mosquitto_int_option(mosq, MOSQ_OPT_PROTOCOL_VERSION,
		       v->opt->v311 ? MQTT_PROTOCOL_V311 : MQTT_PROTOCOL_V5) == MOSQ_ERR_SUCCESS &&
	       mosquitto_int_option(mosq, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS &&
	       mosquitto_void_option(mosq, MOSQ_OPT_SSL_CTX, tls) == MOSQ_ERR_SUCCESS;
}

static enum trustx_err run(struct visit *v, struct fail *f)
{
	const struct mqtt_options *opt = v->opt;
	uint64_t until = net_now_ns() + (uint64_t)opt->timeout_ms * 1000000u;

	if (mosquitto_connect_async(v->mosq, opt->tls.host, opt->port, KEEPALIVE_S) !=
		MOSQ_ERR_SUCCESS)
		end(v, MQTT_END_CLOSED);
	while (v->report->end == MQTT_END_NONE) {
		if (opt->interrupted != NULL && opt->interrupted())
			return fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
		if (net_now_ns() >= until)
			end(v, MQTT_END_TIMEOUT);
		else if (mosquitto_loop(v->mosq, SLICE_MS, 1) != MOSQ_ERR_SUCCESS)
			end(v, MQTT_END_CLOSED);
	}
	mosquitto_disconnect(v->mosq);
	return TRUSTX_OK;
}

static enum trustx_err visit(struct visit *v, SSL_CTX *tls, struct fail *f)
{
	enum trustx_err err;

	v->mosq = mosquitto_new(v->opt->client, true, v);
	if (v->mosq == NULL || !configure(v, tls))
		err = fail_set(f, TRUSTX_ERR_MEMORY, "libmosquitto: out of memory");
	else
		err = run(v, f);
	if (v->mosq != NULL)
		mosquitto_destroy(v->mosq);
	if (v->report->stage == MQTT_TLS && v->report->tls.done)
		v->report->stage = MQTT_CONNECT;
	return err;
}

static enum trustx_err make_payload(struct visit *v, struct fail *f)
{
	uint8_t bytes[RANDOM_LEN];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "no random bytes");
	hex_print(v->payload, bytes, sizeof(bytes));
	return TRUSTX_OK;
}

/* The library writes CONNECT before it reads an alert, which a reset may then have taken away. */
static void look_again(const struct visit *v, SSL_CTX *tls)
{
	const struct tls_again again = {
		.port = v->opt->port, .timeout_ms = AGAIN_MS, .interrupted = v->opt->interrupted
	};
	const struct mqtt_report *r = v->report;

	if (r->stage == MQTT_CONNECT && r->end == MQTT_END_CLOSED && r->tls.alert_in == TLS_NONE &&
		strcmp(r->tls.version, "TLSv1.3") == 0)
		tls_look_again(tls, &again);
}

enum trustx_err mqtt_visit(
	struct mqtt_report *report, const struct mqtt_options *opt, struct fail *f)
{
	struct visit v = { .opt = opt, .report = report };
	struct quiet *quiet;
	SSL_CTX *tls = NULL;
	enum trustx_err err;

	memset(report, 0, sizeof(*report));
	if ((err = tls_new(&tls, &report->tls, &opt->tls, f)) != TRUSTX_OK)
		return err;
	if ((quiet = quiet_begin()) == NULL) {
		SSL_CTX_free(tls);
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	mosquitto_lib_init();
	if ((err = make_payload(&v, f)) == TRUSTX_OK)
		err = visit(&v, tls, f);
	if (err == TRUSTX_OK)
		look_again(&v, tls);
	mosquitto_lib_cleanup();
	quiet_end(quiet);
	SSL_CTX_free(tls);
	return err;
}

void mqtt_report_free(struct mqtt_report *report)
{
	tls_seen_free(&report->tls);
	memset(report, 0, sizeof(*report));
}
