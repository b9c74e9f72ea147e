/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-opts.h"
#include "connect.h"
#include "interrupt.h"
#include "name.h"
#include "options.h"

#include <openssl/x509.h>

#include <string.h>

#define TIMEOUT_S     15u
#define TIMEOUT_MAX_S 300u

struct connect_args {
	struct aws_args aws;
	struct slot slot;
	const char *endpoint, *thing, *cafile, *alpn, *mqtt, *state;
	struct opt_number port, timeout;
};

static enum trustx_err check(struct tool *t, const struct connect_args *a)
{
	struct fail *f = &t->fail;

	if (a->port.given && (a->port.v < 1 || a->port.v > UINT16_MAX))
		return fail_set(f, TRUSTX_ERR_INPUT, "--port must be 1 to %u", UINT16_MAX);
	if (a->timeout.given && (a->timeout.v < 1 || a->timeout.v > TIMEOUT_MAX_S))
		return fail_set(f, TRUSTX_ERR_INPUT, "--timeout must be 1 to %u", TIMEOUT_MAX_S);
	if (strcmp(a->mqtt, "5") != 0 && strcmp(a->mqtt, "3.1.1") != 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "--mqtt must be 5 or 3.1.1");
	return TRUSTX_OK;
}

/* ---- where to ---- */

static enum trustx_err ask_endpoint(struct tool *t, char host[static IOT_ARN_MAX],
	struct cloud **cloud, const struct connect_args *a)
{
	enum trustx_err err;

	progress_show(&t->progress, "ask AWS for the endpoint");
	if ((err = aws_open(cloud, t, &a->aws)) == TRUSTX_OK)
		return iot_endpoint(host, *cloud, &t->fail);
	t->fail.next[0] = '\0';
	fail_next(&t->fail, "name it: --endpoint HOST; or give credentials, so that AWS is asked");
	return err;
}

static enum trustx_err find_endpoint(struct tool *t, struct connect_endpoint *endpoint,
	struct cloud **cloud, const struct connect_args *a)
{
	uint16_t port = a->port.given ? (uint16_t)a->port.v : CONNECT_TLS_PORT;
	char host[IOT_ARN_MAX];
	enum trustx_err err;

	if (a->endpoint != NULL)
		return connect_parse_endpoint(endpoint, a->endpoint, port, &t->fail);
	if ((err = ask_endpoint(t, host, cloud, a)) != TRUSTX_OK)
		return err;
	return connect_parse_endpoint(endpoint, host, port, &t->fail);
}

/* What AWS wants on 443, where it speaks HTTP, too. */
static const char *alpn_of(const struct connect_args *a, const struct connect_endpoint *endpoint)
{
	if (a->alpn != NULL)
		return a->alpn;
	return endpoint->port == CONNECT_ALPN_PORT ? "x-amzn-mqtt-ca" : NULL;
}

/* ---- the result ---- */

static void print_name(struct out *o, const char *key, const char *label, const X509_NAME *name)
{
	struct blob text;

	blob_init(&text, 4096);
	if (name_print(&text, name, ",") == TRUSTX_OK)
		out_str(o, key, label, blob_text(&text));
	blob_free(&text);
}

static void print_time(struct out *o, bool is_virtual, const struct mqtt_report *m)
{
	uint64_t all = m->tls.handshake_us, key = m->tls.key_us;

	out_line(o, "%-16s%u.%u ms", "Handshake:", (unsigned)(all / 1000),
		(unsigned)(all / 100 % 10));
	out_line(o, "%-16s%u.%u ms%s", "Chip:", (unsigned)(key / 1000), (unsigned)(key / 100 % 10),
		is_virtual ? " by its virtual clock, beside it" : " of it");
	out_num(o, "handshake_us", NULL, all);
	out_num(o, "chip_us", NULL, key);
	out_bool(o, "chip_clock_virtual", is_virtual);
}

static void print_tls(struct tool *t, const struct mqtt_report *m)
{
	struct out *o = &t->out;

	out_line(o, "%-16s%s, %s", "TLS:", m->tls.version, m->tls.cipher);
	out_object(o, "tls");
	out_str(o, "version", NULL, m->tls.version);
	out_str(o, "cipher", NULL, m->tls.cipher);
	print_time(o, trustx_bus_is_virtual(&t->dev.bus), m);
	out_end(o);
}

static void print_server(struct out *o, const struct mqtt_report *m)
{
	if (m->tls.server == NULL)
		return;
	out_object(o, "server");
	print_name(o, "subject", "Server:", X509_get_subject_name(m->tls.server));
	print_name(o, "issuer", "Its issuer:", X509_get_issuer_name(m->tls.server));
	out_end(o);
}

static void print_result(
	struct tool *t, const struct connect_endpoint *endpoint, const struct connect_result *r)
{
	const struct mqtt_report *m = &r->mqtt;
	struct out *o = &t->out;

	out_str(o, "endpoint", NULL, endpoint->host);
	out_num(o, "port", NULL, endpoint->port);
	if (r->address[0] != '\0') {
		out_line(o, "%-16s%s port %u (%s)", "Endpoint:", endpoint->host, endpoint->port,
			r->address);
		out_str(o, "address", NULL, r->address);
	}
	if (r->thing[0] != '\0')
		out_str(o, "thing", "Thing:", r->thing);
	if (r->visited && m->tls.done)
		print_tls(t, m);
	if (r->visited)
		print_server(o, m);
	if (r->visited && m->end == MQTT_END_DONE) {
		out_str(o, "topic", NULL, r->topic);
		out_num(o, "round_us", NULL, m->round_us);
		out_line(o, "%-16s%s: sent and received in %u.%u ms", "Message:", r->topic,
			(unsigned)(m->round_us / 1000), (unsigned)(m->round_us / 100 % 10));
	}
	if (r->cause != NULL)
		out_str(o, "cause", NULL, r->cause);
}

/* ---- why not ---- */

/* No credentials is no failure of its own: the broker's words stay. */
static void ask_why(struct tool *t, struct connect_result *r, struct cloud **cloud,
	const struct connect_args *a, const struct connect_options *opt)
{
	struct fail mine = t->fail;
	bool found = false;
	enum trustx_err err = TRUSTX_OK;

	progress_show(&t->progress, "ask AWS why");
	if (*cloud == NULL)
		err = aws_open(cloud, t, &a->aws);
	if (err == TRUSTX_OK) {
		t->fail = mine;
		err = connect_ask(r, &found, *cloud, opt, &t->fail);
		if (err == TRUSTX_OK)
			mine = t->fail;
	}
	if (err != TRUSTX_OK)
		tool_note(t, "AWS could not be asked why: %s", t->fail.why);
	else if (!found)
		tool_note(t, "AWS finds certificate, thing and policies in order");
	t->fail = mine;
}

static enum trustx_err connect(struct tool *t, const struct connect_args *a,
	const struct connect_endpoint *endpoint, STACK_OF(X509) *roots, struct cloud **cloud)
{
	const struct connect_options opt = { .slot = a->slot,
		.endpoint = endpoint,
		.thing = a->thing,
		.roots = roots,
		.alpn = alpn_of(a, endpoint),
		.v311 = strcmp(a->mqtt, "3.1.1") == 0,
		.timeout_s = a->timeout.given ? (unsigned)a->timeout.v : TIMEOUT_S,
		.now = time(NULL),
		.interrupted = interrupt_seen };
	struct connect_result result;
	enum trustx_err err;

	err = connect_run(&result, &t->dev, &opt, &t->fail);
	if (err != TRUSTX_OK && result.broker_said_no)
		ask_why(t, &result, cloud, a, &opt);
	t->elsewhere = result.cause != NULL && strcmp(result.cause, "chip") != 0;
	print_result(t, endpoint, &result);
	if (err != TRUSTX_OK)
		out_stand(&t->out);
	else
		tool_conclude(t,
			"%s works: its key in the chip, its certificate, and what it may do",
			result.thing);
	connect_free(&result);
	return err;
}

static enum trustx_err read_roots(struct tool *t, STACK_OF(X509) **roots, const char *path)
{
	struct blob data;
	enum trustx_err err;

	if ((err = tool_read_file(t, &data, path)) == TRUSTX_OK &&
		(err = cert_parse(roots, data.data, data.len, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "--cafile %.120s", path);
	blob_free(&data);
	return err;
}

static enum trustx_err run(struct tool *t, const void *values)
{
	const struct connect_args *a = values;
	struct connect_endpoint endpoint;
	STACK_OF(X509) *roots = NULL;
	struct cloud *cloud = NULL;
	enum trustx_err err;

	if ((err = check(t, a)) != TRUSTX_OK)
		return err;
	if (a->cafile != NULL && (err = read_roots(t, &roots, a->cafile)) != TRUSTX_OK)
		return err;
	if ((err = find_endpoint(t, &endpoint, &cloud, a)) != TRUSTX_OK ||
		(err = tool_open(t, a->state)) != TRUSTX_OK)
		goto out;
	err = connect(t, a, &endpoint, roots, &cloud);
out:
	aws_close(cloud, t);
	sk_X509_pop_free(roots, X509_free);
	return err;
}

static const struct opt opts[] = {
	{ .kind = OPT_TEXT,
		.name = "endpoint",
		.value = "ENDPOINT",
		.help = "host of the broker, or HOST:PORT; else AWS is asked",
		.at = offsetof(struct connect_args, endpoint) },
	{ .kind = OPT_NUMBER,
		.name = "port",
		.value = "PORT",
		.help = "8883 if not given",
		.at = offsetof(struct connect_args, port),
		.hint = HINT_WORDS,
		.words = "8883 443" },
	{ .kind = OPT_TEXT,
		.name = "thing",
		.value = "NAME",
		.help = "also the client id; else of the journal, or the certificate's common name",
		.at = offsetof(struct connect_args, thing) },
	SLOT_OPT(struct connect_args),
	STATE_OPT(struct connect_args, "where the journals are"),
	{ .kind = OPT_TEXT,
		.name = "cafile",
		.value = "FILE",
		.help = "roots to trust, PEM; else Amazon's",
		.at = offsetof(struct connect_args, cafile),
		.hint = HINT_FILE },
	{ .kind = OPT_TEXT,
		.name = "alpn",
		.value = "NAME",
		.help = "protocol to ask for; on port 443 x-amzn-mqtt-ca if not given",
		.at = offsetof(struct connect_args, alpn),
		.hint = HINT_WORDS,
		.words = "x-amzn-mqtt-ca" },
	{ .kind = OPT_TEXT,
		.name = "mqtt",
		.value = "VERSION",
		.help = "5 if not given, or 3.1.1",
		.fallback = "5",
		.at = offsetof(struct connect_args, mqtt),
		.hint = HINT_WORDS,
		.words = "5 3.1.1" },
	{ .kind = OPT_NUMBER,
		.name = "timeout",
		.value = "SECONDS",
		.help = "of reaching the server, then of the rest, 15 if not given",
		.at = offsetof(struct connect_args, timeout) },
	AWS_OPTS(struct connect_args),
	{ .kind = OPT_END },
};

const struct cmd cmd_connect = {
	.noun = "connect",
	.help = "Connect to AWS IoT with the chip's key, and send a message to and fro.",
	.opts = opts,
	.flags = CMD_CHIP | CMD_KEY_USE,
	.run = run,
};
