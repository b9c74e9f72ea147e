/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The FT260 of sim/ at a USB host. */
#include "usb.h"

#include <stdlib.h>

#include "ft260.h"

struct bridge {
	struct usb_device base;
	struct ft260 *ft260;
};

static bool bridge_control(struct usb_device *dev, const uint8_t setup[static 8], uint8_t *data,
	size_t *len, uint64_t now, uint64_t *done)
{
	struct bridge *b = (struct bridge *)dev;

	*done = now + FT260_CONTROL_NS;
	return ft260_control(b->ft260, now, setup, data, len) == FT260_OK;
}

static bool bridge_out(struct usb_device *dev, uint8_t endpoint, const uint8_t *data, size_t len,
	uint64_t now, uint64_t *done)
{
	struct bridge *b = (struct bridge *)dev;
	unsigned interface;

	return ft260_endpoint(b->ft260, endpoint, &interface) &&
	       ft260_out(b->ft260, now, interface, data, len, done) == FT260_OK;
}

static uint64_t bridge_in_due(const struct usb_device *dev, uint8_t endpoint)
{
	const struct bridge *b = (const struct bridge *)dev;
	unsigned interface;

	if (!ft260_endpoint(b->ft260, endpoint, &interface))
		return USB_NEVER;
	return ft260_in_due(b->ft260, interface);
}

static bool bridge_in(
	struct usb_device *dev, uint8_t endpoint, uint8_t *data, size_t *len, uint64_t now)
{
	struct bridge *b = (struct bridge *)dev;
	uint8_t report[FT260_REPORT_MAX];
	unsigned interface;
	size_t n;

	if (!ft260_endpoint(b->ft260, endpoint, &interface) ||
		ft260_in(b->ft260, now, interface, report, &n) != FT260_OK)
		return false;
	return usb_give(data, len, report, n);
}

static void bridge_free(struct usb_device *dev)
{
	struct bridge *b = (struct bridge *)dev;

	ft260_free(b->ft260);
	free(b);
}

static struct usb_device *bridge_new(struct sim *chip)
{
	struct bridge *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return NULL;
	b->base.ops = &usb_ft260;
	if ((b->ft260 = ft260_new(chip, NULL)) == NULL) {
		free(b);
		return NULL;
	}
	return &b->base;
}

const struct usb_device_ops usb_ft260 = {
	.name = "ft260",
	.control = bridge_control,
	.out = bridge_out,
	.in_due = bridge_in_due,
	.in = bridge_in,
	.free = bridge_free,
	.new = bridge_new,
};
