/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "transport.h"

#include <string.h>

#include "mem.h"

enum {
	CHAIN_SINGLE = 0x00,
	CHAIN_FIRST = 0x01,
	CHAIN_MIDDLE = 0x02,
	CHAIN_LAST = 0x04,
	CHAIN_ERROR = 0x07,
	PRESENCE = 0x08, /* with all but the last: a presentation layer follows */
};

enum { PLAIN_RECORD = 0x20, FATAL_ALERT = 0x40 };

static void clear(struct transport *t)
{
	mem_wipe(t->apdu, sizeof(t->apdu));
	t->apdu_len = 0;
	t->chain_open = false;
	t->sent = 0;
	t->complain = false;
	t->alert = false;
}

void transport_reset(struct transport *t)
{
	clear(t);
	applet_reset(t->applet);
}

void transport_drop(struct transport *t)
{
	clear(t);
	applet_drop(t->applet);
}

bool transport_is_busy(const struct transport *t)
{
	return applet_is_busy(t->applet);
}

void transport_shown(struct transport *t)
{
	applet_release(t->applet);
}

/* Every packet of a chain has the presence bit, or none; a Trust X does not know it. */
static bool presence_is_legal(const struct transport *t, bool has_presentation, size_t len)
{
	if (t->chain_open)
		return has_presentation == t->has_presentation;
	return !has_presentation || (t->applet->nvm->profile->model != MODEL_TRUST_X && len >= 2);
}

/* Channel bits, too, are no packet control of this chip. */
static bool is_legal(const struct transport *t, const uint8_t *packet, size_t len, size_t full)
{
	if (!presence_is_legal(t, (packet[0] & PRESENCE) != 0, len))
		return false;
	switch (packet[0] & ~PRESENCE) {
	case CHAIN_SINGLE:
		return !t->chain_open;
	case CHAIN_FIRST:
		return !t->chain_open && len == full;
	case CHAIN_MIDDLE:
		return t->chain_open && len == full;
	case CHAIN_LAST:
		return t->chain_open && len > 1;
	default:
		return false;
	}
}

static void collect(struct transport *t, const uint8_t *data, size_t len)
{
	size_t room = t->apdu_len < APDU_MAX ? APDU_MAX - t->apdu_len : 0;

	memcpy(t->apdu + (APDU_MAX - room), data, len < room ? len : room);
	t->apdu_len += len;
}

/* A command that is too long keeps its first bytes: its length field cannot be right. */
static void run(struct transport *t, uint64_t now)
{
	size_t len = t->apdu_len < APDU_MAX ? t->apdu_len : APDU_MAX;

	if (t->apdu_len > APDU_MAX)
		len = APDU_MAX - 1;
	applet_run(t->applet, t->apdu, len, now);
	clear(t);
}

static enum transport_wish restart_answer(struct transport *t)
{
	size_t len;

	t->sent = 0;
	t->chain_open = false;
	t->apdu_len = 0;
	return applet_answer(t->applet, &len) != NULL ? TRANSPORT_REPLY : TRANSPORT_MORE;
}

/* The first packet of a message; the number of its bytes that are no command. */
static size_t begin(struct transport *t, const uint8_t *packet)
{
	t->apdu_len = 0;
	t->has_presentation = (packet[0] & PRESENCE) != 0;
	t->presentation = t->has_presentation ? packet[1] : PLAIN_RECORD;
	return t->has_presentation ? 2 : 1;
}

/* Hellos and protected records are for a shielded connection, which is not simulated. */
static enum transport_wish end(struct transport *t, uint64_t now)
{
	if (t->presentation != PLAIN_RECORD) {
		clear(t);
		t->alert = true;
		return TRANSPORT_REPLY;
	}
	run(t, now);
	return TRANSPORT_WAIT;
}

enum transport_wish transport_receive(
	struct transport *t, const uint8_t *packet, size_t len, size_t full, uint64_t now)
{
	size_t head = 1;
	uint8_t chain;

	if (packet[0] == CHAIN_ERROR)
		return restart_answer(t);
	applet_drop(t->applet);
	t->sent = 0;
	t->alert = false;
	t->complain = !is_legal(t, packet, len, full);
	if (t->complain) {
		t->apdu_len = 0;
		t->chain_open = false;
		return TRANSPORT_REPLY;
	}
	chain = packet[0] & (uint8_t)~PRESENCE;
	if (chain == CHAIN_SINGLE || chain == CHAIN_FIRST)
		head = begin(t, packet);
	collect(t, packet + head, len - head);
	t->chain_open = chain == CHAIN_FIRST || chain == CHAIN_MIDDLE;
	return t->chain_open ? TRANSPORT_MORE : end(t, now);
}

static uint8_t element(bool first, bool last)
{
	if (first)
		return last ? CHAIN_SINGLE : CHAIN_FIRST;
	return last ? CHAIN_LAST : CHAIN_MIDDLE;
}

/* Something else than an answer; 0: nothing. */
static size_t take_notice(struct transport *t, uint8_t *out)
{
	size_t len = t->complain ? 1 : t->alert ? 2 : 0;

	out[0] = t->complain ? CHAIN_ERROR : CHAIN_SINGLE | PRESENCE;
	if (t->alert)
		out[1] = FATAL_ALERT;
	t->complain = t->alert = false;
	return len;
}

size_t transport_take(struct transport *t, uint8_t *out, size_t full)
{
	size_t len, n, head = take_notice(t, out);
	const uint8_t *answer;

	if (head > 0)
		return head;
	if ((answer = applet_answer(t->applet, &len)) == NULL || t->sent == len)
		return 0;
	head = t->has_presentation && t->sent == 0 ? 2 : 1;
	n = len - t->sent < full - head ? len - t->sent : full - head;
	out[0] = element(t->sent == 0, t->sent + n == len);
	if (t->has_presentation)
		out[0] |= PRESENCE;
	out[1] = PLAIN_RECORD; /* overwritten where there is no presentation layer */
	memcpy(out + head, answer + t->sent, n);
	t->sent += n;
	return head + n;
}
