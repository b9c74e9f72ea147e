/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "wide.h"

#include <windows.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Where MAX_PATH begins to count: for folders, room for a name of 8.3 is asked for. */
#define SHORT_MAX (MAX_PATH - 12)

wchar_t *wide_from(const char *text)
{
	int len = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
	wchar_t *wide;

	if (len <= 0) {
		errno = EILSEQ;
		return NULL;
	}
	if ((wide = calloc((size_t)len, sizeof(*wide))) == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, len);
	return wide;
}

char *wide_to(const wchar_t *wide)
{
	int len = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
	char *text = len > 0 ? malloc((size_t)len) : NULL;

	if (text == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, len, NULL, NULL);
	return text;
}

/* Room for a prefix is in front of the whole path; NULL and errno ENOMEM. */
static wchar_t *whole_path(const wchar_t *wide, size_t room)
{
	DWORD cap = GetFullPathNameW(wide, 0, NULL, NULL);
	wchar_t *whole = cap > 0 ? calloc(cap + room, sizeof(*whole)) : NULL;

	if (whole == NULL || GetFullPathNameW(wide, cap, whole + room, NULL) >= cap) {
		free(whole);
		errno = ENOMEM;
		return NULL;
	}
	return whole;
}

/* Behind \\?\ Windows takes a path as it is: whole, and with its own separators. */
static wchar_t *lengthen(const wchar_t *wide)
{
	static const wchar_t plain[] = L"\\\\?\\", share[] = L"\\\\?\\UNC\\";
	const size_t room = wcslen(share);
	wchar_t *whole = whole_path(wide, room), *at;

	if (whole == NULL)
		return NULL;
	at = whole + room;
	if (wcsncmp(at, L"\\\\", 2) == 0) {
		at += 2 - wcslen(share);
		memcpy(at, share, wcslen(share) * sizeof(*at));
	} else {
		at -= wcslen(plain);
		memcpy(at, plain, wcslen(plain) * sizeof(*at));
	}
	memmove(whole, at, (wcslen(at) + 1) * sizeof(*at));
	return whole;
}

wchar_t *wide_path(const char *path)
{
	wchar_t *wide = wide_from(path), *longer;

	/* No path is "": Windows would take it for the folder we are in. */
	if (wide == NULL || wide[0] == L'\0' || wcsncmp(wide, L"\\\\?\\", 4) == 0 ||
		wcsncmp(wide, L"\\\\.\\", 4) == 0 ||
		GetFullPathNameW(wide, 0, NULL, NULL) <= SHORT_MAX)
		return wide;
	longer = lengthen(wide);
	free(wide);
	return longer;
}

static const struct {
	DWORD windows;
	int number;
} errors[] = {
	{ ERROR_FILE_NOT_FOUND, ENOENT },
	{ ERROR_PATH_NOT_FOUND, ENOENT },
	{ ERROR_INVALID_DRIVE, ENOENT },
	{ ERROR_BAD_NETPATH, ENOENT },
	{ ERROR_BAD_NET_NAME, ENOENT },
	{ ERROR_INVALID_NAME, EINVAL },
	{ ERROR_BAD_PATHNAME, EINVAL },
	{ ERROR_INVALID_PARAMETER, EINVAL },
	{ ERROR_ACCESS_DENIED, EACCES },
	{ ERROR_CANNOT_MAKE, EACCES },
	{ ERROR_PRIVILEGE_NOT_HELD, EPERM },
	{ ERROR_SHARING_VIOLATION, EBUSY },
	{ ERROR_USER_MAPPED_FILE, EBUSY },
	{ ERROR_LOCK_VIOLATION, EWOULDBLOCK },
	{ ERROR_IO_PENDING, EWOULDBLOCK },
	{ ERROR_WRITE_PROTECT, EROFS },
	{ ERROR_DISK_FULL, ENOSPC },
	{ ERROR_HANDLE_DISK_FULL, ENOSPC },
	{ ERROR_FILE_EXISTS, EEXIST },
	{ ERROR_ALREADY_EXISTS, EEXIST },
	{ ERROR_DIR_NOT_EMPTY, ENOTEMPTY },
	{ ERROR_DIRECTORY, ENOTDIR },
	{ ERROR_NOT_ENOUGH_MEMORY, ENOMEM },
	{ ERROR_OUTOFMEMORY, ENOMEM },
	{ ERROR_TOO_MANY_OPEN_FILES, EMFILE },
	{ ERROR_BROKEN_PIPE, EPIPE },
	{ ERROR_NO_DATA, EPIPE },
	{ ERROR_PIPE_NOT_CONNECTED, EPIPE },
	{ ERROR_PIPE_BUSY, EBUSY },
	{ ERROR_NOT_READY, ENXIO },
	{ ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG },
	{ ERROR_INVALID_HANDLE, EBADF },
	{ ERROR_NO_UNICODE_TRANSLATION, EILSEQ },
	{ ERROR_BAD_EXE_FORMAT, ENOEXEC },
};

int wide_errno(void)
{
	const DWORD last = GetLastError();

	_doserrno = last;
	errno = EIO;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].windows == last)
			errno = errors[i].number;
	return -1;
}

void wide_error_text(char *out, size_t cap, unsigned long number)
{
	const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
	wchar_t text[160];
	size_t n;

	if (FormatMessageW(flags, NULL, number, 0, text, sizeof(text) / sizeof(*text), NULL) == 0 ||
		WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)cap, NULL, NULL) == 0)
		out[0] = '\0';
	for (n = strlen(out); n > 0 && ((unsigned char)out[n - 1] <= ' ' || out[n - 1] == '.'); n--)
		out[n - 1] = '\0';
	if (n == 0)
		snprintf(out, cap, "error %lu of Windows", number);
}
