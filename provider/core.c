/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "core.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* OSSL_ITEM wants a pointer to something writable, though nothing ever writes there. */
#define ITEM(name, sentence) { name, (void *)(uintptr_t)(sentence) },
const OSSL_ITEM core_reason_strings[] = { CORE_REASONS(ITEM){ 0, NULL } };

int core_raise(const struct core *core, enum core_reason reason, const char *fmt, ...)
{
	va_list ap;

	core->new_error(core->handle);
	va_start(ap, fmt);
	core->vset_error(core->handle, (uint32_t)reason, fmt, ap);
	va_end(ap);
	return 0;
}
