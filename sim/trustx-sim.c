/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "server.h"

#include "program.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int exit_code(enum trustx_err err)
{
	switch (err) {
	case TRUSTX_OK:
		return 0;
	case TRUSTX_ERR_USAGE:
	case TRUSTX_ERR_INPUT:
	case TRUSTX_ERR_TOO_BIG:
		return 2;
	case TRUSTX_ERR_NO_DEVICE:
	case TRUSTX_ERR_PERMISSION:
	case TRUSTX_ERR_IN_USE:
		return 3;
	case TRUSTX_ERR_EXISTS:
		return 7;
	default:
		return 1;
	}
}

static int usage(FILE *to, int code)
{
	fprintf(to, "usage: trustx-sim serve --listen URI --state FILE [OPTION...]\n\n%s",
		serve_usage);
	return code;
}

static bool asks_for_help(int argc, char *argv[])
{
	return argc == 1 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0);
}

static int print_failure(const struct fail *f)
{
	fprintf(stderr, "trustx-sim: %s: %s", f->what, f->why);
	if (f->next[0] != '\0')
		fprintf(stderr, "; %s", f->next);
	fprintf(stderr, "\n");
	return exit_code(f->err);
}

int main(int argc, char *argv[])
{
	struct serve_options opt;
	struct fail f;

	program_begin(&argc, &argv);
	if (asks_for_help(argc - 1, argv + 1))
		return usage(stdout, 0);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("trustx-sim %s\n", TRUSTX_VERSION);
		return 0;
	}
	if (argc < 2 || strcmp(argv[1], "serve") != 0)
		return usage(stderr, 2);
	if (asks_for_help(argc - 2, argv + 2))
		return usage(stdout, 0);
	fail_clear(&f);
	if (serve_parse(&opt, argc - 2, argv + 2, &f) != TRUSTX_OK ||
		sim_serve(&opt, &f) != TRUSTX_OK) {
		fail_what(&f, "serve");
		return print_failure(&f);
	}
	return 0;
}
