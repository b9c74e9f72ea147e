/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* How a chip is named on this system. */
#ifndef TOOL_DEVICE_WORDS_H
#define TOOL_DEVICE_WORDS_H

#define DEVICE_FORMS	"/dev/i2c-N, ft260:, sim:FILE, unix:PATH, tcp:HOST:PORT"
#define DEVICE_SOME	"/dev/i2c-1, ft260:, sim:FILE"
#define DEVICE_ADAPTERS "-f ft260:SERIAL, -f /dev/i2c-1"

#endif
