/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "i2cdev-sys.h"

#include "num.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLASS "/sys/class/i2c-dev"

/* Whole file into out, cut and terminated. Returns its length; 0: there is none. */
static size_t read_attribute(void *out, size_t cap, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	memset(out, 0, cap);
	if (fd < 0)
		return 0;
	n = read(fd, out, cap - 1);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

static void read_line(char out[static I2CSYS_TEXT_MAX], const char *path)
{
	read_attribute(out, I2CSYS_TEXT_MAX, path);
	out[strcspn(out, "\n")] = '\0';
	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			*p = '?';
}

/* The last part of what a link leads to. */
static void read_link(char out[static I2CSYS_TEXT_MAX], const char *path)
{
	char target[512];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	out[0] = '\0';
	if (n <= 0)
		return;
	target[n] = '\0';
	slash = strrchr(target, '/');
	snprintf(out, I2CSYS_TEXT_MAX, "%.*s", I2CSYS_TEXT_MAX - 1,
		slash != NULL ? slash + 1 : target);
}

void i2csys_name(char out[static I2CSYS_TEXT_MAX], unsigned adapter)
{
	char path[96];

	snprintf(path, sizeof(path), CLASS "/i2c-%u/name", adapter);
	read_line(out, path);
}

/* The link device leads to the adapter; its parent is what a driver drives. */
void i2csys_driver(char out[static I2CSYS_TEXT_MAX], unsigned adapter)
{
	char path[96];

	snprintf(path, sizeof(path), CLASS "/i2c-%u/device/../driver", adapter);
	read_link(out, path);
}

void i2csys_owner(char out[static I2CSYS_TEXT_MAX], unsigned adapter, uint8_t addr)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/i2c/devices/%u-%04x/driver", adapter, addr);
	read_link(out, path);
}

/* hid-ft260 says kHz in its own attribute, a device tree Hz in four bytes. */
uint32_t i2csys_clock(unsigned adapter)
{
	uint8_t raw[5];
	char path[96], text[I2CSYS_TEXT_MAX];
	uint64_t khz;

	snprintf(path, sizeof(path), CLASS "/i2c-%u/device/../clock", adapter);
	read_line(text, path);
	if (num_parse_range(&khz, text, 1, 10000) == TRUSTX_OK)
		return (uint32_t)khz * 1000;
	snprintf(path, sizeof(path), CLASS "/i2c-%u/device/of_node/clock-frequency", adapter);
	if (read_attribute(raw, sizeof(raw), path) != 4)
		return 0;
	return (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
}

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* Linux 6.1 appends " on hidrawN". */
bool i2csys_is_ft260(const char *name)
{
	return begins(name, "FT260 usb-i2c bridge");
}

bool i2csys_is_cp2112(const char *name)
{
	return begins(name, "CP2112 SMBus Bridge");
}

static int compare(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static size_t numbers_in(const char *dir, unsigned adapter[static I2CSYS_ADAPTERS_MAX])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t count = 0;
	uint64_t n;

	while (d != NULL && count < I2CSYS_ADAPTERS_MAX && (entry = readdir(d)) != NULL)
		if (strncmp(entry->d_name, "i2c-", 4) == 0 &&
			num_parse_range(&n, entry->d_name + 4, 0, UINT16_MAX) == TRUSTX_OK)
			adapter[count++] = (unsigned)n;
	if (d != NULL)
		closedir(d);
	qsort(adapter, count, sizeof(*adapter), compare);
	return count;
}

size_t i2csys_adapters(unsigned adapter[static I2CSYS_ADAPTERS_MAX])
{
	return numbers_in(CLASS, adapter);
}

static void list_adapters(char *out, size_t cap, const unsigned *adapter, size_t count)
{
	char name[I2CSYS_TEXT_MAX];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count && n < cap; i++) {
		i2csys_name(name, adapter[i]);
		n += (size_t)snprintf(out + n, cap - n, "%s/dev/i2c-%u (%.40s)", i > 0 ? ", " : "",
			adapter[i], name[0] != '\0' ? name : "no name");
	}
}

static enum trustx_err no_adapter(const char *path, struct fail *f)
{
	char model[I2CSYS_TEXT_MAX];

	read_line(model, "/proc/device-tree/model");
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"there is no %s, and no other I2C adapter on this computer", path);
	if (strncmp(model, "Raspberry Pi", 12) == 0) {
		fail_next(f, "switch I2C on: sudo raspi-config nonint do_i2c 0");
		return fail_cause(f, "i2c-off");
	}
	fail_next(f, "plug the USB board in, or load the adapter's driver and i2c-dev: sudo "
		     "modprobe i2c-dev");
	return fail_cause(f, "no-adapter");
}

/* The adapter is there, but not its file: /dev is a container's, or nobody fills it. */
static bool lacks_node(const char *path, const unsigned *adapter, size_t count)
{
	char node[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(node, sizeof(node), "/dev/i2c-%u", adapter[i]);
		if (strcmp(node, path) == 0)
			return true;
	}
	return false;
}

enum trustx_err i2csys_missing(const char *path, struct fail *f)
{
	unsigned adapter[I2CSYS_ADAPTERS_MAX];
	char list[280];
	size_t count = i2csys_adapters(adapter);

	if (lacks_node(path, adapter, count)) {
		fail_set(f, TRUSTX_ERR_NO_DEVICE,
			"the kernel has this adapter, but its device file %s is missing", path);
		fail_next(f,
			"start the container with --device %s; outside of one: sudo udevadm "
			"trigger",
			path);
		return fail_cause(f, "node-missing");
	}
	if (count > 0) {
		list_adapters(list, sizeof(list), adapter, count);
		fail_set(f, TRUSTX_ERR_NO_DEVICE, "there is no %s; there is %s", path, list);
		fail_next(f, "name one that is there, for example -d /dev/i2c-%u", adapter[0]);
		return fail_cause(f, "node-missing");
	}
	if (numbers_in("/sys/bus/i2c/devices", adapter) == 0)
		return no_adapter(path, f);
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"there is no %s: the kernel has I2C adapters, but its module i2c-dev is not loaded",
		path);
	fail_next(f, "sudo modprobe i2c-dev; for every start: echo i2c-dev | sudo tee "
		     "/etc/modules-load.d/i2c-dev.conf");
	return fail_cause(f, "i2c-dev-not-loaded");
}
