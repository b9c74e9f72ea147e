/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A CP2112 (AN495): eight GPIO pins behind HID reports, one of them on the chip's reset line, and
 * an I2C controller that writes at most 61 bytes at once. Beside an i2c-tiny-usb that has the chip
 * its bus is empty: no address is acknowledged.
 */
#include "usb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESET_PIN   3
#define REPORT_MAX  64
#define DATA_MAX    61
#define READ_MAX    512
#define SLOT_NS	    1000000u
#define CONTROL_NS  200000u
#define ENDPOINT_IN 0x81

enum { GPIO_CONFIG = 0x02, GPIO_GET = 0x03, GPIO_SET = 0x04, VERSION = 0x05, SMBUS_CONFIG = 0x06 };
enum { READ = 0x10, WRITE_READ = 0x11, FORCE_SEND = 0x12, READ_RESPONSE = 0x13, WRITE = 0x14 };
enum { STATUS_REQUEST = 0x15, STATUS = 0x16, CANCEL = 0x17, LOCK = 0x20 };
enum { STATUS_IDLE = 0x00, STATUS_COMPLETE = 0x02, STATUS_ERROR = 0x03 };
enum { GET_REPORT = 0x01, SET_REPORT = 0x09, SET_IDLE = 0x0A };

struct cp2112 {
	struct usb_device base;
	struct sim *chip;
	uint8_t output, push_pull, value;
	uint8_t smbus[13];
	bool released;	/* the reset line */
	bool has_bus;	/* the chip is on this controller's bus */
	uint8_t status; /* of the last transfer */
	uint64_t until; /* it takes so long */
	uint8_t data[READ_MAX];
	size_t taken, len;	    /* of what it has read */
	uint8_t answer[REPORT_MAX]; /* the next input report */
	uint64_t answer_at;
};

static const uint8_t reports[] = { 0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF,
	0x00, 0x75, 0x08, 0x85, GPIO_CONFIG, 0x09, 0x02, 0x95, 4, 0xB1, 0x02, 0x85, GPIO_GET, 0x09,
	0x03, 0x95, 1, 0xB1, 0x02, 0x85, GPIO_SET, 0x09, 0x04, 0x95, 2, 0xB1, 0x02, 0x85, VERSION,
	0x09, 0x05, 0x95, 2, 0xB1, 0x02, 0x85, SMBUS_CONFIG, 0x09, 0x06, 0x95, 13, 0xB1, 0x02, 0x85,
	READ_RESPONSE, 0x09, 0x07, 0x95, 63, 0x81, 0x02, 0x85, STATUS, 0x09, 0x08, 0x95, 63, 0x81,
	0x02, 0x85, WRITE, 0x09, 0x09, 0x95, 63, 0x91, 0x02, 0x85, LOCK, 0x09, 0x0A, 0x95, 1, 0xB1,
	0x02, 0xC0 };
static const uint8_t device[] = { 18, 1, 0x10, 0x01, 0, 0, 0, 64, 0xC4, 0x10, 0x90, 0xEA, 0, 0x01,
	1, 2, 0, 1 };
static const uint8_t configuration[] = { 9, 2, 41, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 2, 3, 0, 0, 0,
	9, 0x21, 0x11, 0x01, 0, 1, 0x22, sizeof(reports), 0, 7, 5, ENDPOINT_IN, 3, 64, 0, 1, 7, 5,
	0x01, 3, 64, 0, 1 };
static const struct usb_description description = { device, configuration,
	{ "trustx", "CP2112 HID USB-to-SMBus Bridge", NULL } };

/* The pin is pulled up while nobody drives it. Each reset is a line on stderr, for stories. */
static void drive(struct cp2112 *c, uint64_t now)
{
	uint8_t pin = 1u << RESET_PIN;
	bool released = !(c->output & pin) || (c->value & pin);

	sim_wait_until(c->chip, now);
	sim_set_reset(c->chip, released);
	if (c->released && !released)
		fprintf(stderr, "board: reset\n");
	c->released = released;
}

static bool get_report(const struct cp2112 *c, uint8_t id, uint8_t *data, size_t *len)
{
	const uint8_t config[] = { id, c->output, c->push_pull, 0, 0 };
	const uint8_t value[] = { id, c->value };
	static const uint8_t version[] = { VERSION, 0x0C, 0x02 }, lock[] = { LOCK, 0xFF };
	uint8_t smbus[1 + sizeof(c->smbus)] = { SMBUS_CONFIG };

	switch (id) {
	case GPIO_CONFIG:
		return usb_give(data, len, config, sizeof(config));
	case GPIO_GET:
		return usb_give(data, len, value, sizeof(value));
	case VERSION:
		return usb_give(data, len, version, sizeof(version));
	case LOCK:
		return usb_give(data, len, lock, sizeof(lock));
	case SMBUS_CONFIG:
		memcpy(smbus + 1, c->smbus, sizeof(c->smbus));
		return usb_give(data, len, smbus, sizeof(smbus));
	default:
		return false;
	}
}

static bool set_report(struct cp2112 *c, const uint8_t *data, size_t len, uint64_t now)
{
	if (len < 3)
		return false;
	switch (data[0]) {
	case GPIO_CONFIG:
		c->output = data[1];
		c->push_pull = data[2];
		break;
	case GPIO_SET:
		c->value = (uint8_t)((c->value & ~data[2]) | (data[1] & data[2]));
		break;
	case SMBUS_CONFIG:
		memcpy(c->smbus, data + 1, len < 14 ? len - 1 : sizeof(c->smbus));
		return true;
	default:
		return false;
	}
	drive(c, now);
	return true;
}

static bool cp2112_control(struct usb_device *dev, const uint8_t setup[static 8], uint8_t *data,
	size_t *len, uint64_t now, uint64_t *done)
{
	struct cp2112 *c = (struct cp2112 *)dev;
	struct usb_setup s = usb_setup_parse(setup);

	*done = now + CONTROL_NS;
	if ((s.type & 0x60) == 0x20) {
		if (s.request == GET_REPORT)
			return get_report(c, (uint8_t)s.value, data, len);
		return s.request == SET_REPORT ? set_report(c, data, *len, now)
					       : s.request == SET_IDLE;
	}
	if (s.type == (USB_IN | 0x01) && s.value >> 8 == 0x22)
		return usb_give(data, len, reports, sizeof(reports));
	return usb_standard(&description, &s, data, len);
}

struct message {
	uint8_t addr;
	const uint8_t *out;
	size_t out_len, in_len;
};

static void transfer(struct cp2112 *c, const struct message *m, uint64_t now)
{
	bool acked = c->has_bus;

	c->taken = c->len = 0;
	sim_wait_until(c->chip, now);
	if (acked && m->out_len > 0) {
		acked = sim_start(c->chip, m->addr, false);
		sim_put(c->chip, m->out, acked ? m->out_len : 0);
	}
	if (acked && m->in_len > 0) {
		acked = sim_start(c->chip, m->addr, true);
		c->len = acked ? m->in_len : 0;
		sim_get(c->chip, c->data, c->len);
	}
	if (c->has_bus)
		sim_stop(c->chip);
	c->status = acked ? STATUS_COMPLETE : STATUS_ERROR;
	c->until = sim_now_ns(c->chip);
}

/* Section 5: the reports that begin a transfer. */
static bool begin(struct cp2112 *c, const uint8_t *p, size_t len, uint64_t now)
{
	struct message m = { .addr = len > 1 ? p[1] >> 1 : 0 };

	if (p[0] == WRITE && len >= 3) {
		m.out = p + 3;
		m.out_len = p[2];
	} else if (len >= 4) {
		m.in_len = (size_t)(p[2] << 8 | p[3]);
	}
	if (p[0] == WRITE_READ && len >= 5) {
		m.out = p + 5;
		m.out_len = p[4];
	}
	if (m.out_len + m.in_len == 0 || m.in_len > READ_MAX ||
		(m.out != NULL && (size_t)(m.out - p) + m.out_len > len))
		return false;
	transfer(c, &m, now);
	return true;
}

static void answer_status(struct cp2112 *c, uint64_t at)
{
	uint8_t status[] = { STATUS, c->status, c->status == STATUS_COMPLETE ? 5 : 0, 0, 0,
		(uint8_t)(c->len >> 8), (uint8_t)c->len };

	memset(c->answer, 0, sizeof(c->answer));
	memcpy(c->answer, status, sizeof(status));
	c->answer_at = at > c->until ? at : c->until;
}

static void answer_data(struct cp2112 *c, uint64_t at)
{
	size_t n = c->len - c->taken < DATA_MAX ? c->len - c->taken : DATA_MAX;
	uint8_t head[] = { READ_RESPONSE, STATUS_COMPLETE, (uint8_t)n };

	memset(c->answer, 0, sizeof(c->answer));
	memcpy(c->answer, head, sizeof(head));
	memcpy(c->answer + sizeof(head), c->data + c->taken, n);
	c->taken += n;
	c->answer_at = at;
}

static bool cp2112_out(struct usb_device *dev, uint8_t endpoint, const uint8_t *data, size_t len,
	uint64_t now, uint64_t *done)
{
	struct cp2112 *c = (struct cp2112 *)dev;

	(void)endpoint;
	*done = now + SLOT_NS;
	switch (len > 0 ? data[0] : 0) {
	case READ:
	case WRITE_READ:
	case WRITE:
		return begin(c, data, len, *done);
	case STATUS_REQUEST:
		answer_status(c, *done + SLOT_NS);
		return true;
	case FORCE_SEND:
		answer_data(c, *done + SLOT_NS);
		return true;
	case CANCEL:
		c->status = STATUS_IDLE;
		return true;
	default:
		return false;
	}
}

static uint64_t cp2112_in_due(const struct usb_device *dev, uint8_t endpoint)
{
	const struct cp2112 *c = (const struct cp2112 *)dev;

	return endpoint == ENDPOINT_IN ? c->answer_at : USB_NEVER;
}

static bool cp2112_in(
	struct usb_device *dev, uint8_t endpoint, uint8_t *data, size_t *len, uint64_t now)
{
	struct cp2112 *c = (struct cp2112 *)dev;

	(void)endpoint;
	(void)now;
	c->answer_at = USB_NEVER;
	return usb_give(data, len, c->answer, sizeof(c->answer));
}

static void cp2112_free(struct usb_device *dev)
{
	free((struct cp2112 *)dev);
}

/* 100 kHz, address 0x02, and the time-outs after a reset of the adapter. */
static struct usb_device *make(struct sim *chip, bool has_bus)
{
	static const uint8_t smbus[] = { 0x00, 0x01, 0x86, 0xA0, 0x02, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct cp2112 *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->base.ops = has_bus ? &usb_cp2112 : &usb_cp2112_gpio;
	c->chip = chip;
	c->has_bus = has_bus;
	c->value = 0xFF;
	c->released = true;
	c->answer_at = USB_NEVER;
	memcpy(c->smbus, smbus, sizeof(smbus));
	return &c->base;
}

static struct usb_device *cp2112_new(struct sim *chip)
{
	return make(chip, true);
}

static struct usb_device *cp2112_gpio_new(struct sim *chip)
{
	return make(chip, false);
}

#define CP2112_OPS(name_, new_)                                                            \
	{                                                                                  \
		.name = (name_), .control = cp2112_control, .out = cp2112_out,             \
		.in_due = cp2112_in_due, .in = cp2112_in, .free = cp2112_free, .new = new_ \
	}

const struct usb_device_ops usb_cp2112 = CP2112_OPS("cp2112", cp2112_new);
const struct usb_device_ops usb_cp2112_gpio = CP2112_OPS("cp2112-gpio", cp2112_gpio_new);
