/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ft260-bridge.h"

#include "net.h"
#include "pause.h"

#include <string.h>

enum { REPORT_SYSTEM = 0xA1 };

uint64_t bridge_now_us(const struct bridge *b)
{
	const struct hid_clock *clock = b->hid->clock;

	return clock != NULL ? clock->now_us(b->hid) : net_now_ns() / 1000;
}

void bridge_sleep_us(const struct bridge *b, uint32_t us)
{
	const struct hid_clock *clock = b->hid->clock;

	if (clock != NULL)
		clock->sleep_us(b->hid, us);
	else
		pause_us(us);
}

/* Above, a time that passed is the chip's. */
static enum trustx_err done(struct bridge *b, enum trustx_err err)
{
	b->exchange_us = bridge_now_us(b);
	return err == TRUSTX_ERR_TIMEOUT ? TRUSTX_ERR_BUS : err;
}

enum trustx_err bridge_get(struct bridge *b, uint8_t *report, size_t len)
{
	/* Some systems hand out the longest feature report there is. */
	uint8_t all[HID_REPORT_MAX] = { report[0] };
	size_t got = sizeof(all);
	enum trustx_err err;

	err = done(b, b->hid->ops->get_feature(b->hid, all, &got, &b->base.fail));
	if (err != TRUSTX_OK)
		return err;
	if (got < len || all[0] != report[0])
		return fail_set(&b->base.fail, TRUSTX_ERR_BUS,
			"the adapter answered with %zu bytes of the report 0x%02X where %zu bytes "
			"of 0x%02X are due",
			got, all[0], len, report[0]);
	memcpy(report, all, len);
	return TRUSTX_OK;
}

enum trustx_err bridge_set(struct bridge *b, const uint8_t *report, size_t len)
{
	return done(b, b->hid->ops->set_feature(b->hid, report, len, &b->base.fail));
}

enum trustx_err bridge_system(struct bridge *b, uint8_t sys[FT260_SYS_LEN])
{
	sys[0] = REPORT_SYSTEM;
	return bridge_get(b, sys, FT260_SYS_LEN);
}

enum trustx_err bridge_setting(struct bridge *b, uint8_t what, uint8_t value)
{
	const uint8_t report[] = { REPORT_SYSTEM, what, value };

	return bridge_set(b, report, sizeof(report));
}
