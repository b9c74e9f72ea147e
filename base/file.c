/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum trustx_err read_all(struct blob *b, int fd, const char *path, struct fail *f)
{
	unsigned char part[4096];
	enum trustx_err err;
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
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

enum trustx_err file_read(struct blob *b, const char *path, struct fail *f)
{
	enum trustx_err err;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_all(b, STDIN_FILENO, "standard input", f);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 && errno == ENOENT)
		return fail_set(f, TRUSTX_ERR_INPUT, "there is no file %s", path);
	if (fd < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot open %s", path);
	err = read_all(b, fd, path, f);
	close(fd);
	return err;
}

static enum trustx_err write_all(
	int fd, const void *data, size_t len, const char *path, struct fail *f)
{
	const unsigned char *at = data;
	ssize_t n;

	while (len > 0) {
		if ((n = write(fd, at, len)) < 0 && errno == EINTR)
			continue;
		if (n < 0)
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

	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	err = write_all(fd, data, len, path, f);
	if (close(fd) != 0 && err == TRUSTX_OK)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return err;
}

static enum trustx_err sync_parent(const char *path, struct fail *f)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	enum trustx_err err = TRUSTX_OK;
	int fd;

	if (dir == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || fsync(fd) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot sync the directory of %s", path);
	if (fd >= 0)
		close(fd);
	free(dir);
	return err;
}

/* mkstemp makes 0600; a public file gets what open would have given it. */
static mode_t public_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static enum trustx_err fill_temporary(int fd, const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f)
{
	enum trustx_err err;

	if ((err = write_all(fd, data, len, path, f)) != TRUSTX_OK)
		return err;
	if (mode == FILE_PUBLIC && fchmod(fd, public_mode()) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot set the mode of %s", path);
	if (sync == FILE_SYNC && fsync(fd) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return TRUSTX_OK;
}

static enum trustx_err replace_file(const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f)
{
	size_t size = strlen(path) + sizeof(".XXXXXX");
	char *temporary = malloc(size);
	enum trustx_err err;
	int fd;

	if (temporary == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(temporary, size, "%s.XXXXXX", path);
	if ((fd = mkstemp(temporary)) < 0) {
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
		goto out;
	}
	err = fill_temporary(fd, path, data, len, mode, sync, f);
	if (close(fd) != 0 && err == TRUSTX_OK)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	if (err == TRUSTX_OK && rename(temporary, path) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot replace %s", path);
	if (err != TRUSTX_OK)
		unlink(temporary);
	else if (sync == FILE_SYNC)
		err = sync_parent(path, f);
out:
	free(temporary);
	return err;
}

static bool is_regular_or_absent(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

enum trustx_err file_write(const char *path, const void *data, size_t len, enum file_mode mode,
	enum file_sync sync, struct fail *f)
{
	if (strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, data, len, "standard output", f);
	if (!is_regular_or_absent(path))
		return write_in_place(path, data, len, f);
	return replace_file(path, data, len, mode, sync, f);
}

enum trustx_err file_check_writable(const char *path, struct fail *f)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *dir;
	int rc;

	if (strcmp(path, "-") == 0)
		return TRUSTX_OK;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return fail_set(f, TRUSTX_ERR_FILE, "cannot write %s: it is a directory", path);
	if (!is_regular_or_absent(path))
		rc = access(path, W_OK);
	else if ((dir = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1)) !=
		 NULL) {
		rc = access(dir, W_OK | X_OK);
		free(dir);
	} else
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (rc != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return TRUSTX_OK;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

void file_guard_process(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	signal(SIGXFSZ, SIG_IGN);
}

static enum trustx_err make_one(const char *path, struct fail *f)
{
	struct stat st;

	if (mkdir(path, 0700) == 0 || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return TRUSTX_OK;
	return fail_errno(f, TRUSTX_ERR_FILE, "cannot make the directory %s", path);
}

enum trustx_err dir_make(const char *path, struct fail *f)
{
	char *part = strdup(path);
	enum trustx_err err = TRUSTX_OK;

	if (part == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	for (char *p = part + 1; err == TRUSTX_OK && *part != '\0' && *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		err = make_one(part, f);
		*p = '/';
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
	if (pread(fd, pid, sizeof(pid) - 1, 0) <= 0)
		return fail_set(f, TRUSTX_ERR_IN_USE, "in use by another program");
	pid[strcspn(pid, "\n")] = '\0';
	return fail_set(f, TRUSTX_ERR_IN_USE, "in use by pid %s", pid);
}

static enum trustx_err lock_fd(int fd, const char *path, struct fail *f)
{
	char pid[16];
	int n;

	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return lock_refused(fd, path, f);
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	return TRUSTX_OK;
}

static enum trustx_err open_refused(const char *path, struct fail *f)
{
	return fail_errno(f,
		errno == EACCES || errno == EPERM ? TRUSTX_ERR_PERMISSION : TRUSTX_ERR_FILE,
		"cannot open %s", path);
}

enum trustx_err file_lock(struct file_lock *lock, const char *path, struct fail *f)
{
	enum trustx_err err;
	int fd;

	lock->fd = -1;
	if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
		return open_refused(path, f);
	if ((err = lock_fd(fd, path, f)) != TRUSTX_OK) {
		close(fd);
		return err;
	}
	lock->fd = fd;
	return TRUSTX_OK;
}

/*
 * Not both at once: with fs.protected_regular, Linux refuses O_CREAT on a file of somebody else in
 * such a directory.
 */
static int open_shared(const char *path)
{
	int fd = -1;

	for (unsigned i = 0; i < 2 && fd < 0; i++) {
		fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 || errno != ENOENT)
			return fd;
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0 && fchmod(fd, 0666) == 0)
			return fd;
		if (fd < 0 && errno != EEXIST)
			return fd;
	}
	return fd;
}

enum trustx_err file_lock_shared(struct file_lock *lock, const char *path, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	struct stat st;
	int fd;

	lock->fd = -1;
	if ((fd = open_shared(path)) < 0)
		return open_refused(path, f);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1)
		err = fail_set(f, TRUSTX_ERR_FILE, "%s is not a lock file", path);
	if (err == TRUSTX_OK)
		err = lock_fd(fd, path, f);
	if (err != TRUSTX_OK) {
		close(fd);
		return err;
	}
	lock->fd = fd;
	return TRUSTX_OK;
}

void file_unlock(struct file_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}
