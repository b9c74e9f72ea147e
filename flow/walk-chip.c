/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "walk.h"

#include "device.h"
#include "probe.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS  5000u
#define SLOW_HZ	    100000u
#define FM_HZ	    400000u
#define SHORT_FRAME 55u
#define LONG_INPUT  256u /* fills a frame of 277 bytes, head and all */

#define CODE_CLOSED 0x0Cu /* SRM table 17 */

static const struct trustx_options slowly = { .timeout_ms = TIMEOUT_MS, .speed_hz = SLOW_HZ };
static const struct trustx_options in_fast_mode = { .timeout_ms = TIMEOUT_MS, .speed_hz = FM_HZ };
static const struct trustx_options in_short_frames = { .timeout_ms = TIMEOUT_MS,
	.frame_size = SHORT_FRAME };

/* ---- lock and levels ---- */

/* "in use by pid 4711" -> "4711" */
static void read_pid(char pid[static 16], const char *why)
{
	const char *at = strstr(why, "pid ");
	size_t n = 0;

	for (at = at != NULL ? at + 4 : ""; isdigit((unsigned char)*at) && n < 15; at++)
		pid[n++] = *at;
	pid[n] = '\0';
}

static void in_use(struct walk *w)
{
	char pid[16];
	struct cause_words words = { .uri = w->d->uri, .pid = pid };

	read_pid(pid, w->open_fail.why);
	/* A server does not tell who its client is. */
	walk_found_words(
		w, pid[0] != '\0' ? "in-use" : "client-connected", &words, "%s", w->open_fail.why);
}

/* The bus was opened with the device; here whatever came in between must have an end. */
void walk_lock(struct walk *w)
{
	const struct cause *said = cause_find(w->open_fail.cause);

	if (w->opened == TRUSTX_OK)
		walk_ok(w, "no other program has it");
	else if (said != NULL && strcmp(said->name, "in-use") != 0)
		walk_found(w, said->name, "%s", w->open_fail.why);
	else if (w->opened == TRUSTX_ERR_IN_USE)
		in_use(w);
	else if (w->opened == TRUSTX_ERR_PERMISSION)
		walk_found(w, "permission-denied", "%s", w->open_fail.why);
	else {
		walk_found(w, "device-unusable", "%s", w->open_fail.why);
		w->d->err = w->opened;
	}
}

void walk_lines(struct walk *w)
{
	switch (trustx_bus_lines(&w->bus)) {
	case TRUSTX_BUS_LINES_FREE:
		walk_ok(w, "SDA and SCL are high");
		break;
	case TRUSTX_BUS_LINES_HELD:
		walk_found(w, "bus-stuck", "the bus is not idle though nobody uses it");
		break;
	case TRUSTX_BUS_LINES_UNKNOWN:
		walk_skip(w, "this bus cannot tell");
		break;
	}
}

/* ---- registers ---- */

static unsigned address(const struct walk *w)
{
	return w->bus.addr != 0 ? w->bus.addr : 0x30;
}

/* Errors of the bus itself, wherever they come up. */
static bool is_bus_error(struct walk *w, enum trustx_err err)
{
	const char *reason = trustx_bus_reason(&w->bus);
	const char *cause = trustx_bus_cause(&w->bus);

	if (err != TRUSTX_ERR_BUS && err != TRUSTX_ERR_NO_DEVICE && err != TRUSTX_ERR_IN_USE)
		return false;
	if (reason[0] == '\0')
		reason = trustx_err_text(err);
	if (cause_find(cause) != NULL)
		walk_found(w, cause, "%s", reason);
	else if (err == TRUSTX_ERR_NO_DEVICE)
		walk_found(w, "adapter-gone", "%s", reason);
	else if (trustx_bus_lines(&w->bus) == TRUSTX_BUS_LINES_HELD)
		walk_found(w, "bus-stuck", "%s", reason);
	else
		walk_found(w, "adapter-failed", "%s", reason);
	return true;
}

static void nobody_answers(struct walk *w)
{
	const uint32_t hz = walk_adapter_hz(w);

	if (hz > FM_HZ)
		walk_found(w, "adapter-clock",
			"0x%02X was not acknowledged for 100 ms at %u kHz; chips come set to 400 "
			"kHz",
			address(w), hz / 1000);
	else
		walk_found(w, "no-answer", "0x%02X was not acknowledged for 100 ms", address(w));
}

void walk_address(struct walk *w)
{
	enum trustx_err err = probe_state(&w->state, &w->bus);

	if (err == TRUSTX_OK)
		walk_ok(w, "0x%02X answers", address(w));
	else if (err == TRUSTX_ERR_NACK)
		nobody_answers(w);
	else if (!is_bus_error(w, err))
		walk_found(w, "adapter-failed", "%s", trustx_err_text(err));
}

void walk_state(struct walk *w)
{
	if (!probe_is_optiga(w->state))
		walk_found(w, "foreign-device",
			"register 0x82 of 0x%02X holds %08X, which no chip of the family has there",
			address(w), (unsigned)w->state);
	else
		walk_ok(w, "%08X, a Trust %s%s", (unsigned)w->state,
			probe_family(w->state) == TRUSTX_FAMILY_M ? "M" : "X",
			probe_is_busy(w->state) ? ", busy" : "");
}

/* ---- link and application ---- */

static bool works(struct walk *w, const struct trustx_options *opt)
{
	struct trustx se;
	const enum trustx_err err = trustx_open(&se, &w->bus, opt);

	trustx_close(&se);
	return err == TRUSTX_OK;
}

static bool is_busy_still(struct walk *w)
{
	uint32_t state;

	return probe_state(&state, &w->bus) == TRUSTX_OK && probe_is_optiga(state) &&
	       probe_is_busy(state);
}

/* Another clock helps only where it can be chosen. */
static bool has_clock(const struct walk *w)
{
	return w->bus.ops->set_speed != NULL;
}

/* The same whatever was being done: negotiation, frames, objects. */
static void explain_link(struct walk *w, enum trustx_err err, const char *cause)
{
	char text[160];

	snprintf(text, sizeof(text), "%s", trustx_error_text(&w->se));
	if (is_bus_error(w, err))
		return;
	if (is_busy_still(w))
		walk_found(w, "chip-busy", "it was reset, and still says so");
	else if (has_clock(w) && device_speed(&w->bus) > FM_HZ && works(w, &in_fast_mode))
		walk_found(w, "speed-above-400", "%s; at 400 kHz it works", text);
	else if (has_clock(w) && works(w, &slowly))
		walk_found(w, "speed-too-high", "%s; at 100 kHz it works", text);
	else
		walk_found(w, cause, "%s", text);
}

static void negotiated(struct walk *w)
{
	struct trustx_link link;

	trustx_link(&w->se, &link);
	walk_ok(w, "frames of %u bytes, %u kHz", link.frame_size, (unsigned)(link.speed_hz / 1000));
}

/* Both layers come with one call; its detail tells which of them failed. */
void walk_negotiation(struct walk *w)
{
	const struct trustx_options as_usual = { .timeout_ms = TIMEOUT_MS,
		.speed_hz = device_speed(&w->bus) };
	enum trustx_err err = trustx_open(&w->se, &w->bus, &as_usual);
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	if (err != TRUSTX_OK && detail.layer <= TRUSTX_LAYER_PHYSICAL)
		explain_link(w, err, "negotiation-failed");
	else
		negotiated(w);
}

static void refused(struct walk *w, const char *cause, const struct trustx_error *detail)
{
	walk_found(w, cause, "%s (0x%02X)", trustx_chip_code_text(detail->chip_code),
		detail->chip_code);
	w->d->chip_code = detail->chip_code;
}

void walk_application(struct walk *w)
{
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	if (detail.err == TRUSTX_OK)
		walk_ok(w, "open");
	else if (detail.err == TRUSTX_ERR_CHIP && detail.chip_code == CODE_CLOSED)
		walk_found(w, "application-refused",
			"and, being closed, gives no reason (0x%02X); one at the end of its life "
			"cycle does this",
			detail.chip_code);
	else if (detail.err == TRUSTX_ERR_CHIP)
		refused(w, "application-refused", &detail);
	else
		explain_link(w, detail.err, "link-broken");
}

/* A read that fails after the application was opened. */
static void explain_read(struct walk *w, enum trustx_err err)
{
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	if (err == TRUSTX_ERR_CHIP)
		refused(w, "application-refused", &detail);
	else
		explain_link(w, err, "link-broken");
}

void walk_uid(struct walk *w)
{
	struct doctor *d = w->d;
	char text[2 * TRUSTX_UID_LEN + 1];
	enum trustx_err err;

	if ((err = trustx_read_uid(&w->se, d->uid)) != TRUSTX_OK) {
		explain_read(w, err);
		return;
	}
	d->has_uid = true;
	for (size_t i = 0; i < TRUSTX_UID_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", d->uid[i]);
	walk_ok(w, "%s, firmware %04x", text, trustx_uid_build(d->uid));
}

static enum trustx_err read_byte(struct walk *w, uint8_t *value, uint16_t oid)
{
	size_t len = 1;
	enum trustx_err err = trustx_read(&w->se, value, &len, oid, 0);

	return err == TRUSTX_OK && len != 1 ? TRUSTX_ERR_PROTOCOL : err;
}

void walk_life_cycle(struct walk *w)
{
	uint8_t chip, application;
	enum trustx_err err;

	if ((err = read_byte(w, &chip, TRUSTX_OID_LCSG)) != TRUSTX_OK ||
		(err = read_byte(w, &application, TRUSTX_OID_LCSA)) != TRUSTX_OK)
		explain_read(w, err);
	else if (chip == TRUSTX_LCS_TERMINATION)
		walk_found(w, "life-cycle-terminated", "0xE0C0 says termination");
	else
		walk_ok(w, "chip %s, application %s", device_lcs_text(chip),
			device_lcs_text(application));
}

/* ---- long frames, both ways ---- */

static enum trustx_err in_long_frames(struct walk *w)
{
	static const uint8_t zeros[LONG_INPUT];
	const struct trustx_hash hash = {
		.step = TRUSTX_HASH_WHOLE, .data = zeros, .len = sizeof(zeros)
	};
	uint8_t digest[TRUSTX_HASH_LEN], certificate[1024];
	size_t len = sizeof(digest);
	enum trustx_err err = trustx_hash(&w->se, digest, &len, &hash);

	if (err != TRUSTX_OK && err != TRUSTX_ERR_CHIP)
		return err;
	len = sizeof(certificate);
	return trustx_read(&w->se, certificate, &len, TRUSTX_OID_CERT_0, 0);
}

static bool works_in_short_frames(struct walk *w)
{
	enum trustx_err err;

	trustx_close(&w->se);
	err = trustx_open(&w->se, &w->bus, &in_short_frames);
	if (err == TRUSTX_OK)
		err = in_long_frames(w);
	return err == TRUSTX_OK || err == TRUSTX_ERR_CHIP;
}

void walk_frames(struct walk *w)
{
	enum trustx_err err = in_long_frames(w);
	struct trustx_link link;
	char text[160];

	trustx_link(&w->se, &link);
	/* What the chip refuses has got there, and the refusal has come back. */
	if (err == TRUSTX_OK || err == TRUSTX_ERR_CHIP) {
		walk_ok(w, "%u bytes in one frame, both ways", link.frame_size);
		return;
	}
	snprintf(text, sizeof(text), "%s", trustx_error_text(&w->se));
	if (link.frame_size > SHORT_FRAME && works_in_short_frames(w))
		walk_found(w, "frame-limit", "%s in frames of %u bytes; in frames of %u it works",
			text, link.frame_size, SHORT_FRAME);
	else
		explain_link(w, err, "link-broken");
}

/* Delays end at 127, and each step down takes five seconds: DSX 8, "Security Monitor". */
void walk_sec(struct walk *w)
{
	uint32_t delay_ms;
	uint8_t sec;
	enum trustx_err err;

	if ((err = read_byte(w, &sec, TRUSTX_OID_SEC)) != TRUSTX_OK) {
		explain_read(w, err);
		return;
	}
	delay_ms = device_delay_ms(sec);
	if (delay_ms > 0)
		walk_found(w, "throttled",
			"security event counter at %u of 255: up to %u.%u s for each use; %u "
			"seconds until there is no delay",
			sec, (unsigned)(delay_ms / 1000), (unsigned)(delay_ms / 100 % 10),
			(sec - 127u) * 5);
	else
		walk_ok(w, "security event counter at %u of 255, no delay", sec);
}
