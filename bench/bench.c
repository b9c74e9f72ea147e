/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * trustx-bench [--json] [--check] [--program TRUSTX]: time of each operation on the simulator's
 * virtual clock beside the shortest possible. Means over 100 seeds with execution times drawn
 * between 0.7 and 1.5 of the profile; the exact profile beside it. --check: only what has a target
 * on this clock; a target that is missed is exit 1.
 */
#include "device.h"
#include "process.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TARGET_ROW	   1.10
#define TARGET_PERSONALIZE 1.05 /* at 400 kHz */
#define TARGET_USB	   1.25 /* personalize through an FT260 */
#define TARGET_FASTER	   3.0	/* than a patient host through one */
#define PATIENT_FRAME	   55u	/* with its register byte it fits into one report */
#define TARGET_PACE	   1.30 /* on chips 3 times slower or faster */
#define TARGET_CSR_MS	   50.0
#define TARGET_CSR_KIB	   (20.0 * 1024)
#define NO_TARGET	   0

struct bench {
	bool json, check;
	const char *program;
	struct ca *ca;
	unsigned missed;
};

struct row {
	const char *kind, *name;
	const struct conditions *c;
	double target; /* of the ratio of mean */
	const struct result *mean, *exact;
};

static void judge(struct bench *b, const struct row *row, double ratio)
{
	if (row->target == NO_TARGET || (ratio >= 1.0 && ratio <= row->target))
		return;
	b->missed++;
	fprintf(stderr, "bench: %s at %u kHz: the ratio %.4f is %s\n", row->name,
		(unsigned)(row->c->opt.speed_hz / 1000), ratio,
		ratio < 1 ? "below 1: the limit is wrong" : "above the target");
}

static void print_row(struct bench *b, const struct row *row)
{
	const struct result *mean = row->mean, *exact = row->exact;
	const double ratio = mean->us / mean->limit_us;

	judge(b, row, ratio);
	if (b->json)
		printf("{\"schema\":\"trustx.bench/1\",\"kind\":\"%s\",\"operation\":\"%s\","
		       "\"hz\":%u,\"scale\":%.3f,\"flags\":%u,\"mean_us\":%.1f,\"limit_us\":%.1f,"
		       "\"ratio\":%.4f,\"exact_us\":%.1f,\"exact_ratio\":%.4f,"
		       "\"transactions\":%.1f,\"bytes\":%.1f}\n",
			row->kind, row->name, (unsigned)row->c->opt.speed_hz,
			row->c->scale > 0 ? row->c->scale : 1.0, row->c->opt.flags, mean->us,
			mean->limit_us, ratio, exact->us, exact->us / exact->limit_us,
			mean->transfers, mean->bytes);
	else
		printf("%5u  %-17s %9.2f %9.2f  %5.3f  %9.2f  %5.3f  %6.1f %7.1f\n",
			(unsigned)(row->c->opt.speed_hz / 1000), row->name, mean->us / 1000,
			mean->limit_us / 1000, ratio, exact->us / 1000, exact->us / exact->limit_us,
			mean->transfers, mean->bytes);
}

static void print_head(const struct bench *b, const char *title)
{
	if (!b->json)
		printf("\n%s\n  kHz  operation           mean ms  limit ms  ratio   exact ms  "
		       "ratio  trans.   bytes\n",
			title);
}

static double target(const char *kind, const struct op *op, const struct conditions *c)
{
	if (strcmp(kind, "flags") == 0 || c->patience != PATIENCE_NONE)
		return NO_TARGET;
	if (c->usb)
		return TARGET_USB;
	if (c->scale > 0)
		return TARGET_PACE;
	return op == NULL && c->opt.speed_hz == 400000 ? TARGET_PERSONALIZE : TARGET_ROW;
}

/* op NULL: personalize. */
static enum trustx_err run_one(
	struct result *r, const struct bench *b, const struct op *op, const struct conditions *c)
{
	struct meter m;

	return op != NULL ? measure(r, op, c) : device_personalize(r, &m, b->ca, c);
}

static enum trustx_err add_row(struct result *mean, struct bench *b, const char *kind,
	const struct op *op, const struct conditions *c)
{
	struct conditions exactly = *c;
	struct result exact;
	struct row row = { kind, op != NULL ? op->name : "personalize", c, target(kind, op, c),
		mean, &exact };
	enum trustx_err err;

	exactly.seeds = 1;
	if ((err = run_one(mean, b, op, c)) == TRUSTX_OK)
		err = run_one(&exact, b, op, &exactly);
	if (err == TRUSTX_OK)
		print_row(b, &row);
	return err;
}

static enum trustx_err add_rows(struct bench *b, const char *kind, const struct conditions *c)
{
	enum trustx_err err = TRUSTX_OK;
	struct result mean;

	for (size_t i = 0; i <= ops_count && err == TRUSTX_OK; i++)
		err = add_row(&mean, b, kind, i < ops_count ? &ops[i] : NULL, c);
	return err;
}

static struct conditions usual(uint32_t hz, unsigned seeds)
{
	return (struct conditions){ .opt = { .speed_hz = hz, .frame_size = TRUSTX_FRAME_MAX },
		.seeds = seeds };
}

static enum trustx_err speeds(struct bench *b)
{
	static const uint32_t hz[] = { 100000, 400000, 1000000 };
	enum trustx_err err = TRUSTX_OK;

	print_head(b, "means of 100 seeds, and the profile exactly");
	for (size_t i = 0; i < sizeof(hz) / sizeof(hz[0]) && err == TRUSTX_OK; i++) {
		const struct conditions c = usual(hz[i], SEEDS);

		err = add_rows(b, "operation", &c);
	}
	return err;
}

/*
 * What a host takes that is in no hurry, and how many times as long that is. Looking before each
 * frame is Infineon's way.
 */
static enum trustx_err patient(
	struct bench *b, enum patience patience, double ours_us, double target_times)
{
	struct conditions c = usual(400000, SEEDS);
	struct result mean;
	enum trustx_err err;

	print_head(b,
		patience == PATIENCE_BETWEEN
			? "the same, frames of 55 bytes, status after every report, 5 ms between "
			  "looks at I2C_STATE"
			: "the same, 5 ms before every look, of which there is one before each "
			  "frame, too");
	c.usb = true;
	c.patience = patience;
	c.opt.frame_size = PATIENT_FRAME;
	if (patience == PATIENCE_BEFORE)
		c.opt.flags = TRUSTX_LOOK_FIRST | TRUSTX_POLL_AT_ONCE;
	if ((err = add_row(&mean, b, "patient", NULL, &c)) != TRUSTX_OK)
		return err;
	if (!b->json)
		printf("%.2f times as long\n", mean.us / ours_us);
	if (mean.us < target_times * ours_us) {
		b->missed++;
		fprintf(stderr,
			"bench: a patient host through an FT260 takes only %.2f times as "
			"long\n",
			mean.us / ours_us);
	}
	return TRUSTX_OK;
}

static enum trustx_err usb(struct bench *b)
{
	struct conditions c = usual(400000, SEEDS);
	struct result mean, fast;
	enum trustx_err err;

	print_head(b, "through an FT260 on full-speed USB");
	c.usb = true;
	if ((err = add_row(&mean, b, "usb", NULL, &c)) != TRUSTX_OK)
		return err;
	c.opt.speed_hz = 1000000;
	if ((err = add_row(&fast, b, "usb", NULL, &c)) != TRUSTX_OK)
		return err;
	if ((err = patient(b, PATIENCE_BETWEEN, mean.us, 1)) != TRUSTX_OK)
		return err;
	return patient(b, PATIENCE_BEFORE, mean.us, TARGET_FASTER);
}

static enum trustx_err paces(struct bench *b)
{
	static const double scales[] = { 3, 0.333 };
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < 2 && err == TRUSTX_OK; i++) {
		struct conditions c = usual(400000, 1);

		c.scale = scales[i];
		print_head(b, i == 0 ? "a chip three times slower" : "a chip three times faster");
		err = add_rows(b, "pace", &c);
	}
	return err;
}

static enum trustx_err ways(struct bench *b)
{
	static const struct {
		uint8_t flags;
		const char *title;
	} ways[] = {
		{ TRUSTX_LOOK_FIRST, "state read before each frame" },
		{ TRUSTX_POLL_AT_ONCE, "answer asked for from the start" },
		{ TRUSTX_LOOK_FIRST | TRUSTX_POLL_AT_ONCE, "both, as Infineon's host does" },
		{ TRUSTX_ACK_LATER, "answers acknowledged by the next command" },
	};
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && err == TRUSTX_OK; i++) {
		struct conditions c = usual(400000, SEEDS);

		c.opt.flags = ways[i].flags;
		print_head(b, ways[i].title);
		err = add_rows(b, "flags", &c);
	}
	return err;
}

/* Until until_us, when the next command begins. */
static void print_command(const struct bench *b, const struct meter_command *c, uint64_t until_us,
	const struct limit_link *link)
{
	const double limit_us =
		limit_command(link, c->cmd_len, c->answer_len, c->execution_ns) / 1000;
	const double us = (double)(until_us - c->begin_us), chip_us = c->execution_ns / 1000;
	const double wire_us = c->wire_ns / 1000;

	if (b->json)
		printf("{\"schema\":\"trustx.bench/1\",\"kind\":\"command\",\"code\":%u,"
		       "\"param\":%u,\"oid\":%u,\"sent_bytes\":%zu,\"answer_bytes\":%zu,"
		       "\"begin_us\":%llu,\"us\":%.1f,\"limit_us\":%.1f,\"needed\":%s,"
		       "\"chip_us\":%.1f,\"wire_us\":%.1f}\n",
			c->code, c->param, c->oid, c->cmd_len, c->answer_len,
			(unsigned long long)c->begin_us, us, limit_us,
			meter_is_size(c) ? "false" : "true", chip_us, wire_us);
	else
		printf("   %02X %02X  %04X   %5zu  %5zu %9.2f %9.2f %9.2f %9.2f %9.2f%s\n", c->code,
			c->param, c->oid, c->cmd_len, c->answer_len, us / 1000, limit_us / 1000,
			chip_us / 1000, wire_us / 1000, (us - chip_us - wire_us) / 1000,
			meter_is_size(c) ? "  not in the limit of all" : "");
}

/* Where the time of one personalize goes. */
static enum trustx_err story(struct bench *b)
{
	struct meter m;
	const struct conditions c = usual(400000, 1);
	const struct limit_link link = { c.opt.speed_hz, c.opt.frame_size, c.usb };
	struct result r;
	enum trustx_err err;

	if ((err = device_personalize(&r, &m, b->ca, &c)) != TRUSTX_OK)
		return err;
	if (b->json)
		printf("{\"schema\":\"trustx.bench/1\",\"kind\":\"bring-up\",\"begin_us\":%llu,"
		       "\"us\":%.1f,\"limit_us\":%.1f,\"chip_us\":%.1f,\"wire_us\":%.1f}\n",
			(unsigned long long)m.begin_us,
			(double)(m.commands[0].begin_us - m.begin_us),
			limit_bring_up(&link, START_UP_NS) / 1000, START_UP_NS / 1000,
			m.bring_up_wire_ns / 1000);
	else
		printf("\nthe commands of one personalize at 400 kHz, times in ms; reset and "
		       "negotiation before them: %.2f\n   command   oid    sent answer     total"
		       "     limit      chip      wire   waiting\n",
			(double)(m.commands[0].begin_us - m.begin_us) / 1000);
	for (size_t i = 0; i < m.count; i++)
		print_command(b, &m.commands[i],
			i + 1 < m.count ? m.commands[i + 1].begin_us : m.commands[i].end_us, &link);
	return TRUSTX_OK;
}

static void print_process(struct bench *b, const char *name, const struct process *p)
{
	if (b->json)
		printf("{\"schema\":\"trustx.bench/1\",\"kind\":\"process\",\"command\":\"%s\","
		       "\"wall_ms\":%.1f,\"peak_kib\":%.0f}\n",
			name, p->wall_ms, p->peak_kib);
	else
		printf("%-18s %7.1f ms  %7.0f KiB\n", name, p->wall_ms, p->peak_kib);
}

static enum trustx_err processes(struct bench *b)
{
	static const char *const info[] = { "trustx", "-d", PROCESS_CHIP, "info", NULL };
	static const char *const csr[] = { "trustx", "-d", PROCESS_CHIP, "csr", "create",
		"--subject", "CN=bench", "--state", "state-csr", NULL };
	struct process p;
	enum trustx_err err;

	if (b->program == NULL)
		return TRUSTX_OK;
	if (!b->json)
		printf("\nthe program, medians of %u runs at scale 0\n", PROCESS_RUNS);
	if ((err = process_measure(&p, b->program, info)) != TRUSTX_OK)
		return err;
	print_process(b, "trustx info", &p);
	if ((err = process_measure(&p, b->program, csr)) != TRUSTX_OK)
		return err;
	print_process(b, "trustx csr create", &p);
	if (p.wall_ms > TARGET_CSR_MS || p.peak_kib > TARGET_CSR_KIB) {
		b->missed++;
		fprintf(stderr, "bench: trustx csr create misses its target\n");
	}
	return TRUSTX_OK;
}

static enum trustx_err throughput(struct bench *b)
{
	double per_second;
	enum trustx_err err = device_throughput(&per_second, b->ca);

	if (err != TRUSTX_OK)
		return err;
	if (b->json)
		printf("{\"schema\":\"trustx.bench/1\",\"kind\":\"throughput\","
		       "\"personalizations_per_second\":%.0f}\n",
			per_second);
	else
		printf("%-18s %7.0f in a second\n", "personalized chips", per_second);
	return TRUSTX_OK;
}

static enum trustx_err run(struct bench *b)
{
	enum trustx_err err;

	if (!b->check && (err = processes(b)) != TRUSTX_OK)
		return err;
	if ((err = device_init(&b->ca)) != TRUSTX_OK)
		return err;
	if (!b->check && (err = throughput(b)) != TRUSTX_OK)
		goto out;
	if ((err = speeds(b)) != TRUSTX_OK || (err = usb(b)) != TRUSTX_OK ||
		(err = paces(b)) != TRUSTX_OK)
		goto out;
	if (b->check)
		goto out;
	if ((err = ways(b)) == TRUSTX_OK)
		err = story(b);
out:
	ca_close(b->ca);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

int main(int argc, char **argv)
{
	/* Files in memory, if the system has that: the clock of the chip does not care. */
	char dir[] = "/dev/shm/trustx-bench-XXXXXX";
	struct bench b = { 0 };
	enum trustx_err err;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			b.json = true;
		} else if (strcmp(argv[i], "--check") == 0) {
			b.check = true;
		} else if (strcmp(argv[i], "--program") == 0 && i + 1 < argc) {
			b.program = argv[++i];
		} else {
			fprintf(stderr,
				"usage: trustx-bench [--json] [--check] [--program TRUSTX]\n");
			return 2;
		}
	}
	if (mkdtemp(dir) == NULL || chdir(dir) != 0) {
		fprintf(stderr, "bench: no folder to work in\n");
		return 1;
	}
	err = run(&b);
	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return err == TRUSTX_OK && b.missed == 0 ? 0 : 1;
}
