/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Ways to reach a chip, by URI:
 *   sim:FILE?clock=virtual|real&scale=N&profile=trust-x&jitter=SEED&seed=N&cut=N   the simulated chip
 *   unix:PATH, tcp:HOST:PORT                         a chip behind the remote bus protocol
 *   trace:FILE:URI                                   records what passes to and from URI
 *   play:FILE?session=N                              replays a recorded session
 *   fault:OPTIONS:URI                                strikes what passes to and from URI, fault.c
 *   i2c:/dev/i2c-N?reset=LINE&power=LINE, /dev/i2c-N   an I2C adapter of Linux; LINE: gpio.h
 *   ft260:SERIAL?path=PATH&reset=PIN&via=hidraw|libusb|sim   an FT260 USB bridge
 * Options follow '?', '&' separates them, %XX escapes. Every scheme takes addr=0xNN (7-bit
 * address), frame=N (longest frame, 16..277) and speed=HZ.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include <stdbool.h>

#include "fail.h"
#include "trustx.h"

/*
 * Open what uri names and fill bus for trustx_open. Errors, with the reason and the next step in
 * f: TRUSTX_ERR_INPUT (unknown scheme or option: lists those there are; malformed),
 * TRUSTX_ERR_NO_DEVICE, _PERMISSION, _IN_USE (by pid), _BUS, _FILE, _MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_bus_open(
	struct trustx_bus *bus, const char *uri, struct fail *f);

/* Close what trustx_bus_open opened; bus is zeroed. Fine on a zeroed struct. */
void trustx_bus_close(struct trustx_bus *bus);

/* One way to reach a chip that this computer has. */
struct trustx_bus_found {
	char uri[256];	   /* opens it */
	char name[128];	   /* of the adapter, as the system says */
	char driver[32];   /* of the kernel; "" not known */
	char serial[192];  /* "" none */
	char path[192];	   /* device node or bus path; "" none */
	char node[40];	   /* device node that has to be opened; "" not known */
	char trouble[256]; /* why it cannot be used as it is; "" nothing known */
};

/*
 * List them; nothing on any bus is touched. The list is on the heap and belongs to the caller,
 * freed by free(). An adapter that the user has no right to open is listed, with the trouble.
 * TRUSTX_ERR_MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_bus_list(
	struct trustx_bus_found **list, size_t *count, struct fail *f);

/* The sentence behind the last TRUSTX_ERR_BUS or _NO_DEVICE of this bus, or "". Lent. */
const char *trustx_bus_reason(const struct trustx_bus *bus);

/* Its name in the table of flow/cause.c; static; NULL: none of it, or nothing failed. */
const char *trustx_bus_cause(const struct trustx_bus *bus);

/* Ways to talk to an FT260, whether one is connected or not. */
struct trustx_bus_hid {
	const char *name; /* "hidapi-libusb" */
	const char *via;  /* what ?via= says */
	bool usable;
	char text[64]; /* the library's version, "built in", why it is not usable */
};
#define TRUSTX_BUS_HIDS 4
/* Fill list, return how many there are; libraries are loaded for it. */
size_t trustx_bus_hids(struct trustx_bus_hid list[static TRUSTX_BUS_HIDS]);

/* Levels of SDA and SCL while nothing is transferred. */
enum trustx_bus_lines {
	TRUSTX_BUS_LINES_UNKNOWN, /* this bus cannot tell */
	TRUSTX_BUS_LINES_FREE,	  /* both high */
	TRUSTX_BUS_LINES_HELD,	  /* one of them, or both, low */
};
enum trustx_bus_lines trustx_bus_lines(const struct trustx_bus *bus);

/* Does time on this bus only pass with transfers and sleeps (simulator)? */
bool trustx_bus_is_virtual(const struct trustx_bus *bus);

/* How long a chip simulated in this process has executed commands so far; 0 for any other. */
uint64_t trustx_bus_execution_ns(const struct trustx_bus *bus);

#endif
