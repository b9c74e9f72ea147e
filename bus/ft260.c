/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The FT260 USB bridge, through HID:
 *   ft260:SERIAL?path=PATH&reset=PIN&via=hidraw|libusb|sim
 * PATH: a node (/dev/hidraw3), or where it is plugged in (1-1.2); PIN: A to H, 2 to 5, none.
 */
#include "ft260-bridge.h"
#include "ft260-find.h"
#include "hid-sysfs.h"
#include "lockdir.h"

#include <stdlib.h>
#include <string.h>

#define START_KHZ 100u /* as it is when it is plugged in */
#define PART	  0x0260u

enum { REPORT_CHIP = 0xA0, CHIP_LEN = 13 };
enum { AT_MODE = 1, AT_I2C = 5, AT_HID_OVER_I2C = 7 };
enum { MODE_UART_ONLY = 2, SET_I2C = 0x02 };

static enum trustx_err ft260_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	if (len == 0 || len > UINT16_MAX)
		return TRUSTX_ERR_ARGUMENT;
	return bridge_write(ctx, addr, data, len);
}

static enum trustx_err ft260_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	if (len == 0 || len > UINT16_MAX)
		return TRUSTX_ERR_ARGUMENT;
	return bridge_read(ctx, addr, data, len);
}

static enum trustx_err ft260_set_speed(void *ctx, uint32_t hz)
{
	return bridge_set_clock(ctx, hz / 1000);
}

static enum trustx_err ft260_set_reset(void *ctx, bool released)
{
	return bridge_pin_set(ctx, released);
}

static uint64_t ft260_now_us(void *ctx)
{
	return bridge_now_us(ctx);
}

static void ft260_sleep_us(void *ctx, uint32_t us)
{
	bridge_sleep_us(ctx, us);
}

#define FT260_OPS(reset)                                                                  \
	{                                                                                 \
		.write = ft260_write, .read = ft260_read, .set_speed = ft260_set_speed,   \
		.set_reset = (reset), .now_us = ft260_now_us, .sleep_us = ft260_sleep_us, \
	}

static const struct trustx_bus_ops ops_with_reset = FT260_OPS(ft260_set_reset);
static const struct trustx_bus_ops ops_without_reset = FT260_OPS(NULL);

static enum trustx_err check_chip(struct bridge *b)
{
	uint8_t report[CHIP_LEN] = { REPORT_CHIP };
	unsigned part;
	enum trustx_err err;

	if ((err = bridge_get(b, report, sizeof(report))) != TRUSTX_OK)
		return err;
	part = (unsigned)report[1] << 8 | report[2];
	if (part == PART)
		return TRUSTX_OK;
	fail_set(&b->base.fail, TRUSTX_ERR_NO_DEVICE,
		"the adapter says that it is a chip 0x%04X, not an FT260 (0x%04X)", part, PART);
	fail_next(&b->base.fail, "choose another; this shows those that are there: trustx scan");
	fail_cause(&b->base.fail, "node-foreign");
	return TRUSTX_ERR_NO_DEVICE;
}

static enum trustx_err refuse_mode(
	struct bridge *b, const char *cause, const char *why, const char *next)
{
	fail_set(&b->base.fail, TRUSTX_ERR_NO_DEVICE, "%s", why);
	fail_next(&b->base.fail, "%s", next);
	fail_cause(&b->base.fail, cause);
	return TRUSTX_ERR_NO_DEVICE;
}

/* Whoever was interrupted while clocking the bus by hand left it switched off. */
static enum trustx_err switch_on(struct bridge *b, uint8_t sys[FT260_SYS_LEN])
{
	enum trustx_err err = bridge_setting(b, SET_I2C, 1);

	return err == TRUSTX_OK ? bridge_system(b, sys) : err;
}

static enum trustx_err check_mode(struct bridge *b)
{
	uint8_t sys[FT260_SYS_LEN];
	enum trustx_err err;

	if ((err = bridge_system(b, sys)) != TRUSTX_OK)
		return err;
	if (sys[AT_MODE] == MODE_UART_ONLY)
		return refuse_mode(b, "ft260-no-i2c",
			"the FT260 is strapped to be a UART only (pins DCNF1 high, DCNF0 low)",
			"pull DCNF0 high and DCNF1 low for I2C, then plug it in again");
	if (sys[AT_HID_OVER_I2C] != 0)
		return refuse_mode(b, "ft260-hid-over-i2c",
			"the FT260 is set up to bridge HID over I2C, not plain I2C",
			"clear that mode in its configuration memory, or use another board");
	if (sys[AT_I2C] == 0 && (err = switch_on(b, sys)) != TRUSTX_OK)
		return err;
	if (sys[AT_I2C] == 0)
		return refuse_mode(b, "ft260-no-i2c",
			"the FT260's I2C function is switched off, and it does not switch it on",
			"set it to I2C in its configuration memory, then plug it in again");
	return TRUSTX_OK;
}

static enum trustx_err start(struct bridge *b)
{
	enum trustx_err err;

	if ((err = check_chip(b)) != TRUSTX_OK || (err = check_mode(b)) != TRUSTX_OK)
		return err;
	if ((err = bridge_start(b)) != TRUSTX_OK || b->reset_pin == FT260_PIN_NONE)
		return err;
	return bridge_pin_prepare(b);
}

/*
 * Against those that use the same bridge, and those that use the I2C adapter which the kernel has
 * made of it: libusb would take that away.
 */
static enum trustx_err lock_bridge(struct bridge *b, const struct hid_info *info, struct fail *f)
{
	char name[FT260_NAME_MAX], adapter[FT260_NAME_MAX];
	enum trustx_err err;

	ft260_name(name, info);
	err = bus_lock(&b->lock, name, f);
	if (err == TRUSTX_OK && hid_sysfs_adapter(adapter, sizeof(adapter), info->path))
		err = bus_lock(&b->adapter_lock, adapter, f);
	if (err == TRUSTX_ERR_IN_USE)
		fail_cause(f, "in-use");
	return err;
}

static enum trustx_err open_found(struct bridge *b, const struct found *found, struct fail *f)
{
	enum trustx_err err;

	if ((err = lock_bridge(b, &found->info, f)) != TRUSTX_OK)
		return err;
	if ((err = found->ops->open(&b->hid, found->info.path, f)) != TRUSTX_OK)
		return err;
	if ((err = start(b)) != TRUSTX_OK)
		*f = b->base.fail;
	return err;
}

static enum trustx_err check_speed(const struct trustx_bus *bus, struct fail *f)
{
	if (bus->max_hz == 0 || (bus->max_hz / 1000 >= FT260_KHZ_MIN))
		return TRUSTX_OK;
	return fail_set(f, TRUSTX_ERR_INPUT,
		"speed=%u is below what an FT260 can: its clock is %u to %u kHz",
		(unsigned)bus->max_hz, FT260_KHZ_MIN, FT260_KHZ_MAX);
}

static void ft260_close(void *ctx)
{
	struct bridge *b = ctx;

	if (b->hid != NULL)
		b->hid->ops->close(b->hid);
	file_unlock(&b->adapter_lock);
	file_unlock(&b->lock);
	free(b);
}

static enum trustx_err ft260_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	const struct find what = { uri->target, bus_option(uri, "path"), bus_option(uri, "via") };
	struct found found;
	struct bridge *b;
	enum trustx_err err;
	char pin;

	if ((err = bridge_pin_parse(&pin, bus_option(uri, "reset"), f)) != TRUSTX_OK)
		return err;
	if ((err = check_speed(bus, f)) != TRUSTX_OK)
		return err;
	if ((err = ft260_find(&found, &what, f)) != TRUSTX_OK)
		return err;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	b->base.backend = &bus_ft260;
	b->lock = b->adapter_lock = (struct file_lock)FILE_LOCK_NONE;
	b->khz = START_KHZ;
	b->reset_pin = pin;
	if ((err = open_found(b, &found, f)) != TRUSTX_OK) {
		ft260_close(b);
		return err;
	}
	bus->ctx = b;
	bus->ops = pin != FT260_PIN_NONE ? &ops_with_reset : &ops_without_reset;
	return TRUSTX_OK;
}

static bool ft260_is_virtual(const void *ctx)
{
	const struct bridge *b = ctx;

	return b->hid->clock != NULL;
}

static uint64_t ft260_execution_ns(const void *ctx)
{
	const struct bridge *b = ctx;

	return b->hid->clock != NULL ? b->hid->clock->execution_ns(b->hid) : 0;
}

static enum trustx_bus_lines ft260_lines(void *ctx)
{
	bool held;

	if (bridge_is_held(ctx, &held) != TRUSTX_OK)
		return TRUSTX_BUS_LINES_UNKNOWN;
	return held ? TRUSTX_BUS_LINES_HELD : TRUSTX_BUS_LINES_FREE;
}

const struct bus_backend bus_ft260 = {
	.scheme = "ft260",
	.form = "ft260:",
	.options = " path reset via ",
	.open = ft260_open,
	.close = ft260_close,
	.is_virtual = ft260_is_virtual,
	.execution_ns = ft260_execution_ns,
	.lines = ft260_lines,
	.list = ft260_list,
};
