/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Ways to reach a chip, by URI:
 *   sim:FILE?clock=virtual|real&scale=N&profile=trust-x&jitter=SEED&seed=N&cut=N   the simulated chip
 *   unix:PATH, tcp:HOST:PORT                         a chip behind the remote bus protocol
 *   trace:FILE:URI                                   records what passes to and from URI
 *   play:FILE?session=N                              replays a recorded session
 *   fault:OPTIONS:URI                                strikes what passes to and from URI, fault.c
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

/* The sentence behind the last TRUSTX_ERR_BUS or _NO_DEVICE of this bus, or "". Lent. */
const char *trustx_bus_reason(const struct trustx_bus *bus);

/* Does time on this bus only pass with transfers and sleeps (simulator)? */
bool trustx_bus_is_virtual(const struct trustx_bus *bus);

#endif
