/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "interrupt.h"
#include "mem.h"
#include "options.h"

#include <stdlib.h>

#define RANDOM_MAX  ((size_t)1 << 20)
#define RANDOM_STEP ((size_t)4096)

struct random_args {
	struct opt_number count;
	const char *out;
};

static enum trustx_err check(struct tool *t, const struct random_args *a)
{
	if (a->count.v >= 1 && a->count.v <= RANDOM_MAX)
		return TRUSTX_OK;
	return fail_set(
		&t->fail, TRUSTX_ERR_INPUT, "the number of bytes must be 1 to %zu", RANDOM_MAX);
}

/* In steps, so that Ctrl-C and the line of progress have their turn. */
static enum trustx_err fetch(struct tool *t, uint8_t *data, size_t len)
{
	enum trustx_err err;
	size_t n;

	for (size_t done = 0; done < len; done += n) {
		n = len - done < RANDOM_STEP ? len - done : RANDOM_STEP;
		if ((err = trustx_random(&t->dev.se, data + done, n)) != TRUSTX_OK)
			return device_fail(&t->dev, err, &t->fail, NULL);
		if ((err = interrupt_check(&t->fail)) != TRUSTX_OK)
			return err;
		progress_show(&t->progress, "%zu of %zu bytes", done + n, len);
	}
	return TRUSTX_OK;
}

static enum trustx_err print(
	struct tool *t, const struct random_args *a, const uint8_t *data, size_t len)
{
	if (a->out != NULL)
		return tool_output(t, a->out, data, len);
	out_hex(&t->out, "random", "", data, len);
	return TRUSTX_OK;
}

static enum trustx_err run_random(struct tool *t, const void *values)
{
	const struct random_args *a = values;
	size_t len = (size_t)a->count.v;
	enum trustx_err err;
	uint8_t *data;

	if ((err = check(t, a)) != TRUSTX_OK || (err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = tool_check_output(t, a->out)) != TRUSTX_OK)
		return err;
	if ((data = calloc(1, len)) == NULL)
		return fail_set(&t->fail, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = fetch(t, data, len)) == TRUSTX_OK)
		err = print(t, a, data, len);
	mem_wipe(data, len);
	free(data);
	return err;
}

static const struct opt args[] = {
	{ .kind = OPT_NUMBER,
		.required = true,
		.value = "N",
		.help = "how many bytes",
		.at = offsetof(struct random_args, count) },
	{ .kind = OPT_END },
};

static const struct opt opts[] = {
	OUT_OPT(struct random_args,
		"write the bytes there; without it they are printed in hexadecimal"),
	{ .kind = OPT_END },
};

const struct cmd cmd_random = {
	.noun = "random",
	.help = "Get random bytes from the chip's generator.",
	.args = args,
	.opts = opts,
	.flags = CMD_CHIP,
	.run = run_random,
};
