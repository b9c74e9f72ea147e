/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "terminal.h"

#include "interrupt.h"
#include "mem.h"
#include "wide.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4
#endif

#define LINE_MAX_  512
#define HANDLER_MS 100 /* how late Ctrl-C may be told behind the read that it ended */

struct terminal {
	HANDLE in, out;
};

static HANDLE open_console(const wchar_t *name)
{
	return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
		NULL, OPEN_EXISTING, 0, NULL);
}

struct terminal *terminal_open(void)
{
	struct terminal *t = malloc(sizeof(*t));

	if (t == NULL)
		return NULL;
	t->in = open_console(L"CONIN$");
	t->out = open_console(L"CONOUT$");
	if (t->in != INVALID_HANDLE_VALUE && t->out != INVALID_HANDLE_VALUE)
		return t;
	terminal_close(t);
	return NULL;
}

void terminal_close(struct terminal *terminal)
{
	if (terminal->in != INVALID_HANDLE_VALUE)
		CloseHandle(terminal->in);
	if (terminal->out != INVALID_HANDLE_VALUE)
		CloseHandle(terminal->out);
	free(terminal);
}

static void say(const struct terminal *t, const char *text)
{
	wchar_t *wide = wide_from(text);
	DWORD n;

	if (wide != NULL)
		WriteConsoleW(t->out, wide, (DWORD)wcslen(wide), &n, NULL);
	free(wide);
}

static enum trustx_err unreadable(struct fail *f)
{
	char why[160];

	wide_error_text(why, sizeof(why), GetLastError());
	return fail_set(f, TRUSTX_ERR_INPUT, "cannot read from the console: %s", why);
}

static enum trustx_err keep(struct blob *line, wchar_t *typed, DWORD n, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	char *text;

	while (n > 0 && (typed[n - 1] == L'\n' || typed[n - 1] == L'\r'))
		n--;
	typed[n] = L'\0';
	if ((text = wide_to(typed)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (blob_add(line, text, strlen(text)) != TRUSTX_OK)
		err = fail_set(f, TRUSTX_ERR_INPUT, "longer than %zu bytes", line->max);
	mem_wipe(text, strlen(text));
	free(text);
	return err;
}

/* Ctrl-C ends the read, and tells the handler at the same time or a little later. */
static enum trustx_err read_line(const struct terminal *t, struct blob *line, struct fail *f)
{
	wchar_t typed[LINE_MAX_ + 1];
	enum trustx_err err;
	DWORD n = 0;

	if (!ReadConsoleW(t->in, typed, LINE_MAX_, &n, NULL))
		return unreadable(f);
	for (unsigned ms = 0; n == 0 && ms < HANDLER_MS && !interrupt_seen(); ms++)
		Sleep(1);
	if (n == 0 && interrupt_seen())
		return interrupt_check(f);
	err = keep(line, typed, n, f);
	mem_wipe(typed, sizeof(typed));
	return err;
}

enum trustx_err terminal_ask(
	struct terminal *terminal, struct blob *line, const char *prompt, struct fail *f)
{
	enum trustx_err err;
	DWORD before;

	if (!GetConsoleMode(terminal->in, &before))
		return unreadable(f);
	SetConsoleMode(terminal->in, ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT);
	FlushConsoleInputBuffer(terminal->in);
	say(terminal, prompt);
	say(terminal, ": ");
	err = read_line(terminal, line, f);
	SetConsoleMode(terminal->in, before);
	say(terminal, "\r\n");
	return err;
}

bool terminal_shows_errors(void)
{
	HANDLE errors = GetStdHandle(STD_ERROR_HANDLE);
	DWORD mode;

	return GetConsoleMode(errors, &mode) &&
	       SetConsoleMode(
		       errors, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}
