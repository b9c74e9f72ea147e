/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "lockdir.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 48

static const char *const dirs[] = { "/run/lock", "/tmp" };
#define DIRS (sizeof(dirs) / sizeof(dirs[0]))

static bool is_for_all(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
	       (st.st_mode & (S_IWOTH | S_ISVTX)) == (S_IWOTH | S_ISVTX);
}

/* By its mode, not by what this user may do: root and everybody else must meet. */
static const char *lock_dir(void)
{
	for (size_t i = 0; i < DIRS; i++)
		if (is_for_all(dirs[i]))
			return dirs[i];
	for (size_t i = 0; i < DIRS; i++)
		if (access(dirs[i], W_OK) == 0)
			return dirs[i];
	return dirs[DIRS - 1];
}

/* FNV-1a: tells devices apart whose names look the same as a file name. */
static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * 16777619u;
	return h;
}

static void file_name(char out[static SHOWN_MAX + 1], const char *device)
{
	size_t len = strlen(device), n = 0;

	/* Names are different at their ends. */
	for (const char *p = device + (len > SHOWN_MAX ? len - SHOWN_MAX : 0); *p != '\0'; p++)
		out[n++] = isalnum((unsigned char)*p) || *p == '.' ? *p : '-';
	out[n] = '\0';
}

enum trustx_err bus_lock(struct file_lock *lock, const char *device, struct fail *f)
{
	char name[SHOWN_MAX + 1], path[128];
	enum trustx_err err;

	file_name(name, device);
	snprintf(path, sizeof(path), "%s/trustx-%s.%08x", lock_dir(), name, hash(device));
	if ((err = file_lock_shared(lock, path, f)) == TRUSTX_ERR_IN_USE)
		fail_next(f, "end that process or wait for it");
	if (err != TRUSTX_ERR_FILE && err != TRUSTX_ERR_PERMISSION)
		return err;
	/* It is not the device that is refused. */
	f->err = TRUSTX_ERR_FILE;
	fail_next(f, "make room in %s and let everybody write there, or remove that file",
		lock_dir());
	return fail_cause(f, "lock-unusable");
}
