/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "full-disk.h"

#include <signal.h>
#include <sys/resource.h>

#include "test.h"

static void limit_files(rlim_t size)
{
	struct rlimit limit;

	CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && getrlimit(RLIMIT_FSIZE, &limit) == 0);
	limit.rlim_cur = size;
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

void full_disk_begin(uint64_t size)
{
	limit_files((rlim_t)size);
}

void full_disk_end(void)
{
	limit_files(RLIM_INFINITY);
}
