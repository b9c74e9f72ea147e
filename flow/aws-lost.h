/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certificates whose making was never answered, found by the key that they are for. */
#ifndef FLOW_AWS_LOST_H
#define FLOW_AWS_LOST_H

#include "record.h"

/* Told the id of each one of key (SHA-256 of the SPKI) that is INACTIVE and that record has not. */
typedef enum trustx_err aws_lost_told(void *ctx, const char *id, struct fail *f);

struct aws_lost {
	struct cloud *cloud;
	const struct record *record;
	aws_lost_told *told;
	void *ctx;
};

/* Every certificate of the account that is INACTIVE is asked for. Errors of told, cloud_finish. */
TRUSTX_MUST_CHECK enum trustx_err aws_lost_each(
	const struct aws_lost *lost, const char *key, struct fail *f);

#endif
