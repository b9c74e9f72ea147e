/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A simulated chip behind the remote bus protocol: the program trustx-sim, and trustx sim serve. */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "sim.h"

struct serve_options {
	const char *listen; /* unix:PATH or tcp:HOST:PORT */
	const char *state;  /* file of the chip */
	struct sim_options chip;
};

/* The options, a line each, for --help. */
extern const char serve_usage[];

/*
 * Options after the word serve, as --name VALUE or --name=VALUE; the strings are borrowed. The
 * real clock is the default. TRUSTX_ERR_USAGE or _INPUT with the reason.
 */
TRUSTX_MUST_CHECK enum trustx_err serve_parse(
	struct serve_options *opt, int argc, char *const argv[], struct fail *f);

/*
 * Serve until SIGINT or SIGTERM, which is TRUSTX_OK. Says "listening on URI" on standard output
 * once clients can connect, and warns on standard error of an address that others can reach.
 * Errors of sim_open, and: TRUSTX_ERR_INPUT, _IN_USE, _EXISTS, _PERMISSION, _NO_DEVICE, _FILE for
 * the address.
 */
TRUSTX_MUST_CHECK enum trustx_err sim_serve(const struct serve_options *opt, struct fail *f);

#endif
