/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Versions of the libraries that cloud/ is built on. */
#ifndef CLOUD_LIBRARIES_H
#define CLOUD_LIBRARIES_H

#include <stddef.h>

struct cloud_library {
	const char *name;
	char built[16];	  /* version of the headers */
	char running[16]; /* version of what is loaded */
	char tls[48];	  /* what it does TLS with, "OpenSSL/3.0.17"; empty: as OpenSSL itself */
};

#define CLOUD_LIBRARIES 3
/* Fill list, return how many there are. */
size_t cloud_libraries(struct cloud_library list[static CLOUD_LIBRARIES]);

#endif
