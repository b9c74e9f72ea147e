/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Make a key pair in the chip, with the consents that this needs. */
#ifndef FLOW_KEYGEN_H
#define FLOW_KEYGEN_H

#include "pubkey.h"

/* All members may be 0. */
struct keygen_options {
	enum trustx_curve curve; /* 0: P-256 */
	uint8_t usage;		 /* TRUSTX_USAGE_ bits; 0: Sign */
	bool replace;		 /* --replace-key: destroy the key that is there */
	const char *confirm;	 /* --confirm: UID of the chip in hexadecimal, any case */
	bool infineon_slot;	 /* --infineon-slot: 0xE0F0 too */
};

/*
 * Make a key pair; its public key is in the state file, synced, before anything else happens.
 * A lost answer is resolved: nothing made, generated now; made, recovered (4.1 of the design).
 * At most one key is made. Checked before anything is sent, in this order:
 *   TRUSTX_ERR_CONSENT  0xE0F0 without infineon_slot; replace, a key there, and confirm missing or
 *                       not the UID: why and next name what to type
 *   TRUSTX_ERR_EXISTS   a key there without replace
 *   TRUSTX_ERR_LOCKED   the slot can no longer be written
 *   TRUSTX_ERR_FILE     the state directory cannot be written, or has no room
 * Afterwards: TRUSTX_ERR_UNKNOWN_OUTCOME (the answer was lost and even the chip cannot tell whether
 * the old key was replaced), TRUSTX_ERR_NO_PUBLIC_KEY (made, answer lost, usage cannot sign),
 * errors of the chip, explained. A key that was made and could not be saved fails likewise
 * (TRUSTX_ERR_FILE), and is in key: point_len is 0 after every other failure.
 */
TRUSTX_MUST_CHECK enum trustx_err keygen_run(struct pubkey *key, struct device *dev,
	const struct slot *slot, const struct keygen_options *opt, struct fail *f);

/*
 * Is the key that is in slot, with this metadata, the one that keygen_run would have made?
 * TRUSTX_ERR_EXISTS names the difference; what opt leaves at 0 may be anything.
 */
TRUSTX_MUST_CHECK enum trustx_err keygen_fits(const struct trustx_metadata *meta,
	const struct slot *slot, const struct keygen_options *opt, struct fail *f);

#endif
