/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What gpio.c needs of libgpiod; a file for each of its two interfaces. */
#ifndef BUS_GPIO_LIB_H
#define BUS_GPIO_LIB_H

#include <stdbool.h>

#define GPIO_CONSUMER "trustx"

struct gpio_held;

/* What was seen of the chip on the way. */
struct gpio_seen {
	unsigned lines;	   /* that the chip has; 0: not known */
	char consumer[64]; /* who has the line; "" nobody, or it is not said */
};

/* The line of this name on the chip at path; -1 and errno: there is none. */
int gpio_lib_find(const char *path, const char *name);

/*
 * Take the line as an output. NULL and errno: ENOENT, EACCES, ENOTTY (no GPIO chip), EINVAL (no
 * such line), EBUSY.
 */
struct gpio_held *gpio_lib_take(struct gpio_seen *seen, const char *path, unsigned line, bool high);

bool gpio_lib_set(struct gpio_held *held, bool high); /* false and errno */
void gpio_lib_give_back(struct gpio_held *held);

#endif
