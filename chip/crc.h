/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Checksum of the data link layer: x^16+x^12+x^5+1, reflected, initial value 0 (IFX165 3.3). */
#ifndef CHIP_CRC_H
#define CHIP_CRC_H

#include <stddef.h>
#include <stdint.h>

uint16_t crc_frame(const uint8_t *data, size_t len);

#endif
