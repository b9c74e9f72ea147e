/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ft260-find.h"

#include "ft260-bridge.h"
#include "hid-sysfs.h"
#include "hid-ways.h"
#include "usb-words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_MAX 300

/* The driver hid_ft260 of Linux, as /sys calls it: it keeps the input reports for itself. */
#define TAKER "ft260"

struct finds {
	struct found *at;
	size_t count;
	struct fail missing; /* why an implementation could not be asked */
};

/* An emulated one is a file, which has a folder. */
void ft260_name(char out[static FT260_NAME_MAX], const struct hid_info *info)
{
	char here[FT260_NAME_MAX - HID_TEXT_MAX - 1] = "";

	if (info->usb[0] != '\0') {
		snprintf(out, FT260_NAME_MAX, "usb %s", info->usb);
		return;
	}
	if (info->path[0] != '/' && getcwd(here, sizeof(here)) == NULL)
		here[0] = '\0';
	snprintf(out, FT260_NAME_MAX, "%s%s%s", here, here[0] != '\0' ? "/" : "", info->path);
}

static bool same(const struct hid_info *a, const struct hid_info *b)
{
	if (a->usb[0] != '\0' && b->usb[0] != '\0')
		return strcmp(a->usb, b->usb) == 0 && a->interface == b->interface;
	return a->path[0] != '\0' && strcmp(a->path, b->path) == 0;
}

/* libusb takes the device away from the kernel's driver, the others get along with it. */
static bool is_taken(const struct hid_ops *ops, const struct hid_info *info)
{
	return info->path[0] == '\0' || (!ops->takes_over && strcmp(info->driver, TAKER) == 0);
}

static void explain_taken(struct found *found, const struct fail *missing)
{
	struct fail *why = &found->why;

	if (strcmp(found->info.driver, TAKER) == 0)
		fail_set(why, TRUSTX_ERR_NO_DEVICE,
			"the kernel's driver hid_ft260 has taken the adapter%s",
			missing->err != TRUSTX_OK ? ", and the library to take it back is missing"
						  : "");
	else
		fail_set(
			why, TRUSTX_ERR_NO_DEVICE, "the kernel has no hidraw node for the adapter");
	fail_next(why, "sudo rmmod hid_ft260");
	fail_cause(why, "hid-ft260-driver");
}

static enum trustx_err merge(
	struct finds *finds, const struct hid_ops *ops, const struct hid_info *info, struct fail *f)
{
	const bool taken = is_taken(ops, info);
	struct found *more;

	for (size_t i = 0; i < finds->count; i++) {
		if (!same(&finds->at[i].info, info))
			continue;
		if (finds->at[i].ops == NULL && !taken)
			finds->at[i] = (struct found){ .info = *info, .ops = ops };
		return TRUSTX_OK;
	}
	more = realloc(finds->at, (finds->count + 1) * sizeof(*more));
	if (more == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	finds->at = more;
	finds->at[finds->count++] = (struct found){ .info = *info, .ops = taken ? NULL : ops };
	return TRUSTX_OK;
}

struct wanted {
	uint16_t vendor, product_id; /* 0: any */
	const char *via, *path;
};

static enum trustx_err ask(
	struct finds *finds, const struct hid_ops *ops, const struct wanted *w, struct fail *f)
{
	struct hid_list list = { .count = 0 };
	enum trustx_err err;

	err = ops->list(&list, w->vendor, w->product_id, w->path, f);
	for (size_t i = 0; i < list.count && err == TRUSTX_OK; i++)
		/* The I2C function is the first one, if there are two. */
		if (list.at[i].interface <= 0)
			err = merge(finds, ops, &list.at[i], f);
	free(list.at);
	return err;
}

static bool is_asked(const struct hid_ops *ops, const char *via)
{
	return via != NULL ? strcmp(ops->name, via) == 0 : ops != &hid_sim;
}

/* Is there nothing that could be used? Then libusb is asked, which looks at every USB device. */
static bool needs_more(const struct finds *finds)
{
	for (size_t i = 0; i < finds->count; i++)
		if (finds->at[i].ops == NULL)
			return true;
	return finds->count == 0;
}

/* Those that leave the kernel its driver, or those that do not. answers: how many could be asked. */
static enum trustx_err ask_those(
	struct finds *finds, unsigned *answers, const struct wanted *w, bool takers, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < hid_way_count && err == TRUSTX_OK; i++) {
		const struct hid_ops *ops = hid_ways[i].ops;

		if (ops->takes_over != takers || !is_asked(ops, w->via) ||
			(takers && w->via == NULL && !needs_more(finds)))
			continue;
		if ((err = ask(finds, ops, w, f)) == TRUSTX_OK) {
			(*answers)++;
		} else if (err == TRUSTX_ERR_NO_DEVICE) {
			finds->missing = *f;
			err = TRUSTX_OK;
		}
	}
	return err;
}

static enum trustx_err gather(struct finds *finds, const struct wanted *w, struct fail *f)
{
	enum trustx_err err;
	unsigned answers = 0;

	if ((err = ask_those(finds, &answers, w, false, f)) == TRUSTX_OK)
		err = ask_those(finds, &answers, w, true, f);
	for (size_t i = 0; i < finds->count; i++)
		if (finds->at[i].ops == NULL)
			explain_taken(&finds->at[i], &finds->missing);
	if (err != TRUSTX_OK || answers > 0)
		return err;
	*f = finds->missing;
	return f->err;
}

/* Its number, hid_way_count: there is none. */
static size_t first_by(const char *via)
{
	size_t i = 0;

	while (i < hid_way_count && strcmp(hid_ways[i].ops->name, via) != 0)
		i++;
	return i;
}

/* "hidraw, libusb and sim" */
static void put_vias(char *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < hid_way_count && n < cap; i++) {
		const char *via = hid_ways[i].ops->name;
		const char *between = i + 1 < hid_way_count ? ", " : " and ";

		if (first_by(via) == i)
			n += (size_t)snprintf(out + n, cap - n, "%s%s", n > 0 ? between : "", via);
	}
}

/* Append text as it may stand in a URI. */
static void put_escaped(char *out, size_t cap, const char *text)
{
	size_t n = strlen(out);

	for (; *text != '\0' && n + 4 < cap; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text > '~' ||
			strchr("%?&:", *text) != NULL)
			n += (size_t)snprintf(out + n, cap - n, "%%%02X", (unsigned char)*text);
		else
			out[n++] = *text;
	out[n] = '\0';
}

static bool has_own_serial(const struct finds *finds, const struct found *one)
{
	if (one->info.serial[0] == '\0')
		return false;
	for (size_t i = 0; i < finds->count; i++)
		if (&finds->at[i] != one && strcmp(finds->at[i].info.serial, one->info.serial) == 0)
			return false;
	return true;
}

#define URI_MAX 256
static void put_uri(char out[static URI_MAX], const struct finds *finds, const struct found *one)
{
	const struct hid_info *info = &one->info;
	const bool sim = one->ops == &hid_sim;

	const bool serial = !sim && has_own_serial(finds, one);

	snprintf(out, URI_MAX, "%s:%s", bus_ft260.scheme,
		serial ? ""
		: sim  ? "?via=sim&path="
		       : "?path=");
	put_escaped(out, URI_MAX,
		serial		       ? info->serial
		: info->usb[0] != '\0' ? info->usb
				       : info->path);
}

/* "ft260:?path=1-2, ft260:?path=1-3": as many as there is room for. */
static void put_all(char out[static LIST_MAX], const struct finds *finds)
{
	char uri[URI_MAX];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < finds->count; i++) {
		put_uri(uri, finds, &finds->at[i]);
		if (n + strlen(uri) + 8 > LIST_MAX) {
			snprintf(out + n, LIST_MAX - n, ", ...");
			return;
		}
		n += (size_t)snprintf(out + n, LIST_MAX - n, "%s%s", i > 0 ? ", " : "", uri);
	}
}

static bool is_meant(const struct found *one, const struct find *what)
{
	if (what->serial[0] != '\0' && strcmp(one->info.serial, what->serial) != 0)
		return false;
	/* The emulated ones are made by their path. */
	return what->path == NULL || one->ops == &hid_sim ||
	       strcmp(one->info.path, what->path) == 0 || strcmp(one->info.usb, what->path) == 0;
}

static enum trustx_err none_there(const struct finds *finds, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "no FT260 is connected%s%s",
		finds->missing.err != TRUSTX_OK ? ", as far as can be seen: " : "",
		finds->missing.why);
	fail_next(f, "%s", usb_words_missing);
	fail_cause(f, "no-adapter");
	return TRUSTX_ERR_NO_DEVICE;
}

/* path is that of something: of what? */
static enum trustx_err name_foreign(const struct find *what, struct fail *f)
{
	const struct wanted w = { .via = what->via, .path = what->path };
	struct finds all = { .count = 0 };
	enum trustx_err err = gather(&all, &w, f);

	for (size_t i = 0; i < all.count && err == TRUSTX_OK; i++) {
		const struct hid_info *info = &all.at[i].info;

		if (!is_meant(&all.at[i], what) ||
			(info->vendor == FT260_VENDOR && info->product_id == FT260_PRODUCT))
			continue;
		fail_set(f, TRUSTX_ERR_NO_DEVICE,
			"%.100s is no FT260 (%04x:%04x) but %04x:%04x%s%.60s", what->path,
			FT260_VENDOR, FT260_PRODUCT, info->vendor, info->product_id,
			info->product[0] != '\0' ? ", " : "", info->product);
		fail_next(f, "choose one that is; this shows those that are there: trustx scan");
		err = fail_cause(f, "node-foreign");
	}
	free(all.at);
	return err;
}

static enum trustx_err none_meant(
	const struct finds *finds, const struct find *what, struct fail *f)
{
	char all[LIST_MAX];
	enum trustx_err err;

	if (what->path != NULL && (err = name_foreign(what, f)) != TRUSTX_OK)
		return err;
	if (finds->count == 0)
		return none_there(finds, f);
	put_all(all, finds);
	if (what->serial[0] != '\0')
		fail_set(f, TRUSTX_ERR_NO_DEVICE,
			"no FT260 has the serial number %.60s; there %s %s", what->serial,
			finds->count > 1 ? "are" : "is", all);
	else
		fail_set(f, TRUSTX_ERR_NO_DEVICE, "there is no FT260 at %.100s; there %s %s",
			what->path, finds->count > 1 ? "are" : "is", all);
	fail_next(f, "choose one that is there, or leave the choice out if there is only one");
	fail_cause(f, "node-missing");
	return TRUSTX_ERR_NO_DEVICE;
}

static enum trustx_err several_meant(
	const struct finds *finds, const struct found *first, size_t meant, struct fail *f)
{
	char all[LIST_MAX], uri[URI_MAX];

	put_all(all, finds);
	put_uri(uri, finds, first);
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "%zu FT260s are connected: %s", meant, all);
	fail_next(f, "name one of them, for example -d '%s'", uri);
	return fail_cause(f, "no-choice");
}

static enum trustx_err choose(
	struct found *found, const struct finds *finds, const struct find *what, struct fail *f)
{
	const struct found *first = NULL;
	size_t meant = 0;

	for (size_t i = 0; i < finds->count; i++)
		if (is_meant(&finds->at[i], what) && meant++ == 0)
			first = &finds->at[i];
	if (first == NULL)
		return none_meant(finds, what, f);
	if (meant > 1)
		return several_meant(finds, first, meant, f);
	*found = *first;
	if (found->ops == NULL)
		*f = found->why;
	return found->ops != NULL ? TRUSTX_OK : f->err;
}

enum trustx_err ft260_find(struct found *found, const struct find *what, struct fail *f)
{
	const struct wanted w = { FT260_VENDOR, FT260_PRODUCT, what->via, what->path };
	struct finds finds = { .count = 0 };
	char known[64];
	enum trustx_err err;

	if (what->via != NULL && first_by(what->via) == hid_way_count) {
		fail_set(f, TRUSTX_ERR_INPUT, "via=%.20s is no way to reach an FT260", what->via);
		put_vias(known, sizeof(known));
		return fail_next(f, "known are %s", known);
	}
	if ((err = gather(&finds, &w, f)) == TRUSTX_OK)
		err = choose(found, &finds, what, f);
	free(finds.at);
	return err;
}

static enum trustx_err add(
	struct bus_list *list, const struct finds *finds, const struct found *one, struct fail *f)
{
	struct trustx_bus_found *more = bus_list_add(list);
	const struct hid_info *info = &one->info;
	char node[HID_TEXT_MAX];
	struct fail why;

	if (more == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	put_uri(more->uri, finds, one);
	snprintf(more->name, sizeof(more->name), "%.*s", (int)sizeof(more->name) - 1,
		info->product[0] != '\0' ? info->product : "FT260");
	memcpy(more->driver, info->driver, sizeof(more->driver));
	memcpy(more->serial, info->serial, sizeof(more->serial));
	memcpy(more->path, info->path, sizeof(more->path));
	if (info->path[0] == '\0')
		memcpy(more->path, info->usb, sizeof(info->usb));
	if (hid_sysfs_node(node, sizeof(node), info->path) && strlen(node) < sizeof(more->node))
		memcpy(more->node, node, strlen(node) + 1);
	if (one->ops == NULL)
		why = one->why;
	else if (more->node[0] == '\0' || hid_sysfs_may_open(more->node, &why) == TRUSTX_OK)
		return TRUSTX_OK;
	snprintf(more->trouble, sizeof(more->trouble), "%.140s: %.110s", why.why, why.next);
	return TRUSTX_OK;
}

enum trustx_err ft260_list(struct bus_list *list, struct fail *f)
{
	const struct wanted w = { FT260_VENDOR, FT260_PRODUCT, NULL, NULL };
	struct finds finds = { .count = 0 };
	enum trustx_err err = gather(&finds, &w, f);

	for (size_t i = 0; i < finds.count && err == TRUSTX_OK; i++)
		err = add(list, &finds, &finds.at[i], f);
	free(finds.at);
	return err == TRUSTX_ERR_NO_DEVICE ? TRUSTX_OK : err;
}

size_t trustx_bus_hids(struct trustx_bus_hid list[static TRUSTX_BUS_HIDS])
{
	for (size_t i = 0; i < hid_way_count; i++) {
		const struct hid_way *way = &hid_ways[i];
		struct trustx_bus_hid *one = &list[i];

		one->name = way->name;
		one->via = way->ops->name;
		one->usable = true;
		snprintf(one->text, sizeof(one->text), "built in");
		if (way->version != NULL)
			one->usable = way->version(one->text, sizeof(one->text), way->ops);
	}
	return hid_way_count;
}
