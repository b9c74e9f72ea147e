/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What a bus for a microcontroller has to provide. board_* are yours: an I2C controller that sends
 * STOP after each transfer (no repeated START) and tells a missing acknowledge of the address from
 * other errors, and a clock in microseconds that never goes back. Do not retry and do not wait:
 * the library does, within its guard time and deadline. A transfer has at most 278 bytes.
 */
#include "trustx.h"

enum board_result { BOARD_DONE, BOARD_NO_ACK, BOARD_ERROR };
extern enum board_result board_i2c_write(uint8_t addr, const uint8_t *data, size_t len);
extern enum board_result board_i2c_read(uint8_t addr, uint8_t *data, size_t len);
extern uint64_t board_now_us(void);
extern void board_wait_us(uint32_t us);
extern const struct trustx_bus board_bus;

static enum trustx_err from_board(enum board_result result)
{
	return result == BOARD_DONE	? TRUSTX_OK
	       : result == BOARD_NO_ACK ? TRUSTX_ERR_NACK
					: TRUSTX_ERR_BUS;
}

static enum trustx_err bus_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	return (void)ctx, from_board(board_i2c_write(addr, data, len));
}

static enum trustx_err bus_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	return (void)ctx, from_board(board_i2c_read(addr, data, len));
}

static uint64_t bus_now_us(void *ctx)
{
	return (void)ctx, board_now_us();
}

static void bus_sleep_us(void *ctx, uint32_t us)
{
	(void)ctx;
	board_wait_us(us);
}

/* No set_speed, set_reset, set_power here: a fixed clock of 400 kHz and a chip without such lines. */
static const struct trustx_bus_ops bus_ops = {
	.write = bus_write,
	.read = bus_read,
	.now_us = bus_now_us,
	.sleep_us = bus_sleep_us,
};
const struct trustx_bus board_bus = { .ops = &bus_ops };
