/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-aim.h"
#include "aws-opts.h"
#include "aws-scrap.h"
#include "aws-setup.h"
#include "interrupt.h"
#include "options.h"

#include <string.h>

#define WAIT_S	   300u
#define WAIT_MAX_S 3600u

struct scrap_args {
	struct aws_args aws;
	struct slot slot;
	const char *target, *state, *confirm;
	struct opt_number wait;
	bool orphans;
};

static void tell(void *ctx, const char *text)
{
	struct tool *t = ctx;

	if (t->globals.verbose > 0)
		tool_note(t, "%s", text);
	else
		progress_show(&t->progress, "%s", text);
}

static void print_plan(struct tool *t, const char *thing, const struct aws_scrap_plan *plan)
{
	struct out *o = &t->out;

	out_line(o, "%-16s%s%s%s%s", "Thing:", thing, plan->thing_there ? "" : ": not there",
		plan->uid[0] != '\0' ? ", chip " : "", plan->uid);
	out_str(o, "thing", NULL, thing);
	out_bool(o, "thing_there", plan->thing_there);
	out_array(o, "certificates");
	for (size_t i = 0; i < plan->cert_count; i++) {
		const struct aws_scrap_cert *c = &plan->certs[i];

		out_line(o, "%-16s%s: %s%s", "Certificate:", c->name.id, iot_status_text(c->status),
			c->shared ? ", also of another thing: it stays" : "");
		out_object(o, NULL);
		out_str(o, "id", NULL, c->name.id);
		out_str(o, "status", NULL, iot_status_text(c->status));
		out_bool(o, "shared", c->shared);
		out_end(o);
	}
	out_end(o);
}

static enum trustx_err consent(struct tool *t, const struct scrap_args *a, const char *thing)
{
	out_bool(&t->out, "deleted", false);
	out_stand(&t->out);
	if (a->confirm != NULL)
		fail_set(&t->fail, TRUSTX_ERR_CONSENT,
			"--confirm names '%.128s', but the thing is %s", a->confirm, thing);
	else
		fail_set(&t->fail, TRUSTX_ERR_CONSENT, "what is deleted at AWS does not come back");
	return fail_next(&t->fail, "if that is what you want: add --confirm %s", thing);
}

static enum trustx_err scrap_thing(struct tool *t, const struct scrap_args *a,
	const struct aws_aim *aim, struct cloud *cloud, struct aws_scrap_options *opt)
{
	struct aws_scrap_plan plan;
	bool nothing;
	enum trustx_err err;

	if (aim->thing == NULL)
		return aws_aim_no_thing(t, aim);
	opt->thing = aim->thing;
	opt->uid = aws_known_is_uid(a->target) ? a->target : NULL;
	opt->known = aim->has_journal ? &aim->known : NULL;
	if ((err = aws_scrap_look(&plan, cloud, opt, &t->fail)) != TRUSTX_OK)
		return err;
	print_plan(t, aim->thing, &plan);
	nothing = !plan.thing_there && plan.cert_count == 0;
	if (!nothing && (a->confirm == NULL || strcmp(a->confirm, aim->thing) != 0))
		return consent(t, a, aim->thing);
	if ((err = aws_scrap_run(&plan, cloud, opt, &t->fail)) != TRUSTX_OK)
		return err;
	out_bool(&t->out, "deleted", !nothing);
	if (nothing)
		tool_conclude(t, "nothing of it is left at AWS");
	else
		tool_conclude(t, "%s is deleted, with %zu certificate%s", aim->thing,
			plan.cert_count, plan.cert_count == 1 ? "" : "s");
	return TRUSTX_OK;
}

struct sweep {
	struct aws_scrap_orphans sum;
	struct cloud *cloud;
	const struct aws_scrap_options *opt;
};

static enum trustx_err sweep_journal(void *ctx, const struct aws_known *known, struct fail *f)
{
	struct sweep *s = ctx;

	return aws_scrap_journal(&s->sum, s->cloud, known, s->opt, f);
}

static enum trustx_err scrap_orphans(struct tool *t, const struct scrap_args *a,
	const struct aws_aim *aim, struct cloud *cloud, const struct aws_scrap_options *opt)
{
	struct sweep s = { .cloud = cloud, .opt = opt };
	enum trustx_err err;

	if (a->target != NULL && !aim->has_journal)
		return aws_aim_no_thing(t, aim);
	err = a->target != NULL ? sweep_journal(&s, &aim->known, &t->fail)
				: aws_known_each(aim->dir, sweep_journal, &s, &t->fail);
	if (err != TRUSTX_OK)
		return err;
	out_num(&t->out, "orphans_deleted", "Deleted:", s.sum.deleted);
	out_num(&t->out, "orphans_gone", "Gone before:", s.sum.gone);
	out_num(&t->out, "orphans_kept", "Kept:", s.sum.kept);
	out_num(&t->out, "orphans_searched", s.sum.searched > 0 ? "Searched for:" : NULL,
		s.sum.searched);
	if (s.sum.kept == 0)
		return TRUSTX_OK;
	out_stand(&t->out);
	fail_set(&t->fail, TRUSTX_ERR_PARTIAL, "%u kept: %s, so that somebody may use it",
		s.sum.kept, s.sum.why);
	return fail_next(
		&t->fail, "find out who; what is ACTIVE, or attached to another thing, is kept");
}

static enum trustx_err check_scrap(struct tool *t, const struct scrap_args *a)
{
	if (a->wait.given && a->wait.v > WAIT_MAX_S)
		return fail_set(&t->fail, TRUSTX_ERR_INPUT, "--wait must be 0 to %u", WAIT_MAX_S);
	if (a->target == NULL && !a->orphans)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE, "UID|THING is missing");
	if (a->orphans && a->confirm != NULL)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE, "--orphans needs no --confirm");
	return TRUSTX_OK;
}

static enum trustx_err run_scrap(struct tool *t, const void *values)
{
	const struct scrap_args *a = values;
	struct aws_scrap_options opt = { .seconds = a->wait.given ? (unsigned)a->wait.v : WAIT_S,
		.tell = tell,
		.ctx = t,
		.stop = interrupt_seen };
	struct aws_aim aim = { .dir = NULL };
	struct cloud *cloud = NULL;
	struct iot_identity who;
	enum trustx_err err;

	if ((err = check_scrap(t, a)) != TRUSTX_OK ||
		(err = aws_aim_dir(t, &aim, a->state)) != TRUSTX_OK)
		goto out;
	if (a->target != NULL && (err = aws_aim_take(t, &aim, a->target, &a->slot)) != TRUSTX_OK)
		goto out;
	if ((err = aws_open(&cloud, t, &a->aws)) != TRUSTX_OK)
		goto out;
	if (a->aws.account != NULL &&
		(err = aws_identify(&who, cloud, a->aws.account, &t->fail)) != TRUSTX_OK)
		goto out;
	err = a->orphans ? scrap_orphans(t, a, &aim, cloud, &opt)
			 : scrap_thing(t, a, &aim, cloud, &opt);
out:
	aws_close(cloud, t);
	aws_aim_free(&aim);
	return err;
}

static const struct opt scrap_args[] = {
	{ .kind = OPT_TEXT,
		.value = "UID|THING",
		.help = "a chip or a thing; with --orphans without it all journals",
		.at = offsetof(struct scrap_args, target) },
	{ .kind = OPT_END },
};

static const struct opt scrap_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "confirm",
		.value = "THING",
		.help = "the thing this is meant for: what is deleted does not come back",
		.at = offsetof(struct scrap_args, confirm) },
	{ .kind = OPT_FLAG,
		.name = "orphans",
		.help = "delete certificates that the journals list as orphans instead",
		.at = offsetof(struct scrap_args, orphans) },
	{ .kind = OPT_NUMBER,
		.name = "wait",
		.value = "SECONDS",
		.help = "until AWS has detached, 300 if not given",
		.at = offsetof(struct scrap_args, wait) },
	SLOT_OPT(struct scrap_args),
	STATE_OPT(struct scrap_args, "where the journals are"),
	AWS_OPTS(struct scrap_args),
	{ .kind = OPT_END },
};

const struct cmd cmd_aws_scrap = {
	.noun = "aws",
	.verb = "scrap",
	.help = "Take a device out of AWS again, or orphaned certificates.",
	.args = scrap_args,
	.opts = scrap_opts,
	.flags = CMD_IRREVERSIBLE,
	.run = run_scrap,
};
