/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Documentation/usb/usbip_protocol.rst of Linux: the commands after the import. */
#include "usbip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define VHCI	     "/sys/devices/platform/vhci_hcd.0/"
#define FULL_SPEED   2
#define HEADER	     48
#define PENDING_MAX  64
#define TRANSFER_MAX 0x20000
#define RETRIES	     1000

enum { CMD_SUBMIT = 1, CMD_UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4 };

struct request {
	uint32_t command, sequence;
	uint8_t endpoint; /* USB_IN set: to the host */
	uint32_t len;	  /* SUBMIT */
	uint8_t setup[8];
	uint32_t victim; /* UNLINK */
};

struct pending {
	struct request request;
	uint8_t *data;
	size_t len;
	bool waits; /* for the device to have something, else: */
	uint64_t due;
	bool stalled;
};

struct usbip {
	struct usb_device *dev;
	unsigned port;
	int fd;
	unsigned long requests;
	size_t count;
	struct pending pending[PENDING_MAX];
};

static bool read_all(int fd, void *data, size_t len)
{
	uint8_t *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = read(fd, p, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static void write_all(int fd, const void *data, size_t len)
{
	const uint8_t *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return; /* read_all tells of the end */
	}
}

static void be32_put(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t be32_get(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void reply(const struct usbip *u, uint32_t command, uint32_t sequence, int status,
	const struct pending *p)
{
	uint8_t header[HEADER] = { 0 };

	be32_put(header, command);
	be32_put(header + 4, sequence);
	be32_put(header + 20, (uint32_t)status);
	if (p != NULL && !p->stalled)
		be32_put(header + 24, (uint32_t)p->len);
	write_all(u->fd, header, sizeof(header));
	if (p != NULL && !p->stalled && (p->request.endpoint & USB_IN))
		write_all(u->fd, p->data, p->len);
}

static void forget(struct usbip *u, size_t i)
{
	free(u->pending[i].data);
	u->count--;
	memmove(u->pending + i, u->pending + i + 1, (u->count - i) * sizeof(u->pending[0]));
}

static void unlink_request(struct usbip *u, const struct request *r)
{
	int status = 0;

	for (size_t i = 0; i < u->count; i++) {
		if (u->pending[i].request.sequence == r->victim) {
			forget(u, i);
			status = -ECONNRESET;
			break;
		}
	}
	reply(u, RET_UNLINK, r->sequence, status, NULL);
}

/* The direction of a control request is in its setup packet, too. */
static void submit(struct usbip *u, struct pending *p, uint64_t now)
{
	const struct usb_device_ops *ops = u->dev->ops;
	uint8_t endpoint = p->request.endpoint;
	size_t len = p->len;

	p->due = now;
	if ((endpoint & ~USB_IN) == 0) {
		p->stalled = !ops->control(u->dev, p->request.setup, p->data, &len, now, &p->due);
		if (endpoint & USB_IN)
			p->len = len;
	} else if (endpoint & USB_IN) {
		p->waits = true;
	} else {
		p->stalled = !ops->out(u->dev, endpoint, p->data, len, now, &p->due);
	}
}

static bool take_submit(struct usbip *u, const struct request *r, uint64_t now)
{
	struct pending *p = &u->pending[u->count];

	if (u->count == PENDING_MAX || r->len > TRANSFER_MAX) {
		fprintf(stderr, "board: more requests than there is room for\n");
		return false;
	}
	*p = (struct pending){ .request = *r, .len = r->len };
	if ((p->data = calloc(1, r->len + 1u)) == NULL)
		return false;
	u->count++;
	if (!(r->endpoint & USB_IN) && !read_all(u->fd, p->data, p->len))
		return false;
	u->requests++;
	submit(u, p, now);
	return true;
}

bool usbip_take(struct usbip *u, uint64_t now)
{
	uint8_t h[HEADER];
	struct request r = { 0 };

	if (!read_all(u->fd, h, sizeof(h)))
		return false;
	r.command = be32_get(h);
	r.sequence = be32_get(h + 4);
	if (r.command == CMD_UNLINK) {
		r.victim = be32_get(h + 20);
		unlink_request(u, &r);
		return true;
	}
	if (r.command != CMD_SUBMIT)
		return false;
	r.endpoint = (uint8_t)(be32_get(h + 16) | (be32_get(h + 12) != 0 ? USB_IN : 0));
	r.len = be32_get(h + 24);
	memcpy(r.setup, h + 40, sizeof(r.setup));
	return take_submit(u, &r, now);
}

/* The first request of an endpoint gets what the device has. */
static void wake(struct usbip *u, size_t i, uint64_t now)
{
	struct pending *p = &u->pending[i];
	const struct usb_device_ops *ops = u->dev->ops;

	for (size_t j = 0; j < i; j++) {
		if (u->pending[j].request.endpoint == p->request.endpoint)
			return;
	}
	p->due = ops->in_due(u->dev, p->request.endpoint);
	if (p->due <= now)
		p->stalled = !ops->in(u->dev, p->request.endpoint, p->data, &p->len, now);
}

uint64_t usbip_answer(struct usbip *u, uint64_t now)
{
	uint64_t next = USB_NEVER;

	for (size_t i = 0; i < u->count;) {
		struct pending *p = &u->pending[i];

		if (p->waits) {
			p->due = USB_NEVER;
			wake(u, i, now);
		}
		if (p->due <= now) {
			reply(u, RET_SUBMIT, p->request.sequence, p->stalled ? -EPIPE : 0, p);
			forget(u, i);
			continue;
		}
		next = p->due < next ? p->due : next;
		i++;
	}
	return next;
}

/* 0, or errno. */
static int tell_vhci(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* The kernel takes its time to forget what was at a port, longer while a program holds a node. */
static int claim_port(unsigned port, int fd)
{
	char text[64], folder[80];
	int err = EBUSY;

	snprintf(text, sizeof(text), "%u %d %u %d", port, fd, 0x10002 + port, FULL_SPEED);
	snprintf(folder, sizeof(folder), USBIP_DEVICES "%u", port + 1);
	for (unsigned i = 0; i < RETRIES; i++) {
		if (access(folder, F_OK) != 0)
			err = tell_vhci(VHCI "attach", text);
		if (err != EBUSY && err != EINVAL)
			break;
		usleep(10000);
	}
	return err;
}

struct usbip *usbip_attach(unsigned port, struct usb_device *dev)
{
	struct usbip *u = calloc(1, sizeof(*u));
	int pair[2] = { -1, -1 };
	int err;

	if (u == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		goto out;
	if ((err = claim_port(port, pair[1])) != 0) {
		errno = err;
		goto out;
	}
	close(pair[1]);
	u->dev = dev;
	u->port = port;
	u->fd = pair[0];
	return u;
out:
	perror("board: attach to vhci_hcd");
	free(u);
	if (pair[0] >= 0)
		close(pair[0]);
	if (pair[1] >= 0)
		close(pair[1]);
	return NULL;
}

void usbip_detach(struct usbip *u)
{
	char text[16];

	if (u == NULL)
		return;
	snprintf(text, sizeof(text), "%u", u->port);
	tell_vhci(VHCI "detach", text);
	while (u->count > 0)
		forget(u, u->count - 1);
	close(u->fd);
	free(u);
}

int usbip_fd(const struct usbip *u)
{
	return u->fd;
}

unsigned long usbip_requests(const struct usbip *u)
{
	return u->requests;
}
