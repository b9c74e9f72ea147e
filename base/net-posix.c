/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "net.h"

#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define BACKLOG 128

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

const char *net_system_text(int number)
{
	return fail_errno_text(number);
}

static const struct sockaddr *sockaddr_of(const struct net_addr *addr)
{
	return (const void *)addr->bytes;
}

static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

/* What fails here does no harm. */
static int prepare(int fd)
{
	if (fd < 0)
		return fd;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	/* For TCP; a unix socket refuses them and needs none. */
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
	/* A peer that vanished without a word is noticed within a minute. */
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 30);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
#endif
	return fd;
}

int net_socket(const struct net_addr *addr)
{
	return prepare(socket(sockaddr_of(addr)->sa_family, SOCK_STREAM, 0));
}

int net_close(int fd)
{
	const int number = errno, rc = close(fd);

	errno = number;
	return rc;
}

int net_connect(int fd, const struct net_addr *addr)
{
	const int rc = connect(fd, sockaddr_of(addr), (socklen_t)addr->len);

	/* It goes on behind the signal. */
	if (rc != 0 && errno == EINTR)
		errno = EINPROGRESS;
	return rc;
}

int net_error(int fd)
{
	int number = 0;
	socklen_t len = sizeof(number);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &len) == 0 ? number : errno;
}

int net_listen(int fd, struct net_addr *addr)
{
	socklen_t len = sizeof(addr->bytes);
	void *bytes = addr->bytes;

	if (net_file(addr) == NULL)
		set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, sockaddr_of(addr), (socklen_t)addr->len) != 0 || listen(fd, BACKLOG) != 0)
		return -1;
	if (net_file(addr) == NULL && getsockname(fd, bytes, &len) == 0)
		addr->len = len;
	return 0;
}

int net_accept(int fd)
{
	return prepare(accept(fd, NULL, NULL));
}

/* Names of one thing in POSIX. */
static ptrdiff_t result(ssize_t n)
{
	if (n < 0 && errno == EWOULDBLOCK)
		errno = EAGAIN;
	return n;
}

ptrdiff_t net_send(int fd, const void *data, size_t len)
{
	ssize_t n;

	do
		n = send(fd, data, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return result(n);
}

ptrdiff_t net_recv(int fd, void *data, size_t len)
{
	ssize_t n;

	do
		n = recv(fd, data, len, 0);
	while (n < 0 && errno == EINTR);
	return result(n);
}

bool net_has_ended(int fd)
{
	uint8_t byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void net_end_sending(int fd)
{
	(void)shutdown(fd, SHUT_WR);
}

static short events_of(unsigned wanted)
{
	return (short)(((wanted & NET_IN) != 0 ? POLLIN : 0) |
		       ((wanted & NET_OUT) != 0 ? POLLOUT : 0));
}

static unsigned is_of(short events)
{
	return ((events & POLLIN) != 0 ? NET_IN : 0u) | ((events & POLLOUT) != 0 ? NET_OUT : 0u) |
	       ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0 ? NET_GONE : 0u);
}

int net_poll(struct net_wait *waits, size_t count, int ms)
{
	struct pollfd fds[NET_WAITS_MAX];
	int n;

	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ waits[i].fd, events_of(waits[i].wanted), 0 };
	n = poll(fds, (nfds_t)count, ms);
	for (size_t i = 0; i < count; i++)
		waits[i].is = n > 0 ? is_of(fds[i].revents) : 0;
	return n;
}
