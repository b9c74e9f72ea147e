/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the factory puts into a chip: UID, key, certificate, trust anchor. */
#ifndef SIM_MANUFACTURE_H
#define SIM_MANUFACTURE_H

#include "curve.h"
#include "nvm.h"

TRUSTX_MUST_CHECK enum trustx_err manufacture(struct nvm *nvm, struct curves *c);

#endif
