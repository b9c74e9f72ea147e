/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "osfile.h"

#include <unistd.h>

int osfile_sync(int fd)
{
	return fsync(fd);
}

int osfile_sync_data(int fd)
{
	return fdatasync(fd);
}
