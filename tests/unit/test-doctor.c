/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the computer can have against reaching a chip. The kernel's side is i2c-kernel.c. */
#include "doctor.h"
#include "i2c-kernel.h"
#include "probe.h"
#include "scan.h"
#include "test.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/i2c.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHIP	 "sim:doctor.img"
#define YEAR	 (365L * 24 * 60 * 60)
#define NAMES(c) test_cause(__LINE__, &d, c)

static struct {
	time_t time; /* 0: as it is */
	bool no_libraries;
} computer;

time_t __real_time(time_t *t);
time_t __wrap_time(time_t *t);
time_t __wrap_time(time_t *t)
{
	return computer.time != 0 ? computer.time : __real_time(t);
}

void *__real_dlopen(const char *file, int flags);
void *__wrap_dlopen(const char *file, int flags);
void *__wrap_dlopen(const char *file, int flags)
{
	return computer.no_libraries ? NULL : __real_dlopen(file, flags);
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
	char full[4200];

	snprintf(full, sizeof(full), "%s%s", strncmp(path, "/sys/", 5) == 0 ? "root" : "", path);
	return __real_fopen(full, mode);
}

static void test_cause(int line, const struct doctor *d, const char *want)
{
	test_str(__FILE__, line, d->why, d->cause != NULL ? d->cause->name : "none", want);
}

static void start(const char *name)
{
	memset(&computer, 0, sizeof(computer));
	kernel_start(CHIP);
	if (name != NULL)
		kernel_file("/sys/class/i2c-dev/i2c-7/name", name);
}

static void examine(struct doctor *d, const char *uri)
{
	const struct doctor_options opt = { .uri = uri };
	struct fail f;

	CHECK_OK(doctor_run(d, &opt, &f));
	for (unsigned i = 0; i < LAYER_COUNT; i++)
		CHECK(d->layers[i].text[0] != '\0');
	if (d->cause != NULL)
		CHECK(strchr(d->command, '{') == NULL && d->command[0] != '\0');
	kernel_stop();
}

static void deny(unsigned gid, unsigned mode)
{
	start("bcm2835");
	kernel.open_error = EACCES;
	kernel.gid = gid;
	kernel.mode = mode;
}

static void healthy_adapter_is_healthy(void)
{
	struct doctor d;

	start("bcm2835 (i2c@7e804000)\n");
	kernel_file("/sys/class/i2c-dev/i2c-7/device/x", "");
	kernel_link("/sys/class/i2c-dev/i2c-7/driver", "../../drivers/i2c-bcm2835");
	examine(&d, KERNEL_NODE);
	NAMES("none");
	CHECK(d.has_uid);
	CHECK(strstr(d.layers[LAYER_NODE].text, "bcm2835") != NULL);
	CHECK_STR(d.layers[LAYER_DRIVER].text, "i2c-bcm2835");
	CHECK_INT(d.layers[LAYER_GROUP].state, DOCTOR_OK);
}

static void computer_without_adapters_is_told_what_to_plug_in(void)
{
	struct doctor d;

	start(NULL);
	kernel.missing = true;
	computer.no_libraries = true;
	examine(&d, NULL);
	NAMES("no-adapter");
	start(NULL);
	kernel.missing = true;
	examine(&d, KERNEL_NODE);
	NAMES("no-adapter");
}

static void raspberry_pi_is_told_to_switch_i2c_on(void)
{
	struct doctor d;

	start(NULL);
	kernel.missing = true;
	computer.no_libraries = true;
	kernel_file("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
	examine(&d, NULL);
	NAMES("i2c-off");
	CHECK_STR(d.command, "sudo raspi-config nonint do_i2c 0");
}

static void adapters_without_i2c_dev_are_seen(void)
{
	struct doctor d;

	for (int named = 0; named < 2; named++) {
		start(NULL);
		kernel.missing = true;
		computer.no_libraries = true;
		kernel_file("/proc/device-tree/model", "BeagleBone");
		kernel_file("/sys/bus/i2c/devices/i2c-1/name", "i801");
		examine(&d, named ? KERNEL_NODE : NULL);
		NAMES("i2c-dev-not-loaded");
		CHECK(strstr(d.command, "sudo modprobe i2c-dev") != NULL);
	}
}

static void adapters_of_a_pc_are_not_what_is_missing(void)
{
	struct doctor d;

	start(NULL);
	kernel.missing = true;
	computer.no_libraries = true;
	kernel_file("/sys/bus/i2c/devices/i2c-0/name", "SMBus I801");
	examine(&d, NULL);
	NAMES("no-adapter");
	start("SMBus I801");
	kernel_file("/sys/class/i2c-dev/i2c-21/name", "other");
	kernel.functions = I2C_FUNC_SMBUS_EMUL;
	computer.no_libraries = true;
	examine(&d, NULL);
	NAMES("no-choice");
}

static void name_that_is_too_long_is_refused(void)
{
	struct doctor d;
	struct scan s;
	struct fail f;
	char uri[600];

	memset(uri, 'a', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	memcpy(uri, "sim:", 4);
	start(NULL);
	examine(&d, uri);
	NAMES("device-malformed");
	CHECK_ERR(scan_list(&s, uri, SCAN_OPTION, &f), TRUSTX_ERR_INPUT);
}

static void nothing_is_guessed_between_adapters(void)
{
	struct doctor d;

	start("bcm2835");
	kernel_file("/sys/class/i2c-dev/i2c-21/name", "other");
	computer.no_libraries = true;
	examine(&d, NULL);
	NAMES("no-choice");
	CHECK_STR(d.why, "there are /dev/i2c-7, /dev/i2c-21");
	CHECK_STR(d.command, "trustx doctor -d /dev/i2c-7");
	CHECK_INT(kernel.transfers, 0);
}

static void adapter_that_is_not_there_is_named(void)
{
	struct doctor d;

	start("bcm2835");
	examine(&d, "/dev/i2c-9");
	NAMES("node-missing");
	start("bcm2835");
	kernel.major = 1;
	examine(&d, KERNEL_NODE);
	NAMES("node-foreign");
}

static void permission_ends_in_the_command_that_gives_it(void)
{
	struct doctor d;

	deny(998, 0660);
	examine(&d, KERNEL_NODE);
	NAMES("group-missing");
	CHECK_STR(d.command, "sudo usermod -aG i2c tester");
	CHECK_INT(d.layers[LAYER_PERMISSION].state, DOCTOR_FAULT);
	CHECK_INT(d.layers[LAYER_GROUP].state, DOCTOR_FAULT);
	deny(999, 0660);
	examine(&d, KERNEL_NODE);
	NAMES("group-not-yet");
	CHECK_STR(d.command, "newgrp late");
	deny(0, 0600);
	examine(&d, KERNEL_NODE);
	NAMES("i2c-rule-missing");
	deny(0, 0666);
	kernel.open_error = EPERM;
	examine(&d, KERNEL_NODE);
	NAMES("container-device");
	CHECK_STR(d.command, "docker run --device " KERNEL_NODE " IMAGE");
	deny(0, 0600);
	kernel_file("/sys/class/i2c-dev/i2c-7/name", "FT260 usb-i2c bridge");
	examine(&d, KERNEL_NODE);
	NAMES("udev-rule-missing");
	CHECK_INT(d.err, TRUSTX_ERR_PERMISSION);
}

/* An FT260 that the own hidraw finds, with this node. */
static void deny_bridge(int number, unsigned gid, unsigned mode)
{
	start(NULL);
	computer.no_libraries = true;
	kernel_file("/sys/class/hidraw/hidraw7/device/uevent",
		"HID_ID=0003:00000403:00006030\nHID_NAME=FT260\n");
	kernel.open_error = number;
	kernel.gid = gid;
	kernel.mode = mode;
}

static void permission_for_a_bridge_ends_in_the_command_that_gives_it(void)
{
	struct trustx_bus bus;
	struct fail f = { 0 };
	struct doctor d;

	deny_bridge(EACCES, 998, 0660);
	examine(&d, "ft260:");
	NAMES("group-missing");
	CHECK_STR(d.command, "sudo usermod -aG i2c tester");
	CHECK_ERR(trustx_bus_open(&bus, "ft260:", &f), TRUSTX_ERR_PERMISSION);
	CHECK(strstr(f.why, KERNEL_HIDRAW " is for the group i2c") != NULL);
	CHECK(strstr(f.next, "sudo usermod -aG i2c $USER") != NULL);
	deny_bridge(EACCES, 999, 0660);
	examine(&d, "ft260:?via=hidraw");
	NAMES("group-not-yet");
	deny_bridge(EACCES, 0, 0600);
	examine(&d, NULL);
	NAMES("udev-rule-missing");
	CHECK_INT(d.err, TRUSTX_ERR_PERMISSION);
	CHECK_ERR(trustx_bus_open(&bus, "ft260:", &f), TRUSTX_ERR_PERMISSION);
	CHECK(strstr(f.next, "sudo cp contrib/udev/") != NULL);
	deny_bridge(EPERM, 0, 0666);
	examine(&d, "ft260:?path=" KERNEL_HIDRAW);
	NAMES("container-device");
	CHECK_STR(d.command, "docker run --device " KERNEL_HIDRAW " IMAGE");
}

static void lock_that_cannot_be_written_is_not_the_devices_fault(void)
{
	static const int errors[] = { EACCES, EROFS, ENOSPC, ELOOP };
	struct doctor d;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		start("bcm2835");
		kernel.lock_error = errors[i];
		examine(&d, KERNEL_NODE);
		NAMES("lock-unusable");
		CHECK_INT(d.err, TRUSTX_ERR_FILE);
		CHECK_INT(d.layers[LAYER_PERMISSION].state, DOCTOR_OK);
		CHECK_INT(d.layers[LAYER_LOCK].state, DOCTOR_FAULT);
	}
}

static void adapter_that_cannot_is_refused(void)
{
	struct doctor d;

	start("i801");
	kernel.functions = I2C_FUNC_SMBUS_EMUL;
	examine(&d, KERNEL_NODE);
	NAMES("smbus-only");
	start("bcm2835");
	kernel.claim_error = EBUSY;
	examine(&d, KERNEL_NODE);
	NAMES("address-taken");
}

static void bus_that_fails_is_told_from_a_chip_that_is_silent(void)
{
	struct doctor d;

	start("bcm2835");
	kernel.always_error = ETIMEDOUT;
	examine(&d, KERNEL_NODE);
	NAMES("bus-stuck");
	start("bcm2835");
	kernel.always_error = EPROTO;
	examine(&d, KERNEL_NODE);
	NAMES("adapter-failed");
	start("bcm2835");
	kernel.unplug_after = 8;
	examine(&d, KERNEL_NODE);
	NAMES("adapter-gone");
	start("bcm2835");
	kernel.always_error = ENXIO;
	examine(&d, KERNEL_NODE);
	NAMES("no-answer");
}

/* speed= has no effect on an adapter of the kernel. */
static void clock_that_cannot_be_chosen_is_no_remedy(void)
{
	char uri[100];
	struct doctor d;
	unsigned ill = 0;

	for (unsigned seed = 0; seed < 40; seed++) {
		start("bcm2835");
		snprintf(uri, sizeof(uri), "fault:seed=%u,flip=0.3:" KERNEL_NODE, seed);
		examine(&d, uri);
		ill += d.cause != NULL;
		if (d.cause != NULL)
			CHECK(strncmp(d.cause->name, "speed-", 6) != 0);
	}
	CHECK(ill > 0);
}

static void adapter_that_is_too_fast_is_told_of(void)
{
	struct doctor d;

	start("bcm2835");
	kernel_file("/sys/class/i2c-dev/i2c-7/clock", "1000\n");
	kernel_file("/sys/class/i2c-dev/i2c-7/device/x", "");
	kernel.always_error = ENXIO;
	examine(&d, KERNEL_NODE);
	NAMES("adapter-clock");
}

static void library_that_is_missing_is_named(void)
{
	struct doctor d;

	start(NULL);
	computer.no_libraries = true;
	examine(&d, "ft260:?via=libusb");
	NAMES("hid-library-missing");
}

static void clock_must_be_of_this_time(void)
{
	struct doctor d;

	start(NULL);
	computer.time = 1000000000;
	examine(&d, CHIP "2");
	NAMES("clock-wrong");
	start(NULL);
	computer.time = __real_time(NULL) + 21 * YEAR;
	examine(&d, CHIP "2");
	NAMES("clock-wrong");
	start(NULL);
	computer.time = __real_time(NULL) + 19 * YEAR;
	examine(&d, CHIP "2");
	NAMES("none");
}

/* Beyond 127 the security monitor delays each use. */
static void use_a_key(const char *uri, unsigned times)
{
	uint8_t point[TRUSTX_POINT_MAX], sig[TRUSTX_SIG_MAX], digest[32] = { 1 };
	size_t len = sizeof(point);
	struct trustx_bus bus;
	struct trustx se;
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, uri, &f));
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_generate_key(
		&se, point, &len, TRUSTX_OID_KEY_0 + 1, TRUSTX_P256, TRUSTX_USAGE_SIGN));
	while (times-- > 0) {
		len = sizeof(sig);
		CHECK_OK(trustx_sign(
			&se, sig, &len, TRUSTX_OID_KEY_0 + 1, TRUSTX_P256, digest, sizeof(digest)));
	}
	trustx_close(&se);
	trustx_bus_close(&bus);
}

static void chip_that_was_used_too_often_is_left_to_rest(void)
{
	struct doctor d;

	remove("tired.img");
	use_a_key("sim:tired.img?scale=0", 140);
	start(NULL);
	examine(&d, "sim:tired.img");
	NAMES("throttled");
	CHECK_INT(d.layers[LAYER_SEC].state, DOCTOR_FAULT);
	CHECK(strstr(d.why, " seconds until there is no delay") != NULL);
	CHECK_STR(d.command, "trustx doctor -d sim:tired.img");
}

static void scan_of_all_addresses_leaves_the_kernels_alone(void)
{
	struct scan s;
	struct fail f;

	start("bcm2835");
	CHECK_OK(scan_list(&s, NULL, SCAN_SYSTEM, &f));
	CHECK_INT(s.count, 1);
	kernel.claim_error = EBUSY;
	scan_look(&s.at[0]);
	CHECK_INT(s.at[0].state, SCAN_UNUSABLE);
	CHECK_INT(kernel.transfers, 0);
	kernel.claim_error = 0;
	kernel.taken = 0x50;
	scan_addresses(&s.at[0]);
	CHECK_INT(s.at[0].addresses[0x30], SCAN_SOMEBODY);
	CHECK_INT(s.at[0].addresses[0x50], SCAN_KERNEL);
	CHECK_INT(s.at[0].addresses[0x51], SCAN_NOBODY);
	scan_free(&s);
	kernel_stop();
}

/* A bus on which a transfer takes long, and a chip that sleeps until it was called. */
struct slow_bus {
	uint64_t now_us;
	unsigned calls, sleeps;
};

static enum trustx_err slow_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct slow_bus *b = ctx;

	b->now_us += 30000;
	memset(data, 0xFF, len);
	return addr == 0x30 && ++b->calls > b->sleeps ? TRUSTX_OK : TRUSTX_ERR_NACK;
}

static uint64_t slow_now_us(void *ctx)
{
	const struct slow_bus *b = ctx;

	return b->now_us;
}

static void slow_sleep_us(void *ctx, uint32_t us)
{
	struct slow_bus *b = ctx;

	b->now_us += us;
}

static void chip_that_sleeps_is_found_through_a_slow_adapter(void)
{
	static const struct trustx_bus_ops ops = {
		.read = slow_read, .now_us = slow_now_us, .sleep_us = slow_sleep_us
	};
	struct slow_bus slow = { .sleeps = 2 };
	const struct trustx_bus bus = { .ops = &ops, .ctx = &slow };
	bool answers = false;

	CHECK_OK(probe_address(&answers, &bus, 0x30));
	CHECK(answers);
	CHECK_OK(probe_address(&answers, &bus, 0x31));
	CHECK(!answers);
}

static void words_of_a_command_are_quoted(void)
{
	const struct cause_words words = { .uri = "unix:a b's?frame=9", .pid = "12" };
	char text[CAUSE_COMMAND_MAX];

	cause_command(text, cause_find("no-answer"), &words);
	CHECK_STR(text, "trustx scan --all-addresses -d 'unix:a b'\\''s?frame=9'");
	cause_command(text, cause_find("speed-too-high"), &words);
	CHECK_STR(text, "trustx info -d 'unix:a b'\\''s?frame=9&speed=100000'");
	cause_command(text, cause_find("speed-too-high"),
		&(struct cause_words){ .uri = "/dev/i2c-1?speed=400000&frame=55" });
	CHECK_STR(text, "trustx info -d '/dev/i2c-1?speed=100000&frame=55'");
	cause_command(text, cause_find("in-use"), NULL);
	CHECK_STR(text, "ps -fp PID");
	CHECK(cause_find("no-such-cause") == NULL && cause_find(NULL) == NULL);
}

static void other_address_replaces_the_one_in_the_name(void)
{
	char uri[100];

	scan_uri_at(uri, sizeof(uri), "/dev/i2c-1", 0x31);
	CHECK_STR(uri, "/dev/i2c-1?addr=0x31");
	scan_uri_at(uri, sizeof(uri), "ft260:?path=1-1", 0x08);
	CHECK_STR(uri, "ft260:?path=1-1&addr=0x08");
	scan_uri_at(uri, sizeof(uri), "/dev/i2c-1?addr=0x20&frame=55", 0x31);
	CHECK_STR(uri, "/dev/i2c-1?addr=0x31&frame=55");
	scan_uri_at(uri, sizeof(uri), "/dev/i2c-1?frame=55&addr=0x20", 0x31);
	CHECK_STR(uri, "/dev/i2c-1?frame=55&addr=0x31");
}

int main(void)
{
	RUN(healthy_adapter_is_healthy);
	RUN(computer_without_adapters_is_told_what_to_plug_in);
	RUN(raspberry_pi_is_told_to_switch_i2c_on);
	RUN(adapters_without_i2c_dev_are_seen);
	RUN(adapters_of_a_pc_are_not_what_is_missing);
	RUN(name_that_is_too_long_is_refused);
	RUN(nothing_is_guessed_between_adapters);
	RUN(adapter_that_is_not_there_is_named);
	RUN(permission_ends_in_the_command_that_gives_it);
	RUN(permission_for_a_bridge_ends_in_the_command_that_gives_it);
	RUN(lock_that_cannot_be_written_is_not_the_devices_fault);
	RUN(adapter_that_cannot_is_refused);
	RUN(bus_that_fails_is_told_from_a_chip_that_is_silent);
	RUN(clock_that_cannot_be_chosen_is_no_remedy);
	RUN(adapter_that_is_too_fast_is_told_of);
	RUN(library_that_is_missing_is_named);
	RUN(clock_must_be_of_this_time);
	RUN(chip_that_was_used_too_often_is_left_to_rest);
	RUN(scan_of_all_addresses_leaves_the_kernels_alone);
	RUN(chip_that_sleeps_is_found_through_a_slow_adapter);
	RUN(words_of_a_command_are_quoted);
	RUN(other_address_replaces_the_one_in_the_name);
	return 0;
}
