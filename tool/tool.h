/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What every command works with: global options, the chip, the output, the failure. */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "csrflow.h"
#include "device.h"
#include "opt.h"
#include "out.h"
#include "progress.h"

struct cmd;

struct tool_globals {
	const char *device; /* --device, else TRUSTX_DEVICE, else NULL */
	bool json, quiet, help, version;
	unsigned verbose;
};
extern const struct opt tool_global_opts[];

#define TOOL_CONCLUSION_MAX 8192
struct tool {
	const char *program; /* "trustx": in front of messages */
	struct tool_globals globals;
	const struct cmd *cmd;
	struct out out;
	struct progress progress;
	char conclusion[TOOL_CONCLUSION_MAX]; /* lines of tool_conclude */
	struct fail fail;
	bool elsewhere;	   /* what failed is not on the way to the chip */
	char chosen[256];  /* globals.device, when none was given */
	struct device dev; /* zeroed until tool_open */
};

/* A line on standard error that must be seen: what cannot be undone. */
void tool_say(struct tool *t, const char *fmt, ...) BLOB_PRINTF(2, 3);

/* The same for what is good to know; nothing with --quiet. */
void tool_note(struct tool *t, const char *fmt, ...) BLOB_PRINTF(2, 3);

/* The same for what has been done: said when the result is out, and not after a failure. All lines
 * together are cut to TOOL_CONCLUSION_MAX. */
void tool_conclude(struct tool *t, const char *fmt, ...) BLOB_PRINTF(2, 3);
void tool_print_conclusion(struct tool *t);

/* "trustx: WHAT: WHY" and "  next: ..." on standard error. */
void tool_print_failure(struct tool *t);

/*
 * Open the chip that was asked for. state_dir as device_open. TRUSTX_ERR_NO_DEVICE: none given,
 * and not exactly one FT260 is there.
 * From then on a note tells when the use of a key is delayed, and a terminal what is being done.
 */
TRUSTX_MUST_CHECK enum trustx_err tool_open(struct tool *t, const char *state_dir);

/* Can the result be written to path later (NULL, "-": standard output)? */
TRUSTX_MUST_CHECK enum trustx_err tool_check_output(struct tool *t, const char *path);

/* Is it the name of a file: neither missing nor "-"? */
bool tool_is_file(const char *path);

/* Data to path as it is, else to standard output as text. */
TRUSTX_MUST_CHECK enum trustx_err tool_output(
	struct tool *t, const char *path, const void *data, size_t len);

/* Whole file into b, explained as "read FILE". Empty: TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err tool_read_file(struct tool *t, struct blob *b, const char *path);

/* TRUSTX_ERR_CONSENT unless confirm is the UID of the open chip. what: "change ...". */
TRUSTX_MUST_CHECK enum trustx_err tool_confirm(
	struct tool *t, const char *confirm, const char *what);

/*
 * The subject of a request from -i and --subject, exactly one of them: TRUSTX_ERR_USAGE. Its text
 * is checked before any chip is asked. config: initialised here, freed by the caller.
 */
struct subject_args {
	const char *config, *subject;
	struct opt_list san;
};
TRUSTX_MUST_CHECK enum trustx_err tool_subject(struct tool *t, struct csrflow_subject *subject,
	struct blob *config, const struct subject_args *args);

#endif
