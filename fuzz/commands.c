/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A host that keeps to the protocol of frames and sends any commands, over libtrustx's transport. */
#include "bus.h"
#include "chip-file.h"
#include "handle.h"
#include "trans.h"

#define ANSWER_MAX 2048u

static void command(struct trustx *se, const uint8_t *data, size_t len)
{
	uint8_t head[4] = { 0 }, out[ANSWER_MAX];
	struct handle *h = handle_of(se);
	struct trans_call call = { .in = { { data, len } },
		.count = 1,
		.head = head,
		.head_len = sizeof(head),
		.data = out,
		.cap = sizeof(out) };

	if (len == 0)
		return;
	phys_begin(&h->dlink.phys, h->timeout_ms);
	if (trans_exchange(&h->dlink, &call) == TRUSTX_OK) {
		PROPERTY(call.len >= sizeof(head) && call.len <= sizeof(head) + sizeof(out));
		PROPERTY(call.len == sizeof(head) + (size_t)(head[2] << 8 | head[3]));
		PROPERTY(head[0] == 0 || (head[0] == 0xFF && call.len == sizeof(head)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trustx_bus bus = { 0 };
	struct reader input;
	struct fail f = { 0 };
	struct trustx se;
	const uint8_t *piece;
	size_t len;

	PROPERTY(trustx_bus_open(&bus, "sim:fuzz-chip?scale=0&seed=1", &f) == TRUSTX_OK);
	PROPERTY(trustx_open(&se, &bus, NULL) == TRUSTX_OK);
	reader_init(&input, data, size);
	for (unsigned i = 0; i < 24 && reader_left(&input) > 0; i++) {
		piece = fuzz_piece(&input, &len);
		command(&se, piece, len);
	}
	trustx_close(&se);
	trustx_bus_close(&bus);
	return 0;
}
