/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "decode.h"

#include "apdu.h"
#include "follow.h"
#include "register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace_decoder {
	struct follow follow;
};

const char *trace_layer_name(enum trace_layer layer)
{
	static const char *const names[] = { "bus", "register", "frame", "apdu" };

	return names[layer];
}

struct trace_decoder *trace_decoder_new(void)
{
	struct trace_decoder *d = malloc(sizeof(*d));

	if (d != NULL)
		follow_init(&d->follow);
	return d;
}

void trace_decoder_free(struct trace_decoder *d)
{
	free(d);
}

void trace_decoder_restart(struct trace_decoder *d)
{
	follow_init(&d->follow);
}

static const char *place_text(const struct follow_step *step)
{
	switch (step->place) {
	case PLACE_REPEAT:
		return ", repeated";
	case PLACE_STRAY:
		return ", belongs to nothing";
	default:
		return "";
	}
}

static const char *chain_text(uint8_t pctr)
{
	static const char *const chains[] = { "single", "first", "intermediate", "invalid chain",
		"last", "invalid chain", "invalid chain", "chaining error" };

	return chains[pctr & PCTR_CHAIN];
}

static void control_text(char *out, size_t cap, const struct frame *frame)
{
	if (frame->seq == FRAME_RESYNC)
		snprintf(out, cap, "resync");
	else
		snprintf(out, cap, "%s %u", frame->seq == FRAME_ACK ? "ACK" : "NAK", frame->acknr);
}

static void frame_text(char *out, size_t cap, const struct follow_step *step)
{
	const struct frame *frame = &step->frame;
	char what[96];

	if (!frame->shaped) {
		snprintf(out, cap, "not a frame, %zu bytes", step->len);
		return;
	}
	if (frame->control)
		control_text(what, sizeof(what), frame);
	else
		snprintf(what, sizeof(what), "data %u, %s %u, %s, %zu bytes", frame->nr,
			frame->seq == FRAME_ACK ? "ACK" : "NAK", frame->acknr,
			chain_text(frame->packet[0]), frame->len);
	snprintf(out, cap, "%s, FCS %s%s", what, frame->fcs_ok ? "ok" : "wrong",
		frame->fcs_ok ? place_text(step) : "");
}

static void line_text(char *out, size_t cap, const struct tracefile_record *rec)
{
	if (rec->op == TRACEFILE_SPEED)
		snprintf(out, cap, "speed %lu Hz", (unsigned long)rec->value);
	else if (rec->op == TRACEFILE_RESET)
		snprintf(out, cap, "reset line %s", rec->value != 0 ? "released" : "low");
	else
		snprintf(out, cap, "power %s", rec->value != 0 ? "on" : "off");
}

static void reg_text(char *out, size_t cap, const struct follow_step *step)
{
	const char *name = register_name(step->reg);
	char number[8];

	snprintf(number, sizeof(number), "0x%02X", step->reg);
	if (step->kind == FOLLOW_SELECT)
		snprintf(out, cap, "select %s", name != NULL ? name : number);
	else if (step->data == NULL)
		snprintf(out, cap, "read %s", name != NULL ? name : number);
	else
		register_text(out, cap, step->reg, step->data, step->len);
}

static enum trace_layer describe(
	char *out, size_t cap, const struct follow_step *step, const struct tracefile_record *rec)
{
	switch (step->kind) {
	case FOLLOW_LINE:
		line_text(out, cap, rec);
		return TRACE_BUS;
	case FOLLOW_LOST:
		snprintf(out, cap, "%zu bytes of a register selected before the trace", step->len);
		return TRACE_REGISTER;
	case FOLLOW_FRAME:
		if (step->data != NULL) {
			frame_text(out, cap, step);
			return TRACE_FRAME;
		}
		break;
	default:
		break;
	}
	reg_text(out, cap, step);
	return TRACE_REGISTER;
}

static void command_line(struct trace_line *line, const struct command *cmd)
{
	line->command = cmd->name;
	line->has_oid = cmd->has_oid;
	line->oid = cmd->oid;
}

static void apdu_line(struct trace_line *line, const struct follow *f, bool from_chip)
{
	size_t cmd_len, len = 0;
	const uint8_t *cmd_data = follow_plain(&f->host.apdu, &cmd_len);
	const uint8_t *data = from_chip ? follow_plain(&f->chip.apdu, &len) : cmd_data;
	struct command cmd;
	struct answer answer;

	line->layer = TRACE_APDU;
	line->from_chip = from_chip;
	if (cmd_data == NULL || data == NULL) {
		snprintf(line->text, sizeof(line->text), "protected, %zu bytes",
			(from_chip ? &f->chip : &f->host)->apdu.len);
		return;
	}
	command_decode(&cmd, cmd_data, cmd_len);
	command_line(line, &cmd);
	line->length = cmd.got;
	if (!from_chip) {
		command_text(line->text, sizeof(line->text), &cmd);
		return;
	}
	answer_decode(&answer, data, len);
	answer_text(line->text, sizeof(line->text), &cmd, &answer);
	line->length = answer.got;
	line->status = answer.headed ? answer.status : -1;
	line->error_code = answer_error(&cmd, &answer);
}

static void init_line(struct trace_line *line)
{
	memset(line, 0, sizeof(*line));
	line->status = line->error_code = -1;
}

size_t trace_decode(struct trace_decoder *d, struct trace_line lines[static 2],
	const struct tracefile_record *rec)
{
	struct follow_step step;
	char what[TRACE_TEXT_MAX - 48];

	follow_record(&d->follow, &step, rec);
	init_line(&lines[0]);
	lines[0].layer = describe(what, sizeof(what), &step, rec);
	lines[0].from_chip = step.from_chip;
	if (!step.failed)
		snprintf(lines[0].text, sizeof(lines[0].text), "%s", what);
	else
		snprintf(lines[0].text, sizeof(lines[0].text), "%s: %s", what,
			trustx_err_text(rec->result));
	if (!step.complete)
		return 1;
	init_line(&lines[1]);
	apdu_line(&lines[1], &d->follow, step.from_chip);
	return 2;
}
