/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * /dev/hidrawN of a simulated FT260, one for each interface. poll() in the program looks at the
 * terminal that umockdev put behind the node: one byte is written to it while a report is due, and
 * taken out again by the program's own read before that is answered with the report.
 */
#include "mock.h"

#include "ft260-setup.h"

#include <errno.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <string.h>
#include <unistd.h>

#define USB_DEVICE	  "/devices/pci0000:00/0000:00:14.0/usb%u/%u-1"
#define WRITE_TIMEOUT_NS  5000000000u /* of the kernel */
#define DEFAULT_DRIVER	  "hid-generic"
#define HIDRAW_REPORT_MAX 4096

struct node {
	struct mock_ft260 *of;
	unsigned interface;
	int fd;
	bool rung; /* the byte is there */
};

struct mock_ft260 {
	struct ft260_setup setup;
	struct ft260 *ft260;
	struct sim *chip;
	uint64_t now;
	struct node node[FT260_INTERFACE_MAX];
};

/* Time as the model wants it: it never goes back. */
static uint64_t now_of(struct mock_ft260 *m, uint64_t later)
{
	uint64_t now = mock_now() + later;

	m->now = now > m->now ? now : m->now;
	return m->now;
}

static unsigned vendor_of(const struct mock_ft260 *m)
{
	return m->setup.opt.vendor != 0 ? m->setup.opt.vendor : FT260_VENDOR;
}

static unsigned product_of(const struct mock_ft260 *m)
{
	return m->setup.opt.product != 0 ? m->setup.opt.product : FT260_PRODUCT;
}

/* Linux 6.1 gives the input reports to its own driver. */
static bool is_mute(const struct mock_ft260 *m)
{
	return strcmp(m->setup.driver, "ft260") == 0;
}

static bool is_gone(struct mock_ft260 *m)
{
	uint8_t report[FT260_REPORT_MAX];
	size_t len;

	/* Before anything was sent this takes no report. */
	return ft260_in(m->ft260, 0, 0, report, &len) == FT260_GONE;
}

static void ring(void *p)
{
	struct node *n = p;
	struct mock_ft260 *m = n->of;
	bool due = !is_mute(m) && ft260_in_due(m->ft260, n->interface) <= now_of(m, 0);

	if (n->rung || !(due || is_gone(m)))
		return;
	n->rung = write(n->fd, "!", 1) == 1;
}

/* See to it that the programs learn of what is due, on all nodes. */
static void schedule(struct mock_ft260 *m)
{
	for (unsigned i = 0; i < ft260_interfaces(m->ft260); i++) {
		uint64_t due = ft260_in_due(m->ft260, i);

		if (is_gone(m))
			ring(&m->node[i]);
		else if (due != FT260_NEVER)
			mock_call_at(due, ring, &m->node[i]);
	}
}

static void answer(struct mock_ft260 *m, UMockdevIoctlClient *client, enum ft260_result result,
	long value, uint64_t at)
{
	if (result == FT260_OK)
		mock_answer(client, at, value, 0);
	else
		mock_answer(client, at, -1, result == FT260_GONE ? ENODEV : EPIPE);
	schedule(m);
}

/* A node that nobody has open queues nothing. */
static void hidraw_connected(void *ctx)
{
	struct node *n = ctx;
	uint8_t report[FT260_REPORT_MAX];
	size_t len;

	do
		if (ft260_in(n->of->ft260, now_of(n->of, 0), n->interface, report, &len) !=
			FT260_OK)
			break;
	while (len > 0);
}

static void hidraw_write(void *ctx, UMockdevIoctlClient *client, const UMockdevIoctlData *from)
{
	struct node *n = ctx;
	struct mock_ft260 *m = n->of;
	uint64_t done, now = now_of(m, 0);
	enum ft260_result result;

	if (from->data_len < 1 || from->data_len > HIDRAW_REPORT_MAX) {
		mock_answer(client, 0, -1, EINVAL);
		return;
	}
	result = ft260_out(m->ft260, now, n->interface, from->data, (size_t)from->data_len, &done);
	if (result == FT260_OK && done == FT260_NEVER)
		mock_answer(client, now + WRITE_TIMEOUT_NS, -1, ETIMEDOUT);
	else
		answer(m, client, result, from->data_len, done);
}

static void hidraw_read(void *ctx, UMockdevIoctlClient *client, UMockdevIoctlData *to)
{
	struct node *n = ctx;
	struct mock_ft260 *m = n->of;
	uint8_t report[FT260_REPORT_MAX];
	enum ft260_result result;
	GError *error = NULL;
	int number = 0;
	size_t len = 0;

	if (!n->rung) {
		mock_answer(client, 0, -1, EAGAIN);
		return;
	}
	umockdev_ioctl_client_execute(client, &number, &error);
	g_clear_error(&error);
	n->rung = false;
	result = ft260_in(m->ft260, now_of(m, 0), n->interface, report, &len);
	len = len < (size_t)to->data_len ? len : (size_t)to->data_len;
	if (len > 0)
		umockdev_ioctl_data_update(to, 0, report, (gint)len);
	if (result == FT260_GONE)
		mock_answer(client, 0, -1, EIO);
	else if (len == 0)
		mock_answer(client, 0, -1, EAGAIN);
	else
		mock_answer(client, 0, (long)len, 0);
	schedule(m);
}

static void feature(
	struct node *n, UMockdevIoctlClient *client, UMockdevIoctlData *arg, size_t len, bool get)
{
	struct mock_ft260 *m = n->of;
	uint64_t at = now_of(m, FT260_CONTROL_NS);
	uint8_t report[FT260_REPORT_MAX] = { 0 };
	enum ft260_result result;

	len = len < sizeof(report) ? len : sizeof(report);
	memcpy(report, arg->data, len);
	if (get)
		result = ft260_get_feature(m->ft260, at, n->interface, report, &len);
	else
		result = ft260_set_feature(m->ft260, at, n->interface, report, len);
	if (get && result == FT260_OK)
		umockdev_ioctl_data_update(arg, 0, report, (gint)len);
	answer(m, client, result, (long)len, at);
}

static void get_text(
	UMockdevIoctlClient *client, UMockdevIoctlData *arg, size_t room, const char *text)
{
	char copy[256] = { 0 };

	room = room < sizeof(copy) ? room : sizeof(copy);
	g_strlcpy(copy, text, room);
	umockdev_ioctl_data_update(arg, 0, (guint8 *)copy, (gint)room);
	mock_answer(client, 0, (long)strlen(copy) + 1, 0);
}

/* What is asked of hidraw itself. */
static void describe(struct node *n, UMockdevIoctlClient *client, UMockdevIoctlData *arg,
	unsigned number, size_t room)
{
	struct hidraw_report_descriptor reports = { .size = 0 };
	struct hidraw_devinfo info = { .bustype = BUS_USB };
	const uint8_t *descriptor;
	size_t len;

	descriptor = ft260_report_descriptor(n->of->ft260, n->interface, &len);
	reports.size = (uint32_t)len;
	memcpy(reports.value, descriptor, len);
	info.vendor = (int16_t)vendor_of(n->of);
	info.product = (int16_t)product_of(n->of);
	switch (number) {
	case 1:
		umockdev_ioctl_data_update(arg, 0, (guint8 *)&reports.size, sizeof(reports.size));
		break;
	case 2:
		umockdev_ioctl_data_update(arg, 0, (guint8 *)&reports, sizeof(reports));
		break;
	case 3:
		umockdev_ioctl_data_update(arg, 0, (guint8 *)&info, sizeof(info));
		break;
	case 4:
		get_text(client, arg, room, "FTDI FT260");
		return;
	case 8:
		get_text(client, arg, room, n->of->setup.serial);
		return;
	default:
		mock_answer(client, 0, -1, EINVAL);
		return;
	}
	mock_answer(client, 0, 0, 0);
}

static void hidraw_ioctl(void *ctx, UMockdevIoctlClient *client, unsigned long request)
{
	enum { SET_FEATURE = 6, GET_FEATURE = 7 };
	unsigned number = _IOC_NR(request);
	size_t size = _IOC_SIZE(request);
	struct node *n = ctx;
	UMockdevIoctlData *arg;

	if (_IOC_TYPE(request) != 'H' || size == 0) {
		mock_answer(client, 0, -1, ENOTTY);
		return;
	}
	arg = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, size, NULL);
	if (arg == NULL) {
		mock_answer(client, 0, -1, EFAULT);
		return;
	}
	if (number == SET_FEATURE || number == GET_FEATURE)
		feature(n, client, arg, size, number == GET_FEATURE);
	else
		describe(n, client, arg, number, size);
	umockdev_ioctl_data_unref(arg);
}

/* One bus for each device. */
static void describe_usb(const struct mock_ft260 *m, UMockdevTestbed *bed, unsigned number)
{
	const char *serial = m->setup.serial;
	g_autofree char *text = g_strdup_printf(
		"P: " USB_DEVICE "\nN: bus/usb/%03u/002\n"
		"E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DRIVER=usb\n"
		"A: idVendor=%04x\nA: idProduct=%04x\nA: bcdDevice=2200\nA: busnum=%u\nA: "
		"devnum=2\n"
		"A: manufacturer=FTDI\nA: product=FT260\n%s%s%s"
		"L: driver=../../../../../bus/usb/drivers/usb\n",
		number, number, number, vendor_of(m), product_of(m), number,
		serial[0] != '\0' ? "A: serial=" : "", serial, serial[0] != '\0' ? "\n" : "");

	mock_describe(bed, text);
}

/* The HID function of an interface, and its path. */
static char *describe_hid(
	const struct mock_ft260 *m, UMockdevTestbed *bed, unsigned number, unsigned i)
{
	const char *driver = m->setup.driver[0] != '\0' ? m->setup.driver : DEFAULT_DRIVER;
	unsigned vendor = vendor_of(m), product = product_of(m);
	char *hid = g_strdup_printf(USB_DEVICE "/%u-1:1.%u/0003:%04X:%04X.%04X", number, number,
		number, i, vendor, product, FT260_INTERFACE_MAX * number + i);
	g_autofree char *text = g_strdup_printf(
		"P: " USB_DEVICE "/%u-1:1.%u\n"
		"E: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\nE: DRIVER=usbhid\n"
		"A: bInterfaceNumber=%02u\nL: driver=../../../../../../bus/usb/drivers/usbhid\n\n"
		"P: %s\nE: SUBSYSTEM=hid\nE: DRIVER=%s\nE: HID_ID=0003:%08X:%08X\n"
		"E: HID_NAME=FTDI FT260\nE: HID_PHYS=usb-0000:00:14.0-1/input%u\nE: HID_UNIQ=%s\n"
		"L: driver=../../../../../../../bus/hid/drivers/%s\n",
		number, number, number, i, i, hid, driver, vendor, product, i, m->setup.serial,
		driver);

	mock_describe(bed, text);
	return hid;
}

static void add_node(struct mock_ft260 *m, UMockdevTestbed *bed, unsigned n, unsigned i)
{
	static const struct mock_ops ops = { hidraw_connected, hidraw_ioctl, hidraw_read,
		hidraw_write };
	unsigned number = mock_number(n), minor = FT260_INTERFACE_MAX * number + i;
	g_autofree char *hid = describe_hid(m, bed, number, i);
	g_autofree char *sys = g_strconcat("/sys", hid, NULL);
	g_autofree char *node = g_strdup_printf("/dev/hidraw%u", minor);
	g_autofree char *variable = g_strdup_printf("HIDRAW%u", FT260_INTERFACE_MAX * n + i);
	g_autofree char *text = g_strdup_printf("P: %s/hidraw/hidraw%u\nN: hidraw%u\n"
						"E: DEVNAME=%s\nE: SUBSYSTEM=hidraw\n"
						"E: MAJOR=240\nE: MINOR=%u\nA: dev=240:%u\n"
						"L: device=../..\n",
		hid, minor, minor, node, minor, minor);
	struct node *served = &m->node[i];
	const uint8_t *descriptor;
	size_t len;

	served->of = m;
	served->interface = i;
	served->fd = -1;
	if (m->setup.hidden)
		return;
	mock_describe(bed, text);
	descriptor = ft260_report_descriptor(m->ft260, i, &len);
	umockdev_testbed_set_attribute_binary(
		bed, sys, "report_descriptor", (guint8 *)(uintptr_t)descriptor, (gint)len);
	mock_serve(bed, node, &ops, served);
	served->fd = umockdev_testbed_get_dev_fd(bed, node);
	g_setenv(variable, node, TRUE);
}

enum trustx_err mock_ft260_add(struct mock_ft260 **ft260, UMockdevTestbed *bed, unsigned n,
	const char *text, struct fail *f)
{
	struct mock_ft260 *m = g_new0(struct mock_ft260, 1);
	enum trustx_err err;

	if ((err = ft260_setup_parse(&m->setup, text, f)) != TRUSTX_OK ||
		(err = ft260_setup_open(&m->ft260, &m->chip, &m->setup, f)) != TRUSTX_OK) {
		g_free(m);
		return err;
	}
	/* The board was plugged in a while ago. */
	sim_wait_until(m->chip, now_of(m, 0));
	describe_usb(m, bed, mock_number(n));
	for (unsigned i = 0; i < ft260_interfaces(m->ft260); i++)
		add_node(m, bed, n, i);
	*ft260 = m;
	return TRUSTX_OK;
}

void mock_ft260_close(struct mock_ft260 *m)
{
	ft260_free(m->ft260);
	sim_close(m->chip);
	g_free(m);
}
