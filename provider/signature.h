/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* ECDSA: the chip signs, OpenSSL's own code hashes and verifies. */
#ifndef PROVIDER_SIGNATURE_H
#define PROVIDER_SIGNATURE_H

#include <openssl/core_dispatch.h>

extern const OSSL_DISPATCH signature_functions[];

#endif
