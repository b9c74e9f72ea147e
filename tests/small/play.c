/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The library on a microcontroller against a recorded conversation: every byte must be the same. */
#include "conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const uint16_t played_frame_size;
extern const uint32_t played_digest;
extern const struct transfer played[];
extern const uint8_t played_bytes[];
extern const size_t played_count;

struct player {
	size_t next;
	uint64_t now;
};

static const struct transfer *next_transfer(struct player *p, enum transfer_kind kind)
{
	const struct transfer *t = &played[p->next];

	if (p->next == played_count || t->kind != kind) {
		printf("transfer %u is not what was recorded\n", (unsigned)p->next);
		exit(1);
	}
	p->next++;
	p->now = t->now;
	return t;
}

static enum trustx_err play_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	const struct transfer *t = next_transfer(ctx, TRANSFER_WRITE);

	if (addr != 0x30 || len != t->len || memcmp(data, played_bytes + t->at, len) != 0) {
		printf("the bytes of a write differ from those recorded\n");
		exit(1);
	}
	return t->nack ? TRUSTX_ERR_NACK : TRUSTX_OK;
}

static enum trustx_err play_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	const struct transfer *t = next_transfer(ctx, TRANSFER_READ);

	if (addr != 0x30 || (!t->nack && len != t->len)) {
		printf("a read is not what was recorded\n");
		exit(1);
	}
	memcpy(data, played_bytes + t->at, t->len);
	return t->nack ? TRUSTX_ERR_NACK : TRUSTX_OK;
}

static enum trustx_err play_set_speed(void *ctx, uint32_t hz)
{
	return next_transfer(ctx, TRANSFER_SPEED)->at == hz ? TRUSTX_OK : TRUSTX_ERR_BUS;
}

static uint64_t play_now_us(void *ctx)
{
	return ((struct player *)ctx)->now;
}

static void play_sleep_us(void *ctx, uint32_t us)
{
	((struct player *)ctx)->now += us;
}

static const struct trustx_bus_ops play_ops = {
	.write = play_write,
	.read = play_read,
	.set_speed = play_set_speed,
	.now_us = play_now_us,
	.sleep_us = play_sleep_us,
};

int main(void)
{
	struct player p = { 0 };
	const struct trustx_bus bus = { .ops = &play_ops, .ctx = &p };
	uint32_t digest;
	enum trustx_err err = conversation_hold(&bus, played_frame_size, &digest);

	if (err != TRUSTX_OK || digest != played_digest || p.next != played_count) {
		printf("error %d, digest %08lx, %u of %u transfers\n", (int)err,
			(unsigned long)digest, (unsigned)p.next, (unsigned)played_count);
		return 1;
	}
	printf("%u transfers at frame size %u: the same\n", (unsigned)played_count,
		(unsigned)played_frame_size);
	return 0;
}
