/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A folder in memory, if there is one: thousands of chips are written again and again. */
#ifndef TESTS_FAULT_DIR_H
#define TESTS_FAULT_DIR_H

#include "test.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char fault_dir[64];

static inline int fault_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	return at->level > 0 ? remove(path) : 0;
}

static inline void fault_empty(const char *dir)
{
	nftw(dir, fault_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void fault_leave(void)
{
	fault_empty(fault_dir);
	rmdir(fault_dir);
}

static inline void fault_enter(void)
{
	snprintf(fault_dir, sizeof(fault_dir), "%s/trustx-fault-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	CHECK(mkdtemp(fault_dir) != NULL && chdir(fault_dir) == 0);
	CHECK(atexit(fault_leave) == 0);
}

#endif
