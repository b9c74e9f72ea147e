/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where state is kept if nobody says where. */
#include "home.h"

static void the_default_directory_follows_the_environment(void)
{
	CHECK(setenv("XDG_STATE_HOME", "D:\\state", 1) == 0);
	CHECK(setenv("LOCALAPPDATA", "C:\\Users\\u\\AppData\\Local", 1) == 0);
	check_dir("D:\\state\\trustx");
	CHECK(setenv("XDG_STATE_HOME", "/x/state", 1) == 0); /* on which drive? */
	check_dir("C:\\Users\\u\\AppData\\Local\\trustx");
	CHECK(unsetenv("XDG_STATE_HOME") == 0);
	check_dir("C:\\Users\\u\\AppData\\Local\\trustx");
	CHECK(unsetenv("LOCALAPPDATA") == 0);
	CHECK(state_default_dir() == NULL);
}

int main(void)
{
	RUN(the_default_directory_follows_the_environment);
	return 0;
}
