/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The file of a chip: its lock, its making. */
#ifndef SIM_IMAGEFILE_H
#define SIM_IMAGEFILE_H

#include "curve.h"
#include "nvm.h"
#include "sim.h"

TRUSTX_MUST_CHECK enum trustx_err imagefile_lock(
	struct file_lock *lock, const char *path, struct fail *f);

/* The chip in the file, or a new one. path is lent to nvm. */
TRUSTX_MUST_CHECK enum trustx_err imagefile_load_or_make(struct nvm *nvm, struct curves *c,
	const char *path, const struct sim_options *opt, struct fail *f);

#endif
