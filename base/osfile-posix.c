/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "osfile.h"

#include "str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* O_NONBLOCK: what is no regular file shall not keep us waiting. */
int osfile_open(const char *path, enum osfile_open how)
{
	static const int flags[] = {
		[OSFILE_READ] = O_RDONLY,
		[OSFILE_WRITE] = O_WRONLY,
		[OSFILE_APPEND] = O_RDWR | O_APPEND | O_NONBLOCK,
		[OSFILE_APPEND_MAKE] = O_RDWR | O_APPEND | O_NONBLOCK | O_CREAT,
		[OSFILE_APPEND_NEW] = O_RDWR | O_APPEND | O_NONBLOCK | O_CREAT | O_EXCL,
		[OSFILE_CHANGE_MAKE] = O_RDWR | O_CREAT,
	};

	if (how == OSFILE_SHARED)
		return open_shared(path);
	return open(path, flags[how] | O_CLOEXEC, 0600);
}

int osfile_close(int fd)
{
	return close(fd);
}

ptrdiff_t osfile_read(int fd, void *data, size_t len)
{
	ssize_t n;

	do
		n = read(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

ptrdiff_t osfile_read_at(int fd, void *data, size_t len, uint64_t at)
{
	ssize_t n;

	do
		n = pread(fd, data, len, (off_t)at);
	while (n < 0 && errno == EINTR);
	return n;
}

ptrdiff_t osfile_write(int fd, const void *data, size_t len)
{
	ssize_t n;

	do
		n = write(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

int osfile_append(int fd, const void *data, size_t len)
{
	ptrdiff_t n = osfile_write(fd, data, len);

	if (n >= 0 && (size_t)n < len)
		errno = ENOSPC;
	return n == (ptrdiff_t)len ? 0 : -1;
}

int osfile_cut(int fd, uint64_t len)
{
	return ftruncate(fd, (off_t)len);
}

int osfile_make_private(int fd)
{
	return fchmod(fd, 0600);
}

int osfile_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB);
}

static int take(struct osfile_info *info, const struct stat *st)
{
	info->kind = OSFILE_OTHER;
	if (S_ISREG(st->st_mode))
		info->kind = OSFILE_REGULAR;
	else if (S_ISDIR(st->st_mode))
		info->kind = OSFILE_FOLDER;
	else if (S_ISSOCK(st->st_mode))
		info->kind = OSFILE_SOCKET;
	info->size = (uint64_t)st->st_size;
	info->links = (unsigned)st->st_nlink;
	info->id[0] = (uint64_t)st->st_dev;
	info->id[1] = (uint64_t)st->st_ino;
	return 0;
}

int osfile_look(int fd, struct osfile_info *info)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? take(info, &st) : -1;
}

int osfile_look_at(const char *path, struct osfile_info *info)
{
	struct stat st;

	return stat(path, &st) == 0 ? take(info, &st) : -1;
}

int osfile_look_at_name(const char *path, struct osfile_info *info)
{
	struct stat st;

	return lstat(path, &st) == 0 ? take(info, &st) : -1;
}

int osfile_may_read(const char *path)
{
	return access(path, R_OK);
}

int osfile_may_write(const char *path)
{
	return access(path, W_OK);
}

int osfile_may_write_into(const char *folder)
{
	return access(folder, W_OK | X_OK);
}

/* mkstemp makes 0600; a public file gets what open would have given it. */
int osfile_make_temporary(char *path, bool is_private)
{
	int fd = mkstemp(path);
	mode_t mask;

	if (fd < 0 || is_private)
		return fd;
	mask = umask(0);
	umask(mask);
	if (fchmod(fd, 0666 & ~mask) == 0)
		return fd;
	close(fd);
	unlink(path);
	return -1;
}

int osfile_replace(const char *from, const char *to)
{
	return rename(from, to);
}

int osfile_sync_folder(const char *path)
{
	const size_t len = osfile_name_at(path);
	char *folder = len > 0 ? str_cut(path, len) : strdup(".");
	int fd, rc;

	if (folder == NULL) {
		errno = ENOMEM;
		return -1;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -1 : fsync(fd);
	if (fd >= 0)
		close(fd);
	free(folder);
	return rc;
}

int osfile_remove(const char *path)
{
	return remove(path);
}

int osfile_make_folder(const char *path)
{
	return mkdir(path, 0700);
}

int osfile_make_shared_folder(const char *path)
{
	const int rc = mkdir(path, 0700);

	return rc == 0 ? chmod(path, 01777) : rc;
}

size_t osfile_name_at(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

bool osfile_is_separator(char c)
{
	return c == '/';
}

size_t osfile_root_len(const char *path)
{
	return path[0] == '/';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_name(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

int osfile_list(struct osfile_names *names, const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_name, by_bytes), rc = 0;

	memset(names, 0, sizeof(*names));
	if (count < 0)
		return -1;
	if ((names->at = calloc((size_t)count + 1, sizeof(*names->at))) == NULL)
		rc = -1;
	for (int i = 0; i < count; i++) {
		if (rc == 0 && (names->at[i] = strdup(entries[i]->d_name)) == NULL)
			rc = -1;
		free(entries[i]);
	}
	free(entries);
	names->count = names->at != NULL ? (size_t)count : 0;
	if (rc != 0) {
		osfile_names_free(names);
		errno = ENOMEM;
	}
	return rc;
}

int osfile_others(struct osfile_others *others, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return -1;
	if ((st.st_mode & 077) == 0)
		return 0;
	snprintf(others->how, sizeof(others->how), "mode %04o", (unsigned)st.st_mode & 07777);
	snprintf(others->remedy, sizeof(others->remedy), "chmod %s %s",
		S_ISDIR(st.st_mode) ? "700" : "600", path);
	return 1;
}
