/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * I2C adapters of Linux, through i2c-dev. After I2C_SLAVE, read and write are one message each,
 * START to STOP, and say how many bytes went over; the kernel refuses an address that one of its
 * drivers has. I2C_RDWR does neither. The kernel's own time-out for the adapter, as a rule 1 s,
 * ends every transfer; it belongs to all users of the adapter and is left alone.
 */
#include "backend.h"
#include "gpio.h"
#include "i2cdev-sys.h"
#include "lockdir.h"
#include "net.h"
#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define I2C_MAJOR 89 /* Linux, Documentation/admin-guide/devices.txt */
#define ADDRESS	  0x30
#define TRIES	  5
#define GUARD_US  100u

/*
 * One report: hid-ft260 of Linux 6.1 corrupts longer transfers, that of 6.12 refuses some;
 * hid-cp2112 writes the length modulo 256.
 */
#define REPORT_MAX 60

struct i2c_bus {
	struct bus_ctx base;
	struct trustx_bus_ops ops;
	struct file_lock lock;
	struct gpio *reset, *power;
	char *node;
	int fd;
	unsigned adapter;
	int claimed;	     /* the address that I2C_SLAVE chose; -1: none */
	uint8_t reg;	     /* first byte of the last write */
	bool one_report;     /* its limit is known */
	bool nack_times_out; /* it says ETIMEDOUT for an address that is not acknowledged */
	uint16_t limit;	     /* longest transfer, 0: not known */
	size_t longest[2];   /* that succeeded: read, write */
};

struct transfer {
	const uint8_t *out; /* NULL: a read */
	uint8_t *in;
	size_t len;
};

static void sleep_here(uint32_t us)
{
	struct timespec left = {
		.tv_sec = (time_t)(us / 1000000),
		.tv_nsec = (long)(us % 1000000) * 1000,
	};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

static void i2c_sleep_us(void *ctx, uint32_t us)
{
	(void)ctx;
	sleep_here(us);
}

static uint64_t i2c_now_us(void *ctx)
{
	(void)ctx;
	return net_now_ns() / 1000;
}

/* ---- what failed, in words ---- */

static enum trustx_err gone(struct i2c_bus *b)
{
	fail_set(&b->base.fail, TRUSTX_ERR_NO_DEVICE, "the adapter %s has gone", b->node);
	return fail_cause(&b->base.fail, "adapter-gone");
}

/* An adapter that was pulled out does not always say so itself. */
static bool is_gone(const struct i2c_bus *b)
{
	return access(b->node, F_OK) != 0 && errno == ENOENT;
}

static enum trustx_err stuck(struct i2c_bus *b, const char *why)
{
	fail_set(&b->base.fail, TRUSTX_ERR_BUS, "%s", why);
	return fail_cause(&b->base.fail, "bus-stuck");
}

static enum trustx_err adapter_failed(struct i2c_bus *b, int number, const struct transfer *t)
{
	errno = number;
	fail_errno(&b->base.fail, TRUSTX_ERR_BUS, "the adapter %s could not %s %zu bytes", b->node,
		t->out != NULL ? "write" : "read", t->len);
	return fail_cause(&b->base.fail, "adapter-failed");
}

/* What to try instead: FT260 and CP2112, an SMBus block, the shortest frame. 0: nothing. */
static uint16_t shorter(size_t len)
{
	static const uint16_t sizes[] = { REPORT_MAX, 32, 1 + TRUSTX_FRAME_MIN };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (len > sizes[i])
			return sizes[i];
	return 0;
}

/* Longer than whatever succeeded so far, and something did? */
static bool may_be_too_long(const struct i2c_bus *b, const struct transfer *t)
{
	return !b->one_report && shorter(t->len) != 0 && b->longest[0] + b->longest[1] > 0 &&
	       t->len > b->longest[t->out != NULL];
}

static enum trustx_err too_long(struct i2c_bus *b, const struct transfer *t)
{
	b->limit = shorter(t->len);
	fail_set(&b->base.fail, TRUSTX_ERR_BUS,
		"the adapter %s does not %s %zu bytes at once, though it does fewer", b->node,
		t->out != NULL ? "write" : "read", t->len);
	return fail_cause(&b->base.fail, "frame-limit");
}

static enum trustx_err explain(struct i2c_bus *b, int number, const struct transfer *t)
{
	if (number == ENODEV || number == ESHUTDOWN || is_gone(b))
		return gone(b);
	if (number == ETIMEDOUT && b->nack_times_out)
		number = ENXIO;
	switch (number) {
	case ENXIO:
	case EREMOTEIO:
	case EIO: /* hid-ft260 and others */
		return fail_set(
			&b->base.fail, TRUSTX_ERR_NACK, "%s", trustx_err_text(TRUSTX_ERR_NACK));
	case ETIMEDOUT:
		return stuck(b, "the bus timed out: SDA or SCL is held low");
	case EBUSY:
		return stuck(b, "the bus does not become free: SDA or SCL is held low");
	case EAGAIN:
		return stuck(b, "arbitration was lost again and again: another controller is on "
				"the bus, or SDA is held low");
	case EINVAL:
	case EOPNOTSUPP:
	case EMSGSIZE:
		if (may_be_too_long(b, t))
			return too_long(b, t);
		break;
	default:
		break;
	}
	return adapter_failed(b, number, t);
}

/* ---- transfers ---- */

/* 0 or errno. */
static int move(const struct i2c_bus *b, const struct transfer *t)
{
	ssize_t n = t->out != NULL ? write(b->fd, t->out, t->len) : read(b->fd, t->in, t->len);

	if (n < 0)
		return errno;
	return (size_t)n == t->len ? 0 : EPROTO;
}

/* A chip that was not reached, or got half a frame, may be sent it again. */
static int move_patiently(const struct i2c_bus *b, const struct transfer *t)
{
	int number = move(b, t);

	for (unsigned i = 1; i < TRIES && (number == EINTR || number == EAGAIN); i++) {
		sleep_here(GUARD_US << i);
		number = move(b, t);
	}
	return number;
}

/*
 * EIO: is the address not acknowledged, or the transfer too long? Selecting the register that is
 * selected anyway does no harm, and tells. EMSGSIZE: too long.
 */
static int ask_again(const struct i2c_bus *b, const struct transfer *t)
{
	const struct transfer brief = { .out = &b->reg, .len = 1 };
	int number = EIO;

	for (unsigned i = 0; i < TRIES && number == EIO; i++) {
		sleep_here(GUARD_US);
		if (move_patiently(b, &brief) != 0)
			return EIO;
		sleep_here(GUARD_US);
		number = move_patiently(b, t);
	}
	return number == EIO ? EMSGSIZE : number;
}

static enum trustx_err claim(struct i2c_bus *b, uint8_t addr, struct fail *f)
{
	char driver[I2CSYS_TEXT_MAX];

	if (b->claimed == addr)
		return TRUSTX_OK;
	b->claimed = -1;
	if (ioctl(b->fd, I2C_SLAVE, (unsigned long)addr) == 0) {
		b->claimed = addr;
		return TRUSTX_OK;
	}
	if (errno != EBUSY)
		return fail_errno(
			f, TRUSTX_ERR_BUS, "%s does not take the address 0x%02X", b->node, addr);
	i2csys_owner(driver, b->adapter, addr);
	fail_set(f, TRUSTX_ERR_IN_USE,
		"the address 0x%02X of %s is taken by a driver of the kernel%s%s", addr, b->node,
		driver[0] != '\0' ? ", " : "", driver);
	if (driver[0] != '\0')
		fail_next(f, "echo %u-%04x | sudo tee /sys/bus/i2c/drivers/%s/unbind", b->adapter,
			addr, driver);
	fail_next(f, "see which: ls -l /sys/bus/i2c/devices/%u-%04x/driver", b->adapter, addr);
	return fail_cause(f, "address-taken");
}

static enum trustx_err transfer(struct i2c_bus *b, uint8_t addr, const struct transfer *t)
{
	enum trustx_err err;
	int number;

	if ((err = claim(b, addr, &b->base.fail)) != TRUSTX_OK)
		return err;
	number = move_patiently(b, t);
	if (number == EIO && may_be_too_long(b, t) && b->longest[1] > 0)
		number = ask_again(b, t);
	if (number != 0)
		return explain(b, number, t);
	if (t->len > b->longest[t->out != NULL])
		b->longest[t->out != NULL] = t->len;
	if (t->out != NULL)
		b->reg = t->out[0];
	return TRUSTX_OK;
}

static enum trustx_err i2c_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	return transfer(ctx, addr, &(struct transfer){ .out = data, .len = len });
}

static enum trustx_err i2c_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	return transfer(ctx, addr, &(struct transfer){ .in = data, .len = len });
}

static uint16_t i2c_max_transfer(void *ctx)
{
	const struct i2c_bus *b = ctx;

	return b->limit;
}

/* ---- lines ---- */

static enum trustx_err i2c_set_reset(void *ctx, bool released)
{
	struct i2c_bus *b = ctx;

	return gpio_set(b->reset, released, &b->base.fail);
}

static enum trustx_err i2c_set_power(void *ctx, bool on)
{
	struct i2c_bus *b = ctx;

	return gpio_set(b->power, on, &b->base.fail);
}

/* What is malformed is said before a device is looked for. */
static enum trustx_err check_lines(const struct bus_uri *uri, struct fail *f)
{
	static const char *const names[] = { "power", "reset" };
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < 2 && err == TRUSTX_OK; i++)
		if (bus_option(uri, names[i]) != NULL)
			err = gpio_check(names[i], bus_option(uri, names[i]), f);
	return err;
}

static enum trustx_err open_lines(struct i2c_bus *b, const struct bus_uri *uri, struct fail *f)
{
	const char *power = bus_option(uri, "power"), *reset = bus_option(uri, "reset");
	enum trustx_err err;

	if (power != NULL && (err = gpio_open(&b->power, "power", power, f)) != TRUSTX_OK)
		return err;
	if (reset != NULL && (err = gpio_open(&b->reset, "reset", reset, f)) != TRUSTX_OK)
		return err;
	return TRUSTX_OK;
}

/* ---- open and close ---- */

static void i2c_close(void *ctx)
{
	struct i2c_bus *b = ctx;

	gpio_close(b->reset);
	gpio_close(b->power);
	if (b->fd >= 0)
		close(b->fd);
	file_unlock(&b->lock);
	free(b->node);
	free(b);
}

static enum trustx_err not_i2c(const char *node, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "%s is not an I2C device", node);
	fail_next(f, "an I2C adapter is /dev/i2c-N; this shows those that are there: trustx scan");
	return fail_cause(f, "node-foreign");
}

static enum trustx_err refused(const char *node, unsigned adapter, struct fail *f)
{
	char name[I2CSYS_TEXT_MAX];

	if (errno == ENOENT || errno == ENODEV || errno == ENXIO || errno == ENOTDIR)
		return i2csys_missing(node, f);
	if (errno != EACCES && errno != EPERM)
		return fail_errno(f, TRUSTX_ERR_NO_DEVICE, "cannot open %s", node);
	node_refused(node, f);
	i2csys_name(name, adapter);
	if (i2csys_is_ft260(name))
		return fail_next(f, "sudo cp contrib/udev/60-trustx.rules /etc/udev/rules.d/ && "
				    "sudo udevadm control --reload && sudo udevadm trigger");
	return fail_next(f, "sudo apt-get install i2c-tools gives I2C adapters to the group i2c; "
			    "then sudo usermod -aG i2c $USER, and log out and in");
}

/* Only what is an I2C adapter by its number is opened: opening some devices has effects. */
static enum trustx_err open_node(int *fd, unsigned *adapter, const char *node, struct fail *f)
{
	struct stat st;

	if (stat(node, &st) != 0)
		return refused(node, UINT16_MAX, f);
	if (!S_ISCHR(st.st_mode) || major(st.st_rdev) != I2C_MAJOR)
		return not_i2c(node, f);
	*adapter = minor(st.st_rdev);
	if ((*fd = open(node, O_RDWR | O_CLOEXEC)) < 0)
		return refused(node, *adapter, f);
	return TRUSTX_OK;
}

static enum trustx_err check_functions(int fd, const char *node, unsigned adapter, struct fail *f)
{
	char name[I2CSYS_TEXT_MAX];
	unsigned long functions = 0;

	if (ioctl(fd, I2C_FUNCS, &functions) != 0)
		return not_i2c(node, f);
	if ((functions & I2C_FUNC_I2C) != 0)
		return TRUSTX_OK;
	i2csys_name(name, adapter);
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"the adapter %s (%s) knows SMBus commands only, which cannot carry the chip's "
		"frames",
		node, name);
	fail_next(f, "use another adapter; this shows those that are there: trustx scan");
	return fail_cause(f, "smbus-only");
}

static enum trustx_err lock_adapter(struct i2c_bus *b, struct fail *f)
{
	char name[32];
	enum trustx_err err;

	snprintf(name, sizeof(name), "/dev/i2c-%u", b->adapter);
	if ((err = bus_lock(&b->lock, name, f)) == TRUSTX_ERR_IN_USE)
		fail_cause(f, "in-use");
	return err;
}

static enum trustx_err open_all(
	struct i2c_bus *b, const struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	char name[I2CSYS_TEXT_MAX];
	enum trustx_err err;

	if ((err = open_node(&b->fd, &b->adapter, b->node, f)) != TRUSTX_OK)
		return err;
	if ((err = check_functions(b->fd, b->node, b->adapter, f)) != TRUSTX_OK)
		return err;
	if ((err = lock_adapter(b, f)) != TRUSTX_OK)
		return err;
	if ((err = claim(b, bus->addr != 0 ? bus->addr : ADDRESS, f)) != TRUSTX_OK)
		return err;
	i2csys_name(name, b->adapter);
	b->nack_times_out = i2csys_is_cp2112(name);
	b->one_report = i2csys_is_ft260(name) || i2csys_is_cp2112(name);
	return open_lines(b, uri, f);
}

static void fill(struct trustx_bus *bus, struct i2c_bus *b)
{
	const uint32_t hz = i2csys_clock(b->adapter);

	b->base.backend = &bus_i2c;
	b->ops = (struct trustx_bus_ops){
		.write = i2c_write,
		.read = i2c_read,
		.set_reset = b->reset != NULL ? i2c_set_reset : NULL,
		.set_power = b->power != NULL ? i2c_set_power : NULL,
		.now_us = i2c_now_us,
		.sleep_us = i2c_sleep_us,
		.max_transfer = i2c_max_transfer,
	};
	if (b->one_report && (bus->max_transfer == 0 || bus->max_transfer > REPORT_MAX))
		bus->max_transfer = REPORT_MAX;
	b->limit = bus->max_transfer;
	/* speed= does not change it. */
	if (hz != 0)
		bus->max_hz = hz;
	bus->ops = &b->ops;
	bus->ctx = b;
}

static enum trustx_err i2c_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	struct i2c_bus *b;
	enum trustx_err err;

	if (uri->target[0] == '\0') {
		fail_set(f, TRUSTX_ERR_INPUT, "the device file of the adapter is missing");
		return fail_next(f, "for example i2c:/dev/i2c-1");
	}
	if ((err = check_lines(uri, f)) != TRUSTX_OK)
		return err;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	b->fd = b->lock.fd = b->claimed = -1;
	b->node = strdup(uri->target);
	err = b->node != NULL ? open_all(b, bus, uri, f)
			      : fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (err != TRUSTX_OK) {
		i2c_close(b);
		return err;
	}
	fill(bus, b);
	return TRUSTX_OK;
}

static bool i2c_is_virtual(const void *ctx)
{
	(void)ctx;
	return false;
}

/* ---- what there is ---- */

static void find_trouble(struct trustx_bus_found *found, unsigned adapter)
{
	struct fail f;
	int fd = -1;
	enum trustx_err err;

	fail_clear(&f);
	err = open_node(&fd, &adapter, found->path, &f);
	if (err == TRUSTX_OK)
		err = check_functions(fd, found->path, adapter, &f);
	if (fd >= 0)
		close(fd);
	if (err != TRUSTX_OK)
		snprintf(found->trouble, sizeof(found->trouble), "%.250s", f.why);
}

static enum trustx_err i2c_list(struct bus_list *list, struct fail *f)
{
	unsigned adapter[I2CSYS_ADAPTERS_MAX];
	size_t count = i2csys_adapters(adapter);
	char text[I2CSYS_TEXT_MAX];

	for (size_t i = 0; i < count; i++) {
		struct trustx_bus_found *found = bus_list_add(list);

		if (found == NULL)
			return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		snprintf(found->uri, sizeof(found->uri), "/dev/i2c-%u", adapter[i]);
		snprintf(found->path, sizeof(found->path), "/dev/i2c-%u", adapter[i]);
		snprintf(found->node, sizeof(found->node), "/dev/i2c-%u", adapter[i]);
		i2csys_name(found->name, adapter[i]);
		i2csys_driver(text, adapter[i]);
		snprintf(found->driver, sizeof(found->driver), "%.31s", text);
		find_trouble(found, adapter[i]);
	}
	return TRUSTX_OK;
}

const struct bus_backend bus_i2c = {
	.scheme = "i2c",
	.form = "i2c:/dev/i2c-N",
	.options = " reset power ",
	.open = i2c_open,
	.close = i2c_close,
	.is_virtual = i2c_is_virtual,
	.list = i2c_list,
};
