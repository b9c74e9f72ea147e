/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Checks for test programs: a failed one prints where and both values, and ends the test.
 * skip() reports SKIPPED with its reason; with TRUSTX_REQUIRE_ALL=1 that is a failure.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trustx_err.h"

#define CHECK(cond)		  ((cond) ? (void)0 : test_die(__FILE__, __LINE__, "not true: " #cond))
#define CHECK_OK(err)		  test_err(__FILE__, __LINE__, #err, (err), TRUSTX_OK)
#define CHECK_ERR(err, want)	  test_err(__FILE__, __LINE__, #err, (err), (want))
#define CHECK_INT(got, want)	  test_int(__FILE__, __LINE__, #got, (long long)(got), (long long)(want))
#define CHECK_STR(got, want)	  test_str(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_MEM(got, want, len) test_mem(__FILE__, __LINE__, #got, (got), (want), (len))
#define RUN(fn)                        \
	do {                           \
		printf("  %s\n", #fn); \
		fflush(stdout);        \
		fn();                  \
	} while (0)

static inline void test_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	exit(1);
}

static inline void test_err(
	const char *file, int line, const char *expr, enum trustx_err got, enum trustx_err want)
{
	if (got == want)
		return;
	fprintf(stderr, "%s:%d: %s: got %s, want %s\n", file, line, expr, trustx_err_name(got),
		trustx_err_name(want));
	exit(1);
}

static inline void test_int(
	const char *file, int line, const char *expr, long long got, long long want)
{
	if (got == want)
		return;
	fprintf(stderr, "%s:%d: %s: got %lld, want %lld\n", file, line, expr, got, want);
	exit(1);
}

static inline void test_str(
	const char *file, int line, const char *expr, const char *got, const char *want)
{
	if (strcmp(got, want) == 0)
		return;
	fprintf(stderr, "%s:%d: %s: got\n%s\nwant\n%s\n", file, line, expr, got, want);
	exit(1);
}

static inline void test_dump(const char *name, const void *data, size_t len)
{
	const unsigned char *p = data;

	fprintf(stderr, "%s", name);
	for (size_t i = 0; i < len; i++)
		fprintf(stderr, " %02X", p[i]);
	fprintf(stderr, "\n");
}

static inline void test_mem(
	const char *file, int line, const char *expr, const void *got, const void *want, size_t len)
{
	if (memcmp(got, want, len) == 0)
		return;
	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	test_dump(" got", got, len);
	test_dump("want", want, len);
	exit(1);
}

static inline void skip(const char *reason)
{
	const char *all = getenv("TRUSTX_REQUIRE_ALL");

	printf("SKIPPED: %s\n", reason);
	exit(all != NULL && strcmp(all, "1") == 0 ? 1 : 77);
}

#endif
