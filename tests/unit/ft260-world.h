/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A simulated FT260 with a chip, driven report by report from hexadecimal text. */
#ifndef TESTS_FT260_WORLD_H
#define TESTS_FT260_WORLD_H

#include "ft260.h"
#include "sim-host.h"

#define NS_PER_US 1000u
#define NS_PER_MS 1000000u
#define NS_PER_S  1000000000u

struct world {
	struct sim *chip;
	struct ft260 *f;
	uint64_t now;
};

/* The chip has started, the clock is at 400 kHz. */
static inline struct world world_open(const struct ft260_options *opt)
{
	struct world w = { .now = 12 * NS_PER_MS };

	host_remove("chip");
	w.chip = host_open("chip", NULL);
	w.f = ft260_new(w.chip, opt);
	CHECK(w.f != NULL);
	CHECK_INT(ft260_set_feature(w.f, 0, 0, (const uint8_t *)"\xA1\x22\x90\x01", 4), FT260_OK);
	return w;
}

static inline void world_close(struct world *w)
{
	ft260_free(w->f);
	sim_close(w->chip);
}

static inline void world_wait(struct world *w, uint64_t ns)
{
	w->now += ns;
}

/* Submit an output report; the time is when it was taken. */
static inline enum ft260_result world_try_out(struct world *w, unsigned interface, const char *text)
{
	uint8_t report[FT260_REPORT_MAX];
	size_t len = host_bytes(report, sizeof(report), text);
	enum ft260_result result;
	uint64_t done;

	result = ft260_out(w->f, w->now, interface, report, len, &done);
	CHECK(done != FT260_NEVER);
	CHECK(done >= w->now);
	w->now = done;
	return result;
}

static inline void world_out(struct world *w, const char *text)
{
	CHECK_INT(world_try_out(w, 0, text), FT260_OK);
}

static inline enum ft260_result world_try_set(struct world *w, unsigned interface, const char *text)
{
	uint8_t report[FT260_REPORT_MAX];
	size_t len = host_bytes(report, sizeof(report), text);

	return ft260_set_feature(w->f, w->now, interface, report, len);
}

static inline void world_set(struct world *w, const char *text)
{
	CHECK_INT(world_try_set(w, 0, text), FT260_OK);
}

static inline enum ft260_result world_try_get(
	struct world *w, unsigned interface, uint8_t *report, size_t *len)
{
	return ft260_get_feature(w->f, w->now, interface, report, len);
}

/* A feature report as it is now. */
static inline void world_expect(struct world *w, unsigned interface, const char *text)
{
	uint8_t got[FT260_REPORT_MAX], want[FT260_REPORT_MAX];
	size_t len = sizeof(got), wlen = host_bytes(want, sizeof(want), text);

	got[0] = want[0];
	CHECK_INT(world_try_get(w, interface, got, &len), FT260_OK);
	CHECK_INT(len, wlen);
	CHECK_MEM(got, want, len);
}

static inline uint8_t world_status(struct world *w)
{
	uint8_t report[FT260_REPORT_MAX] = { 0xC0 };
	size_t len = sizeof(report);

	CHECK_INT(world_try_get(w, 0, report, &len), FT260_OK);
	CHECK_INT(len, 5);
	return report[1];
}

/* Wait until the engine is idle. */
static inline uint8_t world_settled(struct world *w)
{
	uint8_t status;

	while ((status = world_status(w)) & 1)
		world_wait(w, 10 * NS_PER_US);
	return status;
}

/* The next input report, whenever it comes: its length, 0: none. */
static inline size_t world_in(struct world *w, uint8_t report[static FT260_REPORT_MAX])
{
	uint64_t due = ft260_in_due(w->f, 0);
	size_t len;

	if (due == FT260_NEVER)
		return 0;
	w->now = due > w->now ? due : w->now;
	CHECK_INT(ft260_in(w->f, w->now, 0, report, &len), FT260_OK);
	return len;
}

static inline void world_expect_in(struct world *w, const char *text)
{
	uint8_t got[FT260_REPORT_MAX], want[FT260_REPORT_MAX];
	size_t len = world_in(w, got), wlen = host_bytes(want, sizeof(want), text);

	CHECK_INT(len, wlen);
	CHECK_MEM(got, want, len);
}

/* Input reports with n bytes in all, each as full as can be. */
static inline void world_collect(struct world *w, uint8_t *data, size_t n)
{
	uint8_t report[FT260_REPORT_MAX];

	for (size_t part; n > 0; n -= part, data += part) {
		part = n < 60 ? n : 60;
		CHECK_INT(world_in(w, report), 2 + 4 * ((part + 3) / 4));
		CHECK_INT(report[0], 0xD0 + (part - 1) / 4);
		CHECK_INT(report[1], part);
		memcpy(data, report + 2, part);
	}
}

/* Is the chip there, by a read of one byte? */
static inline bool world_answers(struct world *w)
{
	uint8_t report[FT260_REPORT_MAX];

	world_out(w, "C2 30 06 0100");
	CHECK(world_in(w, report) > 0);
	return world_settled(w) == 0x20;
}

/* A register through the bridge. */
static inline void world_expect_register(struct world *w, const char *select, const char *text)
{
	uint8_t got[FT260_REPORT_MAX], want[FT260_REPORT_MAX], read[] = { 0xC2, 0x30, 6, 0, 0 };
	size_t len = host_bytes(want, sizeof(want), text);
	uint64_t done;

	world_out(w, select);
	CHECK_INT(world_settled(w), 0x20);
	world_wait(w, 50 * NS_PER_US);
	read[3] = (uint8_t)len;
	CHECK_INT(ft260_out(w->f, w->now, 0, read, sizeof(read), &done), FT260_OK);
	w->now = done;
	world_collect(w, got, len);
	CHECK_MEM(got, want, len);
	CHECK_INT(world_settled(w), 0x20);
	world_wait(w, 50 * NS_PER_US);
}

#endif
