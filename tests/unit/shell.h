/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* For tests that ask other programs: one line of shell, in the test's own folder. */
#ifndef TESTS_UNIT_SHELL_H
#define TESTS_UNIT_SHELL_H

#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Its exit status; a signal counts as 128. */
static inline int shell(const char *line)
{
	extern char **environ;
	char *argv[] = { (char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t)line, NULL };
	int status = 0;
	pid_t pid;

	CHECK(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static inline void run(const char *line)
{
	int status = shell(line);

	if (status != 0)
		test_die(line, status, "this command failed");
}

#endif
