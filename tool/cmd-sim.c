/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "options.h"
#include "server.h"
#include "sim.h"
#include "words.h"

#include <string.h>

#define ROOT_MAX    ((size_t)8192)
#define SECONDS_MAX (UINT32_MAX)

/* The options of a simulated chip, as sim new and sim serve take them. */
struct chip_args {
	const char *profile, *clock;
	struct opt_number scale, jitter, nack, seed;
	bool sync;
};

struct sim_args {
	const char *file, *listen, *out;
	struct opt_number seconds, after;
	struct chip_args chip;
};

static enum trustx_err chip_options(
	struct tool *t, struct sim_options *opt, const struct chip_args *a)
{
	memset(opt, 0, sizeof(*opt));
	if (a->clock != NULL && strcmp(a->clock, "real") != 0 && strcmp(a->clock, "virtual") != 0)
		return fail_set(&t->fail, TRUSTX_ERR_INPUT,
			"--clock: '%.60s' is none of real, virtual", a->clock);
	if (a->nack.v > UINT32_MAX)
		return fail_set(&t->fail, TRUSTX_ERR_INPUT, "--nack is too big");
	opt->profile = a->profile;
	opt->real_clock = a->clock != NULL && strcmp(a->clock, "real") == 0;
	opt->sync = a->sync;
	opt->has_scale = a->scale.given;
	opt->scale_milli = (uint32_t)a->scale.v;
	opt->has_jitter = a->jitter.given;
	opt->jitter = a->jitter.v;
	opt->has_nack = a->nack.given;
	opt->nack_us = (uint32_t)a->nack.v;
	opt->has_seed = a->seed.given;
	opt->seed = a->seed.v;
	return TRUSTX_OK;
}

static void print_counts(struct out *o, const char *key, const char *label,
	const uint32_t counts[static SIM_KEY_SLOTS])
{
	out_line(o, "%-16s%u %u %u %u (slots 0 to 3)", label, counts[0], counts[1], counts[2],
		counts[3]);
	out_array(o, key);
	for (size_t i = 0; i < SIM_KEY_SLOTS; i++)
		out_num(o, NULL, NULL, counts[i]);
	out_end(o);
}

static void print_power(struct out *o, const struct sim_info *info)
{
	if (info->pending)
		out_line(o, "%-16s%s", "Programming:", "was cut; the next start ends it");
	out_bool(o, "programming_cut", info->pending);
	if (info->cut_after > 0)
		out_line(o, "%-16sat commit point %u from now", "Power cut:", info->cut_after);
	out_num(o, "power_cut_after", NULL, info->cut_after);
}

static void print_cycles(struct out *o, const struct sim_info *info)
{
	const struct sim_cycles *c;

	out_array(o, "cycles");
	for (size_t i = 0; i < info->objects; i++) {
		c = &info->cycles[i];
		out_line(o, "Cycles 0x%04X:  %u", c->oid, c->count);
		out_object(o, NULL);
		out_oid(o, "oid", c->oid);
		out_num(o, "count", NULL, c->count);
		out_end(o);
	}
	out_end(o);
}

/* before NULL: nothing has happened to the counter. */
static void print_sec(struct out *o, uint8_t sec, const uint8_t *before)
{
	if (before == NULL) {
		out_line(o, "%-16ssecurity event counter at %u of 255", "Throttling:", sec);
	} else {
		out_line(o, "%-16ssecurity event counter at %u of 255, %u before the rest",
			"Throttling:", sec, *before);
		out_num(o, "sec_before", NULL, *before);
	}
	out_num(o, "sec", NULL, sec);
}

static enum trustx_err print_chip(struct tool *t, const char *file, const uint8_t *sec_before)
{
	struct out *o = &t->out;
	struct sim_info info;
	enum trustx_err err;

	if ((err = sim_info(&info, file, &t->fail)) != TRUSTX_OK)
		return err;
	out_str(o, "file", "File:", file);
	out_str(o, "profile", "Profile:", info.profile);
	out_hex(o, "uid", "UID:", info.uid, sizeof(info.uid));
	print_sec(o, info.sec, sec_before);
	out_line(o, "%-16schip %s, application %s", "Life cycle:", words_lcs_text(info.lcsg),
		words_lcs_text(info.lcsa));
	out_object(o, "life_cycle");
	out_str(o, "chip", NULL, words_lcs_text(info.lcsg));
	out_str(o, "application", NULL, words_lcs_text(info.lcsa));
	out_end(o);
	print_counts(o, "key_generations", "Keys made:", info.key_generations);
	print_counts(o, "key_uses", "Keys used:", info.key_uses);
	out_num(o, "nvm_writes", "NVM writes:", info.nvm_writes);
	print_cycles(o, &info);
	print_power(o, &info);
	return TRUSTX_OK;
}

static enum trustx_err run_new(struct tool *t, const void *values)
{
	const struct sim_args *a = values;
	struct sim_options opt;
	enum trustx_err err;

	if ((err = chip_options(t, &opt, &a->chip)) != TRUSTX_OK ||
		(err = sim_new(a->file, &opt, &t->fail)) != TRUSTX_OK)
		return err;
	return print_chip(t, a->file, NULL);
}

static enum trustx_err run_info(struct tool *t, const void *values)
{
	const struct sim_args *a = values;

	return print_chip(t, a->file, NULL);
}

static enum trustx_err run_rest(struct tool *t, const void *values)
{
	const struct sim_args *a = values;
	struct sim_info before;
	enum trustx_err err;

	if (a->seconds.v > SECONDS_MAX)
		return fail_set(&t->fail, TRUSTX_ERR_INPUT, "more than %u seconds", SECONDS_MAX);
	if ((err = sim_info(&before, a->file, &t->fail)) != TRUSTX_OK ||
		(err = sim_rest(a->file, (uint32_t)a->seconds.v, &t->fail)) != TRUSTX_OK)
		return err;
	return print_chip(t, a->file, &before.sec);
}

static enum trustx_err run_power_cut(struct tool *t, const void *values)
{
	const struct sim_args *a = values;
	uint64_t after = a->after.given ? a->after.v : 1;
	enum trustx_err err;

	if (after > UINT32_MAX)
		return fail_set(
			&t->fail, TRUSTX_ERR_INPUT, "more than %u commit points", UINT32_MAX);
	if ((err = sim_power_cut(a->file, (uint32_t)after, &t->fail)) != TRUSTX_OK)
		return err;
	return print_chip(t, a->file, NULL);
}

static enum trustx_err run_root(struct tool *t, const void *values)
{
	const struct sim_args *a = values;
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, ROOT_MAX);
	if ((err = tool_check_output(t, a->out)) == TRUSTX_OK &&
		(err = sim_root_pem(&pem, &t->fail)) == TRUSTX_OK &&
		(err = tool_output(t, a->out, pem.data, pem.len)) == TRUSTX_OK)
		out_str(&t->out, "pem", NULL, blob_text(&pem));
	blob_free(&pem);
	return err;
}

/* A server's clock is real unless told otherwise: its clients wait for themselves. */
static enum trustx_err run_serve(struct tool *t, const void *values)
{
	const struct sim_args *a = values;
	struct serve_options opt = { .listen = a->listen, .state = a->file };
	enum trustx_err err;

	if ((err = chip_options(t, &opt.chip, &a->chip)) != TRUSTX_OK)
		return err;
	opt.chip.real_clock = a->chip.clock == NULL || opt.chip.real_clock;
	return sim_serve(&opt, &t->fail);
}

#define PROFILE_OPT                                                                \
	{                                                                          \
		.kind = OPT_TEXT, .name = "profile", .value = "NAME",              \
		.help = "kind of chip: trust-x, if not given, or trust-m1",        \
		.at = offsetof(struct sim_args, chip.profile), .hint = HINT_WORDS, \
		.words = "trust-x trust-m1"                                        \
	}
#define SEED_OPT                                                                                   \
	{                                                                                          \
		.kind = OPT_NUMBER, .name = "seed", .value = "N",                                  \
		.help = "make a new chip reproducible", .at = offsetof(struct sim_args, chip.seed) \
	}
#define SYNC_OPT                                                                             \
	{                                                                                    \
		.kind = OPT_FLAG, .name = "sync", .help = "sync the file after each change", \
		.at = offsetof(struct sim_args, chip.sync)                                   \
	}

static const struct opt file_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "FILE",
		.help = "memory of the chip",
		.at = offsetof(struct sim_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

static const struct opt rest_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "FILE",
		.help = "memory of the chip",
		.at = offsetof(struct sim_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_NUMBER,
		.required = true,
		.value = "SECONDS",
		.help = "powered, idle time; the counter sinks by one in 5",
		.at = offsetof(struct sim_args, seconds) },
	{ .kind = OPT_END },
};

static const struct opt new_opts[] = {
	PROFILE_OPT,
	SEED_OPT,
	SYNC_OPT,
	{ .kind = OPT_END },
};

static const struct opt power_cut_opts[] = {
	{ .kind = OPT_NUMBER,
		.name = "after",
		.value = "N",
		.help = "at which commit point from the next start on, the first if not given; 0: "
			"none",
		.at = offsetof(struct sim_args, after) },
	{ .kind = OPT_END },
};

static const struct opt root_opts[] = {
	OUT_OPT(struct sim_args, "write the certificate there (PEM)"),
	{ .kind = OPT_END },
};

static const struct opt serve_opts[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.name = "listen",
		.value = "URI",
		.help = "unix:PATH or tcp:HOST:PORT; port 0 takes a free one",
		.at = offsetof(struct sim_args, listen),
		.hint = HINT_WORDS,
		.words = "unix: tcp:" },
	{ .kind = OPT_TEXT,
		.required = true,
		.name = "state",
		.value = "FILE",
		.help = "memory of the chip; made if there is none",
		.at = offsetof(struct sim_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_TEXT,
		.name = "clock",
		.value = "CLOCK",
		.help = "real (if not given) or virtual, for clients that send DELAY",
		.at = offsetof(struct sim_args, chip.clock),
		.hint = HINT_WORDS,
		.words = "real virtual" },
	PROFILE_OPT,
	{ .kind = OPT_MILLI,
		.name = "scale",
		.value = "FACTOR",
		.help = "times of the chip, 1 if not given",
		.at = offsetof(struct sim_args, chip.scale) },
	{ .kind = OPT_NUMBER,
		.name = "jitter",
		.value = "SEED",
		.help = "draw execution times between 0.7 and 1.5 of the profile",
		.at = offsetof(struct sim_args, chip.jitter) },
	{ .kind = OPT_NUMBER,
		.name = "nack",
		.value = "US",
		.help = "how long the chip checks a frame it received",
		.at = offsetof(struct sim_args, chip.nack) },
	SEED_OPT,
	SYNC_OPT,
	{ .kind = OPT_END },
};

const struct cmd cmd_sim_new = {
	.noun = "sim",
	.verb = "new",
	.help = "Manufacture a simulated chip into a new file.",
	.args = file_args,
	.opts = new_opts,
	.run = run_new,
};

const struct cmd cmd_sim_info = {
	.noun = "sim",
	.verb = "info",
	.help = "Look into the file of a simulated chip without switching it on.",
	.args = file_args,
	.run = run_info,
};

const struct cmd cmd_sim_rest = {
	.noun = "sim",
	.verb = "rest",
	.help = "Let a simulated chip rest powered: its security event counter sinks.",
	.args = rest_args,
	.run = run_rest,
};

const struct cmd cmd_sim_power_cut = {
	.noun = "sim",
	.verb = "power-cut",
	.help = "Let the power of a simulated chip go while it programs its memory.",
	.args = file_args,
	.opts = power_cut_opts,
	.run = run_power_cut,
};

const struct cmd cmd_sim_root = {
	.noun = "sim",
	.verb = "root",
	.help = "Print the root certificate of the simulated manufacturer.",
	.opts = root_opts,
	.run = run_root,
};

const struct cmd cmd_sim_serve = {
	.noun = "sim",
	.verb = "serve",
	.help = "Serve a simulated chip by the remote bus protocol, as trustx-sim does.",
	.opts = serve_opts,
	.run = run_serve,
};
