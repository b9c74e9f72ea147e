/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "follow.h"

#include <string.h>

#define REG_SOFT_RESET 0x88u
#define CHAIN_SINGLE   0u
#define CHAIN_FIRST    1u
#define CHAIN_LAST     4u
#define SCTR_PLAIN     0x20u /* IFX203 6: record exchange, neither direction protected */
#define NR_AT_RESET    3u    /* IFX165 3.4 */

static void forget_apdu(struct follow_side *side)
{
	side->open = false;
	side->start = 0;
	side->apdu.len = 0;
	side->apdu.whole = false;
	side->apdu.headed = false;
}

static void restart(struct follow *f, bool known)
{
	struct follow_side *const sides[] = { &f->host, &f->chip };

	for (size_t i = 0; i < 2; i++) {
		forget_apdu(sides[i]);
		sides[i]->nr = NR_AT_RESET;
		sides[i]->known = known;
	}
	f->answered = false;
}

void follow_init(struct follow *f)
{
	memset(f, 0, sizeof(*f));
	restart(f, false);
}

static bool is_repeat(const struct follow_side *side, const struct frame *frame,
	const uint8_t *payload, size_t len)
{
	return side->known && frame->nr == side->nr && side->apdu.len > side->start &&
	       len == side->apdu.len - side->start &&
	       memcmp(side->apdu.data + side->start, payload, len) == 0;
}

static enum follow_place append(
	struct follow_side *side, const struct frame *frame, const uint8_t *payload, size_t len)
{
	struct apdu *apdu = &side->apdu;
	unsigned chain = frame->packet[0] & PCTR_CHAIN;

	if (len > sizeof(apdu->data) - apdu->len) {
		forget_apdu(side);
		return PLACE_STRAY;
	}
	side->known = true;
	side->nr = frame->nr;
	side->start = apdu->len;
	memcpy(apdu->data + apdu->len, payload, len);
	apdu->len += len;
	side->open = chain != CHAIN_SINGLE && chain != CHAIN_LAST;
	apdu->whole = !side->open;
	return PLACE_NEW;
}

/* Does a first packet of the chip answer the command that the host sent last? */
static bool is_answer(const struct follow *f, const struct frame *frame)
{
	return f->host.apdu.whole && !f->answered && frame->acknr == f->host.nr;
}

static enum follow_place place_payload(struct follow *f, const struct follow_step *step)
{
	struct follow_side *side = step->from_chip ? &f->chip : &f->host;
	const struct frame *frame = &step->frame;
	unsigned chain = frame->packet[0] & PCTR_CHAIN;
	const uint8_t *payload = frame->packet + 1;
	size_t len = frame->len - 1;

	if (is_repeat(side, frame, payload, len))
		return PLACE_REPEAT;
	if (chain != CHAIN_SINGLE && chain != CHAIN_FIRST) {
		if (!side->open || frame->nr != ((side->nr + 1) & 3))
			return PLACE_STRAY;
		return append(side, frame, payload, len);
	}
	if (step->from_chip && !is_answer(f, frame))
		return PLACE_STRAY;
	if (!step->from_chip) {
		forget_apdu(&f->chip);
		f->answered = false;
	}
	forget_apdu(side);
	side->apdu.headed = (frame->packet[0] & PCTR_HEADED) != 0;
	return append(side, frame, payload, len);
}

static void follow_data(struct follow *f, struct follow_step *step)
{
	struct follow_side *side = step->from_chip ? &f->chip : &f->host;

	if ((step->frame.packet[0] & PCTR_CHAIN) == PCTR_ERROR) {
		/* The other side is asked to send its APDU again, from the start. */
		forget_apdu(step->from_chip ? &f->host : &f->chip);
		forget_apdu(side);
		side->nr = step->frame.nr;
		side->known = true;
		f->answered = false;
		return;
	}
	step->place = place_payload(f, step);
	if (step->place == PLACE_STRAY)
		return;
	step->apdu = &side->apdu;
	step->apdu_at = side->start;
	step->complete = step->place == PLACE_NEW && side->apdu.whole;
	if (step->complete && step->from_chip)
		f->answered = true;
}

static void follow_frame(struct follow *f, struct follow_step *step)
{
	step->payload_at = FRAME_HEAD + 1;
	if (!frame_decode(&step->frame, step->data, step->len))
		step->place = PLACE_STRAY;
	else if (!step->frame.control)
		follow_data(f, step);
	else if (step->frame.seq == FRAME_RESYNC)
		restart(f, true);
}

static void follow_write(
	struct follow *f, struct follow_step *step, const struct tracefile_record *rec)
{
	f->pointed = true;
	f->pointer = rec->data[0];
	step->reg = rec->data[0];
	step->data = rec->data + 1;
	step->len = rec->len - 1;
	if (step->len == 0) {
		step->kind = FOLLOW_SELECT;
		return;
	}
	step->kind = step->reg == REG_DATA ? FOLLOW_FRAME : FOLLOW_REGISTER;
	if (step->kind == FOLLOW_FRAME)
		follow_frame(f, step);
	else if (step->reg == REG_SOFT_RESET)
		restart(f, true);
}

static void follow_read(
	struct follow *f, struct follow_step *step, const struct tracefile_record *rec)
{
	step->from_chip = true;
	step->reg = f->pointer;
	step->len = rec->len;
	if (!f->pointed)
		step->kind = FOLLOW_LOST;
	else
		step->kind = f->pointer == REG_DATA ? FOLLOW_FRAME : FOLLOW_REGISTER;
	if (step->failed)
		return;
	step->data = rec->data;
	if (step->kind == FOLLOW_FRAME)
		follow_frame(f, step);
}

/* Says where the bytes would have belonged, and leaves everything as it was. */
static void follow_attempt(
	struct follow *f, struct follow_step *step, const struct tracefile_record *rec)
{
	struct follow after = *f;

	follow_write(&after, step, rec);
	step->complete = false;
	f->attempt = after.host;
	if (step->apdu != NULL)
		step->apdu = &f->attempt.apdu;
}

void follow_record(struct follow *f, struct follow_step *step, const struct tracefile_record *rec)
{
	memset(step, 0, sizeof(*step));
	step->failed = rec->result != TRUSTX_OK;
	switch (rec->op) {
	case TRACEFILE_WRITE:
		if (step->failed)
			follow_attempt(f, step, rec);
		else
			follow_write(f, step, rec);
		break;
	case TRACEFILE_READ:
		follow_read(f, step, rec);
		break;
	default:
		step->kind = FOLLOW_LINE;
		if (!step->failed && rec->op != TRACEFILE_SPEED)
			restart(f, true);
		break;
	}
}

const uint8_t *follow_plain(const struct apdu *apdu, size_t *len)
{
	*len = apdu->len;
	if (!apdu->headed)
		return apdu->data;
	if (apdu->len == 0 || apdu->data[0] != SCTR_PLAIN)
		return NULL;
	--*len;
	return apdu->data + 1;
}
