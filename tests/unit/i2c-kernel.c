/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */
#include "i2c-kernel.h"

#include "bus.h"
#include "gpio.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <pwd.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

struct kernel kernel;

static struct {
	int fd;
	uint8_t addr;
} node = { -1, 0 };

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void kernel_start(const char *uri)
{
	struct fail f;

	nftw("root", remove_one, 16, FTW_DEPTH | FTW_PHYS);
	kernel = (struct kernel){ .functions = I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL,
		.major = 89,
		.mode = 0660,
		.nack_error = ENXIO,
		.passing_error = EINTR };
	CHECK_OK(trustx_bus_open(&kernel.chip, uri, &f));
}

void kernel_stop(void)
{
	trustx_bus_close(&kernel.chip);
}

static void make_folders(char *path)
{
	for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		CHECK(mkdir(path, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

void kernel_file(const char *path, const char *text)
{
	char full[256];
	FILE *file;

	snprintf(full, sizeof(full), "root%s", path);
	make_folders(full);
	CHECK((file = fopen(full, "w")) != NULL);
	CHECK(fputs(text, file) >= 0 && fclose(file) == 0);
}

void kernel_link(const char *path, const char *target)
{
	char full[256];

	snprintf(full, sizeof(full), "root%s", path);
	make_folders(full);
	CHECK(symlink(target, full) == 0);
}

/* ---- paths ---- */

static bool is_ours(const char *path)
{
	return strncmp(path, "/sys/", 5) == 0 || strncmp(path, "/proc/device-tree", 17) == 0;
}

static const char *moved(char full[static 600], const char *path)
{
	snprintf(full, 600, "%s%s", is_ours(path) ? "root" : "", path);
	return full;
}

static bool is_unplugged(void)
{
	return kernel.unplug_after != 0 && kernel.transfers >= kernel.unplug_after;
}

static int is_there(void)
{
	if (!kernel.missing && !is_unplugged())
		return 0;
	errno = ENOENT;
	return -1;
}

static bool is_node(const char *path)
{
	return strcmp(path, KERNEL_NODE) == 0 || strcmp(path, KERNEL_HIDRAW) == 0;
}

static bool is_lock(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && strncmp(slash, "/trustx-", 8) == 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	char full[600];
	unsigned mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, unsigned);
	va_end(ap);
	if (kernel.lock_error != 0 && is_lock(path)) {
		errno = kernel.lock_error;
		return -1;
	}
	if (!is_node(path))
		return __real_open(moved(full, path), flags, mode);
	if (is_there() != 0)
		return -1;
	errno = kernel.open_error;
	if (errno != 0)
		return -1;
	kernel.opened++;
	node.addr = 0;
	return node.fd = __real_open("/dev/null", O_RDWR | O_CLOEXEC);
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	if (fd == node.fd)
		node.fd = -1;
	return __real_close(fd);
}

int __real_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st)
{
	char full[600];

	if (!is_node(path))
		return __real_stat(moved(full, path), st);
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFCHR | kernel.mode;
	st->st_gid = kernel.gid;
	st->st_rdev = makedev(kernel.major, KERNEL_ADAPTER);
	return is_there();
}

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	if (!is_node(path))
		return __real_access(path, mode);
	errno = mode != F_OK ? kernel.open_error : 0;
	return errno != 0 ? -1 : is_there();
}

DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path)
{
	char full[600];

	return __real_opendir(moved(full, path));
}

ssize_t __real_readlink(const char *path, char *out, size_t cap);
ssize_t __wrap_readlink(const char *path, char *out, size_t cap);
ssize_t __wrap_readlink(const char *path, char *out, size_t cap)
{
	char full[600];

	return __real_readlink(moved(full, path), out, cap);
}

/* ---- groups ---- */

struct group *__wrap_getgrgid(gid_t gid);
struct group *__wrap_getgrgid(gid_t gid)
{
	static char name[] = "i2c", late[] = "late", user[] = "tester";
	static char *nobody[] = { NULL }, *members[] = { user, NULL };
	static struct group group;

	if (gid != 998 && gid != 999)
		return NULL;
	group = (struct group){ .gr_name = gid == 998 ? name : late,
		.gr_gid = gid,
		.gr_mem = gid == 998 ? nobody : members };
	return &group;
}

struct passwd *__wrap_getpwuid(uid_t uid);
struct passwd *__wrap_getpwuid(uid_t uid)
{
	static char name[] = "tester";
	static struct passwd user;

	user = (struct passwd){ .pw_name = name, .pw_uid = uid };
	return &user;
}

/* ---- transfers ---- */

static ssize_t failed(int number)
{
	errno = number;
	return -1;
}

static ssize_t from_chip(enum trustx_err err, size_t len)
{
	if (err == TRUSTX_OK)
		return (ssize_t)len + kernel.lie;
	CHECK_ERR(err, TRUSTX_ERR_NACK);
	return failed(kernel.nack_error);
}

/* 0: the chip is asked. */
static int refusal(bool write, size_t len)
{
	if (is_unplugged())
		return ENODEV;
	kernel.transfers++;
	CHECK(node.addr != 0);
	if (kernel.always_error != 0)
		return kernel.always_error;
	if (kernel.transfers % 10 < kernel.passing)
		return kernel.passing_error;
	if (kernel.longest[write] != 0 && len > kernel.longest[write]) {
		kernel.refused++;
		return kernel.long_error;
	}
	if (len > kernel.longest_seen[write])
		kernel.longest_seen[write] = len;
	return 0;
}

static enum trustx_err write_split(const uint8_t *data, size_t len)
{
	enum trustx_err err = TRUSTX_OK;

	while (err == TRUSTX_OK && len > 0) {
		size_t part = kernel.cut != 0 && len > kernel.cut ? kernel.cut : len;

		err = kernel.chip.ops->write(kernel.chip.ctx, node.addr, data, part);
		data += part;
		len -= part;
	}
	return err;
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	enum trustx_err err;
	int number;

	if (fd != node.fd || fd < 0)
		return __real_write(fd, data, len);
	if ((number = refusal(true, len)) != 0)
		return failed(number);
	err = write_split(bytes, len);
	kernel.soft_resets += err == TRUSTX_OK && bytes[0] == 0x88;
	return from_chip(err, len);
}

ssize_t __real_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len)
{
	int number;

	if (fd != node.fd || fd < 0)
		return __real_read(fd, data, len);
	if ((number = refusal(false, len)) != 0)
		return failed(number);
	return from_chip(kernel.chip.ops->read(kernel.chip.ctx, node.addr, data, len), len);
}

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	unsigned long arg;

	va_start(ap, request);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	if (fd != node.fd || fd < 0)
		return __real_ioctl(fd, request, arg);
	if (request == I2C_FUNCS) {
		errno = kernel.functions_error;
		*(unsigned long *)arg = kernel.functions;
		return errno != 0 ? -1 : 0;
	}
	CHECK(request == I2C_SLAVE && arg > 0 && arg < 0x80);
	errno = kernel.taken != 0 && arg == kernel.taken ? EBUSY : kernel.claim_error;
	if (errno != 0)
		return -1;
	node.addr = (uint8_t)arg;
	return 0;
}

/* ---- time is the simulated chip's ---- */

uint64_t __wrap_net_now_ns(void);
uint64_t __wrap_net_now_ns(void)
{
	return kernel.chip.ops->now_us(kernel.chip.ctx) * 1000;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
	uint64_t ns = (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_nsec;

	(void)left;
	kernel.chip.ops->sleep_us(kernel.chip.ctx, (uint32_t)(ns / 1000));
	return 0;
}

/* ---- lines: what the chip's pins see ---- */

struct gpio {
	bool reset;
};

enum trustx_err __wrap_gpio_open(
	struct gpio **line, const char *option, const char *text, struct fail *f);
enum trustx_err __wrap_gpio_open(
	struct gpio **line, const char *option, const char *text, struct fail *f)
{
	*line = NULL;
	if (strcmp(text, "taken") == 0)
		return fail_set(f, TRUSTX_ERR_IN_USE, "%s=%s is taken", option, text);
	CHECK((*line = calloc(1, sizeof(**line))) != NULL);
	(*line)->reset = strcmp(option, "reset") == 0;
	return TRUSTX_OK;
}

enum trustx_err __wrap_gpio_set(struct gpio *line, bool run, struct fail *f);
enum trustx_err __wrap_gpio_set(struct gpio *line, bool run, struct fail *f)
{
	(void)f;
	if (line->reset) {
		kernel.resets += run && kernel.reset_low;
		kernel.reset_low = !run;
		return kernel.chip.ops->set_reset(kernel.chip.ctx, run);
	}
	kernel.power_cycles += run && kernel.power_off;
	kernel.power_off = !run;
	return kernel.chip.ops->set_power(kernel.chip.ctx, run);
}

void __wrap_gpio_close(struct gpio *line);
void __wrap_gpio_close(struct gpio *line)
{
	struct fail f;

	if (line != NULL)
		CHECK_OK(__wrap_gpio_set(line, true, &f));
	free(line);
}
