/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* An issuer that is a program of the user's. */
#ifndef PKI_EXEC_H
#define PKI_EXEC_H

#include "fail.h"

#include <openssl/x509.h>

#include <stdbool.h>

struct exec_issuer {
	const char *program; /* path or name on PATH; started without a shell, without arguments */
	const char *uid, *serial; /* become TRUSTX_UID and TRUSTX_SERIAL */
	unsigned timeout_s;	  /* 0: 60 */
	bool (*stop)(void);	  /* asked while it runs: end it now? NULL: never */
};

/*
 * csr_pem to its stdin, PEM certificate (chain) from its stdout, stderr passed on.
 * TRUSTX_ERR_ISSUER: not startable, exit status not 0, killed, too slow (killed then), output no
 * certificate or more than 64 KiB. TRUSTX_ERR_INTERRUPTED: stop said so; it is ended, with all
 * that it started.
 */
TRUSTX_MUST_CHECK enum trustx_err exec_issue(STACK_OF(X509) **certs,
	const struct exec_issuer *issuer, const char *csr_pem, struct fail *f);

#endif
