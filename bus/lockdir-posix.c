/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "lockdir.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const dirs[] = { "/run/lock", "/tmp" };
#define DIRS (sizeof(dirs) / sizeof(dirs[0]))

static bool is_for_all(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
	       (st.st_mode & (S_IWOTH | S_ISVTX)) == (S_IWOTH | S_ISVTX);
}

/* By its mode, not by what this user may do: root and everybody else must meet. */
static const char *choose(void)
{
	for (size_t i = 0; i < DIRS; i++)
		if (is_for_all(dirs[i]))
			return dirs[i];
	for (size_t i = 0; i < DIRS; i++)
		if (access(dirs[i], W_OK) == 0)
			return dirs[i];
	return dirs[DIRS - 1];
}

enum trustx_err bus_lock_dir(char *out, size_t cap, struct fail *f)
{
	(void)f;
	snprintf(out, cap, "%s", choose());
	return TRUSTX_OK;
}
