/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What POSIX or GNU have for strings, and Windows has not. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

/* The first len characters at most; freed by the caller. NULL: out of memory. */
char *str_cut(const char *text, size_t len);

/* Does text contain part, whatever the case of ASCII letters? */
bool str_has(const char *text, const char *part);

#endif
