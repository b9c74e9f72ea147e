/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */
#include "gpio.h"

#include "gpio-kernel.h"
#include "test.h"

#include <errno.h>
#include <unistd.h>

static struct gpio *open_line(const char *text)
{
	struct gpio *line;
	struct fail f;

	if (gpio_open(&line, "reset", text, &f) != TRUSTX_OK)
		test_die(__FILE__, __LINE__, f.why);
	return line;
}

static void pulse(const char *text, int chip, int number, const char *history)
{
	const struct gpio_line_state *state = &gpio_kernel.line[chip][number];
	struct gpio *line;
	struct fail f;

	gpio_kernel_start();
	line = open_line(text);
	CHECK(state->used);
	CHECK_OK(gpio_set(line, false, &f));
	CHECK_OK(gpio_set(line, true, &f));
	gpio_close(line);
	CHECK(!state->used);
	CHECK_STR(state->history, history);
}

static void line_is_found_by_number_and_by_name(void)
{
	pulse("gpiochip0:3", 0, 3, "1011");
	pulse("/dev/gpiochip1:7", 1, 7, "1011");
	pulse("RST", 1, 5, "1011");
	pulse("gpio0-0", 0, 0, "1011");
}

static void line_may_hold_while_it_is_high(void)
{
	pulse("gpiochip0:3:high", 0, 3, "0100");
	pulse("RST:high", 1, 5, "0100");
	pulse("gpiochip0:3:low", 0, 3, "1011");
}

static void line_is_released_even_after_a_run_that_ended_early(void)
{
	struct gpio *line;
	struct fail f;

	gpio_kernel_start();
	line = open_line("RST");
	CHECK_OK(gpio_set(line, false, &f));
	gpio_close(line);
	CHECK_STR(gpio_kernel.line[1][5].history, "101");
	gpio_close(NULL);
}

static void two_lines_of_a_chip_can_be_held(void)
{
	struct gpio *a, *b;

	gpio_kernel_start();
	a = open_line("gpiochip0:1");
	b = open_line("gpiochip0:2");
	gpio_close(a);
	CHECK(gpio_kernel.line[0][2].used);
	gpio_close(b);
}

static void refuse(
	const char *text, enum trustx_err err, const char *why, const char *next, const char *cause)
{
	struct gpio *line;
	struct fail f;

	fail_clear(&f);
	CHECK_ERR(gpio_open(&line, "reset", text, &f), err);
	CHECK(line == NULL);
	if (strstr(f.why, why) == NULL || strstr(f.next, next) == NULL)
		test_str(__FILE__, __LINE__, f.next, f.why, why);
	CHECK_STR(f.cause != NULL ? f.cause : "", cause);
}

static void malformed_lines_are_input(void)
{
	static const char *const bad[] = { "", ":", ":17", "gpiochip0:", "gpiochip0:x",
		"gpiochip0:-1", "gpiochip0:65536", "a/b", "a/b:1", ":high", "gpiochip0:1:up",
		"a name that is so much longer than any name that the kernel gives to lines" };
	char text[400];

	gpio_kernel_start();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse(bad[i], TRUSTX_ERR_INPUT, "is not the number or the name of a GPIO line",
			"for example reset=gpiochip0:17", "");
	memset(text, '/', sizeof(text));
	memcpy(text + sizeof(text) - 3, ":1", 3);
	refuse(text, TRUSTX_ERR_INPUT, "is not the number", "for example", "");
}

static void line_that_is_not_there_names_the_chips(void)
{
	gpio_kernel_start();
	refuse("gpiochip0:8", TRUSTX_ERR_INPUT,
		"reset=gpiochip0:8: the chip has the lines 0 to 7; GPIO chips here: gpiochip0, "
		"gpiochip1",
		"gpioinfo", "reset-line");
	refuse("gpiochip9:1", TRUSTX_ERR_NO_DEVICE,
		"there is no such GPIO chip; GPIO chips here: gpiochip0, gpiochip1", "gpioinfo",
		"reset-line");
	refuse("/dev/null:1", TRUSTX_ERR_NO_DEVICE, "not a GPIO chip", "gpioinfo", "reset-line");
	refuse("GPIO99", TRUSTX_ERR_NO_DEVICE, "no line has this name", "gpioinfo", "reset-line");
	gpio_kernel.no_chips = true;
	refuse("RST", TRUSTX_ERR_NO_DEVICE, "no line has this name; GPIO chips here: none",
		"gpioinfo", "reset-line");
	refuse("gpiochip0:1", TRUSTX_ERR_NO_DEVICE, "there is no such GPIO chip", "gpioinfo",
		"reset-line");
}

static void line_in_use_names_its_user(void)
{
	gpio_kernel_start();
	gpio_kernel.line[1][5].used = true;
	refuse("gpiochip1:5", TRUSTX_ERR_IN_USE, "in use by a program that gives no name",
		"end that program", "reset-line");
	memcpy(gpio_kernel.line[1][5].consumer, "spi0 CS0", 9);
	refuse("RST", TRUSTX_ERR_IN_USE, "reset=RST: the line is in use by 'spi0 CS0'",
		"end that program", "reset-line");
}

static void permission_names_group_and_command(void)
{
	gpio_kernel_start();
	gpio_kernel.open_error = EACCES;
	gpio_kernel.gid = 997;
	refuse("gpiochip0:1", TRUSTX_ERR_PERMISSION, "/dev/gpiochip0 is for the group gpio",
		"sudo usermod -aG gpio $USER", "group-missing");
	refuse("RST", TRUSTX_ERR_PERMISSION, "/dev/gpiochip1 is for the group gpio",
		"sudo usermod -aG gpio $USER", "group-missing");
	gpio_kernel.gid = 0;
	gpio_kernel.mode = 0600;
	refuse("gpiochip0:1", TRUSTX_ERR_PERMISSION, "/dev/gpiochip0 is for root alone",
		"SUBSYSTEM==\"gpio\"", "udev-rule-missing");
}

static void line_that_does_not_move_is_told(void)
{
	struct gpio *line;
	struct fail f;

	gpio_kernel_start();
	line = open_line("RST");
	gpio_kernel.set_error = EIO;
	CHECK_ERR(gpio_set(line, false, &f), TRUSTX_ERR_BUS);
	CHECK(strstr(f.why, "the GPIO line RST cannot be set: Input/output error") != NULL);
	gpio_kernel.set_error = 0;
	gpio_close(line);
}

int main(void)
{
	RUN(line_is_found_by_number_and_by_name);
	RUN(line_may_hold_while_it_is_high);
	RUN(line_is_released_even_after_a_run_that_ended_early);
	RUN(two_lines_of_a_chip_can_be_held);
	RUN(malformed_lines_are_input);
	RUN(line_that_is_not_there_names_the_chips);
	RUN(line_in_use_names_its_user);
	RUN(permission_names_group_and_command);
	RUN(line_that_does_not_move_is_told);
	return 0;
}
