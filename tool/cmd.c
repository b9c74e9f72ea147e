/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include <stdio.h>
#include <string.h>

const struct cmd *const cmds[] = {
	&cmd_info,
	&cmd_key_generate,
	&cmd_key_public,
	&cmd_csr_create,
	&cmd_csr_verify,
	&cmd_cert_write,
	&cmd_cert_verify,
	&cmd_cert_read,
	&cmd_cert_erase,
	&cmd_object_list,
	&cmd_object_read,
	&cmd_object_write,
	&cmd_object_metadata,
	&cmd_object_lock,
	&cmd_random,
	&cmd_ca_init,
	&cmd_ca_sign,
	&cmd_ca_show,
	&cmd_personalize,
	&cmd_sim_new,
	&cmd_sim_info,
	&cmd_sim_rest,
	&cmd_sim_power_cut,
	&cmd_sim_root,
	&cmd_sim_serve,
	&cmd_trace_show,
	&cmd_trace_redact,
	&cmd_scan,
	&cmd_doctor,
	&cmd_aws_whoami,
	&cmd_aws_endpoint,
	&cmd_aws_setup,
	&cmd_aws_status,
	&cmd_aws_scrap,
	&cmd_aws_register_ca,
	&cmd_connect,
	&cmd_help,
	&cmd_version,
};
const size_t cmds_count = sizeof(cmds) / sizeof(cmds[0]);

const struct cmd *cmd_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < cmds_count; i++) {
		if (strcmp(cmds[i]->noun, noun) != 0)
			continue;
		if (cmds[i]->verb == NULL || verb == NULL) {
			if (cmds[i]->verb == verb)
				return cmds[i];
		} else if (strcmp(cmds[i]->verb, verb) == 0)
			return cmds[i];
	}
	return NULL;
}

bool cmd_is_noun(const char *noun)
{
	for (size_t i = 0; i < cmds_count; i++)
		if (strcmp(cmds[i]->noun, noun) == 0)
			return true;
	return false;
}

void cmd_name(char out[CMD_NAME_MAX], const struct cmd *cmd, char between)
{
	if (cmd->verb == NULL)
		snprintf(out, CMD_NAME_MAX, "%s", cmd->noun);
	else
		snprintf(out, CMD_NAME_MAX, "%s%c%s", cmd->noun, between, cmd->verb);
}

enum trustx_err cmd_usage(struct blob *text, const struct cmd *cmd)
{
	char name[CMD_NAME_MAX];
	enum trustx_err err;

	cmd_name(name, cmd, ' ');
	if ((err = blob_addf(text, "usage: trustx %s", name)) != TRUSTX_OK ||
		(err = opt_usage(text, cmd->opts)) != TRUSTX_OK ||
		(err = opt_usage(text, cmd->args)) != TRUSTX_OK)
		return err;
	return blob_addf(text, "\n");
}

enum trustx_err cmd_help_text(struct blob *text, const struct cmd *cmd)
{
	enum trustx_err err;

	if ((err = cmd_usage(text, cmd)) != TRUSTX_OK ||
		(err = blob_addf(text, "\n%s\n\n", cmd->help)) != TRUSTX_OK)
		return err;
	for (const struct opt *a = cmd->args; a != NULL && a->kind != OPT_END; a++)
		if ((err = blob_addf(text, "  %-28s  %s\n", a->value, a->help)) != TRUSTX_OK)
			return err;
	if ((err = opt_help(text, cmd->opts)) != TRUSTX_OK)
		return err;
	return opt_help(text, tool_global_opts);
}

/* One line for each command: the table is the only place that knows them. */
enum trustx_err cmd_overview(struct blob *text, const char *noun)
{
	bool alone = noun != NULL && cmd_find(noun, NULL) != NULL;
	char name[CMD_NAME_MAX];
	enum trustx_err err;

	err = blob_addf(text, "usage: trustx %s%s [OPTION...]\n\n",
		noun != NULL ? noun : "NOUN [VERB]", noun != NULL && !alone ? " VERB" : "");
	for (size_t i = 0; i < cmds_count && err == TRUSTX_OK; i++) {
		if (noun != NULL && strcmp(cmds[i]->noun, noun) != 0)
			continue;
		cmd_name(name, cmds[i], ' ');
		err = blob_addf(text, "  %-18s  %s\n", name, cmds[i]->help);
	}
	if (err == TRUSTX_OK)
		err = blob_addf(text, "\n");
	if (err == TRUSTX_OK)
		err = opt_help(text, tool_global_opts);
	if (err != TRUSTX_OK)
		return err;
	return noun != NULL
		       ? blob_addf(text, "\nMore: trustx help %s VERB\n", noun)
		       : blob_addf(text, "\nMore: trustx help NOUN VERB; the manual is trustx(1), "
					 "and trustx(7) explains its words\n");
}
