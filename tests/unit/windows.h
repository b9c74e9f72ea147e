/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What tests call of POSIX and mingw-w64 has not, or has in another form; it is included before each
 * test for Windows. Paths are ASCII.
 */
#ifndef TESTS_WINDOWS_H
#define TESTS_WINDOWS_H

#include <direct.h>
#include <io.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* mode: private if it is for the owner alone, for everybody otherwise. */
int windows_mkdir(const char *path, unsigned mode);
int windows_chmod(const char *path, unsigned mode);
#define mkdir(path, mode) windows_mkdir((path), (mode))
#define chmod(path, mode) windows_chmod((path), (mode))

/* The file may be there, as for POSIX. */
int windows_rename(const char *from, const char *to);
#define rename(from, to) windows_rename((from), (to))

/* A file, or a folder that is empty. */
int windows_remove(const char *path);
#define remove(path) windows_remove((path))

/* Of the processor, as for POSIX: that of Windows runs on while others are served. */
clock_t windows_clock(void);
#define clock() windows_clock()

char *mkdtemp(char *path);
char *realpath(const char *path, char *out);			/* out: of PATH_MAX bytes */
int setenv(const char *name, const char *value, int overwrite); /* "" is as good as unset */
int unsetenv(const char *name);
void *memmem(const void *all, size_t len, const void *part, size_t part_len);

#endif
