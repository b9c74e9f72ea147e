/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "passphrase.h"

#include "file.h"
#include "interrupt.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Editors end a file with a newline, and some with a carriage return, too. */
static enum trustx_err keep_first_line(struct blob *secret, struct fail *f)
{
	size_t len = strcspn(blob_text(secret), "\r\n");

	if (secret->data != NULL) {
		mem_wipe(secret->data + len, secret->len - len);
		secret->len = len;
	}
	if (len == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the passphrase is empty");
	return TRUSTX_OK;
}

/* Up to the end of the line, byte for byte: a terminal in line mode gives no more. */
static enum trustx_err read_line(struct blob *line, int fd, struct fail *f)
{
	char c;
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n')
		if (blob_add(line, &c, 1) != TRUSTX_OK)
			return fail_set(
				f, TRUSTX_ERR_INPUT, "longer than %d bytes", PASSPHRASE_MAX);
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

static enum trustx_err ask(struct blob *line, int fd, const char *prompt, struct fail *f)
{
	struct termios before, quiet;
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

static enum trustx_err ask_again(
	const struct blob *secret, int fd, const char *prompt, struct fail *f)
{
	struct blob again;
	enum trustx_err err;

	blob_init(&again, PASSPHRASE_MAX);
	if ((err = ask(&again, fd, prompt, f)) == TRUSTX_OK &&
		(again.len != secret->len || !mem_equal(again.data, secret->data, secret->len)))
		err = fail_set(f, TRUSTX_ERR_INPUT, "the two passphrases differ");
	blob_free(&again);
	return err;
}

static enum trustx_err from_terminal(
	struct blob *secret, const struct passphrase_source *source, struct fail *f)
{
	enum trustx_err err;
	int fd;

	if ((fd = open("/dev/tty", O_RDWR | O_CLOEXEC)) < 0) {
		fail_set(f, TRUSTX_ERR_INPUT, "a passphrase is needed and there is no terminal");
		return fail_next(f, "give it with --passphrase-file FILE");
	}
	if ((err = ask(secret, fd, source->prompt, f)) == TRUSTX_OK)
		err = keep_first_line(secret, f);
	if (err == TRUSTX_OK && source->twice)
		err = ask_again(secret, fd, "The same again", f);
	close(fd);
	return err;
}

enum trustx_err passphrase_get(
	struct blob *secret, const struct passphrase_source *source, struct fail *f)
{
	enum trustx_err err;

	if (source->file == NULL)
		return from_terminal(secret, source, f);
	if ((err = file_read(secret, source->file, f)) != TRUSTX_OK)
		return err;
	return keep_first_line(secret, f);
}
