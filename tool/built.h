/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What CMake chose when trustx was built: nothing of that computer, nothing of that day. */
#ifndef TOOL_BUILT_H
#define TOOL_BUILT_H

#include <stdbool.h>

struct built {
	const char *compiler; /* "GNU 12.2.0" */
	const char *target;   /* "x86_64 Linux" */
	const char *gpiod;    /* version of libgpiod; "": without it */
	bool is_static;	      /* its libraries are a part of it */
	bool trust_m;	      /* knows Trust M, too */
};
extern const struct built built;

#endif
