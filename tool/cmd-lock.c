/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "lock.h"
#include "metadata.h"
#include "options.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define ACCESS_TEXT_MAX 160

struct lock_args {
	uint16_t oid;
	const char *confirm;
	bool infineon_slot;
};

static const char *const accesses[LOCK_ACCESSES] = { "change", "read", "execute" };

/* ---- the plan, for people ---- */

static const struct trustx_access *access_of(
	const struct trustx_metadata *meta, enum lock_access access)
{
	return access == LOCK_CHANGE ? &meta->change
	       : access == LOCK_READ ? &meta->read
				     : &meta->execute;
}

static void say_rule(struct tool *t, const struct lock_plan *plan, enum lock_access access)
{
	const struct trustx_access *condition = access_of(&plan->before, access);
	char text[ACCESS_TEXT_MAX];

	if (!plan->rules[access].applies)
		return;
	if (trustx_access_print(text, sizeof(text), condition) != TRUSTX_OK)
		snprintf(text, sizeof(text), "malformed");
	if (access == LOCK_EXECUTE && condition->len == 0)
		snprintf(text, sizeof(text), "no rule");
	tool_say(t, "  %-14s%s: %s", accesses[access], text, lock_rule_text(&plan->rules[access]));
}

static void say_lines(struct tool *t, const char *head, const struct lock_lines *lines)
{
	if (lines->count > 0)
		tool_say(t, "  %s", head);
	for (size_t i = 0; i < lines->count; i++)
		tool_say(t, "    %s", lines->at[i]);
}

static void slots_text(char *out, size_t cap, const struct lock_plan *plan)
{
	size_t n = 0;

	snprintf(out, cap, "none");
	for (unsigned i = 0; i < SLOT_COUNT; i++)
		if (plan->slots[i] && n < cap)
			n += (size_t)snprintf(out + n, cap - n, "%s%u", n > 0 ? ", " : "", i);
}

static const char *name_of(const struct tool *t, const struct lock_plan *plan)
{
	return metadata_name(plan->oid, trustx_family(&t->dev.se));
}

static void say_plan(struct tool *t, const struct lock_plan *plan)
{
	char slots[32];

	slots_text(slots, sizeof(slots), plan);
	tool_say(t, "lock 0x%04X, %s, of chip %s:", plan->oid, name_of(t, plan), t->dev.uid_hex);
	tool_say(t, "  %-14s%s -> operational, for good", "life cycle",
		words_lcs_text(plan->before.lcso));
	for (enum lock_access i = 0; i < LOCK_ACCESSES; i++)
		say_rule(t, plan, i);
	say_lines(t, "no longer possible:", &plan->lost);
	say_lines(t, "still possible:", &plan->kept);
	tool_say(t, "  still reworkable? %s: %s", lock_rework_text(plan->rework), plan->rework_why);
	tool_say(t, "  slots that can be personalized then: %s", slots);
	for (size_t i = 0; i < plan->warnings.count; i++)
		tool_say(t, "  warning: %s", plan->warnings.at[i]);
}

/* ---- run ---- */

static bool is_infineons(uint16_t oid)
{
	return oid == TRUSTX_OID_CERT_0 || oid == TRUSTX_OID_KEY_0;
}

/* The plan first: nobody should have to consent to what was not shown. */
static enum trustx_err consent(
	struct tool *t, const struct lock_args *a, const struct lock_plan *plan)
{
	if (is_infineons(plan->oid) && !a->infineon_slot) {
		fail_set(&t->fail, TRUSTX_ERR_CONSENT, "0x%04X belongs to Infineon's own identity",
			plan->oid);
		return fail_next(&t->fail, "use another object, or say --infineon-slot");
	}
	return tool_confirm(t, a->confirm, "locking an object");
}

static enum trustx_err plan_and_apply(
	struct tool *t, const struct lock_args *a, struct lock_plan *plan)
{
	enum trustx_err err;

	if (a->confirm != NULL &&
		(err = tool_confirm(t, a->confirm, "locking an object")) != TRUSTX_OK)
		return err;
	if ((err = lock_plan(plan, &t->dev, a->oid, &t->fail)) != TRUSTX_OK || plan->done)
		return err;
	say_plan(t, plan);
	if ((err = consent(t, a, plan)) != TRUSTX_OK)
		return err;
	return lock_apply(&t->dev, plan, &t->fail);
}

/* ---- print ---- */

static void print_lines(struct out *o, const char *key, const struct lock_lines *lines)
{
	out_array(o, key);
	for (size_t i = 0; i < lines->count; i++)
		out_str(o, NULL, NULL, lines->at[i]);
	out_end(o);
}

static void print_plan(struct out *o, const struct lock_plan *plan)
{
	out_str(o, "life_cycle_before", NULL, words_lcs_text(plan->before.lcso));
	out_object(o, "access");
	for (size_t i = 0; i < LOCK_ACCESSES; i++) {
		if (plan->rules[i].applies)
			out_str(o, accesses[i], NULL, lock_rule_name(&plan->rules[i]));
		else
			out_null(o, accesses[i]);
	}
	out_end(o);
	print_lines(o, "lost", &plan->lost);
	print_lines(o, "kept", &plan->kept);
	print_lines(o, "warnings", &plan->warnings);
	out_object(o, "rework");
	out_str(o, "possible", NULL, lock_rework_name(plan->rework));
	out_str(o, "why", NULL, plan->rework_why);
	out_array(o, "slots");
	for (unsigned i = 0; i < SLOT_COUNT; i++)
		if (plan->slots[i])
			out_num(o, NULL, NULL, i);
	out_end(o);
	out_end(o);
}

static enum trustx_err run_lock(struct tool *t, const void *values)
{
	const struct lock_args *a = values;
	struct out *o = &t->out;
	struct lock_plan plan;
	enum trustx_err err;

	if ((err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = plan_and_apply(t, a, &plan)) != TRUSTX_OK)
		return err;
	metadata_print(o, plan.oid, name_of(t, &plan), &plan.after);
	out_bool(o, "written", !plan.done);
	out_line(o, "%-16s%s", "Locked:",
		plan.done ? "operational already, nothing was written"
			  : "now, and read back as written");
	out_line(o, "%-16s%s: %s", "Reworkable:", lock_rework_text(plan.rework), plan.rework_why);
	print_plan(o, &plan);
	return TRUSTX_OK;
}

static const struct opt args[] = {
	{ .kind = OPT_OID,
		.required = true,
		.value = "OID",
		.help = "object, as 0xE0F1",
		.at = offsetof(struct lock_args, oid) },
	{ .kind = OPT_END },
};

static const struct opt opts[] = {
	CONFIRM_OPT(struct lock_args, "the chip this is meant for: a locked object stays locked"),
	INFINEON_SLOT_OPT(struct lock_args, "0xE0E0 and 0xE0F0, Infineon's own, too"),
	{ .kind = OPT_END },
};

const struct cmd cmd_object_lock = {
	.noun = "object",
	.verb = "lock",
	.help = "Say what locking an object means, and with consent set it operational for good.",
	.args = args,
	.opts = opts,
	.flags = CMD_CHIP | CMD_KEY_USE | CMD_WRITES | CMD_IRREVERSIBLE,
	.run = run_lock,
};
