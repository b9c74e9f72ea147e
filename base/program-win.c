/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "program.h"

#include "wide.h"

#include <windows.h>

#include <shellapi.h>

#include <fcntl.h>
#include <io.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define ERROR_BUFFER 4096

/* The console belongs to others, too: they get their code page back. */
static UINT page_before;

static void restore_page(void)
{
	SetConsoleOutputCP(page_before);
}

static void guard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int other;

		if (_get_osfhandle(fd) >= 0)
			continue;
		other = _wopen(L"NUL", (fd == 0 ? _O_WRONLY : _O_RDONLY) | _O_BINARY);
		if (other >= 0 && other != fd) {
			_dup2(other, fd);
			_close(other);
		}
	}
}

/* Bytes as they are. The C library would write an error to the console byte by byte. */
static void set_modes(void)
{
	_setmode(0, _O_BINARY);
	_setmode(1, _O_BINARY);
	_setmode(2, _O_BINARY);
	setvbuf(stderr, NULL, _IOFBF, ERROR_BUFFER);
}

static void set_console(void)
{
	page_before = GetConsoleOutputCP();
	if (page_before == 0 || page_before == CP_UTF8 || !SetConsoleOutputCP(CP_UTF8))
		return;
	atexit(restore_page);
}

static char *or_die(char *text)
{
	if (text == NULL) {
		fprintf(stderr, "out of memory\n");
		exit(1);
	}
	return text;
}

/* CommandLineToArgvW does not expand patterns, as our callers expect. */
static void take_arguments(int *argc, char ***argv)
{
	wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), argc);
	char **list = wide != NULL ? calloc((size_t)*argc + 1, sizeof(*list)) : NULL;

	or_die((char *)list);
	for (int i = 0; i < *argc; i++)
		list[i] = or_die(wide_to(wide[i]));
	LocalFree(wide);
	*argv = list;
}

/* Only our copy: what we start gets the one of Windows. It begins with "=C:=C:\folder". */
static void take_environment(void)
{
	wchar_t *all = GetEnvironmentStringsW(), *at;
	size_t n = 0;
	char **list;

	if (all == NULL)
		return;
	for (at = all; *at != L'\0'; at += wcslen(at) + 1)
		n++;
	list = calloc(n + 1, sizeof(*list));
	or_die((char *)list);
	n = 0;
	for (at = all; *at != L'\0'; at += wcslen(at) + 1)
		list[n++] = or_die(wide_to(at));
	FreeEnvironmentStringsW(all);
	_environ = list;
}

/* No library from the folder we are in, and no question about drives without a medium. */
void program_begin(int *argc, char ***argv)
{
	SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
	SetDllDirectoryW(L"");
	guard_descriptors();
	set_modes();
	set_console();
	take_arguments(argc, argv);
	take_environment();
}

long program_pid(void)
{
	return (long)GetCurrentProcessId();
}
