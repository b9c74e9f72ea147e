/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Campaigns: personalize many chips, each over a bus with faults of its own seed, then finish each
 * over a sound bus. A chip that misbehaves is named by its URI, which brings the same faults back;
 * they strike the same transfers as long as the certificates, made afresh, are as long.
 */
#ifndef TESTS_FAULT_WORLD_H
#define TESTS_FAULT_WORLD_H

#include "curve.h"
#include "personalize.h"

#include "fault-dir.h"
#include "flow-world.h"

#ifdef SANITIZED
#define SEEDS_OF_ALL 300u
#else
#define SEEDS_OF_ALL 2000u
#endif
#define SEEDS_LONG   10000u
#define CHIPS_PER_CA 250u /* a CA looks through all it has issued */

struct campaign {
	const char *faults;  /* options of fault: but for the seed */
	const char *options; /* of the chip, each with & in front */
	unsigned part;	     /* of the seeds there are: one in so many */
	unsigned first_seed;
	unsigned success_permille; /* of the first tries, more than this; 0: no matter */
	uint64_t limit_us;	   /* of bus time of a run */
};

struct tally {
	unsigned tries, complete, errors[TRUSTX_ERR_COUNT_];
	uint64_t longest_us;
};

struct patient {
	char path[24], state[24], sound[120], faulty[240];
	struct ca *ca;
};

struct attempt {
	enum trustx_err err;
	struct fail fail;
	struct personalize_result result;
	uint64_t took_us;
};

static const struct slot fault_slot = { 1, 0xE0F1, 0xE0E1 };

static inline void fault_expect(
	const struct patient *p, const struct attempt *a, bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s: %s: %s: %s (after %llu us)\n", p->faulty, what,
		trustx_err_name(a->err), a->fail.what, a->fail.why, (unsigned long long)a->took_us);
	exit(1);
}

static inline void fault_attempt(struct attempt *a, const struct patient *p, const char *uri)
{
	struct personalize_options options = { .subject = { .text = TEST_SUBJECT } };
	struct issuer issuer;
	struct device dev;
	struct fail f = { 0 };

	memset(a, 0, sizeof(*a));
	MUST(issuer_init(&issuer, "ca:" CA_DIR, NULL, p->ca, &f), f);
	options.issuer = &issuer;
	a->err = device_open(&dev, uri, p->state, &a->fail);
	if (a->err == TRUSTX_OK)
		a->err = personalize_run(&a->result, &dev, &fault_slot, &options, &a->fail);
	a->took_us = dev.bus.ops != NULL ? dev.bus.ops->now_us(dev.bus.ctx) : 0;
	device_close(&dev);
	issuer_free(&issuer);
}

/* Does the chip's memory hold exactly what the run says? */
static inline void fault_check_chip(const struct patient *p, const struct attempt *a)
{
	const struct pubkey *key = &a->result.key;
	struct nvm *nvm = calloc(1, sizeof(*nvm));
	struct curves *curves = curves_new();
	struct private_key secret = { .alg = CURVE_P256 };
	struct public_key pub;
	uint8_t point[TRUSTX_POINT_MAX];
	size_t len = sizeof(point);
	struct fail f = { 0 };
	struct blob content;

	CHECK(nvm != NULL && curves != NULL);
	blob_init(&content, 65535);
	MUST(nvm_load(nvm, p->path, &f), f);
	memcpy(secret.d, nvm_find(nvm, fault_slot.key)->data, curve_size(secret.alg));
	CHECK_OK(curve_public(curves, &pub, &secret));
	MUST(cert_point(point, &len, sk_X509_value(a->result.certs, 0), &f), f);
	fault_expect(p, a,
		len == 65 && memcmp(point + 1, pub.xy, 64) == 0 && key->point_len == len &&
			memcmp(point, key->point, len) == 0,
		"a wrong key");
	MUST(cert_to_slot(&content, a->result.certs, CERT_FORMAT_TLS_IDENTITY, &f), f);
	fault_expect(p, a,
		nvm_find(nvm, fault_slot.cert)->used == content.len &&
			memcmp(nvm_find(nvm, fault_slot.cert)->data, content.data, content.len) ==
				0,
		"a wrong certificate");
	fault_expect(p, a, nvm->generations[1] == 1, "more than one key generation");
	blob_free(&content);
	curves_free(curves);
	free(nvm);
}

/* Exit codes 3 and 5, and 4 where the chip says that it was reset in between, every time. */
static inline bool fault_is_right_error(const struct fail *f)
{
	switch (f->err) {
	case TRUSTX_ERR_BUS:
	case TRUSTX_ERR_NACK:
	case TRUSTX_ERR_TIMEOUT:
	case TRUSTX_ERR_PROTOCOL:
	case TRUSTX_ERR_UNKNOWN_OUTCOME:
	case TRUSTX_ERR_MISMATCH:
		return true;
	case TRUSTX_ERR_CHIP:
		return f->chip_code == 0x0C && strstr(f->next, "check its supply") != NULL;
	default:
		return false;
	}
}

static inline void fault_one(struct tally *tally, const struct patient *p, uint64_t limit_us)
{
	struct attempt first, second;
	struct sim_info info;
	struct fail f = { 0 };

	fault_attempt(&first, p, p->faulty);
	MUST(sim_info(&info, p->path, &f), f);
	tally->tries++;
	tally->complete += first.err == TRUSTX_OK;
	tally->errors[first.err]++;
	if (first.took_us > tally->longest_us)
		tally->longest_us = first.took_us;
	fault_expect(p, &first, first.took_us <= limit_us, "it takes too long");
	fault_expect(p, &first, info.key_generations[1] <= 1, "more than one key generation");
	if (first.err == TRUSTX_OK)
		fault_check_chip(p, &first);
	else
		fault_expect(p, &first,
			first.fail.err == first.err && fault_is_right_error(&first.fail),
			"not the right error");
	fault_attempt(&second, p, p->sound);
	fault_expect(p, &second, second.err == TRUSTX_OK, "the next run fails");
	fault_expect(p, &second, first.err != TRUSTX_OK || second.result.was_finished,
		"it was not complete");
	fault_check_chip(p, &second);
	personalize_free(&first.result);
	personalize_free(&second.result);
}

static inline void fault_print(const struct campaign *c, const struct tally *t)
{
	printf("    %s%s: %u of %u first tries complete (%u.%02u %%), seeds %u..%u, longest run "
	       "%llu ms\n",
		c->faults, c->options, t->complete, t->tries, t->complete * 100 / t->tries,
		t->complete * 10000 / t->tries % 100, c->first_seed, c->first_seed + t->tries - 1,
		(unsigned long long)t->longest_us / 1000);
	for (unsigned err = 1; err < TRUSTX_ERR_COUNT_; err++)
		if (t->errors[err] > 0)
			printf("      %u times %s\n", t->errors[err],
				trustx_err_name((enum trustx_err)err));
	fflush(stdout);
}

/* All chips and what they leave are gone; a new CA. */
static inline void fault_fresh(struct ca **ca)
{
	static const struct ca_options options = { 0 };
	struct fail f = { 0 };

	ca_close(*ca);
	fault_empty(".");
	MUST(ca_init(CA_DIR, &options, &f), f);
	MUST(ca_open(ca, CA_DIR, NULL, &f), f);
}

static inline unsigned fault_seeds(void)
{
	const char *all = getenv("TRUSTX_LONG");

	return all != NULL && strcmp(all, "1") == 0 ? SEEDS_LONG : SEEDS_OF_ALL;
}

static inline void fault_campaign(const struct campaign *c)
{
	const unsigned seeds = fault_seeds() / c->part;
	struct patient p = { .ca = NULL };
	struct tally tally = { 0 };

	for (unsigned i = 0; i < seeds; i++) {
		const unsigned seed = c->first_seed + i;

		if (i % CHIPS_PER_CA == 0)
			fault_fresh(&p.ca);
		snprintf(p.path, sizeof(p.path), "chip-%u", seed);
		snprintf(p.state, sizeof(p.state), "state-%u", seed);
		snprintf(p.sound, sizeof(p.sound), "sim:%s?seed=%u%s", p.path, seed, c->options);
		snprintf(p.faulty, sizeof(p.faulty), "fault:seed=%u,%s:%s", seed, c->faults,
			p.sound);
		fault_one(&tally, &p, c->limit_us);
	}
	ca_close(p.ca);
	fault_print(c, &tally);
	CHECK(tally.complete * 1000ull > tally.tries * (uint64_t)c->success_permille ||
		c->success_permille == 0);
}

#endif
