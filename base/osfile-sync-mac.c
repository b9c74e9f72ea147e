/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "osfile.h"

#include <fcntl.h>
#include <unistd.h>

/* On macOS, fsync leaves the data in the drive's own cache; not every file system knows more. */
int osfile_sync(int fd)
{
	return fcntl(fd, F_FULLFSYNC) != -1 ? 0 : fsync(fd);
}

int osfile_sync_data(int fd)
{
	return osfile_sync(fd);
}
