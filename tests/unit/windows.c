/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "windows.h"

#include <windows.h>

#include <aclapi.h>
#include <errno.h>
#include <limits.h>

#include "acl.h"
#include "osfile.h"
#include "wide.h"

#undef mkdir
#undef chmod
#undef rename
#undef remove

int windows_mkdir(const char *path, unsigned mode)
{
	return (mode & 077) == 0 ? osfile_make_folder(path) : osfile_make_shared_folder(path);
}

int windows_chmod(const char *path, unsigned mode)
{
	const enum acl_kind kind = (mode & 077) == 0 ? ACL_PRIVATE : ACL_EVERYBODY;
	wchar_t *wide = wide_path(path);
	SECURITY_ATTRIBUTES security;
	int rc = -1;

	if (wide != NULL && acl_begin(&security, kind) == 0) {
		const SECURITY_INFORMATION what =
			DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;

		rc = SetFileSecurityW(wide, what, security.lpSecurityDescriptor) ? 0 : wide_errno();
		acl_end(&security);
	}
	free(wide);
	return rc;
}

int windows_rename(const char *from, const char *to)
{
	return osfile_replace(from, to);
}

int windows_remove(const char *path)
{
	return osfile_remove(path);
}

static clock_t ticks(const FILETIME *time)
{
	const ULARGE_INTEGER all = { .LowPart = time->dwLowDateTime,
		.HighPart = time->dwHighDateTime };

	return (clock_t)(all.QuadPart / (10000000 / CLOCKS_PER_SEC));
}

clock_t windows_clock(void)
{
	FILETIME begin, end, kernel, user;

	if (!GetProcessTimes(GetCurrentProcess(), &begin, &end, &kernel, &user))
		return (clock_t)-1;
	return ticks(&kernel) + ticks(&user);
}

char *mkdtemp(char *path)
{
	return _mktemp_s(path, strlen(path) + 1) == 0 && osfile_make_folder(path) == 0 ? path
										       : NULL;
}

char *realpath(const char *path, char *out)
{
	return _fullpath(out, path, PATH_MAX);
}

int setenv(const char *name, const char *value, int overwrite)
{
	return overwrite != 0 || getenv(name) == NULL ? _putenv_s(name, value) : 0;
}

int unsetenv(const char *name)
{
	return _putenv_s(name, "");
}

void *memmem(const void *all, size_t len, const void *part, size_t part_len)
{
	const char *at = all;

	for (; len >= part_len; at++, len--)
		if (memcmp(at, part, part_len) == 0)
			return (void *)(size_t)at;
	return NULL;
}
