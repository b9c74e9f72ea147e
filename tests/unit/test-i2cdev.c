/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */
#include "bus.h"
#include "i2c-kernel.h"
#include "test.h"

#include <errno.h>
#include <linux/i2c.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHIP "sim:i2c.img"

struct world {
	struct trustx_bus bus;
	struct trustx se;
	struct fail f;
};

static void open_with(struct world *w, const char *uri, const struct trustx_options *opt)
{
	if (trustx_bus_open(&w->bus, uri, &w->f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, w->f.why);
	if (trustx_open(&w->se, &w->bus, opt) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, trustx_error_text(&w->se));
}

static void open_chip(struct world *w, const char *uri)
{
	open_with(w, uri, NULL);
}

static void close_chip(struct world *w)
{
	trustx_close(&w->se);
	trustx_bus_close(&w->bus);
	kernel_stop();
}

static void new_adapter(const char *name)
{
	kernel_start(CHIP);
	kernel_file("/sys/class/i2c-dev/i2c-7/name", name);
}

/* Frames as long as they get, in both directions. */
static void exchange_long(struct world *w)
{
	uint8_t out[1000], in[1000];
	size_t len = sizeof(in);

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 7);
	CHECK_OK(trustx_replace(&w->se, TRUSTX_OID_CERT_0 + 1, out, sizeof(out)));
	CHECK_OK(trustx_read(&w->se, in, &len, TRUSTX_OID_CERT_0 + 1, 0));
	CHECK_INT(len, sizeof(in));
	CHECK_MEM(in, out, len);
}

static unsigned frame_size(const struct world *w)
{
	struct trustx_link link;

	trustx_link(&w->se, &link);
	return link.frame_size;
}

/* ---- what works ---- */

static void chip_is_reached_whatever_a_nack_is_called(void)
{
	static const int names[] = { ENXIO, EREMOTEIO, EIO };
	struct world w;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		new_adapter("bcm2835 (i2c@7e804000)\n");
		kernel.passing_error = kernel.nack_error = names[i];
		kernel.passing = 2;
		open_chip(&w, KERNEL_NODE);
		exchange_long(&w);
		CHECK_INT(frame_size(&w), TRUSTX_FRAME_MAX);
		CHECK_INT(kernel.longest_seen[1], 278);
		close_chip(&w);
	}
}

static void cp2112_calls_a_nack_a_time_out(void)
{
	struct world w;

	new_adapter("CP2112 SMBus Bridge on hidraw0\n");
	kernel.passing_error = kernel.nack_error = ETIMEDOUT;
	kernel.passing = 2;
	kernel.longest[0] = 512;
	kernel.longest[1] = 61;
	kernel.long_error = EINVAL;
	open_chip(&w, KERNEL_NODE);
	exchange_long(&w);
	CHECK_INT(frame_size(&w), 59);
	close_chip(&w);
}

static void chip_without_lines_is_reset_by_a_command(void)
{
	struct world w;

	new_adapter("bcm2835");
	open_chip(&w, "i2c:" KERNEL_NODE "?addr=0x30");
	CHECK_INT(kernel.soft_resets, 1);
	CHECK(w.bus.ops->set_reset == NULL && w.bus.ops->set_power == NULL);
	CHECK(w.bus.ops->set_speed == NULL);
	close_chip(&w);
}

static void reset_line_is_used_and_left_released(void)
{
	struct world w;

	new_adapter("bcm2835");
	open_chip(&w, KERNEL_NODE "?reset=GPIO17");
	CHECK_INT(kernel.resets, 1);
	CHECK_INT(kernel.soft_resets, 0);
	CHECK_OK(w.bus.ops->set_reset(w.bus.ctx, false));
	trustx_bus_close(&w.bus);
	CHECK(!kernel.reset_low);
	kernel_stop();
}

static void power_line_is_used_and_left_on(void)
{
	const struct trustx_options opt = { .reset = TRUSTX_RESET_POWER };
	struct world w;

	new_adapter("bcm2835");
	open_with(&w, KERNEL_NODE "?power=GPIO27", &opt);
	CHECK_INT(kernel.power_cycles, 1);
	CHECK_INT(kernel.soft_resets, 0);
	CHECK_OK(w.bus.ops->set_power(w.bus.ctx, false));
	trustx_bus_close(&w.bus);
	CHECK(!kernel.power_off);
	kernel_stop();
}

static void line_that_is_taken_says_so(void)
{
	struct trustx_bus bus;
	struct fail f;

	new_adapter("bcm2835");
	CHECK_ERR(trustx_bus_open(&bus, KERNEL_NODE "?power=GPIO27&reset=taken", &f),
		TRUSTX_ERR_IN_USE);
	CHECK_STR(f.why, "reset=taken is taken");
	kernel_stop();
}

static void malformed_line_is_said_before_the_device_is_looked_for(void)
{
	struct trustx_bus bus;
	struct fail f;

	new_adapter("bcm2835");
	kernel.missing = true;
	CHECK_ERR(trustx_bus_open(&bus, KERNEL_NODE "?reset=a/b", &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "reset=a/b is not") != NULL);
	CHECK_ERR(trustx_bus_open(&bus, KERNEL_NODE "?power=:1&reset=RST", &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "power=:1 is not") != NULL);
	kernel_stop();
}

static void clock_of_the_adapter_is_told(void)
{
	struct world w;

	new_adapter("FT260 usb-i2c bridge on hidraw0\n");
	kernel_file("/sys/devices/hid/clock", "100\n");
	kernel_file("/sys/devices/hid/i2c-7/name", "x");
	kernel_link("/sys/class/i2c-dev/i2c-7/device", "../../../devices/hid/i2c-7");
	open_chip(&w, KERNEL_NODE);
	CHECK_INT(w.bus.max_hz, 100000);
	close_chip(&w);

	new_adapter("bcm2835");
	kernel_file("/sys/devices/soc/i2c-7/of_node/clock-frequency", "\x01\x06\x1A\x80");
	kernel_link("/sys/class/i2c-dev/i2c-7/device", "../../../devices/soc/i2c-7");
	open_chip(&w, KERNEL_NODE "?speed=50000");
	CHECK_INT(w.bus.max_hz, 0x01061A80);
	trustx_bus_close(&w.bus);
	open_chip(&w, KERNEL_NODE);
	CHECK_INT(w.bus.max_hz, 0x01061A80);
	close_chip(&w);

	/* Not told by the system. */
	new_adapter("bcm2835");
	open_chip(&w, KERNEL_NODE "?speed=50000");
	CHECK_INT(w.bus.max_hz, 50000);
	close_chip(&w);
}

/* ---- limits ---- */

static void ft260_behind_the_kernel_gets_short_frames(void)
{
	static const char *const names[] = { "FT260 usb-i2c bridge on hidraw3\n",
		"FT260 usb-i2c bridge\n" };
	struct world w;

	for (size_t i = 0; i < 2; i++) {
		new_adapter(names[i]);
		kernel.cut = 60;
		kernel.nack_error = EIO;
		open_chip(&w, i == 0 ? KERNEL_NODE : KERNEL_NODE "?frame=277");
		exchange_long(&w);
		CHECK_INT(frame_size(&w), 59);
		CHECK_INT(kernel.longest_seen[1], 60);
		CHECK(kernel.longest_seen[0] <= 60);
		close_chip(&w);
	}
}

static void learn(int number, size_t read_max, size_t write_max, unsigned frame)
{
	struct world w;
	unsigned refused;

	new_adapter("some adapter");
	kernel.longest[0] = read_max;
	kernel.longest[1] = write_max;
	kernel.long_error = number;
	open_chip(&w, KERNEL_NODE);
	exchange_long(&w);
	CHECK_INT(frame_size(&w), frame);
	refused = kernel.refused;
	CHECK(refused >= 1);
	CHECK(number == EIO || refused == 1);
	/* Known from now on, also to whoever opens the chip again. */
	exchange_long(&w);
	CHECK_OK(trustx_open(&w.se, &w.bus, NULL));
	CHECK_INT(frame_size(&w), frame);
	exchange_long(&w);
	CHECK_INT(kernel.refused, refused);
	close_chip(&w);
}

static void limit_of_an_adapter_is_learned_once(void)
{
	static const int numbers[] = { EINVAL, EOPNOTSUPP, EMSGSIZE, EIO };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		learn(numbers[i], 0, 120, 59);
		learn(numbers[i], 180, 0, 59);
		learn(numbers[i], 61, 61, 59);
	}
}

static void lower_limits_are_found_step_by_step(void)
{
	struct world w;

	new_adapter("some adapter");
	kernel.longest[0] = kernel.longest[1] = 32;
	kernel.long_error = EOPNOTSUPP;
	open_chip(&w, KERNEL_NODE);
	exchange_long(&w);
	CHECK_INT(frame_size(&w), 31);
	CHECK_INT(kernel.refused, 2);
	close_chip(&w);
}

static void limit_is_learned_below_a_decorator(void)
{
	struct world w;

	unlink("limit.trace");
	new_adapter("some adapter");
	kernel.longest[1] = 64;
	kernel.long_error = EINVAL;
	open_chip(&w, "trace:limit.trace:fault:seed=1:" KERNEL_NODE);
	exchange_long(&w);
	CHECK_INT(frame_size(&w), 59);
	close_chip(&w);
}

/* A chip that sleeps is no reason to believe in a limit. */
static void silence_is_no_limit(void)
{
	uint8_t data[200] = { 0x80 };
	struct world w;

	new_adapter("some adapter");
	kernel.nack_error = EIO;
	open_chip(&w, KERNEL_NODE);
	CHECK_OK(kernel.chip.ops->set_reset(kernel.chip.ctx, false));
	CHECK_ERR(w.bus.ops->write(w.bus.ctx, 0x30, data, sizeof(data)), TRUSTX_ERR_NACK);
	CHECK_INT(w.bus.ops->max_transfer(w.bus.ctx), 0);
	CHECK_OK(kernel.chip.ops->set_reset(kernel.chip.ctx, true));
	close_chip(&w);
}

/* ---- transfers that fail ---- */

static void passing_errors_pass(void)
{
	static const int numbers[] = { EINTR, EAGAIN };
	struct world w;

	for (size_t i = 0; i < 2; i++) {
		new_adapter("some adapter");
		kernel.passing_error = numbers[i];
		kernel.passing = 3;
		open_chip(&w, KERNEL_NODE);
		exchange_long(&w);
		close_chip(&w);
	}
}

static void errors_that_stay_are_told(void)
{
	static const struct {
		int number;
		enum trustx_err err;
		const char *why, *cause;
	} table[] = {
		{ EINTR, TRUSTX_ERR_BUS, "could not read 4 bytes: Interrupted", "adapter-failed" },
		{ EAGAIN, TRUSTX_ERR_BUS, "arbitration was lost again and again", "bus-stuck" },
		{ ETIMEDOUT, TRUSTX_ERR_BUS, "the bus timed out: SDA or SCL is held low",
			"bus-stuck" },
		{ EBUSY, TRUSTX_ERR_BUS, "the bus does not become free", "bus-stuck" },
		{ EINVAL, TRUSTX_ERR_BUS, "/dev/i2c-7 could not read 4 bytes: Invalid",
			"adapter-failed" },
		{ EPROTO, TRUSTX_ERR_BUS, "Protocol error", "adapter-failed" },
		{ ENODEV, TRUSTX_ERR_NO_DEVICE, "the adapter /dev/i2c-7 has gone", "adapter-gone" },
		{ ESHUTDOWN, TRUSTX_ERR_NO_DEVICE, "has gone", "adapter-gone" },
		{ EIO, TRUSTX_ERR_NACK, "does not acknowledge", "" },
	};
	uint8_t data[4];
	struct world w;

	new_adapter("some adapter");
	open_chip(&w, KERNEL_NODE);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *cause;

		kernel.always_error = table[i].number;
		CHECK_ERR(w.bus.ops->read(w.bus.ctx, 0x30, data, sizeof(data)), table[i].err);
		CHECK(strstr(trustx_bus_reason(&w.bus), table[i].why) != NULL);
		cause = trustx_bus_cause(&w.bus);
		CHECK_STR(cause != NULL ? cause : "", table[i].cause);
	}
	close_chip(&w);
}

static void adapter_that_lies_about_length_is_not_believed(void)
{
	struct world w;

	for (int lie = -1; lie <= 1; lie += 2) {
		new_adapter("some adapter");
		CHECK_OK(trustx_bus_open(&w.bus, KERNEL_NODE, &w.f));
		kernel.lie = lie;
		CHECK_ERR(trustx_open(&w.se, &w.bus, NULL), TRUSTX_ERR_BUS);
		CHECK(strstr(trustx_bus_reason(&w.bus), "could not write") != NULL);
		close_chip(&w);
	}
}

static void adapter_that_vanishes_has_gone(void)
{
	uint8_t random[64];
	struct world w;

	for (unsigned after = 1; after < 60; after += 7) {
		enum trustx_err err;

		new_adapter("some adapter");
		CHECK_OK(trustx_bus_open(&w.bus, KERNEL_NODE, &w.f));
		kernel.unplug_after = after;
		err = trustx_open(&w.se, &w.bus, NULL);
		while (err == TRUSTX_OK)
			err = trustx_random(&w.se, random, sizeof(random));
		CHECK_ERR(err, TRUSTX_ERR_NO_DEVICE);
		CHECK_STR(trustx_bus_cause(&w.bus), "adapter-gone");
		close_chip(&w);
	}
	/* Some do not say so, but the node is no longer there. */
	new_adapter("some adapter");
	open_chip(&w, KERNEL_NODE);
	kernel.always_error = EIO;
	kernel.missing = true;
	CHECK_ERR(trustx_random(&w.se, random, sizeof(random)), TRUSTX_ERR_NO_DEVICE);
	close_chip(&w);
}

static void address_of_a_kernel_driver_is_left_alone(void)
{
	uint8_t data[1];
	struct world w;

	new_adapter("some adapter");
	kernel_link("/sys/bus/i2c/devices/7-0030/driver", "../../../bus/i2c/drivers/tpm_tis_i2c");
	kernel.claim_error = EBUSY;
	CHECK_ERR(trustx_bus_open(&w.bus, KERNEL_NODE, &w.f), TRUSTX_ERR_IN_USE);
	CHECK_STR(w.f.why,
		"the address 0x30 of /dev/i2c-7 is taken by a driver of the kernel, tpm_tis_i2c");
	CHECK_STR(w.f.next, "echo 7-0030 | sudo tee /sys/bus/i2c/drivers/tpm_tis_i2c/unbind");

	kernel.claim_error = 0;
	CHECK_OK(trustx_bus_open(&w.bus, KERNEL_NODE, &w.f));
	kernel.claim_error = EBUSY;
	CHECK_ERR(w.bus.ops->read(w.bus.ctx, 0x50, data, 1), TRUSTX_ERR_IN_USE);
	CHECK(strstr(trustx_bus_reason(&w.bus), "0x50 of /dev/i2c-7 is taken") != NULL);
	CHECK_INT(kernel.transfers, 0);
	trustx_bus_close(&w.bus);
	kernel_stop();
}

/* ---- open ---- */

static void refuse(enum trustx_err err, const char *why, const char *next, const char *cause)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_ERR(trustx_bus_open(&bus, KERNEL_NODE, &f), err);
	if (strstr(f.why, why) == NULL || strstr(f.next, next) == NULL)
		test_str(__FILE__, __LINE__, f.next, f.why, why);
	CHECK_STR(f.cause != NULL ? f.cause : "", cause);
	CHECK_STR(f.what, "open the device '/dev/i2c-7'");
}

static void missing_node_names_the_way_to_one(void)
{
	kernel_start(CHIP);
	kernel.missing = true;
	refuse(TRUSTX_ERR_NO_DEVICE, "no other I2C adapter on this computer",
		"sudo modprobe i2c-dev", "no-adapter");
	kernel_file("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
	refuse(TRUSTX_ERR_NO_DEVICE, "no other I2C adapter",
		"switch I2C on: sudo raspi-config nonint do_i2c 0", "i2c-off");
	kernel_file("/sys/bus/i2c/devices/i2c-1/name", "bcm2835");
	refuse(TRUSTX_ERR_NO_DEVICE, "its module i2c-dev is not loaded", "sudo modprobe i2c-dev",
		"i2c-dev-not-loaded");
	kernel_file("/sys/class/i2c-dev/i2c-21/name", "bcm2835\n");
	kernel_file("/sys/class/i2c-dev/i2c-3/name", "\n");
	kernel_file("/sys/class/i2c-dev/i2c-x/name", "none\n");
	refuse(TRUSTX_ERR_NO_DEVICE,
		"there is no /dev/i2c-7; there is /dev/i2c-3 (no name), /dev/i2c-21 (bcm2835)",
		"for example -d /dev/i2c-3", "node-missing");
	kernel_file("/sys/class/i2c-dev/i2c-7/name", "bcm2835\n");
	refuse(TRUSTX_ERR_NO_DEVICE, "but its device file /dev/i2c-7 is missing",
		"--device /dev/i2c-7", "node-missing");
	kernel_stop();
}

static void what_is_no_adapter_is_not_opened(void)
{
	static const char *const others[] = { "i2c:/dev/null", "i2c:/", "i2c:i2c.img" };
	struct trustx_bus bus;
	struct fail f;

	new_adapter("some adapter");
	kernel.major = 10; /* the watchdog's */
	refuse(TRUSTX_ERR_NO_DEVICE, "/dev/i2c-7 is not an I2C device", "trustx scan",
		"node-foreign");
	CHECK_INT(kernel.opened, 0);
	kernel.major = 89;
	kernel.functions_error = ENOTTY;
	refuse(TRUSTX_ERR_NO_DEVICE, "is not an I2C device", "trustx scan", "node-foreign");
	for (size_t i = 0; i < 3; i++) {
		CHECK_ERR(trustx_bus_open(&bus, others[i], &f), TRUSTX_ERR_NO_DEVICE);
		CHECK(strstr(f.why, "is not an I2C device") != NULL);
	}
	kernel_stop();
}

static void smbus_is_not_enough(void)
{
	new_adapter("SMBus I801 adapter at efa0\n");
	kernel.functions = I2C_FUNC_SMBUS_EMUL;
	refuse(TRUSTX_ERR_NO_DEVICE,
		"/dev/i2c-7 (SMBus I801 adapter at efa0) knows SMBus commands only",
		"use another adapter", "smbus-only");
	kernel_stop();
}

static void permission_names_group_and_command(void)
{
	new_adapter("bcm2835");
	kernel.open_error = EACCES;
	kernel.gid = 998;
	refuse(TRUSTX_ERR_PERMISSION, "/dev/i2c-7 is for the group i2c, which this user is not in",
		"sudo usermod -aG i2c $USER", "group-missing");
	kernel.gid = 999;
	refuse(TRUSTX_ERR_PERMISSION, "for the group late, which this user was added to after",
		"newgrp late", "group-not-yet");
	kernel.gid = 997;
	refuse(TRUSTX_ERR_PERMISSION, "for the group 997, which has no name here", "",
		"permission-denied");
	kernel.gid = 0;
	kernel.mode = 0600;
	refuse(TRUSTX_ERR_PERMISSION, "/dev/i2c-7 is for root alone",
		"sudo apt-get install i2c-tools", "udev-rule-missing");
	kernel_file("/sys/class/i2c-dev/i2c-7/name", "FT260 usb-i2c bridge\n");
	refuse(TRUSTX_ERR_PERMISSION, "is for root alone", "sudo cp contrib/udev/60-trustx.rules",
		"udev-rule-missing");
	kernel.mode = 0660;
	refuse(TRUSTX_ERR_PERMISSION, "may not be opened by this user", "chown $USER /dev/i2c-7",
		"permission-denied");
	kernel.open_error = EPERM;
	refuse(TRUSTX_ERR_PERMISSION, "may not be used from here", "--device /dev/i2c-7",
		"container-device");
	kernel_stop();
}

static void adapter_in_use_names_the_process(void)
{
	char want[40];
	int ready[2];
	struct trustx_bus bus;
	struct fail f;
	pid_t owner;
	char c;

	new_adapter("bcm2835");
	CHECK(pipe(ready) == 0);
	if ((owner = fork()) == 0) {
		CHECK_OK(trustx_bus_open(&bus, KERNEL_NODE, &f));
		CHECK(write(ready[1], "x", 1) == 1);
		pause();
		_exit(0);
	}
	CHECK(read(ready[0], &c, 1) == 1);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)owner);
	refuse(TRUSTX_ERR_IN_USE, want, "end that process or wait for it", "in-use");
	CHECK(kill(owner, SIGKILL) == 0);
	CHECK(waitpid(owner, NULL, 0) == owner);
	CHECK_OK(trustx_bus_open(&bus, KERNEL_NODE, &f));
	trustx_bus_close(&bus);
	close(ready[0]);
	close(ready[1]);
	kernel_stop();
}

/* ---- list ---- */

static const struct trustx_bus_found *find(
	const struct trustx_bus_found *list, size_t count, const char *uri)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].uri, uri) == 0)
			return &list[i];
	test_die(__FILE__, __LINE__, uri);
	return NULL;
}

static void adapters_are_listed_with_their_trouble(void)
{
	const struct trustx_bus_found *found;
	struct trustx_bus_found *list;
	struct fail f;
	size_t count;

	new_adapter("bcm2835 (i2c@7e804000)\n");
	kernel_file("/sys/class/i2c-dev/i2c-4095/name", "bad\x01name\n");
	kernel_link("/sys/class/i2c-dev/i2c-7/device", "../../../devices/soc/i2c-7");
	kernel_file("/sys/devices/soc/i2c-7/name", "x");
	kernel_link("/sys/devices/soc/driver", "../../bus/platform/drivers/i2c-bcm2835");
	CHECK_OK(trustx_bus_list(&list, &count, &f));
	found = find(list, count, "/dev/i2c-7");
	CHECK_STR(found->name, "bcm2835 (i2c@7e804000)");
	CHECK_STR(found->driver, "i2c-bcm2835");
	CHECK_STR(found->path, "/dev/i2c-7");
	CHECK_STR(found->trouble, "");
	found = find(list, count, "/dev/i2c-4095");
	CHECK_STR(found->name, "bad?name");
	CHECK_STR(found->driver, "");
	CHECK(strstr(found->trouble, "its device file /dev/i2c-4095 is missing") != NULL);
	free(list);
	kernel.open_error = EACCES;
	kernel.gid = 998;
	CHECK_OK(trustx_bus_list(&list, &count, &f));
	CHECK(strstr(find(list, count, "/dev/i2c-7")->trouble, "for the group i2c") != NULL);
	free(list);
	CHECK_INT(kernel.transfers, 0);
	kernel_stop();
}

int main(void)
{
	RUN(chip_is_reached_whatever_a_nack_is_called);
	RUN(cp2112_calls_a_nack_a_time_out);
	RUN(chip_without_lines_is_reset_by_a_command);
	RUN(reset_line_is_used_and_left_released);
	RUN(power_line_is_used_and_left_on);
	RUN(line_that_is_taken_says_so);
	RUN(malformed_line_is_said_before_the_device_is_looked_for);
	RUN(clock_of_the_adapter_is_told);
	RUN(ft260_behind_the_kernel_gets_short_frames);
	RUN(limit_of_an_adapter_is_learned_once);
	RUN(lower_limits_are_found_step_by_step);
	RUN(limit_is_learned_below_a_decorator);
	RUN(silence_is_no_limit);
	RUN(passing_errors_pass);
	RUN(errors_that_stay_are_told);
	RUN(adapter_that_lies_about_length_is_not_believed);
	RUN(adapter_that_vanishes_has_gone);
	RUN(address_of_a_kernel_driver_is_left_alone);
	RUN(missing_node_names_the_way_to_one);
	RUN(what_is_no_adapter_is_not_opened);
	RUN(smbus_is_not_enough);
	RUN(permission_names_group_and_command);
	RUN(adapter_in_use_names_the_process);
	RUN(adapters_are_listed_with_their_trouble);
	unlink("i2c.img");
	return 0;
}
