/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The library over a bus that fails at one chosen place, and over one that fails at random. */
#include "fault-dir.h"

#include "bus.h"
#include "sim.h"
#include "trustx.h"

#define SLOT	     0xE0F1
#define OBJECT	     0xF1D0
#define DATA_LEN     60u
#define SEEDS	     400u
#define TIMEOUT_MS   3000u
#define PATIENCE_US  1000000u
#define OVERDRAFT_US 60000u /* a transfer with the longest fault, and a reset */

/* ---- one disturbed transfer ---- */

enum harm { HARM_NONE, HARM_FLIP, HARM_LOSE, HARM_REFUSE, HARM_TWICE };

/* Strikes transfer number at, counted among those that are meant. */
struct spoiler {
	struct trustx_bus below;
	enum harm harm;
	bool reads, writes; /* which are meant */
	uint8_t only;	    /* of this register; 0: all */
	unsigned at, count, bit;
	uint8_t reg; /* selected */
	bool struck;
};

static bool is_hit(struct spoiler *s, bool read, uint8_t reg)
{
	if ((read ? !s->reads : !s->writes) || (s->only != 0 && reg != s->only))
		return false;
	s->struck = s->struck || s->count == s->at;
	return s->count++ == s->at;
}

static enum trustx_err spoil_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct spoiler *s = ctx;
	const struct trustx_bus *below = &s->below;
	const bool hit = is_hit(s, false, data[0]);
	uint8_t copy[278];
	enum trustx_err err;

	if (hit && s->harm == HARM_LOSE)
		return TRUSTX_OK;
	if (hit && s->harm == HARM_REFUSE)
		return TRUSTX_ERR_NACK;
	memcpy(copy, data, len);
	if (hit && s->harm == HARM_FLIP)
		copy[s->bit / 8 % len] ^= (uint8_t)(1u << s->bit % 8);
	s->reg = copy[0];
	err = below->ops->write(below->ctx, addr, copy, len);
	for (unsigned i = 0; hit && s->harm == HARM_TWICE && i < 3; i++) {
		below->ops->sleep_us(below->ctx, 60);
		if (below->ops->write(below->ctx, addr, copy, len) == TRUSTX_OK)
			break;
	}
	return err;
}

static enum trustx_err spoil_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct spoiler *s = ctx;
	const bool hit = is_hit(s, true, s->reg);
	enum trustx_err err;

	if (hit && s->harm == HARM_REFUSE)
		return TRUSTX_ERR_NACK;
	if ((err = s->below.ops->read(s->below.ctx, addr, data, len)) != TRUSTX_OK || !hit)
		return err;
	if (s->harm == HARM_LOSE)
		memset(data, 0xFF, len);
	else if (s->harm == HARM_FLIP)
		data[s->bit / 8 % len] ^= (uint8_t)(1u << s->bit % 8);
	return TRUSTX_OK;
}

static enum trustx_err spoil_reset(void *ctx, bool released)
{
	struct spoiler *s = ctx;

	return s->below.ops->set_reset(s->below.ctx, released);
}

static enum trustx_err spoil_speed(void *ctx, uint32_t hz)
{
	struct spoiler *s = ctx;

	return s->below.ops->set_speed(s->below.ctx, hz);
}

static uint64_t spoil_now(void *ctx)
{
	struct spoiler *s = ctx;

	return s->below.ops->now_us(s->below.ctx);
}

static void spoil_sleep(void *ctx, uint32_t us)
{
	struct spoiler *s = ctx;

	s->below.ops->sleep_us(s->below.ctx, us);
}

static const struct trustx_bus_ops spoil_ops = {
	.write = spoil_write,
	.read = spoil_read,
	.set_speed = spoil_speed,
	.set_reset = spoil_reset,
	.now_us = spoil_now,
	.sleep_us = spoil_sleep,
};

static struct trustx_bus open_bus(const char *uri)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, uri, &f));
	return bus;
}

static struct trustx_bus spoil(struct spoiler *s)
{
	static const char chip[] = "sim:spoilt?seed=1&scale=0.1";

	s->below = open_bus(chip);
	return (struct trustx_bus){ .ops = &spoil_ops, .ctx = s };
}

/* One disturbance costs no more than the library's patience with a frame. */
static void check_time(const struct spoiler *s, uint64_t *longest_us)
{
	const uint64_t us = s->below.ops->now_us(s->below.ctx);

	if (us > *longest_us)
		*longest_us = us;
	CHECK(us <= PATIENCE_US);
}

/* The chip's name, a write and its read-back: what comes is right, or it is an error. */
static enum trustx_err converse(struct trustx *se, uint8_t value)
{
	uint8_t uid[TRUSTX_UID_LEN], data[DATA_LEN], back[DATA_LEN];
	size_t len = sizeof(back);
	enum trustx_err err;

	memset(data, value, sizeof(data));
	if ((err = trustx_read_uid(se, uid)) != TRUSTX_OK)
		return err;
	CHECK(uid[0] == 0xCD && uid[1] == 0x16);
	if ((err = trustx_write(se, OBJECT, 0, data, sizeof(data))) != TRUSTX_OK)
		return err;
	if ((err = trustx_read(se, back, &len, OBJECT, 0)) != TRUSTX_OK)
		return err;
	CHECK(len >= sizeof(data));
	CHECK_MEM(back, data, sizeof(data));
	return TRUSTX_OK;
}

/* Settings that a disturbed read would make wrong for the whole session. */
static void no_disturbed_bit_of_a_setting_lasts(void)
{
	static const struct {
		uint8_t reg;
		unsigned bits;
	} settings[] = { { 0x84, 32 }, { 0x81, 16 }, { 0x82, 32 } };
	const struct trustx_options opt = { .frame_size = 64, .speed_hz = 1000000 };

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		for (unsigned bit = 0; bit < 2 * settings[i].bits; bit++) {
			/* The first read of it, or the second: after the change of mode. */
			struct spoiler s = { .harm = HARM_FLIP,
				.reads = true,
				.only = settings[i].reg,
				.at = bit / settings[i].bits,
				.bit = bit % settings[i].bits };
			struct trustx_bus bus = spoil(&s);
			struct trustx_link link;
			struct trustx se;

			CHECK_OK(trustx_open(&se, &bus, &opt));
			trustx_link(&se, &link);
			CHECK_INT(link.speed_hz, 1000000);
			CHECK_INT(link.frame_size, 64);
			CHECK_OK(converse(&se, (uint8_t)bit));
			trustx_close(&se);
			trustx_bus_close(&s.below);
		}
}

/* Also one lost select, which has another register read in its place. */
static void no_lost_write_while_opening_lasts(void)
{
	const struct trustx_options opt = { .frame_size = 64, .speed_hz = 1000000 };
	unsigned struck = 0;

	for (unsigned at = 0; struck == at; at++) {
		struct spoiler s = { .harm = HARM_LOSE, .writes = true, .at = at };
		struct trustx_bus bus = spoil(&s);
		struct trustx_link link;
		struct trustx se;

		CHECK_OK(trustx_open(&se, &bus, &opt));
		trustx_link(&se, &link);
		/* The change of mode may be the one that is lost: then the clock stays as it is. */
		CHECK(link.speed_hz == 1000000 || link.speed_hz == 400000);
		CHECK_INT(link.frame_size, 64);
		struck += s.struck;
		CHECK_OK(converse(&se, (uint8_t)at));
		trustx_close(&se);
		trustx_bus_close(&s.below);
	}
	printf("    %u writes\n", struck);
	CHECK(struck > 8);
}

/* I2C_STATE has no checksum: any of its bits may be wrong at any time, or of the byte that selects it. */
static void any_wrong_bit_of_any_state_is_survived(void)
{
	unsigned states = 0;
	uint64_t longest_us = 0;
	bool struck = true;

	for (unsigned at = 0; struck; at++)
		for (unsigned bit = 0; bit < 32 + 8; bit++) {
			struct spoiler s = { .harm = HARM_FLIP,
				.reads = bit < 32,
				.writes = bit >= 32,
				.only = 0x82,
				.at = at,
				.bit = bit % 32 };
			struct trustx_bus bus = spoil(&s);
			struct trustx se;

			CHECK_OK(trustx_open(&se, &bus, NULL));
			CHECK_OK(converse(&se, (uint8_t)bit));
			check_time(&s, &longest_us);
			trustx_close(&se);
			trustx_bus_close(&s.below);
			struck = bit == 0 ? s.struck : struck || s.struck;
			states += s.struck;
		}
	printf("    %u wrong states, longest %u ms\n", states, (unsigned)(longest_us / 1000));
	CHECK(states > 300);
}

/* Bit errors are drawn, the rest is tried at each transfer, with frames long and short. */
static void any_single_disturbance_is_survived(void)
{
	static const enum harm harms[] = { HARM_FLIP, HARM_FLIP, HARM_FLIP, HARM_LOSE, HARM_REFUSE,
		HARM_TWICE };
	static const uint16_t frames[] = { 277, 31 };
	unsigned tried = 0, bit = 1;
	uint64_t longest_us = 0;

	for (size_t k = 0; k < 2 * sizeof(harms) / sizeof(harms[0]); k++) {
		const struct trustx_options opt = { .frame_size = frames[k % 2] };
		bool struck = true;

		for (unsigned at = 0; struck; at++) {
			struct spoiler s = { .harm = harms[k / 2],
				.reads = true,
				.writes = true,
				.at = at,
				.bit = bit = (bit * 75 + 74) % 65537 };
			struct trustx_bus bus = spoil(&s);
			struct trustx se;

			CHECK_OK(trustx_open(&se, &bus, &opt));
			CHECK_OK(converse(&se, (uint8_t)at));
			check_time(&s, &longest_us);
			trustx_close(&se);
			trustx_bus_close(&s.below);
			struck = s.struck;
			tried += struck;
		}
	}
	printf("    %u disturbances, longest %u ms\n", tried, (unsigned)(longest_us / 1000));
	CHECK(tried > 600);
}

/* ---- a chip that is reset behind the library's back ---- */

static void soft_reset(const struct trustx_bus *bus)
{
	static const uint8_t reset[] = { 0x88, 0, 0 };

	bus->ops->sleep_us(bus->ctx, 100);
	CHECK_OK(bus->ops->write(bus->ctx, 0x30, reset, sizeof(reset)));
}

static void power_cut(const struct trustx_bus *bus)
{
	CHECK_OK(bus->ops->set_power(bus->ctx, false));
	bus->ops->sleep_us(bus->ctx, 3000);
	CHECK_OK(bus->ops->set_power(bus->ctx, true));
}

static void a_chip_that_was_reset_is_opened_again(void)
{
	const struct trustx_options opt = { .frame_size = 55, .speed_hz = 1000000 };
	struct trustx_bus bus = open_bus("sim:restarted?seed=2");
	struct trustx_link link;
	struct trustx se;

	CHECK_OK(trustx_open(&se, &bus, &opt));
	for (unsigned i = 0; i < 8; i++) {
		/* So that each frame number has its turn. */
		for (unsigned k = 0; k < i; k++)
			CHECK_OK(converse(&se, (uint8_t)k));
		if (i % 2 == 0)
			soft_reset(&bus);
		else
			power_cut(&bus);
		CHECK_OK(converse(&se, (uint8_t)(0x80 + i)));
		trustx_link(&se, &link);
		CHECK_INT(link.frame_size, 55);
		CHECK_INT(link.speed_hz, 1000000);
	}
	trustx_close(&se);
	trustx_bus_close(&bus);
}

static void a_chip_that_is_reset_again_and_again_is_given_up(void)
{
	struct trustx_bus bus = open_bus("fault:seed=1,power=0.015:sim:unstable?seed=2");
	unsigned refused = 0;

	for (unsigned i = 0; i < 200; i++) {
		struct trustx_error detail;
		struct trustx se;
		uint8_t uid[TRUSTX_UID_LEN];

		if (trustx_open(&se, &bus, NULL) == TRUSTX_OK &&
			trustx_read_uid(&se, uid) == TRUSTX_ERR_CHIP) {
			trustx_error(&se, &detail);
			CHECK_INT(detail.chip_code, 0x0C);
			refused++;
		}
		trustx_close(&se);
	}
	CHECK(refused > 0);
	trustx_bus_close(&bus);
}

static void what_must_not_be_repeated_is_not(void)
{
	static const uint8_t meta[] = { 0x20, 0x03, 0xD1, 0x01, 0x00 };
	struct trustx_bus bus = open_bus("sim:keys?seed=3");
	uint8_t point[TRUSTX_POINT_MAX];
	size_t len = sizeof(point);
	struct sim_info info;
	struct trustx se;
	struct fail f;

	CHECK_OK(trustx_open(&se, &bus, NULL));
	soft_reset(&bus);
	CHECK_ERR(trustx_generate_key(&se, point, &len, SLOT, TRUSTX_P256, TRUSTX_USAGE_SIGN),
		TRUSTX_ERR_UNKNOWN_OUTCOME);
	soft_reset(&bus);
	CHECK_ERR(
		trustx_write_metadata(&se, OBJECT, meta, sizeof(meta)), TRUSTX_ERR_UNKNOWN_OUTCOME);
	/* The caller looks, by which the chip is opened again, and decides. */
	CHECK_OK(converse(&se, 1));
	len = sizeof(point);
	CHECK_OK(trustx_generate_key(&se, point, &len, SLOT, TRUSTX_P256, TRUSTX_USAGE_SIGN));
	trustx_close(&se);
	trustx_bus_close(&bus);
	CHECK_OK(sim_info(&info, "keys", &f));
	CHECK_INT(info.key_generations[1], 1);
}

/* ---- any faults at all ---- */

static void check_call(
	const struct trustx_bus *bus, uint64_t began, enum trustx_err err, unsigned *counts)
{
	CHECK(bus->ops->now_us(bus->ctx) - began <= TIMEOUT_MS * 1000 + OVERDRAFT_US);
	CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_NACK ||
		err == TRUSTX_ERR_TIMEOUT || err == TRUSTX_ERR_PROTOCOL ||
		err == TRUSTX_ERR_UNKNOWN_OUTCOME || err == TRUSTX_ERR_CHIP);
	counts[err]++;
}

static enum trustx_err sign(struct trustx *se, const uint8_t *point, size_t point_len)
{
	const struct trustx_public_key key = { TRUSTX_P256, point, point_len };
	const uint8_t digest[32] = { 0x5A };
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);
	struct trustx_error detail;
	enum trustx_err err;

	err = trustx_sign(se, sig, &len, SLOT, TRUSTX_P256, digest, sizeof(digest));
	if (err != TRUSTX_OK || point_len == 0)
		return err;
	err = trustx_verify(se, &key, digest, sizeof(digest), sig, len);
	trustx_error(se, &detail);
	CHECK(detail.chip_code != 0x2C);
	return err;
}

static void one_chip(const char *uri, unsigned *counts)
{
	const struct trustx_options opt = { .timeout_ms = TIMEOUT_MS };
	struct trustx_bus bus = open_bus(uri);
	uint8_t point[TRUSTX_POINT_MAX];
	size_t len = sizeof(point);
	struct trustx se;
	uint64_t began = bus.ops->now_us(bus.ctx);
	enum trustx_err err = trustx_open(&se, &bus, &opt);
	const bool is_open = err == TRUSTX_OK;

	check_call(&bus, began, err, counts);
	for (unsigned i = 0; i < 3 && is_open; i++) {
		uint8_t value = (uint8_t)(began + i), random[40];

		began = bus.ops->now_us(bus.ctx);
		err = trustx_random(&se, random, sizeof(random));
		check_call(&bus, began, err, counts);
		began = bus.ops->now_us(bus.ctx);
		err = converse(&se, value);
		if (bus.ops->now_us(bus.ctx) - began <= TIMEOUT_MS * 1000)
			check_call(&bus, began, err, counts);
		if (i == 0) {
			began = bus.ops->now_us(bus.ctx);
			err = trustx_generate_key(
				&se, point, &len, SLOT, TRUSTX_P256, TRUSTX_USAGE_SIGN);
			check_call(&bus, began, err, counts);
		}
		err = sign(&se, point, len);
		counts[err]++;
	}
	trustx_close(&se);
	trustx_bus_close(&bus);
}

static void every_call_ends_in_time_and_what_it_gives_is_right(void)
{
	unsigned counts[TRUSTX_ERR_COUNT_] = { 0 };
	struct sim_info info;
	struct fail f;

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		static const char *const mixes[] = { "recoverable", "all" };
		static const char *const frames[] = { "277", "55", "16" };
		char uri[120];

		unlink("noisy");
		snprintf(uri, sizeof(uri),
			"fault:seed=%u,rate=%s,mix=%s:sim:noisy?seed=%u&frame=%s", seed,
			seed % 2 == 0 ? "0.05" : "0.01", mixes[seed % 2], seed, frames[seed % 3]);
		one_chip(uri, counts);
		CHECK_OK(sim_info(&info, "noisy", &f));
		CHECK(info.key_generations[1] <= 1);
	}
	for (unsigned err = 0; err < TRUSTX_ERR_COUNT_; err++)
		if (counts[err] > 0)
			printf("    %u times %s\n", counts[err],
				trustx_err_name((enum trustx_err)err));
	CHECK(counts[TRUSTX_OK] > SEEDS && counts[TRUSTX_ERR_BUS] > SEEDS / 10);
}

int main(void)
{
	fault_enter();
	RUN(no_disturbed_bit_of_a_setting_lasts);
	RUN(no_lost_write_while_opening_lasts);
	RUN(any_wrong_bit_of_any_state_is_survived);
	RUN(any_single_disturbance_is_survived);
	RUN(a_chip_that_was_reset_is_opened_again);
	RUN(a_chip_that_is_reset_again_and_again_is_given_up);
	RUN(what_must_not_be_repeated_is_not);
	RUN(every_call_ends_in_time_and_what_it_gives_is_right);
	return 0;
}
