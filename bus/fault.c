/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * fault:seed=N,rate=R,mix=recoverable|all,nak=P,flip=P,..:URI strikes the transfers of another bus
 * at random, the same way for the same seed and the same transfers. A name's P is how many of its
 * faults there are for each transfer; rate is the sum over the kinds of the mix, in equal shares.
 */
#include "backend.h"
#include "bus.h"
#include "num.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define MICRO	   1000000u
#define SHARE	   88u /* so that 8 and 11 kinds have equal shares of a millionth */
#define WHOLE	   ((uint64_t)MICRO * SHARE)
#define MILLI_US   UINT64_C(1000)
#define SECOND_US  UINT64_C(1000000)
#define TRANSFER   278u
#define REG_STATE  0x82u
#define REG_RESET  0x88u
#define FRAME_MAX  277u
#define REDELIVERY 20u /* attempts */

/* Up to STATE they are recoverable: the chip itself goes on as before. */
enum kind { NAK, FLIP, LOST, SHORT, DELAY, WAKE, DUP, STATE, STUCK, HANG, POWER, KINDS };
#define RECOVERABLE (STATE + 1)

static const char *const names[KINDS] = { "nak", "flip", "lost", "short", "delay", "wake", "dup",
	"state", "stuck", "hang", "power" };

struct fault_bus {
	struct bus_ctx base;
	struct trustx_bus inner;
	struct trustx_bus_ops ops; /* without what the inner bus lacks */
	uint64_t random;
	uint32_t weight[KINDS]; /* of WHOLE */
	unsigned due[KINDS];	/* drawn, and waiting for a transfer that they suit */
	uint32_t hz;
	uint8_t reg;		/* where the chip's register pointer stands */
	uint64_t deaf_until;	/* waking up */
	uint64_t stuck_until;	/* shows BUSY */
	bool hangs, hangs_ever; /* until a line is pulled, or for ever */
};

/* Exactly one of out and in is there. */
struct transfer {
	uint8_t addr;
	const uint8_t *out;
	uint8_t *in;
	size_t len;
};

/* splitmix64, by Sebastiano Vigna */
static uint64_t draw(struct fault_bus *t, uint64_t below)
{
	uint64_t z = t->random += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (z ^ z >> 31) % below;
}

static uint64_t now(const struct fault_bus *t)
{
	return t->inner.ops->now_us(t->inner.ctx);
}

static void spend(struct fault_bus *t, uint64_t us)
{
	t->inner.ops->sleep_us(t->inner.ctx, (uint32_t)us);
}

/* The time of a transfer that does not take place. */
static void spend_bytes(struct fault_bus *t, size_t bytes)
{
	spend(t, (uint64_t)(9 * bytes + 2) * SECOND_US / t->hz + 1);
}

static enum trustx_err unacknowledged(struct fault_bus *t)
{
	spend_bytes(t, 1);
	return TRUSTX_ERR_NACK;
}

/* ---- the bus below, with the faults that last ---- */

static void note_reset(struct fault_bus *t)
{
	t->stuck_until = t->deaf_until = 0;
	t->hangs = t->hangs_ever;
}

static void note_write(struct fault_bus *t, const struct transfer *x)
{
	t->reg = x->out[0];
	if (t->reg == REG_RESET && x->len > 1)
		note_reset(t);
}

static bool is_state(const struct fault_bus *t, const struct transfer *x)
{
	return x->in != NULL && t->reg == REG_STATE && x->len == 4;
}

static enum trustx_err pass(struct fault_bus *t, const struct transfer *x)
{
	static const uint8_t busy[4] = { 0x88 };
	const struct trustx_bus *bus = &t->inner;
	enum trustx_err err;

	if (now(t) < t->deaf_until)
		return unacknowledged(t);
	err = x->out != NULL ? bus->ops->write(bus->ctx, x->addr, x->out, x->len)
			     : bus->ops->read(bus->ctx, x->addr, x->in, x->len);
	if (err != TRUSTX_OK) {
		fail_set(&t->base.fail, err, "%s", trustx_bus_reason(bus));
		return fail_cause(&t->base.fail, trustx_bus_cause(bus));
	}
	if (x->out != NULL)
		note_write(t, x);
	else if (is_state(t, x) && now(t) < t->stuck_until)
		memcpy(x->in, busy, sizeof(busy));
	return TRUSTX_OK;
}

/* ---- what strikes a transfer ---- */

static enum trustx_err strike_nak(struct fault_bus *t, const struct transfer *x)
{
	(void)x;
	return unacknowledged(t);
}

static enum trustx_err strike_flip(struct fault_bus *t, const struct transfer *x)
{
	const size_t bit = (size_t)draw(t, 8 * x->len);
	const uint8_t mask = (uint8_t)(1u << bit % 8);
	struct transfer flipped = *x;
	uint8_t copy[TRANSFER];
	enum trustx_err err;

	if (x->out != NULL) {
		memcpy(copy, x->out, x->len);
		copy[bit / 8] ^= mask;
		flipped.out = copy;
		return pass(t, &flipped);
	}
	if ((err = pass(t, x)) == TRUSTX_OK)
		x->in[bit / 8] ^= mask;
	return err;
}

/* The chip does not see the write, or the host does not see what the chip has given. */
static enum trustx_err strike_lost(struct fault_bus *t, const struct transfer *x)
{
	enum trustx_err err = TRUSTX_OK;

	if (x->out != NULL)
		spend_bytes(t, 1 + x->len);
	else if ((err = pass(t, x)) == TRUSTX_OK)
		memset(x->in, 0xFF, x->len);
	return err;
}

/* The chip sees the short read, too: what it has to give stays there. */
static enum trustx_err strike_short(struct fault_bus *t, const struct transfer *x)
{
	struct transfer part = *x;

	part.len = 1 + (size_t)draw(t, x->len - 1);
	memset(x->in, 0xFF, x->len);
	return pass(t, &part);
}

static enum trustx_err strike_delay(struct fault_bus *t, const struct transfer *x)
{
	spend(t, 1 + draw(t, 8 * MILLI_US));
	return pass(t, x);
}

static enum trustx_err strike_wake(struct fault_bus *t, const struct transfer *x)
{
	(void)x;
	t->deaf_until = now(t) + 1 + draw(t, 2 * MILLI_US);
	return unacknowledged(t);
}

/* As an adapter does that missed the end of the first: it asks until it is acknowledged. */
static enum trustx_err strike_dup(struct fault_bus *t, const struct transfer *x)
{
	enum trustx_err err = pass(t, x), again = err;

	if (err != TRUSTX_OK)
		return err;
	for (unsigned i = 0; i < REDELIVERY && (i == 0 || again == TRUSTX_ERR_NACK); i++) {
		spend(t, 60);
		again = pass(t, x);
	}
	return TRUSTX_OK;
}

static enum trustx_err strike_state(struct fault_bus *t, const struct transfer *x)
{
	const enum trustx_err err = pass(t, x);
	uint64_t right, wrong;

	if (err != TRUSTX_OK)
		return err;
	/* A length counts only where there is a frame. */
	if ((x->in[0] & 0x40) == 0) {
		t->due[STATE]++;
		return TRUSTX_OK;
	}
	right = (uint64_t)x->in[2] << 8 | x->in[3];
	do
		wrong = draw(t, 4) == 0	  ? draw(t, 0x10000)
			: draw(t, 2) == 0 ? draw(t, FRAME_MAX + 1)
					  : (right + 0xFFFC + draw(t, 9)) & 0xFFFF;
	while (wrong == right);
	x->in[2] = (uint8_t)(wrong >> 8);
	x->in[3] = (uint8_t)wrong;
	return TRUSTX_OK;
}

/* One in four until the chip is reset. */
static enum trustx_err strike_stuck(struct fault_bus *t, const struct transfer *x)
{
	t->stuck_until =
		draw(t, 4) == 0 ? UINT64_MAX : now(t) + 1 + draw(t, 2 * (uint64_t)SECOND_US);
	return pass(t, x);
}

static enum trustx_err hang(struct fault_bus *t)
{
	spend(t, 25 * MILLI_US);
	return fail_set(&t->base.fail, TRUSTX_ERR_BUS, "the bus hangs (an injected fault)");
}

static enum trustx_err strike_hang(struct fault_bus *t, const struct transfer *x)
{
	(void)x;
	t->hangs = true;
	t->hangs_ever = draw(t, 2) == 0;
	return hang(t);
}

static enum trustx_err cut_power(struct fault_bus *t)
{
	const struct trustx_bus *bus = &t->inner;
	enum trustx_err err;

	if ((err = bus->ops->set_power(bus->ctx, false)) != TRUSTX_OK)
		return err;
	spend(t, 1 + draw(t, 5 * MILLI_US));
	note_reset(t);
	return bus->ops->set_power(bus->ctx, true);
}

/* Before the transfer, which then finds the chip starting, or after it. */
static enum trustx_err strike_power(struct fault_bus *t, const struct transfer *x)
{
	const bool before = draw(t, 2) == 0;
	enum trustx_err err = TRUSTX_OK;

	if (before)
		err = cut_power(t);
	if (err == TRUSTX_OK)
		err = pass(t, x);
	return !before && err == TRUSTX_OK ? cut_power(t) : err;
}

static enum trustx_err (*const strikes[KINDS])(struct fault_bus *, const struct transfer *) = {
	[NAK] = strike_nak,
	[FLIP] = strike_flip,
	[LOST] = strike_lost,
	[SHORT] = strike_short,
	[DELAY] = strike_delay,
	[WAKE] = strike_wake,
	[DUP] = strike_dup,
	[STATE] = strike_state,
	[STUCK] = strike_stuck,
	[HANG] = strike_hang,
	[POWER] = strike_power,
};

static bool suits(const struct fault_bus *t, enum kind kind, const struct transfer *x)
{
	switch (kind) {
	case SHORT:
		return x->in != NULL && x->len > 1;
	case DUP:
		return x->out != NULL;
	case STATE:
		return is_state(t, x);
	default:
		return true;
	}
}

/* At most one is drawn for a transfer, and at most one strikes it. */
static enum kind choose(struct fault_bus *t, const struct transfer *x)
{
	uint64_t at = draw(t, WHOLE);

	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (at < t->weight[kind]) {
			t->due[kind]++;
			break;
		}
		at -= t->weight[kind];
	}
	for (enum kind kind = 0; kind < KINDS; kind++)
		if (t->due[kind] > 0 && suits(t, kind, x)) {
			t->due[kind]--;
			return kind;
		}
	return KINDS;
}

static enum trustx_err transfer(struct fault_bus *t, const struct transfer *x)
{
	enum kind kind;

	if (x->len == 0 || x->len > TRANSFER)
		return TRUSTX_ERR_ARGUMENT;
	if (t->hangs)
		return hang(t);
	kind = choose(t, x);
	return kind < KINDS ? strikes[kind](t, x) : pass(t, x);
}

/* ---- the bus ---- */

static enum trustx_err fault_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	const struct transfer x = { .addr = addr, .out = data, .len = len };

	return transfer(ctx, &x);
}

static enum trustx_err fault_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	const struct transfer x = { .addr = addr, .in = data, .len = len };

	return transfer(ctx, &x);
}

static enum trustx_err fault_set_speed(void *ctx, uint32_t hz)
{
	struct fault_bus *t = ctx;

	t->hz = hz > 0 ? hz : t->hz;
	return t->inner.ops->set_speed(t->inner.ctx, hz);
}

static enum trustx_err fault_set_reset(void *ctx, bool released)
{
	struct fault_bus *t = ctx;

	note_reset(t);
	return t->inner.ops->set_reset(t->inner.ctx, released);
}

static enum trustx_err fault_set_power(void *ctx, bool on)
{
	struct fault_bus *t = ctx;

	note_reset(t);
	return t->inner.ops->set_power(t->inner.ctx, on);
}

static uint64_t fault_now_us(void *ctx)
{
	return now(ctx);
}

static uint16_t fault_max_transfer(void *ctx)
{
	struct fault_bus *t = ctx;

	return t->inner.ops->max_transfer(t->inner.ctx);
}

static void fault_sleep_us(void *ctx, uint32_t us)
{
	spend(ctx, us);
}

static void fault_close(void *ctx)
{
	struct fault_bus *t = ctx;

	trustx_bus_close(&t->inner);
	free(t);
}

static bool fault_is_virtual(const void *ctx)
{
	const struct fault_bus *t = ctx;

	return trustx_bus_is_virtual(&t->inner);
}

/* ---- options ---- */

/* 0 to 1 with up to six decimal places, in millionths. */
static bool parse_share(uint32_t *micro, const char *text)
{
	char digits[] = "0000000";
	const char *dot = text + strcspn(text, ".");
	uint64_t v;

	if (dot != text + 1 || (dot[0] == '.' && dot[1] == '\0') || strlen(dot) > 7)
		return false;
	digits[0] = text[0];
	for (size_t i = 1; dot[0] == '.' && dot[i] != '\0'; i++)
		digits[i] = dot[i];
	if (num_parse_range(&v, digits, 0, MICRO) != TRUSTX_OK)
		return false;
	*micro = (uint32_t)v;
	return true;
}

static enum trustx_err take_share(
	uint32_t *micro, const struct bus_uri *uri, const char *name, struct fail *f)
{
	const char *text = bus_option(uri, name);

	*micro = 0;
	if (text == NULL || parse_share(micro, text))
		return TRUSTX_OK;
	return bus_bad_option(uri, name, "a share, 0 to 1 with up to six decimal places", f);
}

static enum trustx_err take_mix(struct fault_bus *t, const struct bus_uri *uri, struct fail *f)
{
	const char *mix = bus_option(uri, "mix");
	unsigned kinds = RECOVERABLE;
	uint32_t micro;
	enum trustx_err err;

	if (mix != NULL && strcmp(mix, "all") == 0)
		kinds = KINDS;
	else if (mix != NULL && strcmp(mix, "recoverable") != 0)
		return bus_bad_option(uri, "mix", "recoverable or all", f);
	if (mix != NULL && bus_option(uri, "rate") == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "the mix %s has no rate=", mix);
	if ((err = take_share(&micro, uri, "rate", f)) != TRUSTX_OK)
		return err;
	for (unsigned i = 0; i < kinds; i++)
		t->weight[i] = micro * (SHARE / kinds);
	return TRUSTX_OK;
}

static enum trustx_err take_options(struct fault_bus *t, const struct bus_uri *uri, struct fail *f)
{
	const char *seed = bus_option(uri, "seed");
	uint64_t sum = 0;
	uint32_t micro;
	enum trustx_err err;

	if (seed != NULL && num_parse(&t->random, seed) != TRUSTX_OK)
		return bus_bad_option(uri, "seed", "a number of up to 64 bits", f);
	if ((err = take_mix(t, uri, f)) != TRUSTX_OK)
		return err;
	for (unsigned i = 0; i < KINDS; i++) {
		if ((err = take_share(&micro, uri, names[i], f)) != TRUSTX_OK)
			return err;
		t->weight[i] += micro * SHARE;
		sum += t->weight[i];
	}
	if (sum > WHOLE)
		return fail_set(f, TRUSTX_ERR_INPUT, "the shares of the faults exceed 1");
	return TRUSTX_OK;
}

static enum trustx_err parse_options(
	struct fault_bus *t, const char *text, size_t len, struct fail *f)
{
	struct bus_uri uri = { .scheme = bus_fault.scheme };
	char *copy = str_cut(text, len);
	enum trustx_err err;

	if (copy == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = bus_split_options(&uri, &bus_fault, copy, ',', f)) == TRUSTX_OK)
		err = take_options(t, &uri, f);
	free(copy);
	return err;
}

static void take_ops(struct fault_bus *t)
{
	const struct trustx_bus_ops *ops = t->inner.ops;

	t->hz = 100000;
	t->ops = (struct trustx_bus_ops){
		.write = fault_write,
		.read = fault_read,
		.set_speed = ops->set_speed != NULL ? fault_set_speed : NULL,
		.set_reset = ops->set_reset != NULL ? fault_set_reset : NULL,
		.set_power = ops->set_power != NULL ? fault_set_power : NULL,
		.now_us = fault_now_us,
		.sleep_us = fault_sleep_us,
		.max_transfer = t->inner.ops->max_transfer != NULL ? fault_max_transfer : NULL,
	};
}

static enum trustx_err open_inner(struct fault_bus *t, const char *uri, struct fail *f)
{
	enum trustx_err err;

	if ((err = trustx_bus_open(&t->inner, uri, f)) != TRUSTX_OK)
		return err;
	if (t->weight[POWER] == 0 || t->inner.ops->set_power != NULL)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "this device has no power switch for the fault power");
	return fail_next(f, "use mix=recoverable, or name single faults");
}

static enum trustx_err fault_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	const char *options = uri->target, *colon = strchr(options, ':');
	struct fault_bus *t;
	enum trustx_err err;

	if (colon == NULL || colon == options || colon[1] == '\0') {
		fail_set(f, TRUSTX_ERR_INPUT, "faults are written fault:OPTIONS:URI");
		return fail_next(f, "for example fault:seed=7,rate=0.01,mix=recoverable:sim:chip");
	}
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = parse_options(t, options, (size_t)(colon - options), f)) != TRUSTX_OK ||
		(err = open_inner(t, colon + 1, f)) != TRUSTX_OK) {
		fault_close(t);
		return err;
	}
	take_ops(t);
	t->base.backend = &bus_fault;
	*bus = t->inner;
	bus->ops = &t->ops;
	bus->ctx = t;
	return TRUSTX_OK;
}

static enum trustx_bus_lines fault_lines(void *ctx)
{
	struct fault_bus *t = ctx;

	return t->hangs ? TRUSTX_BUS_LINES_HELD : trustx_bus_lines(&t->inner);
}

const struct bus_backend bus_fault = {
	.scheme = "fault",
	.form = "fault:OPTIONS:URI",
	.options = " seed rate mix nak flip lost short delay wake state dup stuck hang power ",
	.decorator = true,
	.open = fault_open,
	.close = fault_close,
	.is_virtual = fault_is_virtual,
	.lines = fault_lines,
};
