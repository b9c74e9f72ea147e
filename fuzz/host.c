/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A hostile host: transfers of any bytes, power and reset at any time. */
#include "chip-file.h"
#include "frame.h"

#define TRANSFER_MAX 600u

enum { WRITE, READ, FRAME, DELAY, RESET, POWER, FETCH, OPS };

/* A frame whose FCS is right. */
static void send_frame(struct sim *sim, const uint8_t *data, size_t len)
{
	uint8_t w[TRANSFER_MAX + 3];
	uint16_t fcs;

	len = len < TRANSFER_MAX ? len : TRANSFER_MAX;
	fcs = frame_fcs(data, len);
	w[0] = 0x80;
	if (len > 0)
		memcpy(w + 1, data, len);
	w[1 + len] = (uint8_t)(fcs >> 8);
	w[2 + len] = (uint8_t)fcs;
	(void)sim_transfer(sim, 0x30, w, len + 3, NULL, 0);
}

/* Reads as many bytes as the chip says that it has. */
static void fetch(struct sim *sim)
{
	static const uint8_t state_reg = 0x82, data_reg = 0x80;
	uint8_t state[4] = { 0 }, frame[TRANSFER_MAX];
	size_t len;

	if (sim_transfer(sim, 0x30, &state_reg, 1, NULL, 0) != SIM_DONE)
		return;
	sim_delay(sim, 60);
	if (sim_transfer(sim, 0x30, NULL, 0, state, sizeof(state)) != SIM_DONE)
		return;
	len = (size_t)(state[2] << 8 | state[3]);
	PROPERTY(len <= 277);
	sim_delay(sim, 60);
	(void)sim_transfer(sim, 0x30, &data_reg, 1, NULL, 0);
	sim_delay(sim, 60);
	(void)sim_transfer(sim, 0x30, NULL, 0, frame, len);
}

static void act(struct sim *sim, uint8_t op, const uint8_t *data, size_t len)
{
	uint8_t r[TRANSFER_MAX];

	if (op == WRITE)
		(void)sim_transfer(sim, 0x30, data, len, NULL, 0);
	else if (op == READ)
		(void)sim_transfer(sim, 0x30, NULL, 0, r, len < sizeof(r) ? len : sizeof(r));
	else if (op == FRAME)
		send_frame(sim, data, len);
	else if (op == DELAY)
		sim_delay(sim, (uint64_t)len * len);
	else if (op == RESET)
		sim_set_reset(sim, len % 2 == 0);
	else if (op == POWER)
		sim_set_power(sim, len % 2 == 0);
	else
		fetch(sim);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim *sim = chip_open();
	struct reader input;
	const uint8_t *piece;
	uint8_t op;
	size_t len;

	reader_init(&input, data, size);
	sim_delay(sim, 100000);
	while (reader_left(&input) > 0) {
		op = reader_u8(&input);
		piece = fuzz_piece(&input, &len);
		sim_delay(sim, 60);
		act(sim, op % OPS, piece, len);
	}
	sim_close(sim);
	return 0;
}
