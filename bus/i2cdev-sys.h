/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What Linux says about its I2C adapters in /sys. Nothing on a bus is touched. */
#ifndef BUS_I2CDEV_SYS_H
#define BUS_I2CDEV_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

#define I2CSYS_TEXT_MAX	    128
#define I2CSYS_ADAPTERS_MAX 64

/* Number N of /dev/i2c-N, in order. Returns how many. */
size_t i2csys_adapters(unsigned adapter[static I2CSYS_ADAPTERS_MAX]);

/* "" where the system does not say. */
void i2csys_name(char out[static I2CSYS_TEXT_MAX], unsigned adapter);
void i2csys_driver(char out[static I2CSYS_TEXT_MAX], unsigned adapter);

/* The kernel driver that has taken the address on this adapter; "" none. */
void i2csys_owner(char out[static I2CSYS_TEXT_MAX], unsigned adapter, uint8_t addr);

/* The adapter's clock in Hz, 0 where the system does not say. It cannot be changed from here. */
uint32_t i2csys_clock(unsigned adapter);

bool i2csys_is_ft260(const char *name);
bool i2csys_is_cp2112(const char *name);

/* There is no path: say what there is instead, or how to get it. TRUSTX_ERR_NO_DEVICE. */
enum trustx_err i2csys_missing(const char *path, struct fail *f);

#endif
