/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "passphrase.h"

#include "file.h"
#include "mem.h"
#include "terminal.h"

#include <string.h>

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

static enum trustx_err ask_again(
	const struct blob *secret, struct terminal *terminal, const char *prompt, struct fail *f)
{
	struct blob again;
	enum trustx_err err;

	blob_init(&again, PASSPHRASE_MAX);
	if ((err = terminal_ask(terminal, &again, prompt, f)) == TRUSTX_OK &&
		(again.len != secret->len || !mem_equal(again.data, secret->data, secret->len)))
		err = fail_set(f, TRUSTX_ERR_INPUT, "the two passphrases differ");
	blob_free(&again);
	return err;
}

static enum trustx_err from_terminal(
	struct blob *secret, const struct passphrase_source *source, struct fail *f)
{
	struct terminal *terminal = terminal_open();
	enum trustx_err err;

	if (terminal == NULL) {
		fail_set(f, TRUSTX_ERR_INPUT, "a passphrase is needed and there is no terminal");
		return fail_next(f, "give it with --passphrase-file FILE");
	}
	if ((err = terminal_ask(terminal, secret, source->prompt, f)) == TRUSTX_OK)
		err = keep_first_line(secret, f);
	if (err == TRUSTX_OK && source->twice)
		err = ask_again(secret, terminal, "The same again", f);
	terminal_close(terminal);
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
	blob_drop_mark(secret);
	return keep_first_line(secret, f);
}
