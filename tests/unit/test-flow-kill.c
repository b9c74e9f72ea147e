/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "backend.h"
#include "personalize.h"
#include "state.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "flow-world.h"

#define STEPS	 9u
#define KILLS	 100u  /* at random instants */
#define CHIPS	 1000u /* at most, until there were so many kills */
#define STRIDE	 1u
#define PER_CHIP 6u /* kills, at most, before a run may finish */

static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static void stop_at(void *ctx, unsigned step, unsigned total, const char *text)
{
	const unsigned *stop = ctx;

	(void)total;
	(void)text;
	if (step == *stop)
		_exit(99);
}

/* stop: the step before which the process ends; 0: none. */
static struct personalize_result run(struct world *w, unsigned stop)
{
	struct personalize_options options = { .subject = { .text = TEST_SUBJECT },
		.progress = { stop_at, &stop } };
	struct personalize_result result;
	struct issuer issuer;
	struct fail f = { 0 };

	MUST(issuer_init(&issuer, "ca:" CA_DIR, NULL, NULL, &f), f);
	options.issuer = &issuer;
	MUST(personalize_run(&result, &w->dev, &one, &options, &f), f);
	issuer_free(&issuer);
	return result;
}

/* In a process of its own; the caller's chip is off meanwhile. */
static pid_t run_apart(struct world *w, unsigned stop)
{
	struct personalize_result result;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) != 0)
		return pid;
	world_connect(w);
	result = run(w, stop);
	personalize_free(&result);
	world_free(w);
	_exit(0);
}

static int end_of(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

static size_t issued(const uint8_t *uid)
{
	struct ca_entry *entries;
	struct fail f = { 0 };
	char serial[21];
	size_t count, mine = 0;

	for (size_t i = 0; i < 10; i++)
		snprintf(serial + 2 * i, 3, "%02x", uid[11 + i]);
	MUST(ca_list(&entries, &count, CA_DIR, &f), f);
	for (size_t i = 0; i < count; i++)
		mine += strstr(entries[i].subject, serial) != NULL;
	free(entries);
	return mine;
}

/* Finished, with one key, and the next run finds nothing to do. */
static void check_finished(struct world *w)
{
	struct personalize_result result = run(w, 0);
	struct sim_info info;

	CHECK(result.was_finished && result.key.proved);
	personalize_free(&result);
	info = world_info(w);
	CHECK_INT(info.key_generations[1], 1);
}

static void stopped_before_any_step_it_continues(void)
{
	struct personalize_result result;
	struct world w;
	int status;

	for (unsigned stop = 1; stop <= STEPS; stop++) {
		world_new(&w, stop, "");
		world_free(&w);
		status = end_of(run_apart(&w, stop));
		CHECK(WEXITSTATUS(status) == (stop == 3 ? 0 : 99));
		world_connect(&w);
		result = run(&w, 0);
		CHECK_INT(result.made_key, stop <= 2);
		CHECK_INT(result.reused_certificate, stop == 6 || stop == 7);
		CHECK_INT(result.was_finished, stop == 3 || stop >= 8);
		personalize_free(&result);
		check_finished(&w);
		CHECK_INT(issued(w.dev.uid), 1);
		world_free(&w);
	}
}

static void stopped_again_and_again_it_continues(void)
{
	static const unsigned stops[] = { 2, 4, 5, 4, 6, 4, 7, 8 };
	struct personalize_result result;
	struct world w;
	int status;

	world_new(&w, 20, "");
	world_free(&w);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		status = end_of(run_apart(&w, stops[i]));
		CHECK_INT(WEXITSTATUS(status), 99);
	}
	world_connect(&w);
	result = run(&w, 0);
	personalize_free(&result);
	check_finished(&w);
	CHECK_INT(issued(w.dev.uid), 1);
	world_free(&w);
}

/* ---- a bus on which the process ends ---- */

struct deadly {
	struct bus_ctx base; /* first: bus.h looks into it */
	struct trustx_bus below;
	unsigned writes, stop; /* end before write number stop */
};

static enum trustx_err deadly_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct deadly *d = ctx;

	if (++d->writes == d->stop)
		_exit(99);
	return d->below.ops->write(d->below.ctx, addr, data, len);
}

static enum trustx_err deadly_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct deadly *d = ctx;

	return d->below.ops->read(d->below.ctx, addr, data, len);
}

static uint64_t deadly_now(void *ctx)
{
	struct deadly *d = ctx;

	return d->below.ops->now_us(d->below.ctx);
}

static void deadly_sleep(void *ctx, uint32_t us)
{
	struct deadly *d = ctx;

	d->below.ops->sleep_us(d->below.ctx, us);
}

static const struct trustx_bus_ops deadly_ops = {
	.write = deadly_write,
	.read = deadly_read,
	.now_us = deadly_now,
	.sleep_us = deadly_sleep,
};

/* Exit status 0: it finished before. */
static int run_deadly(struct world *w, unsigned stop)
{
	struct personalize_result result;
	struct deadly deadly = { .stop = stop };
	pid_t pid;
	int status;

	fflush(stdout);
	if ((pid = fork()) != 0) {
		status = end_of(pid);
		return WEXITSTATUS(status);
	}
	world_connect(w);
	deadly.below = w->dev.bus;
	deadly.base.backend = ((const struct bus_ctx *)deadly.below.ctx)->backend;
	w->dev.bus.ops = &deadly_ops;
	w->dev.bus.ctx = &deadly;
	result = run(w, 0);
	personalize_free(&result);
	w->dev.bus = deadly.below;
	world_free(w);
	_exit(0);
}

static void killed_before_any_write_to_the_bus_it_continues(void)
{
	struct personalize_result result;
	struct world w;
	unsigned stop;
	int status = 99;

	for (stop = 1; status == 99; stop += STRIDE) {
		world_new(&w, 1000 + stop, "");
		world_free(&w);
		status = run_deadly(&w, stop);
		CHECK(status == 99 || status == 0);
		world_connect(&w);
		result = run(&w, 0);
		personalize_free(&result);
		check_finished(&w);
		CHECK_INT(issued(w.dev.uid), 1);
		world_free(&w);
	}
	printf("    one run is about %u writes\n", stop - STRIDE);
	CHECK(stop > 60);
}

/* ---- random instants ---- */

static long clock_us(void)
{
	struct timespec t;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (long)(t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

/* Seeded: the instants differ from machine to machine, but not from run to run. */
static unsigned draw(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 8) % below;
}

static bool killed_after(struct world *w, unsigned us)
{
	struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L };
	pid_t pid = run_apart(w, 0);
	int status;

	nanosleep(&pause, NULL);
	kill(pid, SIGKILL);
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

static void killed_at_any_instant_it_continues(void)
{
	struct personalize_result result;
	struct world w;
	unsigned seed = 7, kills = 0, chip, span;
	long begin;

	world_new(&w, 30, "");
	world_free(&w);
	begin = clock_us();
	CHECK_INT(end_of(run_apart(&w, 0)), 0);
	span = (unsigned)(clock_us() - begin) * 11 / 10 + 1;
	for (chip = 0; chip < CHIPS && kills < KILLS; chip++) {
		world_new(&w, 2000 + chip, "");
		world_free(&w);
		for (unsigned i = 0; i < PER_CHIP && killed_after(&w, draw(&seed, span)); i++)
			kills++;
		world_connect(&w);
		result = run(&w, 0);
		CHECK(result.key.proved);
		personalize_free(&result);
		check_finished(&w);
		world_free(&w);
	}
	printf("    %u kills on %u chips\n", kills, chip);
	CHECK(kills >= KILLS);
}

int main(void)
{
	world_init();
	RUN(stopped_before_any_step_it_continues);
	RUN(stopped_again_and_again_it_continues);
	RUN(killed_before_any_write_to_the_bus_it_continues);
	RUN(killed_at_any_instant_it_continues);
	return 0;
}
