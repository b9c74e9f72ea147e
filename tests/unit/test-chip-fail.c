/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The bus fails for good at each of its operations in turn: a call ends with that error, says that
 * it is the bus's, and one over a sound bus succeeds afterwards. Only when the answer is here and
 * merely its acknowledge does not get through, the call has succeeded.
 */
#include "bus.h"
#include "sim.h"
#include "test.h"
#include "trustx.h"

#include <unistd.h>

#define IMAGE "chip.sim"

struct failing_bus {
	struct trustx_bus inner;
	unsigned done, fails_at; /* from this operation on; 0: never */
};

static bool fails(struct failing_bus *b)
{
	b->done++;
	return b->fails_at > 0 && b->done >= b->fails_at;
}

static enum trustx_err failing_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct failing_bus *b = ctx;

	return fails(b) ? TRUSTX_ERR_BUS : b->inner.ops->write(b->inner.ctx, addr, data, len);
}

static enum trustx_err failing_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct failing_bus *b = ctx;

	return fails(b) ? TRUSTX_ERR_BUS : b->inner.ops->read(b->inner.ctx, addr, data, len);
}

static enum trustx_err failing_set_speed(void *ctx, uint32_t hz)
{
	struct failing_bus *b = ctx;

	return fails(b) ? TRUSTX_ERR_BUS : b->inner.ops->set_speed(b->inner.ctx, hz);
}

static enum trustx_err failing_set_reset(void *ctx, bool released)
{
	struct failing_bus *b = ctx;

	return fails(b) ? TRUSTX_ERR_BUS : b->inner.ops->set_reset(b->inner.ctx, released);
}

static enum trustx_err failing_set_power(void *ctx, bool on)
{
	struct failing_bus *b = ctx;

	return fails(b) ? TRUSTX_ERR_BUS : b->inner.ops->set_power(b->inner.ctx, on);
}

static uint64_t failing_now(void *ctx)
{
	struct failing_bus *b = ctx;

	return b->inner.ops->now_us(b->inner.ctx);
}

static void failing_sleep(void *ctx, uint32_t us)
{
	struct failing_bus *b = ctx;

	b->inner.ops->sleep_us(b->inner.ctx, us);
}

static const struct trustx_bus_ops failing_ops = {
	.write = failing_write,
	.read = failing_read,
	.set_speed = failing_set_speed,
	.set_reset = failing_set_reset,
	.set_power = failing_set_power,
	.now_us = failing_now,
	.sleep_us = failing_sleep,
};

/* ---- one call, its bus failing one operation earlier or later ---- */

struct trial {
	struct trustx_options options;
	enum trustx_err (*call)(struct trustx *se); /* NULL: trustx_open itself */
	unsigned after_answer;			    /* operations that only acknowledge it */
};

static enum trustx_err run(
	struct trustx *se, struct failing_bus *b, const struct trial *t, unsigned fails_at)
{
	const struct trustx_bus bus = { .ops = &failing_ops, .ctx = b };

	b->done = 0;
	b->fails_at = t->call == NULL ? fails_at : 0;
	if (t->call == NULL)
		return trustx_open(se, &bus, &t->options);
	CHECK_OK(trustx_open(se, &bus, &t->options));
	b->done = 0;
	b->fails_at = fails_at;
	return t->call(se);
}

/*
 * With the same new chip each time, whose clock begins at 0: operation for operation the same.
 * The number of operations; fails_at 0: none fails.
 */
static unsigned attempt(const struct trial *t, unsigned fails_at, bool succeeds)
{
	struct failing_bus b = { .done = 0 };
	struct trustx_error detail;
	unsigned operations;
	struct trustx se;
	struct fail f;

	unlink(IMAGE);
	CHECK_OK(trustx_bus_open(&b.inner, "sim:" IMAGE "?seed=1", &f));
	CHECK_ERR(run(&se, &b, t, fails_at), succeeds ? TRUSTX_OK : TRUSTX_ERR_BUS);
	operations = b.done;
	trustx_error(&se, &detail);
	CHECK_INT(detail.layer, succeeds ? TRUSTX_LAYER_NONE : TRUSTX_LAYER_BUS);
	trustx_close(&se);
	CHECK_OK(run(&se, &b, t, 0));
	trustx_close(&se);
	trustx_bus_close(&b.inner);
	return operations;
}

static void fail_everywhere(const struct trial *t, unsigned at_least)
{
	const unsigned operations = attempt(t, 0, true);

	CHECK(operations >= at_least);
	for (unsigned at = 1; at <= operations; at++)
		attempt(t, at, at > operations - t->after_answer);
}

static void opening_does(void)
{
	static const struct trial trials[] = {
		{ .options = { .speed_hz = 1000000, .reset = TRUSTX_RESET_SOFT },
			.after_answer = 1 },
		{ .options = { .reset = TRUSTX_RESET_LINE, .flags = TRUSTX_LOOK_FIRST },
			.after_answer = 3 },
		{ .options = { .reset = TRUSTX_RESET_POWER }, .after_answer = 1 },
	};

	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		fail_everywhere(&trials[i], 15);
}

static enum trustx_err store_fast_mode(struct trustx *se)
{
	return trustx_store_i2c_mode(se, 4);
}

static enum trustx_err store_slow_mode(struct trustx *se)
{
	return trustx_store_i2c_mode(se, 3);
}

static enum trustx_err store_address(struct trustx *se)
{
	return trustx_store_address(se, 0x30);
}

static void storing_a_setting_does(void)
{
	static const struct trial trials[] = {
		{ .call = store_fast_mode },
		{ .options = { .speed_hz = 1000000 }, .call = store_slow_mode },
		{ .call = store_address },
	};

	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		fail_everywhere(&trials[i], 2);
}

int main(void)
{
	RUN(opening_does);
	RUN(storing_a_setting_does);
	return 0;
}
