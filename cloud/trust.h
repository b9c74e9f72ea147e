/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where the system keeps the roots that it trusts. */
#ifndef CLOUD_TRUST_H
#define CLOUD_TRUST_H

/*
 * The PEM file of them; lent. NULL: libcurl knows (trust-library.c), or there is none where they are
 * looked for (trust-search.c, in static programs, which come to all distributions).
 */
const char *trust_bundle(void);

#endif
