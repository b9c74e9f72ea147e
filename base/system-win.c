/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "system.h"

#include "osfile.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char system_state_variable[] = "LOCALAPPDATA";
const char system_home_variable[] = "USERPROFILE";

/* A function as GetProcAddress gives it, and as it is. */
union function {
	FARPROC any;
	LONG(WINAPI *get_version)(OSVERSIONINFOW *);
	const char *(CDECL *wine_version)(void);
};

static union function of_ntdll(const char *name)
{
	HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
	union function f = { .any = NULL };

	if (ntdll != NULL)
		f.any = GetProcAddress(ntdll, name);
	return f;
}

static const char *processor(void)
{
	SYSTEM_INFO info;

	GetNativeSystemInfo(&info);
	switch (info.wProcessorArchitecture) {
	case PROCESSOR_ARCHITECTURE_AMD64:
		return "x86_64";
	case PROCESSOR_ARCHITECTURE_ARM64:
		return "arm64";
	case PROCESSOR_ARCHITECTURE_INTEL:
		return "x86";
	default:
		return "?";
	}
}

/* GetVersionEx says what programs want to hear. */
void system_describe(char *out, size_t cap)
{
	OSVERSIONINFOW v = { .dwOSVersionInfoSize = sizeof(v) };
	union function version = of_ntdll("RtlGetVersion"), wine = of_ntdll("wine_get_version");

	if (version.any != NULL)
		version.get_version(&v);
	snprintf(out, cap, "Windows %lu.%lu.%lu %s%s%s", v.dwMajorVersion, v.dwMinorVersion,
		v.dwBuildNumber, processor(), wine.any != NULL ? ", Wine " : "",
		wine.any != NULL ? wine.wine_version() : "");
}

/* XDG Base Directory Specification, for those who use it here, too: that of MSYS2, say. */
char *system_state_dir(const char *program)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *local = getenv(system_state_variable);
	size_t size;
	char *path;

	if (xdg != NULL && osfile_root_len(xdg) > 2)
		local = xdg;
	if (local == NULL || local[0] == '\0')
		return NULL;
	size = strlen(local) + strlen(program) + 2;
	if ((path = malloc(size)) != NULL)
		snprintf(path, size, "%s\\%s", local, program);
	return path;
}
