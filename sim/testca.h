/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The simulated manufacturer: a test root, the test CA under it that certifies chips, and a test
 * root for servers. Their keys are made from fixed seeds: they are known to all and prove nothing.
 */
#ifndef SIM_TESTCA_H
#define SIM_TESTCA_H

#include "curve.h"
#include "der.h"

TRUSTX_MUST_CHECK enum trustx_err testca_root(struct der *cert, struct curves *c);
TRUSTX_MUST_CHECK enum trustx_err testca_issuing(struct der *cert, struct curves *c);
TRUSTX_MUST_CHECK enum trustx_err testca_server_root(struct der *cert, struct curves *c);

/* A certificate for the key of a chip: empty subject, serial number from rng. */
TRUSTX_MUST_CHECK enum trustx_err testca_chip(
	struct der *cert, struct curves *c, const struct public_key *pub, struct rng *rng);

#endif
