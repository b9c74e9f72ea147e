/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The commands of trustx: one table, from which parsing, help, man page check and completion follow. */
#ifndef TOOL_CMD_H
#define TOOL_CMD_H

#include "opt.h"
#include "tool.h"

enum cmd_flags {
	CMD_CHIP = 1,	      /* talks to a chip */
	CMD_KEY_USE = 2,      /* uses a private key: counts in the security monitor */
	CMD_WRITES = 4,	      /* may change something persistent in the chip */
	CMD_IRREVERSIBLE = 8, /* may do what cannot be undone; asks for consent */
};

#define CMD_VALUES_MAX 1024

/* noun and verb as typed; verb NULL: the noun alone. values: of the table, complete. */
struct cmd {
	const char *noun, *verb;
	const char *help; /* one sentence */
	const struct opt *args, *opts;
	unsigned flags;
	enum trustx_err (*run)(struct tool *t, const void *values);
};

extern const struct cmd *const cmds[];
extern const size_t cmds_count;

extern const struct cmd cmd_info, cmd_key_generate, cmd_key_public, cmd_csr_create, cmd_csr_verify,
	cmd_cert_write, cmd_cert_verify, cmd_cert_read, cmd_cert_erase, cmd_object_list,
	cmd_object_read, cmd_object_write, cmd_object_metadata, cmd_object_lock, cmd_random,
	cmd_ca_init, cmd_ca_sign, cmd_ca_show, cmd_personalize, cmd_sim_new, cmd_sim_info,
	cmd_sim_rest, cmd_sim_power_cut, cmd_sim_root, cmd_sim_serve, cmd_trace_show,
	cmd_trace_redact, cmd_scan, cmd_doctor, cmd_aws_whoami, cmd_aws_endpoint, cmd_aws_setup,
	cmd_aws_status, cmd_aws_scrap, cmd_aws_register_ca, cmd_connect, cmd_help, cmd_version;

/* verb NULL: a noun that stands alone. NULL: no such command. */
const struct cmd *cmd_find(const char *noun, const char *verb);
bool cmd_is_noun(const char *noun);

#define CMD_NAME_MAX 48
void cmd_name(char out[CMD_NAME_MAX], const struct cmd *cmd, char between); /* "key generate" */

/* Append "usage: trustx key generate ...\n"; the whole help of a command, a noun, the program. */
TRUSTX_MUST_CHECK enum trustx_err cmd_usage(struct blob *text, const struct cmd *cmd);
TRUSTX_MUST_CHECK enum trustx_err cmd_help_text(struct blob *text, const struct cmd *cmd);
TRUSTX_MUST_CHECK enum trustx_err cmd_overview(struct blob *text, const char *noun);

#endif
