/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "meter.h"

#include "bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REST_US	   60000u /* longer than start-up and sleep delay */
#define WAKE_TRIES 1000u
#define REG_DATA   0x80u
#define HEAD	   4u /* FCTR, LEN, PCTR */
#define OVERHEAD   6u /* and FCS */
#define REG_STATE  0x82u
#define POLL_US	   5000u
#define STATUS_US  200u

uint64_t meter_now_us(const struct meter *m)
{
	return m->inner.ops->now_us(m->inner.ctx);
}

static uint64_t meter_now(void *ctx)
{
	return meter_now_us(ctx);
}

static void meter_sleep_us(void *ctx, uint32_t us)
{
	struct meter *m = ctx;

	m->inner.ops->sleep_us(m->inner.ctx, us);
}

static struct meter_command *last(struct meter *m)
{
	return m->count > 0 ? &m->commands[m->count - 1] : NULL;
}

static void add_command(struct meter *m, const uint8_t *apdu, size_t len)
{
	struct meter_command *c;

	if (m->count == METER_COMMANDS || len < 2) {
		fprintf(stderr, "bench: more commands than foreseen\n");
		exit(1);
	}
	c = &m->commands[m->count++];
	memset(c, 0, sizeof(*c));
	c->code = apdu[0] & 0x7F;
	c->param = apdu[1];
	if ((c->code == 0x01 || c->code == 0x02) && len >= 6)
		c->oid = (uint16_t)(apdu[4] << 8 | apdu[5]);
}

/* A data frame of the host. */
static void note_sent(struct meter *m, const uint8_t *frame, size_t len, uint64_t begin_us)
{
	const unsigned chain = frame[HEAD - 1] & 7;

	if (chain <= 1) {
		add_command(m, frame + HEAD, len - OVERHEAD);
		last(m)->begin_us = begin_us;
	}
	last(m)->cmd_len += len - OVERHEAD;
	last(m)->sent_us = meter_now_us(m);
	last(m)->execution_ns = (double)(trustx_bus_execution_ns(&m->inner) - m->counted_ns);
	m->counted_ns = trustx_bus_execution_ns(&m->inner);
}

static bool is_inside(const struct meter_command *c, uint64_t us)
{
	return us > c->sent_us && (double)(us - c->sent_us) * 1000 < c->execution_ns;
}

static void count(struct meter *m, size_t clocked, size_t bytes, uint64_t begin_us)
{
	const double ns = (9.0 * (double)clocked + 2) * 1e9 / m->hz;

	m->transfers++;
	m->bytes += bytes;
	if (m->count == 0)
		m->bring_up_wire_ns += ns;
	else if (!is_inside(last(m), begin_us))
		last(m)->wire_ns += ns;
}

static enum trustx_err meter_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct meter *m = ctx;
	const uint64_t begin_us = meter_now_us(m);
	enum trustx_err err = m->inner.ops->write(m->inner.ctx, addr, data, len);

	m->polled = false;
	if (err != TRUSTX_OK) {
		count(m, 1, 0, begin_us);
		return err;
	}
	m->reg = data[0];
	if (m->reg == REG_DATA && len > 1 + OVERHEAD && (data[1] & 0x80) == 0)
		note_sent(m, data + 1, len - 1, begin_us);
	count(m, len + 1, len, begin_us);
	if (m->reg == REG_DATA && len > 1 && m->count > 0)
		last(m)->end_us = meter_now_us(m);
	return err;
}

/* What a host does that is in no hurry, before a read: meter.h. */
static void take_time(struct meter *m)
{
	const uint64_t since_us = meter_now_us(m) - m->poll_us;

	if (m->reg == REG_STATE && m->patience == PATIENCE_BEFORE)
		meter_sleep_us(m, POLL_US);
	else if (m->reg == REG_STATE && m->polled && since_us < POLL_US)
		meter_sleep_us(m, (uint32_t)(POLL_US - since_us));
	meter_sleep_us(m, STATUS_US);
}

static enum trustx_err meter_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct meter *m = ctx;
	const uint64_t begin_us = meter_now_us(m);
	enum trustx_err err;

	if (m->patience != PATIENCE_NONE)
		take_time(m);
	err = m->inner.ops->read(m->inner.ctx, addr, data, len);
	m->polled = m->reg == REG_STATE;
	m->poll_us = meter_now_us(m);
	count(m, err == TRUSTX_OK ? len + 1 : 1, err == TRUSTX_OK ? len : 0, begin_us);
	if (err == TRUSTX_OK && m->reg == REG_DATA && len > OVERHEAD && (data[0] & 0x80) == 0 &&
		m->count > 0) {
		last(m)->answer_len += len - OVERHEAD;
		last(m)->end_us = meter_now_us(m);
	}
	return err;
}

static enum trustx_err meter_set_speed(void *ctx, uint32_t hz)
{
	struct meter *m = ctx;

	m->hz = hz;
	return m->inner.ops->set_speed(m->inner.ctx, hz);
}

/* No reset line: the schedule begins with a soft reset. */
static const struct trustx_bus_ops meter_ops = {
	.write = meter_write,
	.read = meter_read,
	.set_speed = meter_set_speed,
	.now_us = meter_now,
	.sleep_us = meter_sleep_us,
};

void meter_init(struct meter *m)
{
	m->bus = m->inner;
	m->bus.ops = &meter_ops;
	m->bus.ctx = m;
	m->hz = 100000;
	m->polled = false;
	meter_begin(m);
}

void meter_begin(struct meter *m)
{
	m->transfers = m->bytes = m->count = 0;
	m->bring_up_wire_ns = 0;
	m->counted_ns = trustx_bus_execution_ns(&m->inner);
	m->begin_us = meter_now_us(m);
}

void meter_settle(struct meter *m)
{
	static const uint8_t select = 0x82;
	const uint8_t addr = m->bus.addr != 0 ? m->bus.addr : 0x30;

	meter_sleep_us(m, REST_US);
	for (unsigned i = 0; i < WAKE_TRIES; i++) {
		if (meter_write(m, addr, &select, 1) == TRUSTX_OK)
			break;
		meter_sleep_us(m, 100);
	}
	meter_sleep_us(m, 100);
}

bool meter_is_size(const struct meter_command *c)
{
	return c->code == 0x01 && c->oid == TRUSTX_OID_APDU_SIZE && c->cmd_len == 6;
}

bool meter_limit(
	double *ns, const struct meter *m, const struct limit_link *link, const char *needs)
{
	*ns = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct meter_command *c = &m->commands[i];

		if (needs != NULL ? c->code != (uint8_t)*needs : meter_is_size(c))
			continue;
		if (needs != NULL)
			needs++;
		*ns += limit_command(link, c->cmd_len, c->answer_len, c->execution_ns);
	}
	return needs == NULL || *needs == '\0';
}
