/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Device nodes that this user may not open: who may, and what to type. */
#ifndef BUS_NODE_H
#define BUS_NODE_H

#include "fail.h"

/*
 * open(path) failed with EACCES or EPERM, which errno still says. f: TRUSTX_ERR_PERMISSION, why
 * and the cause; next, unless it is for root alone: then the caller knows who should give it away.
 */
enum trustx_err node_refused(const char *path, struct fail *f);

#endif
