/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Passphrases: from a file or the terminal, never from arguments or the environment. */
#ifndef TOOL_PASSPHRASE_H
#define TOOL_PASSPHRASE_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

#define PASSPHRASE_MAX 1024

struct passphrase_source {
	const char *file;   /* its first line; NULL: the terminal */
	const char *prompt; /* "Passphrase of the CA in ca" */
	bool twice;	    /* a new one: asked for again */
};

/*
 * secret: initialised with PASSPHRASE_MAX, filled; the caller frees it with blob_free, which
 * wipes. TRUSTX_ERR_INPUT: empty, too long, no terminal, the two differ.
 */
TRUSTX_MUST_CHECK enum trustx_err passphrase_get(
	struct blob *secret, const struct passphrase_source *source, struct fail *f);

#endif
