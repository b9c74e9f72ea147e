/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "walk.h"

#include "file.h"
#include "i2cdev-sys.h"
#include "net.h"
#include "osfile.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the device that was named ---- */

/* Behind trace:FILE: and fault:OPTIONS:. */
static const char *innermost(const char *uri)
{
	while (strncmp(uri, "trace:", 6) == 0 || strncmp(uri, "fault:", 6) == 0) {
		const char *colon = strchr(uri + 6 + osfile_root_len(uri + 6), ':');

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

/* The value of path= in the name of a device; its length, 0: there is none. */
static size_t path_in(const char **path, const char *uri)
{
	static const char option[] = "path=";
	const char *at = strstr(uri, option);

	*path = at != NULL ? at + strlen(option) : "";
	return strcspn(*path, "&");
}

/* Does the FT260 of the list have the serial or path that was asked for? */
static bool is_asked(const struct trustx_bus_found *found, const char *uri)
{
	const char *target = innermost(uri) + strlen("ft260:"), *path, *own;
	size_t len = path_in(&path, target), own_len = path_in(&own, found->uri);

	/* As the list names it, or by its node. */
	if (len > 0)
		return (own_len == len && memcmp(own, path, len) == 0) ||
		       (strlen(found->path) == len && memcmp(found->path, path, len) == 0);
	len = strcspn(target, "?");
	return len == 0 ||
	       (strlen(found->serial) == len && memcmp(found->serial, target, len) == 0);
}

static bool is_meant(const struct walk *w, const struct trustx_bus_found *found)
{
	if (w->kind == WALK_I2C)
		return strcmp(found->path, w->node) == 0;
	return w->kind == WALK_FT260 && strstr(w->d->uri, "via=sim") == NULL &&
	       strncmp(found->uri, "ft260:", 6) == 0 && is_asked(found, w->d->uri);
}

static void take_found(struct walk *w, const struct trustx_bus_found *list, size_t count)
{
	size_t fits = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_meant(w, &list[i]))
			continue;
		w->found = list[i];
		fits++;
	}
	if (fits != 1)
		memset(&w->found, 0, sizeof(w->found));
	if (w->found.node[0] != '\0')
		snprintf(w->node, sizeof(w->node), "%s", w->found.node);
}

/* A PC has I2C adapters for its own use: there it is the USB board that is missing. */
static bool is_a_board(void)
{
	return file_exists("/proc/device-tree/model");
}

static void nothing_there(struct walk *w)
{
	struct fail f;

	if (i2csys_missing("/dev/i2c-N", &f) == TRUSTX_OK)
		return;
	if (is_a_board())
		walk_found(w, f.cause, "%s; and there is no FT260 on the USB", f.why);
	else
		walk_found(w, "no-adapter", "there is no FT260 on the USB; %s", f.why);
}

static const struct trustx_bus_found *first_usable(
	const struct trustx_bus_found *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].trouble[0] == '\0')
			return &list[i];
	return list;
}

static void several_there(struct walk *w, const struct trustx_bus_found *list, size_t count)
{
	const struct cause_words words = { .uri = first_usable(list, count)->uri };
	char text[DOCTOR_TEXT_MAX] = "";
	size_t n = 0;

	for (size_t i = 0; i < count && n < sizeof(text); i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, "%s%s", n > 0 ? ", " : "", list[i].uri);
	walk_found_words(w, "no-choice", &words, "there %s %s", count > 1 ? "are" : "is", text);
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
	if (opt->uri == NULL)
		choose(w, list, count);
	else if (strlen(opt->uri) < sizeof(w->d->uri))
		snprintf(w->d->uri, sizeof(w->d->uri), "%s", opt->uri);
	else
		walk_found(w, "device-malformed", "it is longer than %zu characters",
			sizeof(w->d->uri) - 1);
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

static void local_node(struct walk *w)
{
	const struct trustx_bus_found *found = &w->found;

	if (found->uri[0] != '\0')
		walk_ok(w, "%s at %s%s%s", found->name[0] != '\0' ? found->name : "adapter",
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
	if (w->kind == WALK_I2C || w->kind == WALK_FT260)
		local_node(w);
	else
		other_node(w);
}

/* ---- the kernel's driver ---- */

void walk_driver(struct walk *w)
{
	const char *driver = w->found.driver;
	const uint32_t hz = walk_adapter_hz(w);

	if (w->found.uri[0] == '\0')
		walk_skip(w, "no driver of the kernel is concerned");
	else if (hz > 0)
		walk_ok(w, "%s%s%u kHz", driver, driver[0] != '\0' ? ", " : "", hz / 1000);
	else if (driver[0] != '\0')
		walk_ok(w, "%s", driver);
	else
		walk_skip(w, "the system does not name it");
}

uint32_t walk_adapter_hz(const struct walk *w)
{
	const struct trustx_bus *bus = &w->bus;

	return bus->ops != NULL && bus->ops->set_speed == NULL ? bus->max_hz : 0;
}
