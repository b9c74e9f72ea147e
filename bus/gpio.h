/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A line of a GPIO chip that holds the secure element in reset, or without power, while it is low.
 *
 *   gpiochip0:17, /dev/gpiochip0:17, LABEL:17    line 17 of the chip of this name or label
 *   GPIO17                                       the line of this name, on whatever chip
 *
 * ":high" behind it: holds while it is high, for boards with an inverting transistor.
 */
#ifndef BUS_GPIO_H
#define BUS_GPIO_H

#include <stdbool.h>

#include "fail.h"

struct gpio;

/*
 * Does text have the form of a line? Nothing is touched. TRUSTX_ERR_INPUT; TRUSTX_ERR_NO_DEVICE:
 * built without libgpiod.
 */
TRUSTX_MUST_CHECK enum trustx_err gpio_check(const char *option, const char *text, struct fail *f);

/*
 * Take the line and let the secure element run. option: "reset", for the message.
 * TRUSTX_ERR_INPUT: malformed, no such number; TRUSTX_ERR_NO_DEVICE: no such chip or name, or
 * built without libgpiod; TRUSTX_ERR_IN_USE: who has it; TRUSTX_ERR_PERMISSION, _MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err gpio_open(
	struct gpio **line, const char *option, const char *text, struct fail *f);

/* Let it run, or hold it. TRUSTX_ERR_BUS. */
TRUSTX_MUST_CHECK enum trustx_err gpio_set(struct gpio *line, bool run, struct fail *f);

/* Let it run, and give the line back. NULL is fine. */
void gpio_close(struct gpio *line);

#endif
