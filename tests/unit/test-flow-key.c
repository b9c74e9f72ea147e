/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "backend.h"
#include "keygen.h"
#include "possession.h"
#include "pubkey.h"
#include "state.h"

#include <openssl/pem.h>

#include <ctype.h>

#include "flow-world.h"
#include "full-disk.h"

static const struct slot zero = { 0, 0xE0F0, 0xE0E0 }, one = { 1, 0xE0F1, 0xE0E1 };

static struct pubkey made(struct world *w, const struct slot *slot, uint8_t usage)
{
	struct keygen_options options = { .usage = usage };
	struct pubkey key;
	struct fail f = { 0 };

	MUST(keygen_run(&key, &w->dev, slot, &options, &f), f);
	CHECK_INT(key.source, PUBKEY_GENERATED);
	return key;
}

static void forget(struct world *w, enum state_kind kind)
{
	struct fail f = { 0 };

	MUST(state_drop(&w->dev, one.key, kind, &f), f);
}

static void make_operational(struct world *w, uint16_t oid)
{
	static const uint8_t operational[] = { 0x20, 0x03, 0xC0, 0x01, 0x07 };

	CHECK_OK(trustx_write_metadata(&w->dev.se, oid, operational, sizeof(operational)));
}

static void check_same_point(const struct pubkey *a, const struct pubkey *b)
{
	CHECK_INT(a->point_len, b->point_len);
	CHECK_MEM(a->point, b->point, b->point_len);
}

/* ---- generation ---- */

static void a_key_is_made_once_in_an_empty_slot(void)
{
	struct trustx_public_key view;
	struct world w;
	struct pubkey key, again;
	struct fail f = { 0 };
	bool found;
	struct slot_state state;

	world_new(&w, 1, "");
	key = made(&w, &one, 0);
	CHECK_INT(key.curve, TRUSTX_P256);
	CHECK_INT(key.usage, TRUSTX_USAGE_SIGN);
	view = pubkey_view(&key);
	MUST(possession_prove(&w.dev, one.key, &view, &f), f);
	MUST(slot_inspect(&state, &w.dev, &one, false, &f), f);
	MUST(pubkey_from_file(&again, &found, &w.dev, &state, &f), f);
	CHECK(found);
	check_same_point(&again, &key);
	slot_state_free(&state);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	world_free(&w);
}

static void a_key_in_use_needs_consent_and_the_uid(void)
{
	struct keygen_options options = { 0 };
	struct world w;
	struct pubkey key, first;
	struct fail f = { 0 };
	char uid[2 * TRUSTX_UID_LEN + 1];

	world_new(&w, 2, "");
	first = made(&w, &one, 0);
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.next, w.dev.uid_hex) != NULL);
	options.replace = true;
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_CONSENT);
	CHECK(strstr(f.next, w.dev.uid_hex) != NULL);
	options.confirm = "00";
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_CONSENT);
	CHECK(strstr(f.next, w.dev.uid_hex) != NULL);
	CHECK_INT(world_info(&w).key_generations[1], 1);

	for (size_t i = 0; i < sizeof(uid); i++)
		uid[i] = (char)toupper(w.dev.uid_hex[i]);
	options.confirm = uid;
	MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
	CHECK(memcmp(key.point, first.point, 65) != 0);
	CHECK_INT(world_info(&w).key_generations[1], 2);
	world_free(&w);
}

static void infineons_key_needs_its_own_word_and_is_locked(void)
{
	struct keygen_options options = { .replace = true };
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 3, "");
	options.confirm = w.dev.uid_hex;
	CHECK_ERR(keygen_run(&key, &w.dev, &zero, &options, &f), TRUSTX_ERR_CONSENT);
	CHECK(strstr(f.next, "--infineon-slot") != NULL);
	options.infineon_slot = true;
	CHECK_ERR(keygen_run(&key, &w.dev, &zero, &options, &f), TRUSTX_ERR_LOCKED);
	CHECK(strstr(f.why, "its change rule is never: it can never be written") != NULL);
	CHECK_INT(world_info(&w).key_generations[0], 0);
	world_free(&w);
}

static void a_locked_slot_is_refused_before_anything_is_sent(void)
{
	struct keygen_options options = { 0 };
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 4, "");
	make_operational(&w, one.key);
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_LOCKED);
	CHECK_STR(f.why, "the slot's life cycle is operational, its change rule is LcsO < "
			 "operational: it can no longer be written");
	CHECK_INT(f.oid, 0xE0F1);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	world_free(&w);
}

static void on_a_full_disk_no_key_is_made(void)
{
	static const uint64_t sizes[] = { 0, 100, 177 };
	struct keygen_options options = { 0 };
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 40, "");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		full_disk_begin(sizes[i]);
		CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_FILE);
		full_disk_end();
		CHECK(strstr(f.next, "--state") != NULL);
		CHECK_INT(key.point_len, 0);
	}
	CHECK_INT(world_info(&w).key_generations[1], 0);
	(void)made(&w, &one, 0);
	world_free(&w);
}

static void a_directory_in_the_files_place_costs_no_key(void)
{
	struct keygen_options options = { 0 };
	struct world w;
	struct pubkey key;
	struct blob path;
	struct fail f = { 0 };

	world_new(&w, 41, "");
	blob_init(&path, 4096);
	MUST(state_path(&path, &w.dev, one.key, STATE_PUBLIC_KEY, &f), f);
	CHECK(mkdir(w.state, 0700) == 0 && mkdir(blob_text(&path), 0700) == 0);
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_FILE);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	blob_free(&path);
	world_free(&w);
}

static void without_a_state_directory_no_key_is_made(void)
{
	struct keygen_options options = { 0 };
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 5, "");
	free(w.dev.state_dir);
	w.dev.state_dir = strdup("/dev/null/x");
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_FILE);
	CHECK(strstr(f.next, "--state") != NULL);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	world_free(&w);
}

/* ---- a bus that loses what the chip says about GenKeyPair ---- */

struct lossy {
	struct bus_ctx base; /* first: bus.h looks into it */
	struct trustx_bus below;
	bool armed, cut;   /* cut: the power goes before the chip can begin */
	unsigned lost;	   /* transfers to lose once the command is out */
	const char *block; /* nothing is lost, but a directory stands where this file belongs */
};

static bool is_generate(const uint8_t *data, size_t len)
{
	return len > 10 && data[0] == 0x80 && (data[5] & 0x7F) == 0x38;
}

static enum trustx_err lossy_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct lossy *l = ctx;
	enum trustx_err err = l->below.ops->write(l->below.ctx, addr, data, len);

	if (!l->armed || !is_generate(data, len) || err != TRUSTX_OK)
		return err;
	l->armed = false;
	if (l->block != NULL) {
		CHECK(mkdir(l->block, 0700) == 0);
		return TRUSTX_OK;
	}
	l->lost = 1;
	if (l->cut) {
		CHECK_OK(l->below.ops->set_power(l->below.ctx, false));
		CHECK_OK(l->below.ops->set_power(l->below.ctx, true));
	}
	l->below.ops->sleep_us(l->below.ctx, 500000);
	return TRUSTX_OK;
}

static enum trustx_err lossy_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct lossy *l = ctx;

	if (l->lost > 0) {
		l->lost--;
		return TRUSTX_ERR_BUS;
	}
	return l->below.ops->read(l->below.ctx, addr, data, len);
}

static enum trustx_err lossy_speed(void *ctx, uint32_t hz)
{
	struct lossy *l = ctx;

	return l->below.ops->set_speed(l->below.ctx, hz);
}

static uint64_t lossy_now(void *ctx)
{
	struct lossy *l = ctx;

	return l->below.ops->now_us(l->below.ctx);
}

static void lossy_sleep(void *ctx, uint32_t us)
{
	struct lossy *l = ctx;

	l->below.ops->sleep_us(l->below.ctx, us);
}

static const struct trustx_bus_ops lossy_ops = {
	.write = lossy_write,
	.read = lossy_read,
	.set_speed = lossy_speed,
	.now_us = lossy_now,
	.sleep_us = lossy_sleep,
};

static void go_lossy(struct world *w, struct lossy *l, bool cut)
{
	*l = (struct lossy){ .below = w->dev.bus, .armed = true, .cut = cut };
	l->base.backend = ((const struct bus_ctx *)l->below.ctx)->backend;
	w->dev.bus.ops = &lossy_ops;
	w->dev.bus.ctx = l;
}

static void end_lossy(struct world *w, struct lossy *l)
{
	CHECK(!l->armed && l->lost == 0);
	w->dev.bus = l->below;
}

static void check_unsaved(unsigned number, uint8_t usage, const char *next)
{
	struct keygen_options options = { .usage = usage };
	struct lossy lossy;
	struct pubkey key;
	struct blob path;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, number, "");
	blob_init(&path, 4096);
	MUST(state_path(&path, &w.dev, one.key, STATE_PUBLIC_KEY, &f), f);
	go_lossy(&w, &lossy, false);
	lossy.block = blob_text(&path);
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_FILE);
	end_lossy(&w, &lossy);
	CHECK_INT(key.point_len, 65);
	CHECK(strstr(f.next, next) != NULL);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	blob_free(&path);
	world_free(&w);
}

static void a_key_that_could_not_be_saved_is_handed_out(void)
{
	check_unsaved(42, TRUSTX_USAGE_SIGN, "trustx key public --slot 1 recovers it");
	check_unsaved(43, TRUSTX_USAGE_AGREE, "--replace-key");
}

static void a_lost_answer_is_resolved_with_one_key(void)
{
	struct keygen_options options = { 0 };
	struct lossy lossy;
	struct pubkey key;
	struct trustx_public_key view;
	struct world w;
	struct fail f = { 0 };

	for (unsigned cut = 0; cut < 2; cut++) {
		world_new(&w, 6 + cut, "");
		go_lossy(&w, &lossy, cut == 1);
		MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
		end_lossy(&w, &lossy);
		CHECK_INT(key.source, cut ? PUBKEY_GENERATED : PUBKEY_RECOVERED);
		view = pubkey_view(&key);
		MUST(possession_prove(&w.dev, one.key, &view, &f), f);
		CHECK_INT(world_info(&w).key_generations[1], 1);
		world_free(&w);
	}
}

static void a_lost_answer_to_a_replacement_is_resolved_too(void)
{
	struct keygen_options options = { .replace = true };
	struct lossy lossy;
	struct pubkey key, old;
	struct world w;
	struct fail f = { 0 };

	for (unsigned cut = 0; cut < 2; cut++) {
		world_new(&w, 8 + cut, "");
		old = made(&w, &one, 0);
		options.confirm = w.dev.uid_hex;
		go_lossy(&w, &lossy, cut == 1);
		MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
		end_lossy(&w, &lossy);
		CHECK(memcmp(key.point, old.point, 65) != 0);
		CHECK_INT(world_info(&w).key_generations[1], 2);
		world_free(&w);
	}
}

static void a_silent_key_whose_answer_is_lost_says_so(void)
{
	struct keygen_options options = { .usage = TRUSTX_USAGE_AGREE };
	struct lossy lossy;
	struct pubkey key;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 10, "");
	go_lossy(&w, &lossy, false);
	CHECK_ERR(keygen_run(&key, &w.dev, &one, &options, &f), TRUSTX_ERR_NO_PUBLIC_KEY);
	CHECK(strstr(f.why, "cannot sign") != NULL);
	end_lossy(&w, &lossy);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	world_free(&w);
}

/* ---- public keys ---- */

static void the_state_file_costs_one_key_use_recovery_two(void)
{
	struct world w;
	struct pubkey key, found;
	struct fail f = { 0 };

	world_new(&w, 11, "");
	key = made(&w, &one, 0);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_STATE_FILE);
	CHECK(found.proved);
	check_same_point(&found, &key);
	CHECK_INT(world_info(&w).key_uses[1], 1);

	forget(&w, STATE_PUBLIC_KEY);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_RECOVERED);
	CHECK(found.proved);
	check_same_point(&found, &key);
	CHECK_INT(world_info(&w).key_uses[1], 3);

	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_STATE_FILE);
	CHECK_INT(world_info(&w).key_uses[1], 4);
	world_free(&w);
}

static void the_certificate_comes_first(void)
{
	struct slotcert_options options = { 0 };
	struct slotcert_result result;
	STACK_OF(X509) *certs;
	struct world w;
	struct pubkey found;
	struct fail f = { 0 };

	world_new(&w, 12, "");
	certs = world_certify(&w, &one, CA_DIR);
	MUST(slotcert_write(&result, &w.dev, &one, certs, &options, &f), f);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_CERTIFICATE);
	CHECK(found.proved);
	sk_X509_pop_free(certs, X509_free);
	world_free(&w);
}

static void a_p384_key_is_recovered(void)
{
	struct keygen_options options = { .curve = TRUSTX_P384, .usage = TRUSTX_USAGE_AUTH };
	struct world w;
	struct pubkey key, found;
	struct fail f = { 0 };

	world_new(&w, 13, "");
	MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
	CHECK_INT(key.point_len, 97);
	forget(&w, STATE_PUBLIC_KEY);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_RECOVERED);
	check_same_point(&found, &key);
	world_free(&w);
}

static void a_wrong_or_damaged_state_file_does_no_harm(void)
{
	static const char *const bad[] = { "garbage", "-----BEGIN PUBLIC KEY-----\nAAAA\n", "" };
	struct world w;
	struct pubkey key, other, found;
	struct blob data;
	struct fail f = { 0 };
	struct slot two = slot_number(2);

	world_new(&w, 14, "");
	key = made(&w, &one, 0);
	other = made(&w, &two, 0);
	MUST(pubkey_save(&other, &w.dev, one.key, &f), f);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK_INT(found.source, PUBKEY_RECOVERED);
	check_same_point(&found, &key);
	blob_init(&data, 100);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		blob_free(&data);
		CHECK_OK(blob_add(&data, bad[i], strlen(bad[i])));
		MUST(state_save(&w.dev, one.key, STATE_PUBLIC_KEY, &data, &f), f);
		MUST(pubkey_find(&found, &w.dev, &one, &f), f);
		CHECK_INT(found.source, PUBKEY_RECOVERED);
		check_same_point(&found, &key);
	}
	blob_free(&data);
	world_free(&w);
}

static void a_key_that_cannot_sign_is_known_by_its_file_only(void)
{
	struct world w;
	struct pubkey key, found;
	struct fail f = { 0 };

	world_new(&w, 15, "");
	key = made(&w, &one, TRUSTX_USAGE_AGREE);
	MUST(pubkey_find(&found, &w.dev, &one, &f), f);
	CHECK(!found.proved);
	check_same_point(&found, &key);
	forget(&w, STATE_PUBLIC_KEY);
	CHECK_ERR(pubkey_find(&found, &w.dev, &one, &f), TRUSTX_ERR_NO_PUBLIC_KEY);
	CHECK(strstr(f.why, "usage is 0x20") != NULL);
	CHECK_INT(world_info(&w).key_uses[1], 0);
	world_free(&w);
}

static void an_empty_slot_has_no_public_key(void)
{
	struct world w;
	struct pubkey found;
	struct fail f = { 0 };

	world_new(&w, 16, "");
	CHECK_ERR(pubkey_find(&found, &w.dev, &one, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "no key in 0xE0F1") != NULL);
	world_free(&w);
}

static void infineons_key_is_known_by_its_certificate(void)
{
	struct world w;
	struct pubkey found;
	struct fail f = { 0 };

	world_new(&w, 17, "");
	MUST(pubkey_find(&found, &w.dev, &zero, &f), f);
	CHECK_INT(found.source, PUBKEY_CERTIFICATE);
	CHECK(found.proved);
	world_free(&w);
}

static void the_public_key_is_pem_that_others_read(void)
{
	uint8_t point[TRUSTX_POINT_MAX];
	struct world w;
	struct pubkey key;
	struct blob pem;
	EVP_PKEY *pkey;
	BIO *bio;
	size_t len;
	struct fail f = { 0 };

	world_new(&w, 18, "");
	key = made(&w, &one, 0);
	blob_init(&pem, 1000);
	MUST(pubkey_pem(&pem, &key, &f), f);
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	CHECK((pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL)) != NULL);
	CHECK(EVP_PKEY_get_octet_string_param(pkey, "pub", point, sizeof(point), &len) == 1);
	CHECK_INT(len, key.point_len);
	CHECK_MEM(point, key.point, len);
	EVP_PKEY_free(pkey);
	BIO_free(bio);
	blob_free(&pem);
	world_free(&w);
}

int main(void)
{
	world_init();
	RUN(a_key_is_made_once_in_an_empty_slot);
	RUN(a_key_in_use_needs_consent_and_the_uid);
	RUN(infineons_key_needs_its_own_word_and_is_locked);
	RUN(a_locked_slot_is_refused_before_anything_is_sent);
	RUN(on_a_full_disk_no_key_is_made);
	RUN(a_directory_in_the_files_place_costs_no_key);
	RUN(without_a_state_directory_no_key_is_made);
	RUN(a_key_that_could_not_be_saved_is_handed_out);
	RUN(a_lost_answer_is_resolved_with_one_key);
	RUN(a_lost_answer_to_a_replacement_is_resolved_too);
	RUN(a_silent_key_whose_answer_is_lost_says_so);
	RUN(the_state_file_costs_one_key_use_recovery_two);
	RUN(the_certificate_comes_first);
	RUN(a_p384_key_is_recovered);
	RUN(a_wrong_or_damaged_state_file_does_no_harm);
	RUN(a_key_that_cannot_sign_is_known_by_its_file_only);
	RUN(an_empty_slot_has_no_public_key);
	RUN(infineons_key_is_known_by_its_certificate);
	RUN(the_public_key_is_pem_that_others_read);
	return 0;
}
