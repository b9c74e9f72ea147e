/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the files of the simulated FT260 share: engine, settings and pins, USB. */
#ifndef SIM_FT260_MODEL_H
#define SIM_FT260_MODEL_H

#include "ft260.h"
#include "sim.h"

/* C0, byte 1 */
enum {
	ST_BUSY = 0x01,
	ST_ERROR = 0x02,
	ST_NO_ADDRESS = 0x04,
	ST_NO_DATA = 0x08,
	ST_LOST = 0x10,
	ST_IDLE = 0x20,
	ST_BUS_BUSY = 0x40,
	ST_ERRORS = ST_ERROR | ST_NO_ADDRESS | ST_NO_DATA | ST_LOST,
};

#define FT260_DATA_MAX	 60   /* of one I2C report */
#define FT260_QUEUE	 1100 /* the reports of the longest read, and some */
#define FT260_DESCRIPTOR 279

/* The I2C engine. Times are those of the front end. */
struct ft260_engine {
	uint64_t begun;	     /* it took the last report; until then the next one waits */
	uint64_t busy_until; /* NEVER: until I2C reset */
	uint64_t free_at;    /* the bus is busy until then */
	bool held;	     /* START without STOP so far */
	bool acked, reads;   /* the bytes that follow reach the chip, which gives them */
	uint8_t status;	     /* of the last operation */
	bool stale;	     /* the next status hides what went wrong */
	bool sda_stuck;
	unsigned scl_pulses;
};

struct ft260_settings {
	uint8_t clock, i2c_enable, uart_mode, gpio2, gpio_a, gpio_g, suspend_polarity, wakeup,
		interrupt, dcd_ri;
	uint16_t khz;
	uint8_t uart[9]; /* mode, baud, data bits, parity, stop, break as in E0 */
};

/* First GPIO0 to 5, then GPIOA to H. */
struct ft260_pins {
	uint8_t value[2], output[2];
};

struct ft260_input {
	uint64_t due;
	uint8_t len;
	uint8_t data[FT260_REPORT_MAX];
};

struct ft260 {
	struct sim *chip;
	struct ft260_options opt;
	struct ft260_faults faults;
	char serial[32];
	bool gone;
	uint64_t used_at; /* the last exchange of any kind; FT260_NEVER: none yet */
	uint64_t run_at;  /* the last output report */
	uint64_t out_free, in_last;
	struct ft260_engine engine;
	struct ft260_settings settings;
	struct ft260_pins pins;
	bool released; /* RST as the chip sees it */
	size_t first, count;
	struct ft260_input queue[FT260_QUEUE];
	uint8_t configuration, remote_wakeup, idle[FT260_INTERFACE_MAX];
	uint8_t descriptor[FT260_INTERFACE_MAX][FT260_DESCRIPTOR];
};

/* An exchange begins; false: the device is gone. */
bool ft260_touch(struct ft260 *f, uint64_t now);

/* The engine's part of GET C0, A1 20, and of a clock on SCL made by hand. */
uint8_t ft260_engine_status(struct ft260 *f, uint64_t now);
void ft260_engine_reset(struct ft260 *f, uint64_t now);
void ft260_engine_pulse(struct ft260 *f);

void ft260_settings_init(struct ft260 *f);
void ft260_descriptors_init(struct ft260 *f);

#endif
