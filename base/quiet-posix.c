/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "quiet.h"

#include <signal.h>
#include <stdlib.h>

struct quiet {
	struct sigaction before;
};

struct quiet *quiet_begin(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct quiet *q = calloc(1, sizeof(*q));

	if (q != NULL)
		sigaction(SIGPIPE, &ignore, &q->before);
	return q;
}

void quiet_end(struct quiet *quiet)
{
	if (quiet != NULL)
		sigaction(SIGPIPE, &quiet->before, NULL);
	free(quiet);
}
