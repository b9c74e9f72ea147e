/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "phys.h"

#include "family.h"

#define GUARD_US       51u     /* DSX table 21: 50 us; now_us is rounded down at both ends */
#define NACK_US	       100000u /* DSX 5: longest time without an acknowledge */
#define TRIES_MIN      4u
#define START_UP_US    10000u /* DSX table 13: earliest access after any reset */
#define RST_LOW_US     100u   /* DSX table 13: 10..2500 us */
#define POWER_LOW_US   2000u
#define TIMEOUT_MAX_MS 2000000u /* a call's time stays below half the range of a time stamp */
#define READS_MAX      4u
#define MODE_FM_PLUS   0x04u
#define KHZ_MIN	       100u
#define KHZ_MAX	       3400u

void phys_init(struct phys *ph, const struct trustx_bus *bus)
{
	ph->bus = bus;
	ph->addr = bus->addr != 0 ? bus->addr : 0x30;
	ph->frame_size = TRUSTX_FRAME_MIN;
	ph->stop = phys_now(ph);
}

uint32_t phys_now(const struct phys *ph)
{
	return (uint32_t)ph->bus->ops->now_us(ph->bus->ctx);
}

void phys_begin(struct phys *ph, uint32_t timeout_ms)
{
	ph->layer = TRUSTX_LAYER_CALLER;
	ph->start = phys_now(ph);
	ph->limit = (timeout_ms < TIMEOUT_MAX_MS ? timeout_ms : TIMEOUT_MAX_MS) * 1000;
}

enum trustx_err phys_fail(struct phys *ph, enum trustx_layer layer, enum trustx_err err)
{
	ph->layer = (uint8_t)layer;
	return err;
}

static uint32_t left(const struct phys *ph)
{
	uint32_t used = phys_now(ph) - ph->start;

	return used < ph->limit ? ph->limit - used : 0;
}

void phys_sleep(struct phys *ph, uint32_t us)
{
	uint32_t most = left(ph);

	if (us > most)
		us = most;
	if (us > 0)
		ph->bus->ops->sleep_us(ph->bus->ctx, us);
}

static enum trustx_err transfer(struct phys *ph, const uint8_t *out, uint8_t *in, size_t len)
{
	const struct trustx_bus *bus = ph->bus;
	const uint32_t begin = phys_now(ph);
	uint32_t waited = 0;
	unsigned tries = 0;
	enum trustx_err err;

	for (;; phys_sleep(ph, waited / 16)) {
		uint32_t since = phys_now(ph) - ph->stop;

		if (since < GUARD_US)
			phys_sleep(ph, GUARD_US - since);
		if (left(ph) == 0)
			return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_TIMEOUT);
		err = in != NULL ? bus->ops->read(bus->ctx, ph->addr, in, len)
				 : bus->ops->write(bus->ctx, ph->addr, out, len);
		ph->stop = phys_now(ph);
		if (err == TRUSTX_OK)
			return TRUSTX_OK;
		waited = ph->stop - begin;
		/* A host that was away for long has not asked for long. */
		if (err != TRUSTX_ERR_NACK || (waited >= NACK_US && tries >= TRIES_MIN))
			break;
		tries++;
	}
	ph->reg = 0;
	return phys_fail(ph, TRUSTX_LAYER_BUS, err);
}

enum trustx_err phys_write(struct phys *ph, const uint8_t *data, size_t len)
{
	enum trustx_err err = transfer(ph, data, NULL, len);

	if (err == TRUSTX_OK)
		ph->reg = data[0];
	return err;
}

enum trustx_err phys_read(struct phys *ph, enum phys_reg reg, uint8_t *data, size_t len)
{
	const uint8_t select = (uint8_t)reg;
	enum trustx_err err;

	if (ph->reg != select && (err = phys_write(ph, &select, 1)) != TRUSTX_OK)
		return err;
	return transfer(ph, NULL, data, len);
}

enum trustx_err phys_set(struct phys *ph, enum phys_reg reg, unsigned value)
{
	const uint8_t data[] = { (uint8_t)reg, (uint8_t)(value >> 8), (uint8_t)value };

	return phys_write(ph, data, sizeof(data));
}

static enum trustx_err read_value(struct phys *ph, enum phys_reg reg, size_t len, uint32_t *value)
{
	uint8_t raw[4];
	enum trustx_err err = phys_read(ph, reg, raw, len);

	*value = 0;
	for (size_t i = 0; err == TRUSTX_OK && i < len; i++)
		*value = *value << 8 | raw[i];
	return err;
}

enum trustx_err phys_state(struct phys *ph, uint32_t *state)
{
	enum trustx_err err = read_value(ph, REG_STATE, 4, state);

	/*
	 * IFX165 2.1: RFU bits are 0; every chip of the family has the soft reset. A chip that was
	 * reset has forgotten what was selected: selecting anew is the cure.
	 */
	if (err == TRUSTX_OK && (*state & (STATE_SOFT_RESET | 0x307F0000u)) != STATE_SOFT_RESET)
		*state = ph->reg = 0;
	return err;
}

/*
 * A setting has no checksum and lasts: unless it is the expected one, two reads must agree, each
 * of a register selected anew, or a lost select would have another register read twice.
 */
enum trustx_err phys_setting(
	struct phys *ph, enum phys_reg reg, size_t len, uint32_t expected, uint32_t *value)
{
	uint32_t before = expected;
	enum trustx_err err;

	for (unsigned i = 0; i < READS_MAX; i++) {
		if ((err = read_value(ph, reg, len, value)) != TRUSTX_OK || *value == before)
			return err;
		before = *value;
		ph->reg = 0;
	}
	return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_PROTOCOL);
}

static enum trustx_err check_family(struct phys *ph)
{
	enum trustx_err err;

	for (unsigned i = 0; i < READS_MAX; i++) {
		uint32_t state;

		if ((err = phys_state(ph, &state)) != TRUSTX_OK || family_is_known(ph, state))
			return err;
	}
	return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_PROTOCOL);
}

static enum trustx_err pulse(
	struct phys *ph, enum trustx_err (*line)(void *ctx, bool high), uint32_t low_us)
{
	enum trustx_err err = line(ph->bus->ctx, false);

	if (err == TRUSTX_OK) {
		phys_sleep(ph, low_us);
		err = line(ph->bus->ctx, true);
	}
	if (err != TRUSTX_OK)
		(void)phys_fail(ph, TRUSTX_LAYER_BUS, err);
	return err;
}

static enum trustx_err reset(struct phys *ph, enum trustx_reset how)
{
	const struct trustx_bus_ops *ops = ph->bus->ops;
	enum trustx_err err = TRUSTX_OK;

	if (how == TRUSTX_RESET_AUTO)
		how = ops->set_reset != NULL ? TRUSTX_RESET_LINE : TRUSTX_RESET_SOFT;
	if (how == TRUSTX_RESET_SOFT) {
		err = phys_set(ph, REG_SOFT_RESET, 0);
		/* A chip that does not listen any more can still be pulled down. */
		if (err == TRUSTX_ERR_NACK && ops->set_reset != NULL)
			how = TRUSTX_RESET_LINE;
		else if (err == TRUSTX_ERR_NACK && ops->set_power != NULL)
			how = TRUSTX_RESET_POWER;
	}
	if (how == TRUSTX_RESET_LINE)
		err = pulse(ph, ops->set_reset, RST_LOW_US);
	else if (how == TRUSTX_RESET_POWER)
		err = pulse(ph, ops->set_power, POWER_LOW_US);
	if (err != TRUSTX_OK)
		return err;
	ph->reg = 0;
	phys_sleep(ph, START_UP_US);
	return check_family(ph);
}

enum trustx_err phys_set_speed(struct phys *ph, uint32_t hz)
{
	const struct trustx_bus *bus = ph->bus;
	enum trustx_err err = TRUSTX_OK;

	if (hz != ph->speed_hz && bus->ops->set_speed != NULL)
		err = bus->ops->set_speed(bus->ctx, hz);
	if (err != TRUSTX_OK)
		return phys_fail(ph, TRUSTX_LAYER_BUS, err);
	ph->speed_hz = hz;
	return TRUSTX_OK;
}

static enum trustx_err negotiate_speed(struct phys *ph, uint32_t hz)
{
	uint32_t khz;
	enum trustx_err err;

	if ((err = phys_setting(ph, REG_MAX_SCL, 4, SPEED_FM_HZ / 1000, &khz)) != TRUSTX_OK)
		return err;
	if (hz > SPEED_FM_HZ && khz * 1000 < hz) {
		if ((err = phys_set(ph, REG_MODE, MODE_FM_PLUS)) != TRUSTX_OK)
			return err;
		if ((err = phys_setting(ph, REG_MAX_SCL, 4, 1000, &khz)) != TRUSTX_OK)
			return err;
	}
	if (khz < KHZ_MIN || khz > KHZ_MAX)
		return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_PROTOCOL);
	return phys_set_speed(ph, hz < khz * 1000 ? hz : khz * 1000);
}

static enum trustx_err negotiate_frame(struct phys *ph)
{
	uint32_t given;
	enum trustx_err err;

	/* Twice, for the first may have been lost. */
	for (unsigned i = 0; i < 2; i++) {
		if ((err = phys_set(ph, REG_DATA_LEN, ph->frame_size)) != TRUSTX_OK)
			return err;
		if ((err = phys_setting(ph, REG_DATA_LEN, 2, ph->frame_size, &given)) != TRUSTX_OK)
			return err;
		if (given >= TRUSTX_FRAME_MIN && given <= ph->frame_size) {
			ph->frame_size = (uint16_t)given;
			return TRUSTX_OK;
		}
	}
	return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_PROTOCOL);
}

/* The register byte travels in front of a frame. */
static void shorten_frame(struct phys *ph)
{
	const struct trustx_bus *bus = ph->bus;
	uint16_t most = bus->ops->max_transfer != NULL ? bus->ops->max_transfer(bus->ctx) : 0;

	if (most > TRUSTX_FRAME_MIN && ph->frame_size >= most)
		ph->frame_size = (uint16_t)(most - 1);
}

enum trustx_err phys_open(struct phys *ph, enum trustx_reset how)
{
	const uint32_t hz = ph->speed_hz;
	enum trustx_err err;

	shorten_frame(ph);
	ph->speed_hz = 0;
	err = phys_set_speed(ph, hz < SPEED_FM_HZ ? hz : SPEED_FM_HZ);
	if (err == TRUSTX_OK)
		err = reset(ph, how);
	if (err == TRUSTX_OK)
		err = negotiate_speed(ph, hz);
	if (err == TRUSTX_OK)
		err = negotiate_frame(ph);
	if (err != TRUSTX_OK)
		ph->speed_hz = hz;
	return err;
}
