/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Built without libgpiod. */
#include "gpio.h"

#include <stddef.h>

enum trustx_err gpio_check(const char *option, const char *text, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"%s=%s: this trustx was built without libgpiod, which it needs for GPIO lines",
		option, text);
	fail_next(f, "build it with libgpiod-dev installed, or leave the option out: without a "
		     "reset line the chip is reset by a command");
	return fail_cause(f, "reset-line");
}

enum trustx_err gpio_open(struct gpio **line, const char *option, const char *text, struct fail *f)
{
	*line = NULL;
	return gpio_check(option, text, f);
}

enum trustx_err gpio_set(struct gpio *line, bool run, struct fail *f)
{
	(void)line;
	(void)run;
	return fail_set(f, TRUSTX_ERR_INTERNAL, "there is no GPIO line");
}

void gpio_close(struct gpio *line)
{
	(void)line;
}
