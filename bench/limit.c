/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "limit.h"

#define GUARD_NS   50000.0 /* DSX table 21 */
#define OVERHEAD   5u	   /* FCTR, LEN, FCS */
#define CONTROL	   5u	   /* bytes of a control frame */
#define STATE	   4u	   /* bytes of I2C_STATE */
#define SHIPPED_HZ 400000u /* what every chip can before it is told more */

/* START, address and n bytes with their acknowledges, STOP; then the guard time. */
static double transfer(uint32_t hz, size_t n)
{
	return (9.0 * (double)(n + 1) + 2.0) * 1e9 / hz + GUARD_NS;
}

static double register_read(uint32_t hz, size_t n)
{
	return transfer(hz, 1) + transfer(hz, n);
}

static double register_write(uint32_t hz, size_t n)
{
	return transfer(hz, 1 + n);
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
		ns += register_write(link->hz, frame(link, len, i));
		if (i + 1 < n)
			ns += register_read(link->hz, STATE) + register_read(link->hz, CONTROL);
	}
	return ns;
}

/* The chip decides what it shows after its address: START and address pass before the answer. */
static double first_state(uint32_t hz)
{
	return transfer(hz, STATE) - (1 + 9) * 1e9 / hz;
}

static double receive(const struct limit_link *link, size_t len)
{
	double ns = 0;

	for (size_t i = 0; i < elements(link, len); i++) {
		ns += i == 0 ? first_state(link->hz) : register_read(link->hz, STATE);
		ns += register_read(link->hz, frame(link, len, i));
		ns += register_write(link->hz, CONTROL);
	}
	return ns;
}

double limit_command(const struct limit_link *link, size_t cmd, size_t answer, double execution_ns)
{
	/* The guard time behind the last host frame runs inside the execution. */
	const double inside = execution_ns < GUARD_NS ? execution_ns : GUARD_NS;

	return send(link, cmd) - inside + execution_ns + receive(link, answer);
}

double limit_bring_up(const struct limit_link *link, double start_up_ns)
{
	const uint32_t first = link->hz < SHIPPED_HZ ? link->hz : SHIPPED_HZ;
	double ns = register_write(first, 2) - GUARD_NS + start_up_ns; /* SOFT_RESET */

	ns += register_read(first, STATE);
	ns += register_read(first, 4); /* MAX_SCL_FREQU */
	if (link->hz > SHIPPED_HZ)
		ns += register_write(first, 2) + register_read(first, 4); /* I2C_MODE */
	/* DATA_REG_LEN: the write leaves the pointer where the read wants it. */
	return ns + register_write(link->hz, 2) + transfer(link->hz, 2);
}
