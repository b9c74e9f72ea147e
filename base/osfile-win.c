/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Descriptors are those of the C library, over handles that are opened by wide names. */
#include "osfile.h"

#include "acl.h"
#include "wide.h"

#include <windows.h>

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifndef IO_REPARSE_TAG_AF_UNIX
#define IO_REPARSE_TAG_AF_UNIX 0x80000023
#endif

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
/* Behind all that is written: a lock of Windows keeps others from reading, too. */
#define LOCK_HIGH   0x40000000u
#define TRIES	    50 /* for files that somebody looks into, a scanner of viruses say */
#define TRY_MS	    20
#define NAMES_FIRST 16

static HANDLE handle_of(int fd)
{
	return (HANDLE)_get_osfhandle(fd);
}

static int descriptor_of(HANDLE handle, int flags)
{
	int fd = _open_osfhandle((intptr_t)handle, flags | _O_BINARY | _O_NOINHERIT);

	if (fd < 0)
		CloseHandle(handle);
	return fd;
}

/* ---- open ---- */

struct opening {
	DWORD access, how;
	int flags;
	enum acl_kind acl; /* of a file that is made */
};

static const struct opening openings[] = {
	[OSFILE_READ] = { GENERIC_READ, OPEN_EXISTING, _O_RDONLY, ACL_INHERITED },
	[OSFILE_WRITE] = { GENERIC_WRITE, OPEN_EXISTING, _O_WRONLY, ACL_INHERITED },
	[OSFILE_APPEND] = { GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, _O_RDWR | _O_APPEND,
		ACL_INHERITED },
	[OSFILE_APPEND_MAKE] = { GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS, _O_RDWR | _O_APPEND,
		ACL_PRIVATE },
	[OSFILE_APPEND_NEW] = { GENERIC_READ | GENERIC_WRITE, CREATE_NEW, _O_RDWR | _O_APPEND,
		ACL_PRIVATE },
	[OSFILE_CHANGE_MAKE] = { GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS, _O_RDWR, ACL_PRIVATE },
	[OSFILE_SHARED] = { GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS, _O_RDWR, ACL_EVERYBODY },
};

static bool is_folder(const wchar_t *wide)
{
	const DWORD attributes = GetFileAttributesW(wide);

	return attributes != INVALID_FILE_ATTRIBUTES &&
	       (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

static int open_wide(const wchar_t *wide, const struct opening *o)
{
	const DWORD flags = o->acl == ACL_EVERYBODY ? FILE_FLAG_OPEN_REPARSE_POINT : 0;
	SECURITY_ATTRIBUTES security;
	HANDLE handle;

	if (acl_begin(&security, o->acl) != 0)
		return -1;
	handle = CreateFileW(
		wide, o->access, SHARE_ALL, &security, o->how, FILE_ATTRIBUTE_NORMAL | flags, NULL);
	acl_end(&security);
	if (handle != INVALID_HANDLE_VALUE)
		return descriptor_of(handle, o->flags);
	wide_errno();
	if (errno == EACCES && is_folder(wide))
		errno = EISDIR;
	return -1;
}

int osfile_open(const char *path, enum osfile_open how)
{
	wchar_t *wide = wide_path(path);
	int fd = -1;

	if (wide != NULL)
		fd = open_wide(wide, &openings[how]);
	free(wide);
	return fd;
}

int osfile_close(int fd)
{
	return _close(fd);
}

/* ---- read and write ---- */

/* What is typed: as the console gives it, a line at a time, and not by its code page. */
static ptrdiff_t read_console(HANDLE console, char *data, size_t len)
{
	wchar_t wide[1024];
	DWORD n = 0;
	size_t cap =
		len / 4 < sizeof(wide) / sizeof(*wide) ? len / 4 : sizeof(wide) / sizeof(*wide);
	int got;

	if (!ReadConsoleW(console, wide, (DWORD)cap, &n, NULL))
		return wide_errno();
	/* Ctrl-Z at the beginning of a line is the end. */
	if (n == 0 || wide[0] == 0x1A)
		return 0;
	got = WideCharToMultiByte(CP_UTF8, 0, wide, (int)n, data, (int)len, NULL, NULL);
	return got > 0 ? got : wide_errno();
}

static unsigned part_of(size_t len)
{
	return len < (size_t)1 << 30 ? (unsigned)len : 1u << 30;
}

ptrdiff_t osfile_read(int fd, void *data, size_t len)
{
	DWORD mode;

	if (fd == 0 && GetConsoleMode(handle_of(fd), &mode))
		return read_console(handle_of(fd), data, len);
	return _read(fd, data, part_of(len));
}

ptrdiff_t osfile_read_at(int fd, void *data, size_t len, uint64_t at)
{
	OVERLAPPED where = { .Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32) };
	DWORD n = 0;

	if (ReadFile(handle_of(fd), data, part_of(len), &n, &where))
		return (ptrdiff_t)n;
	return GetLastError() == ERROR_HANDLE_EOF ? 0 : wide_errno();
}

ptrdiff_t osfile_write(int fd, const void *data, size_t len)
{
	return _write(fd, data, part_of(len));
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
	const int number = _chsize_s(fd, (int64_t)len);

	errno = number != 0 ? number : errno;
	return number == 0 ? 0 : -1;
}

int osfile_sync(int fd)
{
	return FlushFileBuffers(handle_of(fd)) ? 0 : wide_errno();
}

int osfile_sync_data(int fd)
{
	return osfile_sync(fd);
}

int osfile_make_private(int fd)
{
	return acl_make_private(handle_of(fd));
}

int osfile_lock(int fd)
{
	OVERLAPPED where = { .OffsetHigh = LOCK_HIGH };
	const DWORD flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;

	return LockFileEx(handle_of(fd), flags, 0, 1, 0, &where) ? 0 : wide_errno();
}

/* ---- look ---- */

static int look(HANDLE handle, struct osfile_info *info)
{
	BY_HANDLE_FILE_INFORMATION of;

	memset(info, 0, sizeof(*info));
	info->kind = OSFILE_OTHER;
	if (GetFileType(handle) != FILE_TYPE_DISK)
		return 0;
	if (!GetFileInformationByHandle(handle, &of))
		return wide_errno();
	info->kind = (of.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? OSFILE_FOLDER
									   : OSFILE_REGULAR;
	info->size = (uint64_t)of.nFileSizeHigh << 32 | of.nFileSizeLow;
	info->links = of.nNumberOfLinks;
	info->id[0] = of.dwVolumeSerialNumber;
	info->id[1] = (uint64_t)of.nFileIndexHigh << 32 | of.nFileIndexLow;
	return 0;
}

int osfile_look(int fd, struct osfile_info *info)
{
	return look(handle_of(fd), info);
}

/* NUL, CON, \\.\COM1, \\.\pipe\x: to open one of these may do something. */
static bool is_device(const wchar_t *wide)
{
	wchar_t whole[MAX_PATH];

	return GetFullPathNameW(wide, MAX_PATH, whole, NULL) < MAX_PATH &&
	       wcsncmp(whole, L"\\\\.\\", 4) == 0;
}

static int look_at(const char *path, DWORD flags, struct osfile_info *info)
{
	wchar_t *wide = wide_path(path);
	HANDLE handle;
	int rc = 0;

	if (wide == NULL)
		return -1;
	memset(info, 0, sizeof(*info));
	info->kind = OSFILE_OTHER;
	if (!is_device(wide)) {
		handle = CreateFileW(wide, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING,
			FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
		rc = handle != INVALID_HANDLE_VALUE ? look(handle, info) : wide_errno();
		if (handle != INVALID_HANDLE_VALUE)
			CloseHandle(handle);
	}
	free(wide);
	return rc;
}

int osfile_look_at(const char *path, struct osfile_info *info)
{
	return look_at(path, 0, info);
}

static bool is_socket(const char *path)
{
	wchar_t *wide = wide_path(path);
	WIN32_FIND_DATAW found;
	HANDLE search;

	if (wide == NULL)
		return false;
	search = FindFirstFileW(wide, &found);
	free(wide);
	if (search == INVALID_HANDLE_VALUE)
		return false;
	FindClose(search);
	return (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
	       found.dwReserved0 == IO_REPARSE_TAG_AF_UNIX;
}

int osfile_look_at_name(const char *path, struct osfile_info *info)
{
	if (look_at(path, FILE_FLAG_OPEN_REPARSE_POINT, info) != 0)
		return -1;
	if (is_socket(path))
		info->kind = OSFILE_SOCKET;
	return 0;
}

/* Windows answers only who tries. */
static int try_access(const char *path, DWORD access, DWORD flags)
{
	wchar_t *wide = wide_path(path);
	HANDLE handle;

	if (wide == NULL)
		return -1;
	handle = CreateFileW(wide, access, SHARE_ALL, NULL, OPEN_EXISTING, flags, NULL);
	free(wide);
	if (handle == INVALID_HANDLE_VALUE)
		return wide_errno();
	CloseHandle(handle);
	return 0;
}

int osfile_may_read(const char *path)
{
	return try_access(path, GENERIC_READ, 0);
}

int osfile_may_write(const char *path)
{
	return try_access(path, GENERIC_WRITE, 0);
}

int osfile_may_write_into(const char *folder)
{
	return try_access(folder, FILE_ADD_FILE, FILE_FLAG_BACKUP_SEMANTICS);
}

/* ---- change names ---- */

static void put_random(char out[static 6])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	LARGE_INTEGER count;
	uint64_t bits;

	QueryPerformanceCounter(&count);
	bits = (uint64_t)count.QuadPart * UINT64_C(0x9E3779B97F4A7C15) + GetCurrentProcessId();
	for (size_t i = 0; i < 6; i++)
		out[i] = letters[(bits >> (34 + 5 * i)) % 32];
}

int osfile_make_temporary(char *path, bool is_private)
{
	const struct opening o = { GENERIC_READ | GENERIC_WRITE, CREATE_NEW, _O_RDWR,
		is_private ? ACL_PRIVATE : ACL_INHERITED };
	char *const random = path + strlen(path) - 6;
	int fd = -1;

	errno = EEXIST;
	for (unsigned i = 0; i < TRIES && fd < 0 && errno == EEXIST; i++) {
		wchar_t *wide;

		put_random(random);
		if ((wide = wide_path(path)) == NULL)
			return -1;
		fd = open_wide(wide, &o);
		free(wide);
	}
	return fd;
}

/* A scanner that has just opened the file lets go of it soon. */
static int replace(const wchar_t *from, const wchar_t *to)
{
	const DWORD flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;

	for (unsigned i = 0; !MoveFileExW(from, to, flags); i++) {
		const DWORD last = GetLastError();

		if (i == TRIES ||
			(last != ERROR_SHARING_VIOLATION && last != ERROR_ACCESS_DENIED) ||
			(GetFileAttributesW(to) != INVALID_FILE_ATTRIBUTES &&
				(GetFileAttributesW(to) & FILE_ATTRIBUTE_READONLY) != 0)) {
			SetLastError(last);
			return wide_errno();
		}
		Sleep(TRY_MS);
	}
	return 0;
}

int osfile_replace(const char *from, const char *to)
{
	wchar_t *wide_old = wide_path(from), *wide_new = wide_path(to);
	int rc = -1;

	if (wide_old != NULL && wide_new != NULL)
		rc = replace(wide_old, wide_new);
	free(wide_old);
	free(wide_new);
	return rc;
}

/* Windows does so when it renames. */
int osfile_sync_folder(const char *path)
{
	(void)path;
	return 0;
}

int osfile_remove(const char *path)
{
	wchar_t *wide = wide_path(path);
	int rc;

	if (wide == NULL)
		return -1;
	rc = (is_folder(wide) ? RemoveDirectoryW(wide) : DeleteFileW(wide)) ? 0 : wide_errno();
	free(wide);
	return rc;
}

static int make_folder(const char *path, enum acl_kind kind)
{
	wchar_t *wide = wide_path(path);
	SECURITY_ATTRIBUTES security;
	int rc = -1;

	if (wide != NULL && acl_begin(&security, kind) == 0) {
		rc = CreateDirectoryW(wide, &security) ? 0 : wide_errno();
		acl_end(&security);
	}
	free(wide);
	return rc;
}

int osfile_make_folder(const char *path)
{
	return make_folder(path, ACL_PRIVATE);
}

int osfile_make_shared_folder(const char *path)
{
	return make_folder(path, ACL_EVERYBODY);
}

/* ---- names ---- */

bool osfile_is_separator(char c)
{
	return c == '/' || c == '\\';
}

static bool has_drive(const char *path)
{
	return ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) &&
	       path[1] == ':';
}

size_t osfile_name_at(const char *path)
{
	size_t n = strlen(path), first = has_drive(path) ? 2 : 0;

	while (n > first && !osfile_is_separator(path[n - 1]))
		n--;
	return n;
}

/* Behind the next part and its separator. */
static size_t behind_part(const char *path, size_t at)
{
	while (path[at] != '\0' && !osfile_is_separator(path[at]))
		at++;
	return path[at] != '\0' ? at + 1 : at;
}

size_t osfile_root_len(const char *path)
{
	size_t n = has_drive(path) ? 2 : 0;

	if (n == 0 && osfile_is_separator(path[0]) && osfile_is_separator(path[1]))
		return behind_part(path, behind_part(path, 2)); /* \\SERVER\SHARE\ */
	return osfile_is_separator(path[n]) ? n + 1 : n;
}

/* ---- folders ---- */

static int add_name(struct osfile_names *names, size_t *cap, const wchar_t *wide)
{
	char **more;

	if (wcscmp(wide, L".") == 0 || wcscmp(wide, L"..") == 0)
		return 0;
	if (names->count == *cap) {
		*cap = *cap > 0 ? 2 * *cap : NAMES_FIRST;
		if ((more = realloc(names->at, *cap * sizeof(*more))) == NULL) {
			errno = ENOMEM;
			return -1;
		}
		names->at = more;
	}
	if ((names->at[names->count] = wide_to(wide)) == NULL)
		return -1;
	names->count++;
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_all(struct osfile_names *names, const wchar_t *pattern)
{
	WIN32_FIND_DATAW found;
	HANDLE search = FindFirstFileW(pattern, &found);
	size_t cap = 0;
	int rc = 0;

	if (search == INVALID_HANDLE_VALUE)
		return wide_errno();
	do
		rc = add_name(names, &cap, found.cFileName);
	while (rc == 0 && FindNextFileW(search, &found));
	FindClose(search);
	return rc;
}

int osfile_list(struct osfile_names *names, const char *folder)
{
	const size_t size = strlen(folder) + sizeof("\\*");
	char *all = malloc(size);
	wchar_t *pattern = NULL;
	int rc = -1;

	memset(names, 0, sizeof(*names));
	if (all != NULL) {
		snprintf(all, size, "%s\\*", folder);
		pattern = wide_path(all);
	}
	if (pattern != NULL)
		rc = list_all(names, pattern);
	if (rc != 0)
		osfile_names_free(names);
	else if (names->count > 0)
		qsort(names->at, names->count, sizeof(*names->at), by_bytes);
	free(pattern);
	free(all);
	return rc;
}

int osfile_others(struct osfile_others *others, const char *path)
{
	wchar_t *wide = wide_path(path);
	bool folder;
	int rc;

	if (wide == NULL)
		return -1;
	folder = is_folder(wide);
	rc = acl_others(others->how, sizeof(others->how), wide);
	free(wide);
	if (rc == 1 && others->how[0] != '\0')
		snprintf(others->remedy, sizeof(others->remedy),
			"icacls \"%.300s\" /inheritance:r /remove \"%s\" /grant:r "
			"\"%%USERNAME%%:%sF\"",
			path, others->how, folder ? "(OI)(CI)" : "");
	else if (rc == 1) {
		snprintf(others->how, sizeof(others->how), "the drive knows no owners");
		snprintf(others->remedy, sizeof(others->remedy), "keep it on a drive with NTFS");
	}
	return rc;
}
