/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keygen.h"
#include "lock.h"
#include "slotcert.h"

#include "flow-world.h"

static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static void make_key(struct world *w, uint8_t usage)
{
	struct keygen_options options = { .usage = usage };
	struct pubkey key;
	struct fail f = { 0 };

	MUST(keygen_run(&key, &w->dev, &one, &options, &f), f);
}

/* A certificate of this chip's key, or of another chip's. */
static void write_certificate(struct world *w, struct world *of)
{
	struct slotcert_options options = { .foreign = w != of, .replace = true };
	STACK_OF(X509) *certs = world_certify(of, &one, CA_DIR);
	struct slotcert_result result;
	struct fail f = { 0 };

	MUST(slotcert_write(&result, &w->dev, &one, certs, &options, &f), f);
	sk_X509_pop_free(certs, X509_free);
}

static void set_metadata(struct world *w, uint16_t oid, const uint8_t *data, size_t len)
{
	CHECK_OK(trustx_write_metadata(&w->dev.se, oid, data, len));
}

/* A plan leaves the chip as it was. */
static struct lock_plan plan(struct world *w, uint16_t oid)
{
	struct lock_plan p;
	char before[60];
	struct fail f = { 0 };

	snprintf(before, sizeof(before), "%s.before", w->path);
	device_close(&w->dev);
	copy_file(before, w->path);
	world_connect(w);
	MUST(lock_plan(&p, &w->dev, oid, &f), f);
	device_close(&w->dev);
	CHECK(images_equal(before, w->path));
	world_connect(w);
	CHECK_INT(p.oid, oid);
	CHECK(p.rework_why[0] != '\0');
	return p;
}

static struct lock_plan lock(struct world *w, uint16_t oid)
{
	struct lock_plan p = plan(w, oid);
	struct trustx_metadata meta;
	struct fail f = { 0 };

	CHECK(!p.done);
	MUST(lock_apply(&w->dev, &p, &f), f);
	MUST(device_metadata(&w->dev, &meta, oid, &f), f);
	CHECK_INT(meta.lcso, TRUSTX_LCS_OPERATIONAL);
	return p;
}

static bool has(const struct lock_lines *lines, const char *words)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strstr(lines->at[i], words) != NULL)
			return true;
	return false;
}

static const char *verdict(const struct lock_plan *p, enum lock_access access)
{
	return p->rules[access].applies ? lock_rule_name(&p->rules[access]) : "-";
}

static void check_rules(
	const struct lock_plan *p, const char *change, const char *read, const char *execute)
{
	CHECK_STR(verdict(p, LOCK_CHANGE), change);
	CHECK_STR(verdict(p, LOCK_READ), read);
	CHECK_STR(verdict(p, LOCK_EXECUTE), execute);
}

/* Slots 1 to 3 as digits: "23". */
static void check_slots(const struct lock_plan *p, const char *want)
{
	char got[SLOT_COUNT + 1] = "";
	size_t n = 0;

	for (unsigned i = 0; i < SLOT_COUNT; i++)
		if (p->slots[i])
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%u", i);
	CHECK_STR(got, want);
}

static enum trustx_err try_key(struct world *w, struct fail *f)
{
	struct keygen_options options = { .replace = true, .confirm = w->dev.uid_hex };
	struct pubkey key;

	return keygen_run(&key, &w->dev, &one, &options, f);
}

/* ---- keys ---- */

static void an_empty_key_slot_would_be_lost(void)
{
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 1, "");
	p = lock(&w, one.key);
	CHECK_INT(p.kind, LOCK_KEY);
	check_rules(&p, "ends", "-", "stays");
	CHECK(has(&p.lost, "making a key in 0xE0F1") && has(&p.lost, "usage of the key"));
	CHECK(!has(&p.kept, "using the key"));
	CHECK(has(&p.warnings, "0xE0F1 holds no key, and none can be made there"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	check_slots(&p, "23");
	CHECK_ERR(try_key(&w, &f), TRUSTX_ERR_LOCKED);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	world_free(&w);
}

static void a_key_with_its_certificate_is_locked_without_a_warning(void)
{
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 2, "");
	write_certificate(&w, &w);
	p = lock(&w, one.key);
	CHECK_INT(p.warnings.count, 0);
	CHECK(has(&p.kept, "using the key in 0xE0F1"));
	CHECK_INT(p.rework, LOCK_REWORK_IN_PART);
	CHECK(strstr(p.rework_why, "certificates for it can still be written") != NULL);
	check_slots(&p, "123");
	CHECK_ERR(try_key(&w, &f), TRUSTX_ERR_LOCKED);
	write_certificate(&w, &w);
	world_free(&w);
}

static void a_key_without_a_certificate_is_warned_of(void)
{
	struct lock_plan p;
	struct world w;

	world_new(&w, 3, "");
	make_key(&w, 0);
	p = plan(&w, one.key);
	CHECK_INT(p.warnings.count, 1);
	CHECK(has(&p.warnings, "0xE0E1 holds no certificate for the key in 0xE0F1: write it"));
	CHECK_INT(p.rework, LOCK_REWORK_IN_PART);
	lock(&w, one.cert);
	p = plan(&w, one.key);
	CHECK(has(&p.warnings, "and none can be written there"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	check_slots(&p, "23");
	world_free(&w);
}

static void a_key_whose_certificate_is_for_another_is_warned_of(void)
{
	struct world w, other;
	struct lock_plan p;

	world_new(&w, 4, "");
	world_new(&other, 5, "");
	make_key(&w, 0);
	write_certificate(&w, &other);
	p = plan(&w, one.key);
	CHECK_INT(p.warnings.count, 1);
	CHECK(has(&p.warnings, "the certificate in 0xE0E1 is for another key"));
	world_free(&other);
	world_free(&w);
}

static void a_key_that_cannot_sign_is_warned_of(void)
{
	struct world w, other;
	struct lock_plan p;

	world_new(&w, 6, "");
	world_new(&other, 7, "");
	make_key(&w, TRUSTX_USAGE_AGREE);
	write_certificate(&w, &other);
	p = plan(&w, one.key);
	CHECK(has(&p.warnings, "cannot sign") && has(&p.warnings, "was not tested"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	CHECK(strstr(p.rework_why, "holds a key that cannot sign") != NULL);
	check_slots(&p, "23");
	world_free(&other);
	world_free(&w);
}

static void a_key_that_could_not_be_used_any_more_is_warned_of(void)
{
	static const uint8_t until_op[] = { 0x20, 5, 0xD3, 3, 0xE1, 0xFC, 0x07 };
	struct lock_plan p;
	struct world w;

	world_new(&w, 8, "");
	write_certificate(&w, &w);
	set_metadata(&w, one.key, until_op, sizeof(until_op));
	p = plan(&w, one.key);
	check_rules(&p, "ends", "-", "ends");
	CHECK(has(&p.lost, "using the key in 0xE0F1"));
	CHECK(has(&p.warnings, "cannot be used afterwards"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	world_free(&w);
}

static void a_key_that_may_always_be_replaced_stays_so(void)
{
	static const uint8_t always[] = { 0x20, 3, 0xD0, 1, 0x00 };
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 9, "");
	set_metadata(&w, one.key, always, sizeof(always));
	p = lock(&w, one.key);
	check_rules(&p, "stays", "-", "stays");
	CHECK(has(&p.kept, "making a key in 0xE0F1"));
	CHECK(!has(&p.lost, "making a key"));
	CHECK_INT(p.rework, LOCK_REWORK_YES);
	check_slots(&p, "123");
	CHECK(has(&p.warnings, "holds no key") && !has(&p.warnings, "none can be made"));
	MUST(try_key(&w, &f), f);
	world_free(&w);
}

/* ---- certificates ---- */

static void a_certificate_that_fits_is_locked_without_a_warning(void)
{
	struct lock_plan p;
	struct world w;

	world_new(&w, 10, "");
	write_certificate(&w, &w);
	p = lock(&w, one.cert);
	CHECK_INT(p.kind, LOCK_CERT);
	check_rules(&p, "ends", "stays", "-");
	CHECK_INT(p.warnings.count, 0);
	CHECK(has(&p.lost, "writing, replacing or erasing the certificate in 0xE0E1"));
	CHECK(has(&p.kept, "reading the certificate in 0xE0E1"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	check_slots(&p, "23");
	p = lock(&w, one.key);
	CHECK_INT(p.warnings.count, 0);
	CHECK(strstr(p.rework_why, "key and certificate stay as they are") != NULL);
	check_slots(&p, "23");
	world_free(&w);
}

static void a_certificate_for_another_key_is_warned_of(void)
{
	struct world w, other;
	struct lock_plan p;

	world_new(&w, 11, "");
	world_new(&other, 12, "");
	write_certificate(&w, &other);
	p = plan(&w, one.cert);
	CHECK_INT(p.warnings.count, 1);
	CHECK(has(&p.warnings, "there is no key in 0xE0F1"));
	make_key(&w, 0);
	p = plan(&w, one.cert);
	CHECK_INT(p.warnings.count, 1);
	CHECK(has(&p.warnings, "is for another key than the one in 0xE0F1"));
	world_free(&other);
	world_free(&w);
}

static void an_empty_or_damaged_certificate_slot_is_warned_of(void)
{
	static const uint8_t garbage[] = { 0xC0, 1, 2, 3 };
	struct lock_plan p;
	struct world w;

	world_new(&w, 13, "");
	p = plan(&w, one.cert);
	CHECK(has(&p.warnings, "0xE0E1 holds no certificate, and none can be written"));
	CHECK_OK(trustx_replace(&w.dev.se, one.cert, garbage, sizeof(garbage)));
	p = plan(&w, one.cert);
	CHECK(has(&p.warnings, "what 0xE0E1 holds is no certificate that fits: "));
	world_free(&w);
}

static void a_certificate_that_could_not_be_read_any_more_is_said(void)
{
	static const uint8_t until_op[] = { 0x20, 5, 0xD1, 3, 0xE1, 0xFC, 0x07 };
	struct lock_plan p;
	struct world w;

	world_new(&w, 14, "");
	write_certificate(&w, &w);
	set_metadata(&w, one.cert, until_op, sizeof(until_op));
	p = plan(&w, one.cert);
	check_rules(&p, "ends", "ends", "-");
	CHECK(has(&p.lost, "reading the certificate in 0xE0E1"));
	world_free(&w);
}

/* ---- other objects ---- */

static void data_become_what_they_are(void)
{
	struct lock_plan p;
	struct world w;
	uint8_t byte = 1;
	struct fail f = { 0 };

	world_new(&w, 15, "");
	p = lock(&w, 0xF1D0);
	CHECK_INT(p.kind, LOCK_DATA);
	check_rules(&p, "ends", "stays", "-");
	CHECK(has(&p.lost, "writing to 0xF1D0") && has(&p.lost, "only goes forward"));
	CHECK(!has(&p.lost, "usage"));
	CHECK(has(&p.kept, "reading 0xF1D0"));
	CHECK_INT(p.rework, LOCK_REWORK_NO);
	check_slots(&p, "123");
	CHECK_ERR(trustx_write(&w.dev.se, 0xF1D0, 0, &byte, 1), TRUSTX_ERR_CHIP);
	p = plan(&w, 0xF1D0);
	CHECK(p.done);
	CHECK_INT(p.lost.count, 0);
	check_rules(&p, "never", "stays", "-");
	CHECK_ERR(lock_plan(&p, &w.dev, 0xF1E2, &f), TRUSTX_ERR_CHIP);
	world_free(&w);
}

/* Each rule with what becomes of it on a chip that is operational, its application in creation. */
static void rules_are_judged_by_the_life_cycles_that_can_come(void)
{
	static const struct {
		uint8_t tlv[12];
		const char *change;
		enum lock_rework rework;
	} cases[] = {
		{ { 0xD0, 1, 0x00 }, "stays", LOCK_REWORK_YES },
		{ { 0xD0, 1, 0xFF }, "never", LOCK_REWORK_NO },
		{ { 0xD0, 3, 0xE1, 0xFC, 0x07 }, "ends", LOCK_REWORK_NO },
		{ { 0xD0, 3, 0xE1, 0xFA, 0x07 }, "begins", LOCK_REWORK_YES },
		{ { 0xD0, 3, 0xE1, 0xFB, 0x07 }, "not_yet", LOCK_REWORK_IN_PART },
		{ { 0xD0, 3, 0x70, 0xFC, 0x07 }, "never", LOCK_REWORK_NO },
		{ { 0xD0, 3, 0x70, 0xFA, 0x07 }, "stays", LOCK_REWORK_YES },
		{ { 0xD0, 3, 0xE0, 0xFB, 0x03 }, "not_yet", LOCK_REWORK_IN_PART },
		{ { 0xD0, 3, 0xE0, 0xFC, 0x03 }, "stays", LOCK_REWORK_YES },
		{ { 0xD0, 7, 0xE1, 0xFC, 0x07, 0xFE, 0xE0, 0xFA, 0x07 }, "ends_for_now",
			LOCK_REWORK_IN_PART },
		{ { 0xD0, 7, 0xE1, 0xFC, 0x07, 0xFD, 0xE0, 0xFC, 0x07 }, "ends", LOCK_REWORK_NO },
	};
	uint8_t data[14] = { 0x20 };
	struct lock_plan p;
	struct world w;

	world_new(&w, 16, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t oid = (uint16_t)(0xF1D0 + i);
		size_t len = cases[i].tlv[1] + 2u;

		data[1] = (uint8_t)len;
		memcpy(data + 2, cases[i].tlv, len);
		set_metadata(&w, oid, data, len + 2);
		p = plan(&w, oid);
		printf("    %s: %s\n", cases[i].change, lock_rule_text(&p.rules[LOCK_CHANGE]));
		CHECK_STR(verdict(&p, LOCK_CHANGE), cases[i].change);
		CHECK_INT(p.rework, cases[i].rework);
		lock(&w, oid);
	}
	world_free(&w);
}

static void what_has_no_life_cycle_is_refused(void)
{
	static const uint8_t end[] = { 0x20, 3, 0xC0, 1, TRUSTX_LCS_TERMINATION };
	static const uint16_t fixed[] = { 0xE0C0, 0xE0C2, 0xE0C5, 0xF1C0, 0xF1C2 };
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 17, "");
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		CHECK_ERR(lock_plan(&p, &w.dev, fixed[i], &f), TRUSTX_ERR_LOCKED);
		CHECK(strstr(f.why, "has no life cycle of its own") != NULL);
		CHECK(f.next[0] != '\0');
		fail_clear(&f);
	}
	set_metadata(&w, 0xF1D0, end, sizeof(end));
	CHECK_ERR(lock_plan(&p, &w.dev, 0xF1D0, &f), TRUSTX_ERR_LOCKED);
	CHECK(strstr(f.why, "is termination, behind operational") != NULL);
	world_free(&w);
}

static void initialization_is_left_behind_too(void)
{
	static const uint8_t init[] = { 0x20, 3, 0xC0, 1, TRUSTX_LCS_INITIALIZATION };
	struct lock_plan p;
	struct world w;

	world_new(&w, 18, "");
	set_metadata(&w, 0xF1E0, init, sizeof(init));
	p = lock(&w, 0xF1E0);
	CHECK_INT(p.before.lcso, TRUSTX_LCS_INITIALIZATION);
	world_free(&w);
}

static void metadata_that_changed_meanwhile_are_noticed(void)
{
	static const uint8_t never[] = { 0x20, 3, 0xD1, 1, 0xFF };
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 19, "");
	p = plan(&w, 0xF1D0);
	set_metadata(&w, 0xF1D0, never, sizeof(never));
	CHECK_ERR(lock_apply(&w.dev, &p, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "read back other than") != NULL);
	world_free(&w);
}

static void a_chip_that_went_away_is_an_error(void)
{
	struct lock_plan p;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 20, "");
	p = plan(&w, 0xF1D0);
	trustx_close(&w.dev.se);
	CHECK(lock_apply(&w.dev, &p, &f) != TRUSTX_OK);
	CHECK_STR(f.what, "lock 0xF1D0");
	CHECK(lock_plan(&p, &w.dev, 0xF1D0, &f) != TRUSTX_OK);
	world_free(&w);
}

int main(void)
{
	world_init();
	RUN(an_empty_key_slot_would_be_lost);
	RUN(a_key_with_its_certificate_is_locked_without_a_warning);
	RUN(a_key_without_a_certificate_is_warned_of);
	RUN(a_key_whose_certificate_is_for_another_is_warned_of);
	RUN(a_key_that_cannot_sign_is_warned_of);
	RUN(a_key_that_could_not_be_used_any_more_is_warned_of);
	RUN(a_key_that_may_always_be_replaced_stays_so);
	RUN(a_certificate_that_fits_is_locked_without_a_warning);
	RUN(a_certificate_for_another_key_is_warned_of);
	RUN(an_empty_or_damaged_certificate_slot_is_warned_of);
	RUN(a_certificate_that_could_not_be_read_any_more_is_said);
	RUN(data_become_what_they_are);
	RUN(rules_are_judged_by_the_life_cycles_that_can_come);
	RUN(what_has_no_life_cycle_is_refused);
	RUN(initialization_is_left_behind_too);
	RUN(metadata_that_changed_meanwhile_are_noticed);
	RUN(a_chip_that_went_away_is_an_error);
	return 0;
}
