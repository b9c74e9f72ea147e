/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "crc.h"

uint16_t crc_frame(const uint8_t *data, size_t len)
{
	unsigned crc = 0;

	while (len-- > 0) {
		/* All eight steps of the division at once: no table, small code. */
		unsigned x = (crc ^ *data++) & 0xFF;

		x = (x ^ x << 4) & 0xFF;
		crc = crc >> 8 ^ x << 8 ^ x << 3 ^ x >> 4;
	}
	return (uint16_t)crc;
}
