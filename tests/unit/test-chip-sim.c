/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The library against the simulated chip: the whole road, at every frame size and through faults. */
#include "bus.h"
#include "sim.h"
#include "test.h"
#include "trustx.h"

#include <unistd.h>

#define IMAGE "chip.sim"

static const uint16_t sizes[] = { 16, 31, 55, 60, 120, 276, 277 };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* ---- a bus around the simulator's that can break ---- */

struct breaking_bus {
	struct trustx_bus inner;
	size_t transfers;
	size_t dies_at; /* from this transfer on nothing works: the host was killed. 0: never */
	uint32_t seed, permille; /* a transfer in so many thousand is disturbed. 0: none */
	unsigned disturbed;
};

static uint32_t draw(struct breaking_bus *b, uint32_t below)
{
	b->seed = b->seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(b->seed >> 4) * below >> 28);
}

static bool is_disturbed(struct breaking_bus *b)
{
	if (b->permille == 0 || draw(b, 1000) >= b->permille)
		return false;
	b->disturbed++;
	return true;
}

static enum trustx_err breaking_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct breaking_bus *b = ctx;
	uint8_t copy[278];

	if (++b->transfers >= b->dies_at && b->dies_at > 0)
		return TRUSTX_ERR_BUS;
	memcpy(copy, data, len);
	/* Only what the frame's checksum protects; a select is too short to be hit. */
	if (data[0] == 0x80 && len > 1 && is_disturbed(b)) {
		unsigned kind = draw(b, 3);

		if (kind == 0)
			return TRUSTX_OK; /* lost */
		if (kind == 1)
			return TRUSTX_ERR_NACK;
		copy[1 + draw(b, (uint32_t)len - 1)] ^= (uint8_t)(1u << draw(b, 8));
	}
	return b->inner.ops->write(b->inner.ctx, addr, copy, len);
}

static enum trustx_err breaking_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct breaking_bus *b = ctx;
	enum trustx_err err;

	if (++b->transfers >= b->dies_at && b->dies_at > 0)
		return TRUSTX_ERR_BUS;
	err = b->inner.ops->read(b->inner.ctx, addr, data, len);
	if (err != TRUSTX_OK || !is_disturbed(b))
		return err;
	if (draw(b, 3) == 0)
		return TRUSTX_ERR_NACK;
	data[draw(b, (uint32_t)len)] ^= (uint8_t)(1u << draw(b, 8));
	return TRUSTX_OK;
}

static enum trustx_err breaking_set_speed(void *ctx, uint32_t hz)
{
	struct breaking_bus *b = ctx;

	return b->inner.ops->set_speed(b->inner.ctx, hz);
}

static uint64_t breaking_now(void *ctx)
{
	struct breaking_bus *b = ctx;

	return b->inner.ops->now_us(b->inner.ctx);
}

static void breaking_sleep(void *ctx, uint32_t us)
{
	struct breaking_bus *b = ctx;

	b->inner.ops->sleep_us(b->inner.ctx, us);
}

static const struct trustx_bus_ops breaking_ops = {
	.write = breaking_write,
	.read = breaking_read,
	.set_speed = breaking_set_speed,
	.now_us = breaking_now,
	.sleep_us = breaking_sleep,
};

/* ---- a chip and a handle ---- */

struct world {
	struct breaking_bus breaking;
	struct trustx_bus bus;
	struct trustx se;
};

static void attach(struct world *w, const char *options)
{
	struct fail f;
	char uri[200];

	memset(w, 0, sizeof(*w));
	fail_clear(&f);
	snprintf(uri, sizeof(uri), "sim:" IMAGE "?seed=7%s", options);
	if (trustx_bus_open(&w->breaking.inner, uri, &f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, f.why);
	w->bus = w->breaking.inner;
	w->bus.ops = &breaking_ops;
	w->bus.ctx = &w->breaking;
}

static void detach(struct world *w)
{
	trustx_close(&w->se);
	trustx_bus_close(&w->breaking.inner);
}

static void new_chip(void)
{
	(void)unlink(IMAGE);
	(void)unlink(IMAGE ".lock");
}

static void begin(struct world *w, const char *options, const struct trustx_options *opt)
{
	new_chip();
	attach(w, options);
	CHECK_OK(trustx_open(&w->se, &w->bus, opt));
}

static struct sim_info info(void)
{
	struct sim_info i;
	struct fail f;

	fail_clear(&f);
	CHECK_OK(sim_info(&i, IMAGE, &f));
	return i;
}

static void fill(uint8_t *data, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(seed + i * 31 + (i >> 8));
}

static uint64_t now(const struct world *w)
{
	return trustx_now_us(&w->se);
}

/* ---- what a chip is for ---- */

static void check_objects(struct world *w)
{
	uint8_t uid[27], data[1728], back[2000];
	struct trustx_metadata meta;
	size_t len;

	CHECK_OK(trustx_read_uid(&w->se, uid));
	CHECK_INT(uid[0], 0xCD);
	CHECK_INT(trustx_uid_build(uid), 0x1118);
	len = 100;
	CHECK_OK(trustx_read(&w->se, back, &len, TRUSTX_OID_UID, 0));
	CHECK_INT(len, 27);
	CHECK_MEM(back, uid, 27);
	len = 100;
	CHECK_OK(trustx_read(&w->se, back, &len, TRUSTX_OID_UID, 27));
	CHECK_INT(len, 0);
	len = 100;
	CHECK_ERR(trustx_read(&w->se, back, &len, TRUSTX_OID_UID, 28), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w->se), "read 0xE0C2: the chip refused: beyond the end of the "
					     "object (0x08)");
	len = sizeof(back);
	CHECK_OK(trustx_read(&w->se, back, &len, TRUSTX_OID_CERT_0, 0));
	CHECK(len > 300 && back[0] == 0xC0);

	fill(data, sizeof(data), len & 0xFF);
	CHECK_OK(trustx_replace(&w->se, 0xE0E1, data, sizeof(data)));
	len = sizeof(back);
	CHECK_OK(trustx_read(&w->se, back, &len, 0xE0E1, 0));
	CHECK_INT(len, sizeof(data));
	CHECK_MEM(back, data, len);
	CHECK_OK(trustx_write(&w->se, 0xE0E1, 700, data, 300));
	memcpy(data + 700, data, 300);
	len = sizeof(data);
	CHECK_OK(trustx_read(&w->se, back, &len, 0xE0E1, 0));
	CHECK_MEM(back, data, sizeof(data));
	CHECK_OK(trustx_replace(&w->se, 0xE0E1, data, 447));
	len = sizeof(back);
	CHECK_OK(trustx_read_metadata(&w->se, back, &len, 0xE0E1));
	CHECK_OK(trustx_metadata_decode(&meta, back, len));
	CHECK_INT(meta.used_size, 447);
	CHECK_INT(meta.max_size, 1728);
	CHECK_ERR(trustx_write(&w->se, 0xE0E1, 1728, data, 1), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w->se),
		"write 0xE0E1: the chip refused: beyond the end of the "
		"object (0x08)");
	CHECK_ERR(trustx_write(&w->se, TRUSTX_OID_UID, 0, data, 1), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w->se), "write 0xE0C2: the chip refused: access condition not "
					     "satisfied (0x07)");
	CHECK_ERR(trustx_write(&w->se, 0xE0D5, 0, data, 1), TRUSTX_ERR_CHIP);
	CHECK_STR(
		trustx_error_text(&w->se), "write 0xE0D5: the chip refused: no such object (0x01)");
}

static void check_random(struct world *w)
{
	uint8_t one[600] = { 0 }, two[600] = { 0 };

	CHECK_OK(trustx_random(&w->se, one, 600));
	CHECK_OK(trustx_random(&w->se, two, 600));
	CHECK(memcmp(one, two, 600) != 0);
	CHECK_OK(trustx_random(&w->se, one, 1));
	CHECK_OK(trustx_random(&w->se, one, 257));
}

static void check_key(struct world *w, uint16_t oid, enum trustx_curve curve)
{
	const size_t field = curve == TRUSTX_P256 ? 32 : 48;
	uint8_t point[97], digest[48], sig[104], meta_bytes[64];
	struct trustx_public_key key = { curve, point, sizeof(point) };
	struct trustx_metadata meta;
	size_t sig_len = sizeof(sig), len = sizeof(meta_bytes);

	CHECK_OK(trustx_generate_key(&w->se, point, &key.point_len, oid, curve, TRUSTX_USAGE_SIGN));
	CHECK_INT(key.point_len, 1 + 2 * field);
	CHECK_OK(trustx_read_metadata(&w->se, meta_bytes, &len, oid));
	CHECK_OK(trustx_metadata_decode(&meta, meta_bytes, len));
	CHECK(meta.has_algorithm);
	CHECK_INT(meta.algorithm, curve);
	CHECK_INT(meta.usage, TRUSTX_USAGE_SIGN);
	for (unsigned i = 0; i < 6; i++) {
		const size_t digest_len = i == 0 ? 10 : field;

		fill(digest, sizeof(digest), i);
		sig_len = sizeof(sig);
		CHECK_OK(trustx_sign(&w->se, sig, &sig_len, oid, curve, digest, digest_len));
		CHECK_OK(trustx_verify(&w->se, &key, digest, digest_len, sig, sig_len));
		digest[3] ^= 1;
		CHECK_ERR(trustx_verify(&w->se, &key, digest, digest_len, sig, sig_len),
			TRUSTX_ERR_CHIP);
		CHECK_STR(trustx_error_text(&w->se), "verify a signature: the chip refused: "
						     "signature does not verify (0x2C)");
	}
}

static void everything_works_at_every_frame_size(void)
{
	for (size_t i = 0; i < SIZES; i++) {
		const struct trustx_options opt = { .frame_size = sizes[i] };
		struct trustx_link link;
		struct world w;

		begin(&w, "", &opt);
		trustx_link(&w.se, &link);
		CHECK_INT(link.frame_size, sizes[i]);
		check_objects(&w);
		check_random(&w);
		check_key(&w, 0xE0F1, TRUSTX_P256);
		check_key(&w, 0xE0F2, TRUSTX_P384);
		detach(&w);
		CHECK_INT(info().key_generations[1], 1);
		CHECK_INT(info().key_generations[2], 1);
		CHECK_INT(info().key_uses[1], 6);
	}
}

static void everything_works_at_every_pace(void)
{
	static const char *const paces[] = { "&scale=0", "&scale=0.333", "&scale=3", "&jitter=1",
		"&jitter=2" };

	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++) {
		struct world w;

		begin(&w, paces[i], NULL);
		check_objects(&w);
		check_random(&w);
		check_key(&w, 0xE0F1, TRUSTX_P256);
		detach(&w);
	}
}

static void the_chip_is_reset_in_every_way(void)
{
	for (int how = TRUSTX_RESET_AUTO; how <= TRUSTX_RESET_POWER; how++) {
		const struct trustx_options opt = { .reset = (enum trustx_reset)how };
		struct trustx_bus bus;
		struct world w;

		new_chip();
		attach(&w, "");
		bus = w.breaking.inner;
		for (unsigned i = 0; i < 3; i++) {
			uint8_t uid[27];

			CHECK_OK(trustx_open(&w.se, &bus, &opt));
			CHECK_OK(trustx_read_uid(&w.se, uid));
		}
		detach(&w);
	}
}

static void a_megahertz_is_reached_and_forgotten(void)
{
	const struct trustx_options fast = { .speed_hz = 1000000 };
	struct trustx_link link;
	struct world w;
	uint8_t uid[27];

	begin(&w, "", &fast);
	trustx_link(&w.se, &link);
	CHECK_INT(link.speed_hz, 1000000);
	check_objects(&w);
	CHECK_OK(trustx_open(&w.se, &w.bus, NULL));
	trustx_link(&w.se, &link);
	CHECK_INT(link.speed_hz, 400000);
	CHECK_OK(trustx_read_uid(&w.se, uid));
	detach(&w);
}

static void stored_settings_outlive_the_power(void)
{
	struct world w;
	uint8_t uid[27];

	begin(&w, "", NULL);
	CHECK_OK(trustx_store_i2c_mode(&w.se, 4));
	CHECK_OK(trustx_store_i2c_mode(&w.se, 3));
	CHECK_OK(trustx_store_address(&w.se, 0x41));
	CHECK_OK(trustx_read_uid(&w.se, uid));
	detach(&w);
	attach(&w, "");
	CHECK_ERR(trustx_open(&w.se, &w.bus, NULL), TRUSTX_ERR_NACK);
	w.bus.addr = 0x41;
	CHECK_OK(trustx_open(&w.se, &w.bus, NULL));
	CHECK_OK(trustx_read_uid(&w.se, uid));
	detach(&w);
}

/* A whole session; the first failure ends it. */
static enum trustx_err session(struct world *w, const struct trustx_options *opt)
{
	uint8_t buf[600], point[65], sig[72];
	size_t len = 27, point_len = sizeof(point), sig_len = sizeof(sig);
	enum trustx_err err;

	fill(buf, sizeof(buf), 3);
	if ((err = trustx_open(&w->se, &w->bus, opt)) != TRUSTX_OK)
		return err;
	if ((err = trustx_replace(&w->se, 0xE0E1, buf, sizeof(buf))) != TRUSTX_OK)
		return err;
	err = trustx_generate_key(&w->se, point, &point_len, 0xE0F1, TRUSTX_P256, 0x10);
	if (err != TRUSTX_OK)
		return err;
	err = trustx_sign(&w->se, sig, &sig_len, 0xE0F1, TRUSTX_P256, buf, 32);
	if (err != TRUSTX_OK)
		return err;
	return trustx_read(&w->se, buf, &len, TRUSTX_OID_UID, 0);
}

/* The chip stays powered when the host dies; the next host finds it in whatever state. */
static void a_host_killed_at_any_transfer_leaves_nothing_the_next_one_cannot_mend(void)
{
	static const uint16_t some[] = { 16, 277 };

	for (size_t i = 0; i < 2; i++) {
		const struct trustx_options opt = { .frame_size = some[i],
			.reset = TRUSTX_RESET_SOFT };
		enum trustx_err err = TRUSTX_ERR_BUS;

		for (size_t at = 1; err != TRUSTX_OK; at += at < 40 ? 1 : 7) {
			struct world w;
			uint8_t uid[27];

			new_chip();
			attach(&w, "");
			w.breaking.dies_at = at;
			err = session(&w, &opt);
			CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_BUS ||
				err == TRUSTX_ERR_UNKNOWN_OUTCOME);
			w.breaking.dies_at = 0;
			CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
			CHECK_OK(trustx_read_uid(&w.se, uid));
			CHECK_INT(uid[0], 0xCD);
			detach(&w);
			CHECK(info().key_generations[1] <= 1);
		}
	}
}

/* The same, but the handle is used further instead of opened again. */
static void a_handle_goes_on_after_its_bus_came_back(void)
{
	for (size_t at = 1; at < 60; at++) {
		uint8_t buf[200], back[200];
		size_t len = sizeof(back);
		struct world w;
		enum trustx_err err;

		begin(&w, "", &(struct trustx_options){ .frame_size = 55 });
		fill(buf, sizeof(buf), 5);
		w.breaking.dies_at = w.breaking.transfers + at;
		err = trustx_replace(&w.se, 0xF1E0, buf, sizeof(buf));
		CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_BUS);
		w.breaking.dies_at = 0;
		CHECK_OK(trustx_replace(&w.se, 0xF1E0, buf, sizeof(buf)));
		CHECK_OK(trustx_read(&w.se, back, &len, 0xF1E0, 0));
		CHECK_INT(len, sizeof(buf));
		CHECK_MEM(back, buf, len);
		detach(&w);
	}
}

/* One transfer in twenty is lost, not acknowledged or has a bit flipped. */
static void disturbances_never_falsify_anything(void)
{
	unsigned done = 0, failed = 0, disturbed = 0;

	for (uint32_t seed = 1; seed <= 120; seed++) {
		const struct trustx_options opt = { .frame_size = sizes[seed % SIZES],
			.reset = TRUSTX_RESET_SOFT };
		uint8_t data[300], back[300], point[65], sig[72];
		struct trustx_public_key key = { TRUSTX_P256, point, sizeof(point) };
		size_t len = sizeof(back), sig_len = sizeof(sig);
		enum trustx_err err;
		struct world w;

		begin(&w, "", &opt);
		fill(data, sizeof(data), seed);
		w.breaking.seed = seed;
		w.breaking.permille = 50;
		err = trustx_replace(&w.se, 0xF1E0, data, sizeof(data));
		if (err == TRUSTX_OK && trustx_read(&w.se, back, &len, 0xF1E0, 0) == TRUSTX_OK) {
			CHECK_INT(len, sizeof(data));
			CHECK_MEM(back, data, len);
			done++;
		} else {
			failed++;
		}
		err = trustx_generate_key(
			&w.se, point, &key.point_len, 0xE0F1, TRUSTX_P256, TRUSTX_USAGE_SIGN);
		if (err == TRUSTX_OK) {
			err = trustx_sign(&w.se, sig, &sig_len, 0xE0F1, TRUSTX_P256, data, 32);
			done++;
		} else {
			failed++;
		}
		disturbed += w.breaking.disturbed;
		w.breaking.permille = 0;
		if (err == TRUSTX_OK)
			CHECK_OK(trustx_verify(&w.se, &key, data, 32, sig, sig_len));
		CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
		detach(&w);
		CHECK(info().key_generations[1] <= 1);
	}
	printf("    %u disturbances: %u went well, %u were errors\n", disturbed, done, failed);
	CHECK(done > 3 * failed);
}

/* The security monitor makes the chip slower and slower; nothing fails, and nothing is hasty. */
static void a_throttled_chip_is_waited_for(void)
{
	uint8_t point[65], sig[72], digest[32] = { 1 };
	size_t len = sizeof(point);
	uint64_t longest = 0;
	struct world w;

	begin(&w, "", NULL);
	CHECK_OK(trustx_generate_key(&w.se, point, &len, 0xE0F1, TRUSTX_P256, 0x10));
	for (unsigned i = 0; i < 500; i++) {
		uint64_t began = now(&w);

		len = sizeof(sig);
		CHECK_OK(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, 32));
		if (now(&w) - began > longest)
			longest = now(&w) - began;
	}
	printf("    longest %llu us\n", (unsigned long long)longest);
	CHECK(longest > 4400000 && longest < 5300000);
	detach(&w);
	CHECK_INT(info().key_uses[1], 500);
}

/* A host that gives up earlier than the chip, and then wants something else. */
static void an_impatient_host_gets_no_old_answers(void)
{
	const struct trustx_options opt = { .timeout_ms = 40, .reset = TRUSTX_RESET_SOFT };
	uint8_t point[65], sig[72], uid[27], digest[32] = { 1 };
	size_t len = sizeof(point);
	struct world w;

	begin(&w, "", NULL);
	CHECK_OK(trustx_generate_key(&w.se, point, &len, 0xE0F1, TRUSTX_P256, 0x10));
	CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
	for (unsigned i = 0; i < 5; i++) {
		len = sizeof(sig);
		CHECK_ERR(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, 32),
			TRUSTX_ERR_TIMEOUT);
		CHECK_STR(trustx_error_text(&w.se),
			"sign with 0xE0F1: no answer within 40 ms (data link)");
		CHECK_OK(trustx_read_uid(&w.se, uid));
		CHECK_INT(uid[0], 0xCD);
	}
	/* And an open in the middle of it. */
	CHECK_ERR(trustx_sign(&w.se, sig, &(size_t){ 72 }, 0xE0F1, TRUSTX_P256, digest, 32),
		TRUSTX_ERR_TIMEOUT);
	CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
	CHECK_OK(trustx_read_uid(&w.se, uid));
	detach(&w);
}

static void a_chip_that_fell_asleep_is_woken(void)
{
	uint8_t uid[27];
	struct world w;

	begin(&w, "", NULL);
	for (unsigned i = 0; i < 5; i++) {
		w.bus.ops->sleep_us(w.bus.ctx, 1000000u << i);
		CHECK_OK(trustx_read_uid(&w.se, uid));
	}
	detach(&w);
}

/* Waiting costs little: the answer is noticed soon after it is there. */
static void time_is_not_wasted(void)
{
	uint8_t point[65], sig[72], uid[27], digest[32] = { 1 };
	size_t len = sizeof(point);
	uint64_t opened, read, made, done;
	struct world w;

	new_chip();
	attach(&w, "");
	CHECK_OK(
		trustx_open(&w.se, &w.bus, &(struct trustx_options){ .reset = TRUSTX_RESET_SOFT }));
	opened = now(&w);
	CHECK_OK(trustx_read_uid(&w.se, uid));
	read = now(&w);
	CHECK_OK(trustx_generate_key(&w.se, point, &len, 0xE0F1, TRUSTX_P256, 0x10));
	made = now(&w);
	len = sizeof(sig);
	CHECK_OK(trustx_sign(&w.se, sig, &len, 0xE0F1, TRUSTX_P256, digest, 32));
	done = now(&w);
	printf("    open %llu us, read %llu us, key %llu us, sign %llu us\n",
		(unsigned long long)opened, (unsigned long long)(read - opened),
		(unsigned long long)(made - read), (unsigned long long)(done - made));
	CHECK(done - made < 62000);
	CHECK(made - read < 83000);
	CHECK(read - opened < 8000);
	detach(&w);
}

static void two_chips_are_used_at_once(void)
{
	struct trustx_bus other;
	struct trustx se;
	uint8_t a[27], b[27];
	struct world w;
	struct fail f;

	(void)unlink("other.sim");
	fail_clear(&f);
	begin(&w, "", NULL);
	CHECK_OK(trustx_bus_open(&other, "sim:other.sim?seed=8", &f));
	CHECK_OK(trustx_open(&se, &other, &(struct trustx_options){ .frame_size = 16 }));
	for (unsigned i = 0; i < 3; i++) {
		CHECK_OK(trustx_read_uid(&w.se, a));
		CHECK_OK(trustx_read_uid(&se, b));
		CHECK(memcmp(a, b, 27) != 0);
	}
	trustx_close(&se);
	trustx_bus_close(&other);
	detach(&w);
}

int main(void)
{
	RUN(everything_works_at_every_frame_size);
	RUN(everything_works_at_every_pace);
	RUN(the_chip_is_reset_in_every_way);
	RUN(a_megahertz_is_reached_and_forgotten);
	RUN(stored_settings_outlive_the_power);
	RUN(a_host_killed_at_any_transfer_leaves_nothing_the_next_one_cannot_mend);
	RUN(a_handle_goes_on_after_its_bus_came_back);
	RUN(disturbances_never_falsify_anything);
	RUN(a_throttled_chip_is_waited_for);
	RUN(an_impatient_host_gets_no_old_answers);
	RUN(a_chip_that_fell_asleep_is_woken);
	RUN(time_is_not_wasted);
	RUN(two_chips_are_used_at_once);
	return 0;
}
