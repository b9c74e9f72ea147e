/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-opts.h"
#include "aws-setup.h"
#include "file.h"
#include "interrupt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN_MAX 4096u
#define DEFAULT_NAME "trustx"

struct ask_args {
	struct aws_args aws;
};

struct setup_args {
	struct aws_args aws;
	const char *type, *group, *policy, *policy_file, *thing_prefix, *iam;
};

/* ---- whoami, endpoint ---- */

static enum trustx_err run_whoami(struct tool *t, const void *values)
{
	const struct ask_args *a = values;
	struct cloud *cloud = NULL;
	struct iot_identity who;
	enum trustx_err err;

	if ((err = aws_open(&cloud, t, &a->aws)) == TRUSTX_OK &&
		(err = aws_identify(&who, cloud, a->aws.account, &t->fail)) == TRUSTX_OK) {
		out_str(&t->out, "account", "Account:", who.account);
		out_str(&t->out, "arn", "Identity:", who.arn);
		out_str(&t->out, "region", "Region:", cloud_region(cloud));
		out_str(&t->out, "partition", "Partition:", cloud_partition(cloud));
	}
	aws_close(cloud, t);
	return err;
}

static enum trustx_err run_endpoint(struct tool *t, const void *values)
{
	const struct ask_args *a = values;
	char host[IOT_ARN_MAX];
	struct cloud *cloud = NULL;
	struct iot_identity who;
	enum trustx_err err;

	err = aws_open(&cloud, t, &a->aws);
	if (err == TRUSTX_OK && a->aws.account != NULL)
		err = aws_identify(&who, cloud, a->aws.account, &t->fail);
	if (err == TRUSTX_OK && (err = iot_endpoint(host, cloud, &t->fail)) == TRUSTX_OK) {
		out_str(&t->out, "endpoint", "", host);
		out_str(&t->out, "region", NULL, cloud_region(cloud));
	}
	aws_close(cloud, t);
	return err;
}

/* ---- setup ---- */

static void tell_finding(void *ctx, const char *text)
{
	struct tool *t = ctx;

	tool_say(t, "the policy: %s", text);
	out_str(&t->out, NULL, NULL, text);
}

/* Checked before AWS is asked: rights that cannot be stored are no use. */
static enum trustx_err prepare_iam(struct tool *t, const struct setup_args *a)
{
	enum trustx_err err;

	if (a->iam == NULL)
		return TRUSTX_OK;
	if ((err = dir_make(a->iam, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "--iam %.120s", a->iam);
	return err;
}

static enum trustx_err read_policy(struct tool *t, struct blob *document, const char *path)
{
	enum trustx_err err;

	if (path == NULL) {
		blob_init(document, 0);
		return TRUSTX_OK;
	}
	err = tool_read_file(t, document, path);
	blob_drop_mark(document);
	if (err == TRUSTX_OK && strlen(blob_text(document)) != document->len)
		err = fail_set(&t->fail, TRUSTX_ERR_INPUT, "%.120s is no text", path);
	return err;
}

static enum trustx_err write_iam(
	struct tool *t, const char *dir, const char *name, const struct blob *pretty)
{
	struct blob path;
	enum trustx_err err;

	blob_init(&path, PATH_LEN_MAX);
	if ((err = blob_addf(&path, "%s/%s.json", dir, name)) != TRUSTX_OK)
		err = fail_set(&t->fail, err, "--iam: the path is too long");
	else
		err = file_write(blob_text(&path), pretty->data, pretty->len, FILE_PUBLIC,
			FILE_NO_SYNC, &t->fail);
	blob_free(&path);
	return err;
}

/* A policy of IAM: into a file, or between the lines. */
static enum trustx_err print_iam(
	struct tool *t, const struct setup_args *a, const char *name, const struct blob *document)
{
	json_t *policy = json_loads(blob_text(document), 0, NULL);
	char *text = json_dumps(policy, JSON_INDENT(2));
	struct blob pretty;
	enum trustx_err err = TRUSTX_OK;

	blob_init(&pretty, 1u << 20);
	if (text == NULL || blob_addf(&pretty, "%s\n", text) != TRUSTX_OK)
		err = fail_set(&t->fail, TRUSTX_ERR_MEMORY, "out of memory");
	else if (a->iam != NULL)
		err = write_iam(t, a->iam, name, &pretty);
	else
		out_line(&t->out, "\nIAM policy of who %s:\n%s",
			strcmp(name, "station") == 0 ? "registers devices (station)"
						     : "takes them out again (scrap)",
			text);
	out_json(&t->out, name, policy); /* transferred */
	free(text);
	blob_free(&pretty);
	return err;
}

static void conclude(struct tool *t, const struct setup_args *a, const struct aws_setup_result *r)
{
	if (!r->policy_made && !r->attached)
		tool_conclude(t, "everything was there already; nothing was changed");
	else
		tool_conclude(t,
			"the account is prepared: devices in the group %s may do what the policy "
			"%s allows",
			a->group, a->policy);
	if (a->iam != NULL)
		tool_conclude(t,
			"give stations the rights in %s/station.json, and who scraps "
			"devices those in %s/scrap.json",
			a->iam, a->iam);
	tool_conclude(t,
		"next: trustx personalize -i config.jsn --issuer aws --thing '%s{serial}' "
		"--group %s --thing-type %s",
		a->thing_prefix, a->group, a->type);
}

static enum trustx_err print_setup(
	struct tool *t, const struct setup_args *a, const struct aws_setup_result *r)
{
	struct out *o = &t->out;
	enum trustx_err err;

	out_str(o, "account", "Account:", r->who.account);
	out_str(o, "thing_type", "Thing type:", a->type);
	out_str(o, "group", "Thing group:", a->group);
	out_str(o, "group_arn", NULL, r->group_arn);
	out_str(o, "policy", "Policy:", a->policy);
	out_bool(o, "policy_made", r->policy_made);
	out_bool(o, "attached", r->attached);
	out_json(o, "document", json_loads(blob_text(&r->document), 0, NULL));
	out_object(o, "iam");
	if ((err = print_iam(t, a, "station", &r->station)) == TRUSTX_OK)
		err = print_iam(t, a, "scrap", &r->scrap);
	out_end(o);
	conclude(t, a, r);
	return err;
}

static enum trustx_err set_up(
	struct tool *t, const struct setup_args *a, struct cloud *cloud, const char *document)
{
	const struct aws_setup_wish wish = { .account = a->aws.account,
		.type = a->type,
		.group = a->group,
		.policy = a->policy,
		.thing_prefix = a->thing_prefix,
		.document = document,
		.tell = tell_finding,
		.ctx = t,
		.stop = interrupt_seen };
	struct aws_setup_result result;
	enum trustx_err err;

	progress_show(&t->progress, "set up the account");
	out_array(&t->out, "findings");
	err = aws_setup_run(&result, cloud, &wish, &t->fail);
	out_end(&t->out);
	if (err == TRUSTX_OK)
		err = print_setup(t, a, &result);
	aws_setup_free(&result);
	return err;
}

static enum trustx_err run_setup(struct tool *t, const void *values)
{
	const struct setup_args *a = values;
	struct cloud *cloud = NULL;
	struct blob document;
	enum trustx_err err;

	if (a->policy_file == NULL && strcmp(a->policy, AWS_WEAK_POLICY) == 0)
		tool_say(t,
			"warning: with %s every device can act for every other; leave --policy "
			"out for one that cannot",
			AWS_WEAK_POLICY);
	if ((err = read_policy(t, &document, a->policy_file)) == TRUSTX_OK &&
		(err = prepare_iam(t, a)) == TRUSTX_OK &&
		(err = aws_open(&cloud, t, &a->aws)) == TRUSTX_OK)
		err = set_up(t, a, cloud, a->policy_file != NULL ? blob_text(&document) : NULL);
	aws_close(cloud, t);
	blob_free(&document);
	return err;
}

static const struct opt ask_opts[] = {
	AWS_OPTS(struct ask_args),
	{ .kind = OPT_END },
};

static const struct opt setup_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "group",
		.value = "NAME",
		.help = "thing group of the devices, trustx if not given",
		.fallback = DEFAULT_NAME,
		.at = offsetof(struct setup_args, group) },
	{ .kind = OPT_TEXT,
		.name = "thing-type",
		.value = "NAME",
		.help = "their thing type, trustx if not given",
		.fallback = DEFAULT_NAME,
		.at = offsetof(struct setup_args, type) },
	{ .kind = OPT_TEXT,
		.name = "policy",
		.value = "NAME",
		.help = "their policy, trustx-device if not given",
		.fallback = "trustx-device",
		.at = offsetof(struct setup_args, policy) },
	{ .kind = OPT_TEXT,
		.name = "policy-file",
		.value = "FILE",
		.help = "its document; without it one of least privilege",
		.at = offsetof(struct setup_args, policy_file),
		.hint = HINT_FILE },
	{ .kind = OPT_TEXT,
		.name = "thing-prefix",
		.value = "TEXT",
		.help = "stations may use things whose names begin so; without it all",
		.fallback = "",
		.at = offsetof(struct setup_args, thing_prefix) },
	{ .kind = OPT_TEXT,
		.name = "iam",
		.value = "DIR",
		.help = "write the IAM policies station.json and scrap.json there",
		.at = offsetof(struct setup_args, iam),
		.hint = HINT_DIR },
	AWS_OPTS(struct setup_args),
	{ .kind = OPT_END },
};

const struct cmd cmd_aws_whoami = {
	.noun = "aws",
	.verb = "whoami",
	.help = "Say whose account the credentials open.",
	.opts = ask_opts,
	.run = run_whoami,
};

const struct cmd cmd_aws_endpoint = {
	.noun = "aws",
	.verb = "endpoint",
	.help = "Print the host that devices of this account and region connect to.",
	.opts = ask_opts,
	.run = run_endpoint,
};

const struct cmd cmd_aws_setup = {
	.noun = "aws",
	.verb = "setup",
	.help = "Prepare an account, once: thing type, thing group and the devices' policy.",
	.opts = setup_opts,
	.run = run_setup,
};
