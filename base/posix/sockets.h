/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where the system declares its sockets. */
#ifndef BASE_SOCKETS_H
#define BASE_SOCKETS_H

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#define net_gai_text(rc) gai_strerror(rc)

/* Before the first socket. */
static inline void net_start(void)
{
}

#endif
