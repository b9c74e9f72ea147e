/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Persistent settings of the bus (IFX165 2.1). */
#include "handle.h"

#define PERSISTENT   0x8000u /* DEF_MODE, DEF_ADDR: keep it for every later start */
#define MODE_MAX     4u
#define MODE_FM_PLUS 4u
#define ADDR_FIRST   0x08u /* I2C-bus specification 3.1.12: the others are reserved */
#define ADDR_LAST    0x77u

static enum trustx_err protocol(struct phys *ph)
{
	return phys_fail(ph, TRUSTX_LAYER_PHYSICAL, TRUSTX_ERR_PROTOCOL);
}

static enum trustx_err store_mode(struct phys *ph, uint8_t mode)
{
	uint32_t stored;
	enum trustx_err err;

	/* It counts at once: the clock must not be too fast for it. */
	if (mode != MODE_FM_PLUS && ph->speed_hz > SPEED_FM_HZ &&
		(err = phys_set_speed(ph, SPEED_FM_HZ)) != TRUSTX_OK)
		return err;
	if ((err = phys_set(ph, REG_MODE, PERSISTENT | mode)) != TRUSTX_OK)
		return err;
	if ((err = phys_setting(ph, REG_MODE, 2, mode, &stored)) != TRUSTX_OK)
		return err;
	return stored == mode ? TRUSTX_OK : protocol(ph);
}

enum trustx_err trustx_store_i2c_mode(struct trustx *se, uint8_t mode)
{
	struct handle *h = handle_of(se);
	enum trustx_err err = TRUSTX_ERR_ARGUMENT;

	call_begin(h);
	if (h->open && mode >= 1 && mode <= MODE_MAX)
		err = store_mode(&h->dlink.phys, mode);
	return call_done(h, err);
}

static enum trustx_err store_address(struct phys *ph, uint8_t addr)
{
	const uint8_t before = ph->addr;
	uint32_t state;
	enum trustx_err err;

	if ((err = phys_set(ph, REG_BASE_ADDR, PERSISTENT | addr)) != TRUSTX_OK)
		return err;
	ph->addr = addr;
	err = phys_state(ph, &state);
	if (err == TRUSTX_ERR_NACK)
		ph->addr = before;
	if (err != TRUSTX_OK)
		return err;
	return state != 0 ? TRUSTX_OK : protocol(ph);
}

enum trustx_err trustx_store_address(struct trustx *se, uint8_t addr)
{
	struct handle *h = handle_of(se);
	enum trustx_err err = TRUSTX_ERR_ARGUMENT;

	call_begin(h);
	if (h->open && addr >= ADDR_FIRST && addr <= ADDR_LAST)
		err = store_address(&h->dlink.phys, addr);
	return call_done(h, err);
}
