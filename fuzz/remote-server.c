/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A client that asks the server of the remote bus protocol for anything. */
#include "chip-file.h"
#include "rbus.h"

static void check_answer(const uint8_t *answer, size_t len, const uint8_t *request)
{
	size_t data = (size_t)(answer[10] << 8 | answer[11]);

	PROPERTY(len == RBUS_RESPONSE_HEAD + data);
	PROPERTY(answer[0] <= 5 && (answer[0] == 0 || data == 0));
	if (request[0] == 2 && answer[0] == 0)
		PROPERTY(data == (size_t)(request[8] << 8 | request[9]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t answer[RBUS_RESPONSE_HEAD + RBUS_DATA_MAX];
	struct rbus bus = { .sim = chip_open() };
	enum rbus_client client = RBUS_STRANGER;
	size_t len;
	bool keep;

	while (size >= RBUS_REQUEST_HEAD && (len = rbus_request_len(data)) <= size) {
		check_answer(answer, rbus_answer(&bus, answer, &keep, data, client), data);
		client = keep ? RBUS_GREETED : RBUS_STRANGER;
		if (!keep)
			rbus_hang_up(&bus);
		data += len;
		size -= len;
	}
	rbus_hang_up(&bus);
	sim_close(bus.sim);
	return 0;
}
