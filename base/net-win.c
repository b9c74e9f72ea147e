/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "net.h"

#include "sockets.h"

#include <errno.h>
#include <limits.h>

#define BACKLOG 128

/* What a socket is to Windows: its numbers are those of handles, which fit into 32 bits. */
static SOCKET of(int fd)
{
	return (SOCKET)(INT_PTR)fd;
}

static const struct sockaddr *sockaddr_of(const struct net_addr *addr)
{
	return (const void *)addr->bytes;
}

static const struct {
	int windows, number;
} errors[] = {
	{ WSAEWOULDBLOCK, EAGAIN },
	{ WSAEINPROGRESS, EAGAIN },
	{ WSAECONNREFUSED, ECONNREFUSED },
	{ WSAECONNRESET, ECONNRESET },
	{ WSAENETRESET, ECONNRESET },
	{ WSAECONNABORTED, ECONNABORTED },
	{ WSAESHUTDOWN, EPIPE },
	{ WSAETIMEDOUT, ETIMEDOUT },
	{ WSAENETUNREACH, ENETUNREACH },
	{ WSAENETDOWN, ENETDOWN },
	{ WSAEHOSTUNREACH, EHOSTUNREACH },
	{ WSAEADDRINUSE, EADDRINUSE },
	{ WSAEADDRNOTAVAIL, EADDRNOTAVAIL },
	{ WSAEACCES, EACCES },
	{ WSAEAFNOSUPPORT, EAFNOSUPPORT },
	{ WSAEPROTONOSUPPORT, EAFNOSUPPORT },
	{ WSAESOCKTNOSUPPORT, EAFNOSUPPORT },
	{ WSAENOTCONN, ENOTCONN },
	{ WSAENOBUFS, ENOBUFS },
	{ WSAEMFILE, EMFILE },
	{ WSAEINVAL, EINVAL },
};

static int number_of(int windows)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].windows == windows)
			return errors[i].number;
	return EIO;
}

const char *net_system_text(int number)
{
	return fail_errno_text(number_of(number));
}

/* 0, or -1 and errno. */
static int result(int rc)
{
	if (rc == 0)
		return 0;
	errno = number_of(WSAGetLastError());
	return -1;
}

static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(of(fd), level, name, (const char *)&value, sizeof(value));
}

/* What fails here does no harm. */
static int prepare(SOCKET s)
{
	u_long yes = 1;
	int fd;

	if (s == INVALID_SOCKET)
		return result(-1);
	fd = (int)s;
	(void)SetHandleInformation((HANDLE)s, HANDLE_FLAG_INHERIT, 0);
	(void)ioctlsocket(s, (long)FIONBIO, &yes);
	/* For TCP; a unix socket refuses them and needs none. */
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	return fd;
}

int net_socket(const struct net_addr *addr)
{
	return prepare(WSASocketW(sockaddr_of(addr)->sa_family, SOCK_STREAM, 0, NULL, 0,
		WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
}

int net_close(int fd)
{
	const int number = errno, rc = closesocket(of(fd));

	errno = number;
	return rc;
}

int net_connect(int fd, const struct net_addr *addr)
{
	const int rc = result(connect(of(fd), sockaddr_of(addr), (socklen_t)addr->len));

	if (rc != 0 && errno == EAGAIN)
		errno = EINPROGRESS;
	return rc;
}

int net_error(int fd)
{
	int windows = 0;
	socklen_t len = sizeof(windows);

	if (getsockopt(of(fd), SOL_SOCKET, SO_ERROR, (char *)&windows, &len) != 0)
		windows = WSAGetLastError();
	return windows != 0 ? number_of(windows) : 0;
}

/* Without the option, Windows lets another program take the port, too. */
int net_listen(int fd, struct net_addr *addr)
{
	socklen_t len = sizeof(addr->bytes);
	void *bytes = addr->bytes;

	set_option(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
	if (result(bind(of(fd), sockaddr_of(addr), (socklen_t)addr->len)) != 0 ||
		result(listen(of(fd), BACKLOG)) != 0)
		return -1;
	if (net_file(addr) == NULL && getsockname(of(fd), bytes, &len) == 0)
		addr->len = (size_t)len;
	return 0;
}

int net_accept(int fd)
{
	return prepare(accept(of(fd), NULL, NULL));
}

static int part_of(size_t len)
{
	return len < INT_MAX ? (int)len : INT_MAX;
}

ptrdiff_t net_send(int fd, const void *data, size_t len)
{
	int n = send(of(fd), data, part_of(len), 0);

	return n >= 0 ? n : result(-1);
}

ptrdiff_t net_recv(int fd, void *data, size_t len)
{
	int n = recv(of(fd), data, part_of(len), 0);

	return n >= 0 ? n : result(-1);
}

bool net_has_ended(int fd)
{
	char byte;

	return recv(of(fd), &byte, 1, MSG_PEEK) == 0;
}

void net_end_sending(int fd)
{
	(void)shutdown(of(fd), SD_SEND);
}

/* WSAPoll of Windows 10 before 2004 does not tell that a connection failed; select does. */
int net_poll(struct net_wait *waits, size_t count, int ms)
{
	struct timeval left = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };
	fd_set in, out, wrong;
	int n = 0;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&wrong);
	for (size_t i = 0; i < count; i++) {
		if ((waits[i].wanted & NET_IN) != 0)
			FD_SET(of(waits[i].fd), &in);
		if ((waits[i].wanted & NET_OUT) != 0)
			FD_SET(of(waits[i].fd), &out);
		FD_SET(of(waits[i].fd), &wrong);
	}
	if (result(select(0, &in, &out, &wrong, &left) >= 0 ? 0 : -1) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const SOCKET s = of(waits[i].fd);

		waits[i].is = (FD_ISSET(s, &in) ? NET_IN : 0u) |
			      (FD_ISSET(s, &out) ? NET_OUT : 0u) |
			      (FD_ISSET(s, &wrong) ? NET_GONE : 0u);
		n += waits[i].is != 0;
	}
	return n;
}
