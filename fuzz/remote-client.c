/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A server of the remote bus protocol that answers anything: system calls end here. */
#include "bus.h"
#include "calls.h"

#include <poll.h>
#include <sys/socket.h>

/* What a wrapped call has to reach: set for the time of one input only. */
static struct reader *server;

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len);
ssize_t __wrap_send(int fd, const void *data, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t len, int flags);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)fd;
	(void)addr;
	(void)len;
	return 0;
}

ssize_t __wrap_send(int fd, const void *data, size_t len, int flags)
{
	(void)fd;
	(void)data;
	(void)flags;
	return (ssize_t)len;
}

/* Pieces, each behind one byte with its length; 0 is 256. */
ssize_t __wrap_recv(int fd, void *data, size_t len, int flags)
{
	size_t piece;

	(void)fd;
	(void)flags;
	if (reader_left(server) < 2)
		return 0;
	piece = (size_t)(reader_u8(server) - 1u) % 256 + 1;
	piece = piece < len ? piece : len;
	piece = piece < reader_left(server) ? piece : reader_left(server);
	memcpy(data, reader_bytes(server, piece), piece);
	return (ssize_t)piece;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)count;
	(void)timeout;
	fds->revents = fds->events;
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct trustx_options options = { .timeout_ms = 20 };
	struct trustx_bus bus = { 0 };
	struct reader input;
	struct fail f = { 0 };
	struct trustx se;

	reader_init(&input, data, size);
	server = &input;
	if (trustx_bus_open(&bus, "unix:socket", &f) != TRUSTX_OK) {
		PROPERTY(f.why[0] != '\0' && bus.ctx == NULL);
		return 0;
	}
	if (trustx_bus_is_virtual(&bus)) {
		if (trustx_open(&se, &bus, &options) == TRUSTX_OK)
			call_by_number(&se, (uint8_t)size);
		trustx_close(&se);
	} else {
		(void)bus.ops->write(bus.ctx, 0x30, data, size < 278 ? size : 278);
	}
	trustx_bus_close(&bus);
	server = NULL;
	return 0;
}
