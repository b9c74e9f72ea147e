/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "interrupt.h"
#include "scan.h"
#include "words.h"

struct scan_args {
	bool all_addresses;
};

static void print_chip(struct out *o, const struct scan_way *w)
{
	char build[8];

	if (w->state != SCAN_CHIP) {
		out_null(o, "chip");
		return;
	}
	snprintf(build, sizeof(build), "%04x", trustx_uid_build(w->uid));
	out_object(o, "chip");
	out_str(o, "family", NULL, w->family == TRUSTX_FAMILY_M ? "trust-m" : "trust-x");
	out_hex(o, "uid", NULL, w->uid, sizeof(w->uid));
	out_str(o, "firmware_build", NULL, build);
	out_object(o, "life_cycle");
	out_str(o, "chip", NULL, words_lcs_text(w->lcsg));
	out_str(o, "application", NULL, words_lcs_text(w->lcsa));
	out_end(o);
	out_end(o);
}

/* "Trust X, UID ..., ..." or why there is none. */
static void chip_text(char *out, size_t cap, const struct scan_way *w)
{
	char uid[2 * TRUSTX_UID_LEN + 1];

	if (w->state != SCAN_CHIP) {
		snprintf(out, cap, "%s", w->text);
		return;
	}
	for (size_t i = 0; i < TRUSTX_UID_LEN; i++)
		snprintf(uid + 2 * i, 3, "%02x", w->uid[i]);
	snprintf(out, cap, "Trust %s, UID %s, firmware %04x, chip %s, application %s",
		w->family == TRUSTX_FAMILY_M ? "M" : "X", uid, trustx_uid_build(w->uid),
		words_lcs_text(w->lcsg), words_lcs_text(w->lcsa));
}

/* " (bcm2835 (i2c@7e804000), driver i2c-bcm2835)", as far as it is known. */
static void way_text(char *out, size_t cap, const struct scan_way *w)
{
	const struct trustx_bus_found *way = &w->way;
	const struct {
		const char *label, *text;
	} parts[] = {
		{ "", way->name },
		{ "serial ", way->serial },
		{ "at ", strstr(way->uri, way->path) == NULL ? way->path : "" },
		{ "driver ", way->driver },
		{ "", w->source == SCAN_ENV ? "TRUSTX_DEVICE" : "" },
	};
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && n < cap; i++)
		if (parts[i].text[0] != '\0')
			n += (size_t)snprintf(out + n, cap - n, "%s%s%s", n > 0 ? ", " : " (",
				parts[i].label, parts[i].text);
	if (n > 0 && n + 1 < cap)
		snprintf(out + n, cap - n, ")");
}

static void print_addresses(struct out *o, const struct scan_way *w)
{
	char uri[300], quoted[320], text[8];

	if (!w->addresses_asked) {
		out_null(o, "addresses");
		return;
	}
	out_array(o, "addresses");
	for (unsigned a = SCAN_FIRST_ADDR; a <= SCAN_LAST_ADDR; a++) {
		if (w->addresses[a] == SCAN_NOBODY)
			continue;
		scan_uri_at(uri, sizeof(uri), w->way.uri, (uint8_t)a);
		cause_quote(quoted, sizeof(quoted), uri);
		snprintf(text, sizeof(text), "0x%02x", a);
		out_object(o, NULL);
		out_str(o, "address", NULL, text);
		out_str(o, "uri", NULL, uri);
		out_bool(o, "taken", w->addresses[a] == SCAN_KERNEL);
		out_end(o);
		out_line(o, "%s: %s", quoted,
			w->addresses[a] == SCAN_KERNEL ? "taken by a driver of the kernel, not read"
			: a == w->addr && w->state == SCAN_CHIP ? "the chip"
								: "something answers");
	}
	out_end(o);
}

static void print_way(struct out *o, const struct scan_way *w)
{
	char quoted[320], chip[560], way[560];

	cause_quote(quoted, sizeof(quoted), w->way.uri);
	chip_text(chip, sizeof(chip), w);
	way_text(way, sizeof(way), w);
	out_line(o, "%s: %s%s", quoted, chip, way);
	out_object(o, NULL);
	out_str(o, "uri", NULL, w->way.uri);
	out_str(o, "source", NULL, scan_source_name(w->source));
	out_str(o, "name", NULL, w->way.name);
	out_str(o, "driver", NULL, w->way.driver);
	out_str(o, "serial", NULL, w->way.serial);
	out_str(o, "path", NULL, w->way.path);
	out_str(o, "state", NULL, scan_state_name(w->state));
	out_str(o, "text", NULL, chip);
	print_chip(o, w);
	print_addresses(o, w);
	out_end(o);
}

static enum trustx_err nothing(struct tool *t, const struct scan *s)
{
	char quoted[320];

	if (s->count == 0) {
		fail_set(&t->fail, TRUSTX_ERR_NO_DEVICE,
			"this computer has no adapter through which a chip could be reached");
		return fail_next(&t->fail, "trustx doctor");
	}
	cause_quote(quoted, sizeof(quoted), s->at[0].way.uri);
	fail_set(&t->fail, TRUSTX_ERR_NO_DEVICE, "no chip was found");
	return fail_next(&t->fail, "this finds out why: trustx doctor -d %s", quoted);
}

static enum trustx_err look(struct tool *t, struct scan_way *w, const struct scan_args *a)
{
	progress_show(&t->progress, "%s", w->way.uri);
	scan_look(w);
	if (a->all_addresses && w->state != SCAN_UNUSABLE) {
		progress_show(&t->progress, "%s, all addresses", w->way.uri);
		scan_addresses(w);
	}
	print_way(&t->out, w);
	return interrupt_check(&t->fail);
}

static enum scan_source source_of(const struct tool *t)
{
	const char *env = getenv("TRUSTX_DEVICE");

	if (t->globals.device == NULL || t->globals.device[0] == '\0')
		return SCAN_SYSTEM;
	return t->globals.device == env ? SCAN_ENV : SCAN_OPTION;
}

static enum trustx_err run_scan(struct tool *t, const void *values)
{
	struct scan s;
	size_t chips = 0;
	enum trustx_err err;

	if ((err = scan_list(&s, t->globals.device, source_of(t), &t->fail)) != TRUSTX_OK)
		return err;
	out_array(&t->out, "devices");
	for (size_t i = 0; i < s.count && err == TRUSTX_OK; i++) {
		err = look(t, &s.at[i], values);
		chips += s.at[i].state == SCAN_CHIP;
	}
	out_end(&t->out);
	out_num(&t->out, "chips", NULL, chips);
	if (err == TRUSTX_OK) {
		out_stand(&t->out);
		err = chips == 0 ? nothing(t, &s) : TRUSTX_OK;
	}
	scan_free(&s);
	return err;
}

static const struct opt scan_opts[] = {
	{ .kind = OPT_FLAG,
		.name = "all-addresses",
		.help = "read a byte at every other address, too: which answer",
		.at = offsetof(struct scan_args, all_addresses) },
	{ .kind = OPT_END },
};

const struct cmd cmd_scan = {
	.noun = "scan",
	.help = "List every way to reach a chip from this computer, and the chips that answer.",
	.opts = scan_opts,
	.flags = CMD_CHIP,
	.run = run_scan,
};
