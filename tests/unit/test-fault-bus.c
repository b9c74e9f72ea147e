/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <unistd.h>

#include "bus.h"
#include "file.h"
#include "trustx.h"

#define ADDR	  0x30
#define TRANSFERS 20000u

static const uint8_t select_state = 0x82;

static struct trustx_bus open_bus(const char *uri)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, uri, &f));
	bus.ops->sleep_us(bus.ctx, 10000); /* start-up */
	return bus;
}

static uint64_t now(const struct trustx_bus *bus)
{
	return bus->ops->now_us(bus->ctx);
}

static enum trustx_err put(const struct trustx_bus *bus, const uint8_t *data, size_t len)
{
	bus->ops->sleep_us(bus->ctx, 100);
	return bus->ops->write(bus->ctx, ADDR, data, len);
}

static enum trustx_err get(const struct trustx_bus *bus, uint8_t *data, size_t len)
{
	bus->ops->sleep_us(bus->ctx, 100);
	memset(data, 0x55, len);
	return bus->ops->read(bus->ctx, ADDR, data, len);
}

static void bad_options_say_what_is_wrong(void)
{
	static const struct {
		const char *uri, *why, *next;
	} bad[] = {
		{ "fault:sim", "faults are written fault:OPTIONS:URI", "for example fault:seed=7" },
		{ "fault::sim:x", "faults are written", "for example" },
		{ "fault:seed=7:", "faults are written", "for example" },
		{ "fault:noise=1:sim:x", "fault: has no option 'noise'",
			"known are seed rate mix" },
		{ "fault:addr=0x31:sim:x", "fault: has no option 'addr'", "known are seed" },
		{ "fault:nak:sim:x", "the option nak has no value", "" },
		{ "fault:nak=0.1,nak=0.1:sim:x", "the option nak is given twice", "" },
		{ "fault:nak=2:sim:x", "nak=2 is not a share, 0 to 1", "" },
		{ "fault:nak=0.1234567:sim:x", "is not a share", "" },
		{ "fault:nak=1.000001:sim:x", "is not a share", "" },
		{ "fault:nak=.1:sim:x", "is not a share", "" },
		{ "fault:nak=0.:sim:x", "is not a share", "" },
		{ "fault:nak=0x1:sim:x", "is not a share", "" },
		{ "fault:seed=-1:sim:x", "seed=-1 is not a number of up to 64 bits", "" },
		{ "fault:mix=all:sim:x", "the mix all has no rate=", "" },
		{ "fault:mix=some,rate=0.1:sim:x", "mix=some is not recoverable or all", "" },
		{ "fault:nak=0.6,flip=0.6:sim:x", "the shares of the faults exceed 1", "" },
		{ "fault:seed=1:usb:1", "'usb:1' does not begin with a known way", "known are" },
	};
	struct trustx_bus bus;
	struct fail f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_ERR(trustx_bus_open(&bus, bad[i].uri, &f), TRUSTX_ERR_INPUT);
		if (strstr(f.why, bad[i].why) == NULL ||
			strncmp(f.next, bad[i].next, strlen(bad[i].next)) != 0)
			test_die(bad[i].uri, 0, f.why);
	}
	CHECK(!file_exists("x"));
}

static void the_inner_bus_decides_address_and_limits(void)
{
	struct trustx_bus bus = open_bus("fault:seed=1:sim:limits?addr=0x31&frame=64&speed=100000");

	CHECK_INT(bus.addr, 0x31);
	CHECK_INT(bus.max_transfer, 65);
	CHECK_INT(bus.max_hz, 100000);
	CHECK(trustx_bus_is_virtual(&bus));
	trustx_bus_close(&bus);
}

/* Every transfer is struck: what it looks like on either side. */
static void each_kind_does_what_its_name_says(void)
{
	static const uint8_t idle[4] = { 0x08 };
	uint8_t data[4];
	struct trustx_bus bus;
	unsigned flipped = 0;
	uint64_t before;

	bus = open_bus("fault:nak=1:sim:kinds");
	CHECK_ERR(put(&bus, &select_state, 1), TRUSTX_ERR_NACK);
	CHECK_ERR(get(&bus, data, 4), TRUSTX_ERR_NACK);
	trustx_bus_close(&bus);

	/* A new chip's pointer stands at a register that is empty: FF. */
	bus = open_bus("fault:flip=1:sim:kinds");
	CHECK_OK(get(&bus, data, 4));
	for (unsigned i = 0; i < 32; i++)
		flipped += (data[i / 8] >> i % 8 & 1) == 0;
	CHECK_INT(flipped, 1);
	trustx_bus_close(&bus);

	bus = open_bus("fault:lost=1:sim:kinds");
	CHECK_OK(put(&bus, &select_state, 1));
	CHECK_OK(get(&bus, data, 4));
	CHECK(data[0] == 0xFF && data[3] == 0xFF);
	trustx_bus_close(&bus);

	bus = open_bus("fault:short=1:sim:kinds");
	CHECK_OK(put(&bus, &select_state, 1));
	CHECK_OK(get(&bus, data, 4));
	CHECK(data[0] == 0x08 && data[3] == 0xFF);
	trustx_bus_close(&bus);

	bus = open_bus("fault:delay=1:sim:kinds");
	before = now(&bus);
	for (unsigned i = 0; i < 100; i++)
		CHECK_OK(put(&bus, &select_state, 1));
	CHECK(now(&bus) - before > 300000 && now(&bus) - before < 840000);
	CHECK_OK(get(&bus, data, 4));
	CHECK_MEM(data, idle, 4);
	trustx_bus_close(&bus);
}

static void a_chip_that_wakes_up_is_deaf_for_a_while(void)
{
	struct trustx_bus bus = open_bus("fault:wake=0.05:sim:wake");
	unsigned deaf = 0, at_once = 0, last = 0;

	for (unsigned i = 0; i < 2000; i++) {
		const bool now_deaf = put(&bus, &select_state, 1) != TRUSTX_OK;

		deaf += now_deaf;
		at_once += now_deaf && last != i;
		last = now_deaf ? i + 1 : last;
	}
	/* Up to 2 ms, at a transfer every 0.3 ms. */
	CHECK(at_once > 60 && at_once < 140);
	CHECK(deaf > 2 * at_once && deaf < 8 * at_once);
	trustx_bus_close(&bus);
}

/* Shipped clock and frame, then a command; the answer is there. */
static void ask_for_uid(const struct trustx_bus *bus)
{
	static const uint8_t open_frame[] = { 0x80, 0x03, 0x00, 0x15, 0x00, 0xF0, 0x00, 0x00, 0x10,
		0xD2, 0x76, 0x00, 0x00, 0x04, 0x47, 0x65, 0x6E, 0x41, 0x75, 0x74, 0x68, 0x41, 0x70,
		0x70, 0x6C, 0xC9, 0xB6 };

	CHECK_OK(put(bus, open_frame, sizeof(open_frame)));
	bus->ops->sleep_us(bus->ctx, 4000);
}

static void a_write_delivered_twice_is_seen_twice(void)
{
	uint8_t data[5];
	struct trustx_bus bus = open_bus("fault:dup=1:sim:dup");

	/* The second is a duplicate of a frame that is being executed: acknowledged at once. */
	ask_for_uid(&bus);
	CHECK_OK(put(&bus, &select_state, 1));
	CHECK_OK(get(&bus, data, 4));
	CHECK_INT(data[0], 0xC8);
	CHECK_INT(data[3], 5);
	trustx_bus_close(&bus);
}

static void only_lengths_that_count_are_wrong(void)
{
	static const uint8_t idle[4] = { 0x08 };
	uint8_t data[4];
	struct trustx_bus bus = open_bus("fault:state=1:sim:state");

	CHECK_OK(put(&bus, &select_state, 1));
	CHECK_OK(get(&bus, data, 4));
	CHECK_MEM(data, idle, 4);
	ask_for_uid(&bus);
	bus.ops->sleep_us(bus.ctx, 30000);
	CHECK_OK(put(&bus, &select_state, 1));
	for (unsigned i = 0; i < 100; i++) {
		CHECK_OK(get(&bus, data, 4));
		CHECK_INT(data[0], 0x48);
		CHECK(data[2] != 0 || (data[3] != 5 && data[3] != 10));
	}
	trustx_bus_close(&bus);
}

static void stuck_and_hang_end_with_a_reset_if_ever(void)
{
	unsigned stuck = 0, ended = 0, hung = 0;
	char uri[60];
	uint8_t data[4];

	for (unsigned seed = 0; seed < 40; seed++) {
		struct trustx_bus bus;

		snprintf(uri, sizeof(uri), "fault:seed=%u,stuck=0.5:sim:stuck", seed);
		bus = open_bus(uri);
		for (unsigned i = 0; i < 12; i++)
			CHECK_OK(put(&bus, &select_state, 1));
		CHECK_OK(get(&bus, data, 4));
		stuck += data[0] == 0x88;
		trustx_bus_close(&bus);

		snprintf(uri, sizeof(uri), "fault:seed=%u,hang=0.02:sim:stuck", seed);
		bus = open_bus(uri);
		while (put(&bus, &select_state, 1) == TRUSTX_OK)
			;
		CHECK_ERR(get(&bus, data, 4), TRUSTX_ERR_BUS);
		CHECK_STR(trustx_bus_reason(&bus), "the bus hangs (an injected fault)");
		CHECK_OK(bus.ops->set_reset(bus.ctx, false));
		CHECK_OK(bus.ops->set_reset(bus.ctx, true));
		bus.ops->sleep_us(bus.ctx, 12000);
		if (put(&bus, &select_state, 1) == TRUSTX_OK)
			ended++;
		else
			hung++;
		trustx_bus_close(&bus);
	}
	CHECK(stuck >= 39);
	CHECK(ended > 8 && hung > 8);
}

static void a_power_cut_restarts_the_chip(void)
{
	struct trustx_bus bus = open_bus("fault:seed=3,power=0.01:sim:power");
	unsigned cuts = 0;

	for (unsigned i = 0; i < 5000; i++)
		if (put(&bus, &select_state, 1) != TRUSTX_OK) {
			cuts++;
			bus.ops->sleep_us(bus.ctx, 12000);
		}
	CHECK(cuts > 30 && cuts < 70);
	trustx_bus_close(&bus);
}

/* Everything that could be seen of a bus, in a number. */
static uint32_t history(const char *uri, unsigned *faults)
{
	struct trustx_bus bus = open_bus(uri);
	uint32_t sum = 0;

	for (unsigned i = 0; i < TRANSFERS / 2; i++) {
		uint8_t data[4] = { 0 };
		const enum trustx_err one = put(&bus, &select_state, 1);
		const uint64_t then = now(&bus);
		const enum trustx_err two = get(&bus, data, 4);

		*faults += one != TRUSTX_OK || two != TRUSTX_OK || data[0] != 0x08 ||
			   (data[1] | data[2] | data[3]) != 0 || now(&bus) - then > 700;
		for (unsigned k = 0; k < 4; k++)
			sum = sum * 31 + data[k];
		sum = sum * 31 + (uint32_t)one + 7 * (uint32_t)two + (uint32_t)now(&bus);
	}
	trustx_bus_close(&bus);
	return sum;
}

static void the_same_seed_brings_the_same_faults(void)
{
	unsigned one = 0, two = 0, other = 0, none = 0;

	CHECK(history("fault:seed=7,rate=0.02:sim:same", &one) ==
		history("fault:seed=7,rate=0.02:sim:same", &two));
	CHECK_INT(one, two);
	CHECK(history("fault:seed=8,rate=0.02:sim:same", &other) !=
		history("fault:seed=7,rate=0.02:sim:same", &two));
	history("fault:seed=7,rate=0:sim:same", &none);
	CHECK_INT(none, 0);
	/*
	 * Of 400 faults, an eighth each: a flip of a write of one byte may do nothing, nor does a
	 * delay or a loss of that write, a second delivery, a wrong length where there is no frame.
	 */
	CHECK(one > 150 && one < 420 && other > 150 && other < 420);
}

int main(void)
{
	RUN(bad_options_say_what_is_wrong);
	RUN(the_inner_bus_decides_address_and_limits);
	RUN(each_kind_does_what_its_name_says);
	RUN(a_chip_that_wakes_up_is_deaf_for_a_while);
	RUN(a_write_delivered_twice_is_seen_twice);
	RUN(only_lengths_that_count_are_wrong);
	RUN(stuck_and_hang_end_with_a_reset_if_ever);
	RUN(a_power_cut_restarts_the_chip);
	RUN(the_same_seed_brings_the_same_faults);
	return 0;
}
