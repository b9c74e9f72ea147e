/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What bus.c and the back ends share: a parsed URI, and the table of one way to reach a chip. */
#ifndef BUS_BACKEND_H
#define BUS_BACKEND_H

#include <stdbool.h>
#include <stddef.h>

#include "bus.h"
#include "fail.h"
#include "trustx.h"

#define BUS_OPTIONS_MAX 16

struct bus_option {
	const char *name, *value;
};

/* Everything unescaped; the strings belong to bus.c and live until open returns. */
struct bus_uri {
	const char *scheme; /* "sim" */
	const char *target; /* what stands between the scheme and '?' */
	struct bus_option option[BUS_OPTIONS_MAX];
	size_t options;
};

/* The value of an option, NULL when it is not given. */
const char *bus_option(const struct bus_uri *uri, const char *name);

/* TRUSTX_ERR_INPUT that names the option, its value and what is expected. */
enum trustx_err bus_bad_option(
	const struct bus_uri *uri, const char *name, const char *expected, struct fail *f);

struct bus_backend;

struct bus_list {
	struct trustx_bus_found *at;
	size_t count;
};

/* A zeroed one more; NULL: out of memory. */
struct trustx_bus_found *bus_list_add(struct bus_list *list);

/*
 * Take the options in text, which is cut into names and values that uri lends. TRUSTX_ERR_INPUT:
 * unknown (lists those there are), without a value, given twice, badly escaped.
 */
enum trustx_err bus_split_options(struct bus_uri *uri, const struct bus_backend *backend,
	char *text, char separator, struct fail *f);

struct bus_backend {
	const char *scheme;
	const char *form;    /* "sim:FILE", for lists; NULL: open always refuses */
	const char *options; /* names between blanks: " clock scale " */
	bool decorator;	     /* of NAME:URI: the target is all that follows, as it is */
	/* Fill bus->ops and bus->ctx, which begins with a struct bus_ctx. */
	enum trustx_err (*open)(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f);
	void (*close)(void *ctx);
	bool (*is_virtual)(const void *ctx);
	/* NULL: 0. */
	uint64_t (*execution_ns)(const void *ctx);
	/* NULL: cannot tell. */
	enum trustx_bus_lines (*lines)(void *ctx);
	/* Append what this computer has of it; NULL: nothing to be found. */
	enum trustx_err (*list)(struct bus_list *list, struct fail *f);
};

/* First member of every back end's context. */
struct bus_ctx {
	const struct bus_backend *backend;
	struct fail fail; /* why: trustx_bus_reason */
};

extern const struct bus_backend bus_sim, bus_unix, bus_tcp, bus_trace, bus_play, bus_fault, bus_i2c,
	bus_ft260;

#endif
