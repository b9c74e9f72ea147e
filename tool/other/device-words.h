/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* How a chip is named on systems whose own I2C adapters are not reached. */
#ifndef TOOL_DEVICE_WORDS_H
#define TOOL_DEVICE_WORDS_H

#define DEVICE_FORMS	"ft260:, sim:FILE, unix:PATH, tcp:HOST:PORT"
#define DEVICE_SOME	"ft260:, sim:FILE"
#define DEVICE_ADAPTERS "-f ft260:SERIAL"

#endif
