/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "interrupt.h"
#include "slot.h"
#include "words.h"

#include <openssl/x509.h>

#include <stdio.h>
#include <string.h>

struct info {
	struct trustx_link link;
	uint8_t lcsg, lcsa, sec;
	uint32_t delay_ms;
};

static enum trustx_err read_bytes(struct tool *t, uint8_t *data, size_t want, uint16_t oid)
{
	size_t len = want;
	enum trustx_err err = trustx_read(&t->dev.se, data, &len, oid, 0);

	if (err == TRUSTX_OK && len != want)
		err = TRUSTX_ERR_PROTOCOL;
	return err == TRUSTX_OK ? err : device_fail(&t->dev, err, &t->fail, NULL);
}

static enum trustx_err read_info(struct tool *t, struct info *info)
{
	uint8_t size[2];
	enum trustx_err err;

	trustx_link(&t->dev.se, &info->link);
	/* The handle asks for it only when it needs it. */
	if ((err = read_bytes(t, size, sizeof(size), TRUSTX_OID_APDU_SIZE)) != TRUSTX_OK)
		return err;
	info->link.apdu_size = (uint16_t)(size[0] << 8 | size[1]);
	if ((err = read_bytes(t, &info->lcsg, 1, TRUSTX_OID_LCSG)) != TRUSTX_OK ||
		(err = read_bytes(t, &info->lcsa, 1, TRUSTX_OID_LCSA)) != TRUSTX_OK)
		return err;
	return device_throttle(&t->dev, &info->sec, &info->delay_ms, &t->fail);
}

static void print_security(struct tool *t, const struct info *info)
{
	struct out *o = &t->out;
	char text[160] = "no delay";

	if (info->delay_ms > 0)
		snprintf(text, sizeof(text), "key use is delayed by up to %u.%u s",
			(unsigned)(info->delay_ms / 1000), (unsigned)(info->delay_ms / 100 % 10));
	else if (info->sec >= 112)
		snprintf(text, sizeof(text), "no delay yet, it begins at 128");
	out_num(o, "sec", NULL, info->sec);
	out_num(o, "key_delay_ms", NULL, info->delay_ms);
	out_line(o, "%-16ssecurity event counter at %u of 255, %s", "Throttling:", info->sec, text);
	if (info->delay_ms > 0 && strncmp(t->globals.device, "sim:", 4) == 0)
		out_line(o, "%-16strustx sim rest FILE SECONDS lets it recover", "");
}

static void print_chip(struct tool *t, const struct info *info)
{
	struct out *o = &t->out;
	uint16_t build = trustx_uid_build(t->dev.uid);
	bool is_m = trustx_family(&t->dev.se) == TRUSTX_FAMILY_M;
	char text[96];

	out_line(o, "%-16sOPTIGA Trust %s", "Chip:", is_m ? "M" : "X");
	out_str(o, "family", NULL, is_m ? "trust-m" : "trust-x");
	out_str(o, "uid", "UID:", t->dev.uid_hex);
	out_str(o, "serial", "Serial:", t->dev.serial_hex);
	snprintf(text, sizeof(text), "%04x", build);
	out_str(o, "firmware_build", "Firmware:", text);
	out_line(o, "%-16sframes of %u bytes, %u kHz, commands of %u bytes",
		"Link:", info->link.frame_size, (unsigned)(info->link.speed_hz / 1000),
		info->link.apdu_size);
	out_object(o, "link");
	out_num(o, "frame_size", NULL, info->link.frame_size);
	out_num(o, "speed_hz", NULL, info->link.speed_hz);
	out_num(o, "apdu_size", NULL, info->link.apdu_size);
	out_end(o);
	out_line(o, "%-16schip %s, application %s", "Life cycle:", words_lcs_text(info->lcsg),
		words_lcs_text(info->lcsa));
	out_object(o, "life_cycle");
	out_str(o, "chip", NULL, words_lcs_text(info->lcsg));
	out_str(o, "application", NULL, words_lcs_text(info->lcsa));
	out_end(o);
	print_security(t, info);
}

static void print_key(struct out *o, const struct slot_state *s)
{
	char usage[WORDS_USAGE_MAX];
	uint8_t bits = s->usage;
	const char *name;

	if (!s->has_key) {
		out_null(o, "key");
		return;
	}
	words_usage_text(usage, s->usage);
	out_line(o, "%-16skey %s for %s", "", words_curve_text(s->curve), usage);
	out_object(o, "key");
	out_str(o, "curve", NULL, words_curve_name(s->curve));
	out_array(o, "usage");
	while ((name = words_usage_next(&bits)) != NULL)
		out_str(o, NULL, NULL, name);
	out_end(o);
	out_end(o);
}

static enum trustx_err print_certificate(struct tool *t, const struct slot_state *s)
{
	struct out *o = &t->out;
	struct blob name;
	enum trustx_err err = TRUSTX_OK;

	if (s->certs == NULL) {
		out_null(o, "certificate");
		if (s->problem[0] != '\0')
			out_line(o, "%-16s%s", "", s->problem);
		return TRUSTX_OK;
	}
	blob_init(&name, 8192);
	err = name_print(&name, X509_get_subject_name(sk_X509_value(s->certs, 0)), ",");
	out_line(o, "%-16scertificate %s (%s)", "",
		name.len > 0 ? blob_text(&name) : "without a subject",
		words_format_text(s->format));
	out_object(o, "certificate");
	out_str(o, "subject", NULL, blob_text(&name));
	out_str(o, "format", NULL, words_format_text(s->format));
	out_end(o);
	blob_free(&name);
	return err;
}

static enum trustx_err print_slot(struct tool *t, const struct slot_state *s)
{
	struct out *o = &t->out;
	enum trustx_err err;

	out_line(o, "Slot %u          %s%s", s->slot.number, slot_verdict_text(s->verdict),
		s->key_locked && s->cert_locked ? ", locked" : "");
	out_object(o, NULL);
	out_num(o, "slot", NULL, s->slot.number);
	out_oid(o, "key_oid", s->slot.key);
	out_oid(o, "certificate_oid", s->slot.cert);
	out_str(o, "state", NULL, slot_verdict_name(s->verdict));
	out_bool(o, "key_locked", s->key_locked);
	out_bool(o, "certificate_locked", s->cert_locked);
	out_line(o, "%-16skey 0x%04X%s, certificate 0x%04X%s", "", s->slot.key,
		s->key_locked ? " (locked)" : "", s->slot.cert, s->cert_locked ? " (locked)" : "");
	print_key(o, s);
	if ((err = print_certificate(t, s)) != TRUSTX_OK)
		return err;
	out_bool(o, "can_personalize", s->can_personalize);
	if (s->can_personalize) {
		out_line(o, "%-16scan be personalized", "");
		out_null(o, "obstacle");
	} else {
		out_line(o, "%-16scannot be personalized: %s", "", s->obstacle);
		out_str(o, "obstacle", NULL, s->obstacle);
	}
	out_end(o);
	return TRUSTX_OK;
}

/* A throttled chip would take up to 5 s for each proof: then the certificates are not tested. */
static enum trustx_err inspect_slot(struct tool *t, const struct info *info, uint8_t number)
{
	struct slot slot = slot_number(number);
	struct slot_state state;
	enum trustx_err err;

	memset(&state, 0, sizeof(state));
	progress_show(&t->progress, "slot %u of %u", number, SLOT_COUNT);
	if ((err = slot_inspect(&state, &t->dev, &slot, info->delay_ms == 0, &t->fail)) ==
		TRUSTX_OK)
		err = print_slot(t, &state);
	slot_state_free(&state);
	return err == TRUSTX_OK ? interrupt_check(&t->fail) : err;
}

static enum trustx_err run_info(struct tool *t, const void *values)
{
	struct info info;
	enum trustx_err err;

	(void)values;
	if ((err = tool_open(t, NULL)) != TRUSTX_OK)
		return err;
	if ((err = read_info(t, &info)) != TRUSTX_OK)
		return err;
	print_chip(t, &info);
	out_array(&t->out, "slots");
	for (uint8_t n = 0; n < SLOT_COUNT; n++)
		if ((err = inspect_slot(t, &info, n)) != TRUSTX_OK)
			return err;
	out_end(&t->out);
	return TRUSTX_OK;
}

const struct cmd cmd_info = {
	.noun = "info",
	.help = "Say which chip this is, how it is reached and what is in its slots.",
	.flags = CMD_CHIP | CMD_KEY_USE,
	.run = run_info,
};
