/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* This computer and its user, for reports. */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <stddef.h>

/* "Linux 6.1.0 x86_64, Debian GNU/Linux 12 (bookworm)" */
void system_describe(char *out, size_t cap);

/*
 * The folder for what this program keeps from run to run; freed by the caller. NULL: the system
 * names none.
 */
char *system_state_dir(const char *program);

/* Variables that are to be set when there is no such folder, and none of the user. */
extern const char system_state_variable[]; /* "HOME" */
extern const char system_home_variable[];

#endif
