/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* record FRAME_SIZE URI: hold the conversation with the chip at URI and print it as C. */
#include "conversation.h"

#include <stdio.h>
#include <stdlib.h>

#include "bus.h"

#define TRANSFERS_MAX 20000u
#define BYTES_MAX     400000u

struct recorder {
	struct trustx_bus inner;
	struct transfer *transfer;
	uint8_t *bytes;
	size_t transfers, used;
};

static uint64_t rec_now_us(void *ctx)
{
	struct recorder *r = ctx;

	return r->inner.ops->now_us(r->inner.ctx);
}

static void rec_sleep_us(void *ctx, uint32_t us)
{
	struct recorder *r = ctx;

	r->inner.ops->sleep_us(r->inner.ctx, us);
}

static void note(struct recorder *r, struct transfer t, const uint8_t *data)
{
	if (r->transfers == TRANSFERS_MAX || r->used + t.len > BYTES_MAX) {
		fprintf(stderr, "record: the conversation is too long\n");
		exit(1);
	}
	if (t.kind != TRANSFER_SPEED) {
		t.at = (uint32_t)r->used;
		for (size_t i = 0; i < t.len; i++)
			r->bytes[r->used++] = data[i];
	}
	t.now = (uint32_t)rec_now_us(r);
	r->transfer[r->transfers++] = t;
}

static enum trustx_err rec_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct recorder *r = ctx;
	enum trustx_err err = r->inner.ops->write(r->inner.ctx, addr, data, len);

	note(r,
		(struct transfer){ .kind = TRANSFER_WRITE,
			.nack = err == TRUSTX_ERR_NACK,
			.len = (uint16_t)len },
		data);
	return err;
}

static enum trustx_err rec_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct recorder *r = ctx;
	enum trustx_err err = r->inner.ops->read(r->inner.ctx, addr, data, len);
	struct transfer t = { .kind = TRANSFER_READ,
		.nack = err == TRUSTX_ERR_NACK,
		.len = (uint16_t)(err == TRUSTX_OK ? len : 0) };

	note(r, t, data);
	return err;
}

static enum trustx_err rec_set_speed(void *ctx, uint32_t hz)
{
	struct recorder *r = ctx;

	note(r, (struct transfer){ .kind = TRANSFER_SPEED, .at = hz }, NULL);
	return r->inner.ops->set_speed(r->inner.ctx, hz);
}

static const struct trustx_bus_ops rec_ops = {
	.write = rec_write,
	.read = rec_read,
	.set_speed = rec_set_speed,
	.now_us = rec_now_us,
	.sleep_us = rec_sleep_us,
};

static void print(const struct recorder *r, const char *frame_size, uint32_t digest)
{
	printf("#include \"conversation.h\"\n\n");
	printf("extern const uint16_t played_frame_size;\nextern const uint32_t played_digest;\n");
	printf("extern const struct transfer played[];\nextern const uint8_t played_bytes[];\n");
	printf("extern const size_t played_count;\n\n");
	printf("const uint16_t played_frame_size = %s;\n", frame_size);
	printf("const uint32_t played_digest = 0x%08Xu;\n", (unsigned)digest);
	printf("const size_t played_count = %zu;\nconst struct transfer played[] = {\n",
		r->transfers);
	for (size_t i = 0; i < r->transfers; i++)
		printf("\t{ %u, %u, %u, %u, %u },\n", r->transfer[i].kind, r->transfer[i].nack,
			r->transfer[i].len, (unsigned)r->transfer[i].at,
			(unsigned)r->transfer[i].now);
	printf("};\nconst uint8_t played_bytes[] = {");
	for (size_t i = 0; i < r->used; i++)
		printf("%s%u,", i % 24 == 0 ? "\n\t" : " ", r->bytes[i]);
	printf("\n};\n");
}

int main(int argc, char **argv)
{
	struct recorder r = { 0 };
	struct trustx_bus bus = { .ops = &rec_ops, .ctx = &r };
	struct fail f;
	uint32_t digest;
	enum trustx_err err;

	if (argc != 3) {
		fprintf(stderr, "usage: record FRAME_SIZE URI\n");
		return 2;
	}
	r.transfer = calloc(TRANSFERS_MAX, sizeof(*r.transfer));
	r.bytes = calloc(BYTES_MAX, 1);
	if (r.transfer == NULL || r.bytes == NULL)
		return 1;
	if (trustx_bus_open(&r.inner, argv[2], &f) != TRUSTX_OK) {
		fprintf(stderr, "record: %s: %s\n", argv[2], f.why);
		return 3;
	}
	err = conversation_hold(&bus, (uint16_t)strtoul(argv[1], NULL, 10), &digest);
	if (err == TRUSTX_OK)
		print(&r, argv[1], digest);
	else
		fprintf(stderr, "record: %s\n", trustx_err_text(err));
	trustx_bus_close(&r.inner);
	free(r.transfer);
	free(r.bytes);
	return err == TRUSTX_OK ? 0 : 1;
}
