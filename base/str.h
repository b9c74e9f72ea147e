/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What POSIX or GNU have for strings, and Windows has not. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

/* The first len characters at most; freed by the caller. NULL: out of memory. */
char *str_cut(const char *text, size_t len);

/*
 * The word at *rest, ended in place at the next separator or at the end; *rest goes behind that,
 * and is NULL behind the last word. NULL: there is no more.
 */
char *str_word(char **rest, char separator);

/* Does text contain part, whatever the case of ASCII letters? */
bool str_has(const char *text, const char *part);

#endif
