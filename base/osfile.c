/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What is the same on every system. */
#include "osfile.h"

#include <stdlib.h>
#include <string.h>

void osfile_names_free(struct osfile_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->at[i]);
	free(names->at);
	memset(names, 0, sizeof(*names));
}
