/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What a bus for a microcontroller has to provide: four functions of yours, and the table below.
 * Do not retry and do not wait in them: the library does, within its guard time and its deadline.
 */
#include "trustx.h"

/*
 * START, address and R/W bit, len bytes (at most 278), STOP; no repeated START. TRUSTX_OK, or
 * TRUSTX_ERR_NACK: the chip did not acknowledge its address, which is no error but its way to say
 * "not yet"; TRUSTX_ERR_BUS: anything else went wrong.
 */
extern enum trustx_err board_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len);
extern enum trustx_err board_read(void *ctx, uint8_t addr, uint8_t *data, size_t len);

/* A clock in microseconds that never goes back; any start will do. */
extern uint64_t board_now_us(void *ctx);

/* Returns after us microseconds or later. It may put the processor to sleep. */
extern void board_sleep_us(void *ctx, uint32_t us);

/* No set_speed, set_reset, set_power here: a fixed clock of 400 kHz and a chip without such lines. */
static const struct trustx_bus_ops board_ops = {
	.write = board_write,
	.read = board_read,
	.now_us = board_now_us,
	.sleep_us = board_sleep_us,
};

/* ctx NULL, the address 0x30. Then: struct trustx se; trustx_open(&se, &board_bus, NULL). */
extern const struct trustx_bus board_bus;
const struct trustx_bus board_bus = { .ops = &board_ops };
