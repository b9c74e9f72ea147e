/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The operations that are measured, and the means over seeds. */
#ifndef BENCH_OPS_H
#define BENCH_OPS_H

#include "meter.h"

#define SEEDS	    100u /* of execution times between 0.7 and 1.5 of the profile */
#define START_UP_NS 10e6 /* DSX table 13: earliest access, however fast the chip */

struct op {
	const char *name;
	const char *needs; /* codes of its commands; NULL: all that pass, but one */
	enum trustx_err (*prepare)(struct trustx *se);
	enum trustx_err (*run)(struct trustx *se); /* NULL: open itself */
};

/* Sums over runs, then means. */
struct result {
	double us, limit_us;
	double transfers, bytes;
};

struct conditions {
	struct trustx_options opt;
	double scale;	/* of the profile; 0: as it is */
	unsigned seeds; /* 1: the profile exactly, no jitter */
	bool usb;	/* through an FT260 */
	enum patience patience;
};

extern const struct op ops[];
extern const size_t ops_count;

TRUSTX_MUST_CHECK enum trustx_err measure(
	struct result *r, const struct op *op, const struct conditions *c);

/* URI of the chip under these conditions, which is new. */
void chip_uri(char *uri, size_t cap, const struct conditions *c, unsigned seed);

/* Add what m counted since meter_begin, which was with an open or not. */
TRUSTX_MUST_CHECK enum trustx_err result_add(struct result *r, const struct meter *m,
	const struct conditions *c, const char *needs, bool opened);
void result_mean(struct result *r, unsigned runs);

#endif
