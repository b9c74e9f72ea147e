/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "probe.h"

#define ADDR_DEFAULT 0x30
#define REG_STATE    0x82
#define NACK_US	     100000u /* DSX 5: longest time without an acknowledge */
#define STEP_MAX_US  20000u
#define WAKE_US	     5000u /* seen on silicon: the second access is taken */
#define WAKE_READS   3u	   /* however slow the adapter is */
#define PAUSE_US     1000u
#define GUARD_US     51u /* DSX table 21 */
#define STATE_READS  3u

/* IFX165 2.1, I2C_STATE: RFU bits are 0; every chip of the family has the soft reset. */
#define STATE_BUSY	   0x80000000u
#define STATE_PRESENTATION 0x00800000u
#define STATE_SOFT_RESET   0x08000000u
#define STATE_RFU	   0x307F0000u

bool probe_is_optiga(uint32_t state)
{
	return (state & (STATE_SOFT_RESET | STATE_RFU)) == STATE_SOFT_RESET;
}

bool probe_is_busy(uint32_t state)
{
	return (state & STATE_BUSY) != 0;
}

enum trustx_family probe_family(uint32_t state)
{
	return state & STATE_PRESENTATION ? TRUSTX_FAMILY_M : TRUSTX_FAMILY_X;
}

static uint8_t address(const struct trustx_bus *bus)
{
	return bus->addr != 0 ? bus->addr : ADDR_DEFAULT;
}

/* One transfer, repeated while it is not acknowledged; exactly one of out and in is there. */
static enum trustx_err patient(
	const struct trustx_bus *bus, const uint8_t *out, uint8_t *in, size_t len)
{
	const struct trustx_bus_ops *ops = bus->ops;
	uint64_t waited = 0;
	enum trustx_err err;

	for (;;) {
		const uint64_t begin = ops->now_us(bus->ctx);
		uint64_t took;

		ops->sleep_us(bus->ctx, GUARD_US);
		err = in != NULL ? ops->read(bus->ctx, address(bus), in, len)
				 : ops->write(bus->ctx, address(bus), out, len);
		if (err != TRUSTX_ERR_NACK || waited >= NACK_US)
			return err;
		ops->sleep_us(bus->ctx, PAUSE_US);
		/* An adapter that has to free the bus first takes very long for one access. */
		took = ops->now_us(bus->ctx) - begin;
		waited += took < STEP_MAX_US ? took : STEP_MAX_US;
	}
}

static enum trustx_err read_state(uint32_t *state, const struct trustx_bus *bus)
{
	static const uint8_t select = REG_STATE;
	uint8_t raw[4];
	enum trustx_err err;

	*state = 0;
	if ((err = patient(bus, &select, NULL, 1)) != TRUSTX_OK ||
		(err = patient(bus, NULL, raw, sizeof(raw))) != TRUSTX_OK)
		return err;
	for (size_t i = 0; i < sizeof(raw); i++)
		*state = *state << 8 | raw[i];
	return TRUSTX_OK;
}

/* Again if the bytes make no sense: a single read has no checksum. */
enum trustx_err probe_state(uint32_t *state, const struct trustx_bus *bus)
{
	enum trustx_err err = TRUSTX_OK;

	for (unsigned i = 0; i < STATE_READS; i++)
		if ((err = read_state(state, bus)) != TRUSTX_OK || probe_is_optiga(*state))
			break;
	return err;
}

enum trustx_err probe_address(bool *answers, const struct trustx_bus *bus, uint8_t addr)
{
	const struct trustx_bus_ops *ops = bus->ops;
	const uint64_t begin = ops->now_us(bus->ctx);
	unsigned reads = 0;
	uint8_t byte;
	enum trustx_err err;

	do {
		ops->sleep_us(bus->ctx, PAUSE_US);
		err = ops->read(bus->ctx, addr, &byte, 1);
		reads++;
	} while (err == TRUSTX_ERR_NACK &&
		 (reads < WAKE_READS || ops->now_us(bus->ctx) - begin < WAKE_US));
	*answers = err == TRUSTX_OK;
	return err == TRUSTX_ERR_NACK ? TRUSTX_OK : err;
}
