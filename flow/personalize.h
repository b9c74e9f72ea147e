/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * One chip into one device, by a table of steps that can be stopped anywhere and run again:
 * inspect, key, public key, csr, issue, check, write, read back, prove; with a registration at AWS
 * also policy, thing, attach, activate.
 */
#ifndef FLOW_PERSONALIZE_H
#define FLOW_PERSONALIZE_H

#include "csrflow.h"
#include "enroll.h"
#include "issuer.h"
#include "slotcert.h"

#include <time.h>

/* Told before each step (step 1..total), and with a hint (step as before) when the chip is
 * throttled. text is lent for the call. */
struct personalize_progress {
	void (*tell)(void *ctx, unsigned step, unsigned total, const char *text);
	void *ctx;
};

struct personalize_options {
	struct csrflow_subject subject;
	struct issuer *issuer;		  /* issuer_init */
	const struct enroll_options *aws; /* register at AWS; NULL: do not; issuer aws needs it */
	unsigned days;			  /* validity asked of a ca; CA_FOREVER */
	enum cert_format format;	  /* default tls-identity */
	enum trustx_curve curve;	  /* 0: P-256 if a key is made */
	bool replace_cert;		  /* --replace-cert */
	bool infineon_slot;		  /* --infineon-slot: slot 0 too */
	time_t now;			  /* 0: the clock */
	struct personalize_progress progress; /* tell may be NULL */
	bool (*stop)(void);		      /* asked before each step and while an issuer runs */
};

struct personalize_result {
	bool was_finished; /* nothing was written: the chip was as this run asks */
	bool made_key;
	bool reused_certificate; /* issued for an earlier run that was stopped */
	bool chain_checked;	 /* the issuer named roots and the chain ends at one */
	struct pubkey key;
	STACK_OF(X509) *certs; /* in the slot now, leaf first */
	struct enroll_result aws;
};

/*
 * Personalize slot of dev. Makes a key only in an empty slot, and never a second one after a stop.
 * A finished chip (design, "When a chip is finished") is one key use and no write. Errors:
 *   TRUSTX_ERR_INPUT, _TOO_BIG  subject, SAN, issuer's certificate too big for the slot, journal
 *   TRUSTX_ERR_CONSENT   slot 0 without infineon_slot
 *   TRUSTX_ERR_EXISTS    a key of another curve; another certificate (named, with the difference),
 *                        without replace_cert; the CA certified this key for another subject
 *   TRUSTX_ERR_MISMATCH  the issuer's certificate is not for this key and subject, outside its
 *                        dates, or does not chain to its root; read-back or proof failed
 *   TRUSTX_ERR_LOCKED    key or certificate slot can no longer be written and would have to be
 *   TRUSTX_ERR_NO_PUBLIC_KEY, TRUSTX_ERR_ISSUER, TRUSTX_ERR_FILE (state directory)
 *   TRUSTX_ERR_INTERRUPTED  stop said so: the next run continues
 * and those of the chip, explained, and of enroll.h. Free with personalize_free, in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err personalize_run(struct personalize_result *result,
	struct device *dev, const struct slot *slot, const struct personalize_options *opt,
	struct fail *f);
void personalize_free(struct personalize_result *result); /* fine on a zeroed struct */

#endif
