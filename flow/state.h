/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Files about one slot of one chip, DIR/UID-OID.KIND (lower-case hexadecimal, OID of the key): all
 * of mode 0600 in a directory of mode 0700, written whole.
 */
#ifndef FLOW_STATE_H
#define FLOW_STATE_H

#include "blob.h"
#include "device.h"

enum state_kind {
	STATE_PUBLIC_KEY,  /* .pub: PEM SubjectPublicKeyInfo */
	STATE_REQUEST,	   /* .csr: PEM */
	STATE_CERTIFICATE, /* .crt: PEM, leaf first */
	STATE_JOURNAL,	   /* .journal: see journal.h */
	STATE_ANSWER,	   /* .aws: AWS's answer that has the certificate, JSON */
	STATE_ROOM,	   /* .room: see state_reserve */
};

/* $XDG_STATE_HOME/trustx (if absolute), else $HOME/.local/state/trustx; NULL if there is neither
 * or no memory. Free with free. */
char *state_default_dir(void);

/* TRUSTX_ERR_FILE: there is none, and what to do. */
enum trustx_err state_no_dir(struct fail *f);

/* Make the directory and see that it can be written. TRUSTX_ERR_FILE names it and --state. */
TRUSTX_MUST_CHECK enum trustx_err state_prepare(const struct device *dev, struct fail *f);

/*
 * The same, and for real: as much as a public key takes is written, synced and removed, and the
 * public key's file can be replaced. For what cannot be had again.
 */
TRUSTX_MUST_CHECK enum trustx_err state_reserve(
	const struct device *dev, uint16_t oid, struct fail *f);

/* Path of a file; path is emptied first. TRUSTX_ERR_FILE: no state directory. */
TRUSTX_MUST_CHECK enum trustx_err state_path(struct blob *path, const struct device *dev,
	uint16_t oid, enum state_kind kind, struct fail *f);

/* Whole file into data; a missing one gives length 0. TRUSTX_ERR_FILE, _TOO_BIG. */
TRUSTX_MUST_CHECK enum trustx_err state_load(struct blob *data, const struct device *dev,
	uint16_t oid, enum state_kind kind, struct fail *f);

/* Synced, but for a request, which the chip can sign again. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err state_save(const struct device *dev, uint16_t oid,
	enum state_kind kind, const struct blob *data, struct fail *f);

/* Remove a file; fine if there is none. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err state_drop(
	const struct device *dev, uint16_t oid, enum state_kind kind, struct fail *f);

#endif
