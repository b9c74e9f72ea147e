/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Stream sockets, and their addresses in words: unix:PATH, tcp:HOST:PORT. Functions that return
 * int: a descriptor or 0, -1 and errno on failure, which is that of POSIX on every system.
 */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

struct net_addr {
	uint64_t bytes[16]; /* a sockaddr */
	size_t len;
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

/* The path of a unix socket, lent by addr; NULL: it is none. */
const char *net_file(const struct net_addr *addr);

/* 4 or 16 bytes of an address in words, 0: it is none. */
size_t net_parse_ip(uint8_t bytes[static 16], const char *text);
#define NET_IP_TEXT_MAX 46
bool net_print_ip(char out[static NET_IP_TEXT_MAX], const uint8_t *bytes, size_t len);

/* A stream socket that does not block and does not survive exec. */
int net_socket(const struct net_addr *addr);
int net_close(int fd); /* errno stays */

/* In words, a number that the system's sockets gave to a library: errno or one of Winsock. */
const char *net_system_text(int number);

/* EINPROGRESS: net_ready(fd, NET_OUT) tells when net_error knows how it ended. */
int net_connect(int fd, const struct net_addr *addr);
int net_error(int fd); /* 0: none; else what errno would be */

/* Take the address, and listen at it. *addr becomes the real one: port 0 a port. */
int net_listen(int fd, struct net_addr *addr);
int net_accept(int fd); /* the new one is as of net_socket */

/* How many bytes; recv: 0 at its end. -1 and errno: EAGAIN, it would have to wait. */
ptrdiff_t net_send(int fd, const void *data, size_t len);
ptrdiff_t net_recv(int fd, void *data, size_t len);
bool net_has_ended(int fd); /* nothing more to read, and nothing ever will be */
void net_end_sending(int fd);

enum { NET_IN = 1, NET_OUT = 2, NET_GONE = 4 };
struct net_wait {
	int fd;
	unsigned wanted; /* NET_IN, NET_OUT */
	unsigned is;	 /* what has come; NET_GONE also unasked */
};
#define NET_WAITS_MAX 32
/* Until one of them is something, at most ms. How many are; 0: none. */
int net_poll(struct net_wait *waits, size_t count, int ms);

/* Monotonic time of the operating system. */
uint64_t net_now_ns(void);

#endif
