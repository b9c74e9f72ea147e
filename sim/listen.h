/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The socket a server listens at, and its file. */
#ifndef SIM_LISTEN_H
#define SIM_LISTEN_H

#include "net.h"
#include "osfile.h"

struct listener {
	int fd;
	struct net_addr addr;	 /* the real one: port 0 has become a port */
	struct osfile_info file; /* of a unix socket */
};

/*
 * uri: unix:PATH or tcp:HOST:PORT. A socket file that nobody listens at any more is replaced.
 * TRUSTX_ERR_INPUT: malformed. TRUSTX_ERR_IN_USE: a server listens there. TRUSTX_ERR_EXISTS: a
 * file that is no socket is there. TRUSTX_ERR_PERMISSION, TRUSTX_ERR_NO_DEVICE: no such address.
 */
TRUSTX_MUST_CHECK enum trustx_err listen_open(struct listener *l, const char *uri, struct fail *f);

/* Also removes the socket file, if it is still ours. */
void listen_close(struct listener *l);

#endif
