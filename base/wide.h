/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Windows' wide strings, for the files that talk to Windows. Freed by the caller. */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include <stddef.h>

/* NULL and errno: EILSEQ, text is no UTF-8; ENOMEM. */
wchar_t *wide_from(const char *text);

/* The same of the path of a file or folder, in a form that may be longer than 260 characters. */
wchar_t *wide_path(const char *path);

/* Halves of pairs become U+FFFD. NULL and errno ENOMEM. */
char *wide_to(const wchar_t *wide);

/* errno, and _doserrno, by the error that Windows reported last. Always -1. */
int wide_errno(void);

/* What Windows says of its error number, in one line of UTF-8. */
void wide_error_text(char *out, size_t cap, unsigned long number);

#endif
