/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "server.h"

#include "num.h"

#include <string.h>

const char serve_usage[] =
	"  --listen unix:PATH      socket to listen at\n"
	"  --listen tcp:HOST:PORT  the same; without HOST 127.0.0.1, port 0 takes a free one\n"
	"  --state FILE            the chip; made if there is none\n"
	"  --clock real|virtual    real is the default; virtual is for clients that send DELAY\n"
	"  --profile NAME          kind of chip, trust-x (the default) or trust-m1\n"
	"  --scale FACTOR          times of the chip, 1 is the default\n"
	"  --jitter SEED           draw execution times between 0.7 and 1.5 of the profile\n"
	"  --nack US               how long the chip checks a frame it received\n"
	"  --seed N                make a new chip reproducible\n"
	"  --sync                  sync the file after each change\n";

static enum trustx_err set_listen(struct serve_options *opt, const char *value)
{
	opt->listen = value;
	return TRUSTX_OK;
}

static enum trustx_err set_state(struct serve_options *opt, const char *value)
{
	opt->state = value;
	return value[0] != '\0' ? TRUSTX_OK : TRUSTX_ERR_INPUT;
}

static enum trustx_err set_clock(struct serve_options *opt, const char *value)
{
	opt->chip.real_clock = strcmp(value, "real") == 0;
	return opt->chip.real_clock || strcmp(value, "virtual") == 0 ? TRUSTX_OK : TRUSTX_ERR_INPUT;
}

static enum trustx_err set_profile(struct serve_options *opt, const char *value)
{
	opt->chip.profile = value;
	return TRUSTX_OK;
}

static enum trustx_err set_scale(struct serve_options *opt, const char *value)
{
	opt->chip.has_scale = true;
	return num_parse_milli(&opt->chip.scale_milli, value);
}

static enum trustx_err set_jitter(struct serve_options *opt, const char *value)
{
	opt->chip.has_jitter = true;
	return num_parse(&opt->chip.jitter, value);
}

static enum trustx_err set_seed(struct serve_options *opt, const char *value)
{
	opt->chip.has_seed = true;
	return num_parse(&opt->chip.seed, value);
}

static enum trustx_err set_nack(struct serve_options *opt, const char *value)
{
	uint64_t us = 0;
	enum trustx_err err = num_parse_range(&us, value, 0, UINT32_MAX);

	opt->chip.has_nack = true;
	opt->chip.nack_us = (uint32_t)us;
	return err;
}

static enum trustx_err set_sync(struct serve_options *opt, const char *value)
{
	(void)value;
	opt->chip.sync = true;
	return TRUSTX_OK;
}

static const struct option {
	const char *name;
	const char *expects; /* NULL: takes no value */
	enum trustx_err (*set)(struct serve_options *opt, const char *value);
} options[] = {
	{ "listen", "unix:PATH or tcp:HOST:PORT", set_listen },
	{ "state", "the name of a file", set_state },
	{ "clock", "real or virtual", set_clock },
	{ "profile", "the name of a profile", set_profile },
	{ "scale", "a factor with up to three decimal places", set_scale },
	{ "jitter", "a number of up to 64 bits", set_jitter },
	{ "nack", "a number of microseconds of up to 32 bits", set_nack },
	{ "seed", "a number of up to 64 bits", set_seed },
	{ "sync", NULL, set_sync },
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* arg is --NAME or --NAME=VALUE; *value is NULL without a '='. */
static const struct option *find_option(const char **value, const char *arg)
{
	size_t len = strcspn(arg, "=");

	*value = arg[len] == '=' ? arg + len + 1 : NULL;
	for (size_t i = 0; len > 2 && memcmp(arg, "--", 2) == 0 && i < OPTIONS; i++)
		if (strlen(options[i].name) == len - 2 &&
			memcmp(options[i].name, arg + 2, len - 2) == 0)
			return &options[i];
	return NULL;
}

static enum trustx_err usage_error(struct fail *f)
{
	return fail_next(f, "the options are --listen URI --state FILE [--clock real|virtual]"
			    " [--profile NAME] [--scale FACTOR] [--jitter SEED] [--nack US]"
			    " [--seed N] [--sync]");
}

static enum trustx_err apply(
	struct serve_options *opt, const struct option *option, const char *value, struct fail *f)
{
	if (value == NULL && option->expects != NULL)
		return fail_set(f, TRUSTX_ERR_USAGE, "--%s has no value", option->name);
	if (value != NULL && option->expects == NULL)
		return fail_set(f, TRUSTX_ERR_USAGE, "--%s takes no value", option->name);
	if (option->set(opt, value) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "--%s %.100s is not %s", option->name, value,
			option->expects);
	return TRUSTX_OK;
}

enum trustx_err serve_parse(struct serve_options *opt, int argc, char *const argv[], struct fail *f)
{
	const struct option *option;
	enum trustx_err err;
	const char *value;

	memset(opt, 0, sizeof(*opt));
	opt->chip.real_clock = true;
	for (int i = 0; i < argc; i++) {
		if ((option = find_option(&value, argv[i])) == NULL) {
			fail_set(f, TRUSTX_ERR_USAGE, "there is no option '%.100s'", argv[i]);
			return usage_error(f);
		}
		if (value == NULL && option->expects != NULL && i + 1 < argc)
			value = argv[++i];
		if ((err = apply(opt, option, value, f)) != TRUSTX_OK)
			return err;
	}
	if (opt->listen == NULL || opt->state == NULL) {
		fail_set(f, TRUSTX_ERR_USAGE, "--%s is missing",
			opt->listen == NULL ? "listen" : "state");
		return usage_error(f);
	}
	return TRUSTX_OK;
}
