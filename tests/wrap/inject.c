/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "inject.h"

#include "functions.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define DEPTH	   7 /* of calls that tell places apart, two of them here */
#define PLACES_MAX 8192

static struct {
	bool armed, busy;
	struct injected last;
	unsigned places;
	uint64_t failed[PLACES_MAX];
} state;

void inject_restart(void)
{
	state.places = 0;
}

void inject_arm(void)
{
	state.last = (struct injected){ .done = false };
	state.armed = true;
}

struct injected inject_disarm(void)
{
	state.armed = false;
	return state.last;
}

static bool has_failed(uint64_t place)
{
	for (unsigned i = 0; i < state.places; i++)
		if (state.failed[i] == place)
			return true;
	return false;
}

static uint64_t this_place(void)
{
	uint64_t hash = 14695981039346656037u;
	void *calls[DEPTH];
	int depth = backtrace(calls, DEPTH);

	for (int i = 2; i < depth; i++)
		hash = (hash ^ (uintptr_t)calls[i]) * 1099511628211u;
	return hash;
}

/* Shall this call fail? */
static bool inject(enum inject_kind kind, const char *name)
{
	uint64_t place;

	if (!state.armed || state.busy || state.last.done || state.places == PLACES_MAX)
		return false;
	state.busy = true;
	place = this_place();
	state.busy = false;
	if (has_failed(place))
		return false;
	state.last = (struct injected){ true, kind, name, state.places };
	state.failed[state.places++] = place;
	errno = kind == INJECT_HEAP ? ENOMEM : EIO;
	return true;
}

/* ---- heap ---- */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return inject(INJECT_HEAP, "malloc") ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	return inject(INJECT_HEAP, "calloc") ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
	return inject(INJECT_HEAP, "realloc") ? NULL : __real_realloc(old, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
	return inject(INJECT_HEAP, "strdup") ? NULL : __real_strdup(text);
}

char *__real_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len)
{
	return inject(INJECT_HEAP, "strndup") ? NULL : __real_strndup(text, len);
}

void *inject_library_malloc(size_t size)
{
	return inject(INJECT_LIBRARY, "malloc in a library") ? NULL : __real_malloc(size);
}

/* ---- files ---- */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	unsigned mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, unsigned);
	va_end(ap);
	return inject(INJECT_FILE, "open") ? -1 : __real_open(path, flags, mode);
}

/* What the argument is, if there is one, fits into a word. */
int __real_fcntl(int fd, int cmd, ...);
int __wrap_fcntl(int fd, int cmd, ...);
int __wrap_fcntl(int fd, int cmd, ...)
{
	intptr_t arg;
	va_list ap;

	va_start(ap, cmd);
	arg = va_arg(ap, intptr_t);
	va_end(ap);
	return inject(INJECT_FILE, "fcntl") ? -1 : __real_fcntl(fd, cmd, arg);
}

/* Only where a length is asked for: into a buffer of enough room no text of ours can fail. */
int __real_vsnprintf(char *out, size_t size, const char *fmt, va_list ap);
int __wrap_vsnprintf(char *out, size_t size, const char *fmt, va_list ap);
int __wrap_vsnprintf(char *out, size_t size, const char *fmt, va_list ap)
{
	if (size == 0 && inject(INJECT_HEAP, "vsnprintf"))
		return -1;
	return __real_vsnprintf(out, size, fmt, ap);
}

/* It is closed all the same, as by the system. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	bool fails = inject(INJECT_FILE, "close");
	int rc = __real_close(fd);

	if (fails)
		errno = EIO;
	return fails ? -1 : rc;
}

/* No test here cuts the power, and disks are slow. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	(void)fd;
	return inject(INJECT_FILE, "fsync") ? -1 : 0;
}

int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
	(void)fd;
	return inject(INJECT_FILE, "fdatasync") ? -1 : 0;
}

#define WRAP_FILE(type, name, params, args)                                  \
	type __real_##name params;                                           \
	type __wrap_##name params;                                           \
	type __wrap_##name params                                            \
	{                                                                    \
		return inject(INJECT_FILE, #name) ? -1 : __real_##name args; \
	}

WRAP_FILE(ssize_t, read, (int fd, void *data, size_t len), (fd, data, len))
WRAP_FILE(ssize_t, write, (int fd, const void *data, size_t len), (fd, data, len))
WRAP_FILE(ssize_t, pwrite, (int fd, const void *data, size_t len, off_t at), (fd, data, len, at))
WRAP_FILE(ssize_t, pread, (int fd, void *data, size_t len, off_t at), (fd, data, len, at))
WRAP_FILE(int, fstat, (int fd, struct stat *st), (fd, st))
WRAP_FILE(int, ftruncate, (int fd, off_t len), (fd, len))
WRAP_FILE(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP_FILE(off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence))
WRAP_FILE(int, rename, (const char *from, const char *to), (from, to))
WRAP_FILE(int, unlink, (const char *path), (path))
WRAP_FILE(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP_FILE(int, mkstemp, (char *path), (path))
WRAP_FILE(int, flock, (int fd, int op), (fd, op))

/* ---- libraries ---- */

/* What encodes says -1, all others 0 or NULL. */
#define FAILED(name) (strncmp((name), "i2d_", 4) == 0 ? -1 : 0)

/* Six words hold the arguments of any of them, however many it has. */
#define WRAP_LIBRARY(name)                                                                  \
	intptr_t __real_##name(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t); \
	intptr_t __wrap_##name(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t); \
	intptr_t __wrap_##name(                                                             \
		intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f)     \
	{                                                                                   \
		return inject(INJECT_LIBRARY, #name) ? FAILED(#name)                        \
						     : __real_##name(a, b, c, d, e, f);     \
	}

INJECT_CRYPTO(WRAP_LIBRARY)
