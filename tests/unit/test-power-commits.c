/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The power goes at each commit point inside the chip during a whole personalization. */
#include "power-world.h"

#define ROUNDS 100u /* of cuts in a row */
#define IN_ROW 4u
#define POINTS 16u /* of a run, about */

static const struct scenario plain = {
	.name = "plain", .options = "&frame=277", .slot = { 1, 0xE0F1, 0xE0E1 }, .ca = CA_DIR
};

/* A certificate of the other CA in the slot. */
static void occupy(const struct scenario *s)
{
	struct slotcert_options options = { .foreign = false };
	struct slotcert_result result;
	STACK_OF(X509) *certs;
	struct world w;
	struct fail f = { 0 };

	snprintf(w.state, sizeof(w.state), STATE_DIR);
	snprintf(w.uri, sizeof(w.uri), "sim:" CHIP "?clock=virtual");
	world_connect(&w);
	certs = world_certify(&w, &s->slot, OTHER_CA_DIR);
	MUST(slotcert_write(&result, &w.dev, &s->slot, certs, &options, &f), f);
	sk_X509_pop_free(certs, X509_free);
	world_free(&w);
	remove_folder(STATE_DIR);
}

static void renew(const struct scenario *s)
{
	power_renew(s);
	if (s->replaces)
		occupy(s);
}

static uint32_t cycles(const struct sim_info *info, uint16_t oid)
{
	for (size_t i = 0; i < info->objects; i++)
		if (info->cycles[i].oid == oid)
			return info->cycles[i].count;
	return 0;
}

static size_t slot_used(const struct scenario *s)
{
	struct nvm *nvm = calloc(1, sizeof(*nvm));
	struct fail f = { 0 };
	size_t used;

	CHECK(nvm != NULL);
	MUST(nvm_load(nvm, CHIP, &f), f);
	used = nvm_find(nvm, s->slot.cert)->used;
	free(nvm);
	return used;
}

/* Two points for each change, and for the certificate one more for erasing and for each page. */
static unsigned count_points(const struct scenario *s, const struct sim_info *before)
{
	struct sim_info after = power_info(CHIP);
	size_t pages = (slot_used(s) + 63) / 64;

	CHECK_INT(cycles(&after, s->slot.cert) - cycles(before, s->slot.cert), 1);
	return 2 * (after.nvm_writes - before->nvm_writes) + (unsigned)pages;
}

/* Which numbers of whole pages were seen in the slot: a bit for each. */
static void note_pages(uint32_t *seen, const struct scenario *s)
{
	size_t used = slot_used(s);

	if (used % 64 == 0 && used < OBJECT_DATA_MAX)
		*seen |= 1u << (used / 64);
}

/* The number of points differs by a page at most: certificates do not all have the same size. */
static void cut_at_every_commit_point(const struct scenario *s)
{
	struct sim_info before;
	uint32_t seen = 0, pages;
	struct attempt a;
	unsigned cut;

	for (cut = 1;; cut++) {
		renew(s);
		before = power_info(CHIP);
		a = power_run(s, cut);
		if (!power_info(CHIP).pending)
			break;
		CHECK_ERR(a.err, TRUSTX_ERR_NACK);
		power_check_cut(s, &a);
		note_pages(&seen, s);
		power_recover(s, "commit point", cut);
	}
	MUST(a.err, a.fail);
	personalize_free(&a.result);
	CHECK(cut > count_points(s, &before));
	pages = (uint32_t)slot_used(s) / 64;
	CHECK((seen & ((1u << pages) - 1)) == (1u << pages) - 1);
	printf("    %s (%s): %u commit points\n", s->name, s->options + 1, cut - 1);
}

static void cut_once_the_next_run_completes_it(void)
{
	struct scenario scenarios[8];

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		scenarios[i] = plain;
	scenarios[1].options = "&frame=55";
	scenarios[2].options = "&frame=277&scale=0";
	scenarios[3].name = "DER, slot 3";
	scenarios[3].format = CERT_FORMAT_DER;
	scenarios[3].slot = (struct slot){ 3, 0xE0F3, 0xE0E3 };
	scenarios[4].name = "P-384";
	scenarios[4].curve = TRUSTX_P384;
	scenarios[5].name = "chain";
	scenarios[5].options = "&frame=55";
	scenarios[5].ca = CHAIN_CA;
	scenarios[6].name = "replacing";
	scenarios[6].replaces = true;
	scenarios[7] = scenarios[5];
	scenarios[7].name = "replacing by a chain";
	scenarios[7].replaces = true;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		cut_at_every_commit_point(&scenarios[i]);
}

/* Seeded: the same on every machine. */
static unsigned draw(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 8) % below;
}

static void cut_again_and_again_the_last_run_completes_it(void)
{
	unsigned seed = 1, cuts = 0;
	struct attempt a;

	for (unsigned round = 0; round < ROUNDS; round += STRIDE) {
		power_renew(&plain);
		for (unsigned i = 0; i < IN_ROW; i++) {
			a = power_run(&plain, 1 + draw(&seed, POINTS));
			cuts += a.err != TRUSTX_OK;
			power_check_cut(&plain, &a);
		}
		power_recover(&plain, "round", round);
	}
	printf("    %u cuts\n", cuts);
	CHECK(cuts > ROUNDS / STRIDE);
}

int main(void)
{
	power_init();
	RUN(cut_once_the_next_run_completes_it);
	RUN(cut_again_and_again_the_last_run_completes_it);
	return 0;
}
