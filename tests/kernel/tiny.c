/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * An i2c-tiny-usb: an I2C adapter without limits, driven by vendor requests as the kernel's driver
 * of that name sends them, one request a message.
 */
#include "usb.h"

#include <stdlib.h>

enum { ECHO = 0, GET_FUNCTIONS = 1, SET_DELAY = 2, TELL_STATUS = 3, IO = 4, IO_LAST = 7 };
enum { IO_END = 0x02 };
enum { STATUS_IDLE = 0, STATUS_ACK = 1, STATUS_NACK = 2 };
enum { MESSAGE_READS = 0x01 };

struct tiny {
	struct usb_device base;
	struct sim *chip;
	uint8_t status;
};

static const uint8_t device[] = { 18, 1, 0x10, 0x01, 0xFF, 0, 0, 64, 0x40, 0x1C, 0x34, 0x05, 0x05,
	0x01, 1, 2, 0, 1 };
static const uint8_t configuration[] = { 9, 2, 18, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 0xFF, 0, 0,
	0 };
static const struct usb_description description = { device, configuration,
	{ "trustx", "i2c-tiny-usb", NULL } };

static bool message(
	struct tiny *t, const struct usb_setup *s, uint8_t *data, size_t len, uint64_t *done)
{
	bool reads = s->value & MESSAGE_READS;
	bool acked;

	if (reads != ((s->type & USB_IN) != 0))
		return false;
	sim_wait_until(t->chip, *done);
	acked = sim_start(t->chip, (uint8_t)s->index, reads);
	if (reads)
		sim_get(t->chip, data, acked ? len : 0);
	else
		sim_put(t->chip, data, acked ? len : 0);
	if (!acked || (s->request & IO_END))
		sim_stop(t->chip);
	*done = sim_now_ns(t->chip);
	t->status = acked ? STATUS_ACK : STATUS_NACK;
	return true;
}

static bool vendor(
	struct tiny *t, const struct usb_setup *s, uint8_t *data, size_t *len, uint64_t *done)
{
	/* I2C, and what SMBus can be made of it, but for the quick command. */
	static const uint8_t functions[] = { 0x01, 0x00, 0xFE, 0x0E };
	const uint8_t echo[] = { (uint8_t)s->value, (uint8_t)(s->value >> 8) };

	if (s->request >= IO && s->request <= IO_LAST)
		return message(t, s, data, *len, done);
	switch (s->request) {
	case ECHO:
		return usb_give(data, len, echo, sizeof(echo));
	case GET_FUNCTIONS:
		return usb_give(data, len, functions, sizeof(functions));
	case SET_DELAY:
		if (s->value == 0)
			return false;
		sim_set_speed(t->chip, 500000u / s->value);
		return true;
	case TELL_STATUS:
		return usb_give(data, len, &t->status, 1);
	default:
		return false;
	}
}

static bool tiny_control(struct usb_device *dev, const uint8_t setup[static 8], uint8_t *data,
	size_t *len, uint64_t now, uint64_t *done)
{
	struct usb_setup s = usb_setup_parse(setup);

	*done = now;
	if ((s.type & 0x60) == 0x40)
		return vendor((struct tiny *)dev, &s, data, len, done);
	return usb_standard(&description, &s, data, len);
}

static void tiny_free(struct usb_device *dev)
{
	free((struct tiny *)dev);
}

static struct usb_device *tiny_new(struct sim *chip)
{
	struct tiny *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->base.ops = &usb_tiny;
	t->chip = chip;
	t->status = STATUS_IDLE;
	return &t->base;
}

const struct usb_device_ops usb_tiny = {
	.name = "tiny",
	.control = tiny_control,
	.free = tiny_free,
	.new = tiny_new,
};
