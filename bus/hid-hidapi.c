/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * HID through hidapi, of which Linux has two libraries with the same names in them: so they are
 * loaded while the program runs, each for itself, and need not be installed.
 */
#include "hid-hidapi.h"

#include "hid-sysfs.h"

#include <dlfcn.h>
#include <errno.h>
#include <hidapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct library {
	void *handle;
	__typeof__(hid_enumerate) *enumerate;
	__typeof__(hid_free_enumeration) *free_enumeration;
	__typeof__(hid_open_path) *open_path;
	__typeof__(hid_close) *close;
	__typeof__(hid_write) *write;
	__typeof__(hid_read_timeout) *read_timeout;
	__typeof__(hid_get_feature_report) *get_feature_report;
	__typeof__(hid_send_feature_report) *send_feature_report;
	__typeof__(hid_error) *error;
};

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ "hid_enumerate", offsetof(struct library, enumerate) },
	{ "hid_free_enumeration", offsetof(struct library, free_enumeration) },
	{ "hid_open_path", offsetof(struct library, open_path) },
	{ "hid_close", offsetof(struct library, close) },
	{ "hid_write", offsetof(struct library, write) },
	{ "hid_read_timeout", offsetof(struct library, read_timeout) },
	{ "hid_get_feature_report", offsetof(struct library, get_feature_report) },
	{ "hid_send_feature_report", offsetof(struct library, send_feature_report) },
	{ "hid_error", offsetof(struct library, error) },
};

struct hidapi {
	struct hid base;
	struct library lib;
	hid_device *device;
	char path[HID_TEXT_MAX];
};

/* A device's or the library's words, cut to what fits; what is not printable ASCII becomes '?'. */
static void narrow(char *out, size_t cap, const wchar_t *text)
{
	size_t n = 0;

	for (; text != NULL && *text != L'\0' && n + 1 < cap; text++)
		out[n++] = (char)(*text >= L' ' && *text <= L'~' ? *text : L'?');
	out[n] = '\0';
}

/* The libusb one of before 0.14 only says that it has nothing to say. */
static void reason(char *out, size_t cap, const struct library *lib, hid_device *device)
{
	static const char nothing[] = "hid_error is not implemented";

	narrow(out, cap, lib->error(device));
	if (strncmp(out, nothing, sizeof(nothing) - 1) == 0)
		out[0] = '\0';
}

/* The first that there is; NULL: none, of the first of them *why says why. */
static void *load_one_of(const char *const *files, char *why, size_t cap)
{
	void *handle = NULL;
	const char *said;

	why[0] = '\0';
	for (; *files != NULL && handle == NULL; files++) {
		handle = dlopen(*files, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
		if (handle == NULL && why[0] == '\0') {
			said = dlerror();
			snprintf(why, cap, "%s", said != NULL ? said : *files);
		}
	}
	return handle;
}

/* It stays loaded: what it allocates for itself lives as long as the program. */
static enum trustx_err load(struct library *lib, const struct hid_ops *ops, struct fail *f)
{
	const struct hid_hidapi_library *named = hid_hidapi_library(ops);
	char why[200];

	lib->handle = load_one_of(named->files, why, sizeof(why));
	if (lib->handle == NULL) {
		fail_set(f, TRUSTX_ERR_NO_DEVICE, "the library hidapi cannot be loaded: %s", why);
		fail_next(f, "install it, %s %s", named->install, named->package);
		fail_cause(f, "hid-library-missing");
		return TRUSTX_ERR_NO_DEVICE;
	}
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *symbol = dlsym(lib->handle, symbols[i].name);

		if (symbol == NULL) {
			dlclose(lib->handle);
			return fail_set(f, TRUSTX_ERR_NO_DEVICE,
				"the library of the package %s is too old: it has no %s",
				named->package, symbols[i].name);
		}
		memcpy((char *)lib + symbols[i].at, &symbol, sizeof(symbol));
	}
	return TRUSTX_OK;
}

static enum trustx_err add(struct hid_list *list, const struct hid_device_info *at, struct fail *f)
{
	struct hid_info *info;

	if (at->path == NULL || strlen(at->path) >= sizeof(info->path))
		return TRUSTX_OK;
	if ((info = hid_list_add(list)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(info->path, sizeof(info->path), "%s", at->path);
	narrow(info->serial, sizeof(info->serial), at->serial_number);
	narrow(info->product, sizeof(info->product), at->product_string);
	info->vendor = at->vendor_id;
	info->product_id = at->product_id;
	info->interface = at->interface_number;
	hid_sysfs_complete(info);
	return TRUSTX_OK;
}

enum trustx_err hid_hidapi_list(const struct hid_ops *ops, struct hid_list *list, uint16_t vendor,
	uint16_t product_id, struct fail *f)
{
	struct hid_device_info *all;
	struct library lib;
	enum trustx_err err;

	if ((err = load(&lib, ops, f)) != TRUSTX_OK)
		return err;
	all = lib.enumerate(vendor, product_id);
	for (const struct hid_device_info *at = all; at != NULL && err == TRUSTX_OK; at = at->next)
		err = add(list, at, f);
	lib.free_enumeration(all);
	dlclose(lib.handle);
	return err;
}

void hid_hidapi_close(struct hid *hid)
{
	struct hidapi *h = (struct hidapi *)hid;

	if (h != NULL && h->device != NULL)
		h->lib.close(h->device);
	if (h != NULL && h->lib.handle != NULL)
		dlclose(h->lib.handle);
	free(h);
}

static enum trustx_err open_refused(const struct hidapi *h, const char *path, struct fail *f)
{
	char node[64], why[200];
	enum trustx_err err;

	reason(why, sizeof(why), &h->lib, NULL);
	if (hid_sysfs_node(node, sizeof(node), path) &&
		(err = hid_sysfs_may_open(node, f)) != TRUSTX_OK)
		return err;
	return fail_set(f, TRUSTX_ERR_NO_DEVICE, "the library hidapi cannot open %.100s: %s", path,
		why[0] != '\0' ? why : "no reason given");
}

enum trustx_err hid_hidapi_open(
	const struct hid_ops *ops, struct hid **hid, const char *path, struct fail *f)
{
	struct hidapi *h = calloc(1, sizeof(*h));
	enum trustx_err err;

	*hid = NULL;
	if (h == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	h->base.ops = ops;
	snprintf(h->path, sizeof(h->path), "%s", path);
	if ((err = load(&h->lib, ops, f)) != TRUSTX_OK) {
		free(h);
		return err;
	}
	if ((h->device = h->lib.open_path(path)) == NULL) {
		err = open_refused(h, path, f);
		hid_hidapi_close(&h->base);
		return err;
	}
	*hid = &h->base;
	return TRUSTX_OK;
}

/*
 * The library does not tell a device that has gone from one that refuses: is it still there? The
 * kernel may have said that it is not.
 */
static bool is_there(const struct hidapi *h, const char *why)
{
	struct hid_device_info *all = h->lib.enumerate(0, 0), *at = all;
	bool found;

	while (at != NULL && (at->path == NULL || strcmp(at->path, h->path) != 0))
		at = at->next;
	found = at != NULL && strstr(why, strerror(ENODEV)) == NULL;
	h->lib.free_enumeration(all);
	return found;
}

static enum trustx_err refused(const struct hidapi *h, const char *what, struct fail *f)
{
	char why[200];

	reason(why, sizeof(why), &h->lib, h->device);
	if (is_there(h, why))
		return fail_set(f, TRUSTX_ERR_BUS, "%s: %s", what,
			why[0] != '\0' ? why : "no reason given");
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "the adapter is gone: %s",
		why[0] != '\0' ? why : "it is not listed any more");
	fail_cause(f, "adapter-gone");
	return TRUSTX_ERR_NO_DEVICE;
}

enum trustx_err hid_hidapi_write(struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	const struct hidapi *h = (const struct hidapi *)hid;

	if (h->lib.write(h->device, report, len) < 0)
		return refused(h, "the adapter takes no report", f);
	return TRUSTX_OK;
}

enum trustx_err hid_hidapi_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f)
{
	const struct hidapi *h = (const struct hidapi *)hid;
	int n = h->lib.read_timeout(h->device, report, *len, (int)timeout_ms);

	*len = n > 0 ? (size_t)n : 0;
	return n >= 0 ? TRUSTX_OK : refused(h, "the adapter gives no report", f);
}

enum trustx_err hid_hidapi_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f)
{
	const struct hidapi *h = (const struct hidapi *)hid;
	int n = h->lib.get_feature_report(h->device, report, *len);

	*len = n > 0 ? (size_t)n : 0;
	return n >= 0 ? TRUSTX_OK : refused(h, "the adapter does not answer", f);
}

enum trustx_err hid_hidapi_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	const struct hidapi *h = (const struct hidapi *)hid;

	if (h->lib.send_feature_report(h->device, report, len) < 0)
		return refused(h, "the adapter takes no setting", f);
	return TRUSTX_OK;
}

bool hid_hidapi_version(char *out, size_t cap, const struct hid_ops *ops)
{
	struct library lib;
	struct fail f;
	const char *(*version)(void);
	void *symbol;

	if (load(&lib, ops, &f) != TRUSTX_OK) {
		snprintf(out, cap, "not installed (package %s)", hid_hidapi_library(ops)->package);
		return false;
	}
	/* Since version 0.10. */
	symbol = dlsym(lib.handle, "hid_version_str");
	memcpy(&version, &symbol, sizeof(version));
	snprintf(out, cap, "%s", symbol != NULL ? version() : "before 0.10");
	dlclose(lib.handle);
	return true;
}
