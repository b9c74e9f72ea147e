/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#ifndef BASE_PAUSE_H
#define BASE_PAUSE_H

#include <stdint.h>

/* Sleep at least that long, whatever signals come, and as little longer as the system can. */
void pause_us(uint32_t us);

#endif
