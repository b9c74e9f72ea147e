/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "exitcode.h"
#include "file.h"
#include "report.h"

struct doctor_args {
	const char *report;
	bool list;
};

static void print_layers(struct out *o, const struct doctor *d)
{
	out_array(o, "layers");
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		const enum cause_layer layer = (enum cause_layer)i;

		out_object(o, NULL);
		out_str(o, "layer", NULL, cause_layer_name(layer));
		out_str(o, "state", NULL, doctor_state_name(d->layers[i].state));
		out_str(o, "text", NULL, d->layers[i].text);
		out_end(o);
		out_line(o, "%-17s  %-11s  %s", cause_layer_text(layer),
			doctor_state_text(d->layers[i].state), d->layers[i].text);
	}
	out_end(o);
}

static void print_cause(struct out *o, const struct doctor *d)
{
	if (d->cause == NULL) {
		out_null(o, "cause");
		return;
	}
	out_object(o, "cause");
	out_str(o, "name", NULL, d->cause->name);
	out_str(o, "sentence", NULL, d->cause->sentence);
	out_str(o, "seen", NULL, d->why);
	out_str(o, "remedy", NULL, d->cause->remedy);
	out_str(o, "command", NULL, d->command);
	out_end(o);
}

static void print(struct tool *t, const struct doctor *d, const char *report)
{
	struct out *o = &t->out;

	if (d->uri[0] != '\0')
		out_str(o, "device", NULL, d->uri);
	else
		out_null(o, "device");
	if (d->has_uid)
		out_hex(o, "uid", NULL, d->uid, sizeof(d->uid));
	else
		out_null(o, "uid");
	print_layers(o, d);
	print_cause(o, d);
	if (report != NULL) {
		out_str(o, "report", NULL, report);
		tool_note(t, "%s is written; it contains %s", report, report_contents());
	} else
		out_null(o, "report");
}

/* The list for people; scripts/make-trouble makes the documents from the JSON. */
static void print_list(struct out *o)
{
	char command[CAUSE_COMMAND_MAX];

	out_array(o, "causes");
	for (size_t i = 0; i < causes_count; i++) {
		const struct cause *c = &causes[i];

		if (!cause_is_here(c))
			continue;
		cause_command(command, c, NULL);
		out_object(o, NULL);
		out_str(o, "name", NULL, c->name);
		out_str(o, "layer", NULL, cause_layer_name(c->layer));
		out_num(o, "code", NULL, (uint64_t)exitcode_of(c->err));
		out_str(o, "sentence", NULL, c->sentence);
		out_str(o, "remedy", NULL, c->remedy);
		out_str(o, "command", NULL, command);
		out_end(o);
		out_line(o, "%s (%s): %s\n    %s:\n    %s", c->name, cause_layer_text(c->layer),
			c->sentence, c->remedy, command);
	}
	out_end(o);
}

static void show_layer(void *ctx, enum cause_layer layer)
{
	struct tool *t = ctx;

	progress_show(&t->progress, "%s", cause_layer_text(layer));
}

static enum trustx_err fail_by(struct tool *t, const struct doctor *d)
{
	const char *sentence = d->cause->sentence;
	const bool said = strncmp(d->why, sentence, strlen(sentence)) == 0;

	fail_set(&t->fail, d->err, "%s%s%s", said ? "" : sentence, said ? "" : ": ", d->why);
	fail_what(&t->fail, "%s", d->cause->name);
	t->fail.chip_code = d->chip_code;
	return fail_next(&t->fail, "%s: %s", d->cause->remedy, d->command);
}

static enum trustx_err examine(struct tool *t, struct doctor *d, const char *report)
{
	const char *env = getenv("TRUSTX_DEVICE"), *device = t->globals.device;
	const bool named = device != NULL && device[0] != '\0';
	const struct doctor_options opt = {
		.uri = named ? device : NULL,
		.uri_from_env = named && device == env,
		.doing = show_layer,
		.ctx = t,
	};
	enum trustx_err err;

	if (report == NULL)
		return doctor_run(d, &opt, &t->fail);
	if (!tool_is_file(report))
		return fail_set(
			&t->fail, TRUSTX_ERR_USAGE, "a report is written to a file of its own");
	if ((err = file_check_writable(report, &t->fail)) != TRUSTX_OK)
		return err;
	return report_run(d, &opt, report, TRUSTX_VERSION, &t->fail);
}

static enum trustx_err run_doctor(struct tool *t, const void *values)
{
	const struct doctor_args *a = values;
	struct doctor d;
	enum trustx_err err;

	if (a->list && a->report != NULL)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE,
			"--list examines nothing that --report could tell of");
	if (a->list) {
		print_list(&t->out);
		return TRUSTX_OK;
	}
	if ((err = examine(t, &d, a->report)) != TRUSTX_OK)
		return err;
	print(t, &d, a->report);
	out_stand(&t->out);
	if (d.cause != NULL)
		return fail_by(t, &d);
	tool_conclude(t, "nothing is wrong: the chip can be talked to");
	return TRUSTX_OK;
}

static const struct opt doctor_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "report",
		.value = "FILE",
		.help = "write there what a bug report needs, without secrets",
		.at = offsetof(struct doctor_args, report),
		.hint = HINT_FILE },
	{ .kind = OPT_FLAG,
		.name = "list",
		.help = "print every cause that can be named, and its remedy",
		.at = offsetof(struct doctor_args, list) },
	{ .kind = OPT_END },
};

const struct cmd cmd_doctor = {
	.noun = "doctor",
	.help = "Find out why a chip cannot be talked to, and say what to do.",
	.opts = doctor_opts,
	.flags = CMD_CHIP,
	.run = run_doctor,
};
