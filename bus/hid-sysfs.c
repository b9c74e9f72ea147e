/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "hid-sysfs.h"

#include "node.h"
#include "num.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HID_DEVICES "/sys/bus/hid/devices"
#define HIDRAWS	    "/sys/class/hidraw"
#define USB_DEVICES "/sys/bus/usb/devices"

/* Keep what fits. */
static void copy(char *out, size_t cap, const char *text)
{
	const size_t len = strnlen(text, cap - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

/* The first line of dir/name, without its end; "" if there is none. */
static void read_line(char *out, size_t cap, const char *dir, const char *name)
{
	char path[PATH_MAX];
	FILE *file;

	out[0] = '\0';
	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path) ||
		(file = fopen(path, "re")) == NULL)
		return;
	if (fgets(out, (int)cap, file) == NULL)
		out[0] = '\0';
	fclose(file);
	out[strcspn(out, "\n")] = '\0';
}

static void driver_of(char *out, size_t cap, const char *dir)
{
	char link[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t n;

	out[0] = '\0';
	if (snprintf(link, sizeof(link), "%s/driver", dir) >= (int)sizeof(link) ||
		(n = readlink(link, target, sizeof(target) - 1)) <= 0)
		return;
	target[n] = '\0';
	slash = strrchr(target, '/');
	copy(out, cap, slash != NULL ? slash + 1 : target);
}

/* The same for a device's own words, which may hold anything. */
static void copy_words(char *out, size_t cap, const char *text)
{
	copy(out, cap, text);
	for (; *out != '\0'; out++)
		if (*out < ' ' || *out > '~')
			*out = '?';
}

/* "HID_ID=0003:00000403:00006030" and the other lines of uevent that count. */
static void take_line(struct hid_info *info, char *line)
{
	unsigned bus, vendor, product_id;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "HID_ID=%x:%x:%x", &bus, &vendor, &product_id) == 3) {
		info->vendor = (uint16_t)vendor;
		info->product_id = (uint16_t)product_id;
	} else if (strncmp(line, "HID_NAME=", 9) == 0) {
		copy_words(info->product, sizeof(info->product), line + 9);
	} else if (strncmp(line, "HID_UNIQ=", 9) == 0) {
		copy_words(info->serial, sizeof(info->serial), line + 9);
	}
}

static void read_uevent(struct hid_info *info, const char *dir)
{
	char path[PATH_MAX], line[256];
	FILE *file;

	if (snprintf(path, sizeof(path), "%s/uevent", dir) >= (int)sizeof(path) ||
		(file = fopen(path, "re")) == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
		take_line(info, line);
	fclose(file);
}

/* dir: of the HID function; its parent is the USB interface, unless it comes from elsewhere. */
static void read_usb(struct hid_info *info, const char *dir)
{
	char parent[PATH_MAX], number[8], *slash;
	uint64_t v;

	info->interface = -1;
	copy(parent, sizeof(parent), dir);
	if ((slash = strrchr(parent, '/')) == NULL)
		return;
	*slash = '\0';
	read_line(number, sizeof(number), parent, "bInterfaceNumber");
	/* Two hexadecimal digits. */
	if (number[0] == '0' && num_parse(&v, number + 1) == TRUSTX_OK)
		info->interface = (int)v;
	if ((slash = strrchr(parent, '/')) == NULL || strchr(slash, ':') == NULL)
		return;
	slash[strcspn(slash, ":")] = '\0';
	copy(info->usb, sizeof(info->usb), slash + 1);
}

/* dir: of the HID function. */
static void read_function(struct hid_info *info, const char *dir)
{
	char real[PATH_MAX];

	if (realpath(dir, real) == NULL)
		copy(real, sizeof(real), dir);
	read_uevent(info, real);
	read_usb(info, real);
	driver_of(info->driver, sizeof(info->driver), real);
}

static bool wanted(const struct hid_info *info, uint16_t vendor, uint16_t product_id)
{
	return (vendor == 0 || info->vendor == vendor) &&
	       (product_id == 0 || info->product_id == product_id);
}

static enum trustx_err add(struct hid_list *list, const struct hid_info *info, struct fail *f)
{
	struct hid_info *more = hid_list_add(list);

	if (more == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	*more = *info;
	return TRUSTX_OK;
}

struct scan {
	struct hid_list *list;
	uint16_t vendor, product_id;
};

static enum trustx_err add_node(const struct scan *scan, const char *name, struct fail *f)
{
	struct hid_info info = { .vendor = 0 };
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), HIDRAWS "/%.200s/device", name);
	snprintf(info.path, sizeof(info.path), "/dev/%.100s", name);
	read_function(&info, dir);
	return wanted(&info, scan->vendor, scan->product_id) ? add(scan->list, &info, f)
							     : TRUSTX_OK;
}

static enum trustx_err add_nodeless(const struct scan *scan, const char *name, struct fail *f)
{
	struct hid_info info = { .vendor = 0 };
	char dir[PATH_MAX], node[PATH_MAX];
	struct stat st;

	snprintf(dir, sizeof(dir), HID_DEVICES "/%.200s", name);
	snprintf(node, sizeof(node), HID_DEVICES "/%.200s/hidraw", name);
	if (stat(node, &st) == 0)
		return TRUSTX_OK;
	read_function(&info, dir);
	return wanted(&info, scan->vendor, scan->product_id) ? add(scan->list, &info, f)
							     : TRUSTX_OK;
}

static int by_version(const void *a, const void *b)
{
	const struct dirent *const *one = a, *const *other = b;

	return strverscmp((*one)->d_name, (*other)->d_name);
}

static bool keep(struct dirent ***entries, size_t *count, const struct dirent *entry)
{
	struct dirent **more = realloc(*entries, (*count + 1) * sizeof(struct dirent *));

	if (more == NULL)
		return false;
	*entries = more;
	if ((more[*count] = malloc(entry->d_reclen)) == NULL)
		return false;
	memcpy(more[(*count)++], entry, entry->d_reclen);
	return true;
}

/* As scandir(3), which glibc does without opendir: so it would look past an emulated /sys. */
static size_t list_dir(
	struct dirent ***entries, const char *dir, int (*is_it)(const struct dirent *))
{
	DIR *stream = opendir(dir);
	const struct dirent *entry;
	size_t count = 0;

	*entries = NULL;
	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (is_it(entry) && !keep(entries, &count, entry))
			break;
	if (stream != NULL)
		closedir(stream);
	if (count > 0)
		qsort(*entries, count, sizeof(struct dirent *), by_version);
	return count;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In order, so that a list looks the same twice. */
static enum trustx_err each(const char *dir, const struct scan *scan,
	enum trustx_err (*take)(const struct scan *scan, const char *name, struct fail *f),
	struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	struct dirent **entries;
	size_t n = list_dir(&entries, dir, visible);

	for (size_t i = 0; i < n; i++) {
		if (err == TRUSTX_OK)
			err = take(scan, entries[i]->d_name, f);
		free(entries[i]);
	}
	free(entries);
	return err;
}

enum trustx_err hid_sysfs_list(
	struct hid_list *list, uint16_t vendor, uint16_t product_id, struct fail *f)
{
	const struct scan scan = { list, vendor, product_id };
	enum trustx_err err = each(HIDRAWS, &scan, add_node, f);

	return err == TRUSTX_OK ? each(HID_DEVICES, &scan, add_nodeless, f) : err;
}

/* The HID function below a USB interface, whose name is "0003:0403:6030.0001". */
static int is_function(const struct dirent *entry)
{
	return strlen(entry->d_name) > 14 && entry->d_name[4] == ':' && entry->d_name[9] == ':';
}

/* The last name in dir that is wanted, as a path; "" if there is none. */
static void find_in(char *out, size_t cap, const char *dir, int (*is_it)(const struct dirent *))
{
	struct dirent **entries;
	size_t n = list_dir(&entries, dir, is_it);

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		snprintf(out, cap, "%.2000s/%.200s", dir, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static void complete_usb(struct hid_info *info)
{
	char dir[PATH_MAX], function[PATH_MAX];

	snprintf(dir, sizeof(dir), USB_DEVICES "/%s", info->path);
	driver_of(info->driver, sizeof(info->driver), dir);
	if (strchr(info->path, ':') != NULL)
		snprintf(info->usb, sizeof(info->usb), "%.*s", (int)strcspn(info->path, ":"),
			info->path);
	find_in(function, sizeof(function), dir, is_function);
	if (function[0] != '\0')
		driver_of(info->driver, sizeof(info->driver), function);
}

static int is_adapter(const struct dirent *entry)
{
	return strncmp(entry->d_name, "i2c-", 4) == 0;
}

bool hid_sysfs_adapter(char *node, size_t cap, const char *path)
{
	char dir[PATH_MAX], function[PATH_MAX], adapter[PATH_MAX];

	snprintf(dir, sizeof(dir), USB_DEVICES "/%s", path);
	find_in(function, sizeof(function), dir, is_function);
	find_in(adapter, sizeof(adapter), function, is_adapter);
	if (adapter[0] == '\0')
		return false;
	snprintf(node, cap, "/dev%s", strrchr(adapter, '/'));
	return true;
}

void hid_sysfs_complete(struct hid_info *info)
{
	struct hid_info more = { .vendor = 0 };
	char dir[PATH_MAX];

	if (strncmp(info->path, "/dev/", 5) != 0) {
		complete_usb(info);
		return;
	}
	snprintf(dir, sizeof(dir), HIDRAWS "/%s/device", info->path + 5);
	read_function(&more, dir);
	copy(info->driver, sizeof(info->driver), more.driver);
	copy(info->usb, sizeof(info->usb), more.usb);
}

bool hid_sysfs_node(char *node, size_t cap, const char *path)
{
	char dir[PATH_MAX], bus[12], device[12];
	uint64_t b, d;

	if (strncmp(path, "/dev/", 5) == 0) {
		copy(node, cap, path);
		return true;
	}
	snprintf(dir, sizeof(dir), USB_DEVICES "/%.*s", (int)strcspn(path, ":"), path);
	read_line(bus, sizeof(bus), dir, "busnum");
	read_line(device, sizeof(device), dir, "devnum");
	if (num_parse(&b, bus) != TRUSTX_OK || num_parse(&d, device) != TRUSTX_OK)
		return false;
	snprintf(node, cap, "/dev/bus/usb/%03u/%03u", (unsigned)b, (unsigned)d);
	return true;
}

enum trustx_err hid_sysfs_may_open(const char *node, struct fail *f)
{
	if (access(node, R_OK | W_OK) == 0 || (errno != EACCES && errno != EPERM))
		return TRUSTX_OK;
	(void)node_refused(node, f);
	return fail_next(f,
		"install the udev rules that come with trustx: sudo cp contrib/udev/*.rules "
		"/etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm "
		"trigger; then plug the adapter in again");
}
