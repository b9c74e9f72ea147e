/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* AN_394 sections 4.1 to 4.4: system settings, pins, I2C status; and the UART's settings. */
#include "ft260-model.h"

#include <string.h>

enum {
	ID_CHIP = 0xA0,
	ID_SYSTEM = 0xA1,
	ID_PINS = 0xB0,
	ID_I2C = 0xC0,
	ID_UART = 0xE0,
	ID_RI = 0xE2
};
enum { I2C_RESET = 0x20, I2C_CLOCK = 0x22 };
enum { PIN_A = 1 << 0, PIN_B = 1 << 1, PIN_C = 1 << 2, PIN_D = 1 << 3 };
enum { PIN_E = 1 << 4, PIN_F = 1 << 5, PIN_G = 1 << 6, PIN_H = 1 << 7 };
enum { PIN_SCL = 1 << 0, PIN_SDA = 1 << 1, PIN_2 = 1 << 2, PIN_3 = 1 << 3, PIN_4_5 = 3 << 4 };

#define CHIP_ID	    0x0260
#define KHZ_MIN	    60
#define KHZ_MAX	    3400
#define KHZ_DEFAULT 100
#define UART_MODES  4

/* The defaults of a chip as logs of drivers show them. */
void ft260_settings_init(struct ft260 *f)
{
	f->settings = (struct ft260_settings){
		.clock = 2,
		.i2c_enable = f->opt.mode != FT260_UART_ONLY,
		.uart_mode = f->opt.has_uart_mode ? f->opt.uart_mode : UART_MODES,
		.gpio2 = 1,
		.gpio_a = 3,
		.gpio_g = 6,
		.wakeup = 1,
		.interrupt = 0x06,
		.dcd_ri = 1,
		.khz = KHZ_DEFAULT,
		.uart = { UART_MODES, 0x80, 0x25, 0, 0, 8 },
	};
}

/* Which pins of a bank are GPIOs now: 0 holds GPIO0 to 5, 1 GPIOA to H. */
static uint8_t gpios(const struct ft260 *f, unsigned bank)
{
	static const uint8_t of_uart_mode[UART_MODES + 1] = {
		PIN_B | PIN_C | PIN_D | PIN_E | PIN_F | PIN_H,
		PIN_F | PIN_H,
		PIN_B | PIN_E,
		PIN_B | PIN_E | PIN_F | PIN_H,
		PIN_B | PIN_E | PIN_F | PIN_H,
	};
	const struct ft260_settings *s = &f->settings;
	unsigned mask;

	if (bank == 1) {
		mask = of_uart_mode[s->uart_mode];
		mask |= s->gpio_a == 0 ? PIN_A : 0;
		mask |= s->gpio_g == 0 ? PIN_G : 0;
		return (uint8_t)mask;
	}
	mask = s->i2c_enable == 0 ? PIN_SCL | PIN_SDA : 0;
	mask |= s->gpio2 == 0 ? PIN_2 : 0;
	mask |= s->wakeup == 0 ? PIN_3 : 0;
	mask |= s->dcd_ri == 0 ? PIN_4_5 : 0;
	return (uint8_t)mask;
}

/* Where the reset pin is: bank and mask; 0: not connected. */
static uint8_t reset_mask(const struct ft260 *f, unsigned *bank)
{
	char pin = f->opt.reset_pin != '\0' ? f->opt.reset_pin : 'F';

	*bank = pin >= 'A' && pin <= 'H';
	if (*bank == 1)
		return (uint8_t)(1u << (pin - 'A'));
	return (uint8_t)(pin >= '0' && pin <= '5' ? 1u << (pin - '0') : 0);
}

/* What stands on the pins of a bank: pulled up are RST, SCL and SDA, the others are low. */
static uint8_t levels(const struct ft260 *f, unsigned bank)
{
	uint8_t driven = (uint8_t)(f->pins.output[bank] & gpios(f, bank));
	unsigned up = bank == 0 ? PIN_SCL | PIN_SDA : 0, reset_bank;
	uint8_t reset = reset_mask(f, &reset_bank);

	if (reset_bank == bank)
		up |= reset;
	if (bank == 0 && f->engine.sda_stuck)
		up &= ~(unsigned)PIN_SDA;
	return (uint8_t)((up & ~(unsigned)driven) | (f->pins.value[bank] & driven));
}

/* Pins may have changed since the levels were these. */
static void drive(struct ft260 *f, uint64_t now, uint8_t scl_before)
{
	unsigned bank;
	uint8_t mask = reset_mask(f, &bank);
	bool released = mask == 0 || (levels(f, bank) & mask) != 0;

	if (!scl_before && (levels(f, 0) & PIN_SCL))
		ft260_engine_pulse(f);
	if (released == f->released)
		return;
	f->released = released;
	f->engine.sda_stuck = false;
	if (f->chip == NULL)
		return;
	sim_wait_until(f->chip, now);
	sim_set_reset(f->chip, released);
}

static size_t get_chip(const struct ft260 *f, uint8_t *r)
{
	unsigned id = f->opt.chip_id != 0 ? f->opt.chip_id : CHIP_ID;

	r[1] = (uint8_t)(id >> 8);
	r[2] = (uint8_t)id;
	r[3] = 2; /* minor version, the major is 0 */
	return 13;
}

static size_t get_system(const struct ft260 *f, uint8_t *r)
{
	const struct ft260_settings *s = &f->settings;

	r[1] = (uint8_t)f->opt.mode;
	r[2] = s->clock;
	r[4] = 1; /* ready */
	r[5] = s->i2c_enable;
	r[6] = s->uart_mode;
	r[7] = f->opt.hid_over_i2c;
	r[8] = s->gpio2;
	r[9] = s->gpio_a;
	r[10] = s->gpio_g;
	r[11] = s->suspend_polarity;
	r[12] = s->wakeup;
	r[13] = s->interrupt;
	r[14] = !f->opt.no_power_saving;
	return 26;
}

static size_t get_pins(const struct ft260 *f, uint8_t *r)
{
	for (unsigned bank = 0; bank < 2; bank++) {
		r[1 + 2 * bank] = levels(f, bank);
		r[2 + 2 * bank] = f->pins.output[bank];
	}
	return 5;
}

static size_t get_i2c(struct ft260 *f, uint8_t *r, uint64_t now)
{
	r[1] = ft260_engine_status(f, now);
	r[2] = (uint8_t)f->settings.khz;
	r[3] = (uint8_t)(f->settings.khz >> 8);
	return 5;
}

static size_t get_uart(const struct ft260 *f, uint8_t *r)
{
	memcpy(r + 1, f->settings.uart, sizeof(f->settings.uart));
	r[1] = f->settings.uart_mode;
	return 1 + sizeof(f->settings.uart);
}

/* Length of the report, 0: there is none with this id. */
static size_t get(struct ft260 *f, uint64_t now, unsigned interface, uint8_t *r)
{
	bool i2c = ft260_is_i2c(f, interface);

	switch (r[0]) {
	case ID_CHIP:
		return get_chip(f, r);
	case ID_SYSTEM:
		return get_system(f, r);
	case ID_PINS:
		return get_pins(f, r);
	case ID_I2C:
		return i2c ? get_i2c(f, r, now) : 0;
	case ID_UART:
		return i2c ? 0 : get_uart(f, r);
	case ID_RI:
		return i2c ? 0 : 2;
	default:
		return 0;
	}
}

enum ft260_result ft260_get_feature(
	struct ft260 *f, uint64_t now, unsigned interface, uint8_t *report, size_t *len)
{
	uint8_t r[FT260_REPORT_MAX] = { *len > 0 ? report[0] : 0 };
	size_t n;

	if (!ft260_touch(f, now))
		return FT260_GONE;
	if (interface >= ft260_interfaces(f) || (n = get(f, now, interface, r)) == 0)
		return FT260_STALL;
	*len = *len < n ? *len : n;
	memcpy(report, r, *len);
	return FT260_OK;
}

static void set_pins(struct ft260 *f, const uint8_t *r)
{
	for (size_t bank = 0; bank < 2; bank++) {
		const uint8_t *in = r + 1 + 2 * bank;
		uint8_t *value = &f->pins.value[bank], *output = &f->pins.output[bank];
		uint8_t ours = gpios(f, (unsigned)bank);

		*output = (uint8_t)((*output & ~ours) | (in[1] & ours));
		ours &= *output;
		*value = (uint8_t)((*value & ~ours) | (in[0] & ours));
	}
}

static void set_i2c_clock(struct ft260 *f, const uint8_t *arg)
{
	unsigned khz = (unsigned)(arg[0] | arg[1] << 8);

	f->settings.khz = (uint16_t)(khz < KHZ_MIN || khz > KHZ_MAX ? KHZ_DEFAULT : khz);
}

static void set_i2c_mode(struct ft260 *f, uint8_t on, uint64_t now)
{
	if (f->opt.mode == FT260_UART_ONLY || on > 1)
		return;
	if (on != f->settings.i2c_enable)
		ft260_engine_reset(f, now);
	f->settings.i2c_enable = on;
}

/* Requests of one byte that only keep it: where, and the largest value. */
static uint8_t *setting(struct ft260_settings *s, uint8_t request, uint8_t *max)
{
	*max = 1;
	switch (request) {
	case 0x01:
		*max = 2;
		return &s->clock;
	case 0x03:
		*max = UART_MODES;
		return &s->uart_mode;
	case 0x05:
		return &s->wakeup;
	case 0x06:
		*max = 4;
		return &s->gpio2;
	case 0x07:
		return &s->dcd_ri;
	case 0x08:
		*max = 4;
		return &s->gpio_a;
	case 0x09:
		*max = 6;
		return &s->gpio_g;
	case 0x0B:
		return &s->suspend_polarity;
	default:
		return NULL;
	}
}

/* Where the argument of a UART request goes in report E0. */
static void set_uart(struct ft260_settings *s, uint8_t request, const uint8_t *arg, size_t len)
{
	static const struct {
		uint8_t request, at, len;
	} places[] = { { 0x41, 0, 9 }, { 0x42, 1, 4 }, { 0x43, 5, 1 }, { 0x44, 6, 1 },
		{ 0x45, 7, 1 }, { 0x46, 8, 1 } };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].request == request && len >= places[i].len)
			memcpy(s->uart + places[i].at, arg, places[i].len);
	if (request == 0x41 && len >= 9 && arg[0] <= UART_MODES)
		s->uart_mode = arg[0];
}

/* Requests that are unknown, or too short, change nothing. */
static void set_system(struct ft260 *f, const uint8_t *r, size_t len, uint64_t now)
{
	struct ft260_settings *s = &f->settings;
	uint8_t max, *to = setting(s, r[1], &max);

	if (r[1] == I2C_RESET)
		ft260_engine_reset(f, now);
	else if (r[1] == I2C_CLOCK && len >= 4)
		set_i2c_clock(f, r + 2);
	else if (r[1] == 0x02 && len >= 3)
		set_i2c_mode(f, r[2], now);
	else if (r[1] == 0x0A && len >= 4)
		s->interrupt = (uint8_t)((r[2] & 3) | (r[3] & 3) << 2);
	else if (to != NULL && len >= 3 && r[2] <= max)
		*to = r[2];
	else
		set_uart(s, r[1], r + 2, len - 2);
}

enum ft260_result ft260_set_feature(
	struct ft260 *f, uint64_t now, unsigned interface, const uint8_t *report, size_t len)
{
	uint8_t scl = levels(f, 0) & PIN_SCL;

	if (!ft260_touch(f, now))
		return FT260_GONE;
	if (interface >= ft260_interfaces(f) || len < 2)
		return FT260_STALL;
	if (report[0] == ID_SYSTEM)
		set_system(f, report, len, now);
	else if (report[0] == ID_PINS && len >= 5)
		set_pins(f, report);
	else
		return FT260_STALL;
	drive(f, now, scl);
	return FT260_OK;
}
