/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "program.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Here bytes are bytes, and what they mean is the terminal's affair. */
void program_begin(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	signal(SIGXFSZ, SIG_IGN);
}

long program_pid(void)
{
	return getpid();
}
