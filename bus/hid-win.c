/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* HID through Windows' own hid.dll, which is always there. */
#include "hid.h"

#include "wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off: it comes before the others of Windows. */
#include <windows.h>
/* clang-format on */
#include <hidsdi.h>
#include <setupapi.h>

#define WRITE_MS 1000

struct win {
	struct hid base;
	HANDLE file, event;
	size_t in_len, out_len, feature_len; /* of a report with its id, 0: it has none */
};

static enum trustx_err fail_win(struct fail *f, enum trustx_err err, const char *what, DWORD number)
{
	char why[200];

	wide_error_text(why, sizeof(why), number);
	return fail_set(f, err, "%s: %s", what, why);
}

/* Cut to what fits; what is not printable ASCII becomes '?'. */
static void narrow(char *out, size_t cap, const wchar_t *text)
{
	size_t n = 0;

	for (; *text != L'\0' && n + 1 < cap; text++)
		out[n++] = (char)(*text >= L' ' && *text <= L'~' ? *text : L'?');
	out[n] = '\0';
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) % 16 : -1;
}

/* "...&mi_01#...": functions of a device that has several are numbered. */
static int interface_of(const char *path)
{
	int high, low;

	for (; *path != '\0'; path++) {
		if (_strnicmp(path, "&mi_", 4) != 0)
			continue;
		if ((high = hex_digit(path[4])) < 0 || (low = hex_digit(path[5])) < 0)
			return -1;
		return 16 * high + low;
	}
	return -1;
}

/* Without access, which is granted for what others have opened too. */
static HANDLE open_to_ask(const wchar_t *path)
{
	return CreateFileW(
		path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

static enum trustx_err add(struct hid_list *list, HANDLE file, const char *path,
	const HIDD_ATTRIBUTES *ids, struct fail *f)
{
	struct hid_info *info = hid_list_add(list);
	wchar_t text[127];

	if (info == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(info->path, sizeof(info->path), "%s", path);
	info->vendor = ids->VendorID;
	info->product_id = ids->ProductID;
	info->interface = interface_of(path);
	memset(text, 0, sizeof(text));
	if (HidD_GetSerialNumberString(file, text, sizeof(text) - sizeof(*text)))
		narrow(info->serial, sizeof(info->serial), text);
	memset(text, 0, sizeof(text));
	if (HidD_GetProductString(file, text, sizeof(text) - sizeof(*text)))
		narrow(info->product, sizeof(info->product), text);
	return TRUSTX_OK;
}

static enum trustx_err look_at(struct hid_list *list, const wchar_t *wide, uint16_t vendor,
	uint16_t product_id, struct fail *f)
{
	HIDD_ATTRIBUTES ids = { .Size = sizeof(ids) };
	HANDLE file = open_to_ask(wide);
	char path[HID_TEXT_MAX];
	enum trustx_err err = TRUSTX_OK;

	/* It may have been pulled out by now. */
	if (file == INVALID_HANDLE_VALUE)
		return TRUSTX_OK;
	if (HidD_GetAttributes(file, &ids) && (vendor == 0 || ids.VendorID == vendor) &&
		(product_id == 0 || ids.ProductID == product_id) &&
		WideCharToMultiByte(CP_UTF8, 0, wide, -1, path, sizeof(path), NULL, NULL) > 0)
		err = add(list, file, path, &ids, f);
	CloseHandle(file);
	return err;
}

static enum trustx_err win_list(struct hid_list *list, uint16_t vendor, uint16_t product_id,
	const char *from, struct fail *f)
{
	union {
		SP_DEVICE_INTERFACE_DETAIL_DATA_W data;
		wchar_t room[HID_TEXT_MAX + 4];
	} detail;
	SP_DEVICE_INTERFACE_DATA one = { .cbSize = sizeof(one) };
	enum trustx_err err = TRUSTX_OK;
	HDEVINFO all;
	GUID hid;

	(void)from;
	HidD_GetHidGuid(&hid);
	all = SetupDiGetClassDevsW(&hid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
	if (all == INVALID_HANDLE_VALUE)
		return fail_win(f, TRUSTX_ERR_NO_DEVICE, "Windows does not list its devices",
			GetLastError());
	for (DWORD i = 0; err == TRUSTX_OK && SetupDiEnumDeviceInterfaces(all, NULL, &hid, i, &one);
		i++) {
		detail.data.cbSize = sizeof(detail.data);
		/* A path without room is longer than one of USB. */
		if (SetupDiGetDeviceInterfaceDetailW(
			    all, &one, &detail.data, sizeof(detail), NULL, NULL))
			err = look_at(list, detail.data.DevicePath, vendor, product_id, f);
	}
	SetupDiDestroyDeviceInfoList(all);
	return err;
}

static void win_close(struct hid *hid)
{
	struct win *w = (struct win *)hid;

	if (w != NULL && w->file != INVALID_HANDLE_VALUE)
		CloseHandle(w->file);
	if (w != NULL && w->event != NULL)
		CloseHandle(w->event);
	free(w);
}

static enum trustx_err open_file(struct win *w, const char *path, struct fail *f)
{
	const DWORD access = GENERIC_READ | GENERIC_WRITE;
	const DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE;
	enum trustx_err err = TRUSTX_ERR_NO_DEVICE;
	wchar_t wide[HID_TEXT_MAX];
	char what[HID_TEXT_MAX + 16];
	DWORD number;

	snprintf(what, sizeof(what), "cannot open %s", path);
	if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide,
		    sizeof(wide) / sizeof(*wide)) == 0)
		return fail_win(f, err, what, GetLastError());
	w->file = CreateFileW(wide, access, share, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	if (w->file != INVALID_HANDLE_VALUE)
		return TRUSTX_OK;
	number = GetLastError();
	if (number == ERROR_ACCESS_DENIED)
		err = TRUSTX_ERR_PERMISSION;
	else if (number == ERROR_SHARING_VIOLATION)
		err = TRUSTX_ERR_IN_USE;
	return fail_win(f, err, what, number);
}

static enum trustx_err learn_lengths(struct win *w, const char *path, struct fail *f)
{
	PHIDP_PREPARSED_DATA data;
	NTSTATUS status;
	HIDP_CAPS caps;

	if (!HidD_GetPreparsedData(w->file, &data))
		return fail_set(f, TRUSTX_ERR_NO_DEVICE, "%.100s is no HID device", path);
	status = HidP_GetCaps(data, &caps);
	HidD_FreePreparsedData(data);
	if (status != HIDP_STATUS_SUCCESS)
		return fail_set(f, TRUSTX_ERR_BUS, "%.100s does not tell its reports", path);
	w->in_len = caps.InputReportByteLength;
	w->out_len = caps.OutputReportByteLength;
	w->feature_len = caps.FeatureReportByteLength;
	if (w->in_len > HID_REPORT_MAX || w->out_len > HID_REPORT_MAX ||
		w->feature_len > HID_REPORT_MAX)
		return fail_set(f, TRUSTX_ERR_NO_DEVICE,
			"%.100s has reports of more than %d bytes: it is no FT260", path,
			HID_REPORT_MAX);
	return TRUSTX_OK;
}

static enum trustx_err win_open(struct hid **hid, const char *path, struct fail *f)
{
	struct win *w = calloc(1, sizeof(*w));
	enum trustx_err err;

	*hid = NULL;
	if (w == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	w->base.ops = &hid_windows;
	w->file = INVALID_HANDLE_VALUE;
	if ((w->event = CreateEventW(NULL, TRUE, FALSE, NULL)) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "Windows is out of memory");
		goto out;
	}
	if ((err = open_file(w, path, f)) != TRUSTX_OK ||
		(err = learn_lengths(w, path, f)) != TRUSTX_OK)
		goto out;
	*hid = &w->base;
	w = NULL; /* transferred */
	err = TRUSTX_OK;
out:
	win_close(&w->base);
	return err;
}

static enum trustx_err refused(struct fail *f, const char *what, DWORD number)
{
	enum trustx_err err;

	switch (number) {
	case ERROR_DEVICE_NOT_CONNECTED:
	case ERROR_DEVICE_REMOVED:
	case ERROR_FILE_NOT_FOUND:
	/* Windows does so to what was under way when it was pulled out. */
	case ERROR_OPERATION_ABORTED:
		err = fail_win(f, TRUSTX_ERR_NO_DEVICE, "the adapter is gone", number);
		fail_cause(f, "adapter-gone");
		return err;
	case ERROR_SEM_TIMEOUT:
	case WAIT_TIMEOUT:
		return fail_win(f, TRUSTX_ERR_TIMEOUT, what, number);
	default:
		return fail_win(f, TRUSTX_ERR_BUS, what, number);
	}
}

/*
 * Wait for what was started; started: what its call said. It is over when this returns, since it
 * uses our memory. 0, WAIT_TIMEOUT, or an error of Windows.
 */
static DWORD finish(const struct win *w, OVERLAPPED *o, BOOL started, DWORD *len, unsigned ms)
{
	bool cancelled = false;
	DWORD number;

	*len = 0;
	if (!started && (number = GetLastError()) != ERROR_IO_PENDING)
		return number;
	if (WaitForSingleObject(w->event, ms) != WAIT_OBJECT_0)
		cancelled = CancelIo(w->file);
	if (GetOverlappedResult(w->file, o, len, TRUE))
		return 0;
	number = GetLastError();
	*len = 0;
	return cancelled && number == ERROR_OPERATION_ABORTED ? WAIT_TIMEOUT : number;
}

/* Windows takes reports of the greatest length only. false: this one is longer. */
static bool pad(uint8_t all[static HID_REPORT_MAX], size_t max, const uint8_t *report, size_t len)
{
	if (len == 0 || len > max)
		return false;
	memset(all, 0, HID_REPORT_MAX);
	memcpy(all, report, len);
	return true;
}

static enum trustx_err win_write(struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	static const char what[] = "the adapter takes no report";
	const struct win *w = (const struct win *)hid;
	OVERLAPPED o = { .hEvent = w->event };
	uint8_t all[HID_REPORT_MAX];
	DWORD n, number;
	BOOL started;

	if (!pad(all, w->out_len, report, len))
		return fail_win(f, TRUSTX_ERR_BUS, what, ERROR_INVALID_PARAMETER);
	started = WriteFile(w->file, all, (DWORD)w->out_len, NULL, &o);
	number = finish(w, &o, started, &n, WRITE_MS);
	if (number != 0)
		return refused(f, what, number);
	/* Wine counts neither the number of the report nor what fills it up. */
	return n + 1 >= len ? TRUSTX_OK : fail_set(f, TRUSTX_ERR_BUS, "%s: it was cut", what);
}

static enum trustx_err win_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f)
{
	const struct win *w = (const struct win *)hid;
	const size_t cap = *len;
	OVERLAPPED o = { .hEvent = w->event };
	uint8_t all[HID_REPORT_MAX];
	DWORD n, number;
	BOOL started;

	*len = 0;
	started = ReadFile(w->file, all, (DWORD)w->in_len, NULL, &o);
	number = finish(w, &o, started, &n, timeout_ms);
	if (number == WAIT_TIMEOUT)
		return TRUSTX_OK;
	if (number != 0)
		return refused(f, "the adapter gives no report", number);
	*len = n < cap ? n : cap;
	memcpy(report, all, *len);
	return TRUSTX_OK;
}

static enum trustx_err win_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f)
{
	const struct win *w = (const struct win *)hid;
	uint8_t all[HID_REPORT_MAX] = { report[0] };
	const size_t cap = *len;

	*len = 0;
	if (!HidD_GetFeature(w->file, all, (ULONG)w->feature_len))
		return refused(f, "the adapter does not answer", GetLastError());
	/* How much of it came, Windows does not say. */
	*len = w->feature_len < cap ? w->feature_len : cap;
	memcpy(report, all, *len);
	return TRUSTX_OK;
}

static enum trustx_err win_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	static const char what[] = "the adapter takes no setting";
	const struct win *w = (const struct win *)hid;
	uint8_t all[HID_REPORT_MAX];

	if (!pad(all, w->feature_len, report, len))
		return fail_win(f, TRUSTX_ERR_BUS, what, ERROR_INVALID_PARAMETER);
	if (!HidD_SetFeature(w->file, all, (ULONG)w->feature_len))
		return refused(f, what, GetLastError());
	return TRUSTX_OK;
}

const struct hid_ops hid_windows = {
	.name = "hid",
	.list = win_list,
	.open = win_open,
	.close = win_close,
	.write = win_write,
	.read = win_read,
	.get_feature = win_get_feature,
	.set_feature = win_set_feature,
};
