/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* For functions like printf: argument f is the format, what it names begins with argument a. */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdio.h>

/* mingw-w64 has two printf, and a name for the one that stdio.h declares. */
#if defined(__MINGW_PRINTF_FORMAT)
#define PRINTF_LIKE(f, a) __attribute__((format(__MINGW_PRINTF_FORMAT, f, a)))
#elif defined(__GNUC__)
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#else
#define PRINTF_LIKE(f, a)
#endif

#endif
