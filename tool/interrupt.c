/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "interrupt.h"

enum trustx_err interrupt_check(struct fail *f)
{
	if (!interrupt_seen())
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted; what was done so far is kept");
	return fail_next(f, "run the same command again: it continues");
}
