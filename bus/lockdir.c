/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "lockdir.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 48

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
	char name[SHOWN_MAX + 1], dir[BUS_LOCK_DIR_MAX], path[sizeof(dir) + sizeof(name) + 24];
	enum trustx_err err;

	*lock = (struct file_lock)FILE_LOCK_NONE;
	if ((err = bus_lock_dir(dir, sizeof(dir), f)) != TRUSTX_OK)
		return err;
	file_name(name, device);
	snprintf(path, sizeof(path), "%s/trustx-%s.%08x", dir, name, (unsigned)hash(device));
	if ((err = file_lock_shared(lock, path, f)) == TRUSTX_ERR_IN_USE)
		fail_next(f, "end that process or wait for it");
	if (err != TRUSTX_ERR_FILE && err != TRUSTX_ERR_PERMISSION)
		return err;
	/* It is not the device that is refused. */
	f->err = TRUSTX_ERR_FILE;
	fail_next(f, "make room in %s and let everybody write there, or remove that file", dir);
	return fail_cause(f, "lock-unusable");
}
