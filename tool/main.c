/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "cause.h"
#include "exitcode.h"
#include "file.h"
#include "interrupt.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELP_MAX ((size_t)1 << 16)

/* The command line as it is understood word by word. */
struct line {
	struct opt_scan scan;
	const char *noun;
	size_t args; /* arguments taken */
	_Alignas(16) unsigned char values[CMD_VALUES_MAX];
};

/* Usage errors too are reported in the form that was asked for, wherever --json stands. */
static bool json_asked(int argc, char *const argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

static enum trustx_err unknown_command(struct tool *t, const struct line *line, const char *word)
{
	if (line->noun == NULL) {
		fail_set(&t->fail, TRUSTX_ERR_USAGE, "unknown command '%.60s'", word);
		return fail_next(&t->fail, "trustx help");
	}
	fail_set(&t->fail, TRUSTX_ERR_USAGE, "unknown command '%s %.60s'", line->noun, word);
	return fail_next(&t->fail, "trustx help %s", line->noun);
}

/* From here on the command's own options are known, and the global ones still are. */
static void choose(struct tool *t, struct line *line, const struct cmd *cmd)
{
	t->cmd = cmd;
	line->scan.table[1] = (struct opt_table){ cmd->opts, line->values };
}

static enum trustx_err take_argument(struct tool *t, struct line *line, const char *word)
{
	const struct opt *arg = t->cmd->args;

	for (size_t i = 0; arg != NULL && arg->kind != OPT_END && i < line->args; i++)
		arg++;
	if (arg == NULL || arg->kind == OPT_END)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE, "extra argument '%.60s'", word);
	if (arg->kind != OPT_LIST)
		line->args++;
	return opt_set(arg, line->values, word, &t->fail);
}

/* Noun, verb, then arguments; a noun that stands alone is a command at once. */
static enum trustx_err take_word(struct tool *t, struct line *line, const char *word)
{
	const struct cmd *cmd;

	if (t->cmd != NULL)
		return take_argument(t, line, word);
	if (line->noun == NULL && !cmd_is_noun(word))
		return unknown_command(t, line, word);
	if (line->noun == NULL) {
		line->noun = word;
		if ((cmd = cmd_find(word, NULL)) != NULL)
			choose(t, line, cmd);
		return TRUSTX_OK;
	}
	if ((cmd = cmd_find(line->noun, word)) == NULL)
		return unknown_command(t, line, word);
	choose(t, line, cmd);
	return TRUSTX_OK;
}

static enum trustx_err scan_words(struct tool *t, struct line *line)
{
	const char *word = NULL;
	enum trustx_err err;

	do {
		if ((err = opt_next(&line->scan, &word, &t->fail)) != TRUSTX_OK)
			return err;
		if (word != NULL && (err = take_word(t, line, word)) != TRUSTX_OK)
			return err;
	} while (word != NULL);
	return TRUSTX_OK;
}

/* Help works on half a line, too: on a noun without its verb, a command without its arguments. */
static enum trustx_err print_help(struct tool *t, const char *noun)
{
	struct blob text;
	enum trustx_err err;

	blob_init(&text, HELP_MAX);
	err = t->cmd != NULL ? cmd_help_text(&text, t->cmd) : cmd_overview(&text, noun);
	if (err == TRUSTX_OK) {
		out_data(&t->out, text.data, text.len);
		out_str(&t->out, "text", NULL, blob_text(&text));
	}
	blob_free(&text);
	t->cmd = &cmd_help;
	return err;
}

static enum trustx_err missing_word(struct tool *t, const char *noun)
{
	if (noun == NULL)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE, "no command given");
	return fail_set(&t->fail, TRUSTX_ERR_USAGE, "%s: the verb is missing", noun);
}

static enum trustx_err run_line(struct tool *t, struct line *line)
{
	uint64_t args_given = (UINT64_C(1) << line->args) - 1;
	enum trustx_err err;

	if (t->globals.version)
		t->cmd = &cmd_version;
	else if (t->globals.help)
		return print_help(t, line->noun);
	if (t->cmd == NULL)
		return missing_word(t, line->noun);
	if (t->cmd != &cmd_version &&
		((err = opt_complete(t->cmd->args, line->values, args_given, &t->fail)) !=
				TRUSTX_OK ||
			(err = opt_complete(t->cmd->opts, line->values, line->scan.given[1],
				 &t->fail)) != TRUSTX_OK))
		return err;
	progress_init(&t->progress, !t->globals.quiet);
	if ((err = t->cmd->run(t, line->values)) != TRUSTX_OK)
		return err;
	/* Whoever pressed Ctrl-C wants the script to stop here, even if this command got through. */
	return interrupt_check(&t->fail);
}

/* How the command is used goes with every mistake in using it. */
static void print_usage(struct tool *t, const char *noun)
{
	struct blob text;
	enum trustx_err err;

	if (t->cmd == NULL && t->fail.next[0] != '\0')
		return;
	blob_init(&text, HELP_MAX);
	err = t->cmd != NULL ? cmd_usage(&text, t->cmd) : cmd_overview(&text, noun);
	if (err == TRUSTX_OK)
		fputs(blob_text(&text), stderr);
	blob_free(&text);
}

/* The doctor looks at every layer between this computer and the chip. */
static void send_to_doctor(struct tool *t)
{
	const enum trustx_err err = t->fail.err;
	const size_t used = strlen(t->fail.next);
	char uri[320], text[400];

	if ((t->cmd->flags & CMD_CHIP) == 0 || t->cmd == &cmd_scan || t->cmd == &cmd_doctor ||
		t->globals.device == NULL || t->elsewhere || err == TRUSTX_ERR_UNKNOWN_OUTCOME ||
		exitcode_of(err) != exitcode_of(TRUSTX_ERR_NO_DEVICE))
		return;
	cause_quote(uri, sizeof(uri), t->globals.device);
	snprintf(text, sizeof(text), "%sthis finds out why: trustx doctor -d %s",
		used > 0 ? "; " : "", uri);
	if (used + strlen(text) < sizeof(t->fail.next))
		memcpy(t->fail.next + used, text, strlen(text) + 1);
}

/* Functions without words of their own, and SIGINT that looked like another failure. */
static void settle(struct tool *t, enum trustx_err err)
{
	char name[CMD_NAME_MAX];

	if (interrupt_check(&t->fail) == TRUSTX_OK && t->fail.err != err)
		fail_set(&t->fail, err, "%s", trustx_err_text(err));
	if (t->cmd == NULL)
		return;
	cmd_name(name, t->cmd, ' ');
	fail_what(&t->fail, "%s", name);
	send_to_doctor(t);
}

static int finish(struct tool *t, const char *noun, enum trustx_err err)
{
	char name[CMD_NAME_MAX] = "error", schema[CMD_NAME_MAX + 16];
	struct fail failed;
	enum trustx_err printed;

	if (err != TRUSTX_OK)
		settle(t, err);
	if (t->cmd != NULL)
		cmd_name(name, t->cmd, '-');
	snprintf(schema, sizeof(schema), "trustx.%s/1", name);
	/* Printing may fail in its turn, and must not cover what failed first. */
	failed = t->fail;
	progress_free(&t->progress);
	printed = out_finish(&t->out, schema, err != TRUSTX_OK ? &failed : NULL, &t->fail);
	if (err == TRUSTX_OK && printed == TRUSTX_OK) {
		tool_print_conclusion(t);
		return 0;
	}
	if (err != TRUSTX_OK)
		t->fail = failed;
	else
		settle(t, printed);
	tool_print_failure(t);
	if (t->fail.err == TRUSTX_ERR_USAGE && !t->globals.quiet)
		print_usage(t, noun);
	return exitcode_of(t->fail.err);
}

int main(int argc, char *argv[])
{
	struct tool t = { .program = "trustx" };
	struct line line = { 0 };
	enum trustx_err err;
	int code;

	program_begin(&argc, &argv);
	interrupt_install();
	t.globals.device = getenv("TRUSTX_DEVICE");
	line.scan.argc = argc;
	line.scan.argv = argv;
	line.scan.table[0] = (struct opt_table){ tool_global_opts, &t.globals };
	out_init(&t.out, json_asked(argc, argv));
	if ((err = scan_words(&t, &line)) == TRUSTX_OK)
		err = run_line(&t, &line);
	code = finish(&t, line.noun, err);
	device_close(&t.dev);
	out_free(&t.out);
	return code;
}
