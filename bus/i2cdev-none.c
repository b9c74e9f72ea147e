/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where there is no Linux i2c-dev. */
#include "backend.h"
#include "i2cdev-sys.h"

static enum trustx_err i2c_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	(void)bus;
	(void)uri;
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"I2C adapters of this system cannot be reached: only "
		"those of Linux");
	return fail_next(f, "use an FT260 USB bridge, ft260:, or a remote chip, tcp:HOST:PORT");
}

enum trustx_err i2csys_missing(const char *path, struct fail *f)
{
	(void)path;
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "I2C adapters are reached on Linux only");
	return fail_cause(f, "no-adapter");
}

const struct bus_backend bus_i2c = {
	.scheme = "i2c",
	.options = " reset power ",
	.open = i2c_open,
};
