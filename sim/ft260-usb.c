/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* USB 2.0 chapter 9 and HID 1.11: descriptors and control requests. */
#include "buf.h"
#include "ft260-model.h"

#include <string.h>

enum { DIR_IN = 0x80 };
enum { TO_DEVICE = 0x00, TO_INTERFACE = 0x01, TO_ENDPOINT = 0x02, CLASS_TO_INTERFACE = 0x21 };
enum { DEVICE = 1, CONFIGURATION = 2, STRING = 3, HID = 0x21, REPORT = 0x22 };
enum {
	GET_STATUS = 0,
	CLEAR_FEATURE = 1,
	SET_FEATURE = 3,
	GET_DESCRIPTOR = 6,
	GET_CONFIGURATION = 8,
	SET_CONFIGURATION = 9,
	GET_INTERFACE = 10,
	SET_INTERFACE = 11,
};
enum { GET_REPORT = 1, GET_IDLE = 2, SET_REPORT = 9, SET_IDLE = 10 };
enum { FEATURE_REPORT = 3, REMOTE_WAKEUP = 1 };

#define SERIAL_STRING  3
#define HID_DESCRIPTOR 9

struct setup {
	uint8_t type, request;
	uint16_t value, index, len;
};

static void put_le16(struct writer *w, unsigned v)
{
	writer_u8(w, (uint8_t)v);
	writer_u8(w, (uint8_t)(v >> 8));
}

/* One kind of a report: usage, count of bytes, main item. */
static void put_field(struct writer *w, uint8_t usage, unsigned count, uint8_t main_item)
{
	const uint8_t items[] = { 0x09, usage, 0x95, (uint8_t)count, main_item, 0x02 };

	writer_bytes(w, items, sizeof(items));
}

static void put_report(struct writer *w, uint8_t id, unsigned count, uint8_t main_item)
{
	writer_u8(w, 0x85);
	writer_u8(w, id);
	put_field(w, 0x02, count, main_item);
}

/*
 * The chip's own report descriptor is not published, only its length. This one declares the same
 * reports, and is filled up with unit items that mean nothing.
 */
static void describe_reports(struct writer *w, bool i2c)
{
	static const uint8_t head[] = { 0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26,
		0xFF, 0x00, 0x75, 0x08 };
	enum { INPUT = 0x81, OUTPUT = 0x91, FEATURE = 0xB1 };

	writer_bytes(w, head, sizeof(head));
	put_report(w, 0xA0, 12, FEATURE);
	put_report(w, 0xA1, 25, FEATURE);
	put_report(w, 0xB0, 4, FEATURE);
	put_report(w, i2c ? 0xC0 : 0xE0, i2c ? 4 : 9, FEATURE);
	put_report(w, i2c ? 0xC2 : 0xB1, i2c ? 4 : 2, i2c ? OUTPUT : INPUT);
	for (unsigned k = 0; k < 15; k++) {
		unsigned room = 4 * (k + 1);

		put_report(w, (uint8_t)((i2c ? 0xD0 : 0xF0) + k), room + 1, INPUT);
		put_field(w, 0x04, i2c ? room + 3 : room + 1, OUTPUT);
	}
	while (writer_len(w) < FT260_DESCRIPTOR - 1)
		put_le16(w, 0x0065);
	writer_u8(w, 0xC0);
}

void ft260_descriptors_init(struct ft260 *f)
{
	struct writer w;

	for (unsigned i = 0; i < ft260_interfaces(f); i++) {
		writer_init(&w, f->descriptor[i], FT260_DESCRIPTOR);
		describe_reports(&w, ft260_is_i2c(f, i));
	}
}

const uint8_t *ft260_report_descriptor(const struct ft260 *f, unsigned interface, size_t *len)
{
	*len = interface < ft260_interfaces(f) ? FT260_DESCRIPTOR : 0;
	return *len > 0 ? f->descriptor[interface] : NULL;
}

/* IN and OUT: 1 and 2 of the I2C function, 3 and 4 of the UART. */
static uint8_t endpoint(const struct ft260 *f, unsigned interface, bool in)
{
	unsigned first = ft260_is_i2c(f, interface) ? 1 : 3;

	return (uint8_t)(in ? DIR_IN | first : first + 1);
}

bool ft260_endpoint(const struct ft260 *f, uint8_t address, unsigned *interface)
{
	for (unsigned i = 0; i < ft260_interfaces(f); i++) {
		*interface = i;
		if (address == endpoint(f, i, true) || address == endpoint(f, i, false))
			return true;
	}
	return false;
}

static void put_device(struct writer *w, const struct ft260 *f)
{
	static const uint8_t head[] = { 18, DEVICE, 0x00, 0x02, 0, 0, 0, 64 };
	static const uint8_t tail[] = { 0x00, 0x22, 1, 2 };

	writer_bytes(w, head, sizeof(head));
	put_le16(w, f->opt.vendor != 0 ? f->opt.vendor : FT260_VENDOR);
	put_le16(w, f->opt.product != 0 ? f->opt.product : FT260_PRODUCT);
	writer_bytes(w, tail, sizeof(tail));
	writer_u8(w, f->serial[0] != '\0' ? SERIAL_STRING : 0);
	writer_u8(w, 1); /* configuration */
}

static void put_hid(struct writer *w)
{
	static const uint8_t hid[] = { HID_DESCRIPTOR, HID, 0x11, 0x01, 0, 1, REPORT };

	writer_bytes(w, hid, sizeof(hid));
	put_le16(w, FT260_DESCRIPTOR);
}

static void put_interface(struct writer *w, const struct ft260 *f, unsigned i)
{
	const uint8_t interface[] = { 9, 4, (uint8_t)i, 0, 2, 3, 0, 0, 0 };

	writer_bytes(w, interface, sizeof(interface));
	put_hid(w);
	for (int in = 1; in >= 0; in--) {
		const uint8_t ep[] = { 7, 5, endpoint(f, i, in), 3, FT260_REPORT_MAX, 0, 1 };

		writer_bytes(w, ep, sizeof(ep));
	}
}

/* Bus powered with remote wake-up, 100 mA. */
static void put_configuration(struct writer *w, const struct ft260 *f)
{
	unsigned n = ft260_interfaces(f);
	const uint8_t tail[] = { (uint8_t)n, 1, 0, 0xA0, 50 };

	writer_u8(w, 9);
	writer_u8(w, CONFIGURATION);
	put_le16(w, 9 + 32 * n);
	writer_bytes(w, tail, sizeof(tail));
	for (unsigned i = 0; i < n; i++)
		put_interface(w, f, i);
}

/* US English is the only language. */
static void put_string(struct writer *w, const struct ft260 *f, unsigned index)
{
	const char *const strings[] = { "", "FTDI", "FT260", f->serial };
	const char *s;

	if (index > SERIAL_STRING || (index == SERIAL_STRING && f->serial[0] == '\0'))
		return;
	s = strings[index];
	writer_u8(w, (uint8_t)(2 + 2 * (index == 0 ? 1 : strlen(s))));
	writer_u8(w, STRING);
	if (index == 0)
		put_le16(w, 0x0409);
	for (; *s != '\0'; s++)
		put_le16(w, (uint8_t)*s);
}

static void get_descriptor(struct writer *w, const struct ft260 *f, const struct setup *s)
{
	switch (s->value >> 8) {
	case DEVICE:
		put_device(w, f);
		break;
	case CONFIGURATION:
		if ((s->value & 0xFF) == 0)
			put_configuration(w, f);
		break;
	case STRING:
		put_string(w, f, s->value & 0xFF);
		break;
	}
}

/* Whatever is asked of a stalled endpoint, it says that all is well. */
static bool standard_in(struct writer *w, const struct ft260 *f, const struct setup *s)
{
	bool to_device = s->type == (DIR_IN | TO_DEVICE);

	switch (s->request) {
	case GET_STATUS:
		put_le16(w, to_device ? (unsigned)f->remote_wakeup << 1 : 0);
		return true;
	case GET_CONFIGURATION:
		writer_u8(w, f->configuration);
		return to_device;
	case GET_INTERFACE:
		writer_u8(w, 0);
		return s->index < ft260_interfaces(f);
	case GET_DESCRIPTOR:
		if (to_device)
			get_descriptor(w, f, s);
		else if (s->index >= ft260_interfaces(f))
			return false;
		else if (s->value >> 8 == REPORT)
			writer_bytes(w, f->descriptor[s->index], FT260_DESCRIPTOR);
		else if (s->value >> 8 == HID)
			put_hid(w);
		return writer_len(w) > 0;
	default:
		return false;
	}
}

static bool standard_out(struct ft260 *f, const struct setup *s)
{
	unsigned interface;

	switch (s->request) {
	case SET_CONFIGURATION:
		if (s->value > 1)
			return false;
		f->configuration = (uint8_t)s->value;
		return true;
	case SET_INTERFACE:
		return s->value == 0 && s->index < ft260_interfaces(f);
	case CLEAR_FEATURE:
	case SET_FEATURE:
		if (s->type == TO_ENDPOINT)
			return s->value == 0 && ft260_endpoint(f, (uint8_t)s->index, &interface);
		if (s->type != TO_DEVICE || s->value != REMOTE_WAKEUP)
			return false;
		f->remote_wakeup = s->request == SET_FEATURE;
		return true;
	default:
		return false;
	}
}

/* AN_394 4.1: only feature reports travel on the control pipe. */
static enum ft260_result class_request(
	struct ft260 *f, uint64_t now, const struct setup *s, uint8_t *data, size_t *len)
{
	bool in = (s->type & DIR_IN) != 0;

	if (s->index >= ft260_interfaces(f))
		return FT260_STALL;
	if (!in && s->request == SET_IDLE) {
		f->idle[s->index] = (uint8_t)(s->value >> 8);
		return FT260_OK;
	}
	if (in && s->request == GET_IDLE && *len > 0) {
		data[0] = f->idle[s->index];
		*len = 1;
		return FT260_OK;
	}
	if (s->value >> 8 != FEATURE_REPORT || *len == 0)
		return FT260_STALL;
	if (!in && s->request == SET_REPORT)
		return ft260_set_feature(f, now, s->index, data, *len);
	if (!in || s->request != GET_REPORT)
		return FT260_STALL;
	data[0] = (uint8_t)s->value;
	return ft260_get_feature(f, now, s->index, data, len);
}

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

enum ft260_result ft260_control(
	struct ft260 *f, uint64_t now, const uint8_t setup[static 8], uint8_t *data, size_t *len)
{
	const struct setup s = { setup[0], setup[1], le16(setup + 2), le16(setup + 4),
		le16(setup + 6) };
	bool in = (s.type & DIR_IN) != 0;
	uint8_t answer[FT260_DESCRIPTOR];
	struct writer w;

	if (f->gone)
		return FT260_GONE;
	*len = *len < s.len ? *len : s.len;
	if ((s.type & 0x7F) == CLASS_TO_INTERFACE)
		return class_request(f, now, &s, data, len);
	if ((s.type & 0x7F) > TO_ENDPOINT)
		return FT260_STALL;
	if (!in)
		return standard_out(f, &s) ? FT260_OK : FT260_STALL;
	writer_init(&w, answer, sizeof(answer));
	if (!standard_in(&w, f, &s))
		return FT260_STALL;
	*len = *len < writer_len(&w) ? *len : writer_len(&w);
	memcpy(data, answer, *len);
	return FT260_OK;
}

void ft260_port_reset(struct ft260 *f, uint64_t now)
{
	f->opt.stalls = false;
	f->configuration = f->remote_wakeup = 0;
	memset(f->idle, 0, sizeof(f->idle));
	ft260_engine_reset(f, now);
}
