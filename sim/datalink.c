/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "datalink.h"

#include <string.h>

#include "buf.h"

enum {
	CONTROL_ACK = 0x80,
	CONTROL_NAK = 0xA0,
	CONTROL_RESYNC = 0xC0,
	CONTROL = 0x80,
	DATA_NAK = 0x20,
	DATA_UNUSED = 0x50, /* bits that no data frame sets */
};

#define LAST_NUMBER 3 /* both counters after a reset: the next frame is number 0 */
#define REPEATS	    3

static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint16_t crc = 0;

	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1);
	}
	return crc;
}

static uint8_t after(uint8_t nr)
{
	return (nr + 1) & 3;
}

static void forget_frame(struct datalink *l)
{
	l->packet_len = 0;
	l->on_offer = false;
	l->resend_at = NEVER;
}

static void restart_numbers(struct datalink *l)
{
	l->sent_nr = l->received_nr = LAST_NUMBER;
	l->control = 0;
	l->ack_at = NEVER;
	forget_frame(l);
}

void datalink_reset(struct datalink *l)
{
	transport_reset(l->transport);
	restart_numbers(l);
	l->frame_max = DATALINK_FRAME_MAX;
	memset(l->packet, 0, sizeof(l->packet));
}

static size_t full_packet(const struct datalink *l)
{
	return l->frame_max - DATALINK_OVERHEAD;
}

static void acknowledge(struct datalink *l)
{
	l->control = CONTROL_ACK | l->received_nr;
	l->ack_at = NEVER;
}

static void reject(struct datalink *l)
{
	l->control = CONTROL_NAK | after(l->received_nr);
}

/* Put the next packet on offer as soon as the last one is acknowledged. */
static void pump(struct datalink *l)
{
	size_t len;

	if (l->packet_len > 0)
		return;
	if ((len = transport_take(l->transport, l->packet, full_packet(l))) == 0)
		return;
	l->packet_len = len;
	l->sent_nr = after(l->sent_nr);
	l->on_offer = true;
	l->repeats = 0;
	l->ack_at = NEVER;
}

static void resync(struct datalink *l)
{
	restart_numbers(l);
	transport_drop(l->transport);
	transport_shown(l->transport);
}

static void receive_control(struct datalink *l, const uint8_t *frame, size_t len)
{
	uint8_t nr = frame[0] & 3;

	if (len != DATALINK_OVERHEAD || frame[1] != 0 || frame[2] != 0)
		return;
	if (checksum(frame, 3) != (frame[3] << 8 | frame[4])) {
		reject(l);
		return;
	}
	if (frame[0] == CONTROL_RESYNC) {
		resync(l);
	} else if (frame[0] == (CONTROL_ACK | nr) && nr == l->sent_nr && l->packet_len > 0) {
		forget_frame(l);
		pump(l);
	} else if (frame[0] == (CONTROL_NAK | nr) && nr == l->sent_nr && l->packet_len > 0) {
		l->on_offer = true;
		l->resend_at = NEVER;
	}
}

static bool is_sound(const uint8_t *frame, size_t len)
{
	return len > DATALINK_OVERHEAD && (frame[0] & DATA_UNUSED) == 0 &&
	       (size_t)(frame[1] << 8 | frame[2]) == len - DATALINK_OVERHEAD &&
	       checksum(frame, len - 2) == (frame[len - 2] << 8 | frame[len - 1]);
}

/*
 * A new command ends the wait for the old one's acknowledgement. A frame the host has not seen
 * leaves its number to the next, or the host would wait for it.
 */
static void settle(struct datalink *l, uint8_t control)
{
	bool acknowledged = (control & DATA_NAK) == 0 && (control & 3) == l->sent_nr;

	if (l->packet_len > 0 && !acknowledged)
		l->sent_nr = (l->sent_nr - 1) & 3;
	l->control = 0;
	forget_frame(l);
}

static void receive_data(struct datalink *l, const uint8_t *frame, size_t len, uint64_t now)
{
	enum transport_wish wish;

	if ((frame[0] >> 2 & 3) != after(l->received_nr)) {
		acknowledge(l);
		return;
	}
	/* There is one buffer, and the running command has it. */
	if (transport_is_busy(l->transport)) {
		reject(l);
		return;
	}
	l->received_nr = after(l->received_nr);
	settle(l, frame[0]);
	wish = transport_receive(
		l->transport, frame + 3, len - DATALINK_OVERHEAD, full_packet(l), now);
	if (wish == TRANSPORT_MORE)
		acknowledge(l);
	else if (wish == TRANSPORT_WAIT)
		l->ack_at = now + pace_timer(l->pace, l->profile->ack);
	pump(l);
}

void datalink_receive(struct datalink *l, const uint8_t *frame, size_t len, uint64_t now)
{
	bool is_control = (frame[0] & CONTROL) != 0;

	if (len > l->frame_max || (!is_control && !is_sound(frame, len)))
		reject(l);
	else if (is_control)
		receive_control(l, frame, len);
	else
		receive_data(l, frame, len, now);
}

size_t datalink_peek_len(const struct datalink *l)
{
	if (l->control != 0)
		return DATALINK_OVERHEAD;
	return l->on_offer ? l->packet_len + DATALINK_OVERHEAD : 0;
}

size_t datalink_peek(const struct datalink *l, uint8_t out[static DATALINK_FRAME_MAX])
{
	size_t packet_len = l->control != 0 ? 0 : l->packet_len;
	struct writer w;

	if (datalink_peek_len(l) == 0)
		return 0;
	writer_init(&w, out, DATALINK_FRAME_MAX);
	if (l->control != 0)
		writer_u8(&w, l->control);
	else
		writer_u8(&w, (uint8_t)(l->sent_nr << 2 | l->received_nr));
	writer_u16(&w, (uint16_t)packet_len);
	writer_bytes(&w, l->packet, packet_len);
	writer_u16(&w, checksum(out, writer_len(&w)));
	return writer_len(&w);
}

void datalink_fetched(struct datalink *l, uint64_t now)
{
	if (l->control == 0) {
		l->on_offer = false;
		l->resend_at = now + (uint64_t)l->profile->resend * NS_PER_US;
		return;
	}
	l->control = 0;
	transport_shown(l->transport);
	pump(l);
}

uint64_t datalink_due(const struct datalink *l)
{
	return l->ack_at < l->resend_at ? l->ack_at : l->resend_at;
}

static void offer_again(struct datalink *l)
{
	l->resend_at = NEVER;
	if (l->repeats++ < REPEATS) {
		l->on_offer = true;
		return;
	}
	resync(l);
	l->control = CONTROL_RESYNC;
}

void datalink_fire(struct datalink *l, uint64_t now)
{
	pump(l);
	if (l->ack_at <= now)
		acknowledge(l);
	if (l->resend_at <= now)
		offer_again(l);
}

bool datalink_is_busy(const struct datalink *l)
{
	return transport_is_busy(l->transport);
}

bool datalink_is_pending(const struct datalink *l)
{
	return datalink_is_busy(l) || datalink_peek_len(l) > 0 || l->packet_len > 0 ||
	       datalink_due(l) != NEVER;
}
