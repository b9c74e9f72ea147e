/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "journal.h"
#include "keygen.h"
#include "personalize.h"
#include "state.h"

#include <limits.h>

#include "flow-world.h"

#define ANSWER "issuer-answer" /* how the issuer program of these tests behaves */

static const struct slot zero = { 0, 0xE0F0, 0xE0E0 }, one = { 1, 0xE0F1, 0xE0E1 };

/* ---- an issuer program: this one, when it is started with TRUSTX_UID ---- */

static int be_an_issuer(void)
{
	STACK_OF(X509) *certs = NULL;
	X509_REQ *req = NULL;
	struct ca *ca = NULL;
	struct blob csr, pem, answer;
	struct fail f = { 0 };

	blob_init(&csr, CSR_PEM_MAX);
	blob_init(&pem, 65536);
	blob_init(&answer, 100);
	MUST(file_read(&csr, "-", &f), f);
	MUST(file_read(&answer, ANSWER, &f), f);
	if (strcmp(blob_text(&answer), "no") == 0)
		return 3;
	if (strcmp(blob_text(&answer), "yes") == 0) {
		MUST(csr_parse(&req, csr.data, csr.len, &f), f);
		MUST(ca_open(&ca, CA_DIR, NULL, &f), f);
		MUST(ca_sign(&certs, ca, req, CA_FOREVER, &f), f);
		MUST(cert_pem(&pem, sk_X509_value(certs, 0), &f), f);
		ca_close(ca);
	} else {
		MUST(file_read(&pem, blob_text(&answer), &f), f);
	}
	sk_X509_pop_free(certs, X509_free);
	X509_REQ_free(req);
	fwrite(pem.data, 1, pem.len, stdout);
	blob_free(&answer);
	blob_free(&pem);
	blob_free(&csr);
	return 0;
}

static void set_answer(const char *answer)
{
	struct fail f = { 0 };

	MUST(file_write(ANSWER, answer, strlen(answer), FILE_PRIVATE, FILE_NO_SYNC, &f), f);
}

/* ---- runs ---- */

struct told {
	unsigned steps; /* bit n: step n was told */
	char hint[200]; /* what was told a second time in a step */
	unsigned last;
};

static void listen(void *ctx, unsigned step, unsigned total, const char *text)
{
	struct told *told = ctx;

	CHECK(step >= 1 && step <= total);
	if (step == told->last)
		snprintf(told->hint, sizeof(told->hint), "%s", text);
	told->steps |= 1u << step;
	told->last = step;
}

struct plan {
	const char *issuer, *subject;
	struct personalize_options options;
	struct told told;
};

static struct plan plan_for(const char *issuer)
{
	return (struct plan){ .issuer = issuer, .subject = TEST_SUBJECT };
}

static enum trustx_err run(
	struct personalize_result *result, struct world *w, struct plan *plan, struct fail *f)
{
	struct issuer issuer;
	enum trustx_err err;

	plan->told = (struct told){ 0 };
	MUST(issuer_init(&issuer, plan->issuer, NULL, NULL, f), *f);
	plan->options.issuer = &issuer;
	plan->options.subject.text = plan->subject;
	plan->options.progress = (struct personalize_progress){ listen, &plan->told };
	err = personalize_run(result, &w->dev, &one, &plan->options, f);
	issuer_free(&issuer);
	return err;
}

static void finish(struct personalize_result *result, struct world *w, struct plan *plan)
{
	struct fail f = { 0 };

	MUST(run(result, w, plan, &f), f);
	CHECK(result->key.proved && sk_X509_num(result->certs) >= 1);
}

static enum trustx_err refused(struct world *w, struct plan *plan, struct fail *f)
{
	struct personalize_result result;
	enum trustx_err err = run(&result, w, plan, f);

	CHECK(err != TRUSTX_OK);
	personalize_free(&result);
	return err;
}

static bool fits(struct world *w)
{
	struct slot_state state;
	struct fail f = { 0 };
	bool yes;

	MUST(slot_inspect(&state, &w->dev, &one, true, &f), f);
	yes = state.verdict == SLOT_FITS;
	slot_state_free(&state);
	return yes;
}

static size_t issued(const char *dir)
{
	struct ca_entry *entries;
	struct fail f = { 0 };
	size_t count;

	MUST(ca_list(&entries, &count, dir, &f), f);
	free(entries);
	return count;
}

static bool has_file(const struct world *w, enum state_kind kind)
{
	struct fail f = { 0 };
	struct blob path;
	bool has;

	blob_init(&path, 1000);
	MUST(state_path(&path, &w->dev, one.key, kind, &f), f);
	has = file_exists(blob_text(&path));
	blob_free(&path);
	return has;
}

/* ---- the road ---- */

static void an_empty_chip_becomes_a_device(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct sim_info info;
	struct world w;

	world_new(&w, 1, "");
	finish(&result, &w, &plan);
	CHECK(result.made_key && result.chain_checked && !result.was_finished);
	CHECK(!result.reused_certificate);
	CHECK_INT(plan.told.steps, 0x3F6); /* all but: find the public key */
	CHECK(has_file(&w, STATE_PUBLIC_KEY) && has_file(&w, STATE_JOURNAL));
	CHECK(!has_file(&w, STATE_REQUEST) && !has_file(&w, STATE_CERTIFICATE));
	personalize_free(&result);
	info = world_info(&w);
	CHECK_INT(info.key_generations[1], 1);
	CHECK_INT(info.key_uses[1], 2);
	CHECK(fits(&w));
	world_free(&w);
}

static void a_finished_chip_costs_one_key_use_and_no_write(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct sim_info before, after;
	struct world w;
	size_t count;

	world_new(&w, 2, "");
	finish(&result, &w, &plan);
	personalize_free(&result);
	before = world_info(&w);
	count = issued(CA_DIR);
	device_close(&w.dev);
	copy_file("chip-2.before", w.path);
	world_connect(&w);

	finish(&result, &w, &plan);
	CHECK(result.was_finished && result.chain_checked && !result.made_key);
	CHECK_INT(plan.told.steps, 0x00A); /* look, find the public key */
	personalize_free(&result);
	after = world_info(&w);
	CHECK_INT(after.key_uses[1], before.key_uses[1] + 1);
	CHECK_INT(issued(CA_DIR), count);
	device_close(&w.dev);
	CHECK(images_equal("chip-2.before", w.path));
}

static void a_key_that_is_there_is_used(void)
{
	struct keygen_options keygen = { 0 };
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct pubkey key;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 3, "");
	MUST(keygen_run(&key, &w.dev, &one, &keygen, &f), f);
	MUST(state_drop(&w.dev, one.key, STATE_PUBLIC_KEY, &f), f);
	finish(&result, &w, &plan);
	CHECK(!result.made_key);
	CHECK_INT(result.key.source, PUBKEY_RECOVERED);
	CHECK_MEM(result.key.point, key.point, key.point_len);
	personalize_free(&result);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	CHECK(fits(&w));
	world_free(&w);
}

static void slow_fast_and_uneven_chips_become_devices_too(void)
{
	static const char *const pace[] = { "&scale=3", "&scale=0.33", "&scale=0", "&jitter=5",
		"&frame=16", "&frame=55&speed=100000" };
	struct personalize_result result;
	struct world w;

	for (unsigned i = 0; i < sizeof(pace) / sizeof(pace[0]); i++) {
		struct plan plan = plan_for("ca:" CA_DIR);

		world_new(&w, 30 + i, pace[i]);
		finish(&result, &w, &plan);
		personalize_free(&result);
		CHECK(fits(&w));
		world_free(&w);
	}
}

/* ---- something is there already ---- */

static void another_wish_is_refused_with_the_difference(void)
{
	struct plan plan = plan_for("ca:" CA_DIR), other = plan_for("ca:" CA_DIR);
	static const char *const san[] = { "dns:{serial}.example" };
	struct personalize_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 4, "");
	finish(&result, &w, &plan);
	personalize_free(&result);
	other.options.subject.san = san;
	other.options.subject.san_count = 1;
	CHECK_ERR(refused(&w, &other, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.next, "--replace-cert") != NULL);
	other = plan_for("ca:" OTHER_CA_DIR);
	CHECK_ERR(refused(&w, &other, &f), TRUSTX_ERR_EXISTS);
	other = plan_for("ca:" CA_DIR);
	other.subject = "CN=another";
	CHECK_ERR(refused(&w, &other, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "subject") != NULL);

	other = plan_for("ca:" OTHER_CA_DIR);
	other.subject = "CN=another";
	other.options.replace_cert = true;
	finish(&result, &w, &other);
	CHECK(!result.was_finished && !result.made_key);
	personalize_free(&result);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	CHECK(fits(&w));
	world_free(&w);
}

static void an_expired_certificate_is_no_finished_chip(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 5, "");
	plan.options.days = 1;
	finish(&result, &w, &plan);
	personalize_free(&result);
	plan.options.now = time(NULL) + 2 * 86400;
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	world_free(&w);
}

static void foreign_content_is_left_alone(void)
{
	static const uint8_t garbage[] = { 0x30, 0x82, 0x01, 0x00, 0xDE, 0xAD };
	struct slotcert_options foreign = { .foreign = true };
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct slotcert_result written;
	STACK_OF(X509) *certs;
	struct world w, other;
	struct fail f = { 0 };
	bool erased;

	world_new(&w, 6, "");
	world_new(&other, 7, "");
	CHECK_OK(trustx_replace(&w.dev.se, one.cert, garbage, sizeof(garbage)));
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "6 bytes that are no certificate") != NULL);
	MUST(slotcert_erase(&erased, &w.dev, &one, false, &f), f);
	certs = world_certify(&other, &one, CA_DIR);
	MUST(slotcert_write(&written, &w.dev, &one, certs, &foreign, &f), f);
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	plan.options.replace_cert = true;
	finish(&result, &w, &plan);
	personalize_free(&result);
	CHECK(fits(&w));
	sk_X509_pop_free(certs, X509_free);
	world_free(&other);
	world_free(&w);
}

/* A fresh slot counts as full of zeros, and a write that erases nothing leaves it so. */
static void foreign_content_at_the_end_of_a_blank_slot_is_left_alone(void)
{
	static const uint8_t last = 0x01;
	struct plan plan = plan_for("ca:" CA_DIR);
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 46, "");
	CHECK_OK(trustx_write(&w.dev.se, one.cert, 1727, &last, 1));
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "1728 bytes that are no certificate") != NULL);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	world_free(&w);
}

/* What a power failure in the middle of the write leaves: part of a certificate, and the journal. */
static void a_half_written_certificate_is_our_own(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct journal journal;
	STACK_OF(X509) *certs;
	struct blob content;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 18, "");
	certs = world_certify(&w, &one, CA_DIR);
	blob_init(&content, 2000);
	MUST(cert_to_slot(&content, certs, CERT_FORMAT_TLS_IDENTITY, &f), f);
	CHECK_OK(trustx_replace(&w.dev.se, one.cert, content.data, 128));
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	MUST(journal_open(&journal, &w.dev, &one, &f), f);
	MUST(journal_begin(&journal, "write", NULL, FILE_NO_SYNC, &f), f);
	journal_close(&journal);
	finish(&result, &w, &plan);
	personalize_free(&result);
	CHECK(fits(&w));
	blob_free(&content);
	sk_X509_pop_free(certs, X509_free);
	world_free(&w);
}

static void the_ca_refuses_a_second_subject(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 8, "");
	finish(&result, &w, &plan);
	personalize_free(&result);
	plan.subject = "CN=another";
	plan.options.replace_cert = true;
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	CHECK(fits(&w));
	world_free(&w);
}

/* ---- what cannot work ---- */

static void bad_wishes_touch_nothing(void)
{
	static const char *const bad_san[] = { "dns:" };
	struct plan plan = plan_for("ca:" CA_DIR);
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 9, "");
	plan.subject = "CN=";
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_INPUT);
	plan.subject = NULL;
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_INPUT);
	plan = plan_for("ca:" CA_DIR);
	plan.options.subject.san = bad_san;
	plan.options.subject.san_count = 1;
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_INPUT);
	plan = plan_for("ca:there-is-none");
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_INPUT);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	CHECK(!has_file(&w, STATE_JOURNAL));
	world_free(&w);
}

static void infineons_slot_needs_its_own_word(void)
{
	struct personalize_options options = { .subject = { .text = TEST_SUBJECT } };
	struct personalize_result result;
	struct issuer issuer;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 10, "");
	MUST(issuer_init(&issuer, "ca:" CA_DIR, NULL, NULL, &f), f);
	options.issuer = &issuer;
	CHECK_ERR(personalize_run(&result, &w.dev, &zero, &options, &f), TRUSTX_ERR_CONSENT);
	personalize_free(&result);
	options.infineon_slot = true;
	CHECK_ERR(personalize_run(&result, &w.dev, &zero, &options, &f), TRUSTX_ERR_EXISTS);
	personalize_free(&result);
	options.replace_cert = true;
	CHECK_ERR(personalize_run(&result, &w.dev, &zero, &options, &f), TRUSTX_ERR_LOCKED);
	personalize_free(&result);
	world_free(&w);
}

static void locked_slots_are_refused_before_a_key_is_made(void)
{
	static const uint8_t operational[] = { 0x20, 0x03, 0xC0, 0x01, 0x07 };
	const uint16_t oids[] = { one.key, one.cert };
	struct plan plan = plan_for("ca:" CA_DIR);
	struct world w;
	struct fail f = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		world_new(&w, 11 + i, "");
		CHECK_OK(trustx_write_metadata(
			&w.dev.se, oids[i], operational, sizeof(operational)));
		CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_LOCKED);
		CHECK(strstr(f.why, "life cycle is operational") != NULL);
		CHECK_INT(world_info(&w).key_generations[1], 0);
		world_free(&w);
	}
}

static void a_key_that_cannot_sign_is_refused(void)
{
	struct keygen_options keygen = { .usage = TRUSTX_USAGE_AGREE };
	struct plan plan = plan_for("ca:" CA_DIR);
	struct pubkey key;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 13, "");
	MUST(keygen_run(&key, &w.dev, &one, &keygen, &f), f);
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_LOCKED);
	CHECK(strstr(f.why, "cannot sign: its usage is 0x20") != NULL);
	world_free(&w);
}

/* ---- a program as issuer ---- */

static void a_program_issues(const char *self)
{
	struct plan plan = plan_for(self), other = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 14, "");
	set_answer("no");
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_ISSUER);
	set_answer("yes");
	finish(&result, &w, &plan);
	CHECK(!result.chain_checked && !result.made_key);
	personalize_free(&result);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	finish(&result, &w, &plan);
	CHECK(result.was_finished);
	personalize_free(&result);
	finish(&result, &w, &other); /* that CA signed it, whoever asked */
	CHECK(result.was_finished);
	personalize_free(&result);
	plan.issuer = "exec:another-program";
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "exec:another-program") != NULL);
	world_free(&w);
}

static void a_wrong_certificate_is_never_written(const char *self)
{
	struct plan plan = plan_for(self);
	STACK_OF(X509) *certs;
	struct world w, other;
	struct blob pem;
	struct fail f = { 0 };

	world_new(&w, 15, "");
	world_new(&other, 16, "");
	certs = world_certify(&other, &one, CA_DIR);
	blob_init(&pem, 65536);
	MUST(cert_pem(&pem, sk_X509_value(certs, 0), &f), f);
	MUST(file_write("wrong.pem", pem.data, pem.len, FILE_PUBLIC, FILE_NO_SYNC, &f), f);
	set_answer("wrong.pem");
	for (unsigned i = 0; i < 2; i++) {
		CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_MISMATCH);
		CHECK(strstr(f.why, "another key") != NULL);
		CHECK(strstr(f.next, "nothing was written") != NULL);
	}
	CHECK(!fits(&w));
	set_answer("/dev/null");
	CHECK_ERR(refused(&w, &plan, &f), TRUSTX_ERR_ISSUER);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	blob_free(&pem);
	sk_X509_pop_free(certs, X509_free);
	world_free(&other);
	world_free(&w);
}

/* ---- throttled ---- */

static void make_throttled(struct world *w)
{
	struct nvm *nvm = calloc(1, sizeof(*nvm));
	struct fail f = { 0 };

	device_close(&w->dev);
	MUST(nvm_load(nvm, w->path, &f), f);
	nvm_find(nvm, OID_SEC)->data[0] = 255;
	MUST(nvm_save(nvm, &f), f);
	nvm_forget(nvm);
	free(nvm);
	world_connect(w);
}

static void a_throttled_chip_is_waited_for_and_that_is_said(void)
{
	struct plan plan = plan_for("ca:" CA_DIR);
	struct personalize_result result;
	struct world w;
	uint64_t begin;

	world_new(&w, 17, "&scale=3");
	make_throttled(&w);
	begin = trustx_now_us(&w.dev.se);
	finish(&result, &w, &plan);
	personalize_free(&result);
	CHECK_STR(plan.told.hint, "the chip delays key use by up to 5.0 s (security event counter "
				  "at 255)");
	CHECK(trustx_now_us(&w.dev.se) - begin > 9000000);
	CHECK(fits(&w));
	world_free(&w);
}

int main(int argc, char **argv)
{
	char path[PATH_MAX], self[PATH_MAX + 8];

	if (getenv("TRUSTX_UID") != NULL)
		return be_an_issuer();
	CHECK(argc == 1 && realpath(argv[0], path) != NULL);
	snprintf(self, sizeof(self), "exec:%s", path);
	world_init();
	RUN(an_empty_chip_becomes_a_device);
	RUN(a_finished_chip_costs_one_key_use_and_no_write);
	RUN(a_key_that_is_there_is_used);
	RUN(slow_fast_and_uneven_chips_become_devices_too);
	RUN(another_wish_is_refused_with_the_difference);
	RUN(an_expired_certificate_is_no_finished_chip);
	RUN(foreign_content_is_left_alone);
	RUN(foreign_content_at_the_end_of_a_blank_slot_is_left_alone);
	RUN(a_half_written_certificate_is_our_own);
	RUN(the_ca_refuses_a_second_subject);
	RUN(bad_wishes_touch_nothing);
	RUN(infineons_slot_needs_its_own_word);
	RUN(locked_slots_are_refused_before_a_key_is_made);
	RUN(a_key_that_cannot_sign_is_refused);
	a_program_issues(self);
	a_wrong_certificate_is_never_written(self);
	RUN(a_throttled_chip_is_waited_for_and_that_is_said);
	return 0;
}
