/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* libgpiod 2. */
#include "gpio-lib.h"

#include <gpiod.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct gpio_held {
	struct gpiod_line_request *request;
	unsigned line;
};

int gpio_lib_find(const char *path, const char *name)
{
	struct gpiod_chip *chip = gpiod_chip_open(path);
	int offset, number;

	if (chip == NULL)
		return -1;
	offset = gpiod_chip_get_line_offset_from_name(chip, name);
	number = errno;
	gpiod_chip_close(chip);
	errno = number;
	return offset;
}

static enum gpiod_line_value value_of(bool high)
{
	return high ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

static struct gpiod_line_request *request_with(
	struct gpiod_chip *chip, unsigned line, struct gpiod_line_settings *settings)
{
	struct gpiod_request_config *who = gpiod_request_config_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_line_request *request = NULL;
	int number;

	if (who != NULL && lines != NULL &&
		gpiod_line_config_add_line_settings(lines, &line, 1, settings) == 0) {
		gpiod_request_config_set_consumer(who, GPIO_CONSUMER);
		request = gpiod_chip_request_lines(chip, who, lines);
	}
	number = errno;
	gpiod_line_config_free(lines);
	gpiod_request_config_free(who);
	errno = number;
	return request;
}

static struct gpiod_line_request *request_output(struct gpiod_chip *chip, unsigned line, bool high)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_request *request = NULL;
	int number;

	if (settings != NULL &&
		gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) == 0 &&
		gpiod_line_settings_set_output_value(settings, value_of(high)) == 0)
		request = request_with(chip, line, settings);
	number = errno;
	gpiod_line_settings_free(settings);
	errno = number;
	return request;
}

/* How many lines there are, and who has this one. */
static void look(struct gpio_seen *seen, struct gpiod_chip *chip, unsigned line)
{
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
	struct gpiod_line_info *of_line;
	const char *consumer;

	if (info != NULL)
		seen->lines = (unsigned)gpiod_chip_info_get_num_lines(info);
	gpiod_chip_info_free(info);
	if ((of_line = gpiod_chip_get_line_info(chip, line)) == NULL)
		return;
	if ((consumer = gpiod_line_info_get_consumer(of_line)) != NULL)
		snprintf(seen->consumer, sizeof(seen->consumer), "%s", consumer);
	gpiod_line_info_free(of_line);
}

struct gpio_held *gpio_lib_take(struct gpio_seen *seen, const char *path, unsigned line, bool high)
{
	struct gpio_held *held = calloc(1, sizeof(*held));
	struct gpiod_chip *chip = NULL;
	int number;

	*seen = (struct gpio_seen){ .lines = 0 };
	if (held != NULL && (chip = gpiod_chip_open(path)) != NULL) {
		look(seen, chip, line);
		held->line = line;
		held->request = request_output(chip, line, high);
	}
	number = errno;
	gpiod_chip_close(chip);
	if (held == NULL || held->request != NULL)
		return held;
	free(held);
	errno = number;
	return NULL;
}

bool gpio_lib_set(struct gpio_held *held, bool high)
{
	return gpiod_line_request_set_value(held->request, held->line, value_of(high)) == 0;
}

void gpio_lib_give_back(struct gpio_held *held)
{
	gpiod_line_request_release(held->request);
	free(held);
}
