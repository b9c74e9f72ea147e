/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* HID through Linux' hidraw, without any library: for static programs, and where hidapi is not. */
#include "hid-sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define HANG_UP_MS 200

struct hidraw {
	struct hid base;
	int fd;
};

static enum trustx_err hidraw_list(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	(void)from;
	return hid_sysfs_list(list, vendor, product_id, f);
}

static enum trustx_err open_refused(const char *path, struct fail *f)
{
	int number = errno;
	enum trustx_err err;

	if (number == EACCES || number == EPERM) {
		if ((err = hid_sysfs_may_open(path, f)) != TRUSTX_OK)
			return err;
		errno = number;
		return fail_errno(f, TRUSTX_ERR_PERMISSION, "cannot open %s", path);
	}
	return fail_errno(f, number == EBUSY ? TRUSTX_ERR_IN_USE : TRUSTX_ERR_NO_DEVICE,
		"cannot open %s", path);
}

static enum trustx_err hidraw_open(struct hid **hid, const char *path, struct fail *f)
{
	struct hidraw *h = calloc(1, sizeof(*h));

	*hid = NULL;
	if (h == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	h->base.ops = &hid_hidraw;
	if ((h->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0) {
		free(h);
		return open_refused(path, f);
	}
	*hid = &h->base;
	return TRUSTX_OK;
}

static void hidraw_close(struct hid *hid)
{
	struct hidraw *h = (struct hidraw *)hid;

	if (h != NULL)
		close(h->fd);
	free(h);
}

/*
 * An exchange that was under way when the adapter was pulled out ends by a time-out, before the
 * kernel lets go of the node.
 */
static bool is_gone(const struct hidraw *h)
{
	struct pollfd p = { .fd = h->fd };

	return poll(&p, 1, HANG_UP_MS) > 0;
}

static enum trustx_err refused(const struct hidraw *h, const char *what, struct fail *f)
{
	int number = errno;

	if (number == ENODEV || number == ENXIO || number == ESHUTDOWN ||
		(number != EPIPE && is_gone(h))) {
		errno = number;
		fail_errno(f, TRUSTX_ERR_NO_DEVICE, "the adapter is gone");
		fail_cause(f, "adapter-gone");
		return TRUSTX_ERR_NO_DEVICE;
	}
	errno = number;
	return fail_errno(f, number == ETIMEDOUT ? TRUSTX_ERR_TIMEOUT : TRUSTX_ERR_BUS, "%s", what);
}

static enum trustx_err hidraw_write(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	const struct hidraw *h = (const struct hidraw *)hid;
	ssize_t n;

	do
		n = write(h->fd, report, len);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)len ? TRUSTX_OK : refused(h, "the adapter takes no report", f);
}

static enum trustx_err hidraw_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f)
{
	const struct hidraw *h = (const struct hidraw *)hid;
	struct pollfd p = { .fd = h->fd, .events = POLLIN };
	ssize_t n = 0;
	int rc;

	/* A signal makes the wait longer, by its own time at most. */
	do
		rc = poll(&p, 1, (int)timeout_ms);
	while (rc < 0 && errno == EINTR);
	if (rc > 0 && (p.revents & POLLIN) == 0) {
		errno = ENODEV;
		rc = -1;
	}
	if (rc > 0)
		n = read(h->fd, report, *len);
	*len = n > 0 ? (size_t)n : 0;
	if (rc < 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return refused(h, "the adapter gives no report", f);
	return TRUSTX_OK;
}

/* POSIX, and musl with it, has an int where glibc has an unsigned long. */
#define REQUEST(number) \
	_Generic(&ioctl, int (*)(int, int, ...) : (int)(number), default : (unsigned long)(number))

static enum trustx_err hidraw_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f)
{
	const struct hidraw *h = (const struct hidraw *)hid;
	int n = ioctl(h->fd, REQUEST(HIDIOCGFEATURE(*len)), report);

	*len = n > 0 ? (size_t)n : 0;
	return n >= 0 ? TRUSTX_OK : refused(h, "the adapter does not answer", f);
}

static enum trustx_err hidraw_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	const struct hidraw *h = (const struct hidraw *)hid;
	uint8_t copy[HID_REPORT_MAX];

	/* The request is both ways by its name. */
	memcpy(copy, report, len);
	if (ioctl(h->fd, REQUEST(HIDIOCSFEATURE(len)), copy) < 0)
		return refused(h, "the adapter takes no setting", f);
	return TRUSTX_OK;
}

const struct hid_ops hid_hidraw = {
	.name = "hidraw",
	.list = hidraw_list,
	.open = hidraw_open,
	.close = hidraw_close,
	.write = hidraw_write,
	.read = hidraw_read,
	.get_feature = hidraw_get_feature,
	.set_feature = hidraw_set_feature,
};
