/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* This process: how it begins. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

/*
 * First in main: occupy standard input, output and error if they are closed, so that no file of
 * ours becomes one of them and using them fails; let a file size limit be an error; take care that
 * arguments, the environment, what is typed and what is printed are UTF-8, and bytes stay as they
 * are.
 */
void program_begin(int *argc, char ***argv);

long program_pid(void);

#endif
