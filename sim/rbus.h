/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The remote bus protocol from the chip's side: one request in, one response out. */
#ifndef SIM_RBUS_H
#define SIM_RBUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim.h"

#define RBUS_REQUEST_HEAD  10u
#define RBUS_RESPONSE_HEAD 12u
#define RBUS_DATA_MAX	   65535u

/*
 * The simulator always runs on its virtual clock, so nothing here ever waits. With a real clock
 * rbus_catch_up moves it to the present, and the server holds each response until rbus_due_ns.
 */
struct rbus {
	struct sim *sim;
	bool real_clock;
	uint64_t started_ns;
};

enum rbus_client {
	RBUS_STRANGER,	  /* has not said HELLO */
	RBUS_TURNED_AWAY, /* the same, and another client is connected */
	RBUS_GREETED,
};

/* Length of a whole request from its first RBUS_REQUEST_HEAD bytes. */
size_t rbus_request_len(const uint8_t head[static RBUS_REQUEST_HEAD]);

/*
 * Execute a whole request. answer: room for RBUS_RESPONSE_HEAD + RBUS_DATA_MAX bytes, returns how
 * many it holds. *keep: the client is greeted now, or still; else close after the answer.
 */
size_t rbus_answer(struct rbus *bus, uint8_t *answer, bool *keep, const uint8_t *request,
	enum rbus_client client);

/* The connection of a greeted client has ended. */
void rbus_hang_up(struct rbus *bus);

/* With a real clock: let the chip live up to now. */
void rbus_catch_up(struct rbus *bus);

/* When the last answer may leave, on the clock of net_now_ns; 0: at once. */
uint64_t rbus_due_ns(const struct rbus *bus);

#endif
