/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * An adapter whose reports are changed on the way to the driver, always and not only once, and one
 * that keeps old news: nothing of what it says is believed unseen.
 */
#include "ft260-bridge.h"
#include "test.h"

#include <unistd.h>

struct liar {
	struct hid base;
	struct hid *inner;
	unsigned at; /* input reports so far */
	void (*change)(struct liar *l, uint8_t *report, size_t *len);
	size_t feature_len; /* 0: as it is */
	uint32_t random;
};

static uint64_t liar_now_us(struct hid *hid)
{
	struct liar *l = (struct liar *)hid;

	return l->inner->clock->now_us(l->inner);
}

static void liar_sleep_us(struct hid *hid, uint32_t us)
{
	struct liar *l = (struct liar *)hid;

	l->inner->clock->sleep_us(l->inner, us);
}

static enum trustx_err liar_write(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	struct liar *l = (struct liar *)hid;

	return l->inner->ops->write(l->inner, report, len, f);
}

static enum trustx_err liar_read(
	struct hid *hid, uint8_t *report, size_t *len, unsigned timeout_ms, struct fail *f)
{
	struct liar *l = (struct liar *)hid;
	enum trustx_err err = l->inner->ops->read(l->inner, report, len, timeout_ms, f);

	if (err == TRUSTX_OK && *len > 0 && l->change != NULL) {
		l->at++;
		l->change(l, report, len);
	}
	return err;
}

static enum trustx_err liar_get_feature(
	struct hid *hid, uint8_t *report, size_t *len, struct fail *f)
{
	struct liar *l = (struct liar *)hid;
	enum trustx_err err = l->inner->ops->get_feature(l->inner, report, len, f);

	if (l->feature_len != 0)
		*len = l->feature_len;
	return err;
}

static enum trustx_err liar_set_feature(
	struct hid *hid, const uint8_t *report, size_t len, struct fail *f)
{
	struct liar *l = (struct liar *)hid;

	return l->inner->ops->set_feature(l->inner, report, len, f);
}

static const struct hid_ops liar_ops = {
	.name = "liar",
	.write = liar_write,
	.read = liar_read,
	.get_feature = liar_get_feature,
	.set_feature = liar_set_feature,
};
static const struct hid_clock liar_clock = { .now_us = liar_now_us, .sleep_us = liar_sleep_us };

struct world {
	struct liar liar;
	struct bridge bridge;
};

static void world_open_with(struct world *w, const char *path)
{
	struct fail f = { 0 };

	memset(w, 0, sizeof(*w));
	unlink("lies.sim");
	CHECK_OK(hid_sim.open(&w->liar.inner, path, &f));
	w->liar.base.ops = &liar_ops;
	w->liar.base.clock = &liar_clock;
	w->bridge.hid = &w->liar.base;
	w->bridge.khz = 400;
	w->bridge.reset_pin = 'F';
	CHECK_OK(bridge_start(&w->bridge));
	CHECK_OK(bridge_pin_prepare(&w->bridge));
	bridge_sleep_us(&w->bridge, 12000);
	CHECK_OK(bridge_write(&w->bridge, 0x30, (const uint8_t *)"\x82", 1));
}

static void world_open(struct world *w)
{
	world_open_with(w, "lies.sim,seed=1");
}

static void world_close(struct world *w)
{
	hid_sim.close(w->liar.inner);
}

static void look(struct world *w, enum trustx_err want, const char *why)
{
	uint8_t *state = malloc(4);
	enum trustx_err err = TRUSTX_ERR_NACK;

	CHECK(state != NULL);
	/* It may have fallen asleep. */
	for (unsigned i = 0; i < 20; i++)
		if ((err = bridge_read(&w->bridge, 0x30, state, 4)) != TRUSTX_ERR_NACK)
			break;
	if (err != want || strstr(w->bridge.base.fail.why, why) == NULL) {
		fprintf(stderr, "%s: %s, want %s: %s\n", trustx_err_name(err),
			w->bridge.base.fail.why, trustx_err_name(want), why);
		exit(1);
	}
	if (err == TRUSTX_OK)
		CHECK_MEM(state, "\x08\0\0\0", 4);
	free(state);
}

static void claim_more(struct liar *l, uint8_t *report, size_t *len)
{
	(void)l;
	(void)len;
	report[1] = 61;
}

static void claim_too_much_for_the_read(struct liar *l, uint8_t *report, size_t *len)
{
	(void)l;
	(void)len;
	report[1] = 5;
	*len = 62;
}

static void claim_nothing(struct liar *l, uint8_t *report, size_t *len)
{
	(void)l;
	(void)len;
	report[1] = 0;
}

static void cut_to_the_id(struct liar *l, uint8_t *report, size_t *len)
{
	(void)l;
	(void)report;
	*len = 1;
}

static void become_foreign(struct liar *l, uint8_t *report, size_t *len)
{
	(void)l;
	(void)len;
	report[0] = 0xB1;
}

static void lengths_that_lie_are_named(void)
{
	static const struct {
		void (*change)(struct liar *l, uint8_t *report, size_t *len);
		const char *why;
	} lies[] = {
		{ claim_more, "claims 61 bytes of data, where 4 are due" },
		{ claim_too_much_for_the_read, "a report of 62 bytes that claims 5 bytes" },
		{ claim_nothing, "claims 0 bytes" },
		{ cut_to_the_id, "a report of 1 bytes that claims 0 bytes" },
	};
	struct world w;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		world_open(&w);
		w.liar.change = lies[i].change;
		look(&w, TRUSTX_ERR_BUS, lies[i].why);
		w.liar.change = NULL;
		look(&w, TRUSTX_OK, "");
		world_close(&w);
	}
}

static void reports_of_others_are_passed_over(void)
{
	struct world w;

	world_open(&w);
	w.liar.change = become_foreign;
	look(&w, TRUSTX_ERR_BUS, "data endpoints are stalled");
	CHECK_STR(w.bridge.base.fail.cause, "ft260-stalled");
	w.liar.change = NULL;
	look(&w, TRUSTX_OK, "");
	world_close(&w);
}

static void feature_reports_may_be_longer_but_not_shorter(void)
{
	uint8_t sys[FT260_SYS_LEN];
	struct world w;

	world_open(&w);
	w.liar.feature_len = HID_REPORT_MAX;
	CHECK_OK(bridge_system(&w.bridge, sys));
	look(&w, TRUSTX_OK, "");
	w.liar.feature_len = 4;
	CHECK_ERR(bridge_system(&w.bridge, sys), TRUSTX_ERR_BUS);
	CHECK(strstr(w.bridge.base.fail.why, "answered with 4 bytes of the report 0xA1") != NULL);
	look(&w, TRUSTX_ERR_BUS, "answered with 4 bytes of the report 0xC0");
	world_close(&w);
}

static void idle_adapter_does_not_hide_a_chip_that_sleeps(void)
{
	static const char *const paths[] = { "lies.sim,seed=1", "lies.sim,seed=1,no-power-saving",
		"lies.sim,seed=1,stubborn-idle" };
	struct world w;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		world_open_with(&w, paths[i]);
		bridge_sleep_us(&w.bridge, 6000000);
		CHECK_ERR(
			bridge_write(&w.bridge, 0x30, (const uint8_t *)"\x82", 1), TRUSTX_ERR_NACK);
		look(&w, TRUSTX_OK, "");
		world_close(&w);
	}
}

static uint32_t draw(struct liar *l, uint32_t below)
{
	l->random = l->random * 1664525u + 1013904223u;
	return (l->random >> 8) % below;
}

static void become_anything(struct liar *l, uint8_t *report, size_t *len)
{
	if (draw(l, 3) != 0)
		return;
	*len = 1 + draw(l, HID_REPORT_MAX);
	for (size_t i = 0; i < *len; i++)
		report[i] = (uint8_t)draw(l, 256);
	if (draw(l, 2) != 0)
		report[0] = (uint8_t)(0xD0 + draw(l, 15));
}

static void noise_neither_overruns_nor_hangs(void)
{
	static const size_t lengths[] = { 1, 4, 60, 61, 120, 121, 277 };
	struct world w;

	for (unsigned seed = 0; seed < 40; seed++) {
		world_open(&w);
		w.liar.random = seed;
		w.liar.change = become_anything;
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			const uint64_t begin_us = bridge_now_us(&w.bridge);
			uint8_t *data = malloc(lengths[i]);
			enum trustx_err err;

			CHECK(data != NULL);
			err = bridge_read(&w.bridge, 0x30, data, lengths[i]);
			CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_NACK);
			CHECK(bridge_now_us(&w.bridge) - begin_us < 1000000);
			free(data);
		}
		w.liar.change = NULL;
		look(&w, TRUSTX_OK, "");
		world_close(&w);
	}
}

int main(void)
{
	RUN(lengths_that_lie_are_named);
	RUN(reports_of_others_are_passed_over);
	RUN(feature_reports_may_be_longer_but_not_shorter);
	RUN(idle_adapter_does_not_hide_a_chip_that_sleeps);
	RUN(noise_neither_overruns_nor_hangs);
	return 0;
}
