/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Checks of single values, as names and SANs need them. */
#ifndef PKI_VALUE_H
#define PKI_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* UTF-8? Then *count is its number of characters. */
bool value_is_utf8(size_t *count, const char *text, size_t len);

bool value_has_control(const char *text, size_t len); /* C0, DEL; C1 in UTF-8 */
bool value_is_printable_string(const char *text);     /* X.680 41.4 */
bool value_is_host(const char *text);  /* RFC 1123 2.1, A-labels only, no dot at its end */
bool value_is_email(const char *text); /* local part (dot-atom) @ host, ASCII */
bool value_is_uri(const char *text);   /* RFC 3986: scheme, ":", something, its characters */

#define VALUE_SHOW 48

/* The beginning of text with control and foreign bytes replaced, for a message. */
void value_show(char out[VALUE_SHOW], const char *text, size_t len);

#endif
