/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* AN_394 section 4.5, and what Linux driver authors saw: reports to I2C and back. */
#include "ft260.h"

#include "ft260-model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_US    1000u
#define NS_PER_S     1000000000u
#define IDLE_NS	     (5ull * NS_PER_S)
#define SCL_TO_FREE  9
#define NACK_LOST_AT 60 /* longer reads in one request do not tell of a NACK */

enum { ID_READ = 0xC2, ID_DATA = 0xD0, ID_DATA_LAST = 0xDE };
enum { FLAG_START = 0x02, FLAG_STOP = 0x04 };

struct job {
	uint8_t addr, flags;
	bool reads;
	const uint8_t *data;
	size_t len;
	uint64_t at; /* how far it is */
	uint64_t arrived;
};

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Count down to a fault; true: now. */
static bool strikes(uint32_t *left)
{
	return *left > 0 && --*left == 0;
}

static bool strikes_each(uint32_t *left)
{
	if (*left == 0)
		return false;
	--*left;
	return true;
}

struct ft260 *ft260_new(struct sim *chip, const struct ft260_options *opt)
{
	static const struct ft260_options defaults;
	struct ft260 *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->chip = chip;
	f->opt = opt != NULL ? *opt : defaults;
	snprintf(f->serial, sizeof(f->serial), "%s", f->opt.serial != NULL ? f->opt.serial : "");
	f->opt.serial = f->serial;
	f->used_at = f->run_at = FT260_NEVER;
	f->engine.status = ST_IDLE;
	f->released = true;
	ft260_settings_init(f);
	ft260_descriptors_init(f);
	return f;
}

void ft260_free(struct ft260 *f)
{
	free(f);
}

struct ft260_faults *ft260_faults(struct ft260 *f)
{
	return &f->faults;
}

unsigned ft260_interfaces(const struct ft260 *f)
{
	return f->opt.mode == FT260_BOTH ? 2 : 1;
}

bool ft260_is_i2c(const struct ft260 *f, unsigned interface)
{
	return interface == 0 && f->opt.mode != FT260_UART_ONLY;
}

/* The exchange that the last report counts for still takes place. */
bool ft260_touch(struct ft260 *f, uint64_t now)
{
	if (f->gone) {
		if (f->chip != NULL) {
			sim_wait_until(f->chip, now);
			sim_set_power(f->chip, false);
		}
		return false;
	}
	f->gone = strikes(&f->faults.disconnect);
	f->used_at = now;
	return true;
}

static void clock_bits(const struct ft260 *f, struct job *j, size_t bits)
{
	j->at += (uint64_t)bits * 1000000 / f->settings.khz;
}

static void clock_bytes(const struct ft260 *f, struct job *j, size_t len)
{
	clock_bits(f, j, 9 * len);
	if (f->engine.acked)
		j->at = later(j->at, sim_now_ns(f->chip));
}

static bool select_chip(struct ft260 *f, const struct job *j)
{
	if (strikes_each(&f->faults.nack) || f->chip == NULL)
		return false;
	sim_wait_until(f->chip, j->at);
	sim_set_speed(f->chip, f->settings.khz * 1000u);
	return sim_start(f->chip, j->addr, j->reads);
}

/* Whether the bus lets the engine go on. */
static bool start(struct ft260 *f, struct job *j)
{
	struct ft260_engine *e = &f->engine;

	if (strikes(&f->faults.stick_bus)) {
		e->sda_stuck = true;
		e->scl_pulses = 0;
	}
	if (strikes(&f->faults.stick_busy) || e->sda_stuck) {
		e->busy_until = FT260_NEVER;
		return false;
	}
	e->acked = select_chip(f, j);
	e->reads = j->reads;
	e->held = true;
	e->status = e->acked ? 0 : ST_ERROR | ST_NO_ADDRESS;
	clock_bits(f, j, 1 + 9);
	if (e->acked)
		j->at = later(j->at, sim_now_ns(f->chip));
	return true;
}

static void stop(struct ft260 *f, uint64_t at)
{
	if (f->chip != NULL) {
		sim_wait_until(f->chip, at);
		sim_stop(f->chip);
	}
	f->engine.held = f->engine.acked = false;
}

static void put(struct ft260 *f, struct job *j)
{
	struct ft260_engine *e = &f->engine;

	if (e->acked && !e->reads) {
		sim_wait_until(f->chip, j->at);
		sim_put(f->chip, j->data, j->len);
	} else if (j->len > 0) {
		e->status |= ST_ERROR | ST_NO_DATA;
	}
	clock_bytes(f, j, j->len);
}

static void spoil(struct ft260 *f, struct ft260_input *in)
{
	if (strikes(&f->faults.cut_input))
		in->len = (uint8_t)(2 + (in->len - 2) / 2);
	if (strikes(&f->faults.wrong_input) || f->faults.lies)
		in->data[1] = in->len; /* two more than there is room for */
}

static void queue(struct ft260 *f, const struct job *j, const uint8_t *data, size_t len)
{
	size_t units = (len + 3) / 4;
	struct ft260_input *in;

	if (strikes(&f->faults.lose_input) || f->count == FT260_QUEUE)
		return;
	in = &f->queue[(f->first + f->count++) % FT260_QUEUE];
	memset(in, 0, sizeof(*in));
	in->len = (uint8_t)(2 + 4 * units);
	in->data[0] = (uint8_t)(ID_DATA + units - 1);
	in->data[1] = (uint8_t)len;
	memcpy(in->data + 2, data, len);
	spoil(f, in);
	in->due = later(j->at, later(j->arrived, f->in_last) + FT260_SLOT_NS);
	f->in_last = in->due;
}

static void get(struct ft260 *f, struct job *j)
{
	struct ft260_engine *e = &f->engine;
	uint8_t data[FT260_DATA_MAX];
	size_t n, left = j->len;

	if (left > NACK_LOST_AT && (j->flags & FLAG_START))
		e->status = 0;
	for (; left > 0; left -= n) {
		n = left < FT260_DATA_MAX ? left : FT260_DATA_MAX;
		memset(data, 0xFF, sizeof(data));
		if (e->acked && e->reads) {
			sim_wait_until(f->chip, j->at);
			sim_get(f->chip, data, n);
		}
		clock_bytes(f, j, n);
		queue(f, j, data, n);
	}
}

/* Between parts driver authors saw both 40 and 60. */
static void finish(struct ft260 *f, struct job *j)
{
	struct ft260_engine *e = &f->engine;

	e->status &= ST_ERRORS;
	if (j->flags & FLAG_STOP) {
		stop(f, j->at);
		clock_bits(f, j, 1);
		e->status |= ST_IDLE;
	} else {
		e->status |= ST_BUS_BUSY;
		if (!(j->flags & FLAG_START) && !(e->status & ST_ERRORS))
			e->status |= ST_IDLE;
	}
	e->busy_until = j->at;
	e->free_at = j->at + (uint64_t)f->faults.bus_lag_us * NS_PER_US;
}

static void run(struct ft260 *f, struct job *j)
{
	struct ft260_engine *e = &f->engine;

	e->begun = e->busy_until = j->at = later(j->arrived, e->busy_until);
	if (j->at == FT260_NEVER)
		return;
	if ((j->flags & FLAG_START) && !start(f, j))
		return;
	if (j->reads)
		get(f, j);
	else
		put(f, j);
	finish(f, j);
}

static bool parse(struct job *j, const uint8_t *p, size_t len)
{
	const size_t room = len > 0 && p[0] >= ID_DATA ? 4 * (p[0] - (size_t)ID_DATA + 1) : 0;

	if (len >= 5 && p[0] == ID_READ) {
		j->reads = true;
		j->len = (size_t)(p[3] | p[4] << 8);
	} else if (len >= 4 && p[0] >= ID_DATA && p[0] <= ID_DATA_LAST) {
		j->len = p[3];
		j->data = p + 4;
		if (j->len > room || 4 + j->len > len)
			return false;
	} else {
		return false;
	}
	j->addr = p[1] & 0x7F;
	j->flags = p[2];
	return true;
}

/* The erratum of power saving, as far as its traces in drivers tell. */
static bool was_idle(const struct ft260 *f, uint64_t now)
{
	uint64_t since = f->faults.stubborn_idle ? f->run_at : f->used_at;

	return !f->opt.no_power_saving && since != FT260_NEVER && now >= since + IDLE_NS;
}

enum ft260_result ft260_out(struct ft260 *f, uint64_t now, unsigned interface,
	const uint8_t *report, size_t len, uint64_t *done)
{
	struct job j = { .addr = 0 };
	bool idle = was_idle(f, now);

	*done = now;
	if (!ft260_touch(f, now))
		return FT260_GONE;
	if (f->opt.stalls || interface >= ft260_interfaces(f))
		return FT260_STALL;
	if (!ft260_is_i2c(f, interface)) {
		*done = now + FT260_SLOT_NS;
		return FT260_OK;
	}
	*done = f->engine.begun;
	if (f->engine.begun == FT260_NEVER)
		return FT260_OK;
	*done = later(later(now, f->out_free) + FT260_SLOT_NS, f->engine.begun);
	f->run_at = f->used_at = f->out_free = j.arrived = *done;
	if (!f->settings.i2c_enable || f->opt.hid_over_i2c || !parse(&j, report, len))
		return FT260_OK;
	f->engine.stale = idle && !j.reads;
	run(f, &j);
	return FT260_OK;
}

uint64_t ft260_in_due(const struct ft260 *f, unsigned interface)
{
	if (interface != 0 || f->count == 0 || f->opt.stalls)
		return FT260_NEVER;
	return f->queue[f->first].due;
}

enum ft260_result ft260_in(struct ft260 *f, uint64_t now, unsigned interface,
	uint8_t report[static FT260_REPORT_MAX], size_t *len)
{
	const struct ft260_input *in = &f->queue[f->first];

	*len = 0;
	if (f->gone && !ft260_touch(f, now))
		return FT260_GONE;
	if (f->opt.stalls || interface >= ft260_interfaces(f))
		return FT260_STALL;
	if (ft260_in_due(f, interface) > now)
		return FT260_OK;
	if (!ft260_touch(f, now))
		return FT260_GONE;
	*len = in->len;
	memcpy(report, in->data, in->len);
	f->first = (f->first + 1) % FT260_QUEUE;
	f->count--;
	return FT260_OK;
}

uint8_t ft260_engine_status(struct ft260 *f, uint64_t now)
{
	struct ft260_engine *e = &f->engine;
	uint8_t status = e->status;

	if (now < e->busy_until)
		return ST_BUSY | ST_BUS_BUSY;
	if (e->stale)
		status &= (uint8_t)~ST_ERRORS;
	e->stale = false;
	if (e->sda_stuck || now < e->free_at)
		status = (uint8_t)((status & ~ST_IDLE) | ST_BUS_BUSY);
	return status;
}

void ft260_engine_reset(struct ft260 *f, uint64_t now)
{
	struct ft260_engine *e = &f->engine;

	if (e->held)
		stop(f, now);
	e->status = ST_IDLE;
	e->stale = false;
	e->begun = e->busy_until = e->free_at = now;
	f->out_free = now;
	f->count = 0;
	f->in_last = now;
}

void ft260_engine_pulse(struct ft260 *f)
{
	struct ft260_engine *e = &f->engine;

	if (++e->scl_pulses >= SCL_TO_FREE)
		e->sda_stuck = false;
}
