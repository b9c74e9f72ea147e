/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The I2C bus behind an FT260: AN_394 4.4 (clock, reset), 4.5 (transfers, status). */
#include "ft260-bridge.h"

#include "usb-words.h"

#include <stdio.h>
#include <string.h>

#define PART	     60u  /* data bytes of a report */
#define PIPELINE_KHZ 400u /* slower, the chip's buffer fills up and its status lags */
#define PATIENCE_US  100000u
#define WAKE_UP_US   20000u   /* of a chip that fell asleep meanwhile */
#define IDLE_US	     4800000u /* after 5 s without exchange it saves power */
#define QUEUE_MAX    1200u    /* input reports of the longest read */
#define RESET_US     12000u
#define LOW_US	     2000u
#define CONTROL_US   200u /* a status report by a fast host */

enum { REPORT_STATUS = 0xC0, REPORT_READ = 0xC2, REPORT_DATA = 0xD0, REPORT_DATA_LAST = 0xDE };
enum { REPORT_SYSTEM = 0xA1, SET_RESET = 0x20, SET_CLOCK = 0x22 };
enum { FLAG_START = 0x02, FLAG_STOP = 0x04 };
enum status {
	STATUS_BUSY = 0x01, /* nothing else counts then */
	STATUS_ADDRESS = 0x04,
	STATUS_DATA = 0x08,
	STATUS_LOST = 0x10,
	STATUS_ERRORS = 0x1E,
	STATUS_HELD = 0x40, /* the bus: between START and STOP */
};

static enum trustx_err read_status(struct bridge *b, uint8_t *status, uint32_t *khz)
{
	uint8_t report[5] = { REPORT_STATUS };
	enum trustx_err err = bridge_get(b, report, sizeof(report));

	*status = report[1];
	*khz = (uint32_t)report[2] | (uint32_t)report[3] << 8;
	return err;
}

/* Until none of the bits mask is set, or patience_us have passed. */
static enum trustx_err wait_long(
	struct bridge *b, uint8_t *status, uint8_t mask, uint64_t patience_us)
{
	const uint64_t now_us = bridge_now_us(b);
	const uint64_t quiet_us = b->quiet_us > now_us ? b->quiet_us : now_us;
	enum trustx_err err;
	uint32_t khz;

	/* The first look comes so much later than it is asked for. */
	if (quiet_us > now_us + CONTROL_US)
		bridge_sleep_us(b, (uint32_t)(quiet_us - now_us - CONTROL_US));
	do {
		if ((err = read_status(b, status, &khz)) != TRUSTX_OK)
			return err;
		/* The first after saving power is that of before: see wake. */
		if (b->stale && (err = read_status(b, status, &khz)) != TRUSTX_OK)
			return err;
		b->stale = false;
		if ((*status & mask) == 0)
			return TRUSTX_OK;
	} while (bridge_now_us(b) < quiet_us + patience_us);
	return fail_set(&b->base.fail, TRUSTX_ERR_BUS,
		(*status & STATUS_BUSY) != 0
			? "the adapter's I2C controller does not come to an end (status 0x%02X)"
			: "the I2C bus stays busy: SDA or SCL is held low (status 0x%02X)",
		*status);
}

static enum trustx_err wait_status(struct bridge *b, uint8_t *status, uint8_t mask)
{
	return wait_long(b, status, mask, PATIENCE_US);
}

/* A data byte not acknowledged in a later report follows from an address that was not. */
static enum trustx_err judge(struct bridge *b, uint8_t status, bool parts)
{
	struct fail *f = &b->base.fail;

	if ((status & STATUS_ERRORS) == 0)
		return TRUSTX_OK;
	if ((status & STATUS_ADDRESS) != 0 || (parts && (status & STATUS_DATA) != 0))
		return TRUSTX_ERR_NACK;
	if ((status & STATUS_DATA) != 0)
		return fail_set(f, TRUSTX_ERR_BUS, "the chip did not acknowledge a data byte");
	if ((status & STATUS_LOST) != 0)
		return fail_set(f, TRUSTX_ERR_BUS, "another controller is active on the I2C bus");
	return fail_set(f, TRUSTX_ERR_BUS, "the adapter reports an error (status 0x%02X)", status);
}

static enum trustx_err stop_bus(struct bridge *b)
{
	static const uint8_t report[] = { REPORT_SYSTEM, SET_RESET };

	return bridge_set(b, report, sizeof(report));
}

/* A transaction that was not stopped holds the bus until the controller is reset. */
static enum trustx_err finish(struct bridge *b, uint8_t status, bool parts)
{
	enum trustx_err err = judge(b, status, parts), started = TRUSTX_OK;

	if (err != TRUSTX_OK && (status & STATUS_HELD) != 0)
		started = bridge_start(b);
	return started != TRUSTX_OK ? started : err;
}

static enum trustx_err put(struct bridge *b, const uint8_t *report, size_t len)
{
	enum trustx_err err = b->hid->ops->write(b->hid, report, len, &b->base.fail);

	b->exchange_us = bridge_now_us(b);
	b->deaf = err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_TIMEOUT;
	return b->deaf ? TRUSTX_ERR_BUS : err;
}

/* Bytes that were given to the controller, addresses included. */
static void expect(struct bridge *b, size_t bytes)
{
	const uint64_t now_us = bridge_now_us(b);

	if (b->quiet_us < now_us)
		b->quiet_us = now_us;
	b->quiet_us += (9 * (uint64_t)bytes + 2) * 1000 / b->khz;
}

/*
 * After 5 s without an exchange the first status may be that of before, and the first transfer
 * pass for acknowledged: wake it with one, and do not believe the next.
 */
static enum trustx_err wake(struct bridge *b)
{
	uint8_t status;
	uint32_t khz;

	if (bridge_now_us(b) - b->exchange_us < IDLE_US)
		return TRUSTX_OK;
	b->stale = true;
	return read_status(b, &status, &khz);
}

static enum trustx_err write_once(struct bridge *b, uint8_t addr, const uint8_t *data, size_t len)
{
	const bool parts = len > PART;
	enum trustx_err err;
	uint8_t status = 0;

	for (size_t at = 0, part; at < len; at += part) {
		uint8_t report[HID_REPORT_MAX] = { 0 };

		part = len - at < PART ? len - at : PART;
		report[0] = (uint8_t)(REPORT_DATA + (part - 1) / 4);
		report[1] = addr;
		report[2] =
			(uint8_t)((at == 0 ? FLAG_START : 0) | (at + part == len ? FLAG_STOP : 0));
		report[3] = (uint8_t)part;
		memcpy(report + 4, data + at, part);
		if ((err = put(b, report, 4 + (part + 3) / 4 * 4)) != TRUSTX_OK)
			return err;
		expect(b, part + (at == 0));
		if (at + part == len || b->khz >= PIPELINE_KHZ)
			continue;
		if ((err = wait_status(b, &status, STATUS_BUSY)) != TRUSTX_OK)
			return err;
		if ((status & STATUS_ERRORS) != 0)
			return finish(b, status, parts);
	}
	if ((err = wait_status(b, &status, STATUS_BUSY)) != TRUSTX_OK)
		return err;
	if ((status & (STATUS_ERRORS | STATUS_HELD)) == STATUS_HELD &&
		(err = wait_status(b, &status, STATUS_BUSY | STATUS_HELD)) != TRUSTX_OK)
		return err;
	return finish(b, status, parts);
}

static bool is_data(const uint8_t *report, size_t len)
{
	return len > 0 && report[0] >= REPORT_DATA && report[0] <= REPORT_DATA_LAST;
}

/* The next input report with data; *len 0: none within timeout_us. */
static enum trustx_err take(
	struct bridge *b, uint8_t report[static HID_REPORT_MAX], size_t *len, uint64_t timeout_us)
{
	const uint64_t deadline_us = bridge_now_us(b) + timeout_us;
	enum trustx_err err;
	uint64_t now_us;

	do {
		now_us = bridge_now_us(b);
		*len = HID_REPORT_MAX;
		err = b->hid->ops->read(b->hid, report, len,
			now_us < deadline_us ? (unsigned)((deadline_us - now_us) / 1000 + 1) : 0,
			&b->base.fail);
		b->exchange_us = bridge_now_us(b);
		b->deaf = err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_TIMEOUT;
		if (err != TRUSTX_OK)
			return b->deaf ? TRUSTX_ERR_BUS : err;
	} while (*len > 0 && !is_data(report, *len) && b->exchange_us < deadline_us);
	if (!is_data(report, *len))
		*len = 0;
	return TRUSTX_OK;
}

/* Nothing came in time: is that because nobody was there to give it? */
static enum trustx_err explain_silence(struct bridge *b, size_t got, size_t len)
{
	enum trustx_err err;
	uint8_t status;

	b->deaf = got == 0;
	if ((err = wait_long(b, &status, STATUS_BUSY, 0)) != TRUSTX_OK)
		return err;
	if ((err = finish(b, status, false)) != TRUSTX_OK)
		return err;
	return fail_set(&b->base.fail, TRUSTX_ERR_BUS,
		"the adapter sent %zu bytes of data where %zu are due", got, len);
}

static enum trustx_err collect(struct bridge *b, uint8_t *data, size_t len)
{
	const uint64_t wire_us = (9 * (uint64_t)PART + 20) * 1000 / b->khz;
	uint8_t report[HID_REPORT_MAX];
	enum trustx_err err;
	size_t n;

	for (size_t got = 0; got < len; got += report[1]) {
		if ((err = take(b, report, &n, PATIENCE_US + wire_us)) != TRUSTX_OK)
			return err;
		if (n == 0)
			return explain_silence(b, got, len);
		if (n < 2 || report[1] == 0 || report[1] > n - 2 || report[1] > len - got)
			return fail_set(&b->base.fail, TRUSTX_ERR_BUS,
				"the adapter sent a report of %zu bytes that claims %u bytes of "
				"data, where %zu are due",
				n, n < 2 ? 0u : report[1], len - got);
		memcpy(data + got, report + 2, report[1]);
	}
	return TRUSTX_OK;
}

static bool is_all_high(const uint8_t *data, size_t len)
{
	while (len > 0 && data[len - 1] == 0xFF)
		len--;
	return len == 0;
}

static enum trustx_err read_once(struct bridge *b, uint8_t addr, uint8_t *data, size_t len)
{
	const uint8_t report[5] = { REPORT_READ, addr, FLAG_START | FLAG_STOP, (uint8_t)len,
		(uint8_t)(len >> 8) };
	enum trustx_err err;
	uint8_t status;

	if ((err = put(b, report, sizeof(report))) != TRUSTX_OK)
		return err;
	/* Also where nobody acknowledges something comes, which must not wait for the next. */
	if ((err = collect(b, data, len)) != TRUSTX_OK)
		return err;
	if ((err = wait_status(b, &status, STATUS_BUSY | STATUS_HELD)) != TRUSTX_OK)
		return err;
	/* A missing acknowledge is not reported if there is more than one report of data. */
	if ((status & STATUS_ERRORS) == 0 && len > PART && is_all_high(data, len))
		return TRUSTX_ERR_NACK;
	return finish(b, status, false);
}

static enum trustx_err drain(struct bridge *b)
{
	uint8_t report[HID_REPORT_MAX];
	enum trustx_err err = TRUSTX_OK;
	size_t len = 1;

	for (unsigned i = 0; i < QUEUE_MAX && err == TRUSTX_OK && len > 0; i++) {
		len = sizeof(report);
		err = b->hid->ops->read(b->hid, report, &len, 0, &b->base.fail);
	}
	return err;
}

enum trustx_err bridge_set_clock(struct bridge *b, uint32_t khz)
{
	const uint8_t report[] = { REPORT_SYSTEM, SET_CLOCK, (uint8_t)khz, (uint8_t)(khz >> 8) };
	enum trustx_err err;
	uint8_t status;
	uint32_t is;

	if (khz < FT260_KHZ_MIN || khz > FT260_KHZ_MAX)
		return fail_set(&b->base.fail, TRUSTX_ERR_INPUT,
			"%u kHz are outside of what an FT260 can, %u to %u kHz", (unsigned)khz,
			FT260_KHZ_MIN, FT260_KHZ_MAX);
	if ((err = bridge_set(b, report, sizeof(report))) != TRUSTX_OK)
		return err;
	if ((err = read_status(b, &status, &is)) != TRUSTX_OK)
		return err;
	if (is != khz)
		return fail_set(&b->base.fail, TRUSTX_ERR_BUS,
			"the adapter was set to %u kHz, but is at %u kHz", (unsigned)khz,
			(unsigned)is);
	b->khz = khz;
	return TRUSTX_OK;
}

enum trustx_err bridge_start(struct bridge *b)
{
	enum trustx_err err;

	b->quiet_us = 0;
	if ((err = stop_bus(b)) != TRUSTX_OK || (err = drain(b)) != TRUSTX_OK)
		return err;
	return bridge_set_clock(b, b->khz);
}

enum trustx_err bridge_is_held(struct bridge *b, bool *held)
{
	enum trustx_err err;
	uint8_t status;
	uint32_t khz;

	err = read_status(b, &status, &khz);
	*held = (status & (STATUS_BUSY | STATUS_HELD)) != 0;
	return err;
}

/* Start afresh and see whether the bus is free then. */
static enum trustx_err start_and_look(struct bridge *b, bool *held)
{
	enum trustx_err err = bridge_start(b);

	return err == TRUSTX_OK ? bridge_is_held(b, held) : err;
}

static enum trustx_err pull_reset(struct bridge *b)
{
	enum trustx_err err;

	if ((err = bridge_pin_set(b, false)) != TRUSTX_OK)
		return err;
	bridge_sleep_us(b, LOW_US);
	err = bridge_pin_set(b, true);
	bridge_sleep_us(b, RESET_US);
	return err;
}

/*
 * After a failure: the controller is reset; if the bus is held then, it is clocked by hand, then
 * the chip is reset. *again: the transaction may be tried once more, the chip having lost nothing.
 */
static enum trustx_err recover(struct bridge *b, bool *again)
{
	bool held = false;
	enum trustx_err err;

	*again = false;
	if ((err = start_and_look(b, &held)) != TRUSTX_OK)
		return err;
	if (held && ((err = bridge_clock_out(b)) != TRUSTX_OK ||
			    (err = start_and_look(b, &held)) != TRUSTX_OK))
		return err;
	*again = !held;
	if (held && b->reset_pin != FT260_PIN_NONE && (err = pull_reset(b)) == TRUSTX_OK)
		err = start_and_look(b, &held);
	if (err != TRUSTX_OK || !held)
		return err;
	fail_set(&b->base.fail, TRUSTX_ERR_BUS,
		"SDA or SCL is held low, and resetting the adapter's controller%s does not free it",
		b->reset_pin != FT260_PIN_NONE ? " and the chip" : "");
	fail_next(&b->base.fail, "look for a short circuit and missing pull-up resistors, then "
				 "unplug the adapter and plug it in again");
	fail_cause(&b->base.fail, "bus-stuck");
	return TRUSTX_ERR_BUS;
}

/*
 * FTDI TN_189: rarely, both data endpoints are stalled from when the adapter is plugged in, and
 * only a reset of the port helps. Settings pass then as usual.
 */
static enum trustx_err name_stall(struct bridge *b)
{
	struct fail *f = &b->base.fail;
	char why[160];

	snprintf(why, sizeof(why), "%.150s", f->why);
	fail_set(f, TRUSTX_ERR_BUS,
		"the adapter answers questions, but carries no data (%s): its data endpoints are "
		"stalled, as FT260s sometimes are once they are plugged in",
		why);
	fail_next(f, "%s", usb_words_reset);
	fail_cause(f, "ft260-stalled");
	return TRUSTX_ERR_BUS;
}

/* Exactly one of out and in is there. */
struct transaction {
	const uint8_t *out;
	uint8_t *in;
	size_t len;
	uint8_t addr;
};

static enum trustx_err run_once(struct bridge *b, const struct transaction *t)
{
	enum trustx_err err = wake(b);

	b->deaf = false;
	if (err != TRUSTX_OK)
		return err;
	return t->out != NULL ? write_once(b, t->addr, t->out, t->len)
			      : read_once(b, t->addr, t->in, t->len);
}

static enum trustx_err run_again(struct bridge *b, const struct transaction *t)
{
	const uint64_t begin_us = bridge_now_us(b);
	enum trustx_err err;

	do
		err = run_once(b, t);
	while (err == TRUSTX_ERR_NACK && bridge_now_us(b) - begin_us < WAKE_UP_US);
	return err;
}

/*
 * What fails on the way to the chip is tried once more. The chip takes it: a frame that comes
 * twice is known by its number, and a register can be read again.
 */
static enum trustx_err run(struct bridge *b, const struct transaction *t)
{
	enum trustx_err err = run_once(b, t), recovered;
	struct fail why;
	bool again;

	if (err != TRUSTX_ERR_BUS)
		return err;
	why = b->base.fail;
	if ((recovered = recover(b, &again)) != TRUSTX_OK)
		return recovered;
	b->base.fail = why;
	if (again)
		err = run_again(b, t);
	if ((err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_NACK) && b->deaf)
		return name_stall(b);
	/* What comes next shall not find the rest of this. */
	if (err == TRUSTX_ERR_BUS && (recovered = bridge_start(b)) != TRUSTX_OK)
		return recovered;
	return err;
}

enum trustx_err bridge_write(struct bridge *b, uint8_t addr, const uint8_t *data, size_t len)
{
	const struct transaction t = { .out = data, .len = len, .addr = addr };

	return run(b, &t);
}

enum trustx_err bridge_read(struct bridge *b, uint8_t addr, uint8_t *data, size_t len)
{
	const struct transaction t = { .in = data, .len = len, .addr = addr };

	return run(b, &t);
}
