/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Bytes that need care. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrite with zeros in a way the compiler must keep. NULL is fine with len 0. */
void mem_wipe(void *p, size_t len);

/* Equal? In time that depends on len only. */
bool mem_equal(const void *a, const void *b, size_t len);

#endif
