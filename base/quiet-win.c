/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "quiet.h"

#include <stdlib.h>

/* Windows kills nobody for that. */
struct quiet {
	char unused;
};

struct quiet *quiet_begin(void)
{
	return calloc(1, sizeof(struct quiet));
}

void quiet_end(struct quiet *quiet)
{
	free(quiet);
}
