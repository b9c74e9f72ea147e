/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* libgpiod 1. */
#include "gpio-lib.h"

#include <gpiod.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct gpio_held {
	struct gpiod_chip *chip;
	struct gpiod_line *line;
};

int gpio_lib_find(const char *path, const char *name)
{
	struct gpiod_chip *chip = gpiod_chip_open(path);
	struct gpiod_line *line;
	int offset = -1, number;

	if (chip == NULL)
		return -1;
	if ((line = gpiod_chip_find_line(chip, name)) != NULL)
		offset = (int)gpiod_line_offset(line);
	number = errno;
	gpiod_chip_close(chip);
	errno = number;
	return offset;
}

static bool take(struct gpio_held *held, struct gpio_seen *seen, unsigned line, bool high)
{
	const char *consumer;

	seen->lines = gpiod_chip_num_lines(held->chip);
	if (line >= seen->lines) {
		errno = EINVAL;
		return false;
	}
	if ((held->line = gpiod_chip_get_line(held->chip, line)) == NULL)
		return false;
	if ((consumer = gpiod_line_consumer(held->line)) != NULL)
		snprintf(seen->consumer, sizeof(seen->consumer), "%s", consumer);
	return gpiod_line_request_output(held->line, GPIO_CONSUMER, high) == 0;
}

struct gpio_held *gpio_lib_take(struct gpio_seen *seen, const char *path, unsigned line, bool high)
{
	struct gpio_held *held = calloc(1, sizeof(*held));
	int number;

	*seen = (struct gpio_seen){ .lines = 0 };
	if (held != NULL && (held->chip = gpiod_chip_open(path)) != NULL &&
		take(held, seen, line, high))
		return held;
	number = errno;
	if (held != NULL && held->chip != NULL)
		gpiod_chip_close(held->chip);
	free(held);
	errno = number;
	return NULL;
}

bool gpio_lib_set(struct gpio_held *held, bool high)
{
	return gpiod_line_set_value(held->line, high) == 0;
}

void gpio_lib_give_back(struct gpio_held *held)
{
	gpiod_line_release(held->line);
	gpiod_chip_close(held->chip);
	free(held);
}
