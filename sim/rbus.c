/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "rbus.h"

#include "buf.h"
#include "net.h"

#include <string.h>

#define HZ_MAX	   3400000u
#define HZ_DEFAULT 100000u
#define ADDR_MAX   0x7Fu

enum { OP_HELLO = 1, OP_TRANSFER, OP_DELAY, OP_SPEED, OP_RESET, OP_POWER };
enum { DONE, ADDRESS_NACK, DATA_NACK, BUS_TIMEOUT, REFUSED, IN_USE };
enum { CAP_VIRTUAL = 1, CAP_RESET = 2, CAP_POWER = 4 };

static const uint8_t magic[4] = { 0x54, 0x58, 0x42, 0x01 };

struct request {
	uint8_t op, addr;
	uint32_t arg;
	uint16_t wlen, rlen;
	const uint8_t *data;
};

/* What an operation leaves: its status and the bytes it put behind the answer's head. */
struct result {
	uint8_t status;
	uint16_t len;
};

static void parse_request(struct request *rq, const uint8_t *bytes)
{
	struct reader r;

	reader_init(&r, bytes, rbus_request_len(bytes));
	rq->op = reader_u8(&r);
	rq->addr = reader_u8(&r);
	rq->arg = reader_u32(&r);
	rq->wlen = reader_u16(&r);
	rq->rlen = reader_u16(&r);
	rq->data = reader_bytes(&r, rq->wlen);
}

size_t rbus_request_len(const uint8_t head[static RBUS_REQUEST_HEAD])
{
	return RBUS_REQUEST_HEAD + (size_t)(head[6] << 8 | head[7]);
}

static bool is_hello(const struct request *rq)
{
	return rq->op == OP_HELLO && rq->wlen == sizeof(magic) &&
	       memcmp(rq->data, magic, sizeof(magic)) == 0;
}

static struct result op_hello(struct rbus *bus, uint8_t *data)
{
	memcpy(data, magic, sizeof(magic));
	data[sizeof(magic)] = CAP_RESET | CAP_POWER;
	if (!bus->real_clock)
		data[sizeof(magic)] |= CAP_VIRTUAL;
	return (struct result){ DONE, sizeof(magic) + 1 };
}

static struct result op_transfer(struct rbus *bus, uint8_t *data, const struct request *rq)
{
	static const uint8_t statuses[] = {
		[SIM_DONE] = DONE,
		[SIM_ADDRESS_NACK] = ADDRESS_NACK,
		[SIM_DATA_NACK] = DATA_NACK,
		[SIM_BUS_TIMEOUT] = BUS_TIMEOUT,
	};
	struct result res = { REFUSED, 0 };

	if (rq->addr > ADDR_MAX)
		return res;
	res.status = statuses[sim_transfer(bus->sim, rq->addr, rq->data, rq->wlen, data, rq->rlen)];
	if (res.status == DONE)
		res.len = rq->rlen;
	return res;
}

static uint8_t op_delay(struct rbus *bus, const struct request *rq)
{
	if (!bus->real_clock)
		sim_delay(bus->sim, rq->arg);
	return DONE;
}

static uint8_t op_speed(struct rbus *bus, const struct request *rq)
{
	if (rq->arg < 1 || rq->arg > HZ_MAX)
		return REFUSED;
	sim_set_speed(bus->sim, rq->arg);
	return DONE;
}

static uint8_t op_line(
	struct rbus *bus, const struct request *rq, void (*set)(struct sim *sim, bool level))
{
	if (rq->arg > 1)
		return REFUSED;
	set(bus->sim, rq->arg == 1);
	return DONE;
}

static struct result execute(struct rbus *bus, uint8_t *data, const struct request *rq)
{
	/* 292 years from the start: no request may make the clock run over. */
	if (sim_now_ns(bus->sim) > UINT64_MAX / 2)
		return (struct result){ REFUSED, 0 };
	switch (rq->op) {
	case OP_HELLO:
		return op_hello(bus, data);
	case OP_TRANSFER:
		return op_transfer(bus, data, rq);
	case OP_DELAY:
		return (struct result){ op_delay(bus, rq), 0 };
	case OP_SPEED:
		return (struct result){ op_speed(bus, rq), 0 };
	case OP_RESET:
		return (struct result){ op_line(bus, rq, sim_set_reset), 0 };
	case OP_POWER:
		return (struct result){ op_line(bus, rq, sim_set_power), 0 };
	default:
		return (struct result){ REFUSED, 0 };
	}
}

static struct result judge(struct rbus *bus, uint8_t *data, bool *keep, const struct request *rq,
	enum rbus_client client)
{
	bool bad_hello = rq->op == OP_HELLO && !is_hello(rq);

	*keep = false;
	if (bad_hello || (client != RBUS_GREETED && rq->op != OP_HELLO))
		return (struct result){ REFUSED, 0 };
	if (client == RBUS_TURNED_AWAY)
		return (struct result){ IN_USE, 0 };
	*keep = true;
	return execute(bus, data, rq);
}

size_t rbus_answer(struct rbus *bus, uint8_t *answer, bool *keep, const uint8_t *request,
	enum rbus_client client)
{
	struct request rq;
	struct result res;
	struct writer w;

	parse_request(&rq, request);
	rbus_catch_up(bus);
	res = judge(bus, answer + RBUS_RESPONSE_HEAD, keep, &rq, client);
	writer_init(&w, answer, RBUS_RESPONSE_HEAD);
	writer_u8(&w, res.status);
	writer_u8(&w, 0);
	writer_u64(&w, sim_now_ns(bus->sim) / 1000);
	writer_u16(&w, res.len);
	return RBUS_RESPONSE_HEAD + (size_t)res.len;
}

void rbus_catch_up(struct rbus *bus)
{
	uint64_t past = net_now_ns() - bus->started_ns;
	uint64_t lived = sim_now_ns(bus->sim);

	if (bus->real_clock && past > lived)
		sim_delay(bus->sim, (past - lived) / 1000);
}

void rbus_hang_up(struct rbus *bus)
{
	uint64_t past = net_now_ns() - bus->started_ns;
	uint64_t lived = sim_now_ns(bus->sim);

	rbus_catch_up(bus);
	/* Nobody waits for the rest of a transfer still on the wire: the clock has passed it. */
	if (bus->real_clock && past < lived)
		bus->started_ns -= lived - past;
	sim_set_reset(bus->sim, true);
	sim_set_power(bus->sim, true);
	sim_set_speed(bus->sim, HZ_DEFAULT);
}

uint64_t rbus_due_ns(const struct rbus *bus)
{
	return bus->real_clock ? bus->started_ns + sim_now_ns(bus->sim) : 0;
}
