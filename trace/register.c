/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "register.h"

#include "hex.h"

#include <stdio.h>

#define STATE_BUSY    0x80000000u
#define STATE_READY   0x40000000u
#define PERSISTENT    0x8000u
#define NOT_SUPPORTED 0xFFFFFFFFu
#define RAW_MAX	      8u

enum form { FORM_RAW, FORM_SIZE, FORM_STATE, FORM_ADDRESS, FORM_UNIT, FORM_RESET, FORM_MODE };

struct reg {
	uint8_t reg;
	uint8_t size; /* 0: any */
	enum form form;
	const char *name, *unit;
};

static const struct reg regs[] = {
	{ 0x80, 0, FORM_RAW, "DATA", "" },
	{ 0x81, 2, FORM_SIZE, "DATA_REG_LEN", "bytes" },
	{ 0x82, 4, FORM_STATE, "I2C_STATE", "" },
	{ 0x83, 2, FORM_ADDRESS, "BASE_ADDR", "" },
	{ 0x84, 4, FORM_UNIT, "MAX_SCL_FREQU", "kHz" },
	{ 0x85, 4, FORM_UNIT, "GUARD_TIME", "us" },
	{ 0x86, 4, FORM_UNIT, "TRANS_TIMEOUT", "ms" },
	{ 0x87, 4, FORM_UNIT, "PWR_SAVE_TIMEOUT", "ms" },
	{ 0x88, 2, FORM_RESET, "SOFT_RESET", "" },
	{ 0x89, 2, FORM_MODE, "I2C_MODE", "" },
	{ 0x90, 4, FORM_RAW, "APP_STATE_0", "" },
};

static const struct reg *find(uint8_t reg)
{
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (regs[i].reg == reg)
			return &regs[i];
	return NULL;
}

const char *register_name(uint8_t reg)
{
	const struct reg *r = find(reg);

	return r != NULL ? r->name : NULL;
}

static const char *mode_text(uint32_t mode)
{
	static const char *const modes[] = { "reserved", "Sm", "Fm", "Sm and Fm", "Fm+" };

	return mode < sizeof(modes) / sizeof(modes[0]) ? modes[mode] : modes[0];
}

static const char *kept_text(uint32_t value)
{
	return (value & PERSISTENT) != 0 ? ", for every start" : "";
}

static void state_text(char *out, size_t cap, uint32_t v)
{
	const char *busy = (v & STATE_BUSY) != 0 ? "busy" : "idle";

	if ((v & STATE_READY) != 0)
		snprintf(out, cap, "%s, %u bytes to read", busy, (unsigned)(v & 0xFFFF));
	else
		snprintf(out, cap, "%s, nothing to read", busy);
}

static void value_text(char *out, size_t cap, const struct reg *r, uint32_t v)
{
	switch (r->form) {
	case FORM_STATE:
		state_text(out, cap, v);
		break;
	case FORM_ADDRESS:
		snprintf(out, cap, "0x%02X%s", (unsigned)(v & 0x7F), kept_text(v));
		break;
	case FORM_MODE:
		snprintf(out, cap, "%s%s", mode_text(v & 7), kept_text(v));
		break;
	case FORM_RESET:
		snprintf(out, cap, "requested");
		break;
	default:
		if (v == NOT_SUPPORTED)
			snprintf(out, cap, "not supported");
		else
			snprintf(out, cap, "%lu %s", (unsigned long)v, r->unit);
		break;
	}
}

void register_text(char *out, size_t cap, uint8_t reg, const uint8_t *data, size_t len)
{
	const struct reg *r = find(reg);
	char hex[2 * RAW_MAX + 1], value[64], name[16];
	uint32_t v = 0;

	hex_print(hex, data, len < RAW_MAX ? len : RAW_MAX);
	snprintf(name, sizeof(name), "register 0x%02X", reg);
	if (r == NULL || r->form == FORM_RAW || len != r->size) {
		snprintf(out, cap, "%s: %s%s, %zu bytes", r != NULL ? r->name : name, hex,
			len > RAW_MAX ? ".." : "", len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		v = v << 8 | data[i];
	value_text(value, sizeof(value), r, v);
	snprintf(out, cap, "%s: %s (%s)", r->name, value, hex);
}
