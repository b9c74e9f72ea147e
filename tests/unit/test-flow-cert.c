/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keygen.h"
#include "slotcert.h"
#include "state.h"

#include "flow-world.h"

#define DAY 86400

static const struct slot zero = { 0, 0xE0F0, 0xE0E0 }, one = { 1, 0xE0F1, 0xE0E1 };
static const struct slotcert_options plain = { 0 };

static void write_it(struct world *w, STACK_OF(X509) *certs, const struct slotcert_options *opt)
{
	struct slotcert_result result;
	struct fail f = { 0 };

	MUST(slotcert_write(&result, &w->dev, &one, certs, opt, &f), f);
	CHECK(result.written);
}

static enum trustx_err try_write(
	struct world *w, STACK_OF(X509) *certs, const struct slotcert_options *opt, struct fail *f)
{
	struct slotcert_result result;
	char before[60];
	enum trustx_err err;

	snprintf(before, sizeof(before), "%s.before", w->path);
	device_close(&w->dev);
	copy_file(before, w->path);
	world_connect(w);
	err = slotcert_write(&result, &w->dev, &one, certs, opt, f);
	CHECK(err != TRUSTX_OK && !result.written);
	device_close(&w->dev);
	CHECK(images_equal(before, w->path));
	world_connect(w);
	return err;
}

static STACK_OF(X509) *roots_of(const char *dir)
{
	STACK_OF(X509) *roots;
	struct fail f = { 0 };

	MUST(ca_roots(&roots, dir, &f), f);
	return roots;
}

static void drop(STACK_OF(X509) *certs)
{
	sk_X509_pop_free(certs, X509_free);
}

static enum slot_verdict verdict(struct world *w, const struct slot *slot)
{
	struct slot_state state;
	struct fail f = { 0 };
	enum slot_verdict v;

	MUST(slot_inspect(&state, &w->dev, slot, true, &f), f);
	v = state.verdict;
	slot_state_free(&state);
	return v;
}

static void make_operational(struct world *w, uint16_t oid)
{
	static const uint8_t operational[] = { 0x20, 0x03, 0xC0, 0x01, 0x07 };

	CHECK_OK(trustx_write_metadata(&w->dev.se, oid, operational, sizeof(operational)));
}

/* A certificate for any public key; only its key matters. */
static STACK_OF(X509) *forge(const struct pubkey *key)
{
	struct trustx_public_key view = pubkey_view(key);
	EVP_PKEY *signer = EVP_EC_gen("P-256"), *subject;
	STACK_OF(X509) *certs = sk_X509_new_null();
	X509 *cert = X509_new();
	uint8_t spki[TRUSTX_SPKI_MAX];
	const uint8_t *p = spki;
	size_t len = sizeof(spki);

	CHECK_OK(trustx_spki(spki, &len, &view));
	CHECK((subject = d2i_PUBKEY(NULL, &p, (long)len)) != NULL);
	CHECK(X509_set_version(cert, 2) == 1 && X509_set_pubkey(cert, subject) == 1);
	CHECK(X509_gmtime_adj(X509_getm_notBefore(cert), -DAY) != NULL);
	CHECK(X509_gmtime_adj(X509_getm_notAfter(cert), DAY) != NULL);
	CHECK(ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) == 1);
	CHECK(X509_sign(cert, signer, EVP_sha256()) > 0);
	CHECK(sk_X509_push(certs, cert) == 1);
	EVP_PKEY_free(subject);
	EVP_PKEY_free(signer);
	return certs;
}

/* ---- writing ---- */

static void a_certificate_goes_in_and_comes_out_in_both_formats(void)
{
	static const enum cert_format formats[] = { CERT_FORMAT_TLS_IDENTITY, CERT_FORMAT_DER };
	struct slotcert_options options = { .replace = true };
	STACK_OF(X509) *certs, *back;
	struct slotcert_result result;
	struct world w;
	struct blob raw;
	struct fail f = { 0 };

	world_new(&w, 1, "");
	certs = world_certify(&w, &one, CA_DIR);
	blob_init(&raw, 2000);
	for (size_t i = 0; i < 2; i++) {
		options.format = formats[i];
		MUST(slotcert_write(&result, &w.dev, &one, certs, &options, &f), f);
		CHECK(result.written && result.key_fits && !result.chain_checked);
		blob_free(&raw);
		MUST(slotcert_read(&back, &raw, &w.dev, &one, &f), f);
		CHECK_INT(raw.len, result.len);
		CHECK_INT(raw.data[0], i == 0 ? 0xC0 : 0x30);
		CHECK(X509_cmp(sk_X509_value(back, 0), sk_X509_value(certs, 0)) == 0);
		drop(back);
	}
	CHECK_INT(verdict(&w, &one), SLOT_FITS);
	blob_free(&raw);
	drop(certs);
	world_free(&w);
}

static void the_same_again_is_not_written(void)
{
	STACK_OF(X509) *certs;
	struct slotcert_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 2, "");
	certs = world_certify(&w, &one, CA_DIR);
	write_it(&w, certs, &plain);
	MUST(slotcert_write(&result, &w.dev, &one, certs, &plain, &f), f);
	CHECK(!result.written && result.key_fits);
	drop(certs);
	world_free(&w);
}

static void another_certificate_needs_consent(void)
{
	struct slotcert_options options = { .replace = true };
	STACK_OF(X509) *first, *second;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 3, "");
	first = world_certify(&w, &one, CA_DIR);
	second = world_certify(&w, &one, CA_DIR);
	write_it(&w, first, &plain);
	CHECK_ERR(try_write(&w, second, &plain, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.next, "--replace-cert") != NULL);
	write_it(&w, second, &options);
	drop(first);
	drop(second);
	world_free(&w);
}

static void the_certificate_of_another_chip_is_refused(void)
{
	struct slotcert_options foreign = { .foreign = true };
	STACK_OF(X509) *certs;
	struct world w, other;
	struct fail f = { 0 };

	world_new(&w, 4, "");
	world_new(&other, 5, "");
	certs = world_certify(&other, &one, CA_DIR);
	CHECK_ERR(try_write(&w, certs, &plain, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "no key in 0xE0F1") != NULL);
	drop(world_certify(&w, &one, CA_DIR));
	CHECK_ERR(try_write(&w, certs, &plain, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "another key") != NULL && strstr(f.next, "--foreign-cert") != NULL);
	CHECK_INT(verdict(&w, &one), SLOT_KEY_ONLY);
	write_it(&w, certs, &foreign);
	CHECK_INT(verdict(&w, &one), SLOT_DIFFERS);
	drop(certs);
	world_free(&other);
	world_free(&w);
}

static void dates_count(void)
{
	struct slotcert_options late = { .now = time(NULL) + 3 * DAY };
	struct slotcert_options early = { .now = time(NULL) - 3 * DAY };
	STACK_OF(X509) *certs;
	struct keygen_options keygen = { 0 };
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 6, "");
	MUST(keygen_run(&key, &w.dev, &one, &keygen, &f), f);
	certs = forge(&key);
	CHECK_ERR(try_write(&w, certs, &late, &f), TRUSTX_ERR_MISMATCH);
	CHECK_ERR(try_write(&w, certs, &early, &f), TRUSTX_ERR_MISMATCH);
	late.foreign = true;
	CHECK_ERR(try_write(&w, certs, &late, &f), TRUSTX_ERR_MISMATCH);
	write_it(&w, certs, &plain);
	drop(certs);
	world_free(&w);
}

static void the_chain_is_checked_when_there_are_roots(void)
{
	struct slotcert_options options = { 0 };
	STACK_OF(X509) *certs, *roots, *others;
	struct slotcert_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 7, "");
	certs = world_certify(&w, &one, CA_DIR);
	roots = roots_of(CA_DIR);
	others = roots_of(OTHER_CA_DIR);
	options.roots = others;
	CHECK_ERR(try_write(&w, certs, &options, &f), TRUSTX_ERR_MISMATCH);
	options.roots = roots;
	write_it(&w, certs, &options);
	MUST(slotcert_verify(&result, &w.dev, &one, NULL, &options, &f), f);
	CHECK_INT(sk_X509_num(result.found), 1);
	CHECK_INT(X509_cmp(sk_X509_value(result.found, 0), sk_X509_value(certs, 0)), 0);
	drop(result.found);
	CHECK(result.chain_checked && result.key_fits);
	MUST(slotcert_verify(&result, &w.dev, &one, certs, &plain, &f), f);
	CHECK(!result.chain_checked && result.key_fits);
	options.roots = others;
	CHECK_ERR(slotcert_verify(&result, &w.dev, &one, NULL, &options, &f), TRUSTX_ERR_MISMATCH);
	drop(others);
	drop(roots);
	drop(certs);
	world_free(&w);
}

static void a_locked_slot_is_refused_unless_it_is_right_already(void)
{
	struct slotcert_options replace = { .replace = true };
	STACK_OF(X509) *first, *second;
	struct slotcert_result result;
	struct world w;
	struct fail f = { 0 };
	bool erased;

	world_new(&w, 8, "");
	first = world_certify(&w, &one, CA_DIR);
	second = world_certify(&w, &one, CA_DIR);
	write_it(&w, first, &plain);
	make_operational(&w, one.cert);
	CHECK_ERR(try_write(&w, second, &replace, &f), TRUSTX_ERR_LOCKED);
	CHECK_STR(f.why, "the slot's life cycle is operational, its change rule is LcsO < "
			 "operational: it can no longer be written");
	CHECK_ERR(try_write(&w, second, &plain, &f), TRUSTX_ERR_EXISTS);
	CHECK_ERR(slotcert_erase(&erased, &w.dev, &one, false, &f), TRUSTX_ERR_LOCKED);
	MUST(slotcert_write(&result, &w.dev, &one, first, &plain, &f), f);
	CHECK(!result.written);
	drop(second);
	drop(first);
	world_free(&w);
}

static void a_chain_too_long_for_the_slot_is_refused(void)
{
	STACK_OF(X509) *certs;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 9, "");
	certs = world_certify(&w, &one, CA_DIR);
	while (sk_X509_num(certs) < 6)
		CHECK(sk_X509_push(certs, X509_dup(sk_X509_value(certs, 0))) > 0);
	CHECK_ERR(try_write(&w, certs, &plain, &f), TRUSTX_ERR_TOO_BIG);
	CHECK(strstr(f.why, "1728") != NULL);
	drop(certs);
	world_free(&w);
}

static void infineons_certificate_is_readable_and_protected(void)
{
	struct slotcert_options options = { .foreign = true, .replace = true };
	STACK_OF(X509) *certs, *mine, *roots;
	struct slotcert_result result;
	struct world w;
	struct blob pem;
	struct fail f = { 0 };
	bool erased;

	world_new(&w, 10, "");
	CHECK_INT(verdict(&w, &zero), SLOT_FITS);
	MUST(slotcert_read(&certs, NULL, &w.dev, &zero, &f), f);
	mine = world_certify(&w, &one, CA_DIR);
	CHECK_ERR(slotcert_write(&result, &w.dev, &zero, mine, &options, &f), TRUSTX_ERR_CONSENT);
	CHECK(strstr(f.next, "--infineon-slot") != NULL);
	CHECK_ERR(slotcert_erase(&erased, &w.dev, &zero, false, &f), TRUSTX_ERR_CONSENT);
	options.infineon_slot = true;
	CHECK_ERR(slotcert_write(&result, &w.dev, &zero, mine, &options, &f), TRUSTX_ERR_LOCKED);

	blob_init(&pem, 10000);
	MUST(sim_root_pem(&pem, &f), f);
	MUST(cert_parse(&roots, pem.data, pem.len, &f), f);
	options = (struct slotcert_options){ .roots = roots };
	MUST(slotcert_verify(&result, &w.dev, &zero, NULL, &options, &f), f);
	drop(result.found);
	CHECK(result.key_fits && result.chain_checked);
	blob_free(&pem);
	drop(roots);
	drop(mine);
	drop(certs);
	world_free(&w);
}

/* ---- what is no certificate ---- */

static void an_erased_slot_is_empty(void)
{
	STACK_OF(X509) *certs, *back;
	struct slotcert_result result;
	struct world w;
	struct fail f = { 0 };
	bool erased;

	world_new(&w, 11, "");
	CHECK_INT(verdict(&w, &one), SLOT_EMPTY);
	MUST(slotcert_erase(&erased, &w.dev, &one, false, &f), f);
	CHECK(!erased);
	certs = world_certify(&w, &one, CA_DIR);
	CHECK_INT(verdict(&w, &one), SLOT_KEY_ONLY);
	write_it(&w, certs, &plain);
	MUST(slotcert_erase(&erased, &w.dev, &one, false, &f), f);
	CHECK(erased);
	CHECK_INT(verdict(&w, &one), SLOT_KEY_ONLY);
	MUST(slotcert_erase(&erased, &w.dev, &one, false, &f), f);
	CHECK(!erased);
	CHECK_ERR(slotcert_read(&back, NULL, &w.dev, &one, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "no certificate in 0xE0E1") != NULL);
	CHECK_ERR(slotcert_verify(&result, &w.dev, &one, NULL, &plain, &f), TRUSTX_ERR_MISMATCH);
	write_it(&w, certs, &plain);
	drop(certs);
	world_free(&w);
}

static void garbage_is_told_from_nothing(void)
{
	static const uint8_t garbage[] = { 0x30, 0x82, 0x01, 0x00, 0xDE, 0xAD };
	struct slotcert_options replace = { .replace = true };
	STACK_OF(X509) *certs, *back;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 12, "");
	certs = world_certify(&w, &one, CA_DIR);
	CHECK_OK(trustx_replace(&w.dev.se, one.cert, garbage, sizeof(garbage)));
	CHECK_INT(verdict(&w, &one), SLOT_NO_CERT);
	CHECK_ERR(slotcert_read(&back, NULL, &w.dev, &one, &f), TRUSTX_ERR_MISMATCH);
	CHECK_ERR(try_write(&w, certs, &plain, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "6 bytes that are no certificate") != NULL);
	write_it(&w, certs, &replace);
	drop(certs);
	world_free(&w);
}

static void a_certificate_without_a_key_is_seen(void)
{
	struct slotcert_options foreign = { .foreign = true };
	STACK_OF(X509) *certs;
	struct slot two = slot_number(2);
	struct slotcert_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 13, "");
	certs = world_certify(&w, &one, CA_DIR);
	MUST(slotcert_write(&result, &w.dev, &two, certs, &foreign, &f), f);
	CHECK_INT(verdict(&w, &two), SLOT_CERT_ONLY);
	CHECK_ERR(slotcert_verify(&result, &w.dev, &two, NULL, &plain, &f), TRUSTX_ERR_MISMATCH);
	drop(certs);
	world_free(&w);
}

static void a_slot_that_may_not_be_read_is_a_finding(void)
{
	static const uint8_t never[] = { 0x20, 0x03, 0xD1, 0x01, 0xFF };
	STACK_OF(X509) *certs, *back;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 14, "");
	certs = world_certify(&w, &one, CA_DIR);
	write_it(&w, certs, &plain);
	CHECK_OK(trustx_write_metadata(&w.dev.se, one.cert, never, sizeof(never)));
	CHECK_INT(verdict(&w, &one), SLOT_NOT_READABLE);
	CHECK_ERR(slotcert_read(&back, NULL, &w.dev, &one, &f), TRUSTX_ERR_CHIP);
	CHECK_INT(f.chip_code, 0x07);
	CHECK_ERR(try_write(&w, certs, &plain, &f), TRUSTX_ERR_LOCKED);
	CHECK_STR(f.why, "the slot's life cycle is creation, its read rule is never: it can never "
			 "be read, and so not be compared with what was written");
	drop(certs);
	world_free(&w);
}

static void a_key_that_cannot_sign_is_compared_with_its_file(void)
{
	struct keygen_options keygen = { .usage = TRUSTX_USAGE_AGREE };
	STACK_OF(X509) *certs, *others;
	struct slotcert_result result;
	struct slot two = slot_number(2);
	struct pubkey key, other;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 15, "");
	MUST(keygen_run(&key, &w.dev, &one, &keygen, &f), f);
	MUST(keygen_run(&other, &w.dev, &two, &keygen, &f), f);
	certs = forge(&key);
	others = forge(&other);
	CHECK_ERR(try_write(&w, others, &plain, &f), TRUSTX_ERR_MISMATCH);
	MUST(slotcert_write(&result, &w.dev, &one, certs, &plain, &f), f);
	CHECK(result.written && !result.key_fits && result.key_unproved);
	CHECK_INT(verdict(&w, &one), SLOT_UNPROVED);
	MUST(state_drop(&w.dev, one.key, STATE_PUBLIC_KEY, &f), f);
	CHECK_ERR(
		slotcert_verify(&result, &w.dev, &one, NULL, &plain, &f), TRUSTX_ERR_NO_PUBLIC_KEY);
	drop(others);
	drop(certs);
	world_free(&w);
}

int main(void)
{
	world_init();
	RUN(a_certificate_goes_in_and_comes_out_in_both_formats);
	RUN(the_same_again_is_not_written);
	RUN(another_certificate_needs_consent);
	RUN(the_certificate_of_another_chip_is_refused);
	RUN(dates_count);
	RUN(the_chain_is_checked_when_there_are_roots);
	RUN(a_locked_slot_is_refused_unless_it_is_right_already);
	RUN(a_chain_too_long_for_the_slot_is_refused);
	RUN(infineons_certificate_is_readable_and_protected);
	RUN(an_erased_slot_is_empty);
	RUN(garbage_is_told_from_nothing);
	RUN(a_certificate_without_a_key_is_seen);
	RUN(a_slot_that_may_not_be_read_is_a_finding);
	RUN(a_key_that_cannot_sign_is_compared_with_its_file);
	return 0;
}
