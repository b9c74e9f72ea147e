/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A chip, or what is taken for one, that puts anything on the bus. */
#include "calls.h"
#include "frame.h"

enum { NOT_ACKNOWLEDGED = 0x80, RIGHT_FCS = 0x01 };

struct feed {
	struct reader input;
	uint8_t reg;
	uint64_t now_us;
};

static enum trustx_err feed_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct feed *feed = ctx;

	(void)addr;
	PROPERTY(len >= 1 && len <= 278);
	feed->reg = data[0];
	feed->now_us += 50;
	return TRUSTX_OK;
}

/* Every read takes one byte of the input that says how, and its bytes. */
static enum trustx_err feed_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct feed *feed = ctx;
	uint8_t how = reader_left(&feed->input) > len ? reader_u8(&feed->input) : NOT_ACKNOWLEDGED;
	uint16_t fcs;

	(void)addr;
	PROPERTY(len >= 1 && len <= 278);
	feed->now_us += 150;
	if ((how & NOT_ACKNOWLEDGED) != 0)
		return TRUSTX_ERR_NACK;
	memcpy(data, reader_bytes(&feed->input, len), len);
	if ((how & RIGHT_FCS) != 0 && feed->reg == 0x80 && len > 2) {
		fcs = frame_fcs(data, len - 2);
		data[len - 2] = (uint8_t)(fcs >> 8);
		data[len - 1] = (uint8_t)fcs;
	}
	return TRUSTX_OK;
}

static uint64_t feed_now(void *ctx)
{
	const struct feed *feed = ctx;

	return feed->now_us;
}

static void feed_sleep(void *ctx, uint32_t us)
{
	struct feed *feed = ctx;

	feed->now_us += us;
}

static const struct trustx_bus_ops feed_ops = {
	.write = feed_write,
	.read = feed_read,
	.now_us = feed_now,
	.sleep_us = feed_sleep,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct trustx_options options = { .timeout_ms = 300 };
	struct feed feed = { .reg = 0 };
	const struct trustx_bus bus = { .ops = &feed_ops, .ctx = &feed };
	struct trustx se;
	uint8_t call;

	reader_init(&feed.input, data, size);
	call = reader_u8(&feed.input);
	if (trustx_open(&se, &bus, &options) == TRUSTX_OK)
		for (unsigned i = 0; i < 4; i++)
			call_by_number(&se, (uint8_t)(call + i));
	trustx_close(&se);
	return 0;
}
