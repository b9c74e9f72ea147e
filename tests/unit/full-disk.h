/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* As on a full disk: until the end, no file gets longer than so many bytes. */
#ifndef TESTS_FULL_DISK_H
#define TESTS_FULL_DISK_H

#include <stdint.h>

void full_disk_begin(uint64_t size);
void full_disk_end(void);

#endif
