/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Simulated FT260s with simulated chips, on a virtual clock. A path is FILE[,KNOB[=VALUE]...]:
 * FILE is that of the chip, or a folder in which every *.sim is an adapter with the file's name as
 * its serial number. The knobs are those of sim/ft260-setup.c.
 */
#include "file.h"
#include "ft260-setup.h"
#include "hid.h"
#include "osfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_US	 1000u
#define NS_PER_MS	 1000000u
#define WRITE_TIMEOUT_NS 1000000000u
#define SUFFIX		 ".sim"

struct hid_sim {
	struct hid base;
	struct sim *chip;
	struct ft260 *ft260;
	unsigned interface;
	bool mute; /* input reports go elsewhere */
	uint64_t now;
};

static enum trustx_err add(
	struct hid_list *list, const struct ft260_setup *k, const char *path, struct fail *f)
{
	struct hid_info *info = hid_list_add(list);

	if (info == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(info->path, sizeof(info->path), "%s", k->hidden ? "" : path);
	snprintf(info->serial, sizeof(info->serial), "%s", k->serial);
	snprintf(info->product, sizeof(info->product), "FT260");
	snprintf(info->driver, sizeof(info->driver), "%s", k->driver);
	info->vendor = k->opt.vendor != 0 ? k->opt.vendor : FT260_VENDOR;
	info->product_id = k->opt.product != 0 ? k->opt.product : FT260_PRODUCT;
	info->interface = k->interface;
	return TRUSTX_OK;
}

/* All interfaces of one adapter, unless the path chooses. */
static enum trustx_err add_adapter(
	struct hid_list *list, struct ft260_setup *k, const char *path, struct fail *f)
{
	char second[HID_TEXT_MAX];
	enum trustx_err err;

	if ((err = add(list, k, path, f)) != TRUSTX_OK)
		return err;
	if (k->opt.mode != FT260_BOTH || k->interface != 0)
		return TRUSTX_OK;
	if (snprintf(second, sizeof(second), "%s,interface=1", path) >= (int)sizeof(second))
		return fail_set(f, TRUSTX_ERR_INPUT, "the path is too long");
	k->interface = 1;
	return add(list, k, second, f);
}

/* Every *.sim in the folder, with the knobs that follow the folder's name. */
static enum trustx_err add_folder(
	struct hid_list *list, const struct ft260_setup *k, const char *knobs, struct fail *f)
{
	struct osfile_names names;
	enum trustx_err err = TRUSTX_OK;

	if (osfile_list(&names, k->file) != 0)
		return fail_errno(f, TRUSTX_ERR_NO_DEVICE, "%s", k->file);
	for (size_t i = 0; i < names.count && err == TRUSTX_OK; i++) {
		const char *name = names.at[i];
		size_t len = strlen(name), base = len - strlen(SUFFIX);
		struct ft260_setup one = *k;
		char path[HID_TEXT_MAX];

		if (len <= strlen(SUFFIX) || strcmp(name + base, SUFFIX) != 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s%s,serial=%.*s", k->file, name, knobs,
			    (int)base, name) >= (int)sizeof(path))
			err = fail_set(f, TRUSTX_ERR_INPUT, "the path is too long");
		if (err == TRUSTX_OK && (err = ft260_setup_parse(&one, path, f)) == TRUSTX_OK)
			err = add_adapter(list, &one, path, f);
	}
	osfile_names_free(&names);
	return err;
}

static bool is_wanted(const struct hid_info *info, uint16_t vendor, uint16_t product_id)
{
	return (vendor == 0 || info->vendor == vendor) &&
	       (product_id == 0 || info->product_id == product_id);
}

static enum trustx_err sim_list(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	size_t kept = list->count, first = list->count;
	enum trustx_err err;
	struct ft260_setup k;

	if (from == NULL)
		return TRUSTX_OK;
	if ((err = ft260_setup_parse(&k, from, f)) != TRUSTX_OK)
		return err;
	if (dir_exists(k.file))
		err = add_folder(list, &k, from + strlen(k.file), f);
	else
		err = add_adapter(list, &k, from, f);
	for (size_t i = first; i < list->count; i++)
		if (is_wanted(&list->at[i], vendor, product_id))
			list->at[kept++] = list->at[i];
	list->count = kept;
	return err;
}

static void sim_hid_close(struct hid *hid)
{
	struct hid_sim *h = (struct hid_sim *)hid;

	if (h == NULL)
		return;
	ft260_free(h->ft260);
	sim_close(h->chip);
	free(h);
}

static uint64_t sim_now_us(struct hid *hid)
{
	return ((struct hid_sim *)hid)->now / NS_PER_US;
}

static void sim_sleep_us(struct hid *hid, uint32_t us)
{
	((struct hid_sim *)hid)->now += (uint64_t)us * NS_PER_US;
}

static uint64_t sim_hid_execution_ns(const struct hid *hid)
{
	const struct hid_sim *h = (const struct hid_sim *)hid;

	return h->chip != NULL ? sim_execution_ns(h->chip) : 0;
}

static enum trustx_err sim_hid_open(struct hid **hid, const char *path, struct fail *f)
{
	static const struct hid_clock clock = {
		.now_us = sim_now_us, .sleep_us = sim_sleep_us, .execution_ns = sim_hid_execution_ns
	};
	struct hid_sim *h;
	enum trustx_err err;
	struct ft260_setup k;

	*hid = NULL;
	if ((err = ft260_setup_parse(&k, path, f)) != TRUSTX_OK)
		return err;
	if (k.denied)
		return fail_set(
			f, TRUSTX_ERR_PERMISSION, "%s: %s", k.file, fail_errno_text(EACCES));
	if ((h = calloc(1, sizeof(*h))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	h->base.ops = &hid_sim;
	h->base.clock = &clock;
	h->interface = k.interface;
	h->mute = strcmp(k.driver, "ft260") == 0;
	if ((err = ft260_setup_open(&h->ft260, &h->chip, &k, f)) != TRUSTX_OK)
		goto out;
	*hid = &h->base;
	h = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	sim_hid_close(h != NULL ? &h->base : NULL);
	return err;
}

static enum trustx_err from_result(enum ft260_result result, struct fail *f)
{
	switch (result) {
	case FT260_OK:
		return TRUSTX_OK;
	case FT260_STALL:
		return fail_set(f, TRUSTX_ERR_BUS, "the device refused the transfer (STALL)");
	case FT260_GONE:
		break;
	}
	return fail_set(f, TRUSTX_ERR_NO_DEVICE, "the device has gone");
}

static enum trustx_err sim_write(struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	struct hid_sim *h = (struct hid_sim *)hid;
	enum ft260_result result;
	uint64_t done;

	result = ft260_out(h->ft260, h->now, h->interface, report, len, &done);
	if (result == FT260_OK && done == FT260_NEVER) {
		h->now += WRITE_TIMEOUT_NS;
		return fail_set(f, TRUSTX_ERR_TIMEOUT, "the device did not take a report in 1 s");
	}
	h->now = done;
	return from_result(result, f);
}

static enum trustx_err sim_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f)
{
	struct hid_sim *h = (struct hid_sim *)hid;
	uint64_t due = h->mute ? FT260_NEVER : ft260_in_due(h->ft260, h->interface);
	uint64_t until = h->now + (uint64_t)timeout_ms * NS_PER_MS;
	uint8_t data[FT260_REPORT_MAX];
	enum ft260_result result;
	size_t cap = *len;

	if (due > h->now)
		h->now = due < until ? due : until;
	result = ft260_in(h->ft260, h->now, h->interface, data, len);
	/* A pipe that stalls is silence to who reads: the host controller tries again and again. */
	if (result == FT260_STALL || h->mute)
		*len = 0;
	*len = *len < cap ? *len : cap;
	memcpy(report, data, *len);
	return result == FT260_STALL ? TRUSTX_OK : from_result(result, f);
}

static enum trustx_err sim_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f)
{
	struct hid_sim *h = (struct hid_sim *)hid;

	h->now += FT260_CONTROL_NS;
	return from_result(ft260_get_feature(h->ft260, h->now, h->interface, report, len), f);
}

static enum trustx_err sim_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	struct hid_sim *h = (struct hid_sim *)hid;

	h->now += FT260_CONTROL_NS;
	return from_result(ft260_set_feature(h->ft260, h->now, h->interface, report, len), f);
}

const struct hid_ops hid_sim = {
	.name = "sim",
	.list = sim_list,
	.open = sim_hid_open,
	.close = sim_hid_close,
	.write = sim_write,
	.read = sim_read,
	.get_feature = sim_get_feature,
	.set_feature = sim_set_feature,
};
