/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Make one call of a run fail: of the heap, of files, of libcrypto. The linker leads the calls of
 * the product here (-Wl,--wrap). A place is a function and the calls that led to it; in each run
 * the first place that did not fail yet does, so after as many runs as there are places all have.
 */
#ifndef TESTS_WRAP_INJECT_H
#define TESTS_WRAP_INJECT_H

#include <stdbool.h>
#include <stddef.h>

enum inject_kind { INJECT_HEAP, INJECT_FILE, INJECT_LIBRARY };

struct injected {
	bool done;
	enum inject_kind kind;
	const char *name; /* "malloc"; static */
	unsigned place;	  /* counted from 0, in the order of failing */
};

/* No place has failed so far. */
void inject_restart(void);

/* Between these two a call may fail. */
void inject_arm(void);
struct injected inject_disarm(void);

/* For libraries that let their malloc be replaced. */
void *inject_library_malloc(size_t size);

#endif
