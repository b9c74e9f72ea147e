/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The libcurl of a system was built for it. */
#include "trust.h"

#include <stddef.h>

const char *trust_bundle(void)
{
	return NULL;
}
