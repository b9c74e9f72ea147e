/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Socket addresses in words: unix:PATH, tcp:HOST:PORT. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "fail.h"

struct net_addr {
	struct sockaddr_storage addr;
	socklen_t len;
};

#define NET_ADDRS_MAX 8
struct net_list {
	struct net_addr at[NET_ADDRS_MAX];
	size_t count; /* at least 1 after net_resolve */
};

/* Replace %XX in place. TRUSTX_ERR_INPUT: malformed, or %00. */
TRUSTX_MUST_CHECK enum trustx_err net_unescape(char *text, struct fail *f);

/*
 * scheme "unix": target is a path. scheme "tcp": target is HOST:PORT, [IPV6]:PORT, or :PORT or
 * PORT for 127.0.0.1. TRUSTX_ERR_INPUT: malformed. TRUSTX_ERR_NO_DEVICE: the host is not known.
 */
TRUSTX_MUST_CHECK enum trustx_err net_resolve(
	struct net_list *list, const char *scheme, const char *target, struct fail *f);

#define NET_TEXT_MAX 400
/* The address as a URI that net_unescape and net_resolve take again; numeric. */
void net_print(char out[static NET_TEXT_MAX], const struct net_addr *addr);

/* unix:, 127.0.0.0/8 or ::1? */
bool net_is_local(const struct net_addr *addr);

/* A stream socket that does not block and does not survive exec; -1 and errno on failure. */
int net_socket(const struct net_addr *addr);

/* The same for what accept returned; what fails here does no harm. */
void net_prepare(int fd);

/* Monotonic time of the operating system. */
uint64_t net_now_ns(void);

#endif
