/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Somebody else's program: an installed libtrustx over a bus of its own, on which nobody answers. */
#include <trustx.h>

#include <stdio.h>
#include <string.h>

struct empty_bus {
	uint64_t now;
	unsigned tries;
};

static enum trustx_err write_bytes(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct empty_bus *bus = ctx;

	(void)data;
	(void)len;
	bus->tries += addr == 0x30;
	return TRUSTX_ERR_NACK;
}

static enum trustx_err read_bytes(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	memset(data, 0, len);
	return write_bytes(ctx, addr, data, len);
}

static uint64_t now_us(void *ctx)
{
	const struct empty_bus *bus = ctx;

	return bus->now;
}

static void sleep_us(void *ctx, uint32_t us)
{
	struct empty_bus *bus = ctx;

	bus->now += us;
}

static const struct trustx_bus_ops ops = {
	.write = write_bytes,
	.read = read_bytes,
	.now_us = now_us,
	.sleep_us = sleep_us,
};

int main(void)
{
	struct empty_bus empty = { 0 };
	const struct trustx_bus bus = { .ops = &ops, .ctx = &empty };
	struct trustx se;
	const enum trustx_err err = trustx_open(&se, &bus, NULL);

	printf("%s after %u tries in %llu us: %s\n", trustx_err_name(err), empty.tries,
		(unsigned long long)empty.now, trustx_error_text(&se));
	trustx_close(&se);
	return err == TRUSTX_ERR_NACK && empty.tries > 1 && empty.now >= 100000 ? 0 : 1;
}
