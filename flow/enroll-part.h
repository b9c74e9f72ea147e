/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the files of a registration have in common. */
#ifndef FLOW_ENROLL_PART_H
#define FLOW_ENROLL_PART_H

#include "enroll.h"

/* Detail of a step; NULL: no memory. */
json_t *enroll_detail(const struct enroll *e);
TRUSTX_MUST_CHECK enum trustx_err enroll_note(
	struct enroll *e, const char *step, const char *event, struct fail *f);
/* The step failed with f, which stays. made: "no" if AWS refused to make a certificate. */
void enroll_failed(struct enroll *e, const char *step, const char *made, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err enroll_orphan(
	struct enroll *e, const struct record_name *cert, const char *why, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err enroll_check_arn(
	const struct enroll *e, const char *arn, struct fail *f);
/* Deactivate the certificate before, if there is one: an orphan now. */
TRUSTX_MUST_CHECK enum trustx_err enroll_retire(struct enroll *e, struct fail *f);
void enroll_say(const struct enroll *e, const char *fmt, ...) FAIL_PRINTF(2, 3);
uint64_t enroll_now_ms(void);

#endif
