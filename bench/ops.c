/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ops.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"

#define CHIP "bench.chip"

#define CERT_OID (TRUSTX_OID_CERT_0 + 1)
#define KEY_OID	 (TRUSTX_OID_KEY_0 + 1)

static enum trustx_err op_read_uid(struct trustx *se)
{
	uint8_t uid[TRUSTX_UID_LEN];

	return trustx_read_uid(se, uid);
}

static enum trustx_err op_write(struct trustx *se)
{
	static const uint8_t data[733] = { 0xC0 };

	return trustx_replace(se, CERT_OID, data, sizeof(data));
}

static enum trustx_err op_fill(struct trustx *se)
{
	static const uint8_t data[1728] = { 0xC0 };

	return trustx_replace(se, CERT_OID, data, sizeof(data));
}

static enum trustx_err op_read(struct trustx *se)
{
	uint8_t data[1728];
	size_t len = sizeof(data);

	return trustx_read(se, data, &len, CERT_OID, 0);
}

static enum trustx_err op_generate(struct trustx *se)
{
	uint8_t point[TRUSTX_POINT_MAX];
	size_t len = sizeof(point);

	return trustx_generate_key(se, point, &len, KEY_OID, TRUSTX_P256, TRUSTX_USAGE_SIGN);
}

static enum trustx_err op_sign(struct trustx *se)
{
	static const uint8_t digest[32] = { 1 };
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);

	return trustx_sign(se, sig, &len, KEY_OID, TRUSTX_P256, digest, sizeof(digest));
}

static enum trustx_err op_metadata(struct trustx *se)
{
	uint8_t data[TRUSTX_METADATA_MAX];
	size_t len = sizeof(data);

	return trustx_read_metadata(se, data, &len, CERT_OID);
}

static enum trustx_err op_random(struct trustx *se)
{
	uint8_t data[256];

	return trustx_random(se, data, sizeof(data));
}

const struct op ops[] = {
	{ "open", "\x70", NULL, NULL },
	{ "read UID", "\x01", NULL, op_read_uid },
	{ "read 1728 bytes", "\x01\x01", op_fill, op_read },
	{ "write 733 bytes", "\x02", NULL, op_write },
	{ "generate key", "\x38", NULL, op_generate },
	{ "sign", "\x31", op_generate, op_sign },
	{ "metadata", "\x01", NULL, op_metadata },
	{ "random 256", "\x0C", NULL, op_random },
};
const size_t ops_count = sizeof(ops) / sizeof(ops[0]);

void chip_uri(char *uri, size_t cap, const struct conditions *c, unsigned seed)
{
	const double scale = c->scale > 0 ? c->scale : 1;
	char jitter[32] = "";

	if (c->seeds > 1)
		snprintf(jitter, sizeof(jitter), "%cjitter=%u", c->usb ? ',' : '&', seed);
	if (c->usb)
		snprintf(uri, cap, "ft260:?reset=none&via=sim&path=" CHIP ",seed=1,scale=%.3f%s",
			scale, jitter);
	else
		snprintf(uri, cap, "sim:" CHIP "?seed=1&scale=%.3f%s", scale, jitter);
	/* A new chip: its security monitor has seen nothing yet. */
	(void)unlink(CHIP);
}

enum trustx_err result_add(struct result *r, const struct meter *m, const struct conditions *c,
	const char *needs, bool opened)
{
	const struct limit_link link = { c->opt.speed_hz, c->opt.frame_size, c->usb };
	double ns;

	if (!meter_limit(&ns, m, &link, needs)) {
		fprintf(stderr, "bench: a command that is needed was not sent\n");
		return TRUSTX_ERR_INTERNAL;
	}
	if (opened)
		ns += limit_bring_up(&link, START_UP_NS * (c->scale > 1 ? c->scale : 1));
	r->limit_us += ns / 1000;
	r->us += (double)(meter_now_us(m) - m->begin_us);
	r->transfers += (double)m->transfers;
	r->bytes += (double)m->bytes;
	return TRUSTX_OK;
}

void result_mean(struct result *r, unsigned runs)
{
	r->us /= runs;
	r->limit_us /= runs;
	r->transfers /= runs;
	r->bytes /= runs;
}

static enum trustx_err run_once(
	struct result *r, const struct op *op, struct meter *m, const struct conditions *c)
{
	struct trustx se;
	enum trustx_err err;

	meter_settle(m);
	meter_begin(m);
	if ((err = trustx_open(&se, &m->bus, &c->opt)) != TRUSTX_OK)
		return err;
	if (op->prepare != NULL && (err = op->prepare(&se)) != TRUSTX_OK)
		return err;
	if (op->run != NULL) {
		meter_begin(m);
		if ((err = op->run(&se)) != TRUSTX_OK)
			return err;
	}
	trustx_close(&se);
	return result_add(r, m, c, op->needs, op->run == NULL);
}

enum trustx_err measure(struct result *r, const struct op *op, const struct conditions *c)
{
	enum trustx_err err = TRUSTX_OK;
	struct meter m;
	struct fail f;
	char uri[120];

	memset(r, 0, sizeof(*r));
	for (unsigned seed = 1; seed <= c->seeds && err == TRUSTX_OK; seed++) {
		chip_uri(uri, sizeof(uri), c, seed);
		if ((err = trustx_bus_open(&m.inner, uri, &f)) != TRUSTX_OK) {
			fprintf(stderr, "bench: %s: %s\n", uri, f.why);
			return err;
		}
		m.patience = c->patience;
		meter_init(&m);
		if ((err = run_once(r, op, &m, c)) != TRUSTX_OK)
			fprintf(stderr, "bench: %s: %s\n", op->name, trustx_err_text(err));
		trustx_bus_close(&m.inner);
	}
	result_mean(r, c->seeds);
	return err;
}
