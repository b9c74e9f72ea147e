/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "limit.h"

#define GUARD_NS   50000.0  /* DSX table 21 */
#define SLOT_NS	   1e6	    /* of a report, in its direction: full-speed USB, interval 1 */
#define STATUS_NS  200000.0 /* of a control transfer */
#define REPORT	   60u	    /* bytes that an FT260's report carries */
#define OVERHEAD   5u	    /* FCTR, LEN, FCS */
#define CONTROL	   5u	    /* bytes of a control frame */
#define STATE	   4u	    /* bytes of I2C_STATE */
#define SHIPPED_HZ 400000u  /* what every chip can before it is told more */

/* START, address and n bytes with their acknowledges, STOP. */
static double wire(uint32_t hz, size_t n)
{
	return (9.0 * (double)(n + 1) + 2.0) * 1e9 / hz;
}

/* Slots of a full-speed bus for n bytes in reports, or the wire where that is longer. */
static double usb(const struct limit_link *link, size_t slots, size_t n)
{
	const double ns = (double)(slots + (n + REPORT - 1) / REPORT) * SLOT_NS;

	return ns > wire(link->hz, n) ? ns : wire(link->hz, n);
}

/* What follows a transfer: the guard time, in which an FT260 is asked how it went. */
static double after(const struct limit_link *link)
{
	return link->usb ? STATUS_NS : GUARD_NS;
}

static double bus_write(const struct limit_link *link, size_t n)
{
	return (link->usb ? usb(link, 0, n) : wire(link->hz, n)) + after(link);
}

static double bus_read(const struct limit_link *link, size_t n)
{
	return (link->usb ? usb(link, 1, n) : wire(link->hz, n)) + after(link);
}

static double register_read(const struct limit_link *link, size_t n)
{
	return bus_write(link, 1) + bus_read(link, n);
}

static double register_write(const struct limit_link *link, size_t n)
{
	return bus_write(link, 1 + n);
}

static size_t room(const struct limit_link *link)
{
	return link->frame - OVERHEAD - 1u;
}

static size_t elements(const struct limit_link *link, size_t len)
{
	return (len + room(link) - 1) / room(link);
}

/* Bytes of the frame that carries element i of len bytes. */
static size_t frame(const struct limit_link *link, size_t len, size_t i)
{
	size_t left = len - i * room(link);

	return OVERHEAD + 1 + (left < room(link) ? left : room(link));
}

static double send(const struct limit_link *link, size_t len)
{
	const size_t n = elements(link, len);
	double ns = 0;

	for (size_t i = 0; i < n; i++) {
		ns += register_write(link, frame(link, len, i));
		if (i + 1 < n)
			ns += register_read(link, STATE) + register_read(link, CONTROL);
	}
	return ns;
}

/* The chip decides what it shows after its address: what passes before that need not wait. */
static double first_state(const struct limit_link *link)
{
	return bus_read(link, STATE) - (link->usb ? SLOT_NS : (1 + 9) * 1e9 / link->hz);
}

static double receive(const struct limit_link *link, size_t len)
{
	double ns = 0;

	for (size_t i = 0; i < elements(link, len); i++) {
		ns += i == 0 ? first_state(link) : register_read(link, STATE);
		ns += register_read(link, frame(link, len, i));
		ns += register_write(link, CONTROL);
	}
	return ns;
}

double limit_command(const struct limit_link *link, size_t cmd, size_t answer, double execution_ns)
{
	/* What follows the last host frame runs inside the execution. */
	const double inside = execution_ns < after(link) ? execution_ns : after(link);

	return send(link, cmd) - inside + execution_ns + receive(link, answer);
}

double limit_bring_up(const struct limit_link *link, double start_up_ns)
{
	const uint32_t first_hz = link->hz < SHIPPED_HZ ? link->hz : SHIPPED_HZ;
	const struct limit_link first = { first_hz, link->frame, link->usb };
	double ns = register_write(&first, 2) - after(link) + start_up_ns; /* SOFT_RESET */

	ns += register_read(&first, STATE);
	ns += register_read(&first, 4); /* MAX_SCL_FREQU */
	if (link->hz > SHIPPED_HZ)
		ns += register_write(&first, 2) + register_read(&first, 4); /* I2C_MODE */
	/* DATA_REG_LEN: the write leaves the pointer where the read wants it. */
	return ns + register_write(link, 2) + bus_read(link, 2);
}
