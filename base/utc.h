/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Times in UTC, which is all that certificates and AWS know. */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Seconds since 1970; tm: as of gmtime, its day of the week and year are not looked at. */
int64_t utc_seconds(const struct tm *tm);

/* "2026-01-31T12:00:00", whatever follows. false: not that. */
bool utc_parse_iso(int64_t *seconds, const char *text);

/* "Tue, 24 Nov 2026 12:00:00 GMT". false: not that. */
bool utc_parse_http(int64_t *seconds, const char *text);

#endif
