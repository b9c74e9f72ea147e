/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A chip behind the remote bus protocol: doc/remote-bus.md. */
#include "backend.h"
#include "buf.h"
#include "net.h"
#include "pause.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_NS    10000000000u
#define REQUEST_HEAD   10u
#define RESPONSE_HEAD  12u
#define DATA_MAX       65535u
#define HELLO_DATA_LEN 5u
#define DEFAULT_HZ     100000u

enum { OP_HELLO = 1, OP_TRANSFER, OP_DELAY, OP_SPEED, OP_RESET, OP_POWER };
enum {
	STATUS_DONE,
	STATUS_ADDRESS_NACK,
	STATUS_DATA_NACK,
	STATUS_TIMEOUT,
	STATUS_REFUSED,
	STATUS_IN_USE
};
enum { CAP_VIRTUAL = 1, CAP_RESET = 2, CAP_POWER = 4 };

static const uint8_t magic[4] = { 'T', 'X', 'B', 1 };

struct remote {
	struct bus_ctx base;
	int fd; /* -1: the connection failed; every operation says so again */
	uint8_t caps;
	uint32_t hz;
	uint64_t now_us;     /* of the server, as last heard */
	uint64_t started_ns; /* own clock, for a server with a real clock */
	uint8_t out[REQUEST_HEAD + DATA_MAX];
	uint8_t in[RESPONSE_HEAD + DATA_MAX];
};

struct request {
	uint8_t op, addr;
	uint32_t arg;
	const uint8_t *data;
	size_t wlen;
	size_t rlen;	/* as sent */
	size_t expects; /* bytes in a response with status 0 */
};

/* The stream is out of step, or gone. The reason is in base.fail, whose code err is. */
static enum trustx_err lose(struct remote *rm, enum trustx_err err)
{
	if (rm->fd >= 0)
		net_close(rm->fd);
	rm->fd = -1;
	return err;
}

static enum trustx_err lose_errno(struct remote *rm, const char *why)
{
	return lose(rm, fail_errno(&rm->base.fail, TRUSTX_ERR_BUS, "%s", why));
}

static enum trustx_err lose_because(struct remote *rm, const char *why)
{
	return lose(rm, fail_set(&rm->base.fail, TRUSTX_ERR_BUS, "%s", why));
}

/* False and errno ETIMEDOUT when the deadline has passed. */
static bool wait_ready(int fd, unsigned wanted, uint64_t deadline_ns)
{
	struct net_wait one = { .fd = fd, .wanted = wanted };
	uint64_t now;
	int rc;

	do {
		now = net_now_ns();
		if (now >= deadline_ns) {
			errno = ETIMEDOUT;
			return false;
		}
		rc = net_poll(&one, 1, (int)((deadline_ns - now) / 1000000 % 60000 + 1));
	} while (rc == 0 || (rc < 0 && errno == EINTR));
	return rc > 0;
}

static enum trustx_err send_all(struct remote *rm, size_t len, uint64_t deadline_ns)
{
	size_t at = 0;
	ptrdiff_t n;

	while (at < len) {
		n = net_send(rm->fd, rm->out + at, len - at);
		if (n >= 0)
			at += (size_t)n;
		else if (errno != EAGAIN)
			return lose_errno(rm, "the connection is lost");
		else if (!wait_ready(rm->fd, NET_OUT, deadline_ns))
			return lose_errno(rm, "the server takes no request");
	}
	return TRUSTX_OK;
}

/* Receive until in holds want bytes; *got grows by no more than what in has room for up to max. */
static enum trustx_err recv_until(
	struct remote *rm, size_t *got, size_t want, size_t max, uint64_t deadline_ns)
{
	ptrdiff_t n;

	while (*got < want) {
		if (!wait_ready(rm->fd, NET_IN, deadline_ns))
			return lose_errno(rm, "no answer from the server");
		n = net_recv(rm->fd, rm->in + *got, max - *got);
		if (n > 0)
			*got += (size_t)n;
		else if (n == 0)
			return lose_because(rm, "the server closed the connection");
		else if (errno != EAGAIN)
			return lose_errno(rm, "the connection is lost");
	}
	return TRUSTX_OK;
}

static size_t put_request(struct remote *rm, const struct request *rq)
{
	struct writer w;

	writer_init(&w, rm->out, sizeof(rm->out));
	writer_u8(&w, rq->op);
	writer_u8(&w, rq->addr);
	writer_u32(&w, rq->arg);
	writer_u16(&w, (uint16_t)rq->wlen);
	writer_u16(&w, (uint16_t)rq->rlen);
	writer_bytes(&w, rq->data, rq->wlen);
	return writer_len(&w);
}

static enum trustx_err recv_response(
	struct remote *rm, uint8_t *status, size_t expects, uint64_t deadline_ns)
{
	size_t got = 0, rlen;
	enum trustx_err err;
	struct reader r;
	uint64_t now_us;

	err = recv_until(rm, &got, RESPONSE_HEAD, RESPONSE_HEAD + expects, deadline_ns);
	if (err != TRUSTX_OK)
		return err;
	reader_init(&r, rm->in, RESPONSE_HEAD);
	*status = reader_u8(&r);
	reader_skip(&r, 1);
	now_us = reader_u64(&r);
	rlen = reader_u16(&r);
	if (*status > STATUS_IN_USE)
		return lose(rm, fail_set(&rm->base.fail, TRUSTX_ERR_BUS,
					"the server answered with the unknown status %u", *status));
	if (rlen != (*status == STATUS_DONE ? expects : 0))
		return lose(rm, fail_set(&rm->base.fail, TRUSTX_ERR_BUS,
					"the server answered with %zu bytes where %zu are due",
					rlen, *status == STATUS_DONE ? expects : 0));
	if (got > RESPONSE_HEAD + rlen)
		return lose_because(rm, "the server sent more than its answer");
	if (now_us > rm->now_us)
		rm->now_us = now_us;
	return recv_until(rm, &got, RESPONSE_HEAD + rlen, RESPONSE_HEAD + rlen, deadline_ns);
}

/* The data of the response stays in in, after its head, until the next exchange. */
static enum trustx_err exchange(struct remote *rm, uint8_t *status, const struct request *rq)
{
	/* Bytes, addresses and START, repeated START, STOP. */
	uint64_t bits = 9 * (uint64_t)(rq->wlen + rq->expects + 2) + 3;
	uint64_t deadline_ns = net_now_ns() + PATIENCE_NS + bits * 1000000000u / rm->hz;
	enum trustx_err err;

	if (rm->fd < 0)
		return TRUSTX_ERR_BUS;
	if ((err = send_all(rm, put_request(rm, rq), deadline_ns)) != TRUSTX_OK)
		return err;
	return recv_response(rm, status, rq->expects, deadline_ns);
}

static enum trustx_err from_status(struct remote *rm, uint8_t status)
{
	const char *why = "";

	switch (status) {
	case STATUS_DONE:
		return TRUSTX_OK;
	case STATUS_ADDRESS_NACK:
		return TRUSTX_ERR_NACK;
	case STATUS_DATA_NACK:
		why = "the chip did not acknowledge a data byte";
		break;
	case STATUS_TIMEOUT:
		why = "the bus timed out";
		break;
	case STATUS_REFUSED:
		why = "the server refused the request";
		break;
	default:
		return lose_because(rm, "the server says that another client is connected");
	}
	fail_set(&rm->base.fail, TRUSTX_ERR_BUS, "%s", why);
	return fail_cause(
		&rm->base.fail, status == STATUS_TIMEOUT ? "bus-stuck" : "adapter-failed");
}

static enum trustx_err run(struct remote *rm, const struct request *rq)
{
	enum trustx_err err;
	uint8_t status;

	if ((err = exchange(rm, &status, rq)) != TRUSTX_OK)
		return err;
	return from_status(rm, status);
}

static enum trustx_err remote_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	const struct request rq = { .op = OP_TRANSFER, .addr = addr, .data = data, .wlen = len };

	if (len > DATA_MAX)
		return TRUSTX_ERR_ARGUMENT;
	return run(ctx, &rq);
}

static enum trustx_err remote_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	const struct request rq = {
		.op = OP_TRANSFER,
		.addr = addr,
		.rlen = len,
		.expects = len,
	};
	struct remote *rm = ctx;
	enum trustx_err err;

	if (len > DATA_MAX)
		return TRUSTX_ERR_ARGUMENT;
	if ((err = run(rm, &rq)) != TRUSTX_OK)
		return err;
	memcpy(data, rm->in + RESPONSE_HEAD, len);
	return TRUSTX_OK;
}

static enum trustx_err remote_set_speed(void *ctx, uint32_t hz)
{
	const struct request rq = { .op = OP_SPEED, .arg = hz };
	struct remote *rm = ctx;
	enum trustx_err err;

	if ((err = run(rm, &rq)) == TRUSTX_OK)
		rm->hz = hz;
	return err;
}

static enum trustx_err remote_set_reset(void *ctx, bool released)
{
	const struct request rq = { .op = OP_RESET, .arg = released };

	return run(ctx, &rq);
}

static enum trustx_err remote_set_power(void *ctx, bool on)
{
	const struct request rq = { .op = OP_POWER, .arg = on };

	return run(ctx, &rq);
}

static uint64_t remote_now_us(void *ctx)
{
	struct remote *rm = ctx;

	if ((rm->caps & CAP_VIRTUAL) != 0)
		return rm->now_us;
	return (net_now_ns() - rm->started_ns) / 1000;
}

static void remote_sleep_us(void *ctx, uint32_t us)
{
	const struct request rq = { .op = OP_DELAY, .arg = us };
	struct remote *rm = ctx;

	if ((rm->caps & CAP_VIRTUAL) == 0)
		pause_us(us);
	else if (run(rm, &rq) != TRUSTX_OK)
		rm->now_us += us; /* a wait for a lost server must come to its end */
}

#define REMOTE_OPS(reset, power)                                                           \
	{                                                                                  \
		.write = remote_write, .read = remote_read, .set_speed = remote_set_speed, \
		.set_reset = (reset), .set_power = (power), .now_us = remote_now_us,       \
		.sleep_us = remote_sleep_us,                                               \
	}

/* Indexed by the capabilities reset line and power. */
static const struct trustx_bus_ops remote_ops[4] = {
	REMOTE_OPS(NULL, NULL),
	REMOTE_OPS(remote_set_reset, NULL),
	REMOTE_OPS(NULL, remote_set_power),
	REMOTE_OPS(remote_set_reset, remote_set_power),
};

static bool connect_one(int *fd, const struct net_addr *addr, uint64_t deadline_ns)
{
	int rc;

	if ((*fd = net_socket(addr)) < 0)
		return false;
	rc = net_connect(*fd, addr);
	if (rc != 0 && errno == EINPROGRESS && wait_ready(*fd, NET_OUT, deadline_ns))
		rc = errno = net_error(*fd);
	if (rc == 0)
		return true;
	net_close(*fd);
	*fd = -1;
	return false;
}

static enum trustx_err connect_failed(const struct bus_uri *uri, struct fail *f)
{
	int number = errno;

	if (number == ENOENT)
		fail_set(f, TRUSTX_ERR_NO_DEVICE, "there is no socket %s", uri->target);
	else if (number == ECONNREFUSED)
		fail_set(f, TRUSTX_ERR_NO_DEVICE, "no server listens at %s", uri->target);
	else if (number == EACCES || number == EPERM)
		return fail_errno(f, TRUSTX_ERR_PERMISSION, "cannot connect to %s", uri->target);
	else if (number == EAGAIN)
		return fail_set(f, TRUSTX_ERR_IN_USE,
			"the server at %s has too many clients waiting", uri->target);
	else
		fail_errno(f, TRUSTX_ERR_NO_DEVICE, "cannot connect to %s", uri->target);
	return fail_next(f, "start it: trustx-sim serve --listen %s:%.100s --state FILE",
		uri->scheme, uri->target);
}

static enum trustx_err connect_any(int *fd, const struct bus_uri *uri, struct fail *f)
{
	uint64_t deadline_ns = net_now_ns() + PATIENCE_NS;
	struct net_list list;
	enum trustx_err err;

	if ((err = net_resolve(&list, uri->scheme, uri->target, f)) != TRUSTX_OK)
		return err;
	for (size_t i = 0; i < list.count; i++)
		if (connect_one(fd, &list.at[i], deadline_ns))
			return TRUSTX_OK;
	return connect_failed(uri, f);
}

static enum trustx_err refused_hello(uint8_t status, struct fail *f)
{
	if (status == STATUS_IN_USE) {
		fail_set(f, TRUSTX_ERR_IN_USE, "another client is connected to this chip");
		return fail_next(f, "end that program or wait for it");
	}
	return fail_set(f, TRUSTX_ERR_PROTOCOL,
		"the server refused version 1 of the remote bus protocol (status %u)", status);
}

static enum trustx_err greet(struct remote *rm, struct fail *f)
{
	const struct request hello = {
		.op = OP_HELLO,
		.data = magic,
		.wlen = sizeof(magic),
		.expects = HELLO_DATA_LEN,
	};
	enum trustx_err err;
	uint8_t status;

	if ((err = exchange(rm, &status, &hello)) != TRUSTX_OK) {
		*f = rm->base.fail;
		return err;
	}
	if (status != STATUS_DONE)
		return refused_hello(status, f);
	if (memcmp(rm->in + RESPONSE_HEAD, magic, sizeof(magic)) != 0)
		return fail_set(f, TRUSTX_ERR_PROTOCOL,
			"the server does not speak version 1 of the remote bus protocol");
	rm->caps = rm->in[RESPONSE_HEAD + sizeof(magic)];
	return TRUSTX_OK;
}

static void remote_close(void *ctx)
{
	struct remote *rm = ctx;

	if (rm->fd >= 0)
		net_close(rm->fd);
	free(rm);
}

static enum trustx_err remote_open(
	struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	struct remote *rm = calloc(1, sizeof(*rm));
	enum trustx_err err;

	if (rm == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	rm->fd = -1;
	rm->hz = DEFAULT_HZ;
	rm->started_ns = net_now_ns();
	if ((err = connect_any(&rm->fd, uri, f)) != TRUSTX_OK)
		goto out;
	if ((err = greet(rm, f)) != TRUSTX_OK)
		goto out;
	rm->base.backend = strcmp(uri->scheme, bus_unix.scheme) == 0 ? &bus_unix : &bus_tcp;
	bus->ops = &remote_ops[rm->caps / CAP_RESET % 4];
	bus->ctx = rm;
	rm = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	if (rm != NULL)
		remote_close(rm);
	return err;
}

static bool remote_is_virtual(const void *ctx)
{
	const struct remote *rm = ctx;

	return (rm->caps & CAP_VIRTUAL) != 0;
}

const struct bus_backend bus_unix = {
	.scheme = "unix",
	.form = "unix:PATH",
	.options = " ",
	.open = remote_open,
	.close = remote_close,
	.is_virtual = remote_is_virtual,
};

const struct bus_backend bus_tcp = {
	.scheme = "tcp",
	.form = "tcp:HOST:PORT",
	.options = " ",
	.open = remote_open,
	.close = remote_close,
	.is_virtual = remote_is_virtual,
};
