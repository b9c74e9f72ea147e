/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The programs as functions: main.c and the like are compiled with main under these names. */
#ifndef TESTS_WRAP_PROGRAMS_H
#define TESTS_WRAP_PROGRAMS_H

int trustx_main(int argc, char *argv[]);
int optiga_generate_csr_main(int argc, char *argv[]);
int optiga_upload_crt_main(int argc, char *argv[]);

#endif
