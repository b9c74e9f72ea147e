/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-aim.h"
#include "aws-opts.h"
#include "aws-setup.h"
#include "aws-status.h"
#include "options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct status_args {
	struct aws_args aws;
	struct slot slot;
	const char *target, *state;
};

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
	for (; *out != '\0'; out++)
		*out = *out >= ' ' && *out <= '~' ? *out : '?';
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

static void print_orphans(struct tool *t, const struct aws_status *s, const struct aws_aim *aim)
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
	const struct slot_state *state, const struct aws_aim *aim)
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

static enum trustx_err look(struct tool *t, const struct status_args *a, const struct aws_aim *aim,
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

/* A chip that was named but is not the one in the socket does not count. */
static bool is_meant(struct tool *t, const struct status_args *a, const struct aws_aim *aim)
{
	if (a->target == NULL || aim->uid == NULL || strcasecmp(aim->uid, t->dev.uid_hex) == 0)
		return true;
	tool_note(t, "the chip at %s is another one and is left out", t->globals.device);
	return false;
}

static enum trustx_err run_status(struct tool *t, const void *values)
{
	const struct status_args *a = values;
	struct aws_aim aim = { .dir = NULL };
	struct slot_state state;
	struct slot slot = a->slot;
	enum trustx_err err;
	bool there;

	memset(&state, 0, sizeof(state));
	if ((err = aws_aim_dir(t, &aim, a->state)) != TRUSTX_OK ||
		(err = open_chip(t, a, &there)) != TRUSTX_OK ||
		(err = aws_aim_take(t, &aim, a->target != NULL ? a->target : t->dev.uid_hex,
			 &slot)) != TRUSTX_OK)
		goto out;
	there = there && is_meant(t, a, &aim);
	if (aim.has_journal)
		slot = slot_number((uint8_t)(aim.known.oid & 0x0F));
	if (there && (err = slot_inspect(&state, &t->dev, &slot, true, &t->fail)) != TRUSTX_OK)
		goto out;
	if (!there && aim.thing == NULL)
		err = aws_aim_no_thing(t, &aim);
	else
		err = look(t, a, &aim, there ? &state : NULL);
out:
	slot_state_free(&state);
	aws_aim_free(&aim);
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

const struct cmd cmd_aws_status = {
	.noun = "aws",
	.verb = "status",
	.help = "Show chip, certificate, thing and policy of a device side by side.",
	.args = status_args,
	.opts = status_opts,
	.flags = CMD_KEY_USE,
	.run = run_status,
};
