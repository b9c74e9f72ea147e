/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "walk.h"

#include "net.h"
#include "num.h"
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NAME_MAX_ 64

/* ---- small files of the system ---- */

/* The first len bytes of a file; how many there were, 0 if it cannot be read. */
static size_t read_small(const char *path, void *data, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd >= 0 ? read(fd, data, len) : -1;

	if (fd >= 0)
		close(fd);
	return n > 0 ? (size_t)n : 0;
}

/* The first line, "" if there is none. */
static void read_line(char line[static NAME_MAX_], const char *path)
{
	line[read_small(path, line, NAME_MAX_ - 1)] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Is there an entry in dir that begins with prefix? */
static bool has_entry(const char *dir, const char *prefix)
{
	DIR *d = opendir(dir);
	const struct dirent *entry = NULL;

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			break;
	if (d != NULL)
		closedir(d);
	return entry != NULL;
}

static bool kernel_has_adapters(void)
{
	return has_entry("/sys/bus/i2c/devices", "i2c-");
}

static bool has_i2c_dev(void)
{
	return exists("/sys/class/i2c-dev");
}

static const char *user_name(char name[static NAME_MAX_], uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		snprintf(name, NAME_MAX_, "%s", pw->pw_name);
	else
		snprintf(name, NAME_MAX_, "%lu", (unsigned long)uid);
	return name;
}

static const char *group_name(char name[static NAME_MAX_], gid_t gid)
{
	const struct group *gr = getgrgid(gid);

	if (gr != NULL)
		snprintf(name, NAME_MAX_, "%s", gr->gr_name);
	else
		snprintf(name, NAME_MAX_, "%lu", (unsigned long)gid);
	return name;
}

/* ---- the device that was named ---- */

/* Behind trace:FILE: and fault:OPTIONS:. */
static const char *innermost(const char *uri)
{
	while (strncmp(uri, "trace:", 6) == 0 || strncmp(uri, "fault:", 6) == 0) {
		const char *colon = strchr(uri + 6, ':');

		if (colon == NULL)
			break;
		uri = colon + 1;
	}
	return uri;
}

static const struct {
	const char *prefix;
	size_t skip; /* so much of it is not the file's name */
	enum walk_kind kind;
	bool is_file;
} kinds[] = {
	{ "/dev/i2c-", 0, WALK_I2C, true },
	{ "i2c:", 4, WALK_I2C, true },
	{ "ft260:", 6, WALK_FT260, false },
	{ "unix:", 5, WALK_SOCKET, true },
	{ "tcp:", 4, WALK_TCP, false },
	{ "sim:", 4, WALK_FILE, true },
	{ "play:", 5, WALK_FILE, true },
};

static void take_kind(struct walk *w, const char *uri)
{
	struct fail ignored;

	w->kind = WALK_OTHER;
	uri = innermost(uri);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *target = uri + kinds[i].skip;

		if (strncmp(uri, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
			continue;
		w->kind = kinds[i].kind;
		if (kinds[i].is_file)
			snprintf(w->node, sizeof(w->node), "%.*s", (int)strcspn(target, "?"),
				target);
		if (net_unescape(w->node, &ignored) != TRUSTX_OK)
			w->node[0] = '\0';
		return;
	}
}

/* Does the FT260 of the list have the serial or path that was asked for? */
static bool is_asked(const struct trustx_bus_found *found, const char *uri)
{
	const char *target = innermost(uri) + strlen("ft260:"), *path = strstr(target, "path=");
	size_t len = strcspn(target, "?");

	if (path != NULL) {
		path += strlen("path=");
		return strncmp(found->path, path, strcspn(path, "&")) == 0;
	}
	return len == 0 ||
	       (strlen(found->serial) == len && memcmp(found->serial, target, len) == 0);
}

static void take_found(struct walk *w, const struct trustx_bus_found *list, size_t count)
{
	size_t fits = 0;

	if (w->kind != WALK_FT260 || strstr(w->d->uri, "via=sim") != NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(list[i].uri, "ft260:", 6) != 0 || !is_asked(&list[i], w->d->uri))
			continue;
		w->found = list[i];
		fits++;
	}
	if (fits != 1)
		memset(&w->found, 0, sizeof(w->found));
	if (strncmp(w->found.path, "/dev/", 5) == 0)
		snprintf(w->node, sizeof(w->node), "%s", w->found.path);
}

static bool is_raspberry_pi(void)
{
	char model[NAME_MAX_];

	read_line(model, "/proc/device-tree/model");
	return strncmp(model, "Raspberry Pi", 12) == 0;
}

static void nothing_there(struct walk *w)
{
	if (kernel_has_adapters() && !has_i2c_dev())
		walk_found(w, "i2c-dev-not-loaded",
			"there are I2C adapters in /sys/bus/i2c, and none in /dev");
	else if (is_raspberry_pi() && !kernel_has_adapters())
		walk_found(w, "i2c-off", "the kernel has no I2C adapter");
	else
		walk_found(
			w, "no-adapter", "there is no I2C adapter in /dev and no FT260 on the USB");
}

static void several_there(struct walk *w, const struct trustx_bus_found *list, size_t count)
{
	const struct cause_words words = { .uri = list[0].uri };
	char text[DOCTOR_TEXT_MAX] = "";
	size_t n = 0;

	for (size_t i = 0; i < count && n < sizeof(text); i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, "%s%s", n > 0 ? ", " : "", list[i].uri);
	walk_found_words(w, "no-choice", &words, "there are %s", text);
}

static void choose(struct walk *w, const struct trustx_bus_found *list, size_t count)
{
	const struct trustx_bus_found *only = scan_only_board(list, count);

	if (count == 0)
		nothing_there(w);
	else if (only == NULL)
		several_there(w, list, count);
	else
		snprintf(w->d->uri, sizeof(w->d->uri), "%s", only->uri);
}

/* FILE of a trace has ':' and '%' escaped. */
static void traced_uri(char *out, size_t cap, const char *trace, const char *uri)
{
	size_t n = (size_t)snprintf(out, cap, "trace:");

	for (; *trace != '\0' && n + 4 < cap; trace++)
		n += (size_t)snprintf(out + n, cap - n,
			*trace == ':' || *trace == '%' ? "%%%02X" : "%c", (unsigned char)*trace);
	snprintf(out + n, cap - n, ":%s", uri);
}

static void open_bus(struct walk *w)
{
	char traced[4096 + sizeof(w->d->uri)];

	if (w->opt->trace == NULL) {
		w->opened = trustx_bus_open(&w->bus, w->d->uri, &w->open_fail);
		return;
	}
	traced_uri(traced, sizeof(traced), w->opt->trace, w->d->uri);
	w->opened = trustx_bus_open(&w->bus, traced, &w->open_fail);
}

/* The first of the devices that why lists, "ft260:?path=1-2, ft260:?path=1-3". */
static void first_listed(char *out, size_t cap, const char *why)
{
	const char *at = strstr(why, "ft260:"), *end = at != NULL ? strstr(at, ", ") : NULL;

	if (at == NULL)
		at = "";
	snprintf(out, cap, "%.*s", end != NULL ? (int)(end - at) : (int)strlen(at), at);
}

/* Is it the name that is to blame, not what it names? A file that is no chip is INPUT, too. */
static void check_name(struct walk *w)
{
	const struct cause *said = cause_find(w->open_fail.cause);
	char first[sizeof(w->d->uri)];
	const struct cause_words words = { .uri = first };

	if (w->opened == TRUSTX_OK)
		return;
	first_listed(first, sizeof(first), w->open_fail.why);
	if (said == NULL && w->opened == TRUSTX_ERR_INPUT && w->kind != WALK_FILE)
		said = cause_find("device-malformed");
	if (said != NULL && said->layer == LAYER_DEVICE)
		walk_found_words(w, said->name, &words, "%s%s",
			w->opt->uri_from_env ? "TRUSTX_DEVICE: " : "", w->open_fail.why);
}

void walk_device(struct walk *w)
{
	const struct doctor_options *opt = w->opt;
	struct trustx_bus_found *list = NULL;
	struct fail ignored;
	size_t count = 0;

	/* What cannot be listed can perhaps be opened. */
	if (trustx_bus_list(&list, &count, &ignored) != TRUSTX_OK)
		count = 0;
	if (opt->uri != NULL && opt->uri[0] != '\0')
		snprintf(w->d->uri, sizeof(w->d->uri), "%s", opt->uri);
	else
		choose(w, list, count);
	if (w->d->cause == NULL) {
		take_kind(w, w->d->uri);
		take_found(w, list, count);
		open_bus(w);
		walk_ok(w, "%s%s", w->d->uri,
			opt->uri_from_env  ? ", by TRUSTX_DEVICE"
			: opt->uri == NULL ? ", the only FT260"
					   : "");
		check_name(w);
	}
	free(list);
}

/* ---- the device node ---- */

/* "/dev/i2c-1" -> "i2c-1"; "": not of that form. */
static const char *i2c_name(const struct walk *w)
{
	return strncmp(w->node, "/dev/i2c-", 9) == 0 ? w->node + 5 : "";
}

static void i2c_node(struct walk *w)
{
	char path[128], name[NAME_MAX_];
	struct stat st;

	if (stat(w->node, &st) != 0) {
		if (is_raspberry_pi() && !kernel_has_adapters())
			walk_found(w, "i2c-off", "%s is not there: the kernel has no I2C adapter",
				w->node);
		return;
	}
	snprintf(path, sizeof(path), "/sys/class/i2c-dev/i2c-%u/name", minor(st.st_rdev));
	read_line(name, path);
	walk_ok(w, "%s, adapter %s", w->node, name[0] != '\0' ? name : "without a name");
}

static void ft260_node(struct walk *w)
{
	const struct trustx_bus_found *found = &w->found;

	if (found->uri[0] != '\0')
		walk_ok(w, "%s at %s%s%s", found->name[0] != '\0' ? found->name : "FT260",
			found->path, found->serial[0] != '\0' ? ", serial " : "", found->serial);
	else if (w->opened == TRUSTX_OK)
		walk_ok(w, "it can be opened");
	else if (w->opened == TRUSTX_ERR_NO_DEVICE && w->open_fail.cause == NULL)
		walk_found(w, "node-missing", "%s", w->open_fail.why);
	else
		walk_skip(w, "not in the system's list");
}

static void other_node(struct walk *w)
{
	const bool remote = w->kind == WALK_SOCKET || w->kind == WALK_TCP;

	if (w->opened == TRUSTX_OK)
		walk_ok(w, "%s", remote ? "the server answers" : "it can be opened");
	else if (w->opened == TRUSTX_ERR_PERMISSION || w->opened == TRUSTX_ERR_IN_USE)
		walk_ok(w, "%s is there", w->node[0] != '\0' ? w->node : w->d->uri);
	else if (remote)
		walk_found(w, "server-silent", "%s", w->open_fail.why);
	else {
		walk_found(w, "device-unusable", "%s", w->open_fail.why);
		w->d->err = w->opened;
	}
}

void walk_node(struct walk *w)
{
	if (w->kind == WALK_I2C)
		i2c_node(w);
	else if (w->kind == WALK_FT260)
		ft260_node(w);
	else
		other_node(w);
}

/* ---- the right to use it ---- */

static bool is_system_device(const struct walk *w)
{
	return strncmp(w->node, "/dev/", 5) == 0;
}

void walk_permission(struct walk *w)
{
	char user[NAME_MAX_], owner[NAME_MAX_], group[NAME_MAX_];
	struct stat st;

	if (w->node[0] == '\0' || stat(w->node, &st) != 0) {
		walk_skip(w, w->kind == WALK_TCP ? "not a file" : "its file is not known");
		return;
	}
	user_name(user, geteuid());
	if (faccessat(AT_FDCWD, w->node, R_OK | W_OK, AT_EACCESS) == 0) {
		walk_ok(w, "%s may read and write %s", user, w->node);
		return;
	}
	if (is_system_device(w))
		walk_fault(w, "%s belongs to %s:%s, mode %04o; %s may not use it", w->node,
			user_name(owner, st.st_uid), group_name(group, st.st_gid),
			(unsigned)(st.st_mode & 07777), user);
	else
		walk_found(w, "permission-denied", "%s belongs to %s, mode %04o", w->node,
			user_name(owner, st.st_uid), (unsigned)(st.st_mode & 07777));
}

void walk_group(struct walk *w)
{
	char group[NAME_MAX_];
	struct stat st;

	if (!is_system_device(w) || stat(w->node, &st) != 0) {
		walk_skip(w, "not a device of this computer");
		return;
	}
	group_name(group, st.st_gid);
	if (geteuid() == 0)
		walk_ok(w, "group %s; root needs none", group);
	else
		walk_ok(w, "group %s, mode %04o", group, (unsigned)(st.st_mode & 07777));
}

/* ---- the kernel's driver ---- */

/* Last part of what a link points to; "" if it is none. */
static void link_name(char name[static NAME_MAX_], const char *path)
{
	char target[512];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	target[n > 0 ? n : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, NAME_MAX_, "%.*s", NAME_MAX_ - 1, slash != NULL ? slash + 1 : target);
}

static void i2c_driver(struct walk *w)
{
	char path[160], name[NAME_MAX_];
	const uint32_t hz = walk_adapter_hz(w);

	/* The adapter's parent is the device that the driver has. */
	snprintf(path, sizeof(path), "/sys/class/i2c-dev/%.40s/device/../driver", i2c_name(w));
	link_name(name, path);
	if (hz > 0)
		walk_ok(w, "%s, %u kHz", name[0] != '\0' ? name : "i2c-dev", hz / 1000);
	else
		walk_ok(w, "%s", name[0] != '\0' ? name : "i2c-dev");
}

void walk_driver(struct walk *w)
{
	if (w->kind == WALK_I2C)
		i2c_driver(w);
	else if (w->found.trouble[0] != '\0' && w->opened != TRUSTX_OK)
		walk_ok(w, "%s", w->found.trouble);
	else if (w->found.driver[0] != '\0')
		walk_ok(w, "%s", w->found.driver);
	else
		walk_skip(w, "no driver of the kernel is concerned");
}

uint32_t walk_adapter_hz(const struct walk *w)
{
	const char *name = i2c_name(w);
	char path[160], line[NAME_MAX_];
	uint8_t raw[4];
	uint64_t khz;

	if (name[0] == '\0')
		return 0;
	/* Devicetree: 32 bits, big endian. hid-ft260: text, kHz. */
	snprintf(path, sizeof(path), "/sys/class/i2c-dev/%.40s/device/of_node/clock-frequency",
		name);
	if (read_small(path, raw, sizeof(raw)) == sizeof(raw))
		return (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 |
		       raw[3];
	snprintf(path, sizeof(path), "/sys/class/i2c-dev/%.40s/device/../clock", name);
	read_line(line, path);
	return num_parse_range(&khz, line, 1, 10000) == TRUSTX_OK ? (uint32_t)khz * 1000 : 0;
}
