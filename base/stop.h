/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* For servers: the wish to end, SIGINT or SIGTERM, without being ended by it. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

struct stop; /* what was before, given back by stop_unwatch */

/* NULL: out of memory. */
struct stop *stop_watch(void);
bool stop_wished(void);
void stop_unwatch(struct stop *stop); /* fine on NULL */

#endif
