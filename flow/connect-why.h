/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* How a visit to a broker ended, in words. */
#ifndef FLOW_CONNECT_WHY_H
#define FLOW_CONNECT_WHY_H

#include "connect.h"

/* Fill f, result->cause and result->broker_said_no from result->mqtt. TRUSTX_OK if it went well. */
TRUSTX_MUST_CHECK enum trustx_err connect_why(
	struct connect_result *result, const struct connect_options *opt, struct fail *f);

#endif
