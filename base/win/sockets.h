/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Where Windows declares its sockets. */
#ifndef BASE_SOCKETS_H
#define BASE_SOCKETS_H

#include <winsock2.h>
#include <ws2tcpip.h>

/* afunix.h, which mingw-w64 lacks. */
struct sockaddr_un {
	ADDRESS_FAMILY sun_family;
	char sun_path[108];
};

/* gai_strerror has one memory for all threads, and does not speak UTF-8. */
#define net_gai_text(rc) ((rc) == WSATRY_AGAIN ? "no answer from the name server" : "no such host")

/* Before the first socket; Windows counts how often, and ends it with the program. */
static inline void net_start(void)
{
	WSADATA data;

	(void)WSAStartup(MAKEWORD(2, 2), &data);
}

#endif
