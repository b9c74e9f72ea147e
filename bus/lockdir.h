/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * One process at a time on a device, whoever runs it. The locks are files in a folder for all
 * users; the system frees them when their owner ends.
 */
#ifndef BUS_LOCKDIR_H
#define BUS_LOCKDIR_H

#include "file.h"

/*
 * Take the lock of device: a name that every process gives it, "/dev/i2c-1", "usb 1-1.2". The
 * caller frees it with file_unlock. TRUSTX_ERR_IN_USE: why says by which pid, next what to do.
 * TRUSTX_ERR_PERMISSION, TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err bus_lock(
	struct file_lock *lock, const char *device, struct fail *f);

/*
 * The folder: /run/lock, or /tmp where not every user may write there; of Windows a folder of
 * ours in %ProgramData%, made if it is not there. TRUSTX_ERR_FILE.
 */
#define BUS_LOCK_DIR_MAX 300
TRUSTX_MUST_CHECK enum trustx_err bus_lock_dir(char *out, size_t cap, struct fail *f);

#endif
