/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certificates in a slot of the chip: read, check, write, erase. */
#ifndef FLOW_SLOTCERT_H
#define FLOW_SLOTCERT_H

#include "slot.h"

#include <time.h>

/* All members may be 0. */
struct slotcert_options {
	enum cert_format format; /* default tls-identity */
	STACK_OF(X509) *roots;	 /* --ca; NULL: the chain is not checked. Lent */
	bool foreign;		 /* --foreign-cert: the key need not fit */
	bool replace;		 /* --replace-cert: over another certificate */
	bool infineon_slot;	 /* --infineon-slot: 0xE0E0 too */
	time_t now;		 /* 0: the clock */
};

struct slotcert_result {
	bool written;	       /* false: the same bytes were there already */
	bool key_fits;	       /* proved by a signature made now; with foreign not tested */
	bool key_unproved;     /* equal to the key's known public key, but the key cannot sign */
	bool chain_checked;    /* up to a root of roots */
	size_t len;	       /* bytes of the slot's content */
	STACK_OF(X509) *found; /* by slotcert_verify without certs, leaf first; the caller's */
};

/*
 * Write certs (leaf first). One use of the private key, before the write, proves that the
 * certificate is for the key in the slot. Written, read back, compared. In this order:
 *   TRUSTX_ERR_INPUT, _TOO_BIG  format der with a chain, no EC key; more than the slot holds
 *   TRUSTX_ERR_CONSENT   0xE0E0 without infineon_slot
 *   TRUSTX_ERR_LOCKED    the slot may not be read: what is written could not be compared
 *   TRUSTX_ERR_EXISTS    something else there, without replace
 *   TRUSTX_ERR_MISMATCH  certificate for another key, or no key in the slot, without foreign;
 *                        outside its dates; chain with roots
 *   TRUSTX_ERR_LOCKED    the slot can no longer be written
 *   TRUSTX_ERR_NO_PUBLIC_KEY  a key that cannot sign and whose public key is not known
 * then errors of the chip, explained, and TRUSTX_ERR_MISMATCH when read-back differs.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_write(struct slotcert_result *result, struct device *dev,
	const struct slot *slot, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f);

/*
 * Would slotcert_write with these options accept certs (NULL: those in the slot)? Size, dates,
 * chain if roots, public key by a fresh signature; consents, occupation and locks do not matter.
 * TRUSTX_ERR_MISMATCH: certs NULL and no certificate in the slot. Else as slotcert_write. found is
 * NULL after a failure.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_verify(struct slotcert_result *result,
	struct device *dev, const struct slot *slot, STACK_OF(X509) *certs,
	const struct slotcert_options *opt, struct fail *f);

/*
 * The certificates in the slot, leaf first, and if raw is not NULL the object's bytes appended to
 * it. TRUSTX_ERR_MISMATCH: the slot is empty, or holds no certificate. Free as cert_parse says.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_read(STACK_OF(X509) **certs, struct blob *raw,
	struct device *dev, const struct slot *slot, struct fail *f);

/*
 * Clear the slot: afterwards it holds one zero byte, as Infineon's tool leaves it, and counts as
 * empty. An empty slot is left alone (*erased false). TRUSTX_ERR_CONSENT: 0xE0E0 without
 * infineon_slot. TRUSTX_ERR_LOCKED. TRUSTX_ERR_MISMATCH: read-back differs.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_erase(bool *erased, struct device *dev,
	const struct slot *slot, bool infineon_slot, struct fail *f);

/*
 * The pieces of slotcert_write, for who made the checks: erase the object and write content, and
 * read it back: TRUSTX_ERR_MISMATCH if it differs. Errors explained.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_put(
	struct device *dev, uint16_t oid, const struct blob *content, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err slotcert_compare(
	struct device *dev, uint16_t oid, const struct blob *content, struct fail *f);

/*
 * Append certs in the slot's format to content, which starts out empty. TRUSTX_ERR_INPUT: format
 * der with a chain. TRUSTX_ERR_TOO_BIG: more than the slot holds.
 */
TRUSTX_MUST_CHECK enum trustx_err slotcert_encode(struct blob *content, STACK_OF(X509) *certs,
	enum cert_format format, const struct slot_state *state, struct fail *f);

#endif
