/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * One simulated FT260 with its chip in one line of text, for all front ends:
 * FILE[,KNOB[=VALUE]...]. The knobs are in the table of ft260-setup.c; a number left out is 1.
 */
#ifndef SIM_FT260_SETUP_H
#define SIM_FT260_SETUP_H

#include "fail.h"
#include "ft260.h"
#include "sim.h"

#define FT260_PATH_MAX 192

struct ft260_setup {
	char file[FT260_PATH_MAX];
	char serial[32];
	char driver[32]; /* of the kernel; ft260 takes the input reports, as in Linux 6.1 */
	char profile[16];
	uint8_t interface;
	bool denied; /* nobody may open it */
	bool hidden; /* the driver gives it no device node, as in Linux 6.12 */
	struct ft260_options opt;
	struct ft260_faults faults;
	struct sim_options chip;
};

/* TRUSTX_ERR_INPUT: no file, an unknown knob, a value that it cannot have. s is not to be moved. */
TRUSTX_MUST_CHECK enum trustx_err ft260_setup_parse(
	struct ft260_setup *s, const char *text, struct fail *f);

/* Open the chip and put the bridge in front of it; errors of sim_open. *chip may be NULL. */
TRUSTX_MUST_CHECK enum trustx_err ft260_setup_open(
	struct ft260 **ft260, struct sim **chip, const struct ft260_setup *s, struct fail *f);

#endif
