/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Files: read whole, written whole, locked. Paths are UTF-8. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "blob.h"
#include "fail.h"

/*
 * Append the whole file to b. "-" reads standard input. TRUSTX_ERR_INPUT: it does not exist or is
 * a directory; TRUSTX_ERR_TOO_BIG: longer than b allows; TRUSTX_ERR_FILE: it could not be read.
 */
TRUSTX_MUST_CHECK enum trustx_err file_read(struct blob *b, const char *path, struct fail *f);

enum file_mode { FILE_PUBLIC, FILE_PRIVATE }; /* 0666 less umask, or 0600 */
enum file_sync { FILE_NO_SYNC, FILE_SYNC };   /* FILE_SYNC survives a power failure */

/*
 * Write the whole file or leave the old one: temporary file beside it, rename. A path that is no
 * regular file (a device, a pipe) is written in place. "-" writes standard output.
 * TRUSTX_ERR_FILE on every failure, with the reason.
 */
TRUSTX_MUST_CHECK enum trustx_err file_write(const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f);

/* Can path be written later? Checked without leaving a trace. TRUSTX_ERR_FILE if not. */
TRUSTX_MUST_CHECK enum trustx_err file_check_writable(const char *path, struct fail *f);

bool file_exists(const char *path); /* or a directory */
bool dir_exists(const char *path);

/*
 * A new, private, empty file beside path. *temporary: its name, freed by the caller. *fd: of
 * osfile.h, closed by the caller. TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err file_make_temporary(
	char **temporary, int *fd, const char *path, struct fail *f);

/* Make a directory, and its parents, private; fine if it is there. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err dir_make(const char *path, struct fail *f);

/* A lock file held by one process; freed by the system when the process ends. */
struct file_lock {
	int fd;
};
#define FILE_LOCK_NONE \
	{              \
		-1     \
	}

/*
 * Take the lock, without waiting. TRUSTX_ERR_IN_USE: why says by which pid. TRUSTX_ERR_PERMISSION,
 * TRUSTX_ERR_FILE. The file at path is made if missing, mode 0600, and holds the owner's pid.
 */
TRUSTX_MUST_CHECK enum trustx_err file_lock(
	struct file_lock *lock, const char *path, struct fail *f);

/*
 * The same where every user may write: the file is made with mode 0666, so that all can take it,
 * and neither links nor what is no regular file are followed. TRUSTX_ERR_FILE for those.
 */
TRUSTX_MUST_CHECK enum trustx_err file_lock_shared(
	struct file_lock *lock, const char *path, struct fail *f);

void file_unlock(struct file_lock *lock); /* fine if none is held */

#endif
