/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The certificate parser of the chip: it accepts less than X.509 allows, and here and there more. */
#ifndef SIM_CERTPARSE_H
#define SIM_CERTPARSE_H

#include "command.h"

/* The public key of the DER certificate that data begins with. */
enum code certparse(struct public_key *pub, const uint8_t *data, size_t len, enum model model);

#endif
