/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The kernel's side of two GPIO chips, by both of its interfaces, below the real libgpiod. The
 * linker leads system calls here (-Wl,--wrap).
 */
#ifndef TESTS_GPIO_KERNEL_H
#define TESTS_GPIO_KERNEL_H

#include <stdbool.h>

#define GPIO_CHIPS 2
#define GPIO_LINES 8

struct gpio_line_state {
	char name[32], consumer[32];
	bool used;
	int fd;		  /* that holds it; -1: none of ours */
	char history[32]; /* "101": levels, oldest first */
};

struct gpio_kernel {
	struct gpio_line_state line[GPIO_CHIPS][GPIO_LINES];
	bool no_chips;
	int open_error; /* errno */
	int set_error;	/* errno */
	unsigned gid, mode;
};

extern struct gpio_kernel gpio_kernel;

/* Lines named "gpio0-0"..."gpio1-7"; "RST" is line 5 of gpiochip1. */
void gpio_kernel_start(void);

#endif
