/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fail.h"

#include <windows.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Windows' own C library knows the old ones only, and some of them in words for disks. */
static const struct {
	int number;
	const char *text;
} texts[] = {
	{ EBUSY, "another program has it open" },
	{ EROFS, "the medium is read-only" },
	{ ENXIO, "the drive is not ready" },
	{ EBADF, "it is closed" },
	{ EILSEQ, "it is not UTF-8" },
	{ ENOEXEC, "it is no program for this Windows" },
	{ EPIPE, "nobody reads it any more" },
	{ EADDRINUSE, "Address already in use" },
	{ EADDRNOTAVAIL, "this computer has no such address" },
	{ EAFNOSUPPORT, "Windows has no such sockets here" },
	{ ECONNABORTED, "the connection was aborted" },
	{ ECONNREFUSED, "Connection refused" },
	{ ECONNRESET, "Connection reset by peer" },
	{ EHOSTUNREACH, "No route to host" },
	{ ENETDOWN, "Network is down" },
	{ ENETUNREACH, "Network is unreachable" },
	{ ENOBUFS, "No buffer space available" },
	{ ENOTCONN, "it is not connected" },
	{ EOPNOTSUPP, "Operation not supported" },
	{ ETIMEDOUT, "Connection timed out" },
	{ EWOULDBLOCK, "it would have to wait" },
};

/* The C library calls EINVAL what it has no name for; what Windows said is kept beside it. */
static const char *invalid_text(unsigned long number)
{
	switch (number) {
	case ERROR_NO_DATA:
	case ERROR_PIPE_NOT_CONNECTED:
		return "nobody reads it any more";
	case ERROR_INVALID_FUNCTION:
		return "it is closed, or nothing that can be read or written";
	default:
		return "Windows takes no such name";
	}
}

const char *fail_errno_text(int number)
{
	if (number == EINVAL)
		return invalid_text(_doserrno);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].number == number)
			return texts[i].text;
	return strerror(number);
}
