/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What was done to one slot of one chip: JSON Lines in DIR/UID-OID.journal, each step's intent
 * appended before it and its result after it. A line:
 * {"time":"2026-01-31T12:00:00Z","uid":"cd16..","oid":"e0f1","step":"write","event":"begin"}
 * event: begin, done, failed (with "error" and "why"); "detail" is an object of strings.
 */
#ifndef FLOW_JOURNAL_H
#define FLOW_JOURNAL_H

#include "device.h"
#include "file.h"
#include "record.h"
#include "slot.h"

#include <stdio.h>

#define JOURNAL_STEP_MAX   24
#define JOURNAL_ISSUER_MAX 4224 /* with its 0; a path has up to 4095 bytes */

/* What earlier runs left. */
struct journal {
	int fd;
	char uid[2 * TRUSTX_UID_LEN + 1], oid[5];
	char open_step
		[JOURNAL_STEP_MAX]; /* the last step, if it was stopped in the middle, or "" */
	bool write_open;	    /* a "write" was begun and not done since */
	bool issue_open;	    /* the last "issue" was begun, neither done nor failed */
	char issuer[JOURNAL_ISSUER_MAX], days[16]; /* of the last "issue", or "" */
	char certificate[65]; /* what it gave: SHA-256 of the leaf's DER, hexadecimal, or "" */
	bool dropped;	      /* the last line was cut by a kill and has been dropped */
	struct record record; /* of the registration at AWS */
};

/*
 * Read the journal of the slot, or begin one, for appending. A last line without its newline is
 * dropped. TRUSTX_ERR_INPUT: any other damage, named by line. TRUSTX_ERR_MISMATCH: it is about
 * another chip or slot. TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err journal_open(
	struct journal *journal, const struct device *dev, const struct slot *slot, struct fail *f);
void journal_close(struct journal *journal); /* fine if not open (fd -1) */

struct journal_detail { /* of the step "issue"; NULL for others */
	const char *issuer, *days, *certificate;
};

/*
 * Append a line with this detail (taken; NULL: no memory) and let the record know. Synced.
 * TRUSTX_ERR_FILE, _MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err journal_note(struct journal *journal, const char *step,
	const char *event, json_t *detail, struct fail *f);

/*
 * Append. A line outlives the process in any case; with FILE_SYNC it and all before it outlive a
 * power failure, too. TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err journal_begin(struct journal *journal, const char *step,
	const struct journal_detail *detail, enum file_sync sync, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err journal_done(struct journal *journal, const char *step,
	const struct journal_detail *detail, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err journal_failed(
	struct journal *journal, const char *step, const struct fail *reason, struct fail *f);

#endif
