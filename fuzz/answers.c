/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A chip whose frames are right, and whose answers are anything. */
#include "calls.h"
#include "frame.h"

#define FRAME_SIZE 277u
#define ROOM	   (FRAME_SIZE - 6u)
#define ANSWER_MAX 4096u

enum { REG_DATA = 0x80, REG_SIZE, REG_STATE, REG_SCL = 0x84, REG_RESET = 0x88 };

struct chip {
	struct reader input; /* answers, each behind its length */
	uint64_t now_us;
	uint8_t reg, host_nr, own_nr;
	uint8_t frame[FRAME_SIZE]; /* to be fetched */
	size_t frame_len;
	uint8_t answer[ANSWER_MAX];
	size_t len, at;
	bool answering;
};

static void close_frame(struct chip *c, uint8_t fctr, size_t packet)
{
	uint16_t fcs;

	c->frame[0] = fctr;
	c->frame[1] = (uint8_t)(packet >> 8);
	c->frame[2] = (uint8_t)packet;
	fcs = frame_fcs(c->frame, 3 + packet);
	c->frame[3 + packet] = (uint8_t)(fcs >> 8);
	c->frame[4 + packet] = (uint8_t)fcs;
	c->frame_len = 5 + packet;
}

static void send_part(struct chip *c)
{
	size_t left = c->len - c->at, part = left < ROOM ? left : ROOM;

	c->frame_len = 0;
	if (!c->answering)
		return;
	if (part == left)
		c->frame[3] = c->at == 0 ? 0 : 4;
	else
		c->frame[3] = c->at == 0 ? 1 : 2;
	memcpy(c->frame + 4, c->answer + c->at, part);
	c->at += part;
	c->answering = c->at < c->len;
	c->own_nr = (c->own_nr + 1) & 3;
	close_frame(c, (uint8_t)(c->own_nr << 2 | c->host_nr), 1 + part);
}

/* With a 1 in its unused byte an answer gets the length that is right. */
static void take_answer(struct chip *c, bool opens)
{
	static const uint8_t done[4] = { 0 }, refused[4] = { 0xFF };
	size_t len = 4;
	const uint8_t *answer = opens ? done : refused;

	if (!opens && reader_left(&c->input) > 0)
		answer = fuzz_piece(&c->input, &len);
	c->len = len < ANSWER_MAX ? len : ANSWER_MAX;
	if (c->len > 0)
		memcpy(c->answer, answer, c->len);
	if (c->len >= 4 && c->answer[1] == 1) {
		c->answer[2] = (uint8_t)((c->len - 4) >> 8);
		c->answer[3] = (uint8_t)(c->len - 4);
	}
	c->at = 0;
	c->answering = c->len > 0;
	send_part(c);
}

static void take_frame(struct chip *c, const uint8_t *frame, size_t len)
{
	struct frame f;

	PROPERTY(frame_decode(&f, frame, len));
	if (f.control) {
		if (f.seq == FRAME_RESYNC)
			c->host_nr = c->own_nr = 3;
		else
			send_part(c);
		return;
	}
	c->host_nr = f.nr;
	if (f.packet[0] == 0 || f.packet[0] == 4)
		take_answer(c, f.len > 1 && f.packet[1] == 0xF0);
	else
		close_frame(c, 0x80 | c->host_nr, 0);
}

static enum trustx_err chip_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct chip *c = ctx;

	(void)addr;
	c->reg = data[0];
	c->now_us += 50;
	if (c->reg == REG_RESET)
		c->host_nr = c->own_nr = 3;
	if (c->reg == REG_DATA && len > 1)
		take_frame(c, data + 1, len - 1);
	return TRUSTX_OK;
}

static enum trustx_err chip_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	const uint8_t scl[4] = { 0, 0, 0x01, 0x90 },
		      size[4] = { FRAME_SIZE >> 8, FRAME_SIZE & 0xFF };
	struct chip *c = ctx;
	const uint8_t state[4] = { c->frame_len > 0 ? 0x48 : 0x08, 0, (uint8_t)(c->frame_len >> 8),
		(uint8_t)c->frame_len };
	const uint8_t *from = c->reg == REG_SCL ? scl : c->reg == REG_SIZE ? size : state;

	(void)addr;
	c->now_us += 150;
	if (c->reg == REG_DATA)
		from = c->frame;
	PROPERTY(len <= (c->reg == REG_DATA ? FRAME_SIZE : sizeof(state)));
	memcpy(data, from, len);
	return TRUSTX_OK;
}

static uint64_t chip_now(void *ctx)
{
	const struct chip *c = ctx;

	return c->now_us;
}

static void chip_sleep(void *ctx, uint32_t us)
{
	struct chip *c = ctx;

	c->now_us += us;
}

static const struct trustx_bus_ops chip_ops = {
	.write = chip_write,
	.read = chip_read,
	.now_us = chip_now,
	.sleep_us = chip_sleep,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct trustx_options options = { .timeout_ms = 300 };
	struct chip chip = { .host_nr = 3, .own_nr = 3 };
	const struct trustx_bus bus = { .ops = &chip_ops, .ctx = &chip };
	struct trustx se;
	uint8_t call;

	reader_init(&chip.input, data, size);
	call = reader_u8(&chip.input);
	PROPERTY(trustx_open(&se, &bus, &options) == TRUSTX_OK);
	for (unsigned i = 0; i < 2; i++)
		call_by_number(&se, (uint8_t)(call + i));
	trustx_close(&se);
	return 0;
}
