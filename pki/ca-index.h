/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What the local CA issued: a text file, only ever appended to, one line for each certificate:
 * serial, issued, expires, subject (RFC 4514), SHA-256 of SubjectPublicKeyInfo, separated by tabs.
 * The hash at the end tells a whole line from one that an interrupted append left behind.
 */
#ifndef PKI_CA_INDEX_H
#define PKI_CA_INDEX_H

#include "ca.h"

#include <stdbool.h>

#define CA_SUBJECT_MAX 4096u /* longest subject text */

/* One certificate to be recorded, all of it text without control characters. */
struct ca_record {
	const char *serial, *issued, *expires, *subject, *key_hash;
};

/*
 * Drop the unfinished last line of an append that was interrupted: its certificate was never
 * given out. The caller holds the CA's lock.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_index_repair(const char *path, struct fail *f);

/*
 * Append and sync; on failure the file is as before. The caller holds the lock.
 * TRUSTX_ERR_INPUT: the subject is too long or has control characters.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_index_append(
	const char *path, const struct ca_record *record, struct fail *f);

/*
 * TRUSTX_ERR_EXISTS, naming serial and subject, if a key with this hash is recorded for another
 * subject. TRUSTX_ERR_INPUT: the index is damaged; why says in which line.
 */
TRUSTX_MUST_CHECK enum trustx_err ca_index_check(
	const char *path, const char *key_hash, const char *subject, struct fail *f);

/* All entries, oldest first; an unfinished last line is left out. */
TRUSTX_MUST_CHECK enum trustx_err ca_index_list(
	struct ca_entry **entries, size_t *count, const char *path, struct fail *f);

#endif
