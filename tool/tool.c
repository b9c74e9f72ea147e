/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "tool.h"

#include "cause.h"
#include "device-words.h"
#include "file.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INPUT_MAX ((size_t)1 << 20)

const struct opt tool_global_opts[] = {
	{ .kind = OPT_TEXT,
		.letter = 'd',
		.name = "device",
		.value = "URI",
		.help = "the chip: " DEVICE_FORMS,
		.at = offsetof(struct tool_globals, device) },
	{ .kind = OPT_FLAG,
		.name = "json",
		.help = "print one JSON object instead of text",
		.at = offsetof(struct tool_globals, json) },
	{ .kind = OPT_FLAG,
		.letter = 'q',
		.name = "quiet",
		.help = "print results and errors only",
		.at = offsetof(struct tool_globals, quiet) },
	{ .kind = OPT_COUNT,
		.letter = 'v',
		.name = "verbose",
		.help = "say more about each step",
		.at = offsetof(struct tool_globals, verbose) },
	{ .kind = OPT_FLAG,
		.letter = 'h',
		.name = "help",
		.help = "print how it is used, and stop",
		.at = offsetof(struct tool_globals, help) },
	{ .kind = OPT_FLAG,
		.letter = 'V',
		.name = "version",
		.help = "print the version, and stop",
		.at = offsetof(struct tool_globals, version) },
	{ .kind = OPT_END },
};

void tool_say(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	progress_above(&t->progress, fmt, ap);
	va_end(ap);
}

void tool_note(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	if (t->globals.quiet)
		return;
	va_start(ap, fmt);
	progress_above(&t->progress, fmt, ap);
	va_end(ap);
}

void tool_conclude(struct tool *t, const char *fmt, ...)
{
	size_t used = strlen(t->conclusion);
	va_list ap;

	if (t->globals.quiet || used + 2 >= sizeof(t->conclusion))
		return;
	va_start(ap, fmt);
	vsnprintf(t->conclusion + used, sizeof(t->conclusion) - used - 1, fmt, ap);
	va_end(ap);
	used = strlen(t->conclusion);
	memcpy(t->conclusion + used, "\n", sizeof("\n"));
}

void tool_print_conclusion(struct tool *t)
{
	fputs(t->conclusion, stderr);
}

void tool_print_failure(struct tool *t)
{
	const struct fail *f = &t->fail;

	progress_clear(&t->progress);
	fprintf(stderr, "%s: %s%s%s\n", t->program, f->what, f->what[0] != '\0' ? ": " : "",
		f->why);
	if (f->next[0] != '\0')
		fprintf(stderr, "  next: %s\n", f->next);
}

static void say_throttled(void *ctx, uint8_t sec, uint32_t delay_ms)
{
	struct tool *t = ctx;
	const char *device = t->globals.device;
	char text[160];

	/* Delays end at 127, and each step down takes five seconds: DSX 8, "Security Monitor". */
	device_throttle_text(text, sizeof(text), sec, delay_ms);
	tool_note(t, "waiting: %s", text);
	if (strncmp(device, "sim:", 4) == 0)
		tool_note(t, "  next: it recovers with powered idle time: trustx sim rest %.*s %u",
			(int)strcspn(device + 4, "?"), device + 4, (sec - 127u) * 5);
	else
		tool_note(t, "  next: it recovers while it is powered and idle, one step in 5 s");
}

static void show_doing(void *ctx, const char *text)
{
	struct tool *t = ctx;

	progress_show(&t->progress, "%s", text);
}

static enum trustx_err not_chosen(struct tool *t, const struct trustx_bus_found *list, size_t count)
{
	struct fail *f = &t->fail;
	char example[320];
	size_t n;

	cause_quote(example, sizeof(example), count > 0 ? list[0].uri : "sim:chip");
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "no device given%s",
		count > 1   ? "; there are"
		: count > 0 ? "; there is"
			    : "");
	for (size_t i = 0; i < count; i++) {
		n = strlen(f->why);
		snprintf(f->why + n, sizeof(f->why) - n, "%s %s", i > 0 ? "," : "", list[i].uri);
	}
	return fail_next(f,
		"name one with -d URI or in TRUSTX_DEVICE, for example -d %s; this shows what is "
		"there: trustx scan",
		example);
}

/* What was named, else the only FT260; nothing is guessed between two. */
static enum trustx_err choose_device(struct tool *t)
{
	const struct trustx_bus_found *only;
	struct trustx_bus_found *list;
	size_t count;
	enum trustx_err err;

	if (t->globals.device != NULL && t->globals.device[0] != '\0')
		return TRUSTX_OK;
	if ((err = trustx_bus_list(&list, &count, &t->fail)) != TRUSTX_OK)
		return err;
	only = scan_only_board(list, count);
	if (only != NULL) {
		snprintf(t->chosen, sizeof(t->chosen), "%s", only->uri);
		t->globals.device = t->chosen;
	} else
		err = not_chosen(t, list, count);
	free(list);
	return err;
}

enum trustx_err tool_open(struct tool *t, const char *state_dir)
{
	struct trustx_link link;
	enum trustx_err err;

	if ((err = choose_device(t)) != TRUSTX_OK)
		return err;
	progress_show(&t->progress, "open %s", t->globals.device);
	if ((err = device_open(&t->dev, t->globals.device, state_dir, &t->fail)) != TRUSTX_OK)
		return err;
	t->dev.watch = (struct device_watch){ say_throttled, show_doing, t };
	if (t->globals.verbose > 0) {
		trustx_link(&t->dev.se, &link);
		tool_note(t, "opened %s: chip %s, frames of %u bytes, %u kHz", t->globals.device,
			t->dev.uid_hex, link.frame_size, (unsigned)(link.speed_hz / 1000));
	}
	return TRUSTX_OK;
}

/* Asked before the chip changes: a request that cannot be stored shall not cost a key. */
enum trustx_err tool_check_output(struct tool *t, const char *path)
{
	if (path == NULL)
		return TRUSTX_OK;
	if (strcmp(path, "-") == 0 && t->globals.json)
		return fail_set(
			&t->fail, TRUSTX_ERR_USAGE, "-o - and --json both want standard output");
	return file_check_writable(path, &t->fail);
}

bool tool_is_file(const char *path)
{
	return path != NULL && strcmp(path, "-") != 0;
}

enum trustx_err tool_output(struct tool *t, const char *path, const void *data, size_t len)
{
	if (!tool_is_file(path)) {
		out_data(&t->out, data, len);
		return TRUSTX_OK;
	}
	return file_write(path, data, len, FILE_PUBLIC, FILE_SYNC, &t->fail);
}

enum trustx_err tool_read_file(struct tool *t, struct blob *b, const char *path)
{
	enum trustx_err err;

	blob_init(b, INPUT_MAX);
	if ((err = file_read(b, path, &t->fail)) == TRUSTX_OK && b->len == 0)
		err = fail_set(&t->fail, TRUSTX_ERR_INPUT, "the file is empty");
	if (err != TRUSTX_OK)
		fail_what(&t->fail, "read %s", strcmp(path, "-") == 0 ? "standard input" : path);
	return err;
}

enum trustx_err tool_confirm(struct tool *t, const char *confirm, const char *what)
{
	if (confirm != NULL && strcasecmp(confirm, t->dev.uid_hex) == 0)
		return TRUSTX_OK;
	if (confirm != NULL)
		fail_set(&t->fail, TRUSTX_ERR_CONSENT,
			"%s: --confirm names another chip; this one is %s", what, t->dev.uid_hex);
	else
		fail_set(&t->fail, TRUSTX_ERR_CONSENT, "%s cannot be undone", what);
	return fail_next(&t->fail, "if that is what you want: add --confirm %s", t->dev.uid_hex);
}

static enum trustx_err read_config(
	struct tool *t, struct csrflow_subject *subject, struct blob *config, const char *path)
{
	enum trustx_err err;

	if ((err = tool_read_file(t, config, path)) != TRUSTX_OK)
		return err;
	subject->config = config->data;
	subject->config_len = config->len;
	return TRUSTX_OK;
}

/* Placeholders as long as the real ones: what is refused later is refused now. */
static enum trustx_err check_subject(struct tool *t, const struct csrflow_subject *subject)
{
	const struct name_vars vars = { "000000000000000000000000000000000000000000000000000000",
		"00000000000000000000" };
	X509_NAME *name = NULL;
	enum trustx_err err;

	err = subject->config != NULL ? name_from_config(&name, &vars, subject->config,
						subject->config_len, &t->fail)
				      : name_from_text(&name, &vars, subject->text, &t->fail);
	X509_NAME_free(name);
	return err;
}

enum trustx_err tool_subject(struct tool *t, struct csrflow_subject *subject, struct blob *config,
	const struct subject_args *args)
{
	enum trustx_err err;

	blob_init(config, INPUT_MAX);
	memset(subject, 0, sizeof(*subject));
	if ((args->config != NULL) == (args->subject != NULL)) {
		fail_set(&t->fail, TRUSTX_ERR_USAGE, "%s",
			args->config == NULL ? "no subject given"
					     : "-i and --subject exclude each other");
		return fail_next(&t->fail, "give -i config.jsn or --subject CN=...");
	}
	subject->text = args->subject;
	subject->san = args->san.at;
	subject->san_count = args->san.count;
	if (args->config != NULL &&
		(err = read_config(t, subject, config, args->config)) != TRUSTX_OK)
		return err;
	if ((err = check_subject(t, subject)) != TRUSTX_OK && args->config != NULL)
		fail_what(&t->fail, "%.120s", args->config);
	return err;
}
