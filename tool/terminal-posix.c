/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "terminal.h"

#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
	int fd;
};

struct terminal *terminal_open(void)
{
	struct terminal *t = malloc(sizeof(*t));

	if (t == NULL)
		return NULL;
	if ((t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC)) < 0) {
		free(t);
		return NULL;
	}
	return t;
}

void terminal_close(struct terminal *terminal)
{
	close(terminal->fd);
	free(terminal);
}

/* Up to the end of the line, byte for byte: a terminal in line mode gives no more. */
static enum trustx_err read_line(struct blob *line, int fd, struct fail *f)
{
	char c;
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n')
		if (blob_add(line, &c, 1) != TRUSTX_OK)
			return fail_set(f, TRUSTX_ERR_INPUT, "longer than %zu bytes", line->max);
	if (n < 0 && errno == EINTR && interrupt_seen())
		return interrupt_check(f);
	if (n < 0)
		return fail_errno(f, TRUSTX_ERR_INPUT, "cannot read from the terminal");
	return TRUSTX_OK;
}

/* The prompt goes to the terminal itself: standard output is data and may be a file. */
static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;
}

enum trustx_err terminal_ask(
	struct terminal *terminal, struct blob *line, const char *prompt, struct fail *f)
{
	struct termios before, quiet;
	const int fd = terminal->fd;
	enum trustx_err err;

	if (tcgetattr(fd, &before) != 0)
		return fail_errno(f, TRUSTX_ERR_INPUT, "cannot read from the terminal");
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	/* Ctrl-C ends the read, so that the echo comes back on this way out, too. */
	tcsetattr(fd, TCSAFLUSH, &quiet);
	say(fd, prompt);
	say(fd, ": ");
	err = read_line(line, fd, f);
	tcsetattr(fd, TCSAFLUSH, &before);
	say(fd, "\n");
	return err;
}

bool terminal_shows_errors(void)
{
	return isatty(STDERR_FILENO) == 1;
}
