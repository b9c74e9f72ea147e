/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The power goes before each transfer of a whole personalization, and in the middle of each wait:
 * for good, or only for a moment.
 */
#include "power-world.h"

#define BLINK_STRIDE (5 * STRIDE)

/* The supply of the chip, linked between the bus and the simulator. */
static struct {
	unsigned accesses, stop; /* the power goes before this access, half way through a wait */
	bool blinks;		 /* and is back at once */
	bool cut, off;
} mains;

enum sim_status __real_sim_transfer(
	struct sim *sim, uint8_t addr, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen);
void __real_sim_delay(struct sim *sim, uint64_t us);
void __real_sim_set_power(struct sim *sim, bool on);

enum sim_status __wrap_sim_transfer(
	struct sim *sim, uint8_t addr, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen);
void __wrap_sim_delay(struct sim *sim, uint64_t us);
void __wrap_sim_set_power(struct sim *sim, bool on);

static void cut(struct sim *sim)
{
	mains.cut = true;
	mains.off = !mains.blinks;
	__real_sim_set_power(sim, false);
	if (mains.blinks)
		__real_sim_set_power(sim, true);
}

enum sim_status __wrap_sim_transfer(
	struct sim *sim, uint8_t addr, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen)
{
	if (++mains.accesses == mains.stop)
		cut(sim);
	return __real_sim_transfer(sim, addr, w, wlen, r, rlen);
}

void __wrap_sim_delay(struct sim *sim, uint64_t us)
{
	if (++mains.accesses != mains.stop) {
		__real_sim_delay(sim, us);
		return;
	}
	__real_sim_delay(sim, us / 2);
	cut(sim);
	__real_sim_delay(sim, us - us / 2);
}

/* What the host switches does not bring it back. */
void __wrap_sim_set_power(struct sim *sim, bool on)
{
	if (!mains.off)
		__real_sim_set_power(sim, on);
}

static void switch_on(unsigned stop, bool blinks)
{
	mains.accesses = 0;
	mains.stop = stop;
	mains.blinks = blinks;
	mains.cut = mains.off = false;
}

static struct scenario with(const char *options)
{
	return (struct scenario){
		.name = "", .options = options, .slot = { 1, 0xE0F1, 0xE0E1 }, .ca = CA_DIR
	};
}

static void cut_at_every_access(const char *options)
{
	const struct scenario s = with(options);
	unsigned stop, cuts = 0, torn = 0;
	struct attempt a;

	for (stop = 1;; stop += STRIDE) {
		power_renew(&s);
		switch_on(stop, false);
		a = power_run(&s, 0);
		if (!mains.cut)
			break;
		power_check_cut(&s, &a);
		torn += power_info(CHIP).pending;
		switch_on(0, false);
		power_recover(&s, "access", stop);
		cuts++;
	}
	MUST(a.err, a.fail);
	personalize_free(&a.result);
	printf("    %s: %u accesses, %u cuts, %u of them while programming\n", options + 1,
		mains.accesses, cuts, torn);
	CHECK(torn > cuts / 20);
}

/* A run goes on with the chip that is back, or it fails and says what may have been. */
static void check_blink(struct attempt *a)
{
	if (a->err == TRUSTX_OK)
		CHECK(a->result.key.proved);
	else if (a->err == TRUSTX_ERR_CHIP)
		CHECK(strstr(a->fail.why, "without power") != NULL);
	else
		CHECK_ERR(a->err, TRUSTX_ERR_PROTOCOL);
	personalize_free(&a->result);
}

static void blink_at_every_access(const char *options)
{
	const struct scenario s = with(options);
	unsigned stop, cuts = 0, complete = 0;
	struct attempt a;

	for (stop = 1;; stop += BLINK_STRIDE) {
		power_renew(&s);
		switch_on(stop, true);
		a = power_run(&s, 0);
		if (!mains.cut)
			break;
		check_blink(&a);
		complete += a.err == TRUSTX_OK;
		switch_on(0, false);
		power_recover(&s, "blink", stop);
		cuts++;
	}
	MUST(a.err, a.fail);
	personalize_free(&a.result);
	printf("    %s: %u cuts, %u runs went on\n", options + 1, cuts, complete);
}

static void the_power_goes_and_the_next_run_completes_it(void)
{
	cut_at_every_access("&frame=277");
	cut_at_every_access("&frame=55");
}

static void the_power_blinks_and_the_next_run_completes_it(void)
{
	blink_at_every_access("&frame=277");
	blink_at_every_access("&frame=55");
}

int main(void)
{
	power_init();
	RUN(the_power_goes_and_the_next_run_completes_it);
	RUN(the_power_blinks_and_the_next_run_completes_it);
	return 0;
}
