/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "connect-why.h"

#include "name.h"

#include <openssl/x509_vfy.h>

#include <stdio.h>
#include <string.h>

/* RFC 8446 6, RFC 5246 7.2. */
enum {
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_REVOKED = 44,
	ALERT_EXPIRED = 45,
	ALERT_UNKNOWN = 46,
	ALERT_UNKNOWN_CA = 48,
	ALERT_ACCESS_DENIED = 49,
	ALERT_UNRECOGNIZED_NAME = 112,
	ALERT_CERTIFICATE_REQUIRED = 116,
	ALERT_NO_PROTOCOL = 120,
};

/* MQTT 5 2.4; MQTT 3.1.1 3.2.2.3, and AWS's 7 for "not authorized". */
enum {
	OLD_VERSION = 1,
	OLD_CLIENT = 2,
	OLD_NOT_AUTHORIZED = 5,
	OLD_NOT_AUTHORIZED_AWS = 7,
	CODE_VERSION = 0x84,
	CODE_CLIENT = 0x85,
	CODE_NOT_AUTHORIZED = 0x87,
	CODE_TAKEN_OVER = 0x8E,
};

static const char look[] = "trustx aws status shows certificate, thing and policy side by side";

/* The broker refused: AWS may know more. */
static enum trustx_err refused(struct connect_result *r, const char *cause)
{
	r->cause = cause;
	r->broker_said_no = true;
	return TRUSTX_ERR_ISSUER;
}

/* ---- the server's certificate ---- */

static void show_name(char *out, size_t cap, const X509_NAME *name)
{
	struct blob text;

	blob_init(&text, 4096);
	snprintf(out, cap, "%s",
		name_print(&text, name, ",") == TRUSTX_OK ? blob_text(&text) : "(no name)");
	blob_free(&text);
}

static void show_time(char *out, size_t cap, const ASN1_TIME *when)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(when, &tm) != 1 || strftime(out, cap, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(out, cap, "an invalid date");
}

static enum trustx_err wrong_date(
	struct connect_result *r, const struct connect_options *opt, bool early, struct fail *f)
{
	X509 *cert = r->mqtt.tls.wrong;
	char when[32], clock[32];
	struct tm tm;

	r->cause = "server-dates";
	show_time(when, sizeof(when), early ? X509_get0_notBefore(cert) : X509_get0_notAfter(cert));
	gmtime_r(&opt->now, &tm);
	strftime(clock, sizeof(clock), "%Y-%m-%d %H:%M:%S", &tm);
	fail_set(f, TRUSTX_ERR_MISMATCH,
		"the server's certificate %s %s UTC, and this computer's clock says %s UTC",
		early ? "is valid only from" : "has expired on", when, clock);
	return fail_next(f, "set the clock if it is wrong; if it is right, the server is");
}

static enum trustx_err wrong_name(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	char subject[120];

	r->cause = "server-name";
	show_name(subject, sizeof(subject), X509_get_subject_name(r->mqtt.tls.wrong));
	fail_set(f, TRUSTX_ERR_MISMATCH, "the server's certificate (%s) is not for %.120s", subject,
		opt->endpoint->host);
	return fail_next(f, "give the endpoint in full, as this shows it: trustx aws endpoint");
}

static enum trustx_err not_trusted(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	char issuer[160];

	r->cause = "server-untrusted";
	show_name(issuer, sizeof(issuer), X509_get_issuer_name(r->mqtt.tls.wrong));
	fail_set(f, TRUSTX_ERR_MISMATCH,
		"the server's certificate is not under %s: %s; its issuer is %s",
		opt->roots != NULL ? "the roots of --cafile" : "Amazon's roots",
		X509_verify_cert_error_string(r->mqtt.tls.verify_error), issuer);
	return fail_next(f, "%s",
		opt->roots != NULL
			? "AWS IoT needs no --cafile; another broker's root comes from its operator"
			: "this is not AWS IoT, or something in between opens TLS; a broker of "
			  "your "
			  "own: --cafile ROOTS.pem");
}

static enum trustx_err server_wrong(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	switch (r->mqtt.tls.verify_error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return wrong_date(
			r, opt, r->mqtt.tls.verify_error == X509_V_ERR_CERT_NOT_YET_VALID, f);
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return wrong_name(r, opt, f);
	default:
		return not_trusted(r, opt, f);
	}
}

/* ---- alerts ---- */

static const struct {
	int alert;
	const char *cause, *why, *next;
} alerts[] = {
	{ ALERT_UNKNOWN, "certificate-unknown", "the server does not know the chip's certificate",
		"at AWS: it is not registered in this account and region, or not ACTIVE; a "
		"certificate that was activated just now may take some seconds" },
	{ ALERT_UNKNOWN_CA, "certificate-ca-unknown",
		"the server does not trust the issuer of the chip's certificate",
		"a broker of your own: give it the root certificate of the chip's issuer; AWS: "
		"register the certificate" },
	{ ALERT_REVOKED, "certificate-revoked", "the server says the certificate is revoked",
		"let a new one be issued: trustx personalize --replace-cert" },
	{ ALERT_EXPIRED, "certificate-expired",
		"the server says the chip's certificate is outside its dates",
		"by this computer's clock it is not: one of the two clocks is wrong" },
	{ ALERT_BAD_CERTIFICATE, "certificate-bad", "the server cannot use the chip's certificate",
		"look at it: trustx cert read; at AWS it must be the one that is registered" },
	{ ALERT_ACCESS_DENIED, "certificate-denied",
		"the server knows the certificate and lets it not in", look },
	{ ALERT_CERTIFICATE_REQUIRED, "certificate-missing",
		"the server says that it got no certificate",
		"it accepts none of the chip's curve or issuer: look at its settings" },
	{ ALERT_UNRECOGNIZED_NAME, "endpoint-unknown",
		"the server does not serve the host that was asked for",
		"give the endpoint in full, as this shows it: trustx aws endpoint" },
	{ ALERT_NO_PROTOCOL, "no-protocol", "the server does not speak MQTT there (ALPN)",
		"AWS IoT does so on port 443; a broker of your own: --port 8883" },
};

static enum trustx_err explain_alert(struct connect_result *r, struct fail *f)
{
	int alert = r->mqtt.tls.alert_in;
	enum trustx_err err = refused(r, "tls-alert");

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].alert == alert) {
			r->cause = alerts[i].cause;
			fail_set(f, err, "%s (TLS alert %d, %s)", alerts[i].why, alert,
				SSL_alert_desc_string_long(alert));
			return fail_next(f, "%s", alerts[i].next);
		}
	fail_set(f, err, "the server ended TLS with alert %d, %s", alert,
		SSL_alert_desc_string_long(alert));
	return fail_next(f, "it wants another version or other algorithms, or failed itself: look "
			    "into its log");
}

/* ---- TLS ---- */

static enum trustx_err no_tls(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	r->cause = "not-tls";
	fail_set(f, TRUSTX_ERR_PROTOCOL, "what answers at %.120s port %u does not speak TLS",
		opt->endpoint->host, opt->endpoint->port);
	return fail_next(f, "MQTT over TLS is on port 8883 or 443; is a proxy in between?");
}

static enum trustx_err silent_tls(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	r->cause = "no-answer";
	fail_set(f, TRUSTX_ERR_TIMEOUT,
		"%.120s port %u accepts connections but does not answer in "
		"TLS within %u s",
		opt->endpoint->host, opt->endpoint->port, opt->timeout_s);
	return fail_next(f, "MQTT over TLS is on port 8883 or 443; slow lines: --timeout SECONDS");
}

static enum trustx_err gave_up_tls(struct connect_result *r, struct fail *f)
{
	r->cause = "tls-version";
	fail_set(f, TRUSTX_ERR_PROTOCOL, "TLS with the server is not possible: %s%s%s",
		SSL_alert_desc_string_long(r->mqtt.tls.alert_out),
		r->mqtt.detail[0] != '\0' ? "; " : "", r->mqtt.detail);
	return fail_next(f, "TLS 1.2 or 1.3 is needed, as AWS IoT has it");
}

static enum trustx_err hung_up_tls(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	enum trustx_err err = refused(r, "closed-in-tls");

	fail_set(f, err, "%.120s hung up in the middle of the TLS handshake", opt->endpoint->host);
	return fail_next(f, "AWS does that for an endpoint that is not its own, of another region "
			    "or old: trustx aws endpoint shows the right one");
}

static enum trustx_err explain_tls(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;

	if (m->end == MQTT_END_TIMEOUT)
		return silent_tls(r, opt, f);
	if (m->tls.garbled)
		return no_tls(r, opt, f);
	if (m->tls.alert_out != TLS_NONE && !m->tls.hung_up)
		return gave_up_tls(r, f);
	return hung_up_tls(r, opt, f);
}

/* ---- MQTT ---- */

static void set_action(
	struct connect_result *r, const char *action, const char *kind, const char *name)
{
	r->action = action;
	snprintf(r->resource, sizeof(r->resource), "%s/%s", kind, name);
}

/* doing: "to publish". */
static enum trustx_err not_allowed(
	struct connect_result *r, const char *cause, const char *doing, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;
	enum trustx_err err = refused(r, cause);

	if (m->end == MQTT_END_CLOSED)
		fail_set(f, err, "the broker hung up when %s was asked for", doing);
	else
		fail_set(f, err, "the broker refuses %s: %s (%d)", doing, m->words, m->code);
	return fail_next(f, "the policy must allow %s on %s; %s", r->action, r->resource, look);
}

static enum trustx_err no_subscribe(struct connect_result *r, struct fail *f)
{
	set_action(r, "iot:Subscribe", "topicfilter", r->topic);
	return not_allowed(r, "subscribe-denied", "to subscribe", f);
}

static enum trustx_err no_publish(struct connect_result *r, struct fail *f)
{
	set_action(r, "iot:Publish", "topic", r->topic);
	return not_allowed(r, "publish-denied", "to publish", f);
}

static bool is_code(const struct connect_options *opt, int code, int v5, int v311)
{
	return code == (opt->v311 ? v311 : v5);
}

static enum trustx_err refused_connect(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;

	set_action(r, "iot:Connect", "client", r->thing);
	if (is_code(opt, m->code, CODE_VERSION, OLD_VERSION)) {
		r->cause = "mqtt-version";
		fail_set(f, TRUSTX_ERR_PROTOCOL, "the broker does not speak MQTT %s",
			opt->v311 ? "3.1.1" : "5");
		return fail_next(f, "try --mqtt %s", opt->v311 ? "5" : "3.1.1");
	}
	if (is_code(opt, m->code, CODE_CLIENT, OLD_CLIENT)) {
		fail_set(f, refused(r, "client-id"), "the broker refuses the client id %s: %s (%d)",
			r->thing, m->words, m->code);
		return fail_next(f, "it must be the thing's name: --thing NAME");
	}
	if (is_code(opt, m->code, CODE_NOT_AUTHORIZED, OLD_NOT_AUTHORIZED) ||
		is_code(opt, m->code, CODE_NOT_AUTHORIZED, OLD_NOT_AUTHORIZED_AWS))
		return not_allowed(r, "connect-denied", "to connect", f);
	fail_set(f, refused(r, "connect-refused"), "the broker refuses the connection: %s (%d)",
		m->words, m->code);
	return fail_next(f, "look into the broker's log");
}

static enum trustx_err closed_connect(struct connect_result *r, struct fail *f)
{
	set_action(r, "iot:Connect", "client", r->thing);
	fail_set(f, refused(r, "closed-without-connack"),
		"TLS went well, then the broker hung up without an answer to CONNECT as %s",
		r->thing);
	return fail_next(f,
		"at AWS: the certificate is not registered there or not ACTIVE, not "
		"attached to the thing, or no policy lets it connect; %s",
		look);
}

static enum trustx_err silent(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	static const char *const wanted[] = { [MQTT_CONNECT] = "CONNECT",
		[MQTT_SUBSCRIBE] = "SUBSCRIBE",
		[MQTT_PUBLISH] = "PUBLISH" };

	r->cause = "no-answer";
	fail_set(f, TRUSTX_ERR_TIMEOUT,
		"TLS went well, but the broker does not answer %s within "
		"%u s",
		wanted[r->mqtt.stage], opt->timeout_s);
	return fail_next(f, "does it speak MQTT? Slow lines: --timeout SECONDS");
}

static enum trustx_err sent_off(struct connect_result *r, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;

	if (m->code == CODE_TAKEN_OVER) {
		fail_set(f, refused(r, "client-id-taken"),
			"another client connected with the client id %s", r->thing);
		return fail_next(f, "a device may be connected once: stop the other one");
	}
	fail_set(f, refused(r, "disconnected"), "the broker ended the connection: %s (%d)",
		m->words, m->code);
	return fail_next(f, "look into the broker's log; %s", look);
}

static enum trustx_err lost(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	set_action(r, "iot:Receive", "topic", r->topic);
	fail_set(f, refused(r, "receive-denied"),
		"the broker took the message on %s, but did not send it back%s", r->topic,
		r->mqtt.end == MQTT_END_CLOSED ? " and hung up" : "");
	if (opt->v311)
		return fail_next(f,
			"the policy must allow iot:Publish and iot:Receive on topic/%s; "
			"--mqtt 5 tells which of the two it is",
			r->topic);
	return fail_next(f, "the policy must allow iot:Receive on topic/%s; %s", r->topic, look);
}

static enum trustx_err explain_mqtt(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;

	if (m->end == MQTT_END_SENT_OFF)
		return sent_off(r, f);
	if (m->stage == MQTT_RECEIVE)
		return lost(r, opt, f);
	if (m->end == MQTT_END_TIMEOUT)
		return silent(r, opt, f);
	if (m->stage == MQTT_SUBSCRIBE)
		return no_subscribe(r, f);
	if (m->stage == MQTT_PUBLISH)
		return no_publish(r, f);
	return m->end == MQTT_END_REFUSED ? refused_connect(r, opt, f) : closed_connect(r, f);
}

/* ---- all of it ---- */

static enum trustx_err not_asked(struct connect_result *r, struct fail *f)
{
	r->cause = "certificate-not-asked";
	fail_set(f, TRUSTX_ERR_MISMATCH,
		"everything went well, but the broker did not ask for the chip's certificate: "
		"that proves nothing");
	return fail_next(f, "let it require client certificates");
}

static enum trustx_err explain(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	const struct mqtt_report *m = &r->mqtt;

	if (m->end == MQTT_END_DONE)
		return not_asked(r, f);
	if (m->tls.verify_error != TLS_NONE)
		return server_wrong(r, opt, f);
	if (m->tls.alert_in != TLS_NONE)
		return explain_alert(r, f);
	return m->stage == MQTT_TLS ? explain_tls(r, opt, f) : explain_mqtt(r, opt, f);
}

enum trustx_err connect_why(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	enum trustx_err err;

	if (r->mqtt.end == MQTT_END_DONE && r->mqtt.tls.signed_)
		return TRUSTX_OK;
	err = explain(r, opt, f);
	fail_what(f, "connect to %.120s", opt->endpoint->host);
	return err;
}
