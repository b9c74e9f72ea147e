/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * SIGINT: the first lets the running chip command finish, and the program stops where it can be
 * continued; the second kills it.
 */
#ifndef TOOL_INTERRUPT_H
#define TOOL_INTERRUPT_H

#include "fail.h"

#include <stdbool.h>

void interrupt_install(void);
bool interrupt_seen(void);

/* TRUSTX_ERR_INTERRUPTED once SIGINT has arrived. */
TRUSTX_MUST_CHECK enum trustx_err interrupt_check(struct fail *f);

#endif
