/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Registers of the physical layer in words: IFX165 2.1. */
#ifndef TRACE_REGISTER_H
#define TRACE_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "I2C_STATE", or NULL: not in the table. */
const char *register_name(uint8_t reg);

/* What was read from or written to a register, in one line. */
void register_text(char *out, size_t cap, uint8_t reg, const uint8_t *data, size_t len);

#endif
