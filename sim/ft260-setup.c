/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ft260-setup.h"

#include "num.h"
#include "str.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum kind { NUMBER, TEXT, MODE, PIN, MILLI };

/* has: of a bool that tells that it was given, 0: none. */
struct knob {
	const char *name;
	enum kind kind;
	size_t at, size, has;
	uint64_t max;
};

#define PLACE(member) \
	offsetof(struct ft260_setup, member), sizeof(((struct ft260_setup *)NULL)->member)
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
	{ "uart", NUMBER, PLACE(opt.uart_mode), offsetof(struct ft260_setup, opt.has_uart_mode),
		4 },
	{ "vendor", NUMBER, PLACE(opt.vendor), 0, UINT16_MAX },
	{ "product", NUMBER, PLACE(opt.product), 0, UINT16_MAX },
	{ "chip-id", NUMBER, PLACE(opt.chip_id), 0, UINT16_MAX },
	{ "serial", TEXT, PLACE(serial), 0, 0 },
	{ "driver", TEXT, PLACE(driver), 0, 0 },
	{ "interface", NUMBER, PLACE(interface), 0, 1 },
	FLAG("denied", denied),
	FLAG("hidden", hidden),
	FLAG("hid-over-i2c", opt.hid_over_i2c),
	FLAG("no-power-saving", opt.no_power_saving),
	FLAG("stubborn-idle", faults.stubborn_idle),
	FLAG("lies", faults.lies),
	FLAG("stall", opt.stalls),
	COUNT("nack", faults.nack),
	COUNT("stick-busy", faults.stick_busy),
	COUNT("stick-bus", faults.stick_bus),
	COUNT("lose", faults.lose_input),
	COUNT("cut", faults.cut_input),
	COUNT("wrong-len", faults.wrong_input),
	COUNT("bus-lag", faults.bus_lag_us),
	COUNT("disconnect", faults.disconnect),
	{ "profile", TEXT, PLACE(profile), 0, 0 },
	{ "scale", MILLI, PLACE(chip.scale_milli), offsetof(struct ft260_setup, chip.has_scale),
		0 },
	{ "jitter", NUMBER, PLACE(chip.jitter), offsetof(struct ft260_setup, chip.has_jitter),
		UINT64_MAX },
	{ "seed", NUMBER, PLACE(chip.seed), offsetof(struct ft260_setup, chip.has_seed),
		UINT64_MAX },
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
	struct ft260_setup *s, const char *name, const char *value, struct fail *f)
{
	static const bool given = true;

	for (size_t i = 0; i < sizeof(knob_table) / sizeof(knob_table[0]); i++) {
		const struct knob *knob = &knob_table[i];

		if (strcmp(knob->name, name) != 0)
			continue;
		if (!set_value(knob, (char *)s + knob->at, value))
			return fail_set(f, TRUSTX_ERR_INPUT, "%s cannot be \"%s\"", name, value);
		if (knob->has != 0)
			memcpy((char *)s + knob->has, &given, sizeof(given));
		return TRUSTX_OK;
	}
	return fail_set(f, TRUSTX_ERR_INPUT, "a simulated FT260 has no knob \"%s\"", name);
}

static enum trustx_err set_knobs(struct ft260_setup *s, char *rest, struct fail *f)
{
	enum trustx_err err;
	char *word, *value;

	while ((word = str_word(&rest, ',')) != NULL) {
		value = strchr(word, '=');
		if (value != NULL)
			*value++ = '\0';
		if ((err = set_knob(s, word, value != NULL ? value : "1", f)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

enum trustx_err ft260_setup_parse(struct ft260_setup *s, const char *text, struct fail *f)
{
	char copy[FT260_PATH_MAX], *rest = copy, *file;
	enum trustx_err err;

	memset(s, 0, sizeof(*s));
	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return fail_set(f, TRUSTX_ERR_INPUT, "the path is longer than %zu characters",
			sizeof(copy) - 1);
	file = str_word(&rest, ',');
	if (file[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the file of the simulated chip is missing");
	memcpy(s->file, file, strlen(file) + 1);
	if ((err = set_knobs(s, rest, f)) != TRUSTX_OK)
		return err;
	s->opt.serial = s->serial;
	s->chip.profile = s->profile[0] != '\0' ? s->profile : NULL;
	return TRUSTX_OK;
}

enum trustx_err ft260_setup_open(
	struct ft260 **ft260, struct sim **chip, const struct ft260_setup *s, struct fail *f)
{
	enum trustx_err err;

	*ft260 = NULL;
	*chip = NULL;
	/* Only the I2C function has a chip: the other interface can be open at the same time. */
	if (s->interface == 0 && (err = sim_open(chip, s->file, &s->chip, f)) != TRUSTX_OK)
		return err;
	*ft260 = ft260_new(*chip, &s->opt);
	if (*ft260 == NULL) {
		sim_close(*chip);
		*chip = NULL;
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	*ft260_faults(*ft260) = s->faults;
	return TRUSTX_OK;
}
