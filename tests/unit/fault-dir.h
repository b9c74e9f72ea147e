/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A folder in memory, if there is one: thousands of chips are written again and again. */
#ifndef TESTS_FAULT_DIR_H
#define TESTS_FAULT_DIR_H

#include "test.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

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
	char here[300];

	fault_empty(".");
	if (getcwd(here, sizeof(here)) != NULL && chdir("..") == 0)
		rmdir(here);
}

static inline void fault_enter(void)
{
	char in_memory[] = "/dev/shm/trustx-fault-XXXXXX", here[] = "trustx-fault-XXXXXX";
	const char *dir = mkdtemp(in_memory) != NULL ? in_memory : mkdtemp(here);

	CHECK(dir != NULL && chdir(dir) == 0);
	CHECK(atexit(fault_leave) == 0);
}

#endif
