/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Windows limits no files: what writes them does. */
#include "full-disk.h"

#include <errno.h>
#include <stddef.h>

ptrdiff_t __real_osfile_write(int fd, const void *data, size_t len);
ptrdiff_t __wrap_osfile_write(int fd, const void *data, size_t len);

static uint64_t room = UINT64_MAX;

ptrdiff_t __wrap_osfile_write(int fd, const void *data, size_t len)
{
	if (room == 0 && len > 0) {
		errno = ENOSPC;
		return -1;
	}
	len = len < room ? len : (size_t)room;
	room -= room < UINT64_MAX ? len : 0;
	return __real_osfile_write(fd, data, len);
}

void full_disk_begin(uint64_t size)
{
	room = size;
}

void full_disk_end(void)
{
	room = UINT64_MAX;
}
