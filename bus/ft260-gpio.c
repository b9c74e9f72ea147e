/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The pins of an FT260: AN_394 4.2 (functions), 4.6 (report B0). */
#include "ft260-bridge.h"

#include <string.h>

#define PIN_USUAL    'F' /* Infineon's boards; D on its PKCS#11 dongle */
#define CLOCKS	     9u	 /* of a byte and its acknowledge */
#define HALF_LINE_US 5u

enum { REPORT_GPIO = 0xB0, GPIO_LEN = 5 };
enum { SET_I2C = 0x02, SET_UART = 0x03, SET_WAKEUP = 0x05, SET_GPIO2 = 0x06, SET_DCD_RI = 0x07 };
enum { SET_GPIO_A = 0x08, SET_GPIO_G = 0x09 };
enum { UART_OFF = 0, UART_RTS_CTS = 1, UART_DTR_DSR = 2, UART_BARE = 4 };
enum { AT_UART = 6, AT_GPIO2 = 8, AT_GPIO_A = 9, AT_GPIO_G = 10, AT_WAKEUP = 12 };

enum trustx_err bridge_pin_parse(char *pin, const char *text, struct fail *f)
{
	*pin = PIN_USUAL;
	if (text == NULL)
		return TRUSTX_OK;
	*pin = FT260_PIN_NONE;
	if (strcmp(text, "none") == 0)
		return TRUSTX_OK;
	if (text[0] != '\0' && text[1] == '\0' && strchr("012345ABCDEFGHabcdefgh", text[0]) != NULL)
		*pin = text[0] >= 'a' ? (char)(text[0] - 'a' + 'A') : text[0];
	if (*pin == '0' || *pin == '1') {
		fail_set(f, TRUSTX_ERR_INPUT,
			"reset=%c: the pin GPIO%c is taken: it is a line of the I2C bus", *pin,
			*pin);
		fail_cause(f, "ft260-reset-pin");
		return TRUSTX_ERR_INPUT;
	}
	if (*pin != FT260_PIN_NONE)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "reset=%.20s: an FT260 has no such pin", text);
	fail_next(f, "the pins are A to H and 2 to 5 (F if none is given), or reset=none");
	fail_cause(f, "ft260-reset-pin");
	return TRUSTX_ERR_INPUT;
}

/* What report A1 does not tell counts as taken. */
static bool is_gpio(char pin, const uint8_t sys[FT260_SYS_LEN])
{
	const uint8_t uart = sys[AT_UART];

	switch (pin) {
	case '2':
		return sys[AT_GPIO2] == 0;
	case '3':
		return sys[AT_WAKEUP] == 0;
	case 'A':
		return sys[AT_GPIO_A] == 0;
	case 'B':
	case 'E':
		return uart != UART_RTS_CTS;
	case 'C':
	case 'D':
		return uart == UART_OFF;
	case 'F':
	case 'H':
		return uart != UART_DTR_DSR;
	case 'G':
		return sys[AT_GPIO_G] == 0;
	default:
		return false;
	}
}

static enum trustx_err make_gpio(struct bridge *b)
{
	switch (b->reset_pin) {
	case '2':
		return bridge_setting(b, SET_GPIO2, 0);
	case '3':
		return bridge_setting(b, SET_WAKEUP, 0);
	case '4':
	case '5':
		return bridge_setting(b, SET_DCD_RI, 0);
	case 'A':
		return bridge_setting(b, SET_GPIO_A, 0);
	case 'C':
	case 'D':
		return bridge_setting(b, SET_UART, UART_OFF);
	case 'G':
		return bridge_setting(b, SET_GPIO_G, 0);
	default:
		return bridge_setting(b, SET_UART, UART_BARE);
	}
}

static enum trustx_err get_pins(struct bridge *b, uint8_t gpio[static GPIO_LEN])
{
	gpio[0] = REPORT_GPIO;
	return bridge_get(b, gpio, GPIO_LEN);
}

/* Value byte and mask of a pin; its direction stands in the byte behind. */
static size_t place(char pin, uint8_t *mask)
{
	const bool letter = pin >= 'A';

	*mask = (uint8_t)(1u << (letter ? pin - 'A' : pin - '0'));
	return letter ? 3 : 1;
}

static void set_bit(uint8_t *byte, uint8_t mask, bool on)
{
	*byte = (uint8_t)(on ? *byte | mask : *byte & ~mask);
}

enum trustx_err bridge_pin_set(struct bridge *b, bool high)
{
	uint8_t gpio[GPIO_LEN], mask;
	const size_t at = place(b->reset_pin, &mask);
	enum trustx_err err;

	if ((err = get_pins(b, gpio)) != TRUSTX_OK)
		return err;
	set_bit(&gpio[at], mask, high);
	set_bit(&gpio[at + 1], mask, true);
	return bridge_set(b, gpio, sizeof(gpio));
}

static enum trustx_err taken(struct bridge *b)
{
	struct fail *f = &b->base.fail;

	fail_set(f, TRUSTX_ERR_INPUT,
		"reset=%c: the pin GPIO%c is taken: the adapter keeps its other function",
		b->reset_pin, b->reset_pin);
	fail_next(f, "name the pin that is wired to RST, or reset=none");
	fail_cause(f, "ft260-reset-pin");
	return TRUSTX_ERR_INPUT;
}

enum trustx_err bridge_pin_prepare(struct bridge *b)
{
	uint8_t sys[FT260_SYS_LEN], gpio[GPIO_LEN], mask;
	const size_t at = place(b->reset_pin, &mask);
	enum trustx_err err;

	if ((err = bridge_system(b, sys)) != TRUSTX_OK)
		return err;
	if (!is_gpio(b->reset_pin, sys) && (err = make_gpio(b)) != TRUSTX_OK)
		return err;
	if ((err = bridge_pin_set(b, true)) != TRUSTX_OK || (err = get_pins(b, gpio)) != TRUSTX_OK)
		return err;
	/* A pin with another function does not follow. */
	return (gpio[at] & gpio[at + 1] & mask) != 0 ? TRUSTX_OK : taken(b);
}

/* A line of the I2C bus as open drain: low is an output, high is none. */
static enum trustx_err set_line(struct bridge *b, char pin, bool high)
{
	uint8_t gpio[GPIO_LEN], mask;
	const size_t at = place(pin, &mask);
	enum trustx_err err;

	if ((err = get_pins(b, gpio)) != TRUSTX_OK)
		return err;
	set_bit(&gpio[at], mask, false);
	set_bit(&gpio[at + 1], mask, !high);
	if ((err = bridge_set(b, gpio, sizeof(gpio))) == TRUSTX_OK)
		bridge_sleep_us(b, HALF_LINE_US);
	return err;
}

static enum trustx_err clock_by_hand(struct bridge *b)
{
	static const char scl = '0', sda = '1';
	enum trustx_err err = TRUSTX_OK;

	for (unsigned i = 0; i < CLOCKS && err == TRUSTX_OK; i++)
		if ((err = set_line(b, scl, false)) == TRUSTX_OK)
			err = set_line(b, scl, true);
	/* STOP */
	if (err == TRUSTX_OK && (err = set_line(b, scl, false)) == TRUSTX_OK &&
		(err = set_line(b, sda, false)) == TRUSTX_OK &&
		(err = set_line(b, scl, true)) == TRUSTX_OK)
		err = set_line(b, sda, true);
	return err;
}

enum trustx_err bridge_clock_out(struct bridge *b)
{
	enum trustx_err err, again;

	if ((err = bridge_setting(b, SET_I2C, 0)) == TRUSTX_OK)
		err = clock_by_hand(b);
	again = bridge_setting(b, SET_I2C, 1);
	return err != TRUSTX_OK ? err : again;
}
