/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "compat.h"

#include "device-words.h"
#include "exitcode.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

void compat_begin(struct tool *t, const char *program)
{
	memset(t, 0, sizeof(*t));
	t->program = program;
}

enum trustx_err compat_open(struct tool *t, const char *device)
{
	enum trustx_err err;

	t->globals.device = device;
	err = tool_open(t, NULL);
	if (err != TRUSTX_OK && t->globals.device == NULL)
		snprintf(t->fail.next, sizeof(t->fail.next),
			"plug an FT260 bridge in, or name the chip: " DEVICE_ADAPTERS
			", -f tcp:HOST:PORT, -f sim:chip for a simulated one");
	return err;
}

static bool take_option(const struct compat_option *option, int letter)
{
	while (option->letter != '\0' && option->letter != letter)
		option++;
	if (option->value != NULL)
		*option->value = optarg;
	else if (option->flag != NULL)
		*option->flag = true;
	return option->letter != '\0';
}

static bool is_alone(int argc, char **argv, const char *word)
{
	return argc == 2 && strcmp(argv[1], word) == 0;
}

static bool answer_help(const struct compat_syntax *syntax)
{
	printf("usage: %s\n\n%s", syntax->usage, syntax->help);
	return true;
}

enum trustx_err compat_parse(
	struct tool *t, bool *answered, const struct compat_syntax *syntax, int argc, char **argv)
{
	int c;

	opterr = 0;
	if ((*answered = is_alone(argc, argv, "--version"))) {
		printf("%s (trustx) %s\n", t->program, TRUSTX_VERSION);
		return TRUSTX_OK;
	}
	if (is_alone(argc, argv, "--help")) {
		*answered = answer_help(syntax);
		return TRUSTX_OK;
	}
	while ((c = getopt(argc, argv, syntax->letters)) != -1) {
		if (c == 'h') {
			*answered = answer_help(syntax);
			return TRUSTX_OK;
		}
		if (take_option(syntax->options, c))
			continue;
		fail_set(
			&t->fail, TRUSTX_ERR_USAGE, "option -%c: unknown or without value", optopt);
		return fail_next(&t->fail, "usage: %s", syntax->usage);
	}
	if (optind == argc)
		return TRUSTX_OK;
	fail_set(&t->fail, TRUSTX_ERR_USAGE, "'%s' is one argument too many", argv[optind]);
	return fail_next(&t->fail, "usage: %s", syntax->usage);
}

enum trustx_err compat_missing(struct tool *t, const char *option, const char *usage)
{
	fail_set(&t->fail, TRUSTX_ERR_USAGE, "%s is missing", option);
	return fail_next(&t->fail, "%s", usage);
}

int compat_end(struct tool *t, enum trustx_err err, const char *other_slot)
{
	device_close(&t->dev);
	if (fflush(stdout) != 0 && err == TRUSTX_OK)
		err = fail_errno(&t->fail, TRUSTX_ERR_FILE, "cannot write standard output");
	/* The ancestor's programs have no word for Infineon's own slot. */
	if (err == TRUSTX_ERR_CONSENT)
		snprintf(t->fail.next, sizeof(t->fail.next), "use another slot: %s", other_slot);
	if (err != TRUSTX_OK)
		tool_print_failure(t);
	return exitcode_of(err);
}

void compat_print_hex(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf("%02X", data[i]);
}
