/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Locking an object: its life cycle goes to operational, for good. First the plan, then the act. */
#ifndef FLOW_LOCK_H
#define FLOW_LOCK_H

#include "slot.h"

enum lock_kind { LOCK_KEY, LOCK_CERT, LOCK_DATA };

enum lock_access { LOCK_CHANGE, LOCK_READ, LOCK_EXECUTE, LOCK_ACCESSES };

/* One access condition, as it evaluates. */
struct lock_rule {
	bool applies; /* keys are never read; most objects have no execute condition */
	bool now;     /* met before */
	bool then;    /* met afterwards, the life cycles of chip and application being as now */
	bool later;   /* met in a state that chip, application or object can still reach */
};

#define LOCK_LINES 6u
struct lock_lines {
	char at[LOCK_LINES][240];
	size_t count;
};

enum lock_rework { LOCK_REWORK_YES, LOCK_REWORK_IN_PART, LOCK_REWORK_NO };

struct lock_plan {
	uint16_t oid;
	enum lock_kind kind;
	bool done; /* operational already: nothing is lost that is not lost yet */
	struct trustx_metadata before, after;
	uint8_t expected[TRUSTX_METADATA_MAX]; /* the bytes of after */
	size_t expected_len;
	struct lock_rule rules[LOCK_ACCESSES];
	struct lock_lines lost, kept, warnings;
	enum lock_rework rework; /* of what the object is for: a slot, or its data */
	char rework_why[240];
	bool slots[SLOT_COUNT]; /* which can be personalized afterwards */
};

/*
 * What locking oid would mean; nothing is changed. For a slot that holds key and certificate it
 * costs one use of the key, which tells whether they fit. TRUSTX_ERR_LOCKED: the object has no
 * life cycle, or is behind operational. TRUSTX_ERR_CHIP: there is no such object.
 */
TRUSTX_MUST_CHECK enum trustx_err lock_plan(
	struct lock_plan *plan, struct device *dev, uint16_t oid, struct fail *f);

/*
 * Do it, read back and compare with plan->expected: TRUSTX_ERR_MISMATCH. Not for a plan that is
 * done. The caller has asked for consent.
 */
TRUSTX_MUST_CHECK enum trustx_err lock_apply(
	struct device *dev, const struct lock_plan *plan, struct fail *f);

/* "stays possible", "possible now, never again", ...; static. */
const char *lock_rule_text(const struct lock_rule *rule);
/* For machines: "stays", "ends", "ends_for_now", "begins", "never", "not_yet"; static. */
const char *lock_rule_name(const struct lock_rule *rule);

/* "yes", "in part", "no"; for machines "yes", "in_part", "no"; static. */
const char *lock_rework_text(enum lock_rework rework);
const char *lock_rework_name(enum lock_rework rework);

#endif
