/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* USB 2.0 section 9.4: the requests that are the same for every device. */
#include "usb.h"

#include <string.h>

enum { GET_STATUS = 0, CLEAR_FEATURE = 1, SET_FEATURE = 3, GET_DESCRIPTOR = 6 };
enum { GET_CONFIGURATION = 8, SET_CONFIGURATION = 9, SET_INTERFACE = 11 };
enum { DEVICE = 1, CONFIGURATION = 2, STRING = 3 };

struct usb_setup usb_setup_parse(const uint8_t setup[static 8])
{
	return (struct usb_setup){
		.type = setup[0],
		.request = setup[1],
		.value = (uint16_t)(setup[2] | setup[3] << 8),
		.index = (uint16_t)(setup[4] | setup[5] << 8),
		.length = (uint16_t)(setup[6] | setup[7] << 8),
	};
}

bool usb_give(uint8_t *data, size_t *len, const void *from, size_t from_len)
{
	if (from == NULL)
		return false;
	if (*len > from_len)
		*len = from_len;
	memcpy(data, from, *len);
	return true;
}

static bool give_string(const char *text, uint8_t *data, size_t *len)
{
	uint8_t descriptor[254] = { 0, STRING };
	size_t n;

	if (text == NULL)
		return false;
	n = strnlen(text, (sizeof(descriptor) - 2) / 2);
	for (size_t i = 0; i < n; i++)
		descriptor[2 + 2 * i] = (uint8_t)text[i];
	descriptor[0] = (uint8_t)(2 + 2 * n);
	return usb_give(data, len, descriptor, descriptor[0]);
}

static bool give_descriptor(
	const struct usb_description *d, const struct usb_setup *s, uint8_t *data, size_t *len)
{
	static const uint8_t languages[] = { 4, STRING, 0x09, 0x04 };
	size_t i = s->value & 0xFF;

	switch (s->value >> 8) {
	case DEVICE:
		return usb_give(data, len, d->device, d->device[0]);
	case CONFIGURATION:
		return usb_give(data, len, d->configuration,
			(size_t)(d->configuration[2] | d->configuration[3] << 8));
	case STRING:
		if (i == 0)
			return usb_give(data, len, languages, sizeof(languages));
		return i <= 3 && give_string(d->strings[i - 1], data, len);
	default:
		return false;
	}
}

bool usb_standard(
	const struct usb_description *d, const struct usb_setup *s, uint8_t *data, size_t *len)
{
	static const uint8_t status[2] = { 0, 0 }, configuration = 1;

	if (s->type & 0x60)
		return false;
	switch (s->request) {
	case GET_STATUS:
		return usb_give(data, len, status, sizeof(status));
	case GET_DESCRIPTOR:
		return s->type == USB_IN && give_descriptor(d, s, data, len);
	case GET_CONFIGURATION:
		return usb_give(data, len, &configuration, 1);
	case CLEAR_FEATURE:
	case SET_FEATURE:
	case SET_CONFIGURATION:
	case SET_INTERFACE:
		return true;
	default:
		return false;
	}
}
