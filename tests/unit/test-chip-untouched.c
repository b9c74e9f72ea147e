/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the library does not announce to write is not written: the image around every command. */
#include "bus.h"
#include "image.h"
#include "test.h"
#include "trustx.h"

#include <unistd.h>

#define IMAGE	"chip.sim"
#define KEY	(TRUSTX_OID_KEY_0 + 1)
#define AGREES	(TRUSTX_OID_KEY_0 + 2)
#define SECRET	0xF1D0
#define SESSION TRUSTX_OID_SESSION_0

struct world {
	struct trustx_bus bus;
	struct trustx se;
	struct nvm before;
	unsigned sec_moved; /* commands that left another security event counter */
	uint8_t point[65], agreeing[65];
};

static void load(struct nvm *nvm)
{
	struct fail f;

	fail_clear(&f);
	if (nvm_load(nvm, IMAGE, &f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, f.why);
}

static void remember(struct world *w)
{
	load(&w->before);
}

static void check_same(const struct nvm *a, const struct nvm *b)
{
	uint8_t one[IMAGE_MAX], two[IMAGE_MAX];
	size_t len_one, len_two;

	CHECK_OK(image_encode(one, &len_one, a));
	CHECK_OK(image_encode(two, &len_two, b));
	CHECK_INT(len_one, len_two);
	for (size_t i = 0; i < len_one; i++)
		if (one[i] != two[i])
			fprintf(stderr, "byte %zu: %02X, was %02X\n", i, two[i], one[i]);
	CHECK(memcmp(one, two, len_one) == 0);
}

static void nothing_changed(struct world *w)
{
	struct nvm after;

	load(&after);
	check_same(&w->before, &after);
}

/* Only the security event counter, what counts its programming, and the uses of that key. */
static void only_the_counter_changed(struct world *w, unsigned slot)
{
	struct object *then, *now;
	struct nvm after;
	uint32_t cycles;

	load(&after);
	then = nvm_find(&w->before, OID_SEC);
	now = nvm_find(&after, OID_SEC);
	cycles = now->cycles - then->cycles;
	CHECK_INT(after.uses[slot], w->before.uses[slot] + 1);
	CHECK_INT(after.writes - w->before.writes, cycles);
	CHECK(cycles > 0 || now->data[0] == then->data[0]);
	w->sec_moved += now->data[0] != then->data[0];
	now->data[0] = then->data[0];
	now->cycles = then->cycles;
	after.writes = w->before.writes;
	after.rng = w->before.rng; /* where the simulator's own dice lie */
	after.uses[slot] = w->before.uses[slot];
	check_same(&w->before, &after);
}

static void begin(struct world *w)
{
	static const uint8_t secret[32] = { 7 };
	size_t len = sizeof(w->point);
	struct fail f;

	(void)unlink(IMAGE);
	memset(w, 0, sizeof(*w));
	fail_clear(&f);
	if (trustx_bus_open(&w->bus, "sim:" IMAGE "?seed=7", &f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, f.why);
	CHECK_OK(trustx_open(&w->se, &w->bus, NULL));
	CHECK_OK(trustx_generate_key(
		&w->se, w->point, &len, KEY, TRUSTX_P256, TRUSTX_USAGE_SIGN | TRUSTX_USAGE_AUTH));
	len = sizeof(w->agreeing);
	CHECK_OK(trustx_generate_key(
		&w->se, w->agreeing, &len, AGREES, TRUSTX_P256, TRUSTX_USAGE_AGREE));
	CHECK_OK(trustx_replace(&w->se, SECRET, secret, sizeof(secret)));
	remember(w);
}

static void end(struct world *w)
{
	trustx_close(&w->se);
	trustx_bus_close(&w->bus);
}

static void opening_leaves_nothing_behind(void)
{
	static const enum trustx_reset resets[] = { TRUSTX_RESET_SOFT, TRUSTX_RESET_LINE,
		TRUSTX_RESET_POWER };
	static const uint16_t frames[] = { 16, 60, 277 };
	struct world w;

	begin(&w);
	for (size_t i = 0; i < 3; i++) {
		const struct trustx_options opt = {
			.speed_hz = 1000000, .frame_size = frames[i], .reset = resets[i]
		};

		CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
		nothing_changed(&w);
	}
	end(&w);
	nothing_changed(&w);
}

static void reading_leaves_nothing_behind(void)
{
	uint8_t buf[2000];
	struct world w;
	size_t len;

	begin(&w);
	CHECK_OK(trustx_read_uid(&w.se, buf));
	nothing_changed(&w);
	for (size_t i = 0; i < CATALOG_OBJECTS; i++) {
		const uint16_t oid = w.before.objects[i].oid;
		enum trustx_err err;

		len = sizeof(buf);
		err = trustx_read(&w.se, buf, &len, oid, 0);
		CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_CHIP);
		nothing_changed(&w);
		len = TRUSTX_METADATA_MAX;
		err = trustx_read_metadata(&w.se, buf, &len, oid);
		CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_CHIP);
		nothing_changed(&w);
	}
	CHECK_OK(trustx_random(&w.se, buf, 1));
	nothing_changed(&w);
	CHECK_OK(trustx_random(&w.se, buf, 300));
	nothing_changed(&w);
	end(&w);
	nothing_changed(&w);
}

/* Every refusal makes the library read 0xF1C2. */
static void refusals_leave_nothing_behind(void)
{
	static const uint8_t byte[] = { 1 }, lcso[] = { 0x20, 0x03, 0xC0, 0x01, 0x00 };
	uint8_t buf[100], digest[32] = { 1 };
	struct trustx_error error;
	struct world w;

	begin(&w);
	CHECK_ERR(trustx_read(&w.se, buf, &(size_t){ 10 }, KEY, 0), TRUSTX_ERR_CHIP);
	trustx_error(&w.se, &error);
	CHECK_INT(error.chip_code, 0x07);
	nothing_changed(&w);
	CHECK_ERR(trustx_read(&w.se, buf, &(size_t){ 10 }, 0xE0D5, 0), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_write(&w.se, TRUSTX_OID_UID, 0, byte, 1), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_write(&w.se, 0xE0E1, 1728, byte, 1), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(
		trustx_write_metadata(&w.se, TRUSTX_OID_UID, lcso, sizeof(lcso)), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_generate_key(
			  &w.se, buf, &(size_t){ 65 }, TRUSTX_OID_KEY_0, TRUSTX_P256, 0x10),
		TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_sign(&w.se, buf, &(size_t){ 72 }, TRUSTX_OID_KEY_0 + 3, TRUSTX_P256,
			  digest, 32),
		TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_sign(&w.se, buf, &(size_t){ 72 }, AGREES, TRUSTX_P256, digest, 32),
		TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	end(&w);
	nothing_changed(&w);
}

static void verifying_leaves_nothing_behind(void)
{
	uint8_t sig[TRUSTX_SIG_MAX], digest[32] = { 1 };
	size_t len = sizeof(sig);
	struct trustx_public_key key;
	struct world w;

	begin(&w);
	key = (struct trustx_public_key){ TRUSTX_P256, w.point, sizeof(w.point) };
	CHECK_OK(trustx_sign(&w.se, sig, &len, KEY, TRUSTX_P256, digest, 32));
	remember(&w);
	CHECK_OK(trustx_verify(&w.se, &key, digest, 32, sig, len));
	nothing_changed(&w);
	digest[0] ^= 1;
	CHECK_ERR(trustx_verify(&w.se, &key, digest, 32, sig, len), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	CHECK_ERR(trustx_verify_by_object(&w.se, 0xE0E1, digest, 32, sig, len), TRUSTX_ERR_CHIP);
	nothing_changed(&w);
	end(&w);
	nothing_changed(&w);
}

static void hash(struct world *w, enum trustx_hash_step step, bool export_context)
{
	static const uint8_t data[100] = { 3 };
	uint8_t out[TRUSTX_HASH_CONTEXT_LEN];
	size_t len = sizeof(out);
	struct trustx_hash what = { .step = step,
		.data = step == TRUSTX_HASH_DROP ? NULL : data,
		.len = step == TRUSTX_HASH_DROP ? 0 : sizeof(data),
		.export_context = export_context };

	CHECK_OK(trustx_hash(&w->se, out, &len, &what));
	nothing_changed(w);
}

static void hashing_leaves_nothing_behind(void)
{
	struct world w;

	begin(&w);
	hash(&w, TRUSTX_HASH_WHOLE, false);
	hash(&w, TRUSTX_HASH_START, true);
	hash(&w, TRUSTX_HASH_CONTINUE, true);
	hash(&w, TRUSTX_HASH_PEEK, false);
	hash(&w, TRUSTX_HASH_FINAL, false);
	hash(&w, TRUSTX_HASH_START, false);
	hash(&w, TRUSTX_HASH_DROP, false);
	end(&w);
	nothing_changed(&w);
}

/* Secrets in sessions are gone with the power. */
static void sessions_leave_nothing_behind(void)
{
	static const uint8_t seed[40] = { 5 };
	uint8_t out[TRUSTX_PAIR_MAX];
	struct trustx_public_key other;
	size_t len = sizeof(out);
	struct world w;

	begin(&w);
	other = (struct trustx_public_key){ TRUSTX_P256, w.point, sizeof(w.point) };
	CHECK_OK(trustx_generate_pair(&w.se, out, &len, TRUSTX_P256));
	nothing_changed(&w);
	len = sizeof(w.point);
	CHECK_OK(trustx_generate_key(&w.se, out, &len, SESSION, TRUSTX_P256, TRUSTX_USAGE_AGREE));
	nothing_changed(&w);
	len = sizeof(out);
	CHECK_OK(trustx_ecdh(&w.se, out, &len, SESSION, &other));
	nothing_changed(&w);
	CHECK_OK(trustx_ecdh_session(&w.se, SESSION + 1, SESSION, &other));
	nothing_changed(&w);
	CHECK_OK(trustx_derive(&w.se, out, 16, SESSION + 1, seed, sizeof(seed)));
	nothing_changed(&w);
	CHECK_OK(trustx_derive_session(&w.se, SESSION + 2, 48, SESSION + 1, seed, sizeof(seed)));
	nothing_changed(&w);
	end(&w);
	nothing_changed(&w);
}

/* A free use at first, then each one is an event, until the chip does not count any further. */
static void using_a_key_moves_its_counters_and_nothing_else(void)
{
	uint8_t out[TRUSTX_SIG_MAX], digest[32] = { 1 };
	struct trustx_public_key other;
	size_t len;
	struct world w;

	begin(&w);
	other = (struct trustx_public_key){ TRUSTX_P256, w.point, sizeof(w.point) };
	for (unsigned i = 0; i < 160; i++) {
		digest[1] = (uint8_t)i;
		len = sizeof(out);
		CHECK_OK(trustx_sign(&w.se, out, &len, KEY, TRUSTX_P256, digest, 32));
		only_the_counter_changed(&w, 1);
		remember(&w);
	}
	len = sizeof(out);
	CHECK_OK(trustx_ecdh(&w.se, out, &len, AGREES, &other));
	only_the_counter_changed(&w, 2);
	remember(&w);
	len = sizeof(out);
	CHECK_OK(trustx_authenticate(&w.se, out, &len, KEY, TRUSTX_P256, digest, 32));
	only_the_counter_changed(&w, 1);
	CHECK(w.sec_moved > 100);
	CHECK(nvm_byte(&w.before, OID_SEC) > 127);
	end(&w);
}

int main(void)
{
	RUN(opening_leaves_nothing_behind);
	RUN(reading_leaves_nothing_behind);
	RUN(refusals_leave_nothing_behind);
	RUN(verifying_leaves_nothing_behind);
	RUN(hashing_leaves_nothing_behind);
	RUN(sessions_leave_nothing_behind);
	RUN(using_a_key_moves_its_counters_and_nothing_else);
	return 0;
}
