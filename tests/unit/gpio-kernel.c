/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */
#include "gpio-kernel.h"

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/gpio.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define GPIO_MAJOR 254

struct gpio_kernel gpio_kernel;
static int chip_fd[GPIO_CHIPS] = { -1, -1 };

void gpio_kernel_start(void)
{
	gpio_kernel = (struct gpio_kernel){ .mode = 0660 };
	for (int c = 0; c < GPIO_CHIPS; c++)
		for (int i = 0; i < GPIO_LINES; i++) {
			struct gpio_line_state *line = &gpio_kernel.line[c][i];

			snprintf(line->name, sizeof(line->name), "gpio%d-%d", c, i);
			line->fd = -1;
		}
	snprintf(gpio_kernel.line[1][5].name, sizeof(gpio_kernel.line[1][5].name), "RST");
}

/* ---- paths ---- */

/* "/dev/gpiochip1" -> 1; -1: something else. */
static int chip_of(const char *path)
{
	static const char head[] = "/dev/gpiochip";

	if (strncmp(path, head, sizeof(head) - 1) != 0)
		return -1;
	path += sizeof(head) - 1;
	return path[0] >= '0' && path[0] < '0' + GPIO_CHIPS && path[1] == '\0' ? path[0] - '0' : -1;
}

static int look(const char *path, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFCHR | gpio_kernel.mode;
	st->st_gid = gpio_kernel.gid;
	st->st_rdev = makedev(GPIO_MAJOR, (unsigned)chip_of(path));
	errno = gpio_kernel.no_chips ? ENOENT : 0;
	return errno != 0 ? -1 : 0;
}

int __real_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st);
int __wrap_stat(const char *path, struct stat *st)
{
	return chip_of(path) >= 0 ? look(path, st) : __real_stat(path, st);
}

int __real_lstat(const char *path, struct stat *st);
int __wrap_lstat(const char *path, struct stat *st);
int __wrap_lstat(const char *path, struct stat *st)
{
	return chip_of(path) >= 0 ? look(path, st) : __real_lstat(path, st);
}

/* libgpiod 1: /sys/bus/gpio/devices/gpiochip1/dev */
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	return strncmp(path, "/sys/bus/gpio/devices/gpiochip", 30) == 0 ? 0
									: __real_access(path, mode);
}

static int open_dev_attribute(const char *path)
{
	char text[16];
	int ends[2];
	int n = snprintf(text, sizeof(text), "%u:%c\n", GPIO_MAJOR, path[30]);

	CHECK(pipe(ends) == 0);
	CHECK(write(ends[1], text, (size_t)n) == n);
	close(ends[1]);
	return ends[0];
}

/* libgpiod 2: /sys/dev/char/254:1/subsystem */
char *__real_realpath(const char *path, char *out);
char *__wrap_realpath(const char *path, char *out);
char *__wrap_realpath(const char *path, char *out)
{
	if (strncmp(path, "/sys/dev/char/254:", 18) == 0)
		return strdup("/sys/bus/gpio");
	return __real_realpath(path, out);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	int chip = chip_of(path);

	if (strncmp(path, "/sys/bus/gpio/devices/gpiochip", 30) == 0)
		return open_dev_attribute(path);
	if (chip < 0)
		return __real_open(path, flags, 0);
	errno = gpio_kernel.no_chips ? ENOENT : gpio_kernel.open_error;
	if (errno != 0)
		return -1;
	return chip_fd[chip] = __real_open("/dev/null", O_RDWR | O_CLOEXEC);
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	for (int c = 0; c < GPIO_CHIPS; c++) {
		if (chip_fd[c] == fd)
			chip_fd[c] = -1;
		for (int i = 0; i < GPIO_LINES; i++)
			if (gpio_kernel.line[c][i].fd == fd && fd >= 0) {
				gpio_kernel.line[c][i].fd = -1;
				gpio_kernel.line[c][i].used = false;
			}
	}
	return __real_close(fd);
}

int __wrap_scandir(const char *dir, struct dirent ***list, int (*choose)(const struct dirent *),
	int (*compare)(const struct dirent **, const struct dirent **));
int __wrap_scandir(const char *dir, struct dirent ***list, int (*choose)(const struct dirent *),
	int (*compare)(const struct dirent **, const struct dirent **))
{
	const int count = gpio_kernel.no_chips ? 0 : GPIO_CHIPS;

	CHECK_STR(dir, "/dev");
	(void)compare;
	CHECK((*list = calloc(GPIO_CHIPS, sizeof(**list))) != NULL);
	for (int i = 0; i < count; i++) {
		CHECK(((*list)[i] = calloc(1, sizeof(struct dirent))) != NULL);
		snprintf((*list)[i]->d_name, sizeof((*list)[i]->d_name), "gpiochip%d", i);
		CHECK(choose((*list)[i]) != 0);
	}
	return count;
}

struct group *__wrap_getgrgid(gid_t gid);
struct group *__wrap_getgrgid(gid_t gid)
{
	static char name[] = "gpio";
	static char *nobody[] = { NULL };
	static struct group group;

	group = (struct group){ .gr_name = name, .gr_gid = gid, .gr_mem = nobody };
	return &group;
}

/* ---- lines ---- */

static int failed(int number)
{
	errno = number;
	return -1;
}

static void note(struct gpio_line_state *line, bool high)
{
	size_t n = strlen(line->history);

	CHECK(n + 1 < sizeof(line->history));
	line->history[n] = high ? '1' : '0';
	line->history[n + 1] = '\0';
}

static int set(int fd, bool high)
{
	for (int c = 0; c < GPIO_CHIPS; c++)
		for (int i = 0; i < GPIO_LINES; i++)
			if (gpio_kernel.line[c][i].fd == fd) {
				if (gpio_kernel.set_error != 0)
					return failed(gpio_kernel.set_error);
				note(&gpio_kernel.line[c][i], high);
				return 0;
			}
	return failed(ENOTTY);
}

static int take(int chip, unsigned offset, bool high, const char *consumer)
{
	struct gpio_line_state *line = &gpio_kernel.line[chip][offset];

	if (offset >= GPIO_LINES)
		return failed(EINVAL);
	if (line->used)
		return failed(EBUSY);
	CHECK_STR(consumer, "trustx");
	line->used = true;
	note(line, high);
	return line->fd = __real_open("/dev/null", O_RDWR | O_CLOEXEC);
}

static int tell_chip(int chip, struct gpiochip_info *info)
{
	memset(info, 0, sizeof(*info));
	snprintf(info->name, sizeof(info->name), "gpiochip%d", chip);
	info->lines = GPIO_LINES;
	return 0;
}

static int tell_line_1(int chip, struct gpioline_info *info)
{
	const struct gpio_line_state *line =
		&gpio_kernel.line[chip][info->line_offset % GPIO_LINES];

	if (info->line_offset >= GPIO_LINES)
		return failed(EINVAL);
	info->flags = line->used ? GPIOLINE_FLAG_KERNEL : 0;
	snprintf(info->name, sizeof(info->name), "%.31s", line->name);
	snprintf(info->consumer, sizeof(info->consumer), "%.31s", line->consumer);
	return 0;
}

static int tell_line_2(int chip, struct gpio_v2_line_info *info)
{
	const struct gpio_line_state *line = &gpio_kernel.line[chip][info->offset % GPIO_LINES];

	if (info->offset >= GPIO_LINES)
		return failed(EINVAL);
	info->flags = line->used ? GPIO_V2_LINE_FLAG_USED : 0;
	snprintf(info->name, sizeof(info->name), "%.31s", line->name);
	snprintf(info->consumer, sizeof(info->consumer), "%.31s", line->consumer);
	return 0;
}

static int take_1(int chip, struct gpiohandle_request *request)
{
	CHECK_INT(request->lines, 1);
	CHECK_INT(request->flags, GPIOHANDLE_REQUEST_OUTPUT);
	request->fd = take(chip, request->lineoffsets[0], request->default_values[0] != 0,
		request->consumer_label);
	return request->fd < 0 ? -1 : 0;
}

static int take_2(int chip, struct gpio_v2_line_request *request)
{
	const struct gpio_v2_line_config *config = &request->config;
	bool high = false;

	CHECK_INT(request->num_lines, 1);
	for (unsigned i = 0; i < config->num_attrs; i++)
		if (config->attrs[i].attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
			high = (config->attrs[i].attr.values & config->attrs[i].mask & 1) != 0;
	request->fd = take(chip, request->offsets[0], high, request->consumer);
	return request->fd < 0 ? -1 : 0;
}

static int of_chip(int chip, unsigned long request, void *arg)
{
	switch (request) {
	case GPIO_GET_CHIPINFO_IOCTL:
		return tell_chip(chip, arg);
	case GPIO_GET_LINEINFO_IOCTL:
		return tell_line_1(chip, arg);
	case GPIO_GET_LINEHANDLE_IOCTL:
		return take_1(chip, arg);
	case GPIO_V2_GET_LINEINFO_IOCTL:
		return tell_line_2(chip, arg);
	case GPIO_V2_GET_LINE_IOCTL:
		return take_2(chip, arg);
	default:
		return failed(ENOTTY);
	}
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	request &= UINT32_MAX; /* as the kernel does; libgpiod 2 keeps it in an int */
	for (int c = 0; c < GPIO_CHIPS; c++)
		if (chip_fd[c] == fd)
			return of_chip(c, request, arg);
	if (request == GPIOHANDLE_SET_LINE_VALUES_IOCTL)
		return set(fd, ((struct gpiohandle_data *)arg)->values[0] != 0);
	if (request == GPIO_V2_LINE_SET_VALUES_IOCTL)
		return set(fd, (((struct gpio_v2_line_values *)arg)->bits & 1) != 0);
	return failed(ENOTTY);
}
