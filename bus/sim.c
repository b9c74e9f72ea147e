/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The simulated chip in this process. */
#include "backend.h"
#include "num.h"
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sim_bus {
	struct bus_ctx base;
	struct sim *sim;
};

static enum trustx_err from_status(struct sim_bus *bus, enum sim_status status)
{
	switch (status) {
	case SIM_DONE:
		return TRUSTX_OK;
	case SIM_ADDRESS_NACK:
		return TRUSTX_ERR_NACK;
	case SIM_DATA_NACK:
	case SIM_BUS_TIMEOUT:
		break;
	}
	return fail_set(&bus->base.fail, TRUSTX_ERR_BUS,
		status == SIM_DATA_NACK ? "the chip did not acknowledge a data byte"
					: "the bus timed out");
}

static enum trustx_err sim_bus_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct sim_bus *bus = ctx;

	return from_status(bus, sim_transfer(bus->sim, addr, data, len, NULL, 0));
}

static enum trustx_err sim_bus_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct sim_bus *bus = ctx;

	return from_status(bus, sim_transfer(bus->sim, addr, NULL, 0, data, len));
}

static enum trustx_err sim_bus_set_speed(void *ctx, uint32_t hz)
{
	struct sim_bus *bus = ctx;

	sim_set_speed(bus->sim, hz);
	return TRUSTX_OK;
}

static enum trustx_err sim_bus_set_reset(void *ctx, bool released)
{
	struct sim_bus *bus = ctx;

	sim_set_reset(bus->sim, released);
	return TRUSTX_OK;
}

static enum trustx_err sim_bus_set_power(void *ctx, bool on)
{
	struct sim_bus *bus = ctx;

	sim_set_power(bus->sim, on);
	return TRUSTX_OK;
}

static uint64_t sim_bus_now_us(void *ctx)
{
	struct sim_bus *bus = ctx;

	return sim_now_ns(bus->sim) / 1000;
}

static void sim_bus_sleep_us(void *ctx, uint32_t us)
{
	struct sim_bus *bus = ctx;

	sim_delay(bus->sim, us);
}

static const struct trustx_bus_ops sim_bus_ops = {
	.write = sim_bus_write,
	.read = sim_bus_read,
	.set_speed = sim_bus_set_speed,
	.set_reset = sim_bus_set_reset,
	.set_power = sim_bus_set_power,
	.now_us = sim_bus_now_us,
	.sleep_us = sim_bus_sleep_us,
};

static enum trustx_err seed_option(
	bool *has, uint64_t *seed, const struct bus_uri *uri, const char *name, struct fail *f)
{
	const char *text = bus_option(uri, name);

	if (text == NULL)
		return TRUSTX_OK;
	if (num_parse(seed, text) != TRUSTX_OK)
		return bus_bad_option(uri, name, "a number of up to 64 bits", f);
	*has = true;
	return TRUSTX_OK;
}

/* A count of what the simulator counts in 32 bits, from least on. */
static enum trustx_err count_option(uint32_t *count, const struct bus_uri *uri, const char *name,
	uint32_t least, struct fail *f)
{
	const char *text = bus_option(uri, name);
	char expected[60];
	uint64_t v = 0;

	if (text != NULL && num_parse_range(&v, text, least, UINT32_MAX) != TRUSTX_OK) {
		snprintf(expected, sizeof(expected), "a number from %u to %u", least, UINT32_MAX);
		return bus_bad_option(uri, name, expected, f);
	}
	*count = (uint32_t)v;
	return TRUSTX_OK;
}

/* One of two words: is the option the second? */
static enum trustx_err choice_option(bool *second, const struct bus_uri *uri, const char *name,
	const char *const words[2], struct fail *f)
{
	const char *text = bus_option(uri, name);
	char expected[40];

	if (text == NULL || strcmp(text, words[0]) == 0)
		return TRUSTX_OK;
	if (strcmp(text, words[1]) == 0) {
		*second = true;
		return TRUSTX_OK;
	}
	snprintf(expected, sizeof(expected), "%s or %s", words[0], words[1]);
	return bus_bad_option(uri, name, expected, f);
}

static enum trustx_err parse_options(
	struct sim_options *opt, const struct bus_uri *uri, struct fail *f)
{
	static const char *const clocks[2] = { "virtual", "real" };
	static const char *const switches[2] = { "0", "1" };
	const char *scale = bus_option(uri, "scale");
	enum trustx_err err;

	memset(opt, 0, sizeof(*opt));
	opt->profile = bus_option(uri, "profile");
	if ((err = choice_option(&opt->real_clock, uri, "clock", clocks, f)) != TRUSTX_OK)
		return err;
	if ((err = choice_option(&opt->sync, uri, "sync", switches, f)) != TRUSTX_OK)
		return err;
	if ((err = seed_option(&opt->has_jitter, &opt->jitter, uri, "jitter", f)) != TRUSTX_OK)
		return err;
	if ((err = seed_option(&opt->has_seed, &opt->seed, uri, "seed", f)) != TRUSTX_OK)
		return err;
	opt->has_scale = scale != NULL;
	if (scale != NULL && num_parse_milli(&opt->scale_milli, scale) != TRUSTX_OK)
		return bus_bad_option(uri, "scale", "a factor with up to three decimal places", f);
	opt->has_nack = bus_option(uri, "nack") != NULL;
	if ((err = count_option(&opt->nack_us, uri, "nack", 0, f)) != TRUSTX_OK)
		return err;
	return count_option(&opt->cut, uri, "cut", 1, f);
}

static enum trustx_err sim_bus_open(
	struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	struct sim_options opt;
	struct sim_bus *ctx;
	enum trustx_err err;

	if ((err = parse_options(&opt, uri, f)) != TRUSTX_OK)
		return err;
	if (uri->target[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the file of the simulated chip is missing");
	if ((ctx = calloc(1, sizeof(*ctx))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = sim_open(&ctx->sim, uri->target, &opt, f)) != TRUSTX_OK) {
		free(ctx);
		if (err == TRUSTX_ERR_IN_USE)
			fail_next(f, "end that process or wait for it; several programs can share"
				     " a chip one after the other through trustx sim serve");
		return err;
	}
	ctx->base.backend = &bus_sim;
	bus->ctx = ctx;
	bus->ops = &sim_bus_ops;
	return TRUSTX_OK;
}

static void sim_bus_close(void *ctx)
{
	struct sim_bus *bus = ctx;

	sim_close(bus->sim);
	free(bus);
}

static bool sim_bus_is_virtual(const void *ctx)
{
	const struct sim_bus *bus = ctx;

	return sim_is_virtual(bus->sim);
}

static uint64_t sim_bus_execution_ns(const void *ctx)
{
	const struct sim_bus *bus = ctx;

	return sim_execution_ns(bus->sim);
}

const struct bus_backend bus_sim = {
	.scheme = "sim",
	.form = "sim:FILE",
	.options = " clock scale profile jitter nack seed sync cut ",
	.open = sim_bus_open,
	.close = sim_bus_close,
	.is_virtual = sim_bus_is_virtual,
	.execution_ns = sim_bus_execution_ns,
};
