/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where state is kept if nobody says where. */
#include "home.h"

static void the_default_directory_follows_the_environment(void)
{
	CHECK(setenv("XDG_STATE_HOME", "/x/state", 1) == 0);
	check_dir("/x/state/trustx");
	CHECK(setenv("XDG_STATE_HOME", "relative", 1) == 0 && setenv("HOME", "/h", 1) == 0);
	check_dir("/h/.local/state/trustx");
	CHECK(unsetenv("XDG_STATE_HOME") == 0 && unsetenv("HOME") == 0);
	CHECK(state_default_dir() == NULL);
}

int main(void)
{
	RUN(the_default_directory_follows_the_environment);
	return 0;
}
