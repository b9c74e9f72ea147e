/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What the journal of a slot says about its registration at AWS: which certificate, how far, and
 * which others were made on the way. Steps of journal.h: thing, issue, register, attach, group,
 * policy, activate, orphan, retire, deactivate, scrap; their detail has the SHA-256 of the key's
 * SubjectPublicKeyInfo ("key").
 */
#ifndef FLOW_RECORD_H
#define FLOW_RECORD_H

#include "fail.h"
#include "iot.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

enum record_done {
	RECORD_THING = 1,
	RECORD_REGISTER = 2,
	RECORD_ATTACH = 4,
	RECORD_GROUP = 8,
	RECORD_POLICY = 16,
	RECORD_ACTIVE = 32,
};

/* A certificate of this slot's that no device uses: INACTIVE, attached to nothing, but if it was
 * replaced to the thing. */
struct record_orphan {
	char id[IOT_ID_LEN + 1]; /* "": nobody knows whether there is one */
	char key[65];		 /* that it is for, or "" */
	char arn[IOT_ARN_MAX];
	char why[160];
};

struct record_name {
	char id[IOT_ID_LEN + 1], arn[IOT_ARN_MAX];
};

struct record {
	char key[65]; /* SHA-256 of the key's SPKI, or "" */
	char thing[IOT_NAME_MAX + 1];
	struct record_name cert;    /* of that key; empty: none yet */
	struct record_name retired; /* ACTIVE before cert, not yet deactivated */
	unsigned done;		    /* enum record_done */
	double intent, before;	    /* when a certificate was asked for whose fate is not known */
	char region[32];	    /* where that was */
	double latest;		    /* when one was asked for last */
	struct record_orphan *orphans;
	size_t orphan_count;
};

/* Take a line of the journal. false: no memory. */
bool record_apply(struct record *record, const json_t *line);
void record_free(struct record *record); /* fine on a zeroed struct */

bool record_has_orphan(const struct record *record, const char *id);

/*
 * Read the journal of a chip that is not there. *found false: there is none. Lines that cannot be
 * read are skipped. TRUSTX_ERR_FILE. Free with record_free in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err record_load(
	struct record *record, bool *found, const char *path, struct fail *f);

#endif
