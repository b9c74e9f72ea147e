/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The text that a bug report needs: program, system, adapters, the walk of doctor.h, its trace. */
#ifndef FLOW_REPORT_H
#define FLOW_REPORT_H

#include "doctor.h"

/*
 * Walk as doctor_run, with a trace, and write it all to path, mode 0600. The trace is redacted; its
 * raw form is in a temporary file beside path for as long as the walk takes. TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err report_run(struct doctor *d, const struct doctor_options *opt,
	const char *path, const char *version, struct fail *f);

/* What stands in it, for whoever is to show it to others; static. */
const char *report_contents(void);

#endif
