/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The registration of one device at AWS IoT beside the work of its chip: thing, certificate, their
 * attachment, group or policy, activation last. Every step is in the journal before and after it,
 * and continues from there. Nothing is ever deleted.
 */
#ifndef FLOW_ENROLL_H
#define FLOW_ENROLL_H

#include "iot.h"
#include "journal.h"
#include "pubkey.h"

#include <openssl/x509.h>

#define ENROLL_ATTRIBUTES 50 /* of a thing with a type, AWS IoT quotas; chipUid is one */
#define ENROLL_UID	  "chipUid"

/* All are lent for the life of the registration. */
struct enroll_options {
	struct cloud *cloud;
	const char *thing;			/* with {uid}, {serial}; NULL: the subject's CN */
	const char *type, *group, *policy;	/* NULL: none */
	const struct iot_attribute *attributes; /* values with {uid}, {serial} */
	size_t attribute_count;
	const char *account; /* that AWS's answers have to come from; NULL: any */
	bool weak_policy;    /* --weak-policy: though it allows too much */
	unsigned settle_ms;  /* how long AWS may not show what it just made; 0: 10 s */
	void (*note)(void *ctx, const char *text); /* what is good to know; may be NULL */
	void *ctx;
};

struct enroll_result {
	bool was_active; /* nothing was changed at AWS */
	bool adopted;	 /* the certificate was made for an earlier run that was stopped */
	char thing[IOT_NAME_MAX + 1];
	struct record_name cert;
	size_t orphans; /* of this slot, so far */
};

/* A request in flight that belongs to a step of the journal. */
struct enroll_call {
	struct cloud_call *call;
	uint64_t since, retry; /* ms; retry: not before */
};

struct enroll {
	const struct enroll_options *opt; /* NULL: there is no registration */
	struct device *dev;
	struct journal *journal;
	uint16_t oid;
	bool registers; /* the certificate is a local CA's */
	const char *issuer, *days;
	bool (*stop)(void);
	unsigned settle_ms;

	char thing[IOT_NAME_MAX + 1];
	struct blob values[ENROLL_ATTRIBUTES];
	struct iot_attribute attributes[ENROLL_ATTRIBUTES];
	size_t attribute_count;
	char key[65]; /* SHA-256 of the SPKI */

	struct record_name cert;
	struct blob pem; /* of the leaf, to be registered */
	struct enroll_call make_thing, lane;
	bool thing_done, lane_open;
	size_t lane_at;
	enum trustx_err lane_err;
	struct fail lane_fail;
	struct cloud_error lane_error;
	uint64_t pumped; /* ms */
	struct enroll_result result;
};

/* What a registration needs to know of its run. */
struct enroll_run {
	struct device *dev;
	struct journal *journal;
	uint16_t oid; /* of the key */
	X509_REQ *sample;
	const char *issuer, *days;
	bool registers;
	bool (*stop)(void);
};

/*
 * Check names, attributes and their number; nothing is sent. TRUSTX_ERR_INPUT: among others a
 * subject whose CN cannot be the name of a thing. Free with enroll_close in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err enroll_open(struct enroll *e, const struct enroll_options *opt,
	const struct enroll_run *run, struct fail *f);
void enroll_close(struct enroll *e); /* forgets what is in flight; fine on a zeroed struct */

/*
 * The policy of opt->policy: TRUSTX_ERR_INPUT: there is none. TRUSTX_ERR_CONSENT: it allows too
 * much, without weak_policy. The ancestor's is made if its name is given, with a note.
 */
TRUSTX_MUST_CHECK enum trustx_err enroll_policy(struct enroll *e, struct fail *f);

/* CreateThing: sent, and its answer taken. Both are fine if it was done. TRUSTX_ERR_MISMATCH: it
 * is another chip's, or the account another one. TRUSTX_ERR_EXISTS: it is nobody's. */
TRUSTX_MUST_CHECK enum trustx_err enroll_start_thing(struct enroll *e, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err enroll_take_thing(struct enroll *e, struct fail *f);

/* Once the key is known. */
TRUSTX_MUST_CHECK enum trustx_err enroll_set_key(
	struct enroll *e, const struct pubkey *key, struct fail *f);

/* ---- what is there: enroll-status.c ---- */

enum enroll_state {
	ENROLL_ACTIVE,	/* registered and active: nothing is to be done */
	ENROLL_BEGUN,	/* to be continued */
	ENROLL_FOREIGN, /* AWS does not have it, or not as this run wants: see fail */
};

/* Of the certificate in the chip, which fits otherwise. */
TRUSTX_MUST_CHECK enum trustx_err enroll_look(
	enum enroll_state *state, struct enroll *e, STACK_OF(X509) *certs, struct fail *f);

/* ---- what is attached to it: enroll-lane.c ---- */

/* Register, attach, group, policy: begun, and waited for. Fine if it was done. */
void enroll_start(struct enroll *e);
TRUSTX_MUST_CHECK enum trustx_err enroll_wait(struct enroll *e, struct fail *f);

/* What came of it. */
void enroll_tell(struct enroll_result *result, const struct enroll *e);

/* Last. A certificate that was active before is deactivated, and an orphan. */
TRUSTX_MUST_CHECK enum trustx_err enroll_activate(struct enroll *e, struct fail *f);

/* For device_set_idle, ctx being e: let requests go on while the chip works. */
void enroll_idle(void *ctx, uint32_t us);

#endif
