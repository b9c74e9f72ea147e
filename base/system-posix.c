/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "system.h"

#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define RELEASE_MAX ((size_t)1 << 16)

/* "Debian GNU/Linux 12 (bookworm)"; "" if the system does not say. */
static void read_distribution(char *out, size_t cap)
{
	static const char key[] = "PRETTY_NAME=\"";
	struct fail ignored;
	struct blob text;
	const char *at;

	out[0] = '\0';
	blob_init(&text, RELEASE_MAX);
	if (file_read(&text, "/etc/os-release", &ignored) == TRUSTX_OK &&
		(at = strstr(blob_text(&text), key)) != NULL) {
		at += strlen(key);
		snprintf(out, cap, "%.*s", (int)strcspn(at, "\"\n"), at);
	}
	blob_free(&text);
}

void system_describe(char *out, size_t cap)
{
	struct utsname u = { .sysname = "" };
	char distribution[120];

	if (uname(&u) != 0)
		u.sysname[0] = '\0';
	read_distribution(distribution, sizeof(distribution));
	snprintf(out, cap, "%s %s %s, %s", u.sysname, u.release, u.machine, distribution);
}

const char system_state_variable[] = "HOME";
const char system_home_variable[] = "HOME";

static char *join(const char *folder, const char *middle, const char *name)
{
	size_t size = strlen(folder) + strlen(middle) + strlen(name) + 1;
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%s%s%s", folder, middle, name);
	return path;
}

/* XDG Base Directory Specification: a relative path is to be ignored. */
char *system_state_dir(const char *program)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return join(xdg, "/", program);
	if (home != NULL && home[0] != '\0')
		return join(home, "/.local/state/", program);
	return NULL;
}
