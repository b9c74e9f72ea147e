/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the operations of the provider share: the core that loaded it, and its error reasons. */
#ifndef PROVIDER_CORE_H
#define PROVIDER_CORE_H

#include "format.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>

struct core {
	const OSSL_CORE_HANDLE *handle;
	OSSL_LIB_CTX *libctx;
	OSSL_FUNC_core_new_error_fn *new_error;
	OSSL_FUNC_core_vset_error_fn *vset_error;
};

/* X(name, sentence) */
#define CORE_REASONS(X)                                                   \
	X(CORE_CHIP, "the chip did not sign")                             \
	X(CORE_KEY, "the key cannot be used")                             \
	X(CORE_NOT_EXPORTABLE, "the private key does not leave the chip") \
	X(CORE_DIGEST, "the digest cannot be used")                       \
	X(CORE_OUTPUT, "the output buffer is too small")                  \
	X(CORE_STATE, "the operation was not initialised")

#define CORE_ENUM(name, sentence) name,
enum core_reason { CORE_NONE, CORE_REASONS(CORE_ENUM) };
#undef CORE_ENUM

extern const OSSL_ITEM core_reason_strings[];

/* Put an error with its text on OpenSSL's queue. Returns 0, OpenSSL's word for failure. */
int core_raise(const struct core *core, enum core_reason reason, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
