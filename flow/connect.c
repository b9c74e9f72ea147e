/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "connect.h"

#include "cert.h"
#include "connect-why.h"
#include "finish.h"
#include "num.h"
#include "record.h"
#include "roots.h"
#include "state.h"

#include <openssl/x509.h>

#include <stdio.h>
#include <string.h>

static const char name_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
static const char thing_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-";

/* ---- the endpoint ---- */

static enum trustx_err bad_endpoint(const char *text, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "'%.200s' is no endpoint", text);
	return fail_next(f, "write HOST or HOST:PORT, as this shows it: trustx aws endpoint");
}

static bool parse_port(uint16_t *port, const char *text)
{
	uint64_t value;

	if (num_parse_range(&value, text, 1, UINT16_MAX) != TRUSTX_OK)
		return false;
	*port = (uint16_t)value;
	return true;
}

enum trustx_err connect_parse_endpoint(
	struct connect_endpoint *endpoint, const char *text, uint16_t port, struct fail *f)
{
	bool v6 = text[0] == '[';
	const char *host = v6 ? text + 1 : text;
	size_t len = v6 ? strcspn(host, "]") : strcspn(host, ":");
	const char *rest = host + len;

	if (v6 && *rest == ']')
		rest++;
	else if (v6)
		return bad_endpoint(text, f);
	if (len == 0 || len >= sizeof(endpoint->host) ||
		strspn(host, v6 ? "0123456789abcdefABCDEF:." : name_chars) < len)
		return bad_endpoint(text, f);
	memcpy(endpoint->host, host, len);
	endpoint->host[len] = '\0';
	endpoint->port = port;
	if (*rest != '\0' && (*rest != ':' || !parse_port(&endpoint->port, rest + 1)))
		return bad_endpoint(text, f);
	return TRUSTX_OK;
}

/* ---- what can be checked here ---- */

static enum trustx_err no_certificate(const struct connect_result *r, struct fail *f)
{
	char why[240] = "";

	if (r->state.verdict == SLOT_UNPROVED)
		slot_silent_text(why, sizeof(why), &r->state);
	fail_set(f, TRUSTX_ERR_MISMATCH, "slot %u of the chip: %s%s%s", r->state.slot.number,
		slot_verdict_text(r->state.verdict),
		why[0] != '\0' ? ": the key cannot sign: " : "", why);
	return fail_next(f, "%s",
		r->state.verdict == SLOT_DIFFERS
			? "write the certificate of this key: trustx cert write; or let a new one "
			  "be "
			  "issued: trustx personalize --replace-cert"
			: "trustx personalize makes key and certificate; another slot: --slot N");
}

static enum trustx_err check_slot(struct connect_result *r, struct device *dev,
	const struct connect_options *opt, struct fail *f)
{
	enum trustx_err err;

	if ((err = slot_inspect(&r->state, dev, &opt->slot, true, f)) != TRUSTX_OK)
		return err;
	if (r->state.verdict != SLOT_FITS) {
		r->cause = "chip-certificate";
		return no_certificate(r, f);
	}
	if ((err = cert_check_dates(sk_X509_value(r->state.certs, 0), opt->now, f)) == TRUSTX_OK)
		return TRUSTX_OK;
	r->cause = "chip-certificate-dates";
	fail_what(f, "the chip's certificate");
	fail_next(f, "is this computer's clock right? If so, let a new certificate be issued: "
		     "trustx personalize --replace-cert");
	return err;
}

/* A common name is looked for only where it can be a thing's. */
static void common_name(char *out, size_t cap, X509 *cert)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *text = NULL;
	int len = -1;

	out[0] = '\0';
	if (at >= 0)
		len = ASN1_STRING_to_UTF8(
			&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (len > 0 && (size_t)len < cap && memchr(text, '\0', (size_t)len) == NULL) {
		memcpy(out, text, (size_t)len);
		out[len] = '\0';
	}
	OPENSSL_free(text);
}

static bool is_thing(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= IOT_NAME_MAX && strspn(name, thing_chars) == len;
}

/* The journal knows under which name this certificate was registered; without one nobody does. */
static void registered_name(char *out, size_t cap, struct device *dev, const struct slot_state *s)
{
	struct record record = { .key = "" };
	char id[IOT_ID_LEN + 1];
	struct fail ignored;
	struct blob path;
	bool found;

	out[0] = '\0';
	blob_init(&path, 8192);
	if (state_path(&path, dev, s->slot.key, STATE_JOURNAL, &ignored) == TRUSTX_OK &&
		record_load(&record, &found, blob_text(&path), &ignored) == TRUSTX_OK &&
		finish_fingerprint(id, s->certs, &ignored) == TRUSTX_OK &&
		strcmp(id, record.cert.id) == 0 && strlen(record.thing) < cap)
		memcpy(out, record.thing, strlen(record.thing) + 1);
	record_free(&record);
	blob_free(&path);
}

static enum trustx_err choose_thing(struct connect_result *r, struct device *dev,
	const struct connect_options *opt, struct fail *f)
{
	char name[IOT_NAME_MAX + 1];

	if (opt->thing != NULL && !is_thing(opt->thing)) {
		r->cause = "thing-name";
		fail_set(f, TRUSTX_ERR_INPUT, "'%.128s' is no name of a thing", opt->thing);
		return fail_next(f, "1 to %d of A-Z a-z 0-9 : _ -", IOT_NAME_MAX);
	}
	registered_name(name, sizeof(name), dev, &r->state);
	if (name[0] == '\0')
		common_name(name, sizeof(name), sk_X509_value(r->state.certs, 0));
	if (opt->thing == NULL && !is_thing(name)) {
		r->cause = "thing-name";
		fail_set(f, TRUSTX_ERR_INPUT,
			"the common name of the chip's certificate, '%.128s', is no name of a "
			"thing",
			name);
		return fail_next(f, "name the thing: --thing NAME");
	}
	snprintf(r->thing, sizeof(r->thing), "%s", opt->thing != NULL ? opt->thing : name);
	snprintf(r->topic, sizeof(r->topic), "dt/%s/selftest", r->thing);
	return TRUSTX_OK;
}

/* ---- the visit ---- */

static enum trustx_err reach(
	struct connect_result *r, const struct connect_options *opt, struct fail *f)
{
	const struct reach_options to = { .host = opt->endpoint->host,
		.port = opt->endpoint->port,
		.timeout_ms = opt->timeout_s * 1000,
		.interrupted = opt->interrupted };
	enum trustx_err err;

	if ((err = reach_server(r->address, &to, f)) != TRUSTX_OK)
		r->cause = err == TRUSTX_ERR_TIMEOUT ? "no-answer" : "not-reached";
	return err;
}

static uint64_t key_clock(void *ctx)
{
	const struct device *dev = ctx;

	return trustx_now_us(&dev->se);
}

static enum trustx_err visit(struct connect_result *r, struct device *dev,
	const struct connect_options *opt, STACK_OF(X509) *roots, struct fail *f)
{
	X509 *cert = sk_X509_value(r->state.certs, 0);
	uint8_t bytes[TRUSTX_POINT_MAX];
	struct trustx_public_key point = { r->state.curve, bytes, sizeof(bytes) };
	struct mqtt_options to = { .tls = { .cert = cert,
					   .roots = roots,
					   .host = opt->endpoint->host,
					   .alpn = opt->alpn,
					   .key_clock = key_clock,
					   .ctx = dev },
		.port = opt->endpoint->port,
		.client = r->thing,
		.topic = r->topic,
		.v311 = opt->v311,
		.timeout_ms = opt->timeout_s * 1000,
		.interrupted = opt->interrupted };
	EVP_PKEY *key = NULL;
	enum trustx_err err;

	if ((err = cert_point(bytes, &point.point_len, cert, f)) != TRUSTX_OK ||
		(err = device_key(&key, dev, r->state.slot.key, &point, f)) != TRUSTX_OK)
		return err;
	to.tls.key = key;
	to.tls.libctx = dev->provider.libctx;
	err = mqtt_visit(&r->mqtt, &to, f);
	r->visited = err == TRUSTX_OK;
	EVP_PKEY_free(key);
	return err;
}

/* A chip that failed while TLS waited for its signature is the reason, whatever TLS says. */
static enum trustx_err judge(struct connect_result *r, struct device *dev,
	const struct connect_options *opt, struct fail *f)
{
	struct trustx_error detail;

	trustx_error(&dev->se, &detail);
	if (detail.err != TRUSTX_OK && !r->mqtt.tls.done) {
		r->cause = "chip";
		return device_fail(
			dev, detail.err, f, "sign for TLS with 0x%04X", r->state.slot.key);
	}
	return connect_why(r, opt, f);
}

enum trustx_err connect_run(struct connect_result *r, struct device *dev,
	const struct connect_options *opt, struct fail *f)
{
	STACK_OF(X509) *amazon = NULL;
	enum trustx_err err;

	memset(r, 0, sizeof(*r));
	r->uid = dev->uid_hex;
	if ((err = check_slot(r, dev, opt, f)) != TRUSTX_OK ||
		(err = choose_thing(r, dev, opt, f)) != TRUSTX_OK)
		return err;
	if (opt->roots == NULL &&
		(err = cert_parse(&amazon, roots_amazon, roots_amazon_len, f)) != TRUSTX_OK)
		return err;
	device_doing(dev, "reach %.80s", opt->endpoint->host);
	if ((err = reach(r, opt, f)) != TRUSTX_OK)
		goto out;
	device_doing(dev, "connect to %.80s", opt->endpoint->host);
	if ((err = visit(r, dev, opt, opt->roots != NULL ? opt->roots : amazon, f)) != TRUSTX_OK)
		goto out;
	err = judge(r, dev, opt, f);
out:
	sk_X509_pop_free(amazon, X509_free);
	return err;
}

void connect_free(struct connect_result *result)
{
	slot_state_free(&result->state);
	mqtt_report_free(&result->mqtt);
	memset(result, 0, sizeof(*result));
}
