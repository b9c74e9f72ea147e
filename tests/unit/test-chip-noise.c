/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Chips that answer with noise, from random bytes to well-formed frames of random content: every
 * call ends in time, writes nothing past its capacity and zeroes it on an error.
 */
#include "transcript.h"

#define TIMEOUT_MS 400

struct noise {
	struct script *quiet; /* played first; its clock is the clock */
	uint32_t seed;
	unsigned level; /* 0: random bytes .. 3: frames with valid numbers and checksums */
	uint8_t reg, host_fctr;
	uint8_t frame[277];
	size_t frame_len;
	unsigned chip_nr;
};

static uint32_t draw(struct noise *n, uint32_t below)
{
	n->seed = n->seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(n->seed >> 4) * below >> 28);
}

static enum trustx_err noise_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct noise *n = ctx;

	if (n->quiet->at < n->quiet->count)
		return script_op_write(n->quiet, addr, data, len);
	n->quiet->now_ns += 30000;
	if (draw(n, 50) == 0)
		return draw(n, 20) == 0 ? TRUSTX_ERR_BUS : TRUSTX_ERR_NACK;
	n->reg = data[0];
	if (len > 6 && data[0] == 0x80)
		n->host_fctr = data[1];
	return TRUSTX_OK;
}

static void make_frame(struct noise *n)
{
	static const uint8_t chains[] = { 0, 0, 0, 0, 1, 2, 4, 7, 8, 3 };
	const size_t len = draw(n, 4) == 0 ? 272 : 1 + draw(n, 40);
	uint8_t packet[272];
	uint8_t fctr = script_fctr((uint8_t)((n->chip_nr + 1) & 3), n->host_fctr >> 2 & 3);

	for (size_t i = 0; i < len; i++)
		packet[i] = (uint8_t)draw(n, 256);
	packet[0] = chains[draw(n, sizeof(chains))];
	if (len >= 5 && draw(n, 4) != 0) {
		packet[1] = draw(n, 3) == 0 ? 0xFF : 0;
		packet[3] = (uint8_t)((len - 5) >> 8);
		packet[4] = (uint8_t)(len - 5);
	}
	if (draw(n, 6) == 0)
		fctr = (uint8_t)draw(n, 256);
	n->frame_len = script_frame(n->frame, fctr, packet, draw(n, 8) == 0 ? 0 : len);
	if (n->level < 3 && draw(n, 4) == 0)
		n->frame[draw(n, (uint32_t)n->frame_len)] ^= 1;
}

static enum trustx_err noise_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct noise *n = ctx;

	if (n->quiet->at < n->quiet->count)
		return script_op_read(n->quiet, addr, data, len);
	n->quiet->now_ns += 30000 + 20000 * len;
	if (draw(n, 50) == 0)
		return draw(n, 20) == 0 ? TRUSTX_ERR_BUS : TRUSTX_ERR_NACK;
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)draw(n, 256);
	if (n->level == 0)
		return TRUSTX_OK;
	if (n->reg == 0x82 && len == 4) {
		make_frame(n);
		if (n->level == 1)
			n->frame_len = draw(n, 280);
		data[0] = (uint8_t)(0x08 | draw(n, 4) << 6);
		data[1] = 0;
		data[2] = (uint8_t)(n->frame_len >> 8);
		data[3] = (uint8_t)n->frame_len;
	}
	if (n->reg == 0x80 && n->level >= 2 && len <= n->frame_len) {
		memcpy(data, n->frame, len);
		n->chip_nr++;
	}
	return TRUSTX_OK;
}

static uint64_t noise_now(void *ctx)
{
	return script_op_now(((struct noise *)ctx)->quiet);
}

static void noise_sleep(void *ctx, uint32_t us)
{
	script_op_sleep(((struct noise *)ctx)->quiet, us);
}

static const struct trustx_bus_ops noise_ops = {
	.write = noise_write,
	.read = noise_read,
	.now_us = noise_now,
	.sleep_us = noise_sleep,
};

struct counts {
	unsigned ok, failed;
};

static void check_call(struct noise *n, uint64_t began, enum trustx_err err, struct counts *counts)
{
	CHECK(noise_now(n) - began <= TIMEOUT_MS * 1000 + 6000);
	if (err == TRUSTX_OK)
		counts->ok++;
	else
		counts->failed++;
	CHECK(err == TRUSTX_OK || err == TRUSTX_ERR_CHIP || err == TRUSTX_ERR_PROTOCOL ||
		err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_NACK || err == TRUSTX_ERR_TIMEOUT ||
		err == TRUSTX_ERR_UNKNOWN_OUTCOME);
}

static void check_out(const uint8_t *out, size_t cap, size_t len, enum trustx_err err)
{
	CHECK(len <= cap);
	for (size_t i = 0; err != TRUSTX_OK && i < cap; i++)
		CHECK_INT(out[i], 0);
	for (size_t i = cap; i < cap + 8; i++)
		CHECK_INT(out[i], 0xA5);
}

static void call_everything(struct noise *n, struct trustx *se, struct counts *counts)
{
	uint8_t out[4096], in[600] = { 0 };
	size_t cap, len;
	uint64_t began = noise_now(n);
	enum trustx_err err;

	memset(out, 0xA5, sizeof(out));
	cap = len = 1 + draw(n, 3000);
	err = trustx_read(se, out, &len, 0xE0E1, draw(n, 3) == 0 ? 7 : 0);
	check_call(n, began, err, counts);
	check_out(out, cap, len, err);

	memset(out, 0xA5, sizeof(out));
	began = noise_now(n);
	cap = len = 72;
	err = trustx_sign(se, out, &len, 0xE0F1, TRUSTX_P256, in, 32);
	check_call(n, began, err, counts);
	check_out(out, cap, len, err);

	memset(out, 0xA5, sizeof(out));
	began = noise_now(n);
	cap = len = 65;
	err = trustx_generate_key(se, out, &len, 0xE0F1, TRUSTX_P256, 0x10);
	check_call(n, began, err, counts);
	check_out(out, cap, len, err);

	began = noise_now(n);
	check_call(n, began, trustx_replace(se, 0xE0E1, in, sizeof(in)), counts);
}

static void noise_of_every_kind_is_survived(void)
{
	struct counts counts = { 0, 0 };

	for (uint32_t seed = 1; seed <= 4000; seed++) {
		struct noise n = { .seed = seed * 2654435761u, .level = seed % 4 };
		const struct trustx_bus bus = { .ops = &noise_ops, .ctx = &n };
		const struct trustx_options opt = { .timeout_ms = TIMEOUT_MS };
		struct trustx se;
		uint64_t began;

		n.quiet = script_new();
		/* From the start, and after a quiet opening. */
		began = noise_now(&n);
		check_call(&n, began, trustx_open(&se, &bus, &opt), &counts);
		script_open(n.quiet, 277);
		n.host_fctr = 0;
		n.chip_nr = n.quiet->chip_nr;
		CHECK_OK(trustx_open(&se, &bus, &opt));
		call_everything(&n, &se, &counts);
		CHECK(trustx_error_text(&se)[0] != '\0');
		script_free(n.quiet);
	}
	printf("    %u calls failed, %u did not\n", counts.failed, counts.ok);
	CHECK(counts.failed > 0 && counts.ok > 0);
}

int main(void)
{
	RUN(noise_of_every_kind_is_survived);
	return 0;
}
