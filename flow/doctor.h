/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Walk from the user to the chip, layer by layer, up to the first that does not work, and name the
 * one cause. Reads only, but for the reset that opening a chip begins with. Uses no private key.
 */
#ifndef FLOW_DOCTOR_H
#define FLOW_DOCTOR_H

#include <stdbool.h>

#include "cause.h"
#include "fail.h"
#include "trustx.h"

enum doctor_state { DOCTOR_NOT_CHECKED, DOCTOR_OK, DOCTOR_FAULT };

#define DOCTOR_TEXT_MAX 400
struct doctor_layer {
	enum doctor_state state;
	char text[DOCTOR_TEXT_MAX]; /* what was seen, or why it was not checked */
};

struct doctor_options {
	const char *uri;   /* NULL: none given */
	bool uri_from_env; /* by TRUSTX_DEVICE */
	const char *trace; /* record what passes to the chip in this file; NULL: do not */
	/* Told before each layer is checked; may be NULL. */
	void (*doing)(void *ctx, enum cause_layer layer);
	void *ctx;
};

struct doctor {
	char uri[512]; /* the device, "" none was chosen */
	struct doctor_layer layers[LAYER_COUNT];
	const struct cause *cause; /* NULL: the chip can be talked to */
	enum trustx_err err;	   /* of the cause */
	uint8_t chip_code;
	char why[DOCTOR_TEXT_MAX]; /* what was seen of the cause */
	char command[CAUSE_COMMAND_MAX];
	bool has_uid;
	uint8_t uid[TRUSTX_UID_LEN];
};

/* TRUSTX_ERR_MEMORY; what is wrong with the device is no error. */
TRUSTX_MUST_CHECK enum trustx_err doctor_run(
	struct doctor *d, const struct doctor_options *opt, struct fail *f);

const char *doctor_state_text(enum doctor_state state); /* "ok", "not checked", "fault" */
const char *doctor_state_name(enum doctor_state state); /* for machines: "not_checked" */

#endif
