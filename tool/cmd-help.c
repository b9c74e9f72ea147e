/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "exitcode.h"

#include <stdio.h>

#define HELP_MAX ((size_t)1 << 16)

struct help_args {
	struct opt_list words;
	bool table;
};

static const char *const hints[] = {
	[HINT_NONE] = "none",
	[HINT_FILE] = "file",
	[HINT_DIR] = "dir",
	[HINT_SLOT] = "slot",
	[HINT_WORDS] = "words",
};

/* option COMMAND LETTER NAME VALUE HINT WORDS HELP, tabs between, "-" for nothing. */
static void table_options(struct out *o, const char *command, const struct opt *opts)
{
	for (; opts != NULL && opts->kind != OPT_END; opts++)
		out_line(o, "%s\t%s\t%c\t%s\t%s\t%s\t%s\t%s",
			opts->name != NULL ? "option" : "argument", command,
			opts->letter != 0 ? opts->letter : '-',
			opts->name != NULL ? opts->name : "-",
			opts->value != NULL ? opts->value : "-", hints[opts->hint],
			opts->words != NULL ? opts->words : "-", opts->help);
}

static enum trustx_err print_table(struct tool *t)
{
	struct out *o = &t->out;
	char name[CMD_NAME_MAX];

	table_options(o, "-", tool_global_opts);
	for (size_t i = 0; i < cmds_count; i++) {
		cmd_name(name, cmds[i], ' ');
		out_line(o, "command\t%s\t%s", name, cmds[i]->help);
		table_options(o, name, cmds[i]->opts);
		table_options(o, name, cmds[i]->args);
	}
	for (size_t i = 0; i < exitcodes_count; i++)
		out_line(o, "exit\t%d\t%s", exitcodes[i].code, exitcodes[i].sentence);
	return TRUSTX_OK;
}

static enum trustx_err add_help(struct tool *t, struct blob *text, const struct opt_list *words)
{
	const char *noun = words->count > 0 ? words->at[0] : NULL;
	const struct cmd *cmd;

	if (noun == NULL)
		return cmd_overview(text, NULL);
	cmd = cmd_find(noun, words->count > 1 ? words->at[1] : NULL);
	if (words->count > 2 || (cmd == NULL && (words->count > 1 || !cmd_is_noun(noun))))
		return fail_set(&t->fail, TRUSTX_ERR_USAGE, "unknown command '%.60s%s%.60s'", noun,
			words->count > 1 ? " " : "", words->count > 1 ? words->at[1] : "");
	return cmd != NULL ? cmd_help_text(text, cmd) : cmd_overview(text, noun);
}

static enum trustx_err run_help(struct tool *t, const void *values)
{
	const struct help_args *a = values;
	struct blob text;
	enum trustx_err err;

	if (a->table && !t->out.json)
		return print_table(t);
	blob_init(&text, HELP_MAX);
	if ((err = add_help(t, &text, &a->words)) == TRUSTX_OK) {
		out_data(&t->out, text.data, text.len);
		out_str(&t->out, "text", NULL, blob_text(&text));
	}
	blob_free(&text);
	return err;
}

static const struct opt help_args[] = {
	{ .kind = OPT_LIST,
		.value = "COMMAND",
		.help = "noun, or noun and verb",
		.at = offsetof(struct help_args, words) },
	{ .kind = OPT_END },
};

static const struct opt help_opts[] = {
	{ .kind = OPT_FLAG,
		.name = "table",
		.help = "print all commands, options and exit codes for programs",
		.at = offsetof(struct help_args, table) },
	{ .kind = OPT_END },
};

const struct cmd cmd_help = {
	.noun = "help",
	.help = "Say how trustx, a noun or a command is used.",
	.args = help_args,
	.opts = help_opts,
	.run = run_help,
};
