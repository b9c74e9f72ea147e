/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "doctor.h"

#include "walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define YEARS_20 (20LL * 365 * 24 * 60 * 60)

const char *doctor_state_text(enum doctor_state state)
{
	switch (state) {
	case DOCTOR_OK:
		return "ok";
	case DOCTOR_FAULT:
		return "fault";
	case DOCTOR_NOT_CHECKED:
		break;
	}
	return "not checked";
}

const char *doctor_state_name(enum doctor_state state)
{
	return state == DOCTOR_NOT_CHECKED ? "not_checked" : doctor_state_text(state);
}

static void set(struct walk *w, enum doctor_state state, const char *fmt, va_list ap)
{
	struct doctor_layer *layer = &w->d->layers[w->layer];

	layer->state = state;
	vsnprintf(layer->text, sizeof(layer->text), fmt, ap);
}

void walk_ok(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(w, DOCTOR_OK, fmt, ap);
	va_end(ap);
}

void walk_skip(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(w, DOCTOR_NOT_CHECKED, fmt, ap);
	va_end(ap);
}

void walk_fault(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(w, DOCTOR_FAULT, fmt, ap);
	va_end(ap);
}

static void conclude(struct walk *w, const char *cause, const struct cause_words *words)
{
	struct doctor *d = w->d;

	d->cause = cause_find(cause);
	/* A bus that names a cause which the table lacks is still explained by its own words. */
	if (d->cause == NULL)
		d->cause = cause_find("device-unusable");
	d->err = d->cause->err;
	snprintf(d->why, sizeof(d->why), "%s", d->layers[w->layer].text);
	cause_command(d->command, d->cause, words);
}

void walk_found(struct walk *w, const char *cause, const char *fmt, ...)
{
	struct cause_words words = { .uri = NULL };
	va_list ap;

	walk_words(w, &words);
	va_start(ap, fmt);
	set(w, DOCTOR_FAULT, fmt, ap);
	va_end(ap);
	conclude(w, cause, &words);
}

void walk_found_words(
	struct walk *w, const char *cause, const struct cause_words *words, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(w, DOCTOR_FAULT, fmt, ap);
	va_end(ap);
	conclude(w, cause, words);
}

/* Certificates get their dates from it. The program cannot be older than itself. */
static void walk_clock(struct walk *w)
{
	const time_t now = time(NULL);
	const long long built = TRUSTX_BUILD_TIME;
	char text[32] = "?";
	struct tm tm;

	if (gmtime_r(&now, &tm) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	if (now < built)
		walk_found(w, "clock-wrong", "it shows %s, which was before this program was made",
			text);
	else if (now - built > YEARS_20)
		walk_found(w, "clock-wrong", "it shows %s, 20 years after this program was made",
			text);
	else
		walk_ok(w, "%s", text);
}

static void (*const checks[LAYER_COUNT])(struct walk *w) = {
	[LAYER_DEVICE] = walk_device,
	[LAYER_NODE] = walk_node,
	[LAYER_PERMISSION] = walk_permission,
	[LAYER_GROUP] = walk_group,
	[LAYER_DRIVER] = walk_driver,
	[LAYER_LOCK] = walk_lock,
	[LAYER_LINES] = walk_lines,
	[LAYER_ADDRESS] = walk_address,
	[LAYER_STATE] = walk_state,
	[LAYER_NEGOTIATION] = walk_negotiation,
	[LAYER_APPLICATION] = walk_application,
	[LAYER_UID] = walk_uid,
	[LAYER_LIFE_CYCLE] = walk_life_cycle,
	[LAYER_FRAMES] = walk_frames,
	[LAYER_SEC] = walk_sec,
	[LAYER_CLOCK] = walk_clock,
};

/* The rules that come with trustx are for the USB bridge, however it is reached. */
static const char *finer(const struct walk *w, const char *cause)
{
	if (strcmp(cause, "udev-rule-missing") == 0 && w->kind == WALK_I2C &&
		strncmp(w->found.name, "FT260", 5) != 0)
		return "i2c-rule-missing";
	return cause;
}

/* What the bus itself said when it was opened belongs to the layer of that cause. */
static void check(struct walk *w)
{
	const struct cause *said = cause_find(w->open_fail.cause);

	checks[w->layer](w);
	if (w->d->cause == NULL && w->layer > LAYER_DEVICE && w->opened != TRUSTX_OK &&
		said != NULL && said->layer == w->layer)
		walk_found(w, finer(w, said->name), "%s", w->open_fail.why);
}

enum trustx_err doctor_run(struct doctor *d, const struct doctor_options *opt, struct fail *f)
{
	struct walk w = { .d = d, .opt = opt };
	enum cause_layer last = LAYER_DEVICE;

	memset(d, 0, sizeof(*d));
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		w.layer = (enum cause_layer)i;
		if (d->cause != NULL) {
			walk_skip(&w, "because of: %s", cause_layer_text(last));
			continue;
		}
		if (opt->doing != NULL)
			opt->doing(opt->ctx, w.layer);
		check(&w);
		last = w.layer;
	}
	trustx_close(&w.se);
	trustx_bus_close(&w.bus);
	if (w.opened == TRUSTX_ERR_MEMORY)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	return TRUSTX_OK;
}
