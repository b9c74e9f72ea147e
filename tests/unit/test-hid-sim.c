/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The HID seam over simulated adapters: what a driver sees of them. */
#include "sim-host.h"

#include <sys/stat.h>

#include "hid.h"

#define US_PER_MS 1000

static struct hid *open_hid(const char *path)
{
	struct fail f = { .err = TRUSTX_OK };
	struct hid *hid;

	if (hid_sim.open(&hid, path, &f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, f.why);
	return hid;
}

static enum trustx_err open_fails(const char *path, struct fail *f)
{
	struct hid *hid;
	enum trustx_err err = hid_sim.open(&hid, path, f);

	CHECK(hid == NULL);
	return err;
}

static enum trustx_err send(struct hid *hid, const char *text)
{
	uint8_t report[64];
	struct fail f;

	return hid_sim.write(hid, report, host_bytes(report, sizeof(report), text), &f);
}

static enum trustx_err set(struct hid *hid, const char *text)
{
	uint8_t report[64];
	struct fail f;

	return hid_sim.set_feature(hid, report, host_bytes(report, sizeof(report), text), &f);
}

static uint8_t status(struct hid *hid)
{
	uint8_t report[5] = { 0xC0 };
	size_t len = sizeof(report);
	struct fail f;

	CHECK_OK(hid_sim.get_feature(hid, report, &len, &f));
	CHECK_INT(len, 5);
	return report[1];
}

static void expect_input(struct hid *hid, const char *text)
{
	uint8_t got[64], want[64];
	size_t len = sizeof(got), wlen = host_bytes(want, sizeof(want), text);
	struct fail f;

	CHECK_OK(hid_sim.read(hid, got, &len, 25, &f));
	CHECK_INT(len, wlen);
	CHECK_MEM(got, want, len);
}

static void expect_silence(struct hid *hid, unsigned timeout_ms)
{
	uint8_t got[64];
	size_t len = sizeof(got);
	struct fail f;

	CHECK_OK(hid_sim.read(hid, got, &len, timeout_ms, &f));
	CHECK_INT(len, 0);
}

static void it_reaches_the_chip_through_reports(void)
{
	struct hid *hid;

	host_remove("chip");
	hid = open_hid("chip");
	CHECK_OK(set(hid, "A1 22 90 01"));
	hid->clock->sleep_us(hid, 12000);
	CHECK_OK(send(hid, "D0 30 06 01 82"));
	CHECK_INT(status(hid), 0x20);
	CHECK_OK(send(hid, "C2 30 06 04 00"));
	expect_input(hid, "D0 04 08 00 00 00");
	CHECK_INT(status(hid), 0x20);
	hid_sim.close(hid);
}

/* Register select 1 OUT, status; read request 1 OUT, 1 IN, status. */
static void its_time_is_that_of_a_full_speed_bus(void)
{
	uint64_t start;
	struct hid *hid;

	host_remove("chip");
	hid = open_hid("chip");
	CHECK_OK(set(hid, "A1 22 90 01"));
	hid->clock->sleep_us(hid, 12000);
	start = hid->clock->now_us(hid);
	CHECK_OK(send(hid, "D0 30 06 01 82"));
	CHECK_INT(hid->clock->now_us(hid) - start, 1000);
	CHECK_INT(status(hid), 0x20);
	CHECK_OK(send(hid, "C2 30 06 04 00"));
	expect_input(hid, "D0 04 08 00 00 00");
	CHECK_INT(status(hid), 0x20);
	CHECK_INT(hid->clock->now_us(hid) - start, 3400);
	start = hid->clock->now_us(hid);
	expect_silence(hid, 30);
	CHECK_INT(hid->clock->now_us(hid) - start, 30 * US_PER_MS);
	expect_silence(hid, 0);
	CHECK_INT(hid->clock->now_us(hid) - start, 30 * US_PER_MS);
	hid_sim.close(hid);
}

static struct hid_list list_of(const char *from)
{
	struct hid_list list = { NULL, 0 };
	struct fail f;

	CHECK_OK(hid_sim.list(&list, 0x0403, 0x6030, from, &f));
	return list;
}

static void a_file_is_an_adapter_with_two_interfaces(void)
{
	struct hid_list list = list_of("chip");

	CHECK_INT(list.count, 2);
	CHECK_STR(list.at[0].path, "chip");
	CHECK_STR(list.at[0].serial, "");
	CHECK_STR(list.at[0].product, "FT260");
	CHECK_INT(list.at[0].interface, 0);
	CHECK_INT(list.at[1].interface, 1);
	free(list.at);
	list = list_of("chip,mode=i2c,serial=FT0815,driver=ft260");
	CHECK_INT(list.count, 1);
	CHECK_STR(list.at[0].serial, "FT0815");
	CHECK_STR(list.at[0].driver, "ft260");
	free(list.at);
	list = list_of("chip,mode=i2c,driver=ft260,hidden");
	CHECK_INT(list.count, 1);
	CHECK_STR(list.at[0].path, "");
	free(list.at);
	list = list_of("chip,product=0x6031");
	CHECK_INT(list.count, 0);
	free(list.at);
	list = list_of(NULL);
	CHECK_INT(list.count, 0);
}

static void a_folder_is_full_of_adapters(void)
{
	struct hid_list list;
	struct hid *a, *b;
	struct fail f;

	mkdir("boards", 0700);
	for (int i = 0; i < 2; i++) {
		char path[30];

		snprintf(path, sizeof(path), "boards/B%d.sim", i);
		host_remove(path);
		CHECK_OK(sim_new(path, NULL, &f));
	}
	list = list_of("boards,mode=i2c,nack=1");
	CHECK_INT(list.count, 2);
	CHECK_STR(list.at[0].serial, "B0");
	CHECK_STR(list.at[1].serial, "B1");
	CHECK_STR(list.at[1].path, "boards/B1.sim,mode=i2c,nack=1,serial=B1");
	a = open_hid(list.at[0].path);
	b = open_hid(list.at[1].path);
	a->clock->sleep_us(a, 12000);
	CHECK_INT(b->clock->now_us(b), 0); /* each has its own time */
	hid_sim.close(a);
	hid_sim.close(b);
	free(list.at);
}

static void an_adapter_is_open_once(void)
{
	struct hid *hid = open_hid("chip"), *other;
	struct fail f;

	CHECK_ERR(open_fails("chip", &f), TRUSTX_ERR_IN_USE);
	other = open_hid("chip,interface=1");
	CHECK_ERR(hid_sim.get_feature(other, (uint8_t[]){ 0xC0 }, &(size_t){ 1 }, &f),
		TRUSTX_ERR_BUS);
	hid_sim.close(other);
	hid_sim.close(hid);
	CHECK_ERR(open_fails("chip,denied", &f), TRUSTX_ERR_PERMISSION);
}

static void bad_knobs_are_named(void)
{
	static const char *const paths[][2] = {
		{ "chip,turbo", "a simulated FT260 has no knob \"turbo\"" },
		{ "chip,pin=X", "pin cannot be \"X\"" },
		{ "chip,mode=spi", "mode cannot be \"spi\"" },
		{ "chip,nack=-1", "nack cannot be \"-1\"" },
		{ "chip,uart=5", "uart cannot be \"5\"" },
		{ "chip,scale=x", "scale cannot be \"x\"" },
		{ "chip,driver=0123456789012345678901234567890123",
			"driver cannot be \"0123456789012345678901234567890123\"" },
		{ ",nack", "the file of the simulated chip is missing" },
	};
	struct fail f;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		CHECK_ERR(open_fails(paths[i][0], &f), TRUSTX_ERR_INPUT);
		CHECK_STR(f.why, paths[i][1]);
	}
}

static void it_disappears(void)
{
	uint8_t report[64] = { 0xC0 };
	struct hid *hid = open_hid("chip,disconnect=2");
	size_t len = sizeof(report);
	struct fail f;

	CHECK_INT(status(hid), 0x20);
	CHECK_INT(status(hid), 0x20);
	CHECK_ERR(hid_sim.get_feature(hid, report, &len, &f), TRUSTX_ERR_NO_DEVICE);
	CHECK_ERR(send(hid, "D0 30 06 01 82"), TRUSTX_ERR_NO_DEVICE);
	CHECK_ERR(set(hid, "A1 20"), TRUSTX_ERR_NO_DEVICE);
	len = sizeof(report);
	CHECK_ERR(hid_sim.read(hid, report, &len, 10, &f), TRUSTX_ERR_NO_DEVICE);
	CHECK_INT(len, 0);
	hid_sim.close(hid);
}

static void stalled_endpoints_refuse_and_stay_silent(void)
{
	struct hid *hid = open_hid("chip,stall");

	CHECK_ERR(send(hid, "C2 30 06 04 00"), TRUSTX_ERR_BUS);
	expect_silence(hid, 20);
	CHECK_INT(status(hid), 0x20);
	hid_sim.close(hid);
}

static void a_kernel_driver_may_take_the_input(void)
{
	struct hid *hid = open_hid("chip,driver=ft260");

	CHECK_OK(send(hid, "C2 30 06 04 00"));
	expect_silence(hid, 100);
	hid_sim.close(hid);
}

static void a_stuck_engine_makes_writes_time_out(void)
{
	struct hid *hid = open_hid("chip,stick-busy");

	CHECK_OK(send(hid, "C2 30 06 04 00"));
	CHECK_OK(send(hid, "C2 30 06 04 00"));
	CHECK_ERR(send(hid, "C2 30 06 04 00"), TRUSTX_ERR_TIMEOUT);
	CHECK_INT(status(hid), 0x41);
	CHECK_OK(set(hid, "A1 20"));
	CHECK_INT(status(hid), 0x20);
	hid_sim.close(hid);
}

int main(void)
{
	RUN(it_reaches_the_chip_through_reports);
	RUN(its_time_is_that_of_a_full_speed_bus);
	RUN(a_file_is_an_adapter_with_two_interfaces);
	RUN(a_folder_is_full_of_adapters);
	RUN(an_adapter_is_open_once);
	RUN(bad_knobs_are_named);
	RUN(it_disappears);
	RUN(stalled_endpoints_refuse_and_stay_silent);
	RUN(a_kernel_driver_may_take_the_input);
	RUN(a_stuck_engine_makes_writes_time_out);
	return 0;
}
