/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Every way to reach a chip from this computer, and what is there. Nothing is written to an
 * object, and at other addresses than the chip's nothing is written at all.
 */
#ifndef FLOW_SCAN_H
#define FLOW_SCAN_H

#include <stdbool.h>

#include "bus.h"

enum scan_state {
	SCAN_UNUSABLE, /* cannot be opened, or fails */
	SCAN_SILENT,   /* nobody acknowledges */
	SCAN_FOREIGN,  /* what answers is no chip of the family, or does not open */
	SCAN_CHIP,
};
const char *scan_state_name(enum scan_state state); /* "silent"; static */

enum scan_source { SCAN_SYSTEM, SCAN_ENV, SCAN_OPTION };
const char *scan_source_name(enum scan_source source); /* "system"; static */

#define SCAN_FIRST_ADDR 0x08u /* I2C-bus specification: the others are reserved */
#define SCAN_LAST_ADDR	0x77u

enum scan_answer { SCAN_NOBODY, SCAN_SOMEBODY, SCAN_KERNEL };

struct scan_way {
	struct trustx_bus_found way;
	enum scan_source source;
	enum scan_state state;
	char text[512]; /* why not; "" for a chip */
	uint8_t addr;	/* at which was looked */
	enum trustx_family family;
	uint8_t uid[TRUSTX_UID_LEN];
	uint8_t lcsg, lcsa;
	bool addresses_asked;
	enum scan_answer addresses[SCAN_LAST_ADDR + 1];
};

struct scan {
	struct scan_way *at;
	size_t count;
};

/*
 * What the system lists, and uri in front unless it is in the list; source says where uri is from.
 * With SCAN_OPTION it is the only one. uri NULL: none. Nothing is opened yet. Freed by scan_free.
 * TRUSTX_ERR_INPUT: uri is too long. TRUSTX_ERR_MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err scan_list(
	struct scan *s, const char *uri, enum scan_source source, struct fail *f);
void scan_free(struct scan *s);

/* The one FT260 of a list; NULL: none or several. It is what is meant when nothing is named. */
const struct trustx_bus_found *scan_only_board(const struct trustx_bus_found *list, size_t count);

/* Open it, look for the chip, close it. What fails is a finding. */
void scan_look(struct scan_way *w);

/*
 * Read a byte at every address; where a driver of the kernel is bound, not even that. Only for a
 * way that scan_look could open.
 */
void scan_addresses(struct scan_way *w);

/* The URI of the same way with another address. out is terminated, may be cut. */
void scan_uri_at(char *out, size_t cap, const char *uri, uint8_t addr);

#endif
