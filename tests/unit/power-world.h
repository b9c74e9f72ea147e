/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Personalizations of copies of one chip that are cut short, and the run after it. */
#ifndef TESTS_POWER_WORLD_H
#define TESTS_POWER_WORLD_H

#include "personalize.h"

#include <dirent.h>

#include "flow-world.h"

#define MASTER	  "master"
#define CHIP	  "chip"
#define STATE_DIR "state"
#define RUN_CA	  "run-ca" /* a copy, so that its index stays short */
#define CHAIN_CA  "chain-ca"

#ifdef SANITIZED
#define STRIDE 7u
#else
#define STRIDE 1u
#endif

struct scenario {
	const char *name;
	const char *options; /* of the chip, each with & in front */
	struct slot slot;
	const char *ca;
	enum cert_format format;
	enum trustx_curve curve;
	bool replaces; /* the slot holds a certificate of the other CA */
};

struct attempt {
	enum trustx_err err;
	struct fail fail;
	struct personalize_result result;
};

static inline void remove_folder(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void copy_folder(const char *to, const char *from)
{
	char source[300], target[300];
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(from);

	CHECK(dir != NULL && mkdir(to, 0700) == 0);
	while ((entry = readdir(dir)) != NULL) {
		snprintf(source, sizeof(source), "%s/%s", from, entry->d_name);
		snprintf(target, sizeof(target), "%s/%s", to, entry->d_name);
		CHECK_INT(stat(source, &st), 0);
		if (S_ISREG(st.st_mode))
			copy_file(target, source);
		else if (entry->d_name[0] != '.')
			copy_folder(target, source);
	}
	closedir(dir);
}

static inline struct sim_info power_info(const char *chip)
{
	struct sim_info info;
	struct fail f = { 0 };

	MUST(sim_info(&info, chip, &f), f);
	return info;
}

/* cut: the commit point at which the power goes; 0: none. */
static inline struct attempt power_run(const struct scenario *s, unsigned cut)
{
	struct personalize_options options = {
		.subject = { .text = TEST_SUBJECT },
		.format = s->format,
		.curve = s->curve,
		.replace_cert = s->replaces,
	};
	struct attempt a = { .err = TRUSTX_OK };
	struct issuer issuer;
	struct device dev;
	char uri[100];

	snprintf(uri, sizeof(uri), "sim:" CHIP "?clock=virtual%s", s->options);
	if (cut > 0)
		snprintf(uri + strlen(uri), sizeof(uri) - strlen(uri), "&cut=%u", cut);
	MUST(issuer_init(&issuer, "ca:" RUN_CA, NULL, NULL, &a.fail), a.fail);
	options.issuer = &issuer;
	if ((a.err = device_open(&dev, uri, STATE_DIR, &a.fail)) == TRUSTX_OK)
		a.err = personalize_run(&a.result, &dev, &s->slot, &options, &a.fail);
	device_close(&dev);
	issuer_free(&issuer);
	return a;
}

/* The chip, the CA and the station as before the first run. */
static inline void power_renew(const struct scenario *s)
{
	remove_folder(STATE_DIR);
	remove_folder(RUN_CA);
	copy_folder(RUN_CA, s->ca);
	copy_file(CHIP, MASTER);
}

static inline size_t power_issued(void)
{
	struct ca_entry *entries;
	struct fail f = { 0 };
	size_t count;

	MUST(ca_list(&entries, &count, RUN_CA, &f), f);
	free(entries);
	return count;
}

static inline unsigned power_keys(const struct scenario *s)
{
	return power_info(CHIP).key_generations[s->slot.number];
}

/*
 * The run after a cut one, with steady power: complete, by the one key that there ever was, and
 * the one certificate.
 */
static inline void power_recover(const struct scenario *s, const char *point, unsigned number)
{
	unsigned keys = power_keys(s);
	struct attempt a;

	CHECK(keys <= 1);
	a = power_run(s, 0);
	if (a.err != TRUSTX_OK)
		fprintf(stderr, "%s (%s), after a power cut at %s %u:\n", s->name, s->options,
			point, number);
	MUST(a.err, a.fail);
	CHECK(a.result.key.proved && a.result.chain_checked);
	CHECK_INT(a.result.made_key, keys == 0);
	CHECK_INT(power_keys(s), 1);
	CHECK_INT(power_issued(), 1);
	personalize_free(&a.result);
}

/* A run whose power went fails as one that finds no chip, or had nothing left to do with it. */
static inline void power_check_cut(const struct scenario *s, struct attempt *a)
{
	if (a->err == TRUSTX_OK)
		CHECK(a->result.key.proved && power_issued() == 1);
	else
		CHECK_ERR(a->err, TRUSTX_ERR_NACK);
	CHECK(power_keys(s) <= 1);
	personalize_free(&a->result);
}

static inline void power_leave(void)
{
	char here[300];

	if (chdir("..") == 0 && getcwd(here, sizeof(here)) != NULL && chdir("/") == 0)
		remove_folder(here);
}

/* In memory where there is a folder for it: thousands of files are synced. */
static inline void power_init(void)
{
	static const struct sim_options seeded = { .has_seed = true, .seed = 1 };
	static const struct ca_options chain = { .intermediate = true };
	char name[] = "/dev/shm/trustx-power-XXXXXX";
	struct fail f = { 0 };

	if (mkdtemp(name) != NULL)
		CHECK(chdir(name) == 0 && atexit(power_leave) == 0);
	world_init();
	MUST(ca_init(CHAIN_CA, &chain, &f), f);
	MUST(sim_new(MASTER, &seeded, &f), f);
}

#endif
