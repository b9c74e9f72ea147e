/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The simulated FT260 on the bus: descriptors and control requests. */
#include "ft260-world.h"

#define INTERFACE(number, in, out)                                        \
	"09 04 0" number " 00 02 03 00 00 00  09 21 11 01 00 01 22 17 01" \
	"07 05 " in " 03 40 00 01  07 05 " out " 03 40 00 01"

static enum ft260_result request(struct world *w, const char *setup, uint8_t *data, size_t *len)
{
	uint8_t bytes[8];

	CHECK_INT(host_bytes(bytes, sizeof(bytes), setup), 8);
	return ft260_control(w->f, w->now, bytes, data, len);
}

static void expect(struct world *w, const char *setup, const char *text)
{
	uint8_t got[512], want[512];
	size_t len = sizeof(got), wlen = host_bytes(want, sizeof(want), text);

	CHECK_INT(request(w, setup, got, &len), FT260_OK);
	CHECK_INT(len, wlen);
	CHECK_MEM(got, want, len);
}

static void expect_done(struct world *w, const char *setup, const char *text)
{
	uint8_t data[FT260_REPORT_MAX];
	size_t len = host_bytes(data, sizeof(data), text);

	CHECK_INT(request(w, setup, data, &len), FT260_OK);
}

static void expect_stall(struct world *w, const char *setup)
{
	uint8_t data[512] = { 0 };
	size_t len = sizeof(data);

	if (request(w, setup, data, &len) != FT260_STALL)
		test_die(__FILE__, __LINE__, setup);
}

static void the_descriptors_are_those_of_the_chip(void)
{
	struct world w = world_open(NULL);

	expect(&w, "80 06 0001 0000 FF00", "12 01 00 02 00 00 00 40 03 04 30 60 00 22 01 02 00 01");
	expect(&w, "80 06 0001 0000 0800", "12 01 00 02 00 00 00 40");
	expect(&w, "80 06 0002 0000 FF00",
		"09 02 49 00 02 01 00 A0 32" INTERFACE("0", "81", "02") INTERFACE("1", "83", "04"));
	expect(&w, "80 06 0002 0000 0900", "09 02 49 00 02 01 00 A0 32");
	expect(&w, "81 06 0021 0100 0900", "09 21 11 01 00 01 22 17 01");
	expect(&w, "80 06 0003 0000 FF00", "04 03 09 04");
	expect(&w, "80 06 0103 0904 FF00", "0A 03 4600 5400 4400 4900");
	expect(&w, "80 06 0203 0904 FF00", "0C 03 4600 5400 3200 3600 3000");
	expect_stall(&w, "80 06 0303 0904 FF00");
	world_close(&w);
}

static void one_function_is_one_interface(void)
{
	const struct ft260_options i2c = {
		.mode = FT260_I2C_ONLY, .serial = "A1", .vendor = 0x1234, .product = 0x5678
	};
	const struct ft260_options uart = { .mode = FT260_UART_ONLY };
	struct world w = world_open(&i2c);
	unsigned interface;

	expect(&w, "80 06 0001 0000 1200", "12 01 00 02 00 00 00 40 34 12 78 56 00 22 01 02 03 01");
	expect(&w, "80 06 0002 0000 FF00", "09 02 29 00 01 01 00 A0 32" INTERFACE("0", "81", "02"));
	expect(&w, "80 06 0303 0904 FF00", "06 03 4100 3100");
	CHECK(ft260_is_i2c(w.f, 0));
	CHECK(ft260_endpoint(w.f, 0x81, &interface) && interface == 0);
	CHECK(!ft260_endpoint(w.f, 0x83, &interface));
	expect_stall(&w, "81 06 0022 0100 FF00");
	world_close(&w);
	w = world_open(&uart);
	expect(&w, "80 06 0002 0000 FF00", "09 02 29 00 01 01 00 A0 32" INTERFACE("0", "83", "04"));
	CHECK(!ft260_is_i2c(w.f, 0));
	CHECK(ft260_endpoint(w.f, 0x04, &interface) && interface == 0);
	CHECK(!ft260_endpoint(w.f, 0x02, &interface));
	world_close(&w);
}

/* Bytes after the id of each report, per kind, as a HID parser counts them. */
struct reports {
	unsigned input[256], output[256], feature[256];
};

static void parse_reports(struct reports *r, const uint8_t *p, size_t len)
{
	unsigned id = 0, count = 0, size = 0, depth = 0;

	memset(r, 0, sizeof(*r));
	for (size_t i = 0, n; i < len; i += 1 + n) {
		n = (p[i] & 3) == 3 ? 4 : p[i] & 3;
		CHECK(i + n < len);
		switch (p[i] & 0xFC) {
		case 0x74:
			size = p[i + 1];
			break;
		case 0x84:
			id = p[i + 1];
			break;
		case 0x94:
			count = p[i + 1];
			break;
		case 0x80:
			r->input[id] += size * count / 8;
			break;
		case 0x90:
			r->output[id] += size * count / 8;
			break;
		case 0xB0:
			r->feature[id] += size * count / 8;
			break;
		case 0xA0:
			depth++;
			break;
		case 0xC0:
			depth--;
			break;
		}
	}
	CHECK_INT(depth, 0);
}

static void expect_reports(struct world *w, unsigned interface, const struct reports *want)
{
	struct reports got;
	const uint8_t *p;
	size_t len;

	p = ft260_report_descriptor(w->f, interface, &len);
	CHECK_INT(len, 279);
	parse_reports(&got, p, len);
	for (int id = 0; id < 256; id++) {
		CHECK_INT(got.input[id], want->input[id]);
		CHECK_INT(got.output[id], want->output[id]);
		CHECK_INT(got.feature[id], want->feature[id]);
	}
}

static void the_report_descriptors_declare_every_report(void)
{
	struct reports i2c = { .feature = { [0xA0] = 12, [0xA1] = 25, [0xB0] = 4, [0xC0] = 4 },
		.output = { [0xC2] = 4 } };
	struct reports uart = { .feature = { [0xA0] = 12, [0xA1] = 25, [0xB0] = 4, [0xE0] = 9 },
		.input = { [0xB1] = 2 } };
	struct world w = world_open(NULL);
	uint8_t data[512];
	const uint8_t *p;
	size_t len = sizeof(data);

	for (unsigned k = 1; k <= 15; k++) {
		i2c.input[0xCF + k] = 4 * k + 1;
		i2c.output[0xCF + k] = 4 * k + 3;
		uart.input[0xEF + k] = uart.output[0xEF + k] = 4 * k + 1;
	}
	expect_reports(&w, 0, &i2c);
	expect_reports(&w, 1, &uart);
	CHECK_INT(request(&w, "81 06 0022 0000 0002", data, &len), FT260_OK);
	p = ft260_report_descriptor(w.f, 0, &len);
	CHECK_MEM(data, p, len);
	CHECK(ft260_report_descriptor(w.f, 2, &len) == NULL);
	world_close(&w);
}

static void endpoints_belong_to_interfaces(void)
{
	struct world w = world_open(NULL);
	unsigned interface, found = 0;

	for (unsigned ep = 0; ep < 256; ep++) {
		if (!ft260_endpoint(w.f, (uint8_t)ep, &interface))
			continue;
		found++;
		CHECK_INT(interface, (ep & 0x7F) > 2);
	}
	CHECK_INT(found, 4);
	CHECK_INT(ft260_interfaces(w.f), 2);
	CHECK(ft260_is_i2c(w.f, 0) && !ft260_is_i2c(w.f, 1));
	world_close(&w);
}

static void it_is_configured(void)
{
	struct world w = world_open(NULL);

	expect(&w, "80 08 0000 0000 0100", "00");
	expect_done(&w, "00 09 0100 0000 0000", "");
	expect(&w, "80 08 0000 0000 0100", "01");
	expect_stall(&w, "00 09 0200 0000 0000");
	expect(&w, "80 00 0000 0000 0200", "0000");
	expect_done(&w, "00 03 0100 0000 0000", "");
	expect(&w, "80 00 0000 0000 0200", "0200");
	expect_done(&w, "00 01 0100 0000 0000", "");
	expect(&w, "80 00 0000 0000 0200", "0000");
	expect_done(&w, "21 0A 0005 0000 0000", "");
	expect(&w, "A1 02 0000 0000 0100", "05");
	expect(&w, "A1 02 0000 0100 0100", "00");
	expect(&w, "81 0A 0000 0100 0100", "00");
	expect_done(&w, "01 0B 0000 0100 0000", "");
	expect_stall(&w, "01 0B 0100 0100 0000");
	ft260_port_reset(w.f, w.now);
	expect(&w, "80 08 0000 0000 0100", "00");
	world_close(&w);
}

static void feature_reports_travel_on_the_control_pipe(void)
{
	struct world w = world_open(NULL);

	expect(&w, "A1 01 A003 0000 0D00", "A0 0260 02 00 0000000000000000");
	expect(&w, "A1 01 C003 0000 4000", "C0 20 9001 00");
	expect_done(&w, "21 09 A103 0000 0400", "A1 22 E803");
	expect(&w, "A1 01 C003 0000 0500", "C0 20 E803 00");
	expect(&w, "A1 01 C003 0000 0200", "C0 20");
	expect(&w, "A1 01 E203 0100 4000", "E2 00");
	expect_stall(&w, "A1 01 C003 0100 0500"); /* not of that interface */
	expect_stall(&w, "A1 01 C103 0000 0500");
	expect_stall(&w, "A1 01 C001 0000 0500"); /* input */
	expect_stall(&w, "21 09 C202 0000 0500"); /* output */
	expect_stall(&w, "A1 01 C003 0200 0500");
	expect_stall(&w, "A1 01 C003 0000 0000");
	world_close(&w);
}

static void unknown_requests_stall(void)
{
	static const char *const requests[] = { "80 06 0004 0000 FF00", "80 06 0102 0000 FF00",
		"80 06 0006 0000 0A00", "80 06 000F 0000 0500", "80 0C 0000 0000 0200",
		"81 06 0023 0000 FF00", "00 07 0001 0000 0000", "00 03 0200 0000 0000",
		"02 01 0000 0500 0000", "C0 01 0000 0000 0100", "40 01 0000 0000 0000",
		"21 0B 0000 0000 0000", "A1 03 0000 0000 0100", "22 09 A103 0000 0200",
		"81 0A 0000 0200 0100", "FF FF FFFF FFFF FFFF" };
	struct world w = world_open(NULL);

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		expect_stall(&w, requests[i]);
	world_close(&w);
}

/* Whatever the eight bytes are, nothing is written beyond the room there is. */
static void any_setup_packet_is_survived(void)
{
	uint8_t setup[8] = { 0 }, data[70];
	struct world w = world_open(NULL);
	uint32_t seed = 1;

	for (unsigned i = 0; i < 200000; i++) {
		size_t len = i % 64, room = len;

		for (int k = 0; k < 8; k++) {
			seed = seed * 1664525 + 1013904223;
			setup[k] = (uint8_t)(seed >> (i % 2 ? 24 : 29));
		}
		setup[0] ^= (uint8_t)(i % 3 == 0 ? 0x80 : i % 3 == 1 ? 0xA1 : 0x21);
		memset(data, 0xA5, sizeof(data));
		ft260_control(w.f, w.now, setup, data, &len);
		CHECK(len <= room);
		for (size_t k = room; k < sizeof(data); k++)
			CHECK_INT(data[k], 0xA5);
	}
	world_close(&w);
}

int main(void)
{
	RUN(the_descriptors_are_those_of_the_chip);
	RUN(one_function_is_one_interface);
	RUN(the_report_descriptors_declare_every_report);
	RUN(endpoints_belong_to_interfaces);
	RUN(it_is_configured);
	RUN(feature_reports_travel_on_the_control_pipe);
	RUN(unknown_requests_stall);
	RUN(any_setup_packet_is_survived);
	return 0;
}
