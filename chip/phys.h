/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Physical layer: registers of the chip over a bus, and the clock of a call (IFX165 2). */
#ifndef CHIP_PHYS_H
#define CHIP_PHYS_H

#include "trustx.h"

enum phys_reg {
	REG_DATA = 0x80,
	REG_DATA_LEN = 0x81,
	REG_STATE = 0x82,
	REG_BASE_ADDR = 0x83,
	REG_MAX_SCL = 0x84,
	REG_SOFT_RESET = 0x88,
	REG_MODE = 0x89,
};

#define STATE_BUSY	 (1u << 31)
#define STATE_RESP_RDY	 (1u << 30)
#define STATE_SOFT_RESET (1u << 27)
#define STATE_LEN	 0xFFFFu

#define SPEED_FM_HZ 400000u /* works in every mode as shipped; above it needs Fm+ */

/* Times are bus time in us modulo 2^32. */
struct phys {
	const struct trustx_bus *bus;
	uint32_t stop;	/* when the last transfer ended */
	uint32_t start; /* when the call began */
	uint32_t limit; /* how long it may take */
	uint32_t speed_hz;
	uint16_t frame_size; /* DATA_REG_LEN */
	uint8_t addr;
	uint8_t reg;	/* where the register pointer stands; 0: not known */
	uint8_t layer;	/* who raised the last error: enum trustx_layer */
	uint8_t family; /* enum trustx_family */
};

void phys_init(struct phys *ph, const struct trustx_bus *bus);

/* A call begins: its deadline counts from now. Errors are the caller's until a layer says else. */
void phys_begin(struct phys *ph, uint32_t timeout_ms);
uint32_t phys_now(const struct phys *ph);

/* Sleep, but not past the deadline. */
void phys_sleep(struct phys *ph, uint32_t us);

/* Note which layer raised err; returns err. */
enum trustx_err phys_fail(struct phys *ph, enum trustx_layer layer, enum trustx_err err);

/* data[0] is the register. An address that is not acknowledged is tried for 100 ms. */
TRUSTX_MUST_CHECK enum trustx_err phys_write(struct phys *ph, const uint8_t *data, size_t len);
TRUSTX_MUST_CHECK enum trustx_err phys_read(
	struct phys *ph, enum phys_reg reg, uint8_t *data, size_t len);

/* What lasts and has no checksum: unless *value is the expected one, two reads have agreed. */
TRUSTX_MUST_CHECK enum trustx_err phys_setting(
	struct phys *ph, enum phys_reg reg, size_t len, uint32_t expected, uint32_t *value);

/* Write a register of two bytes. */
TRUSTX_MUST_CHECK enum trustx_err phys_set(struct phys *ph, enum phys_reg reg, unsigned value);

/* I2C_STATE; 0 if what was read cannot be one. */
TRUSTX_MUST_CHECK enum trustx_err phys_state(struct phys *ph, uint32_t *state);

TRUSTX_MUST_CHECK enum trustx_err phys_set_speed(struct phys *ph, uint32_t hz);

/*
 * Reset the chip, wait until it starts to listen, check that it is one of ours, agree on a clock
 * and a frame size, at most those of ph; volatile forms only.
 */
TRUSTX_MUST_CHECK enum trustx_err phys_open(struct phys *ph, enum trustx_reset how);

#endif
