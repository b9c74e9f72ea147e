/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "imagefile.h"
#include "wire.h"

#define NS_PER_S   1000000000u
#define DEFAULT_HZ 100000
#define CLOCK_MAX  (UINT64_MAX / 4) /* some 146 years: no timer wraps */

/* A transaction between its START and its STOP. */
struct held {
	bool open;  /* the bytes that follow are for the chip */
	bool acked; /* there is something to end */
	bool reads;
	struct access access;
	uint64_t from; /* bits count from here */
	size_t bits;
	uint8_t data[1 + DATALINK_FRAME_MAX +
		     1];  /* written, the last one makes it too long; or value */
	size_t len, have; /* bytes that passed; of the value */
};

struct sim {
	struct file_lock lock;
	char *path;
	bool is_real;
	uint64_t epoch, now;
	uint32_t hz;
	struct pace pace;
	struct nvm nvm;
	struct curves *curves;
	struct secmon secmon;
	struct applet applet;
	struct transport transport;
	struct datalink link;
	struct wire wire;
	bool is_held;
	struct held held;
};

static uint64_t monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* The two clocks differ in these two functions only. */
static uint64_t clock_read(struct sim *sim)
{
	uint64_t real = sim->is_real ? monotonic() - sim->epoch : 0;

	if (real > sim->now)
		sim->now = real;
	return sim->now;
}

static void clock_wait(struct sim *sim, uint64_t until)
{
	uint64_t real;

	while (sim->is_real && (real = monotonic() - sim->epoch) < until) {
		const struct timespec left = {
			.tv_sec = (time_t)((until - real) / NS_PER_S),
			.tv_nsec = (long)((until - real) % NS_PER_S),
		};

		nanosleep(&left, NULL);
	}
	sim->now = until;
}

static void wire_up(struct sim *sim, const struct sim_options *opt)
{
	sim->pace = (struct pace){
		.scale_milli = opt->has_scale ? opt->scale_milli : 1000,
		.has_jitter = opt->has_jitter,
		.jitter = opt->jitter,
	};
	sim->secmon.nvm = &sim->nvm;
	sim->applet.nvm = &sim->nvm;
	sim->applet.secmon = &sim->secmon;
	sim->applet.curves = sim->curves;
	sim->applet.pace = &sim->pace;
	sim->transport.applet = &sim->applet;
	sim->link.transport = &sim->transport;
	sim->link.pace = &sim->pace;
	sim->link.profile = sim->nvm.profile;
	sim->wire.nvm = &sim->nvm;
	sim->wire.applet = &sim->applet;
	sim->wire.link = &sim->link;
	sim->wire.secmon = &sim->secmon;
	sim->wire.pace = &sim->pace;
	sim->wire.check_ns = opt->has_nack ? (uint64_t)opt->nack_us * NS_PER_US
					   : pace_scaled(&sim->pace, sim->nvm.profile->check);
	sim->wire.released = true;
}

static struct sim *new_sim(void)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->lock.fd = -1;
	return s;
}

enum trustx_err sim_open(
	struct sim **sim, const char *path, const struct sim_options *opt, struct fail *f)
{
	static const struct sim_options defaults;
	enum trustx_err err;
	struct sim *s;

	*sim = NULL;
	opt = opt != NULL ? opt : &defaults;
	fail_clear(f);
	if ((s = new_sim()) == NULL || (s->path = strdup(path)) == NULL ||
		(s->curves = curves_new()) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((err = imagefile_lock(&s->lock, path, f)) != TRUSTX_OK)
		goto out;
	if ((err = imagefile_load_or_make(&s->nvm, s->curves, s->path, opt, f)) != TRUSTX_OK)
		goto out;
	s->is_real = opt->real_clock;
	s->epoch = s->is_real ? monotonic() : 0;
	s->hz = DEFAULT_HZ;
	s->nvm.cut = opt->cut;
	wire_up(s, opt);
	wire_set_power(&s->wire, true, 0);
	*sim = s;
	s = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	sim_close(s);
	if (err == TRUSTX_ERR_FILE || err == TRUSTX_ERR_PERMISSION)
		fail_next(f,
			"the chip's memory and its lock are files that must be writable: use a "
			"folder that is there, or copy the chip into one");
	return err == TRUSTX_OK ? err : fail_what(f, "open the simulated chip %s", path);
}

void sim_close(struct sim *sim)
{
	if (sim == NULL)
		return;
	if (sim->wire.powered)
		sim_set_power(sim, false);
	file_unlock(&sim->lock);
	curves_free(sim->curves);
	nvm_forget(&sim->nvm);
	free(sim->path);
	free(sim);
}

/* Bits on the wire, one after the other unless something came in between. */
static void clock_bits(struct sim *sim, size_t bits)
{
	struct held *h = &sim->held;

	if (sim->now != h->from + (uint64_t)h->bits * NS_PER_S / sim->hz) {
		h->from = sim->now;
		h->bits = 0;
	}
	h->bits += bits;
	sim->now = h->from + (uint64_t)h->bits * NS_PER_S / sim->hz;
}

bool sim_start(struct sim *sim, uint8_t addr, bool reads)
{
	struct held *h = &sim->held;
	bool repeated = sim->is_held;

	if (!repeated) {
		memset(h, 0, sizeof(*h));
		h->from = clock_read(sim);
		h->access = (struct access){ .start = h->from, .address = addr, .hz = sim->hz };
		h->reads = reads;
	}
	sim->is_held = true;
	clock_bits(sim, 1 + 9);
	/* The chip does not answer to its address after a repeated START. */
	h->open = false;
	if (repeated)
		return false;
	h->access.addressed = sim->now;
	h->open = h->acked = wire_select(&sim->wire, &h->access);
	if (h->acked && reads)
		h->have = wire_value(&sim->wire, h->data);
	return h->acked;
}

void sim_put(struct sim *sim, const uint8_t *data, size_t len)
{
	struct held *h = &sim->held;
	size_t room = sizeof(h->data) - h->len;

	if (!sim->is_held)
		return;
	clock_bits(sim, 9 * len);
	if (!h->open || h->reads || len == 0)
		return;
	len = len < room ? len : room;
	memcpy(h->data + h->len, data, len);
	h->len += len;
}

void sim_get(struct sim *sim, uint8_t *data, size_t len)
{
	struct held *h = &sim->held;
	size_t left;

	memset(data, 0xFF, len);
	if (!sim->is_held)
		return;
	clock_bits(sim, 9 * len);
	if (!h->open || !h->reads)
		return;
	left = h->len < h->have ? h->have - h->len : 0;
	memcpy(data, h->data + (h->have - left), len < left ? len : left);
	h->len += len;
}

void sim_stop(struct sim *sim)
{
	struct held *h = &sim->held;

	if (!sim->is_held)
		return;
	sim->is_held = false;
	clock_bits(sim, 1);
	h->access.stop = sim->now;
	if (!h->acked)
		wire_advance(&sim->wire, sim->now);
	else if (h->reads)
		wire_read(&sim->wire, &h->access, h->len, h->have);
	else
		wire_write(&sim->wire, &h->access, h->data, h->len);
	clock_wait(sim, sim->now);
}

enum sim_status sim_transfer(
	struct sim *sim, uint8_t addr, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen)
{
	bool reads = wlen == 0 && rlen > 0;
	bool acked = sim_start(sim, addr, reads);

	if (acked && reads)
		sim_get(sim, r, rlen);
	else if (acked)
		sim_put(sim, w, wlen);
	if (acked && wlen > 0 && rlen > 0)
		acked = sim_start(sim, addr, true);
	sim_stop(sim);
	return acked ? SIM_DONE : SIM_ADDRESS_NACK;
}

/* What resets the chip ends its part in the transaction. */
static void drop_held(struct sim *sim)
{
	sim->held.open = sim->held.acked = false;
}

void sim_wait_until(struct sim *sim, uint64_t ns)
{
	if (ns <= clock_read(sim))
		return;
	clock_wait(sim, ns < CLOCK_MAX ? ns : CLOCK_MAX);
	wire_advance(&sim->wire, sim->now);
}

void sim_delay(struct sim *sim, uint64_t us)
{
	uint64_t now = clock_read(sim);
	uint64_t most = now < CLOCK_MAX ? (CLOCK_MAX - now) / NS_PER_US : 0;

	us = us < most ? us : most;
	clock_wait(sim, now + us * NS_PER_US);
	wire_advance(&sim->wire, sim->now);
}

void sim_set_speed(struct sim *sim, uint32_t hz)
{
	if (hz > 0)
		sim->hz = hz;
}

void sim_set_reset(struct sim *sim, bool released)
{
	uint64_t now = clock_read(sim);

	wire_advance(&sim->wire, now);
	if (!released)
		drop_held(sim);
	wire_set_reset(&sim->wire, released, now);
}

void sim_set_power(struct sim *sim, bool on)
{
	uint64_t now = clock_read(sim);

	wire_advance(&sim->wire, now);
	if (!on)
		drop_held(sim);
	wire_set_power(&sim->wire, on, now);
}

uint64_t sim_now_ns(struct sim *sim)
{
	return clock_read(sim);
}

bool sim_is_virtual(const struct sim *sim)
{
	return !sim->is_real;
}

uint64_t sim_execution_ns(const struct sim *sim)
{
	return sim->pace.drawn_ns;
}

uint32_t sim_guard_violations(const struct sim *sim)
{
	return sim->wire.guard_violations;
}
