/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "wire.h"

#include <string.h>

enum {
	REG_DATA = 0x80,
	REG_DATA_REG_LEN = 0x81,
	REG_I2C_STATE = 0x82,
	REG_BASE_ADDR = 0x83,
	REG_MAX_SCL_FREQU = 0x84,
	REG_SOFT_RESET = 0x88,
	REG_I2C_MODE = 0x89,
	REG_APP_STATE_0 = 0x90,
	REG_APP_STATE_15 = 0x9F,
};

enum { STATE_BUSY = 0x80, STATE_READY = 0x40, STATE_SOFT_RESET = 0x08 };
enum { STATE_PRESENTATION = 0x80 }; /* in the second byte */

#define PERSISTENT     0x80 /* in the first byte of BASE_ADDR and I2C_MODE */
#define MODE_FAST_PLUS 4
#define FRAME_MIN      16

static uint32_t max_khz(const struct wire *w)
{
	return w->mode == MODE_FAST_PLUS ? 1000 : 400;
}

static bool is_running(const struct wire *w)
{
	return w->powered && w->released && !w->nvm->gone;
}

/* Everything in RAM is lost. */
static void lose_state(struct wire *w)
{
	datalink_reset(w->link);
	nvm_reset(w->nvm);
	w->address = nvm_find(w->nvm, OID_BUS_SETTINGS)->data[0];
	w->mode = nvm_find(w->nvm, OID_BUS_SETTINGS)->data[1];
	w->reg = REG_DATA;
}

static void start_up(struct wire *w, uint64_t now)
{
	const struct profile *p = w->nvm->profile;
	uint32_t us = w->nvm->pending ? p->startup_pending : p->startup;

	secmon_reset(w->secmon, now);
	w->ready_at = w->active_at = now + pace_scaled(w->pace, us);
	w->guard_until = 0;
}

/* The supply or the reset line changed, or a soft reset came. */
static void reset(struct wire *w, uint64_t now)
{
	applet_interrupt(w->applet, now);
	lose_state(w);
	if (is_running(w))
		start_up(w, now);
}

void wire_set_power(struct wire *w, bool on, uint64_t now)
{
	if (on == w->powered)
		return;
	w->powered = on;
	reset(w, now);
}

void wire_set_reset(struct wire *w, bool released, uint64_t now)
{
	if (released == w->released)
		return;
	w->released = released;
	reset(w, now);
}

/* The next thing that happens in the application or on the link. */
static uint64_t next_event(const struct wire *w)
{
	uint64_t due = datalink_due(w->link);

	return w->applet->at < due ? w->applet->at : due;
}

void wire_advance(struct wire *w, uint64_t now)
{
	uint64_t t;

	if (is_running(w) && now >= w->ready_at)
		nvm_settle(w->nvm);
	while (is_running(w)) {
		t = next_event(w);
		secmon_fire(w->secmon, t < now ? t : now);
		if (t > now)
			break;
		w->active_at = t > w->active_at ? t : w->active_at;
		applet_fire(w->applet, t);
		datalink_fire(w->link, t);
	}
}

static bool is_asleep(const struct wire *w, uint64_t now)
{
	uint64_t delay = (uint64_t)nvm_byte(w->nvm, OID_SLEEP_DELAY) * NS_PER_MS;

	return !datalink_is_pending(w->link) && now >= w->active_at + delay;
}

/* The access that finds the chip asleep is not acknowledged, but wakes it. */
static bool wake(struct wire *w, uint64_t now)
{
	if (!is_asleep(w, now))
		return false;
	w->ready_at = w->active_at = now + pace_scaled(w->pace, w->nvm->profile->wake);
	return true;
}

bool wire_select(struct wire *w, const struct access *a)
{
	wire_advance(w, a->addressed);
	if (!is_running(w) || a->address != w->address || a->hz > max_khz(w) * 1000)
		return false;
	if (a->addressed < w->ready_at || wake(w, a->addressed))
		return false;
	w->active_at = a->addressed;
	if (a->start < w->guard_until) {
		w->guard_violations++;
		return false;
	}
	return true;
}

static void finish_access(struct wire *w, const struct access *a)
{
	wire_advance(w, a->stop);
	w->active_at = a->stop;
	w->guard_until = a->stop + (uint64_t)w->nvm->profile->guard * NS_PER_US;
}

/* Address and mode are one object: the other half keeps its persistent value. */
static void keep_setting(struct wire *w, size_t at, uint8_t value)
{
	struct change c;

	change_begin(&c, nvm_find(w->nvm, OID_BUS_SETTINGS));
	c.after.data[at] = value;
	/* A chip that cannot program goes on with the volatile setting. */
	if (nvm_commit(w->nvm, &c) != TRUSTX_OK)
		return;
}

static void set_address(struct wire *w, const uint8_t *v)
{
	w->address = v[1] & 0x7F;
	if (v[0] & PERSISTENT)
		keep_setting(w, 0, w->address);
}

static void set_mode(struct wire *w, const uint8_t *v)
{
	uint8_t mode = v[1] & 7;

	if (mode == 0 || mode > MODE_FAST_PLUS)
		return;
	w->mode = mode;
	if (v[0] & PERSISTENT)
		keep_setting(w, 1, mode);
}

static void set_frame_max(struct wire *w, const uint8_t *v)
{
	size_t len = (size_t)(v[0] << 8 | v[1]);

	if (len >= FRAME_MIN)
		w->link->frame_max = len < DATALINK_FRAME_MAX ? len : DATALINK_FRAME_MAX;
}

/* Writes to other registers, and of half a value, are acknowledged and ignored. */
static void write_register(struct wire *w, const uint8_t *data, size_t len, uint64_t now)
{
	if (w->reg == REG_DATA) {
		datalink_receive(w->link, data, len, now);
		w->ready_at = now + w->check_ns;
	} else if (w->reg == REG_SOFT_RESET) {
		reset(w, now);
	} else if (len < 2) {
		return;
	} else if (w->reg == REG_DATA_REG_LEN) {
		set_frame_max(w, data);
	} else if (w->reg == REG_BASE_ADDR) {
		set_address(w, data);
	} else if (w->reg == REG_I2C_MODE) {
		set_mode(w, data);
	}
}

void wire_write(struct wire *w, const struct access *a, const uint8_t *data, size_t len)
{
	finish_access(w, a);
	if (len == 0)
		return;
	w->reg = data[0];
	if (len > 1)
		write_register(w, data + 1, len - 1, a->stop);
	wire_advance(w, a->stop);
}

static size_t be(uint8_t *out, uint32_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
	return len;
}

static size_t state_value(const struct wire *w, uint8_t *out)
{
	size_t len = datalink_peek_len(w->link);

	out[0] = STATE_SOFT_RESET;
	if (datalink_is_busy(w->link))
		out[0] |= STATE_BUSY;
	if (len > 0)
		out[0] |= STATE_READY;
	out[1] = w->nvm->profile->model == MODEL_TRUST_X ? 0 : STATE_PRESENTATION;
	return 2 + be(out + 2, (uint32_t)len, 2);
}

/* Guard time and time-out registers read as "not supported", as an unknown register does. */
size_t wire_value(const struct wire *w, uint8_t out[static DATALINK_FRAME_MAX])
{
	if (w->reg >= REG_APP_STATE_0 && w->reg <= REG_APP_STATE_15)
		return be(out, 0, 4);
	switch (w->reg) {
	case REG_DATA:
		return datalink_peek(w->link, out);
	case REG_DATA_REG_LEN:
		return be(out, (uint32_t)w->link->frame_max, 2);
	case REG_I2C_STATE:
		return state_value(w, out);
	case REG_MAX_SCL_FREQU:
		return be(out, max_khz(w), 4);
	case REG_I2C_MODE:
		return be(out, w->mode, 2);
	default:
		return 0;
	}
}

/* A frame that is not read to its end stays, and is read from its beginning the next time. */
void wire_read(struct wire *w, const struct access *a, size_t len, size_t have)
{
	finish_access(w, a);
	if (w->reg == REG_DATA && have > 0 && len >= have)
		datalink_fetched(w->link, a->stop);
	wire_advance(w, a->stop);
}
