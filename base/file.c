/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "file.h"

#include "osfile.h"
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_FD, OUTPUT_FD };

static const char temporary_tail[] = ".XXXXXX";

static enum trustx_err read_all(struct blob *b, int fd, const char *path, struct fail *f)
{
	unsigned char part[4096];
	enum trustx_err err;
	ptrdiff_t n;

	while ((n = osfile_read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EISDIR)
			return fail_set(f, TRUSTX_ERR_INPUT, "%s is a directory", path);
		if (n < 0)
			return fail_errno(f, TRUSTX_ERR_FILE, "cannot read %s", path);
		if ((err = blob_add(b, part, (size_t)n)) == TRUSTX_ERR_TOO_BIG)
			return fail_set(f, err, "%s is longer than %zu bytes", path, b->max);
		if (err != TRUSTX_OK)
			return fail_set(f, err, "out of memory while reading %s", path);
	}
	return TRUSTX_OK;
}

static enum trustx_err no_name(struct fail *f)
{
	return fail_set(f, TRUSTX_ERR_INPUT, "the name of a file is empty");
}

enum trustx_err file_read(struct blob *b, const char *path, struct fail *f)
{
	enum trustx_err err;
	int fd;

	if (path[0] == '\0')
		return no_name(f);
	if (strcmp(path, "-") == 0)
		return read_all(b, INPUT_FD, "standard input", f);
	if ((fd = osfile_open(path, OSFILE_READ)) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return fail_set(f, TRUSTX_ERR_INPUT, "there is no file %s", path);
	if (fd < 0 && errno == EISDIR)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s is a directory", path);
	if (fd < 0 && errno == ENAMETOOLONG)
		return fail_errno(f, TRUSTX_ERR_INPUT, "cannot open %s", path);
	if (fd < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot open %s", path);
	err = read_all(b, fd, path, f);
	osfile_close(fd);
	return err;
}

static enum trustx_err write_all(
	int fd, const void *data, size_t len, const char *path, struct fail *f)
{
	const unsigned char *at = data;
	ptrdiff_t n;

	while (len > 0) {
		if ((n = osfile_write(fd, at, len)) < 0)
			return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
		at += n;
		len -= (size_t)n;
	}
	return TRUSTX_OK;
}

static enum trustx_err write_in_place(
	const char *path, const void *data, size_t len, struct fail *f)
{
	enum trustx_err err;
	int fd;

	if ((fd = osfile_open(path, OSFILE_WRITE)) < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	err = write_all(fd, data, len, path, f);
	if (osfile_close(fd) != 0 && err == TRUSTX_OK)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return err;
}

static enum trustx_err fill_temporary(
	int fd, const char *path, const void *data, size_t len, enum file_sync sync, struct fail *f)
{
	enum trustx_err err;

	if ((err = write_all(fd, data, len, path, f)) != TRUSTX_OK)
		return err;
	if (sync == FILE_SYNC && osfile_sync(fd) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return TRUSTX_OK;
}

static enum trustx_err make_temporary(
	char **temporary, int *fd, const char *path, enum file_mode mode, struct fail *f)
{
	const size_t size = strlen(path) + sizeof(temporary_tail);

	if ((*temporary = malloc(size)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(*temporary, size, "%s%s", path, temporary_tail);
	if ((*fd = osfile_make_temporary(*temporary, mode == FILE_PRIVATE)) >= 0)
		return TRUSTX_OK;
	fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	free(*temporary);
	*temporary = NULL;
	return f->err;
}

enum trustx_err file_make_temporary(char **temporary, int *fd, const char *path, struct fail *f)
{
	return make_temporary(temporary, fd, path, FILE_PRIVATE, f);
}

static enum trustx_err replace_file(const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f)
{
	char *temporary;
	enum trustx_err err;
	int fd;

	if ((err = make_temporary(&temporary, &fd, path, mode, f)) != TRUSTX_OK)
		return err;
	err = fill_temporary(fd, path, data, len, sync, f);
	if (osfile_close(fd) != 0 && err == TRUSTX_OK)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	if (err == TRUSTX_OK && osfile_replace(temporary, path) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot replace %s", path);
	if (err != TRUSTX_OK)
		(void)osfile_remove(temporary);
	else if (sync == FILE_SYNC && osfile_sync_folder(path) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot sync the directory of %s", path);
	free(temporary);
	return err;
}

static bool is_regular_or_absent(const char *path)
{
	struct osfile_info info;

	return osfile_look_at(path, &info) != 0 || info.kind == OSFILE_REGULAR;
}

enum trustx_err file_write(const char *path, const void *data, size_t len, enum file_mode mode,
	enum file_sync sync, struct fail *f)
{
	if (strcmp(path, "-") == 0)
		return write_all(OUTPUT_FD, data, len, "standard output", f);
	if (!is_regular_or_absent(path))
		return write_in_place(path, data, len, f);
	return replace_file(path, data, len, mode, sync, f);
}

/* May a file be made beside path? -1 and errno. */
static int may_write_beside(const char *path)
{
	const size_t len = osfile_name_at(path);
	char *folder = malloc(len + sizeof("."));
	int rc;

	if (folder == NULL) {
		errno = ENOMEM;
		return -1;
	}
	memcpy(folder, path, len);
	memcpy(folder + len, len > 0 ? "" : ".", len > 0 ? 1 : sizeof("."));
	rc = osfile_may_write_into(folder);
	free(folder);
	return rc;
}

/* Longer than a name can be, with what the temporary file beside it has more? Then errno says so. */
static bool is_too_long(const char *path)
{
	const size_t size = strlen(path) + sizeof(temporary_tail);
	char *temporary = malloc(size);
	struct osfile_info info;
	bool is;

	if (temporary == NULL)
		return false;
	snprintf(temporary, size, "%s%s", path, temporary_tail);
	is = osfile_look_at(temporary, &info) != 0 && errno == ENAMETOOLONG;
	free(temporary);
	errno = is ? ENAMETOOLONG : 0;
	return is;
}

enum trustx_err file_check_writable(const char *path, struct fail *f)
{
	if (path[0] == '\0')
		return no_name(f);
	if (strcmp(path, "-") == 0)
		return TRUSTX_OK;
	if (dir_exists(path))
		return fail_set(f, TRUSTX_ERR_FILE, "cannot write %s: it is a directory", path);
	if (is_too_long(path))
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	if ((is_regular_or_absent(path) ? may_write_beside(path) : osfile_may_write(path)) == 0)
		return TRUSTX_OK;
	if (errno == ENOMEM)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
}

bool file_exists(const char *path)
{
	struct osfile_info info;

	return osfile_look_at(path, &info) == 0;
}

bool dir_exists(const char *path)
{
	struct osfile_info info;

	return osfile_look_at(path, &info) == 0 && info.kind == OSFILE_FOLDER;
}

static enum trustx_err make_one(const char *path, struct fail *f)
{
	const int rc = osfile_make_folder(path), number = errno;

	if (rc == 0 || dir_exists(path))
		return TRUSTX_OK;
	if (number == EEXIST)
		return fail_set(f, TRUSTX_ERR_FILE, "%s is there and is no directory", path);
	errno = number;
	return fail_errno(f, TRUSTX_ERR_FILE, "cannot make the directory %s", path);
}

enum trustx_err dir_make(const char *path, struct fail *f)
{
	char *part, separator;
	enum trustx_err err;

	if (path[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the name of a directory is empty");
	/* Most are there, and parents of one that can never be are not made. */
	if ((err = make_one(path, f)) == TRUSTX_OK || errno != ENOENT)
		return err;
	if ((part = strdup(path)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	err = TRUSTX_OK;
	for (char *p = part + osfile_root_len(part); err == TRUSTX_OK && *p != '\0'; p++) {
		if (!osfile_is_separator(*p))
			continue;
		separator = *p;
		*p = '\0';
		err = make_one(part, f);
		*p = separator;
	}
	if (err == TRUSTX_OK)
		err = make_one(path, f);
	free(part);
	return err;
}

static enum trustx_err lock_refused(int fd, const char *path, struct fail *f)
{
	char pid[16] = "";

	if (errno != EWOULDBLOCK)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot lock %s", path);
	if (osfile_read_at(fd, pid, sizeof(pid) - 1, 0) <= 0)
		return fail_set(f, TRUSTX_ERR_IN_USE, "in use by another program");
	pid[strcspn(pid, "\n")] = '\0';
	return fail_set(f, TRUSTX_ERR_IN_USE, "in use by pid %s", pid);
}

static enum trustx_err lock_fd(int fd, const char *path, struct fail *f)
{
	char pid[16];
	size_t len;

	if (osfile_lock(fd) != 0)
		return lock_refused(fd, path, f);
	len = (size_t)snprintf(pid, sizeof(pid), "%ld\n", program_pid());
	if (osfile_cut(fd, 0) != 0 || osfile_append(fd, pid, len) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return TRUSTX_OK;
}

static enum trustx_err open_refused(const char *path, struct fail *f)
{
	return fail_errno(f,
		errno == EACCES || errno == EPERM ? TRUSTX_ERR_PERMISSION : TRUSTX_ERR_FILE,
		"cannot open %s", path);
}

/* The first that has the file takes the lock with it, the others close it. */
static enum trustx_err lock_it(struct file_lock *lock, int fd, const char *path, struct fail *f)
{
	enum trustx_err err;

	if ((err = lock_fd(fd, path, f)) != TRUSTX_OK)
		osfile_close(fd);
	else
		lock->fd = fd;
	return err;
}

enum trustx_err file_lock(struct file_lock *lock, const char *path, struct fail *f)
{
	int fd;

	lock->fd = -1;
	if ((fd = osfile_open(path, OSFILE_CHANGE_MAKE)) < 0)
		return open_refused(path, f);
	return lock_it(lock, fd, path, f);
}

enum trustx_err file_lock_shared(struct file_lock *lock, const char *path, struct fail *f)
{
	struct osfile_info info;
	int fd;

	lock->fd = -1;
	if ((fd = osfile_open(path, OSFILE_SHARED)) < 0)
		return open_refused(path, f);
	if (osfile_look(fd, &info) != 0 || info.kind != OSFILE_REGULAR || info.links != 1) {
		osfile_close(fd);
		return fail_set(f, TRUSTX_ERR_FILE, "%s is not a lock file", path);
	}
	return lock_it(lock, fd, path, f);
}

void file_unlock(struct file_lock *lock)
{
	if (lock->fd >= 0)
		osfile_close(lock->fd);
	lock->fd = -1;
}
