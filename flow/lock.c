/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "lock.h"

#include "buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TAG_LCSO 0xC0

struct words {
	const char *name, *text;
};

/* What an access is for, by kind of object. */
static const char *const deeds[][LOCK_ACCESSES] = {
	[LOCK_KEY] = { "making a key in", NULL, "using the key in" },
	[LOCK_CERT] = { "writing, replacing or erasing the certificate in",
		"reading the certificate in", "letting the chip verify with" },
	[LOCK_DATA] = { "writing to", "reading", "letting the chip work with" },
};

/* Life cycles of chip and application: in termination no command is left. */
static const uint8_t states[] = { TRUSTX_LCS_CREATION, TRUSTX_LCS_INITIALIZATION,
	TRUSTX_LCS_OPERATIONAL };

struct life {
	uint8_t chip, application;
};

static const struct words *rule_words(const struct lock_rule *rule)
{
	static const struct words words[2][3] = {
		{ { "never", "not possible, now or afterwards" },
			{ "not_yet", "not possible before a life cycle moves on" },
			{ "begins", "not possible now, possible afterwards" } },
		{ { "ends", "possible now, never again" },
			{ "ends_for_now", "possible now, then not before a life cycle moves on" },
			{ "stays", "stays possible" } },
	};

	return &words[rule->now][rule->then ? 2 : rule->later];
}

const char *lock_rule_text(const struct lock_rule *rule)
{
	return rule_words(rule)->text;
}

const char *lock_rule_name(const struct lock_rule *rule)
{
	return rule_words(rule)->name;
}

static const struct words reworks[] = {
	[LOCK_REWORK_YES] = { "yes", "yes" },
	[LOCK_REWORK_IN_PART] = { "in_part", "in part" },
	[LOCK_REWORK_NO] = { "no", "no" },
};

const char *lock_rework_text(enum lock_rework rework)
{
	return reworks[rework].text;
}

const char *lock_rework_name(enum lock_rework rework)
{
	return reworks[rework].name;
}

FAIL_PRINTF(2, 3) static void add(struct lock_lines *lines, const char *fmt, ...)
{
	va_list ap;

	assert(lines->count < LOCK_LINES);
	va_start(ap, fmt);
	vsnprintf(lines->at[lines->count++], sizeof(lines->at[0]), fmt, ap);
	va_end(ap);
}

FAIL_PRINTF(3, 4)
static void set_rework(struct lock_plan *plan, enum lock_rework rework, const char *fmt, ...)
{
	va_list ap;

	plan->rework = rework;
	va_start(ap, fmt);
	vsnprintf(plan->rework_why, sizeof(plan->rework_why), fmt, ap);
	va_end(ap);
}

/* ---- the metadata, before and after ---- */

static enum trustx_err read_raw(
	struct device *dev, uint8_t *raw, size_t *len, uint16_t oid, struct fail *f)
{
	enum trustx_err err;

	*len = TRUSTX_METADATA_MAX;
	if ((err = trustx_read_metadata(&dev->se, raw, len, oid)) != TRUSTX_OK)
		return device_fail(dev, err, f, "read the metadata of 0x%04X", oid);
	return TRUSTX_OK;
}

/* The bytes are well formed: they were decoded. Only the value of C0 will be another one. */
static void expect(struct lock_plan *plan)
{
	size_t at = 2;

	while (at + 2 < plan->expected_len && plan->expected[at] != TAG_LCSO)
		at += 2u + plan->expected[at + 1];
	if (!plan->done && at + 2 < plan->expected_len)
		plan->expected[at + 2] = TRUSTX_LCS_OPERATIONAL;
	plan->after = plan->before;
	plan->after.lcso = TRUSTX_LCS_OPERATIONAL;
}

static enum trustx_err check_life_cycle(const struct lock_plan *plan, struct fail *f)
{
	if (plan->before.lcso == 0) {
		fail_set(f, TRUSTX_ERR_LOCKED,
			"0x%04X has no life cycle of its own: it counts as operational already, "
			"and its rules never change",
			plan->oid);
		if (plan->oid == TRUSTX_OID_LCSG || plan->oid == TRUSTX_OID_LCSA)
			return fail_next(
				f, "to move the life cycle that it holds: trustx object write");
		return fail_next(f, "trustx object metadata %04x shows them", plan->oid);
	}
	if (plan->before.lcso > TRUSTX_LCS_OPERATIONAL)
		return fail_set(f, TRUSTX_ERR_LOCKED,
			"the life cycle of 0x%04X is termination, behind operational, and goes "
			"forward only",
			plan->oid);
	return TRUSTX_OK;
}

static enum trustx_err read_metadata(struct lock_plan *plan, struct device *dev, struct fail *f)
{
	enum trustx_err err;

	if ((err = read_raw(dev, plan->expected, &plan->expected_len, plan->oid, f)) != TRUSTX_OK)
		return err;
	if (trustx_metadata_decode(&plan->before, plan->expected, plan->expected_len) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_PROTOCOL,
			"the metadata of 0x%04X are not well formed", plan->oid);
	if ((err = check_life_cycle(plan, f)) != TRUSTX_OK)
		return err;
	plan->done = plan->before.lcso == TRUSTX_LCS_OPERATIONAL;
	expect(plan);
	return TRUSTX_OK;
}

/* ---- the access conditions ---- */

static enum trustx_err read_state(struct device *dev, uint8_t *state, uint16_t oid, struct fail *f)
{
	size_t len = 1;
	enum trustx_err err;

	if ((err = trustx_read(&dev->se, state, &len, oid, 0)) != TRUSTX_OK)
		return device_fail(dev, err, f, "read 0x%04X", oid);
	if (len != 1)
		return fail_set(f, TRUSTX_ERR_PROTOCOL, "0x%04X is empty", oid);
	return TRUSTX_OK;
}

static enum trustx_err read_life(struct life *life, struct device *dev, struct fail *f)
{
	enum trustx_err err;

	if ((err = read_state(dev, &life->chip, TRUSTX_OID_LCSG, f)) != TRUSTX_OK)
		return err;
	return read_state(dev, &life->application, TRUSTX_OID_LCSA, f);
}

static bool met_at(const struct trustx_access *access, uint8_t lcso, const struct life *life)
{
	return trustx_access_met(access, lcso, life->chip, life->application);
}

/* Life cycles go forward only; that of the object can still go to termination. */
static bool met_later(const struct trustx_access *access, const struct life *life)
{
	for (size_t i = 0; i < 18; i++) {
		struct life next = { states[i / 3 % 3], states[i % 3] };
		uint8_t lcso = i < 9 ? TRUSTX_LCS_OPERATIONAL : TRUSTX_LCS_TERMINATION;

		if (next.chip >= life->chip && next.application >= life->application &&
			met_at(access, lcso, &next))
			return true;
	}
	return false;
}

/* A key without an execute condition counts as usable, as in slot_inspect: the metadata of new keys
 * of a Trust X are not published, and its certificates are used without one. */
static void judge_rules(struct lock_plan *plan, const struct life *life)
{
	const struct trustx_metadata *meta = &plan->before;
	const struct trustx_access always = { 1, { 0x00 } };
	const struct trustx_access *access[] = { &meta->change, &meta->read, &meta->execute };

	if (plan->kind == LOCK_KEY && meta->execute.len == 0)
		access[LOCK_EXECUTE] = &always;
	for (size_t i = 0; i < LOCK_ACCESSES; i++) {
		struct lock_rule *rule = &plan->rules[i];

		rule->applies = i == LOCK_CHANGE || (i == LOCK_READ && plan->kind != LOCK_KEY) ||
				(i == LOCK_EXECUTE && access[i]->len > 0);
		rule->now = rule->applies && met_at(access[i], meta->lcso, life);
		rule->then = rule->applies && met_at(access[i], plan->after.lcso, life);
		rule->later = rule->applies && met_later(access[i], life);
	}
}

/* What is lost and what stays. No key, no use of it. */
static void list_deeds(struct lock_plan *plan)
{
	const char *usage = plan->kind == LOCK_KEY ? ", the usage of the key" : "";

	for (size_t i = 0; i < LOCK_ACCESSES; i++) {
		const struct lock_rule *rule = &plan->rules[i];
		const char *deed = deeds[plan->kind][i];

		if (!rule->applies || (plan->kind == LOCK_KEY && i == LOCK_EXECUTE &&
					      !plan->before.has_algorithm))
			continue;
		if (rule->then)
			add(&plan->kept, "%s 0x%04X", deed, plan->oid);
		else if (rule->now)
			add(&plan->lost, "%s 0x%04X%s", deed, plan->oid,
				rule->later ? ", until a life cycle moves on" : "");
	}
	if (plan->done)
		return;
	add(&plan->lost, "changing the access rules%s or the data type of 0x%04X", usage,
		plan->oid);
	add(&plan->lost, "going back: a life cycle only goes forward");
}

/* ---- slots ---- */

/* A slot as it will be. */
struct outlook {
	const struct slot_state *state;
	bool key_open, cert_open, cert_readable; /* a key can be made, a certificate written */
	bool can_sign;
};

static void foresee(struct outlook *o, const struct lock_plan *plan, const struct slot_state *state)
{
	o->state = state;
	o->key_open = plan->kind == LOCK_KEY ? plan->rules[LOCK_CHANGE].then : !state->key_locked;
	o->cert_open =
		plan->kind == LOCK_CERT ? plan->rules[LOCK_CHANGE].then : !state->cert_locked;
	o->cert_readable =
		plan->kind == LOCK_CERT ? plan->rules[LOCK_READ].then : !state->cert_unreadable;
	o->can_sign = state->can_sign && (plan->kind != LOCK_KEY || plan->rules[LOCK_EXECUTE].then);
}

static bool can_personalize(const struct outlook *o)
{
	return o->cert_open && o->cert_readable && (o->state->has_key ? o->can_sign : o->key_open);
}

static void judge_slot(struct lock_plan *plan, const struct outlook *o)
{
	const struct slot *slot = &o->state->slot;

	if (o->key_open && o->cert_open)
		set_rework(plan, LOCK_REWORK_YES,
			"slot %u can still get another key and another certificate", slot->number);
	else if (o->cert_open && can_personalize(o))
		set_rework(plan, LOCK_REWORK_IN_PART,
			"the key in 0x%04X stays for good, certificates for it can still be "
			"written to 0x%04X",
			slot->key, slot->cert);
	else if (o->cert_open)
		set_rework(plan, LOCK_REWORK_NO,
			"slot %u can no longer be personalized: 0x%04X %s, and no key can be made "
			"there",
			slot->number, slot->key,
			o->state->has_key ? "holds a key that cannot sign" : "holds no key");
	else if (o->key_open)
		set_rework(plan, LOCK_REWORK_NO,
			"slot %u can no longer be personalized: what 0x%04X holds stays, and a new "
			"key would have no certificate",
			slot->number, slot->cert);
	else
		set_rework(plan, LOCK_REWORK_NO,
			"slot %u can no longer be personalized: key and certificate stay as they "
			"are",
			slot->number);
}

static void warn_fit(struct lock_plan *plan, const struct slot_state *state)
{
	const struct slot *slot = &state->slot;

	switch (state->verdict) {
	case SLOT_DIFFERS:
		add(&plan->warnings,
			"the certificate in 0x%04X is for another key than the one in "
			"0x%04X",
			slot->cert, slot->key);
		break;
	case SLOT_UNPROVED:
		add(&plan->warnings,
			"the key in 0x%04X cannot sign: whether the certificate in "
			"0x%04X fits was not tested",
			slot->key, slot->cert);
		break;
	case SLOT_NOT_READABLE:
	case SLOT_NO_CERT:
		add(&plan->warnings, "what 0x%04X holds is no certificate that fits: %s",
			slot->cert, state->problem);
		break;
	default:
		break;
	}
}

static void warn_key(struct lock_plan *plan, const struct outlook *o)
{
	const struct slot *slot = &o->state->slot;

	if (!o->state->has_key)
		add(&plan->warnings, "0x%04X holds no key%s", slot->key,
			o->key_open ? "" : ", and none can be made there afterwards");
	else if (!plan->rules[LOCK_EXECUTE].then)
		add(&plan->warnings, "the key in 0x%04X cannot be used afterwards", slot->key);
	if (o->state->has_key && o->state->cert_empty)
		add(&plan->warnings, "0x%04X holds no certificate for the key in 0x%04X%s",
			slot->cert, slot->key,
			o->cert_open ? ": write it before, so that a key that turns out wrong can "
				       "still be replaced"
				     : ", and none can be written there");
}

static void warn_cert(struct lock_plan *plan, const struct outlook *o)
{
	const struct slot *slot = &o->state->slot;

	if (o->state->cert_empty)
		add(&plan->warnings, "0x%04X holds no certificate%s", slot->cert,
			o->cert_open ? "" : ", and none can be written there afterwards");
	else if (!o->state->has_key)
		add(&plan->warnings, "0x%04X holds a certificate, but there is no key in 0x%04X",
			slot->cert, slot->key);
}

static void judge_own_slot(struct lock_plan *plan, const struct slot_state *state)
{
	struct outlook o;

	foresee(&o, plan, state);
	plan->slots[state->slot.number] = can_personalize(&o);
	judge_slot(plan, &o);
	if (plan->done)
		return;
	if (plan->kind == LOCK_KEY)
		warn_key(plan, &o);
	else
		warn_cert(plan, &o);
	warn_fit(plan, state);
}

static void judge_data(struct lock_plan *plan)
{
	const struct lock_rule *change = &plan->rules[LOCK_CHANGE];

	if (change->then)
		set_rework(plan, LOCK_REWORK_YES, "0x%04X can still be written", plan->oid);
	else if (change->later)
		set_rework(plan, LOCK_REWORK_IN_PART,
			"0x%04X can be written again when a life cycle has moved on", plan->oid);
	else
		set_rework(plan, LOCK_REWORK_NO, "what 0x%04X holds stays for good", plan->oid);
}

static enum trustx_err look_at_slots(struct lock_plan *plan, struct device *dev, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	for (uint8_t n = 0; n < SLOT_COUNT && err == TRUSTX_OK; n++) {
		struct slot slot = slot_number(n);
		struct slot_state state;
		bool own = plan->oid == slot.key || plan->oid == slot.cert;

		memset(&state, 0, sizeof(state));
		err = slot_inspect(&state, dev, &slot, own && !plan->done, f);
		plan->slots[n] = state.can_personalize;
		if (err == TRUSTX_OK && own)
			judge_own_slot(plan, &state);
		slot_state_free(&state);
	}
	return err;
}

static enum lock_kind kind_of(uint16_t oid)
{
	for (uint8_t n = 0; n < SLOT_COUNT; n++) {
		if (oid == slot_number(n).key)
			return LOCK_KEY;
		if (oid == slot_number(n).cert)
			return LOCK_CERT;
	}
	return LOCK_DATA;
}

enum trustx_err lock_plan(struct lock_plan *plan, struct device *dev, uint16_t oid, struct fail *f)
{
	struct life life;
	enum trustx_err err;

	memset(plan, 0, sizeof(*plan));
	plan->oid = oid;
	plan->kind = kind_of(oid);
	if ((err = read_metadata(plan, dev, f)) != TRUSTX_OK)
		return err;
	if ((err = read_life(&life, dev, f)) != TRUSTX_OK)
		return err;
	judge_rules(plan, &life);
	list_deeds(plan);
	if (plan->kind == LOCK_DATA)
		judge_data(plan);
	return look_at_slots(plan, dev, f);
}

enum trustx_err lock_apply(struct device *dev, const struct lock_plan *plan, struct fail *f)
{
	static const uint8_t operational[] = { 0x20, 3, TAG_LCSO, 1, TRUSTX_LCS_OPERATIONAL };
	uint8_t back[TRUSTX_METADATA_MAX];
	size_t len;
	enum trustx_err err;

	assert(!plan->done);
	err = trustx_write_metadata(&dev->se, plan->oid, operational, sizeof(operational));
	if (err != TRUSTX_OK)
		return device_fail(dev, err, f, "lock 0x%04X", plan->oid);
	if ((err = read_raw(dev, back, &len, plan->oid, f)) != TRUSTX_OK)
		return err;
	if (len != plan->expected_len || memcmp(back, plan->expected, len) != 0) {
		fail_set(f, TRUSTX_ERR_MISMATCH,
			"the metadata of 0x%04X read back other than they were written", plan->oid);
		return fail_next(f, "trustx object metadata %04x shows what they are", plan->oid);
	}
	return TRUSTX_OK;
}
