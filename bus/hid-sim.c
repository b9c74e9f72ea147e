/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Simulated FT260s with simulated chips, on a virtual clock. A path is FILE[,KNOB[=VALUE]...]:
 * FILE is that of the chip, or a folder in which every *.sim is an adapter with the file's name as
 * its serial number. The knobs are in the table below; a number left out is 1.
 */
#include "ft260.h"
#include "hid.h"
#include "num.h"
#include "sim.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NS_PER_US	 1000u
#define NS_PER_MS	 1000000u
#define WRITE_TIMEOUT_NS 1000000000u
#define SUFFIX		 ".sim"

struct knobs {
	char file[HID_TEXT_MAX];
	char serial[32];
	char driver[32]; /* of the kernel; ft260 takes the input reports, as in Linux 6.1 */
	char profile[16];
	uint8_t interface;
	bool denied; /* nobody may open it */
	struct ft260_options opt;
	struct ft260_faults faults;
	struct sim_options chip;
};

enum kind { NUMBER, TEXT, MODE, PIN, MILLI };

/* has: of a bool that tells that it was given, 0: none. */
struct knob {
	const char *name;
	enum kind kind;
	size_t at, size, has;
	uint64_t max;
};

#define PLACE(member) offsetof(struct knobs, member), sizeof(((struct knobs *)NULL)->member)
#define COUNT(name, where)                                \
	{                                                 \
		name, NUMBER, PLACE(where), 0, UINT32_MAX \
	}
#define FLAG(name, where)                        \
	{                                        \
		name, NUMBER, PLACE(where), 0, 1 \
	}

static const struct knob knob_table[] = {
	{ "mode", MODE, PLACE(opt.mode), 0, 0 },
	{ "pin", PIN, PLACE(opt.reset_pin), 0, 0 },
	{ "uart", NUMBER, PLACE(opt.uart_mode), offsetof(struct knobs, opt.has_uart_mode), 4 },
	{ "vendor", NUMBER, PLACE(opt.vendor), 0, UINT16_MAX },
	{ "product", NUMBER, PLACE(opt.product), 0, UINT16_MAX },
	{ "chip-id", NUMBER, PLACE(opt.chip_id), 0, UINT16_MAX },
	{ "serial", TEXT, PLACE(serial), 0, 0 },
	{ "driver", TEXT, PLACE(driver), 0, 0 },
	{ "interface", NUMBER, PLACE(interface), 0, 1 },
	FLAG("denied", denied),
	FLAG("hid-over-i2c", opt.hid_over_i2c),
	FLAG("no-power-saving", opt.no_power_saving),
	FLAG("stubborn-idle", faults.stubborn_idle),
	FLAG("stall", opt.stalls),
	COUNT("nack", faults.nack),
	COUNT("stick-busy", faults.stick_busy),
	COUNT("stick-bus", faults.stick_bus),
	COUNT("lose", faults.lose_input),
	COUNT("cut", faults.cut_input),
	COUNT("wrong-len", faults.wrong_input),
	COUNT("disconnect", faults.disconnect),
	{ "profile", TEXT, PLACE(profile), 0, 0 },
	{ "scale", MILLI, PLACE(chip.scale_milli), offsetof(struct knobs, chip.has_scale), 0 },
	{ "jitter", NUMBER, PLACE(chip.jitter), offsetof(struct knobs, chip.has_jitter),
		UINT64_MAX },
	{ "seed", NUMBER, PLACE(chip.seed), offsetof(struct knobs, chip.has_seed), UINT64_MAX },
};

struct hid_sim {
	struct hid base;
	struct sim *chip;
	struct ft260 *ft260;
	unsigned interface;
	bool mute; /* input reports go elsewhere */
	uint64_t now;
};

static void store(void *at, size_t size, uint64_t value)
{
	const uint8_t u8 = (uint8_t)value;
	const uint16_t u16 = (uint16_t)value;
	const uint32_t u32 = (uint32_t)value;

	switch (size) {
	case 1:
		memcpy(at, &u8, size);
		break;
	case 2:
		memcpy(at, &u16, size);
		break;
	case 4:
		memcpy(at, &u32, size);
		break;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

static bool store_mode(void *at, const char *value)
{
	static const char *const words[] = {
		[FT260_BOTH] = "both", [FT260_I2C_ONLY] = "i2c", [FT260_UART_ONLY] = "uart"
	};
	enum ft260_mode mode;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], value) != 0)
			continue;
		mode = (enum ft260_mode)i;
		memcpy(at, &mode, sizeof(mode));
		return true;
	}
	return false;
}

/* Whether the value is one for this knob. */
static bool set_value(const struct knob *knob, void *at, const char *value)
{
	uint32_t milli;
	uint64_t n;

	switch (knob->kind) {
	case NUMBER:
		if (num_parse_range(&n, value, 0, knob->max) != TRUSTX_OK)
			return false;
		store(at, knob->size, n);
		return true;
	case MILLI:
		if (num_parse_milli(&milli, value) != TRUSTX_OK)
			return false;
		store(at, knob->size, milli);
		return true;
	case MODE:
		return store_mode(at, value);
	case PIN:
		memcpy(at, value, 1);
		return strlen(value) == 1 && strchr("ABCDEFGH012345-", value[0]) != NULL;
	case TEXT:
		break;
	}
	return snprintf(at, knob->size, "%s", value) < (int)knob->size;
}

static enum trustx_err set_knob(
	struct knobs *k, const char *name, const char *value, struct fail *f)
{
	static const bool given = true;

	for (size_t i = 0; i < sizeof(knob_table) / sizeof(knob_table[0]); i++) {
		const struct knob *knob = &knob_table[i];

		if (strcmp(knob->name, name) != 0)
			continue;
		if (!set_value(knob, (char *)k + knob->at, value))
			return fail_set(f, TRUSTX_ERR_INPUT, "%s cannot be \"%s\"", name, value);
		if (knob->has != 0)
			memcpy((char *)k + knob->has, &given, sizeof(given));
		return TRUSTX_OK;
	}
	return fail_set(f, TRUSTX_ERR_INPUT, "a simulated FT260 has no knob \"%s\"", name);
}

static enum trustx_err parse_path(struct knobs *k, const char *path, struct fail *f)
{
	char text[HID_TEXT_MAX], *rest = text, *word, *value;
	enum trustx_err err;

	memset(k, 0, sizeof(*k));
	if (snprintf(text, sizeof(text), "%s", path) >= (int)sizeof(text))
		return fail_set(f, TRUSTX_ERR_INPUT, "the path is longer than %zu characters",
			sizeof(text) - 1);
	word = strsep(&rest, ",");
	memcpy(k->file, word, strlen(word) + 1);
	while ((word = strsep(&rest, ",")) != NULL) {
		value = strchr(word, '=');
		if (value != NULL)
			*value++ = '\0';
		if ((err = set_knob(k, word, value != NULL ? value : "1", f)) != TRUSTX_OK)
			return err;
	}
	k->opt.serial = k->serial;
	k->chip.profile = k->profile[0] != '\0' ? k->profile : NULL;
	if (k->file[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the file of the simulated chip is missing");
	return TRUSTX_OK;
}

static enum trustx_err add(
	struct hid_list *list, const struct knobs *k, const char *path, struct fail *f)
{
	struct hid_info *more = realloc(list->at, (list->count + 1) * sizeof(*more));
	struct hid_info *info;

	if (more == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	list->at = more;
	info = &more[list->count++];
	memset(info, 0, sizeof(*info));
	snprintf(info->path, sizeof(info->path), "%s", path);
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
	struct hid_list *list, struct knobs *k, const char *path, struct fail *f)
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
	struct hid_list *list, const struct knobs *k, const char *knobs, struct fail *f)
{
	struct dirent **names = NULL;
	enum trustx_err err = TRUSTX_OK;
	int n = scandir(k->file, &names, NULL, alphasort);

	if (n < 0)
		return fail_errno(f, TRUSTX_ERR_NO_DEVICE, "%s", k->file);
	for (int i = 0; i < n && err == TRUSTX_OK; i++) {
		size_t len = strlen(names[i]->d_name), base = len - strlen(SUFFIX);
		struct knobs one = *k;
		char path[HID_TEXT_MAX];

		if (len <= strlen(SUFFIX) || strcmp(names[i]->d_name + base, SUFFIX) != 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s%s,serial=%.*s", k->file, names[i]->d_name,
			    knobs, (int)base, names[i]->d_name) >= (int)sizeof(path))
			err = fail_set(f, TRUSTX_ERR_INPUT, "the path is too long");
		if (err == TRUSTX_OK && (err = parse_path(&one, path, f)) == TRUSTX_OK)
			err = add_adapter(list, &one, path, f);
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
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
	struct knobs k;
	struct stat st;

	if (from == NULL)
		return TRUSTX_OK;
	if ((err = parse_path(&k, from, f)) != TRUSTX_OK)
		return err;
	if (stat(k.file, &st) == 0 && S_ISDIR(st.st_mode))
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

/* Only the I2C function has a chip: the other interface can be open at the same time. */
static enum trustx_err open_chip(struct hid_sim *h, const struct knobs *k, struct fail *f)
{
	if (k->denied)
		return fail_set(f, TRUSTX_ERR_PERMISSION, "%s: %s", k->file, strerror(EACCES));
	if (k->interface != 0)
		return TRUSTX_OK;
	return sim_open(&h->chip, k->file, &k->chip, f);
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
	struct knobs k;

	*hid = NULL;
	if ((err = parse_path(&k, path, f)) != TRUSTX_OK)
		return err;
	if ((h = calloc(1, sizeof(*h))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	h->base.ops = &hid_sim;
	h->base.clock = &clock;
	h->interface = k.interface;
	h->mute = strcmp(k.driver, "ft260") == 0;
	if ((err = open_chip(h, &k, f)) != TRUSTX_OK)
		goto out;
	if ((h->ft260 = ft260_new(h->chip, &k.opt)) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	*ft260_faults(h->ft260) = k.faults;
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
