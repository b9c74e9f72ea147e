/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The roots under which AWS IoT's servers are (data/amazon-roots.pem), compiled in. */
#ifndef CLOUD_ROOTS_H
#define CLOUD_ROOTS_H

#include <stddef.h>

extern const unsigned char roots_amazon[]; /* PEM */
extern const size_t roots_amazon_len;

#endif
