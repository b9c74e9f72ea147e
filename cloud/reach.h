/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Can a server be reached at all: its name and its port. */
#ifndef CLOUD_REACH_H
#define CLOUD_REACH_H

#include "fail.h"

#include <stdbool.h>
#include <stdint.h>

#define REACH_ADDRESS_MAX 64
struct reach_options {
	const char *host; /* name, or address */
	uint16_t port;
	unsigned timeout_ms;
	bool (*interrupted)(void); /* NULL: never */
};

/*
 * Connect to it and hang up. address: the one that answered. TRUSTX_ERR_NO_DEVICE: no such host,
 * connection refused. TRUSTX_ERR_TIMEOUT. TRUSTX_ERR_INTERRUPTED. TRUSTX_ERR_MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err reach_server(
	char address[static REACH_ADDRESS_MAX], const struct reach_options *opt, struct fail *f);

#endif
