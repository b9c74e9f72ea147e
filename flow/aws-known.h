/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the journals of a state directory know of AWS, without a chip at hand. */
#ifndef FLOW_AWS_KNOWN_H
#define FLOW_AWS_KNOWN_H

#include "record.h"
#include "trustx.h"

#include <stdint.h>

#define AWS_UID_LEN ((size_t)2 * TRUSTX_UID_LEN)

/* One journal; dir is lent. */
struct aws_known {
	const char *dir;
	char uid[AWS_UID_LEN + 1];
	uint16_t oid; /* of the key */
	struct record record;
};
void aws_known_free(struct aws_known *known); /* fine on a zeroed struct */

/* 54 hexadecimal digits? */
bool aws_known_is_uid(const char *text);

/*
 * Told each journal of dir, in the order of their names, until told fails; lent for the call. No
 * directory, no journals. Errors of told; TRUSTX_ERR_FILE, _MEMORY.
 */
typedef enum trustx_err aws_known_told(void *ctx, const struct aws_known *known, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err aws_known_each(
	const char *dir, aws_known_told *told, void *ctx, struct fail *f);

/* The journal of the chip with this UID and of the key oid, or of the thing with this name. */
TRUSTX_MUST_CHECK enum trustx_err aws_known_find(struct aws_known *known, bool *found,
	const char *dir, const char *target, uint16_t oid, struct fail *f);

/* Append to it that no certificate of this key is left that nobody knew. Synced. */
TRUSTX_MUST_CHECK enum trustx_err aws_known_searched(
	const struct aws_known *known, const char *key, struct fail *f);

/* Append to it that AWS has no longer this certificate (id) or the thing (id NULL). Synced. */
TRUSTX_MUST_CHECK enum trustx_err aws_known_scrapped(
	const struct aws_known *known, const char *id, struct fail *f);

#endif
