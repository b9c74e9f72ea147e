/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A folder with a local CA, and as many simulated chips as a test wants, each with its state. */
#ifndef TESTS_FLOW_WORLD_H
#define TESTS_FLOW_WORLD_H

#include "test.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ca.h"
#include "cert.h"
#include "csrflow.h"
#include "device.h"
#include "nvm.h"
#include "sim.h"
#include "slotcert.h"

#define CA_DIR	      "ca"
#define OTHER_CA_DIR  "other-ca"
#define TEST_SUBJECT  "CN={serial},O=Test"
#define MUST(call, f) must(__FILE__, __LINE__, #call, (call), &(f))

struct world { /* one chip */
	char path[40], uri[200], state[40];
	struct device dev;
};

static inline void must(
	const char *file, int line, const char *call, enum trustx_err err, const struct fail *f)
{
	if (err == TRUSTX_OK)
		return;
	fprintf(stderr, "%s:%d: %s: %s: %s: %s; %s\n", file, line, call, trustx_err_name(err),
		f->what, f->why, f->next);
	exit(1);
}

static inline void world_connect(struct world *w)
{
	struct fail f = { 0 };

	MUST(device_open(&w->dev, w->uri, w->state, &f), f);
}

/* A chip that no test had before. options: behind the '?' of its URI. */
static inline void world_new(struct world *w, unsigned number, const char *options)
{
	snprintf(w->path, sizeof(w->path), "chip-%u", number);
	snprintf(w->state, sizeof(w->state), "state-%u", number);
	snprintf(
		w->uri, sizeof(w->uri), "sim:%s?clock=virtual&seed=%u%s", w->path, number, options);
	world_connect(w);
}

static inline void world_free(struct world *w)
{
	device_close(&w->dev);
}

/* Counters of the chip; it is off meanwhile. */
static inline struct sim_info world_info(struct world *w)
{
	struct sim_info info;
	struct fail f = { 0 };

	device_close(&w->dev);
	MUST(sim_info(&info, w->path, &f), f);
	world_connect(w);
	return info;
}

/* Do two images hold the same, but for the security event counter? */
static inline bool images_equal(const char *one, const char *two)
{
	struct nvm *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
	struct fail f = { 0 };
	bool same = true;

	CHECK(a != NULL && b != NULL);
	MUST(nvm_load(a, one, &f), f);
	MUST(nvm_load(b, two, &f), f);
	for (size_t i = 0; i < CATALOG_OBJECTS; i++) {
		const struct object *x = &a->objects[i], *y = &b->objects[i];

		if (x->oid != OID_SEC)
			same = same && x->used == y->used &&
			       memcmp(x->data, y->data, x->used) == 0 &&
			       memcmp(&x->tags, &y->tags, sizeof(x->tags)) == 0;
	}
	same = same && memcmp(a->generations, b->generations, sizeof(a->generations)) == 0;
	free(a);
	free(b);
	return same;
}

static inline void copy_file(const char *to, const char *from)
{
	struct fail f = { 0 };
	struct blob data;

	blob_init(&data, 1u << 20);
	MUST(file_read(&data, from, &f), f);
	MUST(file_write(to, data.data, data.len, FILE_PRIVATE, FILE_NO_SYNC, &f), f);
	blob_free(&data);
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* A new folder to work in, with two CAs; what an earlier run left is gone. */
static inline void world_init(void)
{
	static const struct ca_options options = { 0 };
	struct fail f = { 0 };

	nftw("world", remove_one, 16, FTW_DEPTH | FTW_PHYS);
	CHECK(mkdir("world", 0700) == 0 && chdir("world") == 0);
	MUST(ca_init(CA_DIR, &options, &f), f);
	MUST(ca_init(OTHER_CA_DIR, &options, &f), f);
}

static inline struct csrflow_options world_csr(void)
{
	return (struct csrflow_options){ .subject = { .text = TEST_SUBJECT } };
}

/* A certificate from the CA in dir for the key in slot, which is made if the slot is empty. */
static inline STACK_OF(X509) *world_certify(
	struct world *w, const struct slot *slot, const char *dir)
{
	struct csrflow_options options = world_csr();
	struct csrflow_result result;
	STACK_OF(X509) *certs = NULL;
	struct ca *ca = NULL;
	X509_REQ *req = NULL;
	struct fail f = { 0 };

	MUST(csrflow_create(&result, &w->dev, slot, &options, &f), f);
	MUST(csr_parse(&req, result.pem.data, result.pem.len, &f), f);
	MUST(ca_open(&ca, dir, NULL, &f), f);
	MUST(ca_sign(&certs, ca, req, CA_FOREVER, &f), f);
	ca_close(ca);
	X509_REQ_free(req);
	csrflow_free(&result);
	return certs;
}

#endif
