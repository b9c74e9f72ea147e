/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "idle.h"

#include "bus.h"

static const struct trustx_bus *below(const void *ctx)
{
	return ((const struct idle *)ctx)->below;
}

static enum trustx_err idle_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	return below(ctx)->ops->write(below(ctx)->ctx, addr, data, len);
}

static enum trustx_err idle_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	return below(ctx)->ops->read(below(ctx)->ctx, addr, data, len);
}

static enum trustx_err idle_set_speed(void *ctx, uint32_t hz)
{
	const struct trustx_bus *bus = below(ctx);

	return bus->ops->set_speed != NULL ? bus->ops->set_speed(bus->ctx, hz) : TRUSTX_OK;
}

static enum trustx_err idle_set_reset(void *ctx, bool released)
{
	const struct trustx_bus *bus = below(ctx);

	return bus->ops->set_reset != NULL ? bus->ops->set_reset(bus->ctx, released) : TRUSTX_OK;
}

static enum trustx_err idle_set_power(void *ctx, bool on)
{
	const struct trustx_bus *bus = below(ctx);

	return bus->ops->set_power != NULL ? bus->ops->set_power(bus->ctx, on) : TRUSTX_OK;
}

static uint64_t idle_now_us(void *ctx)
{
	return below(ctx)->ops->now_us(below(ctx)->ctx);
}

static uint16_t idle_max_transfer(void *ctx)
{
	return below(ctx)->ops->max_transfer(below(ctx)->ctx);
}

static void idle_sleep_us(void *ctx, uint32_t us)
{
	const struct idle *idle = ctx;
	uint64_t begin, passed;

	if (idle->run == NULL) {
		below(ctx)->ops->sleep_us(below(ctx)->ctx, us);
		return;
	}
	begin = idle_now_us(ctx);
	idle->run(idle->ctx, trustx_bus_is_virtual(idle->origin) ? 0 : us);
	passed = idle_now_us(ctx) - begin;
	if (passed < us)
		below(ctx)->ops->sleep_us(below(ctx)->ctx, us - (uint32_t)passed);
}

/* What the bus below cannot do, this one cannot. */
const struct trustx_bus *idle_wrap(
	struct idle *idle, const struct trustx_bus *below_bus, const struct trustx_bus *origin)
{
	const struct trustx_bus_ops *ops = below_bus->ops;

	idle->below = below_bus;
	idle->origin = origin;
	idle->ops = (struct trustx_bus_ops){
		.write = idle_write,
		.read = idle_read,
		.set_speed = ops->set_speed != NULL ? idle_set_speed : NULL,
		.set_reset = ops->set_reset != NULL ? idle_set_reset : NULL,
		.set_power = ops->set_power != NULL ? idle_set_power : NULL,
		.now_us = idle_now_us,
		.sleep_us = idle_sleep_us,
		.max_transfer = ops->max_transfer != NULL ? idle_max_transfer : NULL,
	};
	idle->bus = *below_bus;
	idle->bus.ops = &idle->ops;
	idle->bus.ctx = idle;
	return &idle->bus;
}
