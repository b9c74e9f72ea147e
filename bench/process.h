/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The program trustx as a process: its time from start to end, and its memory. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include "trustx_err.h"

#define PROCESS_RUNS 20u

struct process { /* medians */
	double wall_ms, peak_kib;
};

/*
 * Run program with args, NULL at the end, each time on a new simulated chip whose commands take no
 * time, PROCESS_CHIP.
 */
TRUSTX_MUST_CHECK enum trustx_err process_measure(
	struct process *p, const char *program, const char *const *args);

#define PROCESS_CHIP "sim:process.chip?scale=0"

#endif
