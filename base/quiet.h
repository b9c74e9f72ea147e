/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* For libraries that write to sockets that may be closed: that is no reason to be killed. */
#ifndef BASE_QUIET_H
#define BASE_QUIET_H

struct quiet; /* what was before */

/* NULL: out of memory. */
struct quiet *quiet_begin(void);
void quiet_end(struct quiet *quiet); /* fine on NULL */

#endif
