/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * An FT260 that is open: its reports, the I2C bus and the pins behind it. (FTDI AN_394 1.1; what
 * that leaves open, by what the drivers of Linux and Infineon do.) Why a call failed is in
 * base.fail.
 */
#ifndef BUS_FT260_BRIDGE_H
#define BUS_FT260_BRIDGE_H

#include "backend.h"
#include "file.h"
#include "hid.h"

#define FT260_VENDOR   0x0403
#define FT260_PRODUCT  0x6030
#define FT260_KHZ_MIN  60u
#define FT260_KHZ_MAX  3400u
#define FT260_SYS_LEN  26u
#define FT260_PIN_NONE '\0'

struct bridge {
	struct bus_ctx base;
	struct hid *hid;
	struct file_lock lock, adapter_lock;
	uint32_t khz;
	uint64_t exchange_us; /* end of the last exchange with the adapter */
	uint64_t quiet_us;    /* when what was sent is through on the I2C bus, at the earliest */
	bool stale;	      /* the next status is that of before */
	bool deaf;	      /* the last failure: reports were not taken or did not come */
	char reset_pin;	      /* '0' to '5', 'A' to 'H'; FT260_PIN_NONE */
};

uint64_t bridge_now_us(const struct bridge *b);
void bridge_sleep_us(const struct bridge *b, uint32_t us);

/* Feature reports. get: report[0] is the id, len bytes are due; longer answers are cut. */
TRUSTX_MUST_CHECK enum trustx_err bridge_get(struct bridge *b, uint8_t *report, size_t len);
TRUSTX_MUST_CHECK enum trustx_err bridge_set(struct bridge *b, const uint8_t *report, size_t len);

/* Report A1, both ways. */
TRUSTX_MUST_CHECK enum trustx_err bridge_system(struct bridge *b, uint8_t sys[FT260_SYS_LEN]);
TRUSTX_MUST_CHECK enum trustx_err bridge_setting(struct bridge *b, uint8_t what, uint8_t value);

/* ---- the I2C bus: ft260-i2c.c ---- */

/* One transaction each; TRUSTX_ERR_NACK: the address was not acknowledged. */
TRUSTX_MUST_CHECK enum trustx_err bridge_write(
	struct bridge *b, uint8_t addr, const uint8_t *data, size_t len);
TRUSTX_MUST_CHECK enum trustx_err bridge_read(
	struct bridge *b, uint8_t addr, uint8_t *data, size_t len);

/* Stop what is going on, forget what was queued, set the clock of b->khz, look that it is so. */
TRUSTX_MUST_CHECK enum trustx_err bridge_start(struct bridge *b);

/* Set another clock. */
TRUSTX_MUST_CHECK enum trustx_err bridge_set_clock(struct bridge *b, uint32_t khz);

/* Is one of the lines held, while nothing is transferred? */
TRUSTX_MUST_CHECK enum trustx_err bridge_is_held(struct bridge *b, bool *held);

/* ---- the pins: ft260-gpio.c ---- */

/* TRUSTX_ERR_INPUT: there is no such pin, or it cannot be used. text NULL: the usual one. */
TRUSTX_MUST_CHECK enum trustx_err bridge_pin_parse(char *pin, const char *text, struct fail *f);

/* Make the reset pin an output that is high. */
TRUSTX_MUST_CHECK enum trustx_err bridge_pin_prepare(struct bridge *b);
TRUSTX_MUST_CHECK enum trustx_err bridge_pin_set(struct bridge *b, bool high);

/* Clock the bus by hand until a chip in the middle of a byte lets go of SDA. */
TRUSTX_MUST_CHECK enum trustx_err bridge_clock_out(struct bridge *b);

#endif
