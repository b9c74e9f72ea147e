/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "device.h"

#include "personalize.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CA_DIR	  "ca"
#define STATE_DIR "state"
#define SUBJECT	  "CN={serial},O=Bench"
#define CHIPS	  200u

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static enum trustx_err complain(const char *what, enum trustx_err err, const struct fail *f)
{
	if (err != TRUSTX_OK)
		fprintf(stderr, "bench: %s: %s\n", what, f->why);
	return err;
}

enum trustx_err device_init(struct ca **ca)
{
	static const struct ca_options options = { 0 };
	struct fail f = { 0 };
	enum trustx_err err;

	*ca = NULL;
	if ((err = ca_init(CA_DIR, &options, &f)) != TRUSTX_OK)
		return complain("make a CA", err, &f);
	return complain("open the CA", ca_open(ca, CA_DIR, NULL, &f), &f);
}

/* The chip as the flow sees it, behind the meter; m NULL: nobody watches. */
static enum trustx_err open_device(struct device *dev, struct meter *m, const char *uri,
	const struct conditions *c, struct fail *f)
{
	enum trustx_err err;

	if (m == NULL)
		return device_open(dev, uri, STATE_DIR, f);
	if ((err = device_open_bus(dev, uri, STATE_DIR, f)) != TRUSTX_OK)
		return err;
	m->inner = dev->bus;
	meter_init(m);
	meter_settle(m);
	meter_begin(m);
	return device_start(dev, &m->bus, &c->opt, f);
}

/* r, m and c NULL: nobody watches. */
static enum trustx_err personalize_one(struct result *r, struct meter *m, struct ca *ca,
	const char *uri, const struct conditions *c)
{
	static const struct slot slot = { 1, TRUSTX_OID_KEY_0 + 1, TRUSTX_OID_CERT_0 + 1 };
	struct personalize_options opt = { .subject = { .text = SUBJECT } };
	struct personalize_result result = { 0 };
	struct issuer issuer = { 0 };
	struct device dev = { 0 };
	struct fail f = { 0 };
	enum trustx_err err;

	/* What is known of the chip that was new under the same name before. */
	nftw(STATE_DIR, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if ((err = issuer_init(&issuer, "ca:" CA_DIR, NULL, ca, &f)) != TRUSTX_OK)
		goto out;
	opt.issuer = &issuer;
	if ((err = open_device(&dev, m, uri, c, &f)) != TRUSTX_OK)
		goto out;
	if ((err = personalize_run(&result, &dev, &slot, &opt, &f)) != TRUSTX_OK)
		goto out;
	if (!result.made_key || !result.key.proved)
		err = fail_set(&f, TRUSTX_ERR_INTERNAL, "the chip was not new");
	else if (r != NULL)
		err = result_add(r, m, c, NULL, true);
out:
	(void)complain("personalize", err, &f);
	personalize_free(&result);
	issuer_free(&issuer);
	device_close(&dev);
	return err;
}

enum trustx_err device_personalize(
	struct result *r, struct meter *m, struct ca *ca, const struct conditions *c)
{
	enum trustx_err err = TRUSTX_OK;
	char uri[120];

	memset(r, 0, sizeof(*r));
	for (unsigned seed = 1; seed <= c->seeds && err == TRUSTX_OK; seed++) {
		memset(m, 0, sizeof(*m));
		m->patience = c->patience;
		chip_uri(uri, sizeof(uri), c, seed);
		err = personalize_one(r, m, ca, uri, c);
	}
	result_mean(r, c->seeds);
	return err;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

enum trustx_err device_throughput(double *per_second, struct ca *ca)
{
	const struct conditions c = { .seeds = 1 };
	const double begin = now_ms();
	enum trustx_err err = TRUSTX_OK;
	char uri[120];

	for (unsigned i = 0; i < CHIPS && err == TRUSTX_OK; i++) {
		chip_uri(uri, sizeof(uri), &c, 0);
		err = personalize_one(NULL, NULL, ca, uri, NULL);
	}
	*per_second = CHIPS * 1e3 / (now_ms() - begin);
	return err;
}
