/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* For the tests of each system's default folder. */
#ifndef TESTS_HOME_H
#define TESTS_HOME_H

#include "state.h"
#include "test.h"

static inline void check_dir(const char *want)
{
	char *path = state_default_dir();

	CHECK(path != NULL);
	CHECK_STR(path, want);
	free(path);
}

#endif
