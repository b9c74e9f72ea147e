/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-known.h"
#include "aws-opts.h"
#include "aws-scrap.h"
#include "aws-setup.h"
#include "aws-status.h"
#include "interrupt.h"
#include "options.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WAIT_S	   300u
#define WAIT_MAX_S 3600u

struct status_args {
	struct aws_args aws;
	struct slot slot;
	const char *target, *state;
};

struct scrap_args {
	struct aws_args aws;
	struct slot slot;
	const char *target, *state, *confirm;
	struct opt_number wait;
	bool orphans;
};

/* ---- which device ---- */

/* What is known of it without AWS. */
struct aim {
	char *dir; /* of the journals */
	bool has_journal;
	struct aws_known known;
	const char *thing, *uid; /* NULL: not known */
};

static enum trustx_err open_dir(struct tool *t, struct aim *aim, const char *state)
{
	aim->dir = state != NULL ? strdup(state) : state_default_dir();
	if (aim->dir != NULL)
		return TRUSTX_OK;
	fail_set(&t->fail, TRUSTX_ERR_FILE, "there is no state directory: HOME is not set");
	return fail_next(&t->fail, "name one with --state DIR");
}

static enum trustx_err take_aim(
	struct tool *t, struct aim *aim, const char *target, const struct slot *slot)
{
	enum trustx_err err;

	err = aws_known_find(&aim->known, &aim->has_journal, aim->dir, target, slot->key, &t->fail);
	if (err != TRUSTX_OK)
		return err;
	if (aim->has_journal) {
		aim->uid = aim->known.uid;
		if (aim->known.record.thing[0] != '\0')
			aim->thing = aim->known.record.thing;
	}
	if (aws_known_is_uid(target))
		aim->uid = target;
	else
		aim->thing = target;
	return TRUSTX_OK;
}

static void aim_free(struct aim *aim)
{
	aws_known_free(&aim->known);
	free(aim->dir);
}

/* ---- status ---- */

/* The chip may be elsewhere: then the rest is told without it. */
static enum trustx_err open_chip(struct tool *t, const struct status_args *a, bool *there)
{
	enum trustx_err err;

	*there = false;
	if (a->target != NULL && t->globals.device == NULL)
		return TRUSTX_OK;
	if ((err = tool_open(t, a->state)) == TRUSTX_OK)
		*there = true;
	else if (a->target != NULL && err != TRUSTX_ERR_INTERRUPTED) {
		tool_note(t, "without the chip: %s: %s", t->fail.what, t->fail.why);
		fail_clear(&t->fail);
		err = TRUSTX_OK;
	}
	return err;
}

static void join(char *out, size_t cap, const json_t *names)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < json_array_size(names) && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s%s", i > 0 ? ", " : "",
			json_string_value(json_array_get(names, i)));
}

static void print_chip(struct tool *t, const struct slot_state *state)
{
	struct out *o = &t->out;

	if (state == NULL) {
		out_null(o, "chip");
		return;
	}
	out_line(o, "%-16s%s, slot %u: %s", "Chip:", t->dev.uid_hex, state->slot.number,
		slot_verdict_text(state->verdict));
	out_object(o, "chip");
	out_str(o, "uid", NULL, t->dev.uid_hex);
	out_num(o, "slot", NULL, state->slot.number);
	out_str(o, "state", NULL, slot_verdict_name(state->verdict));
	out_end(o);
}

static void print_thing(struct tool *t, const struct aws_status *s)
{
	struct out *o = &t->out;

	if (s->thing[0] == '\0') {
		out_null(o, "thing");
		return;
	}
	out_line(o, "%-16s%s%s%s%s%s%s", "Thing:", s->thing, s->thing_there ? "" : ": not there",
		s->type[0] != '\0' ? ", type " : "", s->type, s->uid[0] != '\0' ? ", chip " : "",
		s->uid);
	out_object(o, "thing");
	out_str(o, "name", NULL, s->thing);
	out_bool(o, "there", s->thing_there);
	if (s->type[0] != '\0')
		out_str(o, "type", NULL, s->type);
	if (s->uid[0] != '\0')
		out_str(o, "uid", NULL, s->uid);
	out_end(o);
}

static void print_certificate(struct tool *t, const struct aws_status_cert *c)
{
	struct out *o = &t->out;
	char policies[400];

	join(policies, sizeof(policies), c->policies);
	out_line(o, "%-16s%s: %s%s%s%s%s", "Certificate:", c->name.id,
		c->there ? iot_status_text(c->status) : "not there",
		c->attached ? ", attached to the thing" : "", c->in_chip ? ", in the chip" : "",
		policies[0] != '\0' ? ", policies " : "", policies);
	out_object(o, NULL);
	out_str(o, "id", NULL, c->name.id);
	out_bool(o, "there", c->there);
	if (c->there) {
		out_str(o, "arn", NULL, c->name.arn);
		out_str(o, "status", NULL, iot_status_text(c->status));
	}
	out_bool(o, "attached", c->attached);
	out_bool(o, "in_chip", c->in_chip);
	out_bool(o, "in_journal", c->in_journal);
	out_json(o, "policies", c->policies != NULL ? json_incref(c->policies) : json_array());
	out_end(o);
}

static void print_groups(struct tool *t, const struct aws_status *s)
{
	char policies[400];
	const char *group;
	json_t *names;

	json_object_foreach(s->groups, group, names)
	{
		join(policies, sizeof(policies), names);
		out_line(&t->out, "%-16s%s: %s%s", "Group:", group,
			policies[0] != '\0' ? "policy " : "no policy", policies);
	}
	out_json(&t->out, "groups", json_incref(s->groups));
}

static void print_orphan(struct tool *t, const char *id, const char *status, const char *why)
{
	out_line(&t->out, "%-16s%s: %s (%s)", "Orphan:", id != NULL ? id : "perhaps one",
		status != NULL ? status
		: id != NULL   ? "gone"
			       : "not known",
		why);
	out_object(&t->out, NULL);
	if (id != NULL)
		out_str(&t->out, "id", NULL, id);
	else
		out_null(&t->out, "id");
	if (status != NULL)
		out_str(&t->out, "status", NULL, status);
	else
		out_null(&t->out, "status");
	out_str(&t->out, "why", NULL, why);
	out_end(&t->out);
}

static void print_orphans(struct tool *t, const struct aws_status *s, const struct aim *aim)
{
	const struct record *record = &aim->known.record;

	out_array(&t->out, "orphans");
	for (size_t i = 0; i < record->orphan_count; i++) {
		const char *id = record->orphans[i].id;

		print_orphan(t, id[0] != '\0' ? id : NULL,
			json_string_value(json_object_get(s->orphans, id)), record->orphans[i].why);
	}
	out_end(&t->out);
	if (record->orphan_count > 0)
		tool_conclude(t,
			"orphans can do no harm; who may delete takes them away: trustx aws "
			"scrap --orphans");
}

static void print_gaps(struct tool *t, const struct aws_status *s)
{
	out_bool(&t->out, "complete", s->gap_count == 0);
	if (s->gap_count == 0)
		out_line(&t->out, "%-16snothing", "Missing:");
	out_array(&t->out, "missing");
	for (size_t i = 0; i < s->gap_count; i++) {
		out_line(&t->out, "%-16s%s\n%-16snext: %s", "Missing:", s->gaps[i].what, "",
			s->gaps[i].next);
		out_object(&t->out, NULL);
		out_str(&t->out, "what", NULL, s->gaps[i].what);
		out_str(&t->out, "next", NULL, s->gaps[i].next);
		out_end(&t->out);
	}
	out_end(&t->out);
}

/* The exit status tells scripts whether the device can connect. */
static enum trustx_err print_status(struct tool *t, const struct aws_status *s,
	const struct slot_state *state, const struct aim *aim)
{
	struct out *o = &t->out;

	if (aim->uid != NULL)
		out_str(o, "uid", NULL, aim->uid);
	print_chip(t, state);
	print_thing(t, s);
	out_array(o, "certificates");
	for (size_t i = 0; i < s->cert_count; i++)
		print_certificate(t, &s->certs[i]);
	out_end(o);
	print_groups(t, s);
	print_orphans(t, s, aim);
	print_gaps(t, s);
	if (s->gap_count == 0)
		return TRUSTX_OK;
	out_stand(o);
	fail_set(&t->fail, TRUSTX_ERR_MISMATCH, "%s", s->gaps[0].what);
	return fail_next(&t->fail, "%s", s->gaps[0].next);
}

static enum trustx_err look(struct tool *t, const struct status_args *a, const struct aim *aim,
	const struct slot_state *state)
{
	const struct aws_status_wish wish = { .thing = aim->thing,
		.uid = state != NULL ? t->dev.uid_hex : aim->uid,
		.known = aim->has_journal ? &aim->known : NULL,
		.state = state };
	struct cloud *cloud = NULL;
	struct aws_status status;
	struct iot_identity who;
	enum trustx_err err;

	memset(&status, 0, sizeof(status));
	progress_show(&t->progress, "ask AWS");
	err = aws_open(&cloud, t, &a->aws);
	if (err == TRUSTX_OK && a->aws.account != NULL)
		err = aws_identify(&who, cloud, a->aws.account, &t->fail);
	if (err == TRUSTX_OK &&
		(err = aws_status_look(&status, cloud, &wish, &t->fail)) == TRUSTX_OK)
		err = print_status(t, &status, state, aim);
	aws_status_free(&status);
	aws_close(cloud, t);
	return err;
}

static enum trustx_err no_thing(struct tool *t, const struct aim *aim)
{
	fail_set(&t->fail, TRUSTX_ERR_INPUT, "no journal in %s knows the thing of chip %s",
		aim->dir, aim->uid);
	return fail_next(&t->fail, "name the thing, or the folder of its journal with --state");
}

/* A chip that was named but is not the one in the socket does not count. */
static bool is_meant(struct tool *t, const struct status_args *a, const struct aim *aim)
{
	if (a->target == NULL || aim->uid == NULL || strcasecmp(aim->uid, t->dev.uid_hex) == 0)
		return true;
	tool_note(t, "the chip at %s is another one and is left out", t->globals.device);
	return false;
}

static enum trustx_err run_status(struct tool *t, const void *values)
{
	const struct status_args *a = values;
	struct aim aim = { .dir = NULL };
	struct slot_state state;
	struct slot slot = a->slot;
	enum trustx_err err;
	bool there;

	memset(&state, 0, sizeof(state));
	if ((err = open_dir(t, &aim, a->state)) != TRUSTX_OK ||
		(err = open_chip(t, a, &there)) != TRUSTX_OK ||
		(err = take_aim(t, &aim, a->target != NULL ? a->target : t->dev.uid_hex, &slot)) !=
			TRUSTX_OK)
		goto out;
	there = there && is_meant(t, a, &aim);
	if (aim.has_journal)
		slot = slot_number((uint8_t)(aim.known.oid & 0x0F));
	if (there && (err = slot_inspect(&state, &t->dev, &slot, true, &t->fail)) != TRUSTX_OK)
		goto out;
	if (!there && aim.thing == NULL)
		err = no_thing(t, &aim);
	else
		err = look(t, a, &aim, there ? &state : NULL);
out:
	slot_state_free(&state);
	aim_free(&aim);
	return err;
}

/* ---- scrap ---- */

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
	const struct aim *aim, struct cloud *cloud, struct aws_scrap_options *opt)
{
	struct aws_scrap_plan plan;
	bool nothing;
	enum trustx_err err;

	if (aim->thing == NULL)
		return no_thing(t, aim);
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
	const struct aim *aim, struct cloud *cloud, const struct aws_scrap_options *opt)
{
	struct sweep s = { .cloud = cloud, .opt = opt };
	enum trustx_err err;

	if (a->target != NULL && !aim->has_journal)
		return no_thing(t, aim);
	err = a->target != NULL ? sweep_journal(&s, &aim->known, &t->fail)
				: aws_known_each(aim->dir, sweep_journal, &s, &t->fail);
	if (err != TRUSTX_OK)
		return err;
	out_num(&t->out, "orphans_deleted", "Deleted:", s.sum.deleted);
	out_num(&t->out, "orphans_gone", "Gone before:", s.sum.gone);
	out_num(&t->out, "orphans_kept", "Kept:", s.sum.kept);
	out_num(&t->out, "orphans_unknown", s.sum.unknown > 0 ? "Not found out:" : NULL,
		s.sum.unknown);
	if (s.sum.kept == 0)
		return TRUSTX_OK;
	out_stand(&t->out);
	fail_set(&t->fail, TRUSTX_ERR_PARTIAL, "%u kept: %s, so that somebody may use it",
		s.sum.kept, s.sum.why);
	return fail_next(&t->fail, "find out who; what is ACTIVE, or attached to another thing, is kept");
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
	struct aim aim = { .dir = NULL };
	struct cloud *cloud = NULL;
	struct iot_identity who;
	enum trustx_err err;

	if ((err = check_scrap(t, a)) != TRUSTX_OK ||
		(err = open_dir(t, &aim, a->state)) != TRUSTX_OK)
		goto out;
	if (a->target != NULL && (err = take_aim(t, &aim, a->target, &a->slot)) != TRUSTX_OK)
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
	aim_free(&aim);
	return err;
}

static const struct opt status_args[] = {
	{ .kind = OPT_TEXT,
		.value = "UID|THING",
		.help = "a chip or a thing; without it the chip that is connected",
		.at = offsetof(struct status_args, target) },
	{ .kind = OPT_END },
};

static const struct opt status_opts[] = {
	SLOT_OPT(struct status_args),
	STATE_OPT(struct status_args, "where the journals are"),
	AWS_OPTS(struct status_args),
	{ .kind = OPT_END },
};

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

const struct cmd cmd_aws_status = {
	.noun = "aws",
	.verb = "status",
	.help = "Show chip, certificate, thing and policy of a device side by side.",
	.args = status_args,
	.opts = status_opts,
	.flags = CMD_KEY_USE,
	.run = run_status,
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
