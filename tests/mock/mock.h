/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Device nodes for unmodified programs, by umockdev. Every call for a node comes in umockdev's one
 * thread; a call is answered at once or later by mock_answer.
 */
#ifndef TESTS_MOCK_MOCK_H
#define TESTS_MOCK_MOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <umockdev.h>

#include "fail.h"

#define MOCK_DEVICES 16

struct mock_ops {
	void (*connected)(void *ctx); /* somebody opened the node */
	void (*ioctl)(void *ctx, UMockdevIoctlClient *client, unsigned long request);
	void (*read)(void *ctx, UMockdevIoctlClient *client, UMockdevIoctlData *to);
	void (*write)(void *ctx, UMockdevIoctlClient *client, const UMockdevIoctlData *from);
};

/* Nanoseconds since the first call. */
uint64_t mock_now(void);

/* Answer a call at that time: its result, or -1 and errno as error. */
void mock_answer(UMockdevIoctlClient *client, uint64_t at, long result, int error);

/* Call fn(p) at that time, in the thread in which the devices are called, where this must be. */
void mock_call_at(uint64_t at, void (*fn)(void *p), void *p);

/* The number of the n-th device of a kind on this computer. */
unsigned mock_number(unsigned n);

/* Put a device described in umockdev's language into the test bed, and serve its node. */
void mock_describe(UMockdevTestbed *bed, const char *description);
void mock_serve(UMockdevTestbed *bed, const char *node, const struct mock_ops *ops, void *ctx);

/* The n-th device of its kind from FILE[,KNOB...]. */
struct mock_i2c;
enum trustx_err mock_i2c_add(
	struct mock_i2c **i2c, UMockdevTestbed *bed, unsigned n, const char *text, struct fail *f);
void mock_i2c_close(struct mock_i2c *i2c);

struct mock_ft260;
enum trustx_err mock_ft260_add(struct mock_ft260 **ft260, UMockdevTestbed *bed, unsigned n,
	const char *text, struct fail *f);
void mock_ft260_close(struct mock_ft260 *ft260);

#endif
